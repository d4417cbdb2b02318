"""The evaluation view: the tables of several runs, side by side."""

from __future__ import annotations

from playwright.sync_api import expect

from browsing.ui import UI


def open_view(ui: UI) -> None:
    ui.open(f"/experiments/{ui.facts['evaluations']['experiment']}/runs?compareRunsMode=ARTIFACT", "short answers", "long answers")


def test_answers_of_runs_are_compared_by_question(ui: UI):
    open_view(ui)
    ui.see("eval_results_table.json", "What is your quest?", "To seek the holy grail, and nothing but the grail.", "The grail.")
    ui.see("African or European?", "About eleven metres in a second, if it is a European one.", "An African one.")
    ui.see("Who goes there?", "Arthur.", "(empty)")
    ui.shot("evaluation-table")


def test_the_table_is_searched(ui: UI):
    open_view(ui)
    ui.see("What is your favourite colour?")
    ui.page.get_by_placeholder("Filter by question").fill("quest?")
    ui.page.keyboard.press("Enter")
    ui.see_none("What is your favourite colour?")
    ui.see("What is your quest?")


def test_another_column_is_compared(ui: UI):
    open_view(ui)
    ui.see("What is your quest?")
    ui.page.get_by_test_id("dropdown-compare-columns").or_(ui.page.get_by_role("combobox").filter(has_text="Compare")).first.click()
    ui.page.get_by_role("option", name="length/score").click()
    ui.see("57", "20")
    ui.shot("evaluation-table-of-scores")


def test_a_table_of_another_name_is_shown(ui: UI):
    open_view(ui)
    ui.page.get_by_test_id("dropdown-tables").click()
    ui.page.get_by_role("option", name="remarks.json").click()
    ui.page.keyboard.press("Escape")
    ui.see("remarks.json")


def test_an_answer_is_previewed(ui: UI):
    open_view(ui)
    ui.text("To seek the holy grail, and nothing but the grail.").first.click()
    expect(ui.text("To seek the holy grail, and nothing but the grail.")).to_have_count(2)
    ui.shot("evaluation-table-preview")
