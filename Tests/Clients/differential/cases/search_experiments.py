"""Searching experiments: filters, orders, pages and views."""

from ..case import get, post

SEARCH = "experiments/search"
#: Excludes the experiments of other groups.
OURS = "name LIKE 'search experiments %'"

GOOD_FILTERS = [
    "name = 'search experiments a'", "attribute.name = 'search experiments a'",
    "attributes.name = 'search experiments a'", "attr.name = 'search experiments a'",
    OURS + " AND name != 'search experiments a'", "name ILIKE 'SEARCH EXPERIMENTS %'",
    "name LIKE 'SEARCH EXPERIMENTS %'", 'name = "search experiments b"', "tags.team = 'red'", "tag.team = 'red'",
    "tags.team != 'red'", "tags.team LIKE 'r%'", "tags.team ILIKE 'R%'", "tags.`a.b` = '1'", "tags.a.b = '1'",
    OURS + " AND tags.team IS NULL", OURS + " AND tags.team IS NOT NULL", "tags.team = 'red' and tags.a.b = '1'",
    OURS + " and creation_time > 0", OURS + " and creation_time < 0", OURS + " and last_update_time >= 1000",
    "experiment_id = '{{a}}'", "experiment_id IN ('{{a}}', '{{b}}')",
    OURS + " AND experiment_id NOT IN ('{{a}}', '{{b}}')", OURS + " AND experiment_id != '{{a}}'",
]

BAD_FILTERS = [
    "nonsense", "name", "name =", "name = a", "name = 5", "name > 'a'", "name IN ('search experiments a')",
    "nobody = 'a'", "nobody.name = 'a'", "attributes.nobody = 'a'", "tags.team = red", "tags.team > 'red'",
    "tags.team IN ('red')", "creation_time = 'a'", "creation_time LIKE '1%'", "name = 'a' OR name = 'b'",
    "(name = 'a')", "lifecycle_stage = 'active'", "metrics.a > 1", "params.a = '1'", "experiment_id LIKE '1'",
    "experiment_id = 1", "experiment_id = 'abc'", "experiment_id IN ('abc')", "name IS NULL", "name == 'a'",
]

GOOD_ORDERS = [
    [], ["name"], ["name ASC"], ["name DESC"], ["attribute.name DESC"], ["experiment_id"], ["experiment_id DESC"],
    ["creation_time"], ["creation_time DESC"], ["last_update_time"], ["last_update_time DESC"], ["name desc"],
    ["creation_time ASC", "name DESC"],
]

BAD_ORDERS = [
    ["nonsense"], [""], ["name UP"], ["name, creation_time"], ["tags.team"], ["name", "name"], ["lifecycle_stage"],
    ["artifact_location"], ["metrics.a"],
]


def search(name: str, filter: object = OURS, max_results: object = 100, **fields):
    save = fields.pop("save", {})
    return post(name, SEARCH, {"filter": filter, "max_results": max_results, **fields}, save=save)


def create(letter: str, tags: dict[str, str]):
    return post(f"create {letter}", "experiments/create", {
        "name": f"search experiments {letter}", "tags": [{"key": k, "value": v} for k, v in tags.items()],
    }, save={letter: "experiment_id"})


CASES = [
    create("a", {"team": "red", "a.b": "1"}),
    create("b", {"team": "blue"}),
    create("c", {}),
    create("d", {"team": "Red"}),
    post("change b", "experiments/set-experiment-tag", {"experiment_id": "{{b}}", "key": "size", "value": "big"}),
    search("all of ours"),
    post("all without page size", SEARCH, {}),
    *[search(f"filter {text}", text) for text in GOOD_FILTERS],
    *[search(f"filter {text}", text) for text in BAD_FILTERS],
    *[search(f"order by {keys}", order_by=keys) for keys in GOOD_ORDERS],
    *[search(f"order by {keys}", order_by=keys) for keys in BAD_ORDERS],
    search("an order that isn't a list", order_by="name"),
    search("a filter as a number", 5),
    # Pages
    search("first page", max_results=3, order_by=["name"], save={"page": "next_page_token"}),
    search("second page", max_results=3, order_by=["name"], page_token="{{page}}"),
    search("exactly one page", max_results=4),
    search("no results", max_results=0),
    search("fewer than none", max_results=-1),
    search("the most results", max_results=50000),
    search("too many results", max_results=50001),
    search("results as a string", max_results="2"),
    search("results in words", max_results="many"),
    search("an empty page token", page_token=""),
    search("a bad page token", page_token="nonsense!"),
    # The view
    post("delete c", "experiments/delete", {"experiment_id": "{{c}}"}),
    search("active ones by default"),
    search("active ones", view_type="ACTIVE_ONLY"),
    search("deleted ones", view_type="DELETED_ONLY"),
    search("all ones", view_type="ALL"),
    search("a view by number", view_type=3),
    search("a view by number as a string", view_type="2"),
    search("an unknown view", view_type="SOME"),
    search("an unknown view number", view_type=9),
    # As a query string
    get("with GET", SEARCH, {"filter": OURS, "max_results": "2", "order_by": "name DESC"},
        save={"page": "next_page_token"}),
    get("next page with GET", SEARCH,
        {"filter": OURS, "max_results": "2", "order_by": "name DESC", "page_token": "{{page}}"}),
    get("with GET: two orders and a view", SEARCH,
        {"filter": OURS, "max_results": "9", "order_by": ["creation_time ASC", "name"], "view_type": "ALL"}),
    get("with GET: a view by number", SEARCH, {"filter": OURS, "max_results": "9", "view_type": "2"}),
    get("with GET and no page size", SEARCH, {"filter": OURS}),
    get("with GET and a JSON body", SEARCH, json={"filter": OURS, "max_results": 2, "order_by": ["name"]}),
    get("with GET under the browser's prefix", "/ajax-api/2.0/mlflow/experiments/search",
        {"filter": OURS, "max_results": "9"}),
]
