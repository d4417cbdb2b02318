"""GraphQL: the documents of MLflow's web UI, all other fields of the schema, and invalid documents."""

from __future__ import annotations

from typing import Any

from support.ui_documents import documents

from ..case import Case, get, post, put, request

PATH = "/graphql"
UNKNOWN = "0123456789abcdef0123456789abcdef"
ERROR = "apiError { code message helpUrl traceId errorDetails { field message } __typename }"
VERSION = """
fragment Version on MlflowModelVersion {
  name version creationTimestamp lastUpdatedTimestamp userId currentStage description source runId status statusMessage
  tags { key value __typename } runLink aliases modelId modelParams { name value } modelMetrics { key value }
  deploymentJobState { jobId runId currentTaskName __typename } __typename
}
"""
RUN = """
fragment Run on MlflowRunExtension {
  info { runId runUuid runName experimentId userId status startTime endTime artifactUri lifecycleStage __typename }
  data {
    metrics { key value timestamp step datasetName datasetDigest modelId runId __typename }
    params { key value __typename } tags { key value __typename } __typename
  }
  inputs {
    datasetInputs {
      tags { key value __typename } dataset { name digest sourceType source schema profile __typename } __typename
    }
    modelInputs { modelId __typename } __typename
  }
  outputs { modelOutputs { modelId step __typename } __typename }
  experiment {
    experimentId name artifactLocation lifecycleStage lastUpdateTime creationTime tags { key value __typename }
    effectiveTraceArchivalRetention workspace __typename
  }
  modelVersions { ...Version }
  __typename
}
""" + VERSION


def ask(name: str, query: str, variables: Any = None, operation: str | None = None, **more: Any) -> Case:
    body: dict[str, Any] = {"query": query}
    if variables is not None:
        body["variables"] = variables
    if operation is not None:
        body["operationName"] = operation
    return post(name, PATH, body, **more)


def field(name: str, root: str, data: dict[str, Any], selection: str, fragments: str = "", kind: str = "query") -> Case:
    """A field with its input as a variable."""
    kind_of_input = f"M{root[1:]}Input!"
    return ask(name, f"{kind} Q($data: {kind_of_input}) {{ {root}(input: $data) {{ {selection} __typename }} }} {fragments}",
               {"data": data})


def _of_the_ui() -> list[Case]:
    """Each document of the UI's build with the inputs that the UI sends."""
    inputs: dict[str, dict[str, Any]] = {
        "GetRun": {"data": {"runId": "{{run}}"}},
        "SearchRuns": {"data": {"filter": "attributes.run_id IN ('{{run}}', '{{bare}}')", "experimentIds": ["{{exp}}"]}},
        "MlflowGetExperimentQuery": {"input": {"experimentId": "{{exp}}"}},
        "GetMetricHistoryBulkInterval": {"data": {"runIds": ["{{run}}", "{{bare}}"], "metricKey": "loss"}},
    }
    return [ask(f"the UI's {name}", document, inputs.get(name), name) for name, document in sorted(documents().items())]


