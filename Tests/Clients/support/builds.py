"""Where Unladen's executables are."""

from __future__ import annotations

import os
import pathlib

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]


def bin_dir() -> pathlib.Path:
    """UNLADEN_BIN, or what `swift build` made last in the repository: the release build before the debug one."""
    given = os.environ.get("UNLADEN_BIN")
    candidates = [pathlib.Path(given)] if given else [REPOSITORY / ".build" / kind for kind in ("release", "debug")]
    for folder in candidates:
        if (folder / "unladen-tracking").exists():
            return folder
    raise RuntimeError(f"no unladen-tracking in {' or '.join(map(str, candidates))}; build it or set UNLADEN_BIN")
