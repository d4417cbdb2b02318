"""The table of an experiment's runs."""

from __future__ import annotations

import csv
import pathlib
from collections.abc import Sequence

from playwright.sync_api import Locator, expect

from browsing.ui import UI


def open_runs(ui: UI) -> None:
    ui.open(f"/experiments/{ui.facts['runs']['experiment']}/runs", "european swallow", "broken swallow")


def search(ui: UI, text: str) -> None:
    box = ui.page.get_by_test_id("search-box")
    box.fill(text)
    box.press("Enter")


def row(ui: UI, name: str) -> Locator:
    """The part of a run's row with its name and checkbox."""
    return ui.page.get_by_role("row").filter(has=ui.page.get_by_role("link", name=name, exact=True))


def expect_runs(ui: UI, shown: Sequence[str] = (), hidden: Sequence[str] = ()) -> None:
    for name in shown:
        expect(row(ui, name)).to_be_visible()
    for name in hidden:
        expect(row(ui, name)).to_have_count(0)


def select(ui: UI, *names: str) -> None:
    for name in names:
        row(ui, name).get_by_label("Press Space to toggle row selection").check()


def test_runs_show_with_what_was_logged_to_them(ui: UI):
    open_runs(ui)
    ui.see("laden swallow", "african swallow", "swallow-measurements", "matching runs")
    ui.shot("runs")
    ui.button("Show more columns").click()
    ui.see("final_score", "species", "coconuts", "favourite colour")
    ui.shot("runs-with-all-columns")


def test_columns_are_chosen(ui: UI):
    open_runs(ui)
    ui.button("Columns", exact=True).click()
    ui.page.get_by_placeholder("Search columns").fill("final_score")
    ui.text("final_score", within=ui.component("mlflow.experiment_page.runs_table.column_selector")).click()
    ui.page.keyboard.press("Escape")
    expect(ui.page.get_by_role("columnheader").filter(has_text="final_score").last).to_be_visible()
    ui.see("0.25", "0.5", "0.75")


def test_runs_are_found_by_filters(ui: UI):
    open_runs(ui)
    search(ui, "metrics.final_score > 0.6 and params.species = 'european'")
    expect_runs(ui, shown=["laden swallow"], hidden=["african swallow", "european swallow"])
    search(ui, "tags.`favourite colour` = 'blue' and attributes.status = 'FAILED'")
    expect_runs(ui, shown=["broken swallow"], hidden=["laden swallow"])
    with ui.problems.expecting(400, "/runs/search$"):
        search(ui, "metrics.airspeed !! 3")
        ui.see("Invalid")
        ui.shot("runs-with-a-wrong-filter")
        ui.problems.settle(ui.page)


def test_runs_are_sorted_by_a_metric(ui: UI):
    open_runs(ui)
    ui.page.get_by_test_id("sort-select-dropdown").click()
    ui.page.get_by_test_id("sort-select-final_score").click()
    expect(ui.page.get_by_test_id("sort-select-dropdown")).to_contain_text("final_score")
    # The rows' order in the document differs from that on the screen.
    first = ui.page.locator('[role="row"][row-index="0"]').get_by_role("link")
    expect(first).to_have_text("broken swallow")
    ui.page.get_by_test_id("sort-select-dropdown").click()
    ui.page.get_by_test_id("sort-select-asc").click()
    expect(first).to_have_text("european swallow")
    ui.see("0.25", "0.75")


def test_runs_are_grouped_by_a_param(ui: UI):
    open_runs(ui)
    ui.button("Group by", exact=True).click()
    ui.page.get_by_role("menuitemcheckbox", name="species").click()
    ui.see("Group by: species", "Group: african", "Group: european")
    expect_runs(ui, shown=["left wing", "broken swallow"])
    ui.shot("runs-grouped")


def test_child_runs_show_below_their_parent(ui: UI):
    open_runs(ui)
    row(ui, "european swallow").get_by_role("button").first.click()
    ui.see("left wing", "right wing")
    ui.shot("runs-nested")


def test_a_data_set_shows_its_schema(ui: UI):
    open_runs(ui)
    ui.page.get_by_test_id("open-dataset-drawer").first.click()
    ui.see("swallow-measurements", "species", "airspeed", "s3://birds/swallows.csv")
    ui.shot("run-data-set")


def test_runs_are_downloaded_as_csv(ui: UI):
    open_runs(ui)
    ui.page.get_by_label("More options").click()
    with ui.page.expect_download() as download:
        ui.text("Download").first.click()
    with pathlib.Path(download.value.path()).open() as file:
        rows = {line["Name"]: line for line in csv.DictReader(file)}
    assert rows["laden swallow"]["species"] == "european" and float(rows["laden swallow"]["final_score"]) == 0.75


def test_runs_are_renamed_deleted_and_restored(ui: UI):
    ui.open(f"/experiments/{ui.facts['runs']['changing_experiment']}/runs", "run to rename", "run to delete", "run to leave")
    select(ui, "run to rename")
    ui.page.get_by_test_id("run-rename-button").click()
    ui.page.get_by_test_id("rename-modal-input").fill("run with a new name")
    ui.dialog().get_by_role("button", name="Save").click()
    ui.see("run with a new name")
    ui.see_none("run to rename")

    ui.open(f"/experiments/{ui.facts['runs']['changing_experiment']}/runs", "run with a new name")
    select(ui, "run to delete")
    ui.page.get_by_test_id("runs-delete-button").click()
    ui.component("delete-selected").click()
    expect_runs(ui, shown=["run to leave"], hidden=["run to delete"])

    ui.page.get_by_test_id("lifecycle-filter").click()
    ui.page.get_by_role("option", name="Deleted").click()
    ui.see("run to delete")
    ui.see_none("run to leave")
    select(ui, "run to delete")
    ui.shot("runs-deleted")
    ui.button("Restore").click()
    ui.dialog().get_by_role("button", name="Restore").click()
    expect_runs(ui, hidden=["run to delete"])
    ui.open(f"/experiments/{ui.facts['runs']['changing_experiment']}/runs?lifecycleFilter=Active", "run to delete")


def test_runs_get_tags_in_the_table(ui: UI):
    ui.open(f"/experiments/{ui.facts['runs']['changing_experiment']}/runs", "run to tag")
    select(ui, "run to tag")
    ui.page.get_by_test_id("runs-tag-multiselect-trigger").click()
    ui.text("Add new tag").click()
    ui.dialog().get_by_role("textbox").nth(0).fill("castle")
    ui.dialog().get_by_role("textbox").nth(1).fill("anthrax")
    ui.dialog().get_by_role("button", name="Add").click()
    with ui.page.expect_response(lambda response: response.url.endswith("/runs/set-tag") and response.ok):
        ui.component("mlflow.experiment_page.runs.add_tags").click()
    ui.open(f"/experiments/{ui.facts['runs']['changing_experiment']}/runs/{ui.facts['runs']['changing']['run to tag']}")
    ui.see("castle", "anthrax")
