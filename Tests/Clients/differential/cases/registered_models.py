"""Registered models: life cycle, names, tags and search."""

from ..case import delete, get, patch, post

CREATE = "registered-models/create"
GET = "registered-models/get"
UPDATE = "registered-models/update"
RENAME = "registered-models/rename"
DELETE = "registered-models/delete"
TAG = "registered-models/set-tag"
UNTAG = "registered-models/delete-tag"
SEARCH = "registered-models/search"
#: Excludes the models of other groups.
OURS = "name LIKE 'rm %'"

GOOD_FILTERS = [
    "name = 'rm a'", "name != 'rm a' AND name LIKE 'rm %'", "name LIKE 'rm %'", "name LIKE 'RM %'", "name ILIKE 'RM %'",
    "name IN ('rm a', 'rm b')", "name LIKE 'rm %' AND name NOT IN ('rm a')", 'name = "rm a"', "tags.team = 'red'",
    "tag.team = 'red'", "tags.team != 'red'", "tags.team LIKE 'r%'", "tags.team ILIKE 'R%'", "tags.`team` = 'red'",
    "tags.`a b` = 'x'", "name = 'rm a' and tags.team = 'red'", "name = 'nobody'", "attribute.name = 'rm a'",
    "attributes.name = 'rm a'", "tags.team = 'red' AND tags.size = 'big'",
]
BAD_FILTERS = [
    "nonsense", "name", "name =", "name = a", "name = 5", "name > 'a'", "nobody = 'a'", "nobody.name = 'a'",
    "tags.team = red", "tags.team > 'red'", "tags.team IN ('red')", "name = 'a' OR name = 'b'", "(name = 'a')",
    "name IN ()", "name IN 'a'", "name IS NULL", "creation_timestamp > 1", "version_number = 1", "name == 'a'",
]
GOOD_ORDERS = [
    [], ["name"], ["name ASC"], ["name DESC"], ["timestamp"], ["timestamp DESC"], ["last_updated_timestamp DESC"],
    ["last_updated_timestamp ASC", "name"], ["creation_timestamp DESC"], ["creation_timestamp ASC"],
]
BAD_ORDERS = [
    ["nonsense"], [""], ["name UP"], ["name, timestamp"], ["tags.team"], ["name", "name DESC"],
    ["timestamp", "last_updated_timestamp"],
    ["description"], ["version_number"],
]


def read(name: str, model: str):
    return get(name, GET, {"name": model})


def search(name: str, filter: str | None = OURS, **query):
    save = query.pop("save", {})
    return get(name, SEARCH, {**({} if filter is None else {"filter": filter}), **query}, save=save)


