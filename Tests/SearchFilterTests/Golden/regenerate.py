"""Writes filters.json and orders.json: MLflow's own results for the filters and order-by clauses in cases.py.

Run it with a Python that has mlflow 3.17.2:  python regenerate.py
Each case goes to MLflow's parser, for the tree, and to its SQL store, for the errors of later stages. "error" is the message of a
client error, "crash" that of an unexpected exception (status 500). Sets in messages, whose order is unspecified in Python, are sorted.
"""

import json
import pathlib
import re
import tempfile

import cases
from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException
from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore as RegistryStore
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore as TrackingStore
from mlflow.utils import search_utils
from mlflow.utils.search_logged_model_utils import parse_filter_string
from mlflow.utils.search_utils import (
    SearchEvaluationDatasetsUtils,
    SearchExperimentsUtils,
    SearchModelUtils,
    SearchModelVersionUtils,
    SearchTraceUtils,
    SearchUtils,
)

directory = tempfile.mkdtemp()
uri = f"sqlite:///{directory}/mlflow.db"
tracking = TrackingStore(uri, f"{directory}/artifacts")
registry = RegistryStore(uri)

# For each grammar: MLflow's parser, the search that runs a filter, its order-by parser, the search that runs an order.
GRAMMARS = {
    "runs": (
        SearchUtils.parse_search_filter,
        lambda f: tracking.search_runs(["0"], f, ViewType.ALL, 1),
        SearchUtils.parse_order_by_for_search_runs,
        lambda o: tracking.search_runs(["0"], "", ViewType.ALL, 1, o),
    ),
    "experiments": (
        SearchExperimentsUtils.parse_search_filter,
        lambda f: tracking.search_experiments(max_results=1, filter_string=f),
        SearchExperimentsUtils.parse_order_by_for_search_experiments,
        lambda o: tracking.search_experiments(max_results=1, order_by=o),
    ),
    "registeredModels": (
        SearchModelUtils.parse_search_filter,
        lambda f: registry.search_registered_models(f, 1),
        lambda o: ("attribute", *SearchUtils.parse_order_by_for_search_registered_models(o)),
        lambda o: registry.search_registered_models("", 1, o),
    ),
    "modelVersions": (
        SearchModelVersionUtils.parse_search_filter,
        lambda f: registry.search_model_versions(f, 1),
        SearchModelVersionUtils.parse_order_by_for_search_model_versions,
        lambda o: registry.search_model_versions("", 1, o),
    ),
    "loggedModels": (
        parse_filter_string,
        lambda f: tracking.search_logged_models(["0"], f),
        lambda o: (
            "metric" if o.startswith("metrics.") else "attribute",
            o.removeprefix("metrics."),
            True,
        ),
        lambda o: tracking.search_logged_models(["0"], order_by=[{"field_name": n} for n in o]),
    ),
    "evaluationDatasets": (
        SearchEvaluationDatasetsUtils.parse_search_filter,
        lambda f: tracking.search_datasets(filter_string=f, max_results=1),
        SearchEvaluationDatasetsUtils.parse_order_by_for_search_evaluation_datasets,
        lambda o: tracking.search_datasets(order_by=o, max_results=1),
    ),
    "traces": (
        SearchTraceUtils.parse_search_filter_for_search_traces,
        lambda f: tracking.search_traces(locations=["0"], filter_string=f, max_results=1),
        SearchTraceUtils.parse_order_by_for_search_traces,
        lambda o: tracking.search_traces(locations=["0"], order_by=o, max_results=1),
    ),
}

ALIASES = {
    "runs": dict.fromkeys(["created", "Created"], "start_time")
    | dict.fromkeys(["run name", "Run name", "Run Name"], "run_name"),
    "registeredModels": {"timestamp": "last_updated_timestamp"},
    "loggedModels": {
        "creation_time": "creation_timestamp_ms",
        "creation_timestamp": "creation_timestamp_ms",
        "last_updated_timestamp": "last_updated_timestamp_ms",
    },
}
LOGGED_ENTITIES = {"attributes": "attribute", "metrics": "metric", "params": "parameter", "tags": "tag"}
INTEGERS = {
    "modelVersions": SearchModelVersionUtils.NUMERIC_ATTRIBUTES,
    "evaluationDatasets": SearchEvaluationDatasetsUtils.NUMERIC_ATTRIBUTES,
}

SETS = {
    str(value): "{" + ", ".join(repr(x) for x in sorted(value)) + "}"
    for utils in vars(search_utils).values()
    if isinstance(utils, type)
    for value in vars(utils).values()
    if isinstance(value, set) and value and all(isinstance(x, str) for x in value)
}


def stable(message):
    """The message without the parts that differ between runs."""
    for printed, in_order in SETS.items():
        message = message.replace(printed, in_order)
    return re.sub(" at 0x[0-9a-f]+", "", message)


def canonical_key(grammar, entity, key):
    return ALIASES.get(grammar, {}).get(key, key) if entity == "attribute" else key


def comparison(grammar, parsed):
    if grammar == "loggedModels":
        entity, key, operator = LOGGED_ENTITIES[parsed.entity.type.value], parsed.entity.key, parsed.op
        value = parsed.value
    else:
        entity, key, operator = parsed["type"], parsed["key"], parsed["comparator"].upper()
        value = parsed["value"]
    if entity == "metric":
        value = float(value)
    elif entity == "attribute" and key in INTEGERS.get(grammar, ()):
        value = int(value)
    elif grammar == "experiments" and key == "experiment_id" and entity == "attribute":
        value = tuple(str(int(v)) for v in value) if isinstance(value, tuple) else str(int(value))
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        value = float(value)
    kind = {str: "string", int: "integer", float: "number", tuple: "list", type(None): "none"}[type(value)]
    if kind == "number":
        value = str(value)
    elif kind == "list":
        value = [v if isinstance(v, str) else repr(v) for v in value]
    return [entity, canonical_key(grammar, entity, key), operator, kind, value]


def outcome(search, tree):
    try:
        search()
        return tree()
    except MlflowException as e:
        is_client_error = e.error_code == "INVALID_PARAMETER_VALUE"
        return {"error" if is_client_error else "crash": stable(e.message)}
    except Exception as e:
        return {"crash": stable(f"{type(e).__name__}: {e}".splitlines()[0])}


def filter_outcome(grammar, text):
    parse, search, _, _ = GRAMMARS[grammar]
    return outcome(
        lambda: search(text),
        lambda: {"comparisons": [comparison(grammar, p) for p in parse(text)]},
    )


def order_outcome(grammar, clauses):
    _, _, parse, search = GRAMMARS[grammar]

    def tree():
        order = [parse(clause) for clause in clauses]
        return {"order": [[entity, canonical_key(grammar, entity, key), up] for entity, key, up in order]}

    return outcome(lambda: search(clauses), tree)


def main():
    here = pathlib.Path(__file__).parent
    for name, field, listed, of in [
        ("filters", "filter", cases.FILTERS, filter_outcome),
        ("orders", "clauses", cases.ORDERS, order_outcome),
    ]:
        rows = [
            json.dumps({"grammar": grammar, field: case, **of(grammar, case)}, ensure_ascii=False)
            for grammar, texts in listed.items()
            for index, case in enumerate(texts)
            if case not in texts[:index]
        ]
        (here / f"{name}.json").write_text("[\n" + ",\n".join(rows) + "\n]\n")
        print(name, len(rows))


if __name__ == "__main__":
    main()
