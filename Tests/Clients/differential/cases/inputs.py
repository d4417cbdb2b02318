"""Datasets and models that a run has as inputs and outputs, and the list of an experiment's datasets."""

from ..case import get, post

INPUTS = "runs/log-inputs"
OUTPUTS = "runs/outputs"
DATASETS = "/ajax-api/2.0/mlflow/experiments/search-datasets"
UNKNOWN = "0123456789abcdef0123456789abcdef"
TRAIN = {"name": "train", "digest": "d1", "source_type": "http", "source": "{\"url\": \"http://example.com\"}"}


def dataset(name: str, digest: str, **more):
    return {"name": name, "digest": digest, "source_type": "local", "source": "s", **more}


def context(value: str):
    return {"key": "mlflow.data.context", "value": value}


def inputs(name: str, *datasets, **more):
    return post(name, INPUTS, {"run_id": "{{run}}", "datasets": list(datasets), **more})


def odd(name: str, dataset_input: dict):
    """Logs a meaningless value, to a separate run."""
    return post(name, INPUTS, {"run_id": "{{odd}}", "datasets": [dataset_input]})


def read(name: str, run: str = "run"):
    # With one of the databases, inputs are ordered by their random ids.
    return get(name, "runs/get", {"run_id": "{{" + run + "}}"},
               unordered=["run.inputs.dataset_inputs", "run.inputs.model_inputs", "run.outputs.model_outputs"])


def summaries(name: str, path: str = DATASETS, **body):
    return post(name, path, body, unordered=["dataset_summaries"])


