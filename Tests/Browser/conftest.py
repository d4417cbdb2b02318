"""One browser for all tests, a new page for each, and the servers.

UNLADEN_TEST_PEER=1 runs the tests on MLflow's own server, as the reference; otherwise they run on ours, with SQLite and PostgreSQL.
UNLADEN_SCREENSHOTS is a directory for screenshots, and UNLADEN_CHROMIUM the browser's executable.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from browsing import browsers, sites
from browsing.problems import Problems
from browsing.sites import Site
from browsing.ui import FIRST_VISIT, UI, WINDOW

#: The time limit for content to appear, in milliseconds. It is generous, as test machines are sometimes slow.
LIMIT = 30_000


@pytest.fixture(scope="session", params=sites.names())
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Each filled server in turn."""
    with sites.site(request.param, tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = browsers.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def context(site: Site, browser: Browser) -> Iterator[BrowserContext]:
    """The context of a server's pages, which share the browser's cache with the UI's files."""
    context = browser.new_context(viewport=WINDOW, locale="en-US", timezone_id="UTC", accept_downloads=True)
    context.set_default_timeout(LIMIT)
    context.add_init_script(FIRST_VISIT)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.url)
    yield context
    context.close()


@pytest.fixture
def ui(site: Site, context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[UI]:
    """A new page on a server, as on a first visit. The test fails if anything on the page fails, at the latest at its end."""
    expect.set_options(timeout=LIMIT)
    problems = Problems(context)
    page = context.new_page()
    ui = UI(page, site, problems)
    yield ui
    failed = getattr(request.node, "failed", False)
    if failed:
        # No screenshot can be taken of an unresponsive page, which is reported anyway.
        with contextlib.suppress(Error):
            ui.shot(f"failed-{request.node.originalname}")
    else:
        problems.settle(page)
    problems.stop()
    forget(context, page)
    if problems.found and failed:
        print("the page also had problems:\n" + "\n".join(problems.found))
    elif not failed:
        problems.check()


def forget(context: BrowserContext, page: Page) -> None:
    """Closes the pages, and removes the UI's data from the browser."""
    with contextlib.suppress(Error):
        page.evaluate("""async () => {
            localStorage.clear();
            sessionStorage.clear();
            for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
        }""")
    for open_page in context.pages:
        open_page.close()
    context.clear_cookies()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.failed = report.failed
    return report


def pytest_configure(config: pytest.Config) -> None:
    directory = os.environ.get("UNLADEN_SCREENSHOTS")
    for name in sites.names() if directory else []:
        (pathlib.Path(directory) / name).mkdir(parents=True, exist_ok=True)
