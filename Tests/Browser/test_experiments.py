"""The list of experiments, and the details of an experiment."""

from __future__ import annotations

from playwright.sync_api import expect

from browsing.ui import UI


def search(ui: UI, text: str) -> None:
    ui.page.get_by_test_id("search-experiment-input").fill(text)
    ui.page.keyboard.press("Enter")


def test_the_home_page_lists_recent_experiments(ui: UI):
    ui.open("/", "Welcome to MLflow", "Recent Experiments", "Traces of the quest")
    ui.shot("home")


def test_experiments_are_listed_with_their_descriptions_and_tags_and_found_by_name(ui: UI):
    ui.open("/experiments", "Airspeed of swallows", "What is the airspeed velocity of an *unladen* swallow?", "team")
    ui.see("The bridge of death", "Artifacts of each kind", "Default")
    ui.shot("experiments")
    search(ui, "airspeed")
    ui.see_none("The bridge of death")
    ui.see("Airspeed of swallows")


def test_experiments_are_created_renamed_described_and_deleted(ui: UI):
    ui.open("/experiments", "Airspeed of swallows")
    ui.page.get_by_test_id("create-experiment-button").click()
    ui.page.get_by_placeholder("Input an experiment name").fill("Experiment of a browser")
    ui.shot("experiment-create")
    ui.dialog().get_by_role("button", name="Create").click()
    expect(ui.page.get_by_test_id("experiment-link").or_(ui.text("Experiment of a browser")).first).to_be_visible()

    ui.open(f"/experiments/{ui.facts['runs']['to_change']['rename']}/runs", "Experiment to rename")
    ui.page.get_by_test_id("overflow-menu-trigger").click()
    ui.text("Edit experiment").click()
    ui.component("mlflow.experiment.edit.name").fill("Experiment that has a new name")
    ui.page.get_by_test_id("text-area").fill("A **description** from the browser.")
    ui.button("Save").click()
    ui.see("Experiment that has a new name", "description")
    ui.shot("experiment-described")

    ui.open(f"/experiments/{ui.facts['runs']['to_change']['delete']}/runs", "Experiment to delete")
    ui.page.get_by_test_id("overflow-menu-trigger").click()
    ui.page.get_by_role("menuitem", name="Delete").click()
    ui.dialog().get_by_role("button", name="Delete").click()
    ui.page.wait_for_url("**/#/experiments*")
    ui.see("Experiment that has a new name", "Experiment of a browser")
    ui.see_none("Experiment to delete", within=ui.page.get_by_role("table"))


def test_experiments_get_tags_in_the_list(ui: UI):
    ui.open("/experiments", "Experiment to tag")
    row = ui.page.get_by_test_id("experiment-list-item").filter(has_text="Experiment to tag")
    row.get_by_label("Edit tags").click()
    ui.add_tag("knight", "lancelot")
    ui.see("knight", "lancelot", within=row)


def test_experiments_are_compared(ui: UI):
    experiments = [ui.facts["runs"]["experiment"], ui.facts["evaluations"]["experiment"]]
    ui.open(f'/compare-experiments/s?experiments=["{experiments[0]}","{experiments[1]}"]', "Displaying Runs from 2 Experiments")
    ui.see("european swallow", "long answers")
    ui.shot("experiments-compared")
