"""Charts of an experiment's runs, the comparison of runs, and the page of a metric."""

from __future__ import annotations

import json

from browsing.ui import UI


def test_charts_show_the_series_of_all_runs(ui: UI):
    ui.open(f"/experiments/{ui.facts['runs']['experiment']}/runs?compareRunsMode=CHART", "airspeed", "wing/beats", "final_score")
    ui.see("european swallow (airspeed)", "laden swallow (wing/beats)")
    ui.shot("charts")


def test_runs_are_compared_side_by_side(ui: UI):
    facts = ui.facts["runs"]
    runs = json.dumps([facts["ids"]["european swallow"], facts["ids"]["african swallow"]])
    ui.open(f'/compare-runs?runs={runs}&experiments=["{facts["experiment"]}"]', "Comparing 2 Runs from 1 Experiment")
    ui.see("Parallel Coordinates Plot", "coconuts", "species", "final_score", "of death", "of sighs")
    ui.shot("runs-compared")
    for plot in ("Scatter Plot", "Box Plot", "Contour Plot"):
        ui.page.get_by_role("tab", name=plot).click()
        ui.see("X-axis:" if plot != "Box Plot" else "Y-axis:")
        ui.shot(f"runs-compared-{plot.partition(' ')[0].lower()}")


def test_a_metric_has_a_page_of_its_own(ui: UI):
    facts = ui.facts["runs"]
    run = facts["ids"]["laden swallow"]
    ui.open(
        f'/metric/airspeed?runs=["{run}"]&metric="airspeed"&experiments=["{facts["experiment"]}"]&plot_metric_keys=["airspeed"]',
        "laden swallow", "airspeed", "Points:")
    ui.page.locator(".js-plotly-plot .scatterlayer path").first.wait_for()
    ui.shot("metric")
