"""LiteLLM's proxy without a database, so it doesn't record usage; it only checks a master key."""

import contextlib
import functools
import http.client
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from support.processes import ServerProcess, free_port, running

from .chat import KEY, MODEL
from .sides import Side

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
WORKERS = os.cpu_count()
"""The fastest setting of 1 to 4 workers on two cores, with uvicorn, gunicorn or granian."""
ENVIRONMENT = {
    "LITELLM_MODE": "PRODUCTION", "LITELLM_LOG": "ERROR",
    # By default it downloads prices when it starts.
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
}


def litellm(upstream_url: str) -> Side:
    """The side; the first call creates its environment, outside the repository."""
    version = re.search(r"^litellm==(.+)$", REQUIREMENTS.read_text(), re.MULTILINE).group(1)
    server = functools.partial(_server, _environment(), upstream_url)
    return Side(f"LiteLLM {version}", server, starts=2, request_share=0.02, stream_rounds=1)


def _environment() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "unladen" / "benchmarks"
    environment = cache / "litellm"
    stamp = environment / REQUIREMENTS.name
    # The copy of the requirements is written last, so an interrupted installation starts over.
    if not stamp.exists() or stamp.read_bytes() != REQUIREMENTS.read_bytes():
        shutil.rmtree(environment, ignore_errors=True)
        cache.mkdir(parents=True, exist_ok=True)
        python = os.environ.get("PYTHON", "/usr/bin/python3")  # Debian's, for which the requirements are pinned.
        subprocess.run([python, "-m", "venv", environment], check=True)
        pip = [environment / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
        subprocess.run([*pip, "--requirement", REQUIREMENTS], check=True, stdout=subprocess.DEVNULL)
        shutil.copy(REQUIREMENTS, stamp)
    return environment


@contextlib.contextmanager
def _server(environment: Path, upstream_url: str, directory: Path) -> Iterator[tuple[ServerProcess, str]]:
    port = free_port()
    file = directory / "config.yaml"
    file.write_text(json.dumps({  # JSON is valid YAML.
        "model_list": [{"model_name": MODEL, "litellm_params": {
            "model": "openai/gpt-4o-mini", "api_base": f"{upstream_url}/openai/v1", "api_key": "sk-upstream"}}],
        "general_settings": {"master_key": KEY},
    }))
    command = [str(environment / "bin" / "litellm"), "--host", "127.0.0.1", "--port", str(port), "--config", str(file)]
    command += ["--num_workers", str(WORKERS)]
    url = f"http://127.0.0.1:{port}"
    with running("litellm", command, directory=directory, ready=lambda _: _is_alive(url), environment=ENVIRONMENT) as server:
        yield server, url


def _is_alive(url: str) -> bool:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request("GET", "/health/liveliness")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
