"""The browser: Debian's Chromium, headless."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import Browser, Playwright


def launch(playwright: Playwright) -> Browser:
    """Starts the browser at UNLADEN_CHROMIUM, or the installed one."""
    program = os.environ.get("UNLADEN_CHROMIUM") or shutil.which("chromium")
    assert program, "No chromium found. Install Debian's package or set UNLADEN_CHROMIUM."
    # As root, as in a container, Chromium's own sandbox doesn't start.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=program, args=[*arguments, "--disable-gpu"])
