"""Model versions: sources, life cycle, stages, aliases, tags and search."""

from ..case import delete, get, patch, post, put

CREATE = "model-versions/create"
GET = "model-versions/get"
UPDATE = "model-versions/update"
DELETE = "model-versions/delete"
TAG = "model-versions/set-tag"
UNTAG = "model-versions/delete-tag"
STAGE = "model-versions/transition-stage"
SEARCH = "model-versions/search"
URI = "model-versions/get-download-uri"
LATEST = "registered-models/get-latest-versions"
ALIAS = "registered-models/alias"
UNKNOWN = "0123456789abcdef0123456789abcdef"
ARTIFACTS = "mlflow-artifacts:/{{exp}}/{{run}}/artifacts"

GOOD_FILTERS = [
    "name = 'mv'", "name != 'mv' AND name LIKE 'mv%'", "name LIKE 'mv%'", "name ILIKE 'MV%'",
    "name IN ('mv', 'mv two')",
    "name NOT IN ('mv') AND name LIKE 'mv%'", "run_id = '{{run}}'", "run_id IN ('{{run}}')", "run_id != '{{run}}'",
    "name = 'mv' AND version_number = 1", "name = 'mv' AND version_number > 1", "name = 'mv' AND version_number >= 2",
    "name = 'mv' AND version_number < 2", "name = 'mv' AND version_number <= 2", "name = 'mv' AND version_number != 1",
    "name = 'mv' AND version_number = '1'", "name = 'mv' AND source_path = 's3://bucket/two'",
    "name = 'mv' AND source_path LIKE 's3:%'", "tags.team = 'red'", "tag.team = 'red'", "tags.team != 'red'",
    "tags.team LIKE 'r%'", "name = 'mv' and tags.team ILIKE 'R%'", "tags.`team` = 'red' AND tags.size = 'big'",
    "name = 'nobody'", "attribute.name = 'mv'", "attributes.name = 'mv'",
]
BAD_FILTERS = [
    "nonsense", "name", "name = mv", "name = 5", "name > 'a'", "nobody = 'a'", "nobody.name = 'a'", "tags.team = red",
    "tags.team > 'red'", "tags.team IN ('red')", "name = 'a' OR name = 'b'", "(name = 'a')", "version_number = 'a'",
    "version_number LIKE '1'", "version_number IN (1)", "source_path IN ('a')", "stage = 'Production'",
    "current_stage = 'None'", "version = 1", "run_id IN ()", "name IS NULL",
]
GOOD_ORDERS = [
    [], ["name"], ["name DESC", "version_number DESC"], ["version_number"], ["version_number DESC"],
    ["creation_timestamp ASC"], ["creation_timestamp DESC"], ["last_updated_timestamp ASC"],
    ["last_updated_timestamp DESC", "name ASC"],
]
BAD_ORDERS = [["nonsense"], [""], ["name UP"], ["name, version_number"], ["tags.team"], ["name", "name"], ["version"]]

#: Sources that a version may not have, and some that it may have only with the right run or model.
SOURCES = [
    "/etc/passwd", "relative/path", "file:///etc/passwd", "file:relative", "s3://bucket/a/../b", "s3://bucket/a/./b",
    "s3://bucket/a//b", "s3://bucket/a/", "s3://bucket/%2e%2e/b", "http://host/path?query=1", "https://host/a#fragment",
    "http://host/api/2.0/mlflow-artifacts/artifacts/x", "mlflow-artifacts:/x", "mlflow-artifacts://host/x",
    "runs:/{{run}}/model", "runs:/" + UNKNOWN + "/model", "models:/nobody/1", "models:/mv/1", "models:/mv/99",
    "models:/m-0123", "models:/", "models://host/mv/1", "dbfs:/x", "ftp://host/x", "nonsense", "nonsense:/x",
    "gs://bucket/a b", "s3://bucket/größe", "s3:", "dummy-source",
]


def create(name: str, model: str = "mv", source: str = "s3://bucket/one", **fields):
    save = fields.pop("save", {})
    return post(name, CREATE, {"name": model, "source": source, **fields}, save=save)


def read(name: str, version: str, model: str = "mv"):
    return get(name, GET, {"name": model, "version": version})


def model(name: str, which: str = "mv"):
    # The order of the stages depends on the database.
    return get(name, "registered-models/get", {"name": which}, unordered=["registered_model.latest_versions"])


def stage(name: str, version: str, to: object, archive: object = False, which: str = "mv"):
    return post(name, STAGE, {"name": which, "version": version, "stage": to, "archive_existing_versions": archive})


def latest(case: str, /, **body):
    return post(case, LATEST, body, unordered=["model_versions"])


def alias(name: str, alias: object, version: object = "1", which: str = "mv"):
    return post(name, ALIAS, {"name": which, "alias": alias, "version": version})


