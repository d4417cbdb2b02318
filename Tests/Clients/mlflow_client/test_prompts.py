"""Prompts, which are stored as a special kind of registered models."""

import inspect

import mlflow
import pytest
from mlflow.exceptions import MlflowException

from mlflow_client.versions import VERSION, has_genai_prompts

if VERSION < (2, 21):
    pytest.skip("prompts came with 2.21", allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")
api = mlflow.genai if VERSION >= (3, 0) else mlflow
# Newer clients cache an alias's version for a minute by default.
UNCACHED = {"cache_ttl_seconds": 0} if "cache_ttl_seconds" in inspect.signature(api.load_prompt).parameters else {}


@pytest.fixture
def prompt(unique):
    """A prompt with two versions; returns its name."""
    name = unique("prompt")
    api.register_prompt(name, "Summarise {{text}}.", commit_message="first")
    api.register_prompt(name, "Summarise {{text}} in {{count}} words.", commit_message="second")
    return name


def test_a_prompt_is_loaded_by_version_and_formatted(prompt):
    first = api.load_prompt(f"prompts:/{prompt}/1")
    assert first.template == "Summarise {{text}}." and first.commit_message == "first"
    second = api.load_prompt(f"prompts:/{prompt}/2")
    assert int(second.version) == 2
    assert second.format(text="a talk", count=5) == "Summarise a talk in 5 words."


def test_an_alias_of_a_prompt_moves(prompt):
    def aliased():
        return api.load_prompt(f"prompts:/{prompt}@production", **UNCACHED)

    api.set_prompt_alias(prompt, "production", 1)
    assert int(aliased().version) == 1
    api.set_prompt_alias(prompt, "production", 2)
    assert int(aliased().version) == 2
    api.delete_prompt_alias(prompt, "production")
    with pytest.raises(MlflowException, match="production"):
        aliased()


def test_a_prompt_is_not_listed_as_a_registered_model(client, prompt, unique):
    model = unique("model")
    client.create_registered_model(model)
    names = [found.name for found in client.search_registered_models(max_results=1000)]
    assert model in names and prompt not in names
    with pytest.raises(MlflowException):
        api.register_prompt(model, "{{text}}")


@has_genai_prompts
def test_prompts_are_searched_and_tagged(prompt):
    mlflow.genai.set_prompt_tag(prompt, "team", "search")
    mlflow.genai.set_prompt_version_tag(prompt, 1, "checked", "yes")
    (found,) = mlflow.genai.search_prompts(f"name = '{prompt}'")
    assert found.name == prompt and found.tags["team"] == "search"
    assert mlflow.genai.load_prompt(prompt, version=1).tags["checked"] == "yes"


@has_genai_prompts
def test_a_chat_prompt_keeps_its_messages_and_format(unique):
    name = unique("chat")
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "What is {{thing}}?"}]
    mlflow.genai.register_prompt(
        name, messages, tags={"kind": "chat"}, response_format={"type": "object", "properties": {"a": {"type": "string"}}})
    loaded = mlflow.genai.load_prompt(f"prompts:/{name}/1")
    assert loaded.template == messages
    assert loaded.response_format["properties"] == {"a": {"type": "string"}}
    assert loaded.format(thing="MLflow")[1]["content"] == "What is MLflow?"


@has_genai_prompts
def test_a_prompt_is_linked_to_the_run_that_loads_it(client, prompt, experiment_id):
    with mlflow.start_run() as run:
        mlflow.genai.load_prompt(f"prompts:/{prompt}/2")
        client.link_prompt_version_to_run(run.info.run_id, f"prompts:/{prompt}/2")
    assert prompt in client.get_run(run.info.run_id).data.tags["mlflow.linkedPrompts"]


@has_genai_prompts
def test_an_unknown_prompt_may_be_allowed_to_be_missing(unique):
    assert mlflow.genai.load_prompt(f"prompts:/{unique('nothing')}/1", allow_missing=True) is None
