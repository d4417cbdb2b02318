"""The gateway with real clients in front of it, and behind it a fake provider that checks what it gets.

`sdk` runs in the environment of that name, `mlflow_client` in those of MLflow.
"""
