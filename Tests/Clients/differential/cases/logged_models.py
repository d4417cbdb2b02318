"""Logged models: life cycle, tags, parameters, metrics and search."""

from ..case import delete, get, patch, post

MODELS = "logged-models"
UNKNOWN = "m-0123456789abcdef0123456789abcdef"
AJAX = "/ajax-api/2.0/mlflow/logged-models"

GOOD_FILTERS = [
    "name = 'a'", "attributes.name = 'a'", "name != 'a'", "name LIKE 'A%'", "name ILIKE 'A%'", "name IN ('a', 'b')",
    "name NOT IN ('a')", "model_id = '{{a}}'", "model_type = 'agent'", "status = 'READY'", "status = 'PENDING'",
    "status != 'READY'", "source_run_id = '{{run}}'", "creation_timestamp > 0", "creation_time > 0",
    "last_updated_timestamp > 0", "creation_timestamp < 0",
    "metrics.acc > 0.5", "metrics.acc >= 0.9 AND params.p = '1'", "metrics.acc = 0.25", "metrics.acc != 0.9",
    "metrics.`acc` > 0.5", "params.p = '1'", "params.p LIKE '%'", "params.p != '1'", "tags.team = 'red'",
    "tags.`team` = 'red'", "tags.team != 'red'", "tags.team ILIKE 'R%'", "tags.team IN ('red', 'blue')",
    "name = 'a' AND tags.team = 'red'", "name = 'a' and tags.team = 'blue'", "",
]

BAD_FILTERS = [
    "nonsense", "name", "name =", "name = a", "name = 5", "nobody = 'a'", "tag.team = 'red'", "attribute.name = 'a'",
    "metric.acc > 1", "metrics.acc > 'a'", "metrics.acc LIKE '1%'", "tags.team = 5", "name > 'a'", "params.p = 1",
    "name = 'a' OR name = 'b'", "(name = 'a')", "name IS NULL", "tags.team IS NULL", "creation_timestamp = 'a'",
    "name IN ()", "name IN 'a'", "artifact_location = 'a'",
]


def create(letter: str, **fields):
    return post(f"create {letter}", MODELS, {"experiment_id": "{{exp}}", "name": letter, **fields},
                save={letter: "model.info.model_id"})


def read(name: str, letter: str):
    return get(name, f"{MODELS}/{{{{{letter}}}}}")


def search(name: str, **fields):
    fields.setdefault("experiment_ids", ["{{exp}}"])
    save = fields.pop("save", {})
    return post(name, MODELS + "/search", fields, save=save)


def ordered(*keys):
    return search(f"order by {list(keys)}", order_by=list(keys))


