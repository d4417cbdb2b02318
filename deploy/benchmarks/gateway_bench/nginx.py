"""nginx as a bare reverse proxy, which neither inspects nor records anything."""

import contextlib
import functools
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from bench_common.text import say
from support.processes import ServerProcess, free_port, running
from support.servers import is_healthy

from .load import drive
from .programs import found
from .sides import Side

TRIAL_SECONDS = 3
CONFIGURATION = """
daemon off;
worker_processes {workers};
pid {directory}/pid;
error_log stderr;
events {{ worker_connections 8192; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    upstream provider {{
        server {upstream};
        keepalive 1024;
        keepalive_requests 1000000000;
        keepalive_timeout 1h;
    }}
    server {{
        listen 127.0.0.1:{port};
        keepalive_requests 1000000000;
        keepalive_timeout 1h;
        location / {{
            proxy_pass http://provider;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_buffering off;
        }}
    }}
}}
"""


def nginx(upstream_url: str, workers: str) -> Side:
    """The side with a number of workers, which may be "auto"."""
    printed = subprocess.run([found("nginx"), "-v"], check=True, stderr=subprocess.PIPE, text=True).stderr
    version = re.search(r"nginx/([\d.]+)", printed).group(1)
    return Side(f"nginx {version}", functools.partial(_server, upstream_url, workers), starts=9)


def faster(upstream_url: str, directory: Path, connections: int) -> tuple[Side, str]:
    """The side with one worker or one per core, whichever is faster, and the results of the trial."""
    rates = {"1": 0.0, "auto": 0.0}
    for workers in [*rates, *rates]:  # Twice, so that a busy moment doesn't decide.
        say(f"trying nginx with worker_processes {workers}")
        with nginx(upstream_url, workers).started(directory) as target:
            drive(target.url, connections=connections, seconds=1)
            load = drive(target.url, connections=connections, seconds=TRIAL_SECONDS)
            rates[workers] = max(rates[workers], load.requests / load.seconds)
    best = max(rates, key=rates.get)
    trial = ", ".join(f"{rate:,.0f} requests a second with {workers}" for workers, rate in rates.items())
    return nginx(upstream_url, best), f"worker_processes {best} (tried: {trial}), proxy_buffering off"


@contextlib.contextmanager
def _server(upstream_url: str, workers: str, directory: Path) -> Iterator[tuple[ServerProcess, str]]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    file = directory / "nginx.conf"
    file.write_text(CONFIGURATION.format(
        workers=workers, directory=directory, upstream=urlsplit(upstream_url).netloc, port=port))
    command = [found("nginx"), "-p", str(directory), "-c", str(file)]
    with running("nginx", command, directory=directory, ready=lambda _: is_healthy(url)) as server:
        yield server, url
