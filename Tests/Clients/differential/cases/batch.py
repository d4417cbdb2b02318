"""Logging parameters one by one, and metrics, parameters and tags together."""

from ..case import get, post

BATCH = "runs/log-batch"
PARAM = "runs/log-parameter"
UNKNOWN = "0123456789abcdef0123456789abcdef"
METRIC = {"key": "m", "value": 1.0, "timestamp": 1, "step": 0}
ALL_KINDS = {
    "metrics": [{"key": "loss", "value": 0.5, "timestamp": 1700000000000, "step": 1},
                {"key": "loss", "value": 0.25, "timestamp": 1700000001000, "step": 2}],
    "params": [{"key": "depth", "value": "3"}, {"key": "width", "value": "4"}],
    "tags": [{"key": "colour", "value": "red"}],
}


def batch(name: str, run: str = "run", **lists):
    return post(name, BATCH, {"run_id": "{{" + run + "}}", **lists})


def read(name: str, run: str = "run"):
    return get(name, "runs/get", {"run_id": "{{" + run + "}}"})


def new_run(variable: str):
    return post(f"create run {variable}", "runs/create", {"experiment_id": "{{exp}}", "run_name": variable},
                save={variable: "run.info.run_id"})


CASES = [
    post("create the experiment", "experiments/create", {"name": "batch"}, save={"exp": "experiment_id"}),
    new_run("run"),
    # Single parameters
    post("log a parameter", PARAM, {"run_id": "{{run}}", "key": "rate", "value": "0.1"}),
    post("log it again", PARAM, {"run_id": "{{run}}", "key": "rate", "value": "0.1"}),
    post("log another value", PARAM, {"run_id": "{{run}}", "key": "rate", "value": "0.2"}),
    post("log an empty parameter", PARAM, {"run_id": "{{run}}", "key": "empty", "value": ""}),
    post("log a parameter without value", PARAM, {"run_id": "{{run}}", "key": "no value"}),
    post("log a parameter as null", PARAM, {"run_id": "{{run}}", "key": "null", "value": None}),
    post("log a parameter as a number", PARAM, {"run_id": "{{run}}", "key": "number", "value": 1}),
    post("log a parameter by run_uuid", PARAM, {"run_uuid": "{{run}}", "key": "by uuid", "value": "x"}),
    post("log a parameter in Unicode", PARAM, {"run_id": "{{run}}", "key": "größe", "value": "数据 🦜"}),
    post("log a parameter of 6000 characters", PARAM, {"run_id": "{{run}}", "key": "long", "value": "v" * 6000}),
    post("log a parameter of 6001 characters", PARAM, {"run_id": "{{run}}", "key": "too long", "value": "v" * 6001}),
    post("log the truncated one again", PARAM, {"run_id": "{{run}}", "key": "too long", "value": "v" * 6001}),
    post("log a too long key", PARAM, {"run_id": "{{run}}", "key": "k" * 251, "value": "x"}),
    post("log a bad key", PARAM, {"run_id": "{{run}}", "key": "a$", "value": "x"}),
    post("log a key that goes up", PARAM, {"run_id": "{{run}}", "key": "../x", "value": "x"}),
    post("log a parameter without key", PARAM, {"run_id": "{{run}}", "value": "x"}),
    post("log a parameter without run", PARAM, {"key": "a", "value": "x"}),
    post("log a parameter of an unknown run", PARAM, {"run_id": UNKNOWN, "key": "a", "value": "x"}),
    read("get the parameters"),
    # Batches
    batch("log a batch", **ALL_KINDS),
    batch("log the batch again", **ALL_KINDS),
    batch("log an empty batch"),
    batch("log empty lists", metrics=[], params=[], tags=[]),
    batch("log null lists", metrics=None, params=None, tags=None),
    batch("log numbers as strings", metrics=[{"key": "strings", "value": "1.5", "timestamp": "5", "step": "6"}]),
    batch("log values that aren't finite",
          metrics=[{"key": "nan", "value": "NaN", "timestamp": 1},
          {"key": "inf", "value": "Infinity", "timestamp": 1},
          {"key": "minus inf", "value": "-Infinity", "timestamp": 1}]),
    batch("log an update of a tag", tags=[{"key": "colour", "value": "blue"}, {"key": "shape", "value": "round"}]),
    batch("log the same tag twice", tags=[{"key": "twice", "value": "1"}, {"key": "twice", "value": "2"}]),
    batch("log the same metric twice", metrics=[METRIC, METRIC]),
    batch("log the run's name", tags=[{"key": "mlflow.runName", "value": "named by batch"}]),
    batch("log a tag without value", tags=[{"key": "no value"}]),
    batch("log a too long tag", tags=[{"key": "long", "value": "v" * 8001}]),
    batch("log a too long parameter", params=[{"key": "too long in batch", "value": "v" * 6001}]),
    batch("log an empty parameter in a batch", params=[{"key": "empty in batch", "value": ""}]),
    batch("log a parameter without value in a batch", params=[{"key": "no value in batch"}]),
    read("get all"),
    get("history of the metric", "metrics/get-history", {"run_id": "{{run}}", "metric_key": "loss"}),
    get("history of the same metric twice", "metrics/get-history", {"run_id": "{{run}}", "metric_key": "m"}),
    # What is rejected
    batch("change a parameter", params=[{"key": "depth", "value": "5"}]),
    batch("change two parameters", params=[{"key": "depth", "value": "5"}, {"key": "width", "value": "4"},
          {"key": "rate", "value": "9"}]),
    batch("a parameter twice with the same value",
          params=[{"key": "twice", "value": "1"}, {"key": "twice", "value": "1"}]),
    batch("a parameter twice with other values",
          params=[{"key": "twice", "value": "1"}, {"key": "twice", "value": "2"}]),
    batch("two parameters twice", params=[{"key": k, "value": "1"} for k in ("a", "b", "a", "b", "a")]),
    batch("a metric without key", metrics=[{"value": 1, "timestamp": 1}]),
    batch("a metric without value", metrics=[METRIC, {"key": "m", "timestamp": 1}]),
    batch("a metric without timestamp", metrics=[{"key": "m", "value": 1}]),
    batch("a metric with an empty key", metrics=[{"key": "", "value": 1, "timestamp": 1}]),
    batch("a metric with a bad key", metrics=[METRIC, {"key": "a&b", "value": 1, "timestamp": 1}]),
    batch("a metric with a too long key", metrics=[METRIC, {"key": "m" * 251, "value": 1, "timestamp": 1}]),
    batch("a metric at a negative time", metrics=[METRIC, {"key": "m", "value": 1.5, "timestamp": -1}]),
    batch("a single metric at a negative time", metrics=[{"key": "m", "value": 1.5, "timestamp": -1}]),
    batch("a parameter without key", params=[{"value": "x"}]),
    batch("a parameter with a bad key", params=[{"key": "a", "value": "x"}, {"key": "a&b", "value": "x"}]),
    batch("a parameter with a too long key", params=[{"key": "k" * 251, "value": "x"}]),
    batch("a tag without key", tags=[{"value": "x"}]),
    batch("a tag with a bad key", tags=[{"key": "a", "value": "x"}, {"key": "a&b", "value": "x"}]),
    batch("a tag with a too long key", tags=[{"key": "k" * 251, "value": "x"}]),
    batch("metrics that aren't a list", metrics=METRIC),
    batch("parameters that aren't a list", params="a"),
    batch("tags that aren't a list", tags=5),
    post("no run", BATCH, {"params": [{"key": "a", "value": "x"}]}),
    post("an empty run", BATCH, {"run_id": ""}),
    post("an unknown run", BATCH, {"run_id": UNKNOWN, "params": [{"key": "a", "value": "x"}]}),
    post("a run id with bad characters", BATCH, {"run_id": "a/b"}),
    post("a too long run id", BATCH, {"run_id": "r" * 257}),
    post("a run id as a number", BATCH, {"run_id": 5}),
    post("by run_uuid", BATCH, {"run_uuid": "{{run}}", "params": [{"key": "a", "value": "x"}]}),
    read("none of that was stored"),
    # Limits
    new_run("full"),
    batch("100 parameters", "full", params=[{"key": f"p{i:03}", "value": str(i)} for i in range(100)]),
    batch("101 parameters", "full", params=[{"key": f"q{i:03}", "value": str(i)} for i in range(101)]),
    batch("100 tags", "full", tags=[{"key": f"t{i:03}", "value": str(i)} for i in range(100)]),
    batch("101 tags", "full", tags=[{"key": f"u{i:03}", "value": str(i)} for i in range(101)]),
    batch("1000 metrics", "full", metrics=[{"key": f"m{i % 10}", "value": i, "timestamp": i,
          "step": i} for i in range(1000)]),
    batch("1001 metrics", "full", metrics=[{"key": "n", "value": i, "timestamp": i, "step": i} for i in range(1001)]),
    batch("1001 items", "full", metrics=[{"key": "n", "value": i, "timestamp": i, "step": i} for i in range(999)],
          params=[{"key": "n", "value": "1"}], tags=[{"key": "n", "value": "1"}]),
    batch("1000 items", "full", metrics=[{"key": "n", "value": i, "timestamp": i, "step": i} for i in range(998)],
          params=[{"key": "n", "value": "1"}], tags=[{"key": "n", "value": "1"}]),
    read("get the full one", "full"),
    # A batch is atomic
    new_run("atomic"),
    batch("log what was logged before", "atomic", params=[{"key": "a", "value": "1"}]),
    batch("a changed parameter beside new ones", "atomic",
          params=[{"key": "b", "value": "1"}, {"key": "a", "value": "2"}], metrics=[METRIC],
          tags=[{"key": "t", "value": "1"}]),
    read("nothing beside a changed parameter was stored", "atomic"),
    new_run("bad"),
    batch("good items beside a bad one", "bad", params=[{"key": "p", "value": "1"}], metrics=[METRIC],
          tags=[{"key": "ok", "value": "1"}, {"key": "a&b", "value": "x"}]),
    read("nothing beside a bad one was stored", "bad"),
    post("good items beside a metric of an unknown model", BATCH, {
        "run_id": "{{bad}}", "params": [{"key": "p", "value": "1"}], "tags": [{"key": "t", "value": "1"}],
        "metrics": [{**METRIC, "model_id": "m-" + UNKNOWN}]}),
    read("nothing beside an unknown model was stored", "bad"),
    # Items of wrong types
    new_run("types"),
    batch("a metric with a word as value", "types", metrics=[{"key": "m", "value": "much", "timestamp": 1}]),
    batch("a parameter as a number", "types", params=[{"key": "a", "value": 1}, {"key": "b", "value": "2"}]),
    batch("a tag as a number", "types", tags=[{"key": "a", "value": 1}, {"key": "b", "value": "2"}]),
    batch("a metric key as a number", "types", metrics=[{"key": 5, "value": 1, "timestamp": 1}]),
    batch("items that aren't objects", "types", params=["a"]),
    read("get what was stored of wrong types", "types"),
]
