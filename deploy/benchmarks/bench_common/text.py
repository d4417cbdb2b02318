"""What the benchmarks print: numbers, ratios, the machine, and where they are."""

import os
import platform
import sys
from pathlib import Path


def say(what: str) -> None:
    """Tells what is measured now."""
    print(f"… {what}", file=sys.stderr, flush=True)


def ratio(more: float, less: float) -> float | None:
    """How many times the one is the other, if that can be said."""
    return more / less if less else None


def times(value: float | None) -> str:
    """A ratio in a cell of a table."""
    return f"{number(value)}×" if value else ""


def number(value: float) -> str:
    """Three digits that say something, and no more."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def machine() -> dict[str, str]:
    """The settings' line about the machine."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return {"machine": f"{os.cpu_count()} × {model}, {platform.system()} {platform.release()}"}
