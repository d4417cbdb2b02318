"""The executables of a release, as `deploy` builds them: they contain Swift's libraries and start."""

from __future__ import annotations

import os
import subprocess

import pytest

from support.builds import bin_dir

PROGRAMS = ["unladen", "unladen-gateway", "unladen-registry", "unladen-tracking"]


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_executable_starts(program: str) -> None:
    run = subprocess.run([bin_dir(program) / program, "--help"], capture_output=True, text=True, timeout=60, check=True)
    assert f"USAGE: {program}" in run.stdout


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_executable_needs_no_shared_swift_library(program: str) -> None:
    if os.environ.get("UNLADEN_REQUIRE_ALL") != "1":
        pytest.skip("only builds with UNLADEN_STATIC_STDLIB=1 link Swift's libraries statically; deploy/test makes one.")
    libraries = subprocess.run(["ldd", bin_dir(program) / program], capture_output=True, text=True, timeout=60, check=True).stdout
    assert "libc.so" in libraries
    assert [line.split()[0] for line in libraries.splitlines() if "libswift" in line or "Foundation" in line] == []


def test_only_the_services_need_a_database_library() -> None:
    directory = bin_dir("unladen")
    libraries = subprocess.run(["ldd", directory / "unladen"], capture_output=True, text=True, timeout=60, check=True).stdout
    assert "libpq" not in libraries
    assert "libsqlite3" not in libraries
