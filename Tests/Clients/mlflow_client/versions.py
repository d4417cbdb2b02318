"""Differences between the tested client versions."""

import mlflow
import pytest

VERSION = tuple(int(part) for part in mlflow.__version__.split(".")[:2])

has_async_logging = pytest.mark.skipif(VERSION < (2, 8), reason="log_metric(synchronous=) came with 2.8")
has_logged_models = pytest.mark.skipif(VERSION < (3, 0), reason="logged models came with 3.0")
has_run_artifact_models = pytest.mark.skipif(VERSION >= (3, 0), reason="since 3.0 a model isn't an artifact of its run")
has_genai_prompts = pytest.mark.skipif(VERSION < (3, 0), reason="mlflow.genai came with 3.0")
has_image_steps = pytest.mark.skipif(VERSION < (2, 11), reason="log_image(key=, step=) came with 2.11")
lists_artifacts_by_uri = pytest.mark.skipif(
    not hasattr(mlflow.artifacts, "list_artifacts"), reason="mlflow.artifacts.list_artifacts came after 2.5")


def log_sklearn_model(model, name, **options):
    """`mlflow.sklearn.log_model`, with the version's parameter for the name.

The requirements are explicit, as inferring them would import the model in another process.
    """
    options.setdefault("pip_requirements", ["scikit-learn"])
    argument = "name" if VERSION >= (3, 0) else "artifact_path"
    return mlflow.sklearn.log_model(model, **{argument: name}, **options)
