"""Pages of features that are planned or disabled: they open and show a notice."""

from __future__ import annotations

import contextlib
import os

import pytest
from playwright.sync_api import Browser, expect

from browsing.ui import UI, WINDOW


@pytest.mark.parametrize(("name", "page", "text"), [
    ("judges", "judges", "Judges"), ("datasets", "datasets", "Datasets"), ("playground", "playground", "Submit"),
])
def test_a_page_of_an_experiment_opens(ui: UI, name: str, page: str, text: str):
    ui.open(f"/experiments/{ui.facts['traces']['experiment']}/{page}", "Traces of the quest", text)
    ui.shot(name)


def test_the_review_page_opens_without_queues(ui: UI):
    # The page creates a queue for its user, which isn't supported yet.
    with ui.problems.expecting(501, "/review-queues/get-or-create-user$"):
        ui.open(f"/experiments/{ui.facts['traces']['experiment']}/review-queue", "Traces of the quest", "Review")
        ui.problems.settle(ui.page)
        ui.shot("review")


def test_settings_open(ui: UI):
    ui.open("/settings", "Settings", "Theme")
    ui.shot("settings")


def test_the_assistant_which_is_off_stays_closed_on_a_first_visit(ui: UI, browser: Browser):
    if ui.site.is_peer or not os.environ.get("UNLADEN_MLFLOW_UI"):
        pytest.skip("the files are MLflow's own, whose assistant opens")
    with contextlib.closing(browser.new_context(viewport=WINDOW)) as context:
        page = context.new_page()
        page.goto(ui.site.url)
        # The button shows only while the panel is closed.
        expect(page.locator("button[data-assistant-ui]").first).to_be_visible()
        expect(page.get_by_text("Welcome to MLflow Assistant")).to_have_count(0)


def test_an_unknown_page_is_reported(ui: UI):
    ui.open("/no/such/page", "Page Not Found")
    ui.shot("not-found")
