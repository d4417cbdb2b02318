"""Traces, their spans and assessments, and sessions."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from browsing.ui import UI


def open_traces(ui: UI) -> None:
    ui.open(f"/experiments/{ui.facts['traces']['experiment']}/traces", "question number 7", "question number 0")


def open_trace(ui: UI, number: int) -> None:
    facts = ui.facts["traces"]
    ui.open(f"/experiments/{facts['experiment']}/traces?selectedEvaluationId={facts['traces'][str(number)]}", "cross bridge", "look up")


def test_traces_show_with_inputs_outputs_sessions_tags_and_assessments(ui: UI):
    open_traces(ui)
    ui.see("The reply to question number 0", "session-0", "castle: anthrax", "castle: camelot", "Error", "42", "polite", "17.5")
    ui.see("8 of 8")
    ui.shot("traces")


def test_traces_are_searched(ui: UI):
    open_traces(ui)
    ui.component("web-shared.traces-table.search").fill("question number 3")
    ui.page.keyboard.press("Enter")
    ui.see_none("question number 2")
    ui.see("question number 3")


def test_traces_are_filtered_by_a_tag(ui: UI):
    open_traces(ui)
    ui.page.get_by_label("Filter by tag castle: anthrax").first.click()
    ui.see_none("question number 2", "question number 4")
    ui.see("question number 3", "question number 5")
    ui.shot("traces-filtered")


def test_traces_are_filtered_by_their_state(ui: UI):
    open_traces(ui)
    ui.component("web-shared.traces-table.filter.trigger").click()
    ui.page.get_by_role("combobox").filter(has_text="Select").last.click()
    ui.page.get_by_role("option", name="Error").click()
    ui.button("Apply filters").click()
    ui.see_none("question number 5")
    ui.see("question number 7")
    ui.shot("traces-failed")


def test_traces_are_grouped_by_session(ui: UI):
    open_traces(ui)
    ui.component("mlflow.traces-v4.group-by-session").click()
    ui.see("session-0", "session-1")
    ui.shot("traces-by-session")


def test_a_trace_shows_its_spans_inputs_and_attributes(ui: UI):
    open_trace(ui, 0)
    ui.see("ask model", "The reply to question number 0")
    ui.shot("trace")
    ui.text("ask model").first.click()
    ui.see("gpt-4o-mini", "42 tokens")
    ui.text("look up").first.click()
    ui.page.get_by_role("tab", name="Attributes").click()
    ui.see("scroll.shelf", "third from the left")
    ui.shot("trace-span")


def test_a_trace_shows_its_timeline(ui: UI):
    open_trace(ui, 0)
    ui.component("shared.model-trace-explorer.toggle-show-timeline").click()
    # The time axis and the duration of each span.
    ui.see("0s", within=ui.dialog())
    expect(ui.text(re.compile(r"^\d+\.\d\dms$"), ui.dialog())).not_to_have_count(0)
    ui.shot("trace-timeline")


def test_a_failed_trace_shows_its_error(ui: UI):
    open_trace(ui, 7)
    ui.text("ask model").first.click()
    ui.see("the bridge is out")
    ui.shot("trace-failed")


def open_assessments(ui: UI, number: int) -> None:
    open_trace(ui, number)
    ui.component("shared.model-trace-explorer.assessments-pane-toggle").click()
    ui.see("Expectations")


def test_assessments_show(ui: UI):
    open_assessments(ui, 0)
    ui.see("Feedback (2)", "polite", "True", "17.5", "expected colour", "arthur@camelot.example", "blue")
    ui.shot("assessments")


def test_feedback_is_added_edited_and_deleted(ui: UI):
    open_assessments(ui, 3)
    ui.button("Add feedback").first.click()
    ui.text("Human feedback").click()
    ui.page.get_by_test_id("assessment-name-typeahead-input").fill("brave")
    ui.page.keyboard.press("Tab")
    ui.component("shared.model-trace-explorer.assessment-rationale-input").fill("It didn't run away.")
    ui.button("Create", exact=True).click()
    ui.see("Feedback (1)", "brave", "True")
    ui.shot("feedback-added")
    ui.component("shared.model-trace-explorer.toggle-assessment-expanded").click()
    ui.see("It didn't run away.")
    ui.component("shared.model-trace-explorer.assessment-more-button").click()
    ui.page.get_by_role("menuitem", name="Edit").click()
    ui.component("shared.model-trace-explorer.assessment-edit-value-boolean-input").get_by_text("False").click()
    ui.button("Save", exact=True).first.click()
    # The table behind the trace also has such values.
    ui.see_none("True", within=ui.dialog())
    ui.see("False", within=ui.dialog())
    ui.shot("feedback-edited")
    ui.component("shared.model-trace-explorer.toggle-assessment-expanded").click()
    ui.component("shared.model-trace-explorer.assessment-more-button").click()
    ui.page.get_by_role("menuitem", name="Delete").click()
    ui.dialog().get_by_role("button", name="Delete").click()
    ui.see_none("brave")


def test_an_expectation_is_added(ui: UI):
    open_assessments(ui, 2)
    ui.button("Add expectation").first.click()
    ui.page.get_by_test_id("assessment-name-typeahead-input").fill("expected bird")
    ui.page.keyboard.press("Tab")
    ui.page.get_by_label("Data Type").click()
    ui.page.get_by_role("option", name="String").click()
    ui.component("shared.model-trace-explorer.assessment-value-string-input").fill("a swallow")
    ui.button("Create", exact=True).click()
    ui.see("Expectations (1)", "expected bird", "a swallow")
    ui.shot("expectation-added")


def test_tags_of_a_trace_are_edited(ui: UI):
    open_traces(ui)
    select(ui, 4)
    ui.page.get_by_role("menuitem", name="Edit tags").click()
    ui.add_tag("guard", "french")
    # The table shows one tag of each trace, the dialog all of them.
    ui.page.reload()
    ui.see("question number 4")
    select(ui, 4)
    ui.page.get_by_role("menuitem", name="Edit tags").click()
    ui.see("guard", "french", within=ui.dialog())


def select(ui: UI, number: int) -> None:
    """Selects a trace and opens the actions menu."""
    ui.page.get_by_label(f"Select trace {ui.facts['traces']['traces'][str(number)]}").check()
    ui.component("mlflow.traces-v4.actions.trigger").click()


def test_traces_are_deleted(ui: UI):
    open_traces(ui)
    select(ui, 6)
    ui.page.get_by_role("menuitem", name="Delete").click()
    ui.dialog().get_by_role("button", name="Delete").click()
    ui.see_none("question number 6")
    ui.see("question number 5")


def test_a_session_shows_its_turns(ui: UI):
    experiment = ui.facts["traces"]["experiment"]
    ui.open(f"/experiments/{experiment}/chat-sessions", "View Sessions in Traces tab")
    ui.shot("sessions")
    ui.open(f"/experiments/{experiment}/chat-sessions/session-0", "Turn 1", "Turn 3", "question number 0", "polite: True")
    ui.see("The reply to question number 2")
    ui.shot("session")
