"""The demo flow: two runs with evaluation tables are compared, and a third is created with prompt engineering: a template for a
model behind the gateway is tried, logged as a run, and evaluated on more rows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from browsing.ui import UI

TEMPLATE = "Keeper of the bridge, answer this: {{question}}"
COMPONENTS = "codegen_mlflow_app_src_experiment-tracking_components_evaluation-artifacts-compare_components"


def fill_form(ui: UI, name: str, question: str) -> Locator:
    """Opens and fills in the form for a prompt engineering run."""
    ui.button("New run").click()
    ui.page.get_by_role("menuitem", name="using Prompt Engineering").click()
    form = ui.dialog()
    form.get_by_role("combobox").click()
    ui.page.get_by_role("option", name="keeper-chat").click()
    form.get_by_test_id("run-name-input").fill(name)
    form.get_by_test_id("prompt-template-input").fill(TEMPLATE)
    expect(form.get_by_text("question", exact=True)).to_be_visible()
    form.get_by_role("textbox").nth(-2).fill(question)
    form.get_by_test_id("max_tokens").fill("50")
    return form


def test_a_prompt_is_tried_logged_as_a_run_and_evaluated_on_more_rows(ui: UI):
    if ui.site.gateway is None:
        pytest.skip("no gateway on this machine")
    view = f"/experiments/{ui.facts['evaluations']['engineering']['experiment']}/runs?compareRunsMode=ARTIFACT"
    ui.open(view, "short answers", "long answers", "African or European?")

    form = fill_form(ui, "engineered prompt", "Who goes there?")
    form.get_by_test_id("button-evaluate").click()
    expect(form.get_by_test_id("prompt-output")).to_have_value(re.compile(r"answer this: Who goes there\?"))
    ui.shot("prompt-engineering-form")
    form.get_by_test_id("button-create-run").click()
    expect(form).to_have_count(0)
    ui.see("engineered prompt", re.compile(r"answer this: Who goes there\?"))

    ui.component(f"{COMPONENTS}_evaluationtableactionscellrenderer.tsx_37").click()
    ui.dialog().get_by_role("textbox").fill("What is a shrubbery?")
    ui.button("Submit").click()
    ui.see("What is a shrubbery?")
    ui.button("Evaluate all").click()
    for question in ("What is a shrubbery?", "What is your quest?", "What is the capital of Assyria?"):
        ui.see(re.compile(re.escape(f"answer this: {question}")))
    ui.see("The grail.", "To seek the holy grail, and nothing but the grail.")
    ui.button("Save", exact=True).click()
    expect(ui.button("Save", exact=True)).to_have_count(0)
    ui.shot("prompt-engineering-compared")

    # The next visit shows what was saved, and the run has the parameters of the prompt.
    ui.page.reload()
    ui.see(re.compile(re.escape("answer this: What is a shrubbery?")), "The grail.")
    ui.page.get_by_role("link", name="engineered prompt").first.click()
    ui.see("model_route", "keeper-chat", "prompt_template", "max_tokens", "50")
    ui.shot("prompt-engineering-run")



def test_the_playground_calls_a_model_behind_the_gateway(ui: UI):
    if ui.site.gateway is None:
        pytest.skip("no gateway on this machine")
    ui.open(f"/experiments/{ui.facts['traces']['experiment']}/playground", "Select an endpoint")
    ui.component("mlflow.endpoint-selector.select").click()
    ui.page.get_by_role("option", name="keeper-chat").click()
    ui.component("mlflow.playground.prompt_input.content").fill("Who goes there?")
    ui.component("mlflow.playground.submit").click()
    ui.see("echo: Who goes there?", re.compile(r"Tokens — input: \d+, output: \d+"))
    ui.shot("playground-answered")