CASES = [
    # Creating
    post("create", CREATE, {"name": "rm a", "description": "first", "tags": [
        {"key": "team", "value": "red"}, {"key": "size", "value": "big"}]}),
    read("get", "rm a"),
    post("create with nothing but a name", CREATE, {"name": "rm b"}),
    read("get the bare one", "rm b"),
    post("create with an empty description", CREATE, {"name": "rm c", "description": ""}),
    post("create a second time", CREATE, {"name": "rm a"}),
    post("create without name", CREATE, {}),
    post("create with an empty name", CREATE, {"name": ""}),
    post("create with a blank name", CREATE, {"name": "  "}),
    post("create with a number as name", CREATE, {"name": 5}),
    *[post(f"create with the name {name}", CREATE, {"name": name})
      for name in ("a/b", "a:b", "/", ".", "..", "rm ./x", "..x")],
    post("create with a name in Unicode", CREATE, {"name": "rm größe 数据 🦜"}),
    read("get a name in Unicode", "rm größe 数据 🦜"),
    post("create with spaces around the name", CREATE, {"name": " rm padded "}),
    read("get a name without its spaces", "rm padded"),
    post("create with a name of 256 characters", CREATE, {"name": "rm " + "n" * 253}),
    post("create with a bad tag", CREATE, {"name": "rm x", "tags": [{"key": "a&b", "value": "x"}]}),
    post("create with a tag without key", CREATE, {"name": "rm x", "tags": [{"value": "x"}]}),
    post("create with a tag without value", CREATE, {"name": "rm tag without value", "tags": [{"key": "x"}]}),
    post("create with a too long tag key", CREATE, {"name": "rm x", "tags": [{"key": "k" * 251, "value": "x"}]}),
    post("create with a too long tag value", CREATE, {"name": "rm x", "tags": [{"key": "k", "value": "v" * 100001}]}),
    post("create with the same tag twice", CREATE, {"name": "rm twice", "tags": [
        {"key": "a", "value": "1"}, {"key": "a", "value": "2"}]}),
    post("create with tags that aren't a list", CREATE, {"name": "rm x", "tags": {}}),
    post("create with a deployment job", CREATE, {"name": "rm job", "deployment_job_id": "1"}),
    # Reading
    get("get without name", GET),
    read("get with an empty name", ""),
    read("get an unknown one", "nobody"),
    read("get in another case", "RM A"),
    get("get with a JSON body", GET, json={"name": "rm a"}),
    get("get under the browser's prefix", "/ajax-api/2.0/mlflow/registered-models/get", {"name": "rm a"}),
    post("get with POST", GET, {"name": "rm a"}),
    # Changing
    patch("update the description", UPDATE, {"name": "rm a", "description": "changed"}),
    patch("update to an empty description", UPDATE, {"name": "rm b", "description": ""}),
    patch("update without description", UPDATE, {"name": "rm a"}),
    read("get what was updated without description", "rm a"),
    patch("update an unknown one", UPDATE, {"name": "nobody", "description": "x"}),
    patch("update without name", UPDATE, {"description": "x"}),
    patch("update with a number as description", UPDATE, {"name": "rm a", "description": 5}),
    post("update with POST", UPDATE, {"name": "rm a", "description": "x"}),
    post("rename", RENAME, {"name": "rm c", "new_name": "rm d"}),
    read("get the new name", "rm d"),
    read("get the old name", "rm c"),
    post("rename to its own name", RENAME, {"name": "rm d", "new_name": "rm d"}),
    post("rename to a taken name", RENAME, {"name": "rm d", "new_name": "rm a"}),
    post("rename to a bad name", RENAME, {"name": "rm d", "new_name": "a/b"}),
    post("rename to a blank name", RENAME, {"name": "rm d", "new_name": "  "}),
    post("rename without new name", RENAME, {"name": "rm d"}),
    post("rename without name", RENAME, {"new_name": "rm e"}),
    post("rename an unknown one", RENAME, {"name": "nobody", "new_name": "rm e"}),
    # Tags
    post("set a tag", TAG, {"name": "rm b", "key": "team", "value": "blue"}),
    post("set it again", TAG, {"name": "rm b", "key": "team", "value": "Red"}),
    post("set a tag with spaces", TAG, {"name": "rm b", "key": "a b", "value": "x"}),
    post("set an empty tag", TAG, {"name": "rm b", "key": "empty", "value": ""}),
    post("set a tag without value", TAG, {"name": "rm b", "key": "no value"}),
    post("set a tag in Unicode", TAG, {"name": "rm b", "key": "größe", "value": "数据 🦜"}),
    post("create a model for the longest tag", CREATE, {"name": "longest"}),
    post("set the longest tag", TAG, {"name": "longest", "key": "k" * 250, "value": "v" * 100000}),
    read("get the longest tag", "longest"),
    post("set a too long tag value", TAG, {"name": "rm b", "key": "k", "value": "v" * 100001}),
    post("set a too long tag key", TAG, {"name": "rm b", "key": "k" * 251, "value": "v"}),
    post("set a bad tag key", TAG, {"name": "rm b", "key": "a&b", "value": "v"}),
    post("set a tag without key", TAG, {"name": "rm b", "value": "v"}),
    post("set a tag without name", TAG, {"key": "a", "value": "v"}),
    post("set a tag to a number", TAG, {"name": "rm b", "key": "a", "value": 5}),
    post("set a tag of an unknown one", TAG, {"name": "nobody", "key": "a", "value": "v"}),
    read("get with tags", "rm b"),
    delete("delete a tag", UNTAG, {"name": "rm b", "key": "empty"}),
    delete("delete a missing tag", UNTAG, {"name": "rm b", "key": "empty"}),
    delete("delete a tag without key", UNTAG, {"name": "rm b"}),
    delete("delete a tag of an unknown one", UNTAG, {"name": "nobody", "key": "a"}),
    delete("delete a tag with a query", UNTAG, query={"name": "rm b", "key": "no value"}),
    post("delete a tag with POST", UNTAG, {"name": "rm b", "key": "no value"}),
    read("get with the tags left", "rm b"),
    # Searching
    search("all of ours"),
    *[search(f"filter {text}", text) for text in GOOD_FILTERS],
    *[search(f"filter {text}", text) for text in BAD_FILTERS],
    *[search(f"order by {keys}", order_by=keys) for keys in GOOD_ORDERS],
    *[search(f"order by {keys}", order_by=keys) for keys in BAD_ORDERS],
    search("first page", max_results="2", save={"page": "next_page_token"}),
    search("second page", max_results="2", page_token="{{page}}"),
    search("no results", max_results="0"),
    search("fewer than none", max_results="-1"),
    search("the most results", max_results="1000"),
    search("too many results", max_results="1001"),
    search("results in words", max_results="many"),
    search("a bad page token", page_token="nonsense!"),
    get("search with a JSON body", SEARCH, json={"filter": OURS, "max_results": 1, "order_by": ["name DESC"]}),
    get("search under the browser's prefix", "/ajax-api/2.0/mlflow/registered-models/search",
        {"filter": "name = 'rm a'"}),
    post("search with POST", SEARCH, {"filter": OURS}),
    # Deleting
    delete("delete", DELETE, {"name": "rm d"}),
    read("get a deleted one", "rm d"),
    delete("delete a deleted one", DELETE, {"name": "rm d"}),
    delete("delete without name", DELETE, {}),
    delete("delete with a query", DELETE, query={"name": "rm a"}),
    post("delete with POST", DELETE, {"name": "rm a"}),
    post("create again under the name of a deleted one", CREATE, {"name": "rm d"}),
    read("the new one has no tags", "rm d"),
]