CASES = [
    post("create the experiment", "experiments/create", {"name": "logged models"}, save={"exp": "experiment_id"}),
    post("create the run", "runs/create", {"experiment_id": "{{exp}}", "run_name": "maker"},
         save={"run": "run.info.run_id"}),
    post("create an experiment for oddities", "experiments/create", {"name": "logged models: odd"},
         save={"oddities": "experiment_id"}),
    post("create a run for oddities", "runs/create", {"experiment_id": "{{oddities}}", "run_name": "odd"},
         save={"odd_run": "run.info.run_id"}),
    # Creating
    create("a", model_type="agent", source_run_id="{{run}}", params=[{"key": "p", "value": "1"}],
           tags=[{"key": "team", "value": "red"}]),
    create("b", params=[{"key": "p", "value": "2"}], tags=[{"key": "team", "value": "blue"}]),
    create("c"),
    read("get a", "a"),
    read("get c", "c"),
    get("get under the browser's prefix", AJAX + "/{{a}}"),
    post("create without name", MODELS, {"experiment_id": "{{exp}}"}, save={"nameless": "model.info.model_id"}),
    delete("delete the nameless one", MODELS + "/{{nameless}}"),
    post("create with a name in Unicode", MODELS, {"experiment_id": "{{exp}}", "name": "größe 数据"},
         save={"unicode": "model.info.model_id"}),
    delete("delete the one in Unicode", MODELS + "/{{unicode}}"),
    *[post(f"create with {character} in the name", MODELS, {"experiment_id": "{{exp}}", "name": f"x{character}y"})
      for character in "/:.%\"'"],
    post("create with a number as name", MODELS, {"experiment_id": "{{exp}}", "name": 5}),
    post("create without experiment", MODELS, {"name": "x"}),
    post("create in an unknown experiment", MODELS, {"experiment_id": "987654", "name": "x"}),
    post("create in an experiment that isn't a number", MODELS, {"experiment_id": "abc", "name": "x"}),
    post("create with parameters that aren't a list", MODELS, {"experiment_id": "{{exp}}", "name": "x", "params": {}}),
    post("create with the same parameter twice", MODELS, {"experiment_id": "{{oddities}}", "name": "x", "params": [
        {"key": "p", "value": "1"}, {"key": "p", "value": "2"}]}),
    post("create with a too long parameter", MODELS, {"experiment_id": "{{oddities}}", "name": "x", "params": [
        {"key": "p", "value": "v" * 6001}]}),
    post("create with a bad parameter name", MODELS, {"experiment_id": "{{oddities}}", "name": "x", "params": [
        {"key": "a&b", "value": "v"}]}),
    # Reading
    get("get an unknown one", f"{MODELS}/{UNKNOWN}"),
    get("get a strange id", f"{MODELS}/a%20b"),
    # Finishing
    patch("finish a", MODELS + "/{{a}}", {"model_id": "{{a}}", "status": "LOGGED_MODEL_READY"}),
    patch("finish b as failed", MODELS + "/{{b}}", {"model_id": "{{b}}", "status": "LOGGED_MODEL_UPLOAD_FAILED"}),
    patch("finish by number", MODELS + "/{{b}}", {"model_id": "{{b}}", "status": 2}),
    patch("finish without id in the body", MODELS + "/{{b}}", {"status": "LOGGED_MODEL_READY"}),
    patch("finish without status", MODELS + "/{{b}}", {"model_id": "{{b}}"}),
    post("create an odd one", MODELS, {"experiment_id": "{{oddities}}", "name": "odd"},
         save={"odd": "model.info.model_id"}),
    patch("finish with an unknown status", MODELS + "/{{odd}}", {"model_id": "{{odd}}", "status": "DONE"}),
    patch("finish an unknown one", f"{MODELS}/{UNKNOWN}", {"model_id": UNKNOWN, "status": "LOGGED_MODEL_READY"}),
    # Tags and parameters
    patch("set tags", MODELS + "/{{a}}/tags", {"tags": [
        {"key": "team", "value": "green"}, {"key": "größe", "value": "数据"}, {"key": "empty", "value": ""}]}),
    patch("set the same tag twice", MODELS + "/{{a}}/tags", {"tags": [
        {"key": "twice", "value": "1"}, {"key": "twice", "value": "2"}]}),
    patch("set no tags", MODELS + "/{{a}}/tags", {"tags": []}),
    patch("set tags without tags", MODELS + "/{{a}}/tags", {}),
    patch("set tags that aren't a list", MODELS + "/{{a}}/tags", {"tags": "x"}),
    patch("set tags of an unknown one", f"{MODELS}/{UNKNOWN}/tags", {"tags": [{"key": "a", "value": "b"}]}),
    delete("delete a tag", MODELS + "/{{a}}/tags/empty"),
    delete("delete it again", MODELS + "/{{a}}/tags/empty"),
    delete("delete a tag in Unicode", MODELS + "/{{a}}/tags/gr%C3%B6%C3%9Fe"),
    delete("delete a tag of an unknown one", f"{MODELS}/{UNKNOWN}/tags/a"),
    read("get a with its tags", "a"),
    patch("set team back to red", MODELS + "/{{a}}/tags", {"tags": [{"key": "team", "value": "red"}]}),
    post("log parameters", MODELS + "/{{c}}/params", {"model_id": "{{c}}", "params": [
        {"key": "q", "value": "1"}, {"key": "r", "value": ""}]}),
    post("log no parameters", MODELS + "/{{c}}/params", {"model_id": "{{c}}", "params": []}),
    post("log a parameter again", MODELS + "/{{c}}/params", {"model_id": "{{c}}", "params": [
        {"key": "q", "value": "1"}]}),
    post("log parameters without id in the body", MODELS + "/{{c}}/params", {"params": [{"key": "s", "value": "1"}]}),
    post("log parameters of an unknown one", f"{MODELS}/{UNKNOWN}/params", {"model_id": UNKNOWN, "params": [
        {"key": "q", "value": "1"}]}),
    read("get c with its parameters", "c"),
    # Metrics
    post("log a metric of a", "runs/log-metric", {"run_id": "{{run}}", "key": "acc", "value": 0.9, "timestamp": 10,
                                                  "step": 1, "model_id": "{{a}}", "dataset_name": "train",
                                                  "dataset_digest": "d1"}),
    post("log it again", "runs/log-metric", {"run_id": "{{run}}", "key": "acc", "value": 0.9, "timestamp": 10,
                                             "step": 1, "model_id": "{{a}}", "dataset_name": "train",
                                             "dataset_digest": "d1"}),
    post("log metrics of b and c in a batch", "runs/log-batch", {"run_id": "{{run}}", "metrics": [
        {"key": "acc", "value": 0.25, "timestamp": 11, "step": 2, "model_id": "{{b}}", "dataset_name": "test",
         "dataset_digest": "d2"},
        {"key": "acc", "value": 0.5, "timestamp": 12, "step": 3, "model_id": "{{c}}"},
        {"key": "loss", "value": 0.125, "timestamp": 12, "step": 3, "model_id": "{{c}}"}]}),
    post("log NaN of a model", "runs/log-metric", {
        "run_id": "{{odd_run}}", "key": "loss", "value": "NaN", "timestamp": 1, "model_id": "{{odd}}"}),
    read("get the model with NaN", "odd"),
    post("log a metric of an unknown model", "runs/log-metric", {
        "run_id": "{{odd_run}}", "key": "acc", "value": 1, "timestamp": 1, "model_id": UNKNOWN}),
    read("get a with its metric", "a"),
    read("get b with its metric", "b"),
    read("get c with its metrics", "c"),
    get("the run has the metrics too", "runs/get", {"run_id": "{{run}}"}),
    get("the run's history", "metrics/get-history", {"run_id": "{{run}}", "metric_key": "acc"}),
    # Searching
    search("all"),
    *[search(f"filter {text}", filter=text) for text in GOOD_FILTERS],
    *[search(f"filter {text}", filter=text) for text in BAD_FILTERS],
    ordered({"field_name": "name"}),
    ordered({"field_name": "name", "ascending": False}),
    ordered({"field_name": "metrics.acc"}),
    ordered({"field_name": "metrics.acc", "ascending": False}),
    ordered({"field_name": "metrics.acc", "dataset_name": "test"}),
    ordered({"field_name": "metrics.acc", "dataset_name": "test", "dataset_digest": "d2"}),
    ordered({"field_name": "creation_timestamp", "ascending": True}),
    ordered({"field_name": "creation_time", "ascending": True}),
    ordered({"field_name": "last_updated_timestamp"}),
    ordered({"field_name": "model_type"}, {"field_name": "name"}),
    ordered({"field_name": "nobody"}),
    ordered({"field_name": "params.p"}),
    ordered({"field_name": ""}),
    ordered({"ascending": True}),
    search("an order of words", order_by=["name"]),
    search("by dataset", datasets=[{"dataset_name": "train"}]),
    search("by dataset and digest", datasets=[{"dataset_name": "train", "dataset_digest": "d1"}]),
    search("by another digest", datasets=[{"dataset_name": "train", "dataset_digest": "d9"}]),
    search("by two datasets", datasets=[{"dataset_name": "train", "dataset_digest": "d1"},
                                        {"dataset_name": "test", "dataset_digest": "d2"}]),
    search("by dataset and metric", datasets=[{"dataset_name": "test", "dataset_digest": "d2"}],
           filter="metrics.acc > 0"),
    search("by a dataset without name", datasets=[{"dataset_digest": "d1"}]),
    search("first page", max_results=2, save={"page": "next_page_token"}),
    search("second page", max_results=2, page_token="{{page}}"),
    search("a page token of another search", max_results=2, page_token="{{page}}", filter="name = 'a'"),
    search("a page token of other experiments", max_results=2, page_token="{{page}}", experiment_ids=["0"]),
    search("a bad page token", page_token="nonsense!"),
    search("no results", max_results=0),
    search("fewer than none", max_results=-1),
    search("results in words", max_results="many"),
    search("of no experiment", experiment_ids=[]),
    post("without experiments", MODELS + "/search", {}),
    search("of an unknown experiment", experiment_ids=["987654"]),
    search("of an experiment that isn't a number", experiment_ids=["abc"]),
    search("of an experiment as a number", experiment_ids=[0]),
    post("search under the browser's prefix", AJAX + "/search", {"experiment_ids": ["{{exp}}"], "max_results": 1}),
    # Deleting
    delete("delete c", MODELS + "/{{c}}"),
    read("get the deleted one", "c"),
    get("get the deleted one when allowed", MODELS + "/{{c}}", {"allow_deleted": "true"}),
    get("get the deleted one when allowed, in capitals", MODELS + "/{{c}}", {"allow_deleted": "TRUE"}),
    get("get the deleted one when nonsense is allowed", MODELS + "/{{c}}", {"allow_deleted": "maybe"}),
    delete("delete the deleted one", MODELS + "/{{c}}"),
    patch("set tags of the deleted one", MODELS + "/{{c}}/tags", {"tags": [{"key": "a", "value": "b"}]}),
    patch("finish the deleted one", MODELS + "/{{c}}", {"model_id": "{{c}}", "status": "LOGGED_MODEL_READY"}),
    delete("delete an unknown one", f"{MODELS}/{UNKNOWN}"),
    search("the deleted one isn't found"),
    # Artifacts
    get("directories of an empty model", MODELS + "/{{a}}/artifacts/directories"),
    get("directories of a path that goes up", MODELS + "/{{a}}/artifacts/directories",
        {"artifact_directory_path": "../x"}),
    get("directories of an unknown one", f"{MODELS}/{UNKNOWN}/artifacts/directories"),
    get("a file without path", AJAX + "/{{a}}/artifacts/files"),
    get("a missing file", AJAX + "/{{a}}/artifacts/files", {"artifact_file_path": "none.txt"}),
    get("a file of a path that goes up", AJAX + "/{{a}}/artifacts/files", {"artifact_file_path": "../none.txt"}),
    get("a file of an unknown one", f"{AJAX}/{UNKNOWN}/artifacts/files", {"artifact_file_path": "none.txt"}),
    get("a file under the clients' prefix", MODELS + "/{{a}}/artifacts/files", {"artifact_file_path": "none.txt"}),
]
