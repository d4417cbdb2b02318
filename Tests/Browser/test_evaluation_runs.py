"""Evaluation runs, as logged by `mlflow.genai.evaluate`."""

from __future__ import annotations

from browsing.ui import UI


def test_evaluation_runs_show_their_scores(ui: UI):
    facts = ui.facts["traces"]
    ui.open(
        f"/experiments/{facts['evaluation_experiment']}/evaluation-runs", "terse evaluation", "wordy evaluation",
        "short_enough", "word_count")
    ui.shot("evaluation-runs")


def test_an_evaluation_run_shows_its_rows(ui: UI):
    ui.open(f"/experiments/{ui.facts['traces']['evaluation_experiment']}/evaluation-runs", "terse evaluation")
    ui.text("terse evaluation").first.click()
    ui.see("What is colour 0?", "Blue. (0)", "100%", "3 of 3")
    ui.shot("evaluation-run")


def test_evaluation_runs_are_compared_answer_by_answer(ui: UI):
    ui.open(f"/experiments/{ui.facts['traces']['evaluation_experiment']}/evaluation-runs", "terse evaluation", "wordy evaluation")
    for box in ui.component("mlflow.eval-runs.checkbox-cell").all():
        box.click()
    ui.component("mlflow.eval-runs.actions-button").first.click()
    ui.page.get_by_role("menuitem", name="Compare").click()
    ui.see('"Blue. (0)"', '"It is blue, or rather it was yellow all along. (0)"', "+100%")
    ui.shot("evaluation-runs-compared")
