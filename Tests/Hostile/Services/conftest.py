"""The services under attack: real executables, malicious clients, and limits on the services' memory and response times.

`deploy/test` runs these tests. To run them manually, and for longer:

    cd Tests/Hostile/Services && UNLADEN_BIN=../../../.build/release UNLADEN_HOSTILE=long python -m pytest
"""

from __future__ import annotations

import pathlib
import sys

# The shared modules for servers and processes.
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "Clients"))
