"""Prompts: registered models with a tag, as ``mlflow.genai`` stores them."""

from ..case import delete, get, post

IS_PROMPT = {"key": "mlflow.prompt.is_prompt", "value": "true"}
TEXT = {"key": "mlflow.prompt.text", "value": "Hello {{ name }}!"}
CREATE = "registered-models/create"
VERSION = "model-versions/create"
ALIAS = "registered-models/alias"


def create(name: str, prompt: str, *tags, **fields):
    return post(name, CREATE, {"name": prompt, "tags": [IS_PROMPT, *tags], **fields})


def version(name: str, source: str = "dummy-source", *tags, prompt: str = "greeting", **fields):
    return post(name, VERSION, {"name": prompt, "source": source, "tags": [IS_PROMPT, TEXT, *tags], **fields})


def search(name: str, filter: str | None = None, path: str = "registered-models/search"):
    return get(name, path, {"filter": filter} if filter else {})


CASES = [
    post("create a model beside", CREATE, {"name": "prompt-beside"}),
    create("create", "greeting", {"key": "team", "value": "red"}, description="says hello"),
    get("get", "registered-models/get", {"name": "greeting"}),
    *[create(f"create with the name {name}", name) for name in (
        "has space", "a/b", "größe", "dots.and-dashes_1", "")],
    create("create with a name of 256 characters", "x" * 256),
    create("create a second time", "greeting"),
    create("create with the name of a model", "prompt-beside"),
    post("create a model with the name of a prompt", CREATE, {"name": "greeting"}),
    post("create with the tag false", CREATE, {"name": "not a prompt", "tags": [
        {"key": "mlflow.prompt.is_prompt", "value": "false"}]}),
    post("create with the tag in capitals", CREATE, {"name": "shouted", "tags": [
        {"key": "mlflow.prompt.is_prompt", "value": "TRUE"}]}),
    version("create a version"),
    version("create a second version", "prompt-template", description="changed"),
    version("create a version from elsewhere", "s3://bucket/x"),
    version("create a version of an unknown prompt", prompt="nobody"),
    post("create a version that isn't a prompt's", VERSION, {"name": "greeting", "source": "s3://bucket/x"}),
    version("create a version with a template that is too long", "dummy-source",
            {"key": "mlflow.prompt.text", "value": "v" * 100001}),
    version("create a prompt's version of a model", prompt="prompt-beside"),
    post("create a model's version from a prompt's", VERSION, {
        "name": "prompt-beside", "source": "models:/greeting/1"}),
    get("get a version", "model-versions/get", {"name": "greeting", "version": "1"}),
    post("set an alias", ALIAS, {"name": "greeting", "alias": "production", "version": "1"}),
    get("get by alias", ALIAS, {"name": "greeting", "alias": "production"}),
    get("get by the alias latest", ALIAS, {"name": "greeting", "alias": "latest"}),
    delete("delete an alias", ALIAS, {"name": "greeting", "alias": "production"}),
    post("set a tag", "registered-models/set-tag", {"name": "greeting", "key": "size", "value": "small"}),
    delete("delete a tag", "registered-models/delete-tag", {"name": "greeting", "key": "size"}),
    post("set a tag of a version", "model-versions/set-tag",
         {"name": "greeting", "version": "1", "key": "size", "value": "small"}),
    delete("delete a tag of a version", "model-versions/delete-tag",
           {"name": "greeting", "version": "1", "key": "size"}),
    # Searches return prompts only on request
    search("search doesn't show prompts", "name ILIKE '%greeting%'"),
    search("search for prompts", "tags.`mlflow.prompt.is_prompt` = 'true'"),
    search("search for prompts by name", "name LIKE 'gree%' AND tags.`mlflow.prompt.is_prompt` = 'true'"),
    search("search for what isn't a prompt", "name LIKE 'prompt-b%' AND tags.`mlflow.prompt.is_prompt` != 'true'"),
    search("search for the tag false", "tags.`mlflow.prompt.is_prompt` = 'false'"),
    search("search for prompts by tag", "tags.`mlflow.prompt.is_prompt` = 'true' AND tags.team = 'red'"),
    search("search for versions doesn't show prompts", "name = 'greeting'", "model-versions/search"),
    search("search for prompts' versions", "name = 'greeting' AND tags.`mlflow.prompt.is_prompt` = 'true'",
           "model-versions/search"),
    get("latest versions of a prompt", "registered-models/get-latest-versions", {"name": "greeting"}),
    delete("delete a version", "model-versions/delete", {"name": "greeting", "version": "1"}),
    delete("delete", "registered-models/delete", {"name": "greeting"}),
    get("get a deleted one", "registered-models/get", {"name": "greeting"}),
]
