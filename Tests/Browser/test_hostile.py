"""Stored strings are never rendered as markup, and artifacts have no more access than in MLflow."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from browsing.ui import UI


def assert_unmarked(ui: UI) -> None:
    assert ui.page.evaluate("window.unladenMark ?? null") is None, "a stored string was executed as a script"


def test_names_tags_and_notes_are_text(ui: UI):
    facts = ui.facts["hostile"]
    # The notes are Markdown, which may contain images: the browser requests the image and gets status 404.
    with ui.problems.expecting(404, "^/x$"):
        for route in (
            "/experiments", f"/experiments/{facts['experiment']}/runs", f"/experiments/{facts['experiment']}/runs/{facts['run']}",
            f"/experiments/{facts['experiment']}/runs?compareRunsMode=ARTIFACT",
            f"/experiments/{facts['experiment']}/traces", "/models", "/models/hostile-model", "/prompts", "/prompts/hostile-prompt",
        ):
            ui.open(route, "onerror" if "hostile-model" not in route else "hostile-model")
            ui.problems.settle(ui.page)
            assert_unmarked(ui)
        ui.see("Viewing version 1")
        ui.shot("hostile-prompt")


def test_a_trace_is_text(ui: UI):
    facts = ui.facts["hostile"]
    with ui.problems.expecting(404, "^/x$"):
        ui.open(f"/experiments/{facts['experiment']}/traces?selectedEvaluationId={facts['trace']}", "span <img")
        ui.problems.settle(ui.page)
        assert_unmarked(ui)
        ui.shot("hostile-trace")


def open_artifact(ui: UI, name: str) -> None:
    facts = ui.facts["hostile"]
    ui.open(f"/experiments/{facts['experiment']}/runs/{facts['run']}/artifacts", name)
    ui.text(name).first.click()


def test_a_page_among_the_artifacts_reaches_nothing_of_the_ui(ui: UI):
    ui.page.context.add_cookies([{"name": "secret", "value": "of-the-ui", "url": ui.site.url}])
    with ui.problems.expecting(404, "/x$"):
        open_artifact(ui, "probe.html")
        frame = ui.page.frame_locator("iframe")
        expect(frame.locator("#probe")).not_to_have_text("waiting")
        reach = json.loads(frame.locator("#probe").inner_text())
        ui.shot("hostile-html")
    assert reach == {"origin": "null", "cookie": "refused", "storage": "refused", "parent": "refused", "parentStorage": "refused"}
    assert_unmarked(ui)


def test_texts_and_pictures_among_the_artifacts_run_nothing(ui: UI):
    with ui.problems.expecting(404, "/x$"):
        for name in ("probe.md", "probe.txt", "probe.svg"):
            open_artifact(ui, name)
            ui.problems.settle(ui.page)
            assert_unmarked(ui)
            ui.shot("hostile-" + name.rpartition(".")[2])


def test_artifacts_that_are_opened_by_their_address_run_nothing_in_the_uis_origin(ui: UI):
    ui.page.context.add_cookies([{"name": "secret", "value": "of-the-ui", "url": ui.site.url}])
    for name in ("probe.html", "probe.svg"):
        page = ui.page.context.new_page()
        response = page.request.get(f"{ui.site.url}/get-artifact?path={name}&run_uuid={ui.facts['hostile']['run']}")
        assert response.status == 200
        # Downloaded instead of shown, or shown as text.
        headers = response.headers
        assert headers.get("content-disposition", "").startswith("attachment") or headers["content-type"].startswith("text/plain")
        assert headers["x-content-type-options"] == "nosniff"
        page.close()
