"""Searching runs: the filter language, orders, pages and views."""

from ..case import get, post

SEARCH = "runs/search"

#: name, start time, status, metrics, parameters, tags
RUNS = [
    ("alpha", 1000, "FINISHED", {"acc": 0.9, "loss": 0.1, "f 1": 1}, {"rate": "0.1", "kind": "Tree", "p.q": "dot"},
     {"team": "red", "a b": "x y", "colon:key": "c"}),
    ("beta", 2000, "FAILED", {"acc": 0.8, "loss": 0.3}, {"rate": "0.2", "kind": "tree"}, {"team": "blue"}),
    ("gamma", 3000, "RUNNING", {"acc": "NaN", "loss": 0.2}, {"rate": "0.10", "kind": "bush"},
     {"team": "Red", "quote": "it's \"so\""}),
    ("delta", 4000, "KILLED", {"loss": -1}, {"kind": "100%"}, {"team": "green_ish", "empty": ""}),
    ("Épsilon 数据", 5000, "SCHEDULED", {"acc": "Infinity"}, {}, {}),
]

GOOD_FILTERS = [
    "", "   ",
    # Metrics
    "metrics.acc > 0.8", "metrics.acc >= 0.8", "metrics.acc < 0.9", "metrics.acc <= 0.8", "metrics.acc = 0.9",
    "metrics.acc != 0.9", "metric.acc > 0", "metrics.`acc` > 0", 'metrics."acc" > 0', "metrics.`f 1` = 1",
    "metrics.loss = -1", "metrics.loss < 0.2", "metrics.loss = .1", "metrics.loss < 1e-1", "metrics.loss > -1.5",
    "metrics.nobody > 0", "metrics.acc > 1000000000",
    # Parameters
    "params.rate = '0.1'", 'params.rate = "0.1"', "params.rate != '0.1'", "param.kind = 'tree'",
    "parameter.kind = 'tree'", "parameters.kind = 'tree'", "params.kind LIKE 't%'", "params.kind ILIKE 't%'",
    "params.kind like 'T%'", "params.kind LIKE 'T___'", "params.kind LIKE '100%'", "params.kind ILIKE '%E%'",
    "params.`p.q` = 'dot'", "params.p.q = 'dot'", "params.rate IS NULL", "params.rate IS NOT NULL",
    "params.rate is null",
    # Tags
    "tags.team = 'red'", "tag.team = 'red'", "tags.team != 'red'", "tags.team ILIKE 'RED'", "tags.team LIKE '%_ish'",
    "tags.`a b` = 'x y'", 'tags."a b" = "x y"', "tags.`colon:key` = 'c'", "tags.quote = \"it's \\\"so\\\"\"",
    "tags.empty = ''", "tags.team IS NULL", "tags.team IS NOT NULL", "tags.mlflow.runName = 'alpha'",
    "tags.`mlflow.runName` LIKE '%a'",
    # Attributes
    "attributes.status = 'FINISHED'", "attribute.status = 'FINISHED'", "attr.status = 'FINISHED'",
    "run.status = 'FINISHED'", "status = 'FINISHED'", "status != 'FINISHED'", "status LIKE 'F%'",
    "status = 'finished'", "status = 'NONSENSE'", "run_name = 'alpha'", "attributes.run_name = 'alpha'",
    "run_name != 'alpha'", "run_name LIKE '%eta'", "run_name ILIKE 'ALPHA'", "run_name = 'Épsilon 数据'",
    "attributes.`run name` = 'alpha'", "`Run name` = 'alpha'", "attributes.`Run Name` = 'alpha'",
    "start_time > 2000", "start_time >= 2000 and start_time < 4000", "attributes.start_time = 1000", "created > 3000",
    "Created < 2000", "end_time = 1500", "end_time != 1500", "start_time != 1000", "user_id = 'ann'",
    "attributes.user_id != 'ann'", "artifact_uri LIKE '%artifacts'", "run_id = '{{r1000}}'", "run_id != '{{r1000}}'",
    "run_id IN ('{{r1000}}', '{{r3000}}')", "run_id NOT IN ('{{r1000}}', '{{r3000}}')",
    "attributes.run_id IN ('{{r1000}}')", "run_id LIKE '%'",
    "run_id in ('{{r1000}}','{{r2000}}') and status = 'FAILED'",
    # Several
    "metrics.acc > 0.5 and params.rate = '0.1'",
    "metrics.acc > 0.5 AND tags.team = 'red' AND status = 'FINISHED'", "metrics.loss > 0 and metrics.acc > 0",
    "tags.team = 'red' and tags.`a b` = 'x y'", "params.rate IS NULL AND tags.team IS NOT NULL", "metrics.acc>0.8",
    "  metrics.acc   >   0.8  ", "metrics.acc > 0.8 and\n metrics.loss < 1",
]

