"""The services under attack: real executables, clients that mean no good, and what the services may cost meanwhile.

Run by `deploy/test`; by hand, and for longer:

    cd Tests/Hostile/Services && UNLADEN_BIN=../../../.build/release UNLADEN_HOSTILE=long python -m pytest
"""

from __future__ import annotations

import pathlib
import sys

# The servers and processes that all suites of clients share.
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "Clients"))