CASES = [
    post("create the experiment", "experiments/create", {"name": "graphql", "tags": [{"key": "team", "value": "a"}]},
         save={"exp": "experiment_id"}),
    post("create the run", "runs/create",
         {"experiment_id": "{{exp}}", "run_name": "full", "start_time": 1000, "user_id": "me"},
         save={"run": "run.info.run_id"}),
    post("create a run without anything", "runs/create", {"experiment_id": "{{exp}}", "run_name": "bare", "start_time": 2000},
         save={"bare": "run.info.run_id"}),
    post("log data", "runs/log-batch", {
        "run_id": "{{run}}",
        "metrics": [
            {"key": "loss", "value": 1.5, "timestamp": 1, "step": 0}, {"key": "loss", "value": 2.5, "timestamp": 2, "step": 1},
            {"key": "nan", "value": "NaN", "timestamp": 3, "step": 2}, {"key": "up", "value": "Infinity", "timestamp": 3, "step": 2},
            {"key": "integer", "value": 3, "timestamp": 3, "step": 9007199254740993},
        ],
        "params": [{"key": "p", "value": "q"}], "tags": [{"key": "t", "value": "é\"\n"}]}),
    post("log inputs", "runs/log-inputs", {
        "run_id": "{{run}}",
        "datasets": [{"tags": [{"key": "mlflow.data.context", "value": "train"}],
                      "dataset": {"name": "d", "digest": "dg", "source_type": "local", "source": "s", "schema": "{}"}}]}),
    post("create a logged model", "logged-models", {"experiment_id": "{{exp}}", "name": "graphql", "source_run_id": "{{run}}"},
         save={"model": "model.info.model_id"}),
    post("log an output", "runs/outputs", {"run_id": "{{run}}", "models": [{"model_id": "{{model}}", "step": 5}]}),
    post("log a model as input", "runs/log-inputs", {"run_id": "{{bare}}", "models": [{"model_id": "{{model}}"}]}),
    post("end a run", "runs/update", {"run_id": "{{bare}}", "status": "FAILED", "end_time": 5000}),
    put("upload an artifact", "/api/2.0/mlflow-artifacts/artifacts/{{exp}}/{{run}}/artifacts/sub/x.txt", "abc"),
    put("upload an empty artifact", "/api/2.0/mlflow-artifacts/artifacts/{{exp}}/{{run}}/artifacts/empty", ""),
    post("create a registered model", "registered-models/create", {"name": "graphql"}),
    post("create a version", "model-versions/create", {
        "name": "graphql", "source": "mlflow-artifacts:/{{exp}}/{{run}}/artifacts/sub", "run_id": "{{run}}",
        "description": "first", "tags": [{"key": "k", "value": "v"}]}),
    post("create another version", "model-versions/create", {
        "name": "graphql", "source": "mlflow-artifacts:/{{exp}}/{{run}}/artifacts/sub", "run_id": "{{run}}"}),

    *_of_the_ui(),

    # Runs
    field("all of a run", "mlflowGetRun", {"runId": "{{run}}"}, "run { ...Run } " + ERROR, RUN),
    field("all of a bare run", "mlflowGetRun", {"runId": "{{bare}}"}, "run { ...Run } " + ERROR, RUN),
    field("a run by its old name", "mlflowGetRun", {"runUuid": "{{run}}"}, "run { info { runName } }"),
    field("a run without id", "mlflowGetRun", {}, "run { info { runName } }"),
    field("an unknown run", "mlflowGetRun", {"runId": UNKNOWN}, "run { info { runName } } " + ERROR),
    field("all of all runs", "mlflowSearchRuns", {"experimentIds": ["{{exp}}"]}, "runs { ...Run } nextPageToken " + ERROR, RUN),
    field("a page of runs", "mlflowSearchRuns", {"experimentIds": ["{{exp}}"], "maxResults": 1},
          "runs { info { runName } } nextPageToken"),
    field("runs by a filter and in an order", "mlflowSearchRuns",
          {"experimentIds": ["0", "{{exp}}"], "filter": "params.p = 'q' and metrics.loss > 2", "orderBy": ["metrics.loss DESC"]},
          "runs { info { runName } }"),
    field("runs as a mutation", "mlflowSearchRuns", {"experimentIds": ["{{exp}}"]}, "runs { info { runName } }", kind="mutation"),
    field("runs of no experiment", "mlflowSearchRuns", {}, "runs { info { runName } }"),
    field("runs of deleted ones too", "mlflowSearchRuns", {"experimentIds": ["{{exp}}"], "runViewType": "ALL"},
          "runs { info { runName } }"),
    field("runs by a bad filter", "mlflowSearchRuns", {"experimentIds": ["{{exp}}"], "filter": "bad"}, "runs { info { runName } }"),
    field("runs of a bad experiment", "mlflowSearchRuns", {"experimentIds": ["x"]}, "runs { info { runName } }"),
    field("no runs at all", "mlflowSearchRuns", {"experimentIds": ["{{exp}}"], "maxResults": 0}, "runs { info { runName } }"),

    # Experiments, metrics, artifacts, model versions, data sets
    field("all of an experiment", "mlflowGetExperiment", {"experimentId": "{{exp}}"},
          "experiment { experimentId name artifactLocation lifecycleStage lastUpdateTime creationTime tags { key value __typename }"
          " effectiveTraceArchivalRetention workspace __typename } " + ERROR),
    field("the default experiment", "mlflowGetExperiment", {}, "experiment { name }"),
    field("an unknown experiment", "mlflowGetExperiment", {"experimentId": "99999"}, "experiment { name } " + ERROR),
    field("a bad experiment", "mlflowGetExperiment", {"experimentId": "x"}, "experiment { name }"),
    field("a metric of two runs", "mlflowGetMetricHistoryBulkInterval", {"runIds": ["{{run}}", "{{bare}}"], "metricKey": "loss"},
          "metrics { key value timestamp step runId __typename } " + ERROR),
    field("a metric within steps", "mlflowGetMetricHistoryBulkInterval",
          {"runIds": ["{{run}}"], "metricKey": "loss", "startStep": 1, "endStep": 1}, "metrics { step }"),
    field("a metric that isn't a number", "mlflowGetMetricHistoryBulkInterval", {"runIds": ["{{run}}"], "metricKey": "nan"},
          "metrics { value }"),
    field("a metric of no run", "mlflowGetMetricHistoryBulkInterval", {"metricKey": "loss"}, "metrics { value }"),
    field("no metric", "mlflowGetMetricHistoryBulkInterval", {"runIds": ["{{run}}"]}, "metrics { value }"),
    field("artifacts", "mlflowListArtifacts", {"runId": "{{run}}"},
          "rootUri nextPageToken files { path isDir fileSize __typename } " + ERROR),
    field("artifacts in a directory", "mlflowListArtifacts", {"runUuid": "{{run}}", "path": "sub"}, "files { path isDir fileSize }"),
    field("artifacts above the run", "mlflowListArtifacts", {"runId": "{{run}}", "path": "../x"}, "files { path }"),
    field("artifacts of an unknown run", "mlflowListArtifacts", {"runId": UNKNOWN}, "files { path }"),
    field("model versions", "mlflowSearchModelVersions", {"filter": "name='graphql'"},
          "modelVersions { ...Version } nextPageToken " + ERROR, VERSION),
    field("a page of model versions", "mlflowSearchModelVersions",
          {"filter": "name='graphql'", "maxResults": 1, "orderBy": ["version_number ASC"]}, "modelVersions { version } nextPageToken"),
    field("model versions by a bad filter", "mlflowSearchModelVersions", {"filter": "bad"}, "modelVersions { version }"),
    field("too many model versions", "mlflowSearchModelVersions", {"maxResults": 300000}, "modelVersions { version }"),
    field("the deployment job of a model version", "mlflowSearchModelVersions", {"filter": "name='graphql'", "maxResults": 1},
          "modelVersions { deploymentJobState { jobState runState } }"),
    field("data sets", "mlflowSearchDatasets", {"experimentIds": ["{{exp}}"]},
          "datasetSummaries { experimentId name digest context __typename } " + ERROR, kind="mutation"),
    field("data sets of no experiment", "mlflowSearchDatasets", {"experimentIds": []}, "datasetSummaries { name }", kind="mutation"),

    # The language
    ask("fields with aliases", '{ a: __typename b: mlflowGetExperiment(input: {experimentId: "0"}) { c: experiment { d: name } } }'),
    ask("a field that fails beside one that doesn't",
        '{ a: mlflowGetRun(input: {runId: "x"}) { __typename } b: mlflowGetExperiment(input: {}) { experiment { name } } }'),
    ask("fragments", """
        { mlflowGetExperiment(input: {}) { experiment { ...E tags { key } ... on MlflowExperiment { lifecycleStage } } } }
        fragment E on MlflowExperiment { name }
        """),
    ask("a variable with a default", 'query($e: String = "0") { mlflowGetExperiment(input: {experimentId: $e}) { experiment { name } } }'),
    ask("a variable that is left out", "query($e: String) { mlflowGetExperiment(input: {experimentId: $e}) { experiment { name } } }"),
    ask("one value as a list", '{ mlflowSearchRuns(input: {experimentIds: "99999"}) { runs { info { runId } } } }'),
    ask("one of two operations", "query A { a: __typename } mutation B { b: __typename }", operation="B"),
    ask("neither of two operations", "query A { a: __typename } mutation B { b: __typename }"),
    ask("an unknown operation", "query A { a: __typename }", operation="C"),
    ask("an operation without a name", "query A { a: __typename }", operation=""),
    ask("a directive of the UI", 'query @component(name: "x") { __typename }'),
    ask("include and skip", "{ a: __typename @include(if: true) b: __typename @skip(if: true) }"),
    request("GET", "a GET with a body", PATH, {"query": "{ __typename }"}),

    # Invalid documents
    *(ask(f"invalid: {query}", query) for query in (
        "{ a }", "{ mlflowGetRun(input: {runId: 1}) { run { info } } }", "mutation { deleteRun { a } }", "subscription { a }",
        '{ mlflowGetRun(input: {a: "1"}, b: 1) { run { experiment { name { c } } } } }', "{ __typename @foo }",
        '{ __typename @component(name: "x") }', "query @component { __typename }", "query($a: Int) { __typename }",
        "query Q { mlflowGetRun(input: {runId: $a}) { __typename } }", "query($a: Foo) { mlflowGetRun(input: $a) { __typename } }",
        "query($a: Int) { mlflowGetRun(input: {runId: $a}) { __typename } }", "query A { __typename } query A { __typename }",
        "query A { __typename } { __typename }", "fragment F on MlflowRunInfo { runId } { ...F ...G }",
        "fragment F on Query { ...G } fragment G on Query { ...F } { ...F }",
        '{ a: mlflowGetRun(input: {runId: "x"}) { __typename } a: mlflowGetRun(input: {runId: "y"}) { __typename } }',
    )),
    *(ask(f"a variable that is {value!r}", "query($d: MlflowSearchRunsInput!) { mlflowSearchRuns(input: $d) { __typename } }",
          {"d": value}) for value in (None, 5, {"experimentIds": ["a", 1]}, {"maxResults": 1.5}, {"maxResults": 3_000_000_000})),
    ask("a variable that isn't sent", "query($d: MlflowSearchRunsInput!) { mlflowSearchRuns(input: $d) { __typename } }", {}),
    ask("a field without input", "{ mlflowGetRun { __typename } }"),
    ask("introspection", "{ __schema { queryType { name } } }"),
    ask("MLflow's echo", '{ test(inputString: "x") { output } }'),

    # Limits
    ask("11 levels", "{ a " * 11 + "}" * 11),
    ask("1,001 fields", "{ a { " + " ".join(f"f{i}" for i in range(1000)) + " } }"),
    ask("11 root fields", "{ " + " ".join(f"a{i}" for i in range(11)) + " }"),
    ask("11 aliases", "{ a { " + " ".join(f"a{i}: b" for i in range(11)) + " } }"),

    # What isn't a GraphQL request
    ask("a syntax error", "{"),
    ask("an empty document", ""),
    post("no query", PATH, {}),
    post("a query that isn't a string", PATH, {"query": 5}),
    post("variables that aren't an object", PATH, {"query": "{ __typename }", "variables": 5}),
    post("a body that isn't JSON", PATH, body="{", headers={"Content-Type": "application/json"}),
    post("a body that isn't declared as JSON", PATH, body='{"query": "{ __typename }"}', headers={"Content-Type": "text/plain"}),
    get("a GET with the query in its URL", PATH, {"query": "{ __typename }"}),
    put("another method", PATH, "{}"),
]
