"""Formatting of the benchmarks' output: numbers, ratios, the machine, and progress."""

import os
import platform
import sys
from pathlib import Path


def say(what: str) -> None:
    """Announces the current measurement."""
    print(f"… {what}", file=sys.stderr, flush=True)


def ratio(more: float, less: float) -> float | None:
    """The ratio of two numbers, or None if it is undefined."""
    return more / less if less else None


def times(value: float | None) -> str:
    """A ratio as a table cell."""
    return f"{number(value)}×" if value else ""


def number(value: float) -> str:
    """A number with three significant digits."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def machine() -> dict[str, str]:
    """The machine's entry in the settings."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return {"machine": f"{os.cpu_count()} × {model}, {platform.system()} {platform.release()}"}
