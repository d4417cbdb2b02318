"""MLflow's web UI in a page: opening a route, checking for text, taking screenshots."""

from __future__ import annotations

import os
import pathlib
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from .problems import Problems
from .sites import Site

#: The window size in pixels, wide enough for tables to show their columns.
WINDOW = {"width": 1600, "height": 1000}

#: Turns off what covers the page on a first visit: the assistant's panel and hints.
FIRST_VISIT = """
try {
  localStorage.setItem("mlflow.assistant.fab.autoOpenedOnFirstLoad_v1", "true");
  localStorage.setItem("mlflow.assistant.panelOpen_v1", "false");
  localStorage.setItem("mlflow.detectIssues.guidanceShown_v1", "true");
  localStorage.setItem("_mlflow_model_registry_promo_modal_dismissed_v1", "true");
} catch { /* A frame without an origin has no storage. */ }
"""


class UI:
    """The page of a test. Methods that wait do so for content, within the limits set in conftest.py."""

    def __init__(self, page: Page, site: Site, problems: Problems) -> None:
        self.page = page
        self.site = site
        self.problems = problems

    @property
    def facts(self) -> dict[str, Any]:
        """What was written to the server, by module of ``filling``."""
        return self.site.facts

    def open(self, route: str, *texts: str | re.Pattern[str]) -> None:
        """Opens a route, such as ``/models``, and waits until the texts are visible."""
        self.page.goto(f"{self.site.url}/#{route}")
        self.see(*texts)

    def see(self, *texts: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Waits until each of the texts is visible."""
        for text in texts:
            expect(self.text(text, within).first).to_be_visible()

    def see_none(self, *texts: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Waits until none of the texts is visible."""
        for text in texts:
            expect(self.text(text, within)).to_have_count(0)

    def text(self, text: str | re.Pattern[str], within: Locator | None = None) -> Locator:
        """The visible elements with a text."""
        return (within or self.page.locator("body")).get_by_text(text).filter(visible=True)

    def button(self, name: str | re.Pattern[str], within: Locator | None = None, exact: bool = False) -> Locator:
        return (within or self.page).get_by_role("button", name=name, exact=exact).filter(visible=True)

    def component(self, identifier: str, within: Locator | None = None) -> Locator:
        """The visible elements with this component id in the UI's sources, which is independent of language and style."""
        return (within or self.page).locator(f'[data-component-id="{identifier}"]').filter(visible=True)

    def add_tag(self, key: str, value: str) -> None:
        """Adds a tag in the tags dialog, and saves it."""
        dialog = self.dialog()
        dialog.get_by_role("combobox").first.click()
        self.page.keyboard.type(key)
        # The hidden element for assistive technology.
        expect(self.page.get_by_role("option").filter(has_text=key)).to_be_attached()
        self.page.keyboard.press("Enter")
        self.page.get_by_label("Value", exact=True).fill(value)
        self.button("Add tag", exact=True).click()
        self.see(value, within=dialog)
        self.button("Save tags").click()
        expect(dialog).to_have_count(0)

    def dialog(self) -> Locator:
        """The open dialog."""
        return self.page.get_by_role("dialog").filter(visible=True).last

    def shot(self, name: str) -> None:
        """Takes a screenshot of the page if UNLADEN_SCREENSHOTS is set."""
        directory = os.environ.get("UNLADEN_SCREENSHOTS")
        if directory:
            self.page.screenshot(path=pathlib.Path(directory) / self.site.name / f"{name}.png")
