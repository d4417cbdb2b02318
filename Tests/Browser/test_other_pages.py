"""Pages of features whose records come later, or that are off: they open, and say what there is."""

from __future__ import annotations

import pytest

from browsing.ui import UI


@pytest.mark.parametrize(("name", "page", "text"), [
    ("judges", "judges", "Judges"), ("datasets", "datasets", "Datasets"), ("review", "review-queue", "Review"),
    ("playground", "playground", "Submit"),
])
def test_a_page_of_an_experiment_opens(ui: UI, name: str, page: str, text: str):
    ui.open(f"/experiments/{ui.facts['traces']['experiment']}/{page}", "Traces of the quest", text)
    ui.shot(name)


def test_settings_open(ui: UI):
    ui.open("/settings", "Settings", "Theme")
    ui.shot("settings")


def test_an_unknown_page_says_so(ui: UI):
    ui.open("/no/such/page", "Page Not Found")
    ui.shot("not-found")
