"""The programs that the benchmark needs: the system's, and its own two in C."""

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
# Each program, with the Debian packages that contain it.
PACKAGES = {"nginx": ["nginx-light"], "wrk": ["wrk"], "gcc": ["gcc", "libc6-dev"]}


def install(with_python: bool) -> None:
    """Installs what is missing, as deploy/run does; `with_python` if a Python environment will be created."""
    missing = [package for program, packages in PACKAGES.items() if not found(program) for package in packages]
    if with_python and not importlib.util.find_spec("ensurepip"):
        missing.append("python3-venv")
    if missing:
        script = f'source "{DEPLOY_LIB}/common.sh"; source "{DEPLOY_LIB}/packages.sh"; install_packages "$@"'
        subprocess.run(["bash", "-c", script, "install", *missing], check=True, stdout=subprocess.DEVNULL)


def found(program: str) -> str | None:
    """The program's path, also in the directories for servers, which are only in root's PATH."""
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def compiled(name: str, directory: Path) -> Path:
    """Compiles NAME.c into the directory."""
    program = directory / name
    command = ["gcc", "-O2", "-Wall", "-Wextra", "-o", program, HERE / f"{name}.c"]
    subprocess.run(command, check=True)
    return program


@contextlib.contextmanager
def upstream(directory: Path) -> Iterator[tuple[ServerProcess, str]]:
    """Runs the provider behind all proxies; yields it with its URL."""
    with running("upstream", [compiled("upstream", directory)], directory=directory, ready=listening_url) as server:
        yield server, listening_url(server)


def listening_url(server: ServerProcess) -> str | None:
    """The URL in a server's first line, or None before it is printed."""
    line = server.first_line() or ""
    return line.removeprefix("listening on ") if line.startswith("listening on http://") else None