BAD_FILTERS = [
    "nonsense", "metrics.acc", "metrics.acc >", "> 0.5", "metrics.acc > 0.5 or metrics.acc < 0.1",
    "metrics.acc > 0.5 OR tags.a = 'b'", "(metrics.acc > 0.5)", "not metrics.acc > 0.5", "metrics.acc > '0.5'",
    "metrics.acc > abc", "metrics.acc LIKE '1%'", "metrics.acc IS NULL", "metrics.acc > 0.5 metrics.loss > 1",
    "metrics.acc > 0.5,", "metrics.acc > 0.5;", "metrics.acc == 0.5", "metrics.acc <> 0.5", "params.rate = 0.1",
    "params.rate > '0.1'", "params.rate = abc", "params.rate = '0.1", "params.rate IN ('0.1')", "params = '1'",
    "params. = '1'", "tags.team = red", "tags.team = 5", "tags.team < 'red'", "tags.team IN ('red')",
    "tags.team = 'red' and", "and tags.team = 'red'", "nobody.key = 'x'", "nobody = 'x'", "attributes.nobody = 'x'",
    "status > 'FINISHED'", "status = FINISHED", "status IN ('FINISHED')", "run_name IN ('alpha')", "start_time > 'a'",
    "start_time LIKE '1%'", "start_time = '1000'", "run_id IN ()", "run_id IN ('{{r1000}}'", "run_id IN (1, 2)",
    "run_id IN '{{r1000}}'", "run_id > 'a'", "run_id IS NULL", "experiment_id = '1'", "lifecycle_stage = 'active'",
    "attributes.`artifact_uri = 'a'", "metrics.acc > 0.5 -- comment", "1 = 1", "'a' = 'a'", "0.5 < metrics.acc",
    "metrics.acc BETWEEN 0 AND 1", "'; DROP TABLE runs; --",
]

GOOD_ORDERS = [
    [], ["metrics.acc"], ["metrics.acc ASC"], ["metrics.acc DESC"], ["metrics.acc desc"], ["metrics.`acc` DESC"],
    ["metrics.loss"], ["metric.loss DESC"], ["metrics.nobody"], ["params.rate"], ["params.rate DESC"],
    ["parameters.kind"], ["tags.team"], ["tags.team DESC"], ["tags.`a b`"], ["tags.mlflow.runName"],
    ["attributes.start_time"], ["attributes.start_time ASC"], ["start_time DESC"], ["start_time ASC"], ["created"],
    ["attributes.Created ASC"], ["end_time DESC"], ["status"], ["status DESC"], ["run_name"],
    ["attributes.run_name DESC"], ["`Run Name`"], ["user_id"], ["attributes.user_id", "metrics.loss DESC"],
    ["status", "start_time ASC"], ["tags.team ASC", "params.kind DESC"], ["  start_time   ASC  "],
]

BAD_ORDERS = [
    ["nonsense"], [""], ["metrics.acc UP"], ["metrics.acc ASC ASC"], ["metrics.acc, metrics.loss"], ["nobody.key"],
    ["attributes.nobody"], ["metrics.acc", "metrics.acc DESC"], ["start_time", "attributes.start_time"], ["metrics"],
    ["attributes.experiment_id"], ["metrics.acc DESC NULLS LAST"], ["datasets.name"],
]


def creation():
    """The requests that create the runs, each saved as the variable ``r<start time>``."""
    for name, start, status, metrics, params, tags in RUNS:
        variable = f"r{start}"
        run = "{{" + variable + "}}"
        user = "ann" if start < 3000 else "bob"
        yield post(f"create {name}", "runs/create",
                   {"experiment_id": "{{exp}}", "run_name": name, "start_time": start, "user_id": user},
                   save={variable: "run.info.run_id"})
        yield post(f"log {name}", "runs/log-batch", {
            "run_id": run,
            "metrics": [{"key": k, "value": v, "timestamp": 1, "step": 0} for k, v in metrics.items()],
            "params": [{"key": k, "value": v} for k, v in params.items()],
            "tags": [{"key": k, "value": v} for k, v in tags.items()],
        })
        yield post(f"finish {name}", "runs/update", {"run_id": run, "status": status, "end_time": start + 500})


