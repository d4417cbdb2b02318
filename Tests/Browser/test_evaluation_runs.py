"""Evaluation runs: what `mlflow.genai.evaluate` has logged."""

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
