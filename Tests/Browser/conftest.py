"""One browser for all tests, a page of its own for each, and the servers that they look at.

UNLADEN_TEST_PEER=1 runs the tests on MLflow's own server, which is the measure; else they run on ours over SQLite and
PostgreSQL. UNLADEN_SCREENSHOTS names a folder for pictures of the pages, and UNLADEN_CHROMIUM the browser's program.
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
from browsing.ui import FIRST_VISIT, WINDOW, UI

#: How long anything may take to show, in milliseconds. It is long, as machines that run tests are slow at times.
LIMIT = 30_000


@pytest.fixture(scope="session", params=sites.names())
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A filled server, one after the other."""
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
    """What the pages of a server share: the browser's cache, in which the UI's files stay."""
    context = browser.new_context(viewport=WINDOW, locale="en-US", timezone_id="UTC", accept_downloads=True)
    context.set_default_timeout(LIMIT)
    context.add_init_script(FIRST_VISIT)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.url)
    yield context
    context.close()


@pytest.fixture
def ui(site: Site, context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[UI]:
    """A page of its own on a server, as on a first visit. The test fails if anything on the page does, at the latest when it is over."""
    expect.set_options(timeout=LIMIT)
    problems = Problems(context)
    page = context.new_page()
    ui = UI(page, site, problems)
    yield ui
    failed = getattr(request.node, "failed", False)
    if failed:
        # A page that doesn't answer gives no picture, which is no news.
        with contextlib.suppress(Error):
            ui.shot(f"failed-{request.node.originalname}")
    else:
        problems.settle(page)
    problems.stop()
    forget(context, page)
    if problems.found and failed:
        print("the page had problems too:\n" + "\n".join(problems.found))
    elif not failed:
        problems.check()


def forget(context: BrowserContext, page: Page) -> None:
    """Closes the pages, and removes what the UI has stored in the browser."""
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
    folder = os.environ.get("UNLADEN_SCREENSHOTS")
    for name in sites.names() if folder else []:
        (pathlib.Path(folder) / name).mkdir(parents=True, exist_ok=True)
