"""The browser: Debian's Chromium, without a window."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import Browser, Playwright


def launch(playwright: Playwright) -> Browser:
    """Starts the browser that UNLADEN_CHROMIUM names, or the one that is installed."""
    program = os.environ.get("UNLADEN_CHROMIUM") or shutil.which("chromium")
    assert program, "no chromium found; install Debian's package or set UNLADEN_CHROMIUM"
    # As root, as in a container, Chromium's own sandbox doesn't start.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=program, args=[*arguments, "--disable-gpu"])
