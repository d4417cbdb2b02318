"""Where Unladen's executables are."""

from __future__ import annotations

import os
import pathlib

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]


def bin_dir(program: str = "unladen-tracking") -> pathlib.Path:
    """The folder of a program: UNLADEN_BIN, or where `swift build` made it; the release build before the debug one."""
    given = os.environ.get("UNLADEN_BIN")
    candidates = [pathlib.Path(given)] if given else [REPOSITORY / ".build" / kind for kind in ("release", "debug")]
    for folder in candidates:
        if (folder / program).exists():
            return folder
    raise RuntimeError(f"no {program} in {' or '.join(map(str, candidates))}; build it or set UNLADEN_BIN")
