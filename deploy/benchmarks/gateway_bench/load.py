"""The loads on a side: whole answers by wrk, and streams by streams.c."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench_common import wrk
from bench_common.wrk import Load

from . import chat

SCRIPT = Path(__file__).with_name("request.lua")
START_SECONDS = 1
"""The streams begin within the first second, at random moments."""


@dataclass(frozen=True)
class Streams:
    """What one run of streams.c saw."""

    frames: int
    """Those that arrived, each counted once."""
    lost: int
    misordered: int
    repeated: int
    broken: int
    """Streams that were refused, or didn't end as they should."""
    seconds: float
    p50_ms: float
    """Of all frames: from when the upstream sent one until it arrived."""
    p99_ms: float
    highest_ms: float


def drive(url: str, *, connections: int, seconds: int) -> Load:
    """Keeps the connections busy with the request of chat.py."""
    return wrk.drive(url, SCRIPT, [chat.PATH, chat.KEY, chat.BODY], connections=connections, seconds=seconds)


def read_streams(program: Path, url: str, streams: int, frames: int, pace: float) -> Streams:
    """Reads so many streams at once, each with so many frames, one every `pace` seconds."""
    finished = subprocess.run(
        [program, str(urlsplit(url).port), str(streams), str(frames), str(START_SECONDS)],
        input=chat.streaming_request(frames, pace), check=True, stdout=subprocess.PIPE)
    return Streams(**json.loads(finished.stdout))
