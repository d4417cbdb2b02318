"""The same requests to MLflow 3.17.2 and to Unladen: statuses and bodies must agree.

    MLFLOW_317_PYTHON=.../bin/python UNLADEN_BIN=.build/release pytest Tests/Clients/differential

`cases` holds the list, a module per group; `deliberate_differences` says where Unladen answers otherwise on purpose.
`session` sends, `normalise` takes out what differs by nature, `runner` compares. `compare` does it with servers that
run already, for who works on one of them. The environment variables are named in `conftest`.
"""
