"""MLflow's web UI in a page: going to a route, seeing texts, taking pictures."""

from __future__ import annotations

import os
import pathlib
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from .problems import Problems
from .sites import Site

#: The window, in pixels; wide enough that tables show their columns.
WINDOW = {"width": 1600, "height": 1000}

#: Switches off what lies over the page on a first visit: the assistant's panel and hints.
FIRST_VISIT = """
try {
  localStorage.setItem("mlflow.assistant.fab.autoOpenedOnFirstLoad_v1", "true");
  localStorage.setItem("mlflow.assistant.panelOpen_v1", "false");
  localStorage.setItem("mlflow.detectIssues.guidanceShown_v1", "true");
  localStorage.setItem("_mlflow_model_registry_promo_modal_dismissed_v1", "true");
} catch { /* A frame without an origin has no storage. */ }
"""


class UI:
    """The page of a test. Everything that waits, waits for content and within the limits that conftest.py sets."""

    def __init__(self, page: Page, site: Site, problems: Problems) -> None:
        self.page = page
        self.site = site
        self.problems = problems

    @property
    def facts(self) -> dict[str, Any]:
        """What was written to the server, by the part of ``filling`` that wrote it."""
        return self.site.facts

    def open(self, route: str, *texts: str | re.Pattern[str]) -> None:
        """Goes to a route, such as ``/models``, and waits until texts show."""
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
        """The visible elements that the UI's sources name so: names that don't change with language or style."""
        return (within or self.page).locator(f'[data-component-id="{identifier}"]').filter(visible=True)

    def add_tag(self, key: str, value: str) -> None:
        """Adds a tag in the dialog for tags, and saves it."""
        dialog = self.dialog()
        dialog.get_by_role("combobox").first.click()
        self.page.keyboard.type(key)
        # What assistive technology reads of the list, which is hidden.
        expect(self.page.get_by_role("option").filter(has_text=key)).to_be_attached()
        self.page.keyboard.press("Enter")
        self.page.get_by_label("Value", exact=True).fill(value)
        self.button("Add tag", exact=True).click()
        self.see(value, within=dialog)
        self.button("Save tags").click()
        expect(dialog).to_have_count(0)

    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.page.get_by_role("dialog").filter(visible=True).last

    def shot(self, name: str) -> None:
        """Takes a picture of the page, if UNLADEN_SCREENSHOTS names a folder."""
        folder = os.environ.get("UNLADEN_SCREENSHOTS")
        if folder:
            self.page.screenshot(path=pathlib.Path(folder) / self.site.name / f"{name}.png")