def search(name: str, filter: str = "name LIKE 'mv%'", **query):
    save = query.pop("save", {})
    return get(name, SEARCH, {"filter": filter, **query}, save=save)


CASES = [
    post("create the experiment", "experiments/create", {"name": "model versions"}, save={"exp": "experiment_id"}),
    post("create the run", "runs/create", {"experiment_id": "{{exp}}", "run_name": "maker"},
         save={"run": "run.info.run_id"}),
    put("upload the run's model", "/api/2.0/mlflow-artifacts/artifacts/{{exp}}/{{run}}/artifacts/model/MLmodel",
        b"flavors: {}\n"),
    post("create a logged model", "logged-models", {"experiment_id": "{{exp}}", "name": "lm"},
         save={"lm": "model.info.model_id"}),
    post("create the registered model", "registered-models/create", {"name": "mv"}),
    post("create another registered model", "registered-models/create", {"name": "mv two"}),
    model("a model without versions"),
    # Creating
    create("create", source=ARTIFACTS + "/model", run_id="{{run}}", description="the first", run_link="http://x/1",
           tags=[{"key": "team", "value": "red"}, {"key": "size", "value": "big"}]),
    read("get", "1"),
    create("create with nothing but a source", source="s3://bucket/two"),
    read("get the bare one", "2"),
    create("create from a run's URI", source="runs:/{{run}}/model", run_id="{{run}}"),
    create("create of a logged model", source="models:/{{lm}}", model_id="{{lm}}"),
    get("the logged model says so", "logged-models/{{lm}}"),
    create("create of the same logged model", "mv two", source="models:/{{lm}}", model_id="{{lm}}"),
    get("the logged model says both", "logged-models/{{lm}}"),
    create("create of an unknown logged model", source="s3://bucket/x", model_id="m-unknown"),
    create("create of a logged model by its directory", "mv two",
           source="mlflow-artifacts:/{{exp}}/models/{{lm}}/artifacts", model_id="{{lm}}"),
    create("create of a logged model from elsewhere", "mv two", source="models:/m-unknown", model_id="{{lm}}"),
    create("create from another version", "mv two", source="models:/mv/1"),
    create("create in an unknown model", "nobody"),
    create("create in a model in another case", "MV"),
    post("create without name", CREATE, {"source": "s3://bucket/x"}),
    post("create without source", CREATE, {"name": "mv"}),
    create("create with an empty source", source=""),
    create("create with a number as name", 5),
    create("create with tags that aren't a list", tags="x"),
    create("create with a bad tag", tags=[{"key": "a&b", "value": "x"}]),
    create("create with a too long tag", tags=[{"key": "k", "value": "v" * 100001}]),
    create("create with the same tag twice", "mv two", tags=[{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]),
    create("create with an unknown run", "mv two", run_id=UNKNOWN),
    post("create the model for sources", "registered-models/create", {"name": "mv sources"}),
    *[create(f"create from {source}", "mv sources", source=source) for source in SOURCES],
    *[create(f"create from {source} with the run", "mv sources", source=source, run_id="{{run}}") for source in (
        "runs:/{{run}}/model", "runs:/" + UNKNOWN + "/model", ARTIFACTS, ARTIFACTS + "/model",
        "mlflow-artifacts:/{{exp}}/other/artifacts", ARTIFACTS + "/../x", ARTIFACTS + "/%2e%2e/x",
        "http://127.0.0.1/api/2.0/mlflow-artifacts/artifacts/x", "/etc/passwd", "s3://bucket/x")],
    # Reading
    get("get without version", GET, {"name": "mv"}),
    get("get without name", GET, {"version": "1"}),
    read("get an unknown version", "99"),
    read("get version 0", "0"),
    read("get a version that isn't a number", "one"),
    read("get a version with a zero before", "01"),
    read("get a version beyond 64 bits", "99999999999999999999"),
    read("get a version of an unknown model", "1", "nobody"),
    get("get with a JSON body", GET, json={"name": "mv", "version": "1"}),
    get("get with a number in a JSON body", GET, json={"name": "mv", "version": 1}),
    get("get under the browser's prefix", "/ajax-api/2.0/mlflow/model-versions/get", {"name": "mv", "version": "1"}),
    *[get(f"download URI of version {version}", URI, {"name": "mv", "version": version})
      for version in ("1", "2", "3", "4", "99", "one", "")],
    get("download URI of an unknown model", URI, {"name": "nobody", "version": "1"}),
    get("download URI without anything", URI),
    get("a version's artifact", "/model-versions/get-artifact", {"name": "mv", "version": "1", "path": "MLmodel"}),
    get("a version's missing artifact", "/model-versions/get-artifact",
        {"name": "mv", "version": "1", "path": "none.txt"}),
    get("a version's artifact of a path that goes up", "/model-versions/get-artifact",
        {"name": "mv", "version": "1", "path": "../MLmodel"}),
    get("an unknown version's artifact", "/model-versions/get-artifact",
        {"name": "mv", "version": "99", "path": "MLmodel"}),
    get("an artifact without path", "/model-versions/get-artifact", {"name": "mv", "version": "1"}),
    # Changing
    patch("update the description", UPDATE, {"name": "mv", "version": "1", "description": "changed"}),
    patch("update to an empty description", UPDATE, {"name": "mv", "version": "1", "description": ""}),
    patch("update without description", UPDATE, {"name": "mv", "version": "1"}),
    patch("update an unknown version", UPDATE, {"name": "mv", "version": "99", "description": "x"}),
    patch("update a version that isn't a number", UPDATE, {"name": "mv", "version": "one", "description": "x"}),
    patch("update without version", UPDATE, {"name": "mv", "description": "x"}),
    patch("update with a number as version", UPDATE, {"name": "mv", "version": 1, "description": "x"}),
    # Tags
    post("set a tag", TAG, {"name": "mv", "version": "2", "key": "team", "value": "Red"}),
    post("set it again", TAG, {"name": "mv", "version": "2", "key": "team", "value": "blue"}),
    post("set an empty tag", TAG, {"name": "mv", "version": "2", "key": "empty", "value": ""}),
    post("set a tag without value", TAG, {"name": "mv", "version": "2", "key": "no value"}),
    post("set a tag to null", TAG, {"name": "mv", "version": "2", "key": "null", "value": None}),
    post("set a tag in Unicode", TAG, {"name": "mv", "version": "2", "key": "größe", "value": "数据 🦜"}),
    post("set a too long tag", TAG, {"name": "mv", "version": "2", "key": "k", "value": "v" * 100001}),
    post("set a too long key", TAG, {"name": "mv", "version": "2", "key": "k" * 251, "value": "v"}),
    post("set a bad key", TAG, {"name": "mv", "version": "2", "key": "a&b", "value": "v"}),
    post("set a tag without key", TAG, {"name": "mv", "version": "2", "value": "v"}),
    post("set a tag without version", TAG, {"name": "mv", "key": "a", "value": "v"}),
    post("set a tag of an unknown version", TAG, {"name": "mv", "version": "99", "key": "a", "value": "v"}),
    post("set a tag of a version that isn't a number", TAG, {"name": "mv", "version": "x", "key": "a", "value": "v"}),
    delete("delete a tag", UNTAG, {"name": "mv", "version": "2", "key": "empty"}),
    delete("delete a missing tag", UNTAG, {"name": "mv", "version": "2", "key": "empty"}),
    delete("delete a tag without key", UNTAG, {"name": "mv", "version": "2"}),
    delete("delete a tag of an unknown version", UNTAG, {"name": "mv", "version": "99", "key": "a"}),
    read("get with tags", "2"),
    # Stages
    stage("to staging", "1", "Staging"),
    stage("to production, in lower case", "2", "production"),
    stage("to the same stage", "2", "Production"),
    stage("another to production", "3", "Production"),
    model("two in production"),
    stage("one more to production, archiving the others", "1", "Production", True),
    model("the others are archived"),
    stage("to none", "1", "None"),
    stage("to archived", "1", "Archived"),
    stage("to archived, archiving the others", "1", "Archived", True),
    stage("to none, archiving the others", "1", "None", True),
    stage("to an unknown stage", "1", "Testing"),
    stage("to an empty stage", "1", ""),
    stage("of an unknown version", "99", "Staging"),
    stage("of a version that isn't a number", "one", "Staging"),
    stage("of an unknown model", "1", "Staging", which="nobody"),
    stage("with archiving as a word", "1", "Staging", "true"),
    stage("with archiving as a number", "1", "Staging", 1),
    post("without saying whether to archive", STAGE, {"name": "mv", "version": "1", "stage": "Staging"}),
    post("without stage", STAGE, {"name": "mv", "version": "1", "archive_existing_versions": False}),
    stage("3 back to production", "3", "Production"),
    latest("latest of all stages", name="mv"),
    latest("latest in production", name="mv", stages=["Production"]),
    latest("latest in two stages", name="mv", stages=["production", "None"]),
    latest("latest in an unknown stage", name="mv", stages=["Testing"]),
    latest("latest in no stages", name="mv", stages=[]),
    latest("latest with stages that aren't a list", name="mv", stages="Production"),
    latest("latest of an unknown model", name="nobody"),
    latest("latest without name"),
    get("latest with GET", LATEST, {"name": "mv", "stages": ["Production", "Staging"]}, unordered=["model_versions"]),
    get("latest with GET and a JSON body", LATEST, json={"name": "mv", "stages": ["Production"]}),
    # Aliases
    alias("set an alias", "champion"),
    alias("move the alias", "champion", "2"),
    alias("set another alias", "challenger_2-b", "2"),
    model("the model shows its aliases"),
    read("the version shows its aliases", "2"),
    get("get by alias", ALIAS, {"name": "mv", "alias": "champion"}),
    get("get by alias in another case", ALIAS, {"name": "mv", "alias": "Champion"}),
    get("get by unknown alias", ALIAS, {"name": "mv", "alias": "zz"}),
    get("get by the alias latest", ALIAS, {"name": "mv", "alias": "latest"}),
    get("get by the alias Latest", ALIAS, {"name": "mv", "alias": "Latest"}),
    get("get by the alias of a version", ALIAS, {"name": "mv", "alias": "v1"}),
    get("get by a bad alias", ALIAS, {"name": "mv", "alias": "a b"}),
    get("get by alias of an unknown model", ALIAS, {"name": "nobody", "alias": "champion"}),
    get("get by latest of an unknown model", ALIAS, {"name": "nobody", "alias": "latest"}),
    get("get by alias without alias", ALIAS, {"name": "mv"}),
    get("get by alias with a JSON body", ALIAS, json={"name": "mv", "alias": "champion"}),
    alias("set the alias latest", "latest"),
    alias("set the alias LATEST", "LATEST"),
    alias("set the alias v1", "v1"),
    alias("set the alias V12", "V12"),
    alias("set the alias v1x", "v1x"),
    alias("set an alias with a dot", "a.b"),
    alias("set an alias with a space", "a b"),
    alias("set an alias in Unicode", "größe"),
    alias("set an empty alias", ""),
    alias("set a number as alias", 5),
    alias("set an alias of 255 characters", "a" * 255),
    alias("set an alias of 256 characters", "a" * 256),
    alias("set an alias of an unknown version", "zz", "99"),
    alias("set an alias of a version that isn't a number", "zz", "one"),
    alias("set an alias of an unknown model", "zz", "1", "nobody"),
    post("set an alias without version", ALIAS, {"name": "mv", "alias": "zz"}),
    delete("delete an alias", ALIAS, {"name": "mv", "alias": "v1x"}),
    delete("delete a missing alias", ALIAS, {"name": "mv", "alias": "v1x"}),
    delete("delete a bad alias", ALIAS, {"name": "mv", "alias": "a b"}),
    delete("delete an alias of an unknown model", ALIAS, {"name": "nobody", "alias": "champion"}),
    delete("delete an alias without alias", ALIAS, {"name": "mv"}),
    # Searching
    search("all of ours"),
    *[search(f"filter {text}", text) for text in GOOD_FILTERS],
    *[search(f"filter {text}", text) for text in BAD_FILTERS],
    *[search(f"order by {keys}", "name IN ('mv', 'mv two')", order_by=keys) for keys in GOOD_ORDERS],
    *[search(f"order by {keys}", order_by=keys) for keys in BAD_ORDERS],
    search("first page", max_results="3", save={"page": "next_page_token"}),
    search("second page", max_results="3", page_token="{{page}}"),
    search("no results", max_results="0"),
    search("fewer than none", max_results="-1"),
    search("the most results", max_results="200000"),
    search("too many results", max_results="200001"),
    search("results in words", max_results="many"),
    search("a bad page token", page_token="nonsense!"),
    get("search with a JSON body", SEARCH, json={"filter": "name = 'mv'", "max_results": 1}),
    # Deleting
    delete("delete", DELETE, {"name": "mv", "version": "2"}),
    read("get a deleted version", "2"),
    get("its alias is gone", ALIAS, {"name": "mv", "alias": "champion"}),
    model("the model without it"),
    delete("delete a deleted version", DELETE, {"name": "mv", "version": "2"}),
    delete("delete an unknown version", DELETE, {"name": "mv", "version": "99"}),
    delete("delete a version that isn't a number", DELETE, {"name": "mv", "version": "one"}),
    delete("delete without version", DELETE, {"name": "mv"}),
    patch("update a deleted version", UPDATE, {"name": "mv", "version": "2", "description": "x"}),
    alias("set an alias of a deleted version", "zz", "2"),
    stage("a deleted version to staging", "2", "Staging"),
    delete("delete the newest version", DELETE, {"name": "mv", "version": "4"}),
    create("the next version isn't the deleted one again"),
    search("the deleted aren't found", "name = 'mv'"),
    # With the model
    post("rename the model", "registered-models/rename", {"name": "mv", "new_name": "mv renamed"}),
    read("versions move with it", "1", "mv renamed"),
    get("aliases move with it", ALIAS, {"name": "mv renamed", "alias": "a" * 255}),
    delete("delete the model", "registered-models/delete", {"name": "mv renamed"}),
    read("its versions are gone", "1", "mv renamed"),
    search("its versions aren't found", "name = 'mv renamed'"),
]