def search(name: str, **fields):
    fields.setdefault("experiment_ids", ["{{exp}}"])
    save = fields.pop("save", {})
    return post(name, SEARCH, fields, save=save)


def filtered(text: str):
    return search(f"filter {text}", filter=text)


def ordered(keys: list[str]):
    return search(f"order by {keys}", order_by=keys)


CASES = [
    post("create the experiment", "experiments/create", {"name": "search runs"}, save={"exp": "experiment_id"}),
    post("create an empty experiment", "experiments/create", {"name": "search runs: empty"},
         save={"empty": "experiment_id"}),
    post("create an experiment with one run", "experiments/create", {"name": "search runs: one"},
         save={"one": "experiment_id"}),
    post("create the one run", "runs/create", {"experiment_id": "{{one}}", "run_name": "lonely", "start_time": 2500}),
    *creation(),
    # Experiments
    search("all"),
    search("of two experiments", experiment_ids=["{{exp}}", "{{one}}"]),
    search("of an empty experiment", experiment_ids=["{{empty}}"]),
    search("of an unknown experiment", experiment_ids=["987654"]),
    search("of no experiment", experiment_ids=[]),
    post("without experiments", SEARCH, {}),
    search("of an experiment that isn't a number", experiment_ids=["abc"]),
    search("of an experiment as a number", experiment_ids=[0]),
    search("of experiments that aren't a list", experiment_ids="0"),
    search("of experiments null", experiment_ids=None),
    search("of the same experiment twice", experiment_ids=["{{one}}", "{{one}}"]),
    # Filters and orders
    *map(filtered, GOOD_FILTERS),
    *map(filtered, BAD_FILTERS),
    *map(ordered, GOOD_ORDERS),
    *map(ordered, BAD_ORDERS),
    search("filter and order", filter="metrics.loss > 0", order_by=["metrics.loss DESC"]),
    search("a filter as a number", filter=5),
    search("a filter null", filter=None),
    search("an order that isn't a list", order_by="start_time"),
    search("an order of numbers", order_by=[1]),
    search("an order null", order_by=None),
    # Pages
    search("first page", max_results=2, save={"page": "next_page_token"}),
    search("second page", max_results=2, page_token="{{page}}", save={"page": "next_page_token"}),
    search("third page", max_results=2, page_token="{{page}}"),
    search("exactly one page", max_results=5),
    search("one more than there are", max_results=6),
    search("an ordered page", max_results=2, order_by=["metrics.acc DESC"], save={"page": "next_page_token"}),
    search("the page after it", max_results=2, order_by=["metrics.acc DESC"], page_token="{{page}}"),
    search("no results", max_results=0),
    search("fewer than none", max_results=-1),
    search("the most results", max_results=50000),
    search("too many results", max_results=50001),
    search("results as a string", max_results="2"),
    search("results as a float", max_results=2.0),
    search("results in words", max_results="many"),
    search("results null", max_results=None),
    search("an empty page token", page_token=""),
    search("a bad page token", page_token="nonsense!"),
    search("a page token that isn't JSON", page_token="aGVsbG8="),
    search("a page token without offset", page_token="e30="),
    # Deleted runs
    post("delete beta", "runs/delete", {"run_id": "{{r2000}}"}),
    search("active ones by default"),
    search("active ones", run_view_type="ACTIVE_ONLY"),
    search("deleted ones", run_view_type="DELETED_ONLY"),
    search("all ones", run_view_type="ALL"),
    search("a view by number", run_view_type=2),
    search("an unknown view", run_view_type="SOME"),
    search("deleted ones with a filter", run_view_type="DELETED_ONLY", filter="metrics.acc > 0.5"),
    post("delete the experiment with one run", "experiments/delete", {"experiment_id": "{{one}}"}),
    search("active ones of a deleted experiment", experiment_ids=["{{one}}"]),
    search("deleted ones of a deleted experiment", experiment_ids=["{{one}}"], run_view_type="DELETED_ONLY"),
    # The request
    get("search with GET", SEARCH, {"experiment_ids": "{{exp}}"}),
    post("search under the browser's prefix", "/ajax-api/2.0/mlflow/runs/search",
         {"experiment_ids": ["{{exp}}"], "max_results": 1}),
    post("search in camelCase", SEARCH, {
        "experimentIds": ["{{exp}}"], "maxResults": 1, "orderBy": ["start_time ASC"], "runViewType": "ALL"}),
]
