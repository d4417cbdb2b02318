"""The location of Unladen's executables."""

from __future__ import annotations

import os
import pathlib

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]


def bin_dir(program: str = "unladen-tracking") -> pathlib.Path:
    """The directory of a program: UNLADEN_BIN or the output directory of `swift build`, preferring the release build."""
    given = os.environ.get("UNLADEN_BIN")
    candidates = [pathlib.Path(given)] if given else [REPOSITORY / ".build" / kind for kind in ("release", "debug")]
    for directory in candidates:
        if (directory / program).exists():
            return directory
    raise RuntimeError(f"no {program} in {' or '.join(map(str, candidates))}; build it or set UNLADEN_BIN.")
