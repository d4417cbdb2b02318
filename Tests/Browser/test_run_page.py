"""The page of a run, and edits there."""

from __future__ import annotations

from browsing.ui import UI


def run_route(ui: UI, name: str, tab: str = "") -> str:
    facts = ui.facts["runs"]
    return f"/experiments/{facts['experiment']}/runs/{facts['ids'][name]}{tab}"


def test_a_run_shows_its_details_params_metrics_tags_and_data_sets(ui: UI):
    ui.open(run_route(ui, "european swallow"), "european swallow", "Notes on the european swallow.", "Finished")
    ui.see("species", "coconuts", "airspeed", "final_score", "bridge", "of sighs", "swallow-measurements")
    ui.shot("run")


def test_a_run_of_a_parent_links_to_it(ui: UI):
    ui.open(run_route(ui, "left wing"), "left wing", "Parent run", "european swallow")


def test_a_run_shows_charts_of_its_metrics(ui: UI):
    ui.open(run_route(ui, "european swallow", "/model-metrics"), "airspeed", "wing/beats", "final_score")
    ui.page.locator(".js-plotly-plot .scatterlayer path").first.wait_for()
    ui.shot("run-metrics")
    ui.open(run_route(ui, "european swallow", "/system-metrics"), "cpu")
    ui.page.locator(".js-plotly-plot .scatterlayer path").first.wait_for()
    ui.shot("run-system-metrics")


def test_a_run_without_traces_has_a_notice(ui: UI):
    ui.open(run_route(ui, "european swallow", "/traces"), "No traces")


def test_a_run_is_described_and_renamed(ui: UI):
    facts = ui.facts["runs"]
    ui.open(f"/experiments/{facts['changing_experiment']}/runs/{facts['changing']['run to describe']}", "run to describe", "coconut")
    ui.page.get_by_label("Edit description").first.click()
    ui.page.get_by_test_id("text-area").fill("It weighs *one and a half*.")
    ui.button("Save").click()
    ui.see("one and a half")
    ui.page.get_by_test_id("overflow-menu-trigger").click()
    ui.page.get_by_role("menuitem", name="Rename").click()
    ui.page.get_by_test_id("rename-modal-input").fill("run with a description")
    ui.dialog().get_by_role("button", name="Save").click()
    ui.see("run with a description")
    ui.shot("run-described")
