"""The overview of an experiment: charts of its traces, assessments and tools."""

from __future__ import annotations

from browsing.ui import UI


def test_usage_shows_counts_of_traces_and_tokens(ui: UI):
    ui.open(f"/experiments/{ui.facts['traces']['experiment']}/overview/usage", "Traces", "Tokens", "Latency")
    ui.page.locator(".recharts-surface").first.wait_for()
    ui.shot("overview-usage")


def test_quality_shows_assessments(ui: UI):
    ui.open(f"/experiments/{ui.facts['traces']['experiment']}/overview/quality", "polite")
    ui.page.locator(".recharts-surface").first.wait_for()
    ui.shot("overview-quality")


def test_tool_calls_show_a_chart_or_a_notice(ui: UI):
    ui.open(f"/experiments/{ui.facts['traces']['experiment']}/overview/tool-calls", "Tool")
    ui.shot("overview-tools")
