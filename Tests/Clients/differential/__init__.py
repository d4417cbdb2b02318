"""Sends the same requests to MLflow 3.17.2 and to Unladen: statuses and bodies must agree.

    MLFLOW_317_PYTHON=.../bin/python UNLADEN_BIN=.build/release pytest Tests/Clients/differential

`cases` contains the list, a module per group; `deliberate_differences` lists where Unladen differs on purpose. `session` sends the
cases, `normalize` removes what always differs, `runner` compares. `compare` does the same with servers that are already running,
for development. `conftest` documents the environment variables.
"""