CASES = [
    post("create the experiment", "experiments/create", {"name": "inputs"}, save={"exp": "experiment_id"}),
    post("create another experiment", "experiments/create", {"name": "inputs: other"}, save={"other": "experiment_id"}),
    post("create the run", "runs/create", {"experiment_id": "{{exp}}", "run_name": "inputs", "start_time": 1},
         save={"run": "run.info.run_id"}),
    post("create a second run", "runs/create", {"experiment_id": "{{exp}}", "run_name": "second", "start_time": 2},
         save={"second": "run.info.run_id"}),
    post("create a run elsewhere", "runs/create", {"experiment_id": "{{other}}", "run_name": "elsewhere"},
         save={"elsewhere": "run.info.run_id"}),
    post("create an experiment for oddities", "experiments/create", {"name": "inputs: odd"},
         save={"oddities": "experiment_id"}),
    post("create a run for oddities", "runs/create", {"experiment_id": "{{oddities}}", "run_name": "odd"},
         save={"odd": "run.info.run_id"}),
    # Datasets
    inputs("log a dataset", {"tags": [context("training")], "dataset": TRAIN}),
    read("get it"),
    inputs("log it again", {"tags": [context("training")], "dataset": TRAIN}),
    inputs("log it again with another context", {"tags": [context("testing")], "dataset": TRAIN}),
    read("it is there once, as it was first"),
    inputs("log two with everything",
           {"tags": [context("eval"), {"key": "size", "value": "big"}],
            "dataset": dataset("full", "d2", schema="{\"a\": 1}", profile="{\"rows\": 5}")},
           {"dataset": dataset("größe 数据", "d3")}),
    inputs("log the same twice in one request", {"dataset": dataset("twice", "d4", source="first")},
           {"dataset": dataset("twice", "d4", source="second")}),
    read("get all"),
    post("log to the second run", INPUTS, {"run_id": "{{second}}", "datasets": [
        {"tags": [context("testing")], "dataset": {**TRAIN, "source": "changed"}}]}),
    read("the second run sees the first source", "second"),
    post("log to the run elsewhere", INPUTS, {"run_id": "{{elsewhere}}", "datasets": [{"dataset": TRAIN}]}),
    inputs("log nothing"),
    post("log without datasets", INPUTS, {"run_id": "{{run}}"}),
    odd("log without dataset", {"tags": [context("x")]}),
    odd("log without name", {"dataset": {"digest": "d", "source_type": "s", "source": "s"}}),
    odd("log with an empty name", {"dataset": dataset("", "d9")}),
    odd("log without digest", {"dataset": {"name": "n", "source_type": "s", "source": "s"}}),
    odd("log without source type", {"dataset": {"name": "n", "digest": "d", "source": "s"}}),
    odd("log without source", {"dataset": {"name": "n", "digest": "d", "source_type": "s"}}),
    inputs("log a too long name", {"dataset": dataset("n" * 501, "d")}),
    inputs("log the longest name", {"dataset": dataset("n" * 500, "d")}),
    inputs("log a too long digest", {"dataset": dataset("n", "d" * 37)}),
    inputs("log a too long source", {"dataset": dataset("n", "d", source="s" * 65536)}),
    inputs("log a too long tag key", {"tags": [{"key": "k" * 256, "value": "v"}], "dataset": dataset("n", "d")}),
    inputs("log a too long tag value", {"tags": [{"key": "k", "value": "v" * 501}], "dataset": dataset("n", "d")}),
    odd("log a tag without key", {"tags": [{"value": "v"}], "dataset": dataset("n", "d")}),
    inputs("log a tag without value", {"tags": [{"key": "k"}], "dataset": dataset("tag without value", "d")}),
    odd("log the same tag twice", {"tags": [context("a"), context("b")], "dataset": dataset("tag twice", "d")}),
    odd("log a number as name", {"dataset": {
        "name": 5, "digest": "d", "source_type": "s", "source": "s"}}),
    post("log datasets that aren't a list", INPUTS, {"run_id": "{{run}}", "datasets": "x"}),
    post("log without run", INPUTS, {"datasets": []}),
    post("log of an unknown run", INPUTS, {"run_id": UNKNOWN, "datasets": []}),
    post("log of a run id with bad characters", INPUTS, {"run_id": "a b", "datasets": []}),
    read("get all that was accepted"),
    # Models
    post("create a model", "logged-models", {"experiment_id": "{{exp}}", "name": "used"},
         save={"model": "model.info.model_id"}),
    post("create another model", "logged-models", {"experiment_id": "{{exp}}", "name": "made"},
         save={"made": "model.info.model_id"}),
    post("log a model as input", INPUTS, {"run_id": "{{run}}", "models": [{"model_id": "{{model}}"}]}),
    post("log an unknown model as input", INPUTS, {"run_id": "{{second}}", "models": [{"model_id": "m-unknown"}]}),
    post("log a model as output", OUTPUTS, {"run_id": "{{run}}", "models": [{"model_id": "{{made}}", "step": 3}]}),
    post("log a model as output without step", OUTPUTS, {"run_id": "{{second}}", "models": [
        {"model_id": "{{made}}"}]}),
    read("get inputs and outputs"),
    read("get inputs and outputs of the second run", "second"),
    post("search shows inputs and outputs", "runs/search", {"experiment_ids": ["{{exp}}"]}, unordered=[
        "runs.inputs.dataset_inputs", "runs.inputs.model_inputs", "runs.outputs.model_outputs"]),
    post("log no outputs", OUTPUTS, {"run_id": "{{run}}", "models": []}),
    post("log outputs without models", OUTPUTS, {"run_id": "{{run}}"}),
    post("log outputs that aren't a list", OUTPUTS, {"run_id": "{{run}}", "models": {"model_id": "x"}}),
    post("log outputs without run", OUTPUTS, {"models": []}),
    post("log outputs of an unknown run", OUTPUTS, {"run_id": UNKNOWN, "models": [{"model_id": "x", "step": 0}]}),
    # Searching runs by dataset
    *[post(f"filter {text}", "runs/search", {"experiment_ids": ["{{exp}}"], "filter": text}, unordered=[
        "runs.inputs.dataset_inputs", "runs.outputs.model_outputs"]) for text in (
        "dataset.name = 'train'", "datasets.name = 'train'", "dataset.digest = 'd2'", "dataset.context = 'testing'",
        "dataset.name LIKE 't%'", "dataset.name ILIKE 'T%'", "dataset.name IN ('full', 'nobody')",
        "dataset.name NOT IN ('train')", "dataset.name != 'train'",
        "dataset.name = 'train' AND dataset.context = 'training'", "dataset.source = 'x'", "dataset.name > 'a'",
        "dataset.name = 5")],
    # The experiment's datasets
    summaries("datasets", experiment_ids=["{{exp}}"]),
    summaries("datasets of two experiments", experiment_ids=["{{exp}}", "{{other}}"]),
    summaries("datasets of an unknown experiment", experiment_ids=["987654"]),
    summaries("datasets of no experiment", experiment_ids=[]),
    summaries("datasets without experiments"),
    summaries("datasets of too many experiments", experiment_ids=[str(i) for i in range(21)]),
    summaries("datasets of an experiment that isn't a number", experiment_ids=["abc"]),
    summaries("datasets under the clients' prefix", "/api/2.0/mlflow/experiments/search-datasets",
              experiment_ids=["{{exp}}"]),
]
