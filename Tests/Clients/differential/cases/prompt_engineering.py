"""Prompt engineering: runs created from a prompt in the UI, and the gateway proxy when no gateway is configured."""

from ..case import get, post

CREATE = "/ajax-api/2.0/mlflow/runs/create-promptlab-run"
PROXY = "/ajax-api/2.0/mlflow/gateway-proxy"
TABLE = {"run_id": "{{run}}", "path": "eval_results_table.json"}

#: As MLflow's UI sends it.
RUN = {
    "experiment_id": "{{exp}}", "run_name": "swallows", "tags": [], "prompt_template": "What is {{ thing }}?\nIn {{ lang }}: 'a' \"b\"",
    "prompt_parameters": [{"key": "thing", "value": "a swallow"}, {"key": "lang", "value": "größe"}], "model_route": "chat",
    "model_parameters": [
        {"key": "temperature", "value": 0.01}, {"key": "max_tokens", "value": 100}, {"key": "stop", "value": "[a, b]"}],
    "model_input": "What is a swallow?", "model_output": "A bird – or two.",
    "model_output_parameters": [{"key": "evaluationTime", "value": 12.5}, {"key": "totalTokens", "value": 33}],
    "mlflow_version": "2.7.1"}


def create(name: str, *without: str, **changes):
    return post(name, CREATE, {key: value for key, value in (RUN | changes).items() if key not in without})


CASES = [
    post("create the experiment", "experiments/create", {"name": "prompt engineering"}, save={"exp": "experiment_id"}),
    post("create a run", CREATE, RUN, save={"run": "run.info.run_id"}),
    get("get the run", "runs/get", {"run_id": "{{run}}"}),
    get("list its artifacts", "artifacts/list", {"run_id": "{{run}}"}),
    get("get its table", "/get-artifact", TABLE),
    get("get the model's example", "/get-artifact", {"run_id": "{{run}}", "path": "model/input_example.json"}),
    get("get the model's requirements", "/get-artifact", {"run_id": "{{run}}", "path": "model/requirements.txt"}),
    post("rewrite the table", "/ajax-api/2.0/mlflow/upload-artifact?run_uuid={{run}}&path=eval_results_table.json",
         {"columns": ["thing"], "data": [["x"], ["y"]]}),
    get("get the new table", "/get-artifact", TABLE),
    create("create a run with optional fields only",
           "run_name", "tags", "model_parameters", "model_output", "model_output_parameters"),
    create("create a run with a user and a start time", user_id="me", start_time=5),
    *[create(f"create a run without {field}", field)
      for field in ("experiment_id", "prompt_template", "prompt_parameters", "model_route", "model_input", "mlflow_version")],
    *[create(f"create a run with an empty {field}", **{field: empty})
      for field, empty in (("prompt_template", ""), ("prompt_parameters", []), ("model_route", ""), ("model_input", ""))],
    create("create a run in an unknown experiment", experiment_id="987654321"),
    create("create a run in an experiment that isn't a number", experiment_id="abc"),
    create("create a run with a tag", tags=[{"key": "a", "value": "b"}]),
    create("create a run with a bad param", model_parameters=[{"key": "bad!key", "value": 1}]),
    create("create a run with a param twice", model_parameters=[{"key": "model_route", "value": 1}]),
    create("create a run with params that aren't a list", prompt_parameters="x"),
    create("create a run with a variable twice", prompt_parameters=[{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]),
    get("list endpoints without a gateway", PROXY, {"gateway_path": "api/2.0/endpoints/"}),
    post("call an endpoint without a gateway", PROXY, {"gateway_path": "gateway/chat/invocations", "json_data": {}}),
]
