"""Prompts and their versions."""

from __future__ import annotations

from browsing.ui import UI


def fill_version(ui: UI, content: str, message: str) -> None:
    """Fills in the content and the message of a version's form."""
    fields = ui.dialog().get_by_role("textbox")
    fields.nth(-2).fill(content)
    fields.nth(-1).fill(message)


def test_prompts_are_listed_and_found(ui: UI):
    ui.open("/prompts", "keeper-prompt", "chat-prompt", "Version 3", "stern")
    ui.shot("prompts")
    ui.page.get_by_placeholder("Search prompts by name").fill("keeper")
    ui.page.keyboard.press("Enter")
    ui.see_none("chat-prompt")
    ui.see("keeper-prompt")


def test_the_prompts_of_an_experiment_are_listed(ui: UI):
    ui.open(f"/experiments/{ui.facts['prompts']['experiment']}/prompts", "keeper-prompt", "prompt-to-extend")
    ui.shot("experiment-prompts")


def test_versions_of_a_prompt_show_and_are_compared(ui: UI):
    ui.open("/prompts/keeper-prompt", "Version 1", "Version 2", "Version 3", "@ production", "the third question")
    ui.see("politely for the quest")
    ui.shot("prompt")
    ui.text("Version 1").first.click()
    ui.see("Viewing version 1", "Ask {{name}} for the quest.")
    ui.component("mlflow.prompts.details.mode").get_by_text("Compare").click()
    ui.see("Comparing version")
    ui.shot("prompt-compared")


def test_a_chat_prompt_shows_its_messages(ui: UI):
    ui.open("/prompts/chat-prompt", "You keep the bridge.", "May {{name}} cross?")
    ui.shot("prompt-chat")


def test_a_prompt_is_created(ui: UI):
    ui.open("/prompts", "keeper-prompt")
    ui.page.get_by_test_id("create-prompt-button").click()
    ui.component("mlflow.prompts.create.name").fill("prompt-of-a-browser")
    fill_version(ui, "Sing {{song}} from the browser.", "sung first")
    ui.dialog().get_by_role("button", name="Create").click()
    ui.see("prompt-of-a-browser", "Sing {{song}} from the browser.", "sung first")


def test_a_prompt_gets_a_new_version_an_alias_and_loses_a_version(ui: UI):
    ui.open("/prompts/prompt-to-extend", "Template of prompt-to-extend")
    ui.component("mlflow.prompts.details.create").click()
    fill_version(ui, "A second {{word}}.", "second thoughts")
    ui.dialog().get_by_role("button", name="Create").click()
    ui.see("Version 2", "A second {{word}}.", "second thoughts")
    ui.button("Add", exact=True).first.click()
    ui.dialog().get_by_role("combobox").click()
    ui.page.keyboard.type("newest")
    ui.page.keyboard.press("Enter")
    ui.dialog().get_by_role("button", name="Save aliases").click()
    ui.see("@ newest")
    ui.shot("prompt-extended")
    ui.component("mlflow.prompts.details.delete_version").click()
    ui.dialog().get_by_role("button", name="Delete").click()
    ui.see_none("Version 2")
    ui.see("Version 1")


def test_a_prompt_is_deleted(ui: UI):
    ui.open("/prompts/prompt-to-delete", "Template of prompt-to-delete")
    ui.component("mlflow.prompts.details.actions").click()
    ui.page.get_by_role("menuitem", name="Delete").click()
    ui.dialog().get_by_role("button", name="Delete").click()
    ui.see("keeper-prompt")
    ui.see_none("prompt-to-delete")
