"""Compares two running servers, both with fresh databases, and prints where they differ.

    python -m differential.compare --left http://127.0.0.1:5000 --right http://127.0.0.1:5050

The left one is MLflow. Times are matched by the clock, so both must run on this machine.
"""

from __future__ import annotations

import argparse
import fnmatch
import pathlib
import sys

from .cases import GROUPS
from .runner import Comparison
from .session import Session


def main() -> int:
    parser = argparse.ArgumentParser(prog="differential.compare", description=__doc__.splitlines()[0])
    parser.add_argument("--left", required=True, metavar="URL", help="MLflow's server")
    parser.add_argument("--right", required=True, metavar="URL", help="the server under test")
    parser.add_argument("--group", action="append", choices=GROUPS, help="only this group; may be repeated")
    parser.add_argument("--case", default="*", metavar="PATTERN", help="show only cases whose names match; all are sent")
    parser.add_argument("--database", default="sqlite", choices=("sqlite", "postgresql"), help="the servers' database")
    parser.add_argument("--directories", nargs=2, default=(".", "."), metavar=("LEFT", "RIGHT"),
                        help="the servers' working directories, which relative artifact locations are resolved against")
    parser.add_argument("--strict", action="store_true", help="accept no deliberate differences")
    parser.add_argument("--list", action="store_true", help="list the names of the cases that differ, without the differences")
    options = parser.parse_args()

    sessions = [Session(url, {str(pathlib.Path(directory).resolve()): "<directory>"})
                for url, directory in zip((options.left, options.right), options.directories, strict=True)]
    comparison = Comparison(*sessions)
    shown = failed = 0
    for group in options.group or GROUPS:
        for outcome in comparison.run(group):
            if not fnmatch.fnmatchcase(outcome.case.name, options.case):
                continue
            shown += 1
            complaint = outcome.complaint(options.database, deliberate=not options.strict)
            if complaint is not None:
                failed += 1
                print(outcome.label if options.list else f"=== {outcome.label}\n{complaint}\n")
    print(f"{shown} cases, {failed} differ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
