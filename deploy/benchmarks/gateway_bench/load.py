"""The loads on a side: complete responses with wrk, and streams with streams.c."""

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
"""The streams start at random times within the first second."""


@dataclass(frozen=True)
class Streams:
    """The results of a run of streams.c."""

    frames: int
    """Frames that arrived, each counted once."""
    lost: int
    misordered: int
    repeated: int
    broken: int
    """Streams that were rejected or didn't end properly."""
    seconds: float
    p50_ms: float
    """Latency of all frames, from sending by the upstream to arrival."""
    p99_ms: float
    highest_ms: float


def drive(url: str, *, connections: int, seconds: int) -> Load:
    """Keeps the connections busy with the request in chat.py."""
    return wrk.drive(url, SCRIPT, [chat.PATH, chat.KEY, chat.BODY], connections=connections, seconds=seconds)


def read_streams(program: Path, url: str, streams: int, frames: int, pace: float) -> Streams:
    """Reads `streams` concurrent streams of `frames` frames each, one every `pace` seconds."""
    finished = subprocess.run(
        [program, str(urlsplit(url).port), str(streams), str(frames), str(START_SECONDS)],
        input=chat.streaming_request(frames, pace), check=True, stdout=subprocess.PIPE)
    return Streams(**json.loads(finished.stdout))
