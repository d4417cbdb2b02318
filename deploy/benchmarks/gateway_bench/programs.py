"""The programs that the benchmark needs: those of the system, and its own two in C."""

import contextlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from support.processes import ServerProcess, running

HERE = Path(__file__).resolve().parent
DEPLOY_LIB = HERE.parents[1] / "lib"
# Each program, and the packages of Debian that bring it.
PACKAGES = {"nginx": ["nginx-light"], "wrk": ["wrk"], "gcc": ["gcc", "libc6-dev"]}


def install(with_python: bool) -> None:
    """Installs what is missing, as deploy/run does; `with_python` if an environment is to be made."""
    missing = [package for program, packages in PACKAGES.items() if not found(program) for package in packages]
    if with_python and not importlib.util.find_spec("ensurepip"):
        missing.append("python3-venv")
    if missing:
        script = f'source "{DEPLOY_LIB}/common.sh"; source "{DEPLOY_LIB}/packages.sh"; install_packages "$@"'
        subprocess.run(["bash", "-c", script, "install", *missing], check=True, stdout=subprocess.DEVNULL)


def found(program: str) -> str | None:
    """Its path; servers are in folders that only root's PATH has."""
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def compiled(name: str, folder: Path) -> Path:
    """Compiles NAME.c into the folder."""
    program = folder / name
    command = ["gcc", "-O2", "-Wall", "-Wextra", "-o", program, HERE / f"{name}.c"]
    subprocess.run(command, check=True)
    return program


@contextlib.contextmanager
def upstream(folder: Path) -> Iterator[tuple[ServerProcess, str]]:
    """The provider in front of which all proxies stand, and its URL."""
    with running("upstream", [compiled("upstream", folder)], folder=folder, ready=listening_url) as server:
        yield server, listening_url(server)


def listening_url(server: ServerProcess) -> str | None:
    """The URL that a server's first line tells, once it has printed that."""
    line = server.first_line() or ""
    return line.removeprefix("listening on ") if line.startswith("listening on http://") else None
