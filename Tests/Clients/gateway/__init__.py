"""The gateway between real clients and a fake provider that checks the requests.

`sdk` runs in the environment of that name, `mlflow_client` in MLflow's.
"""
