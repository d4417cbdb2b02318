"""What may fail on a page although all is well. Everything else fails the test in which it happens."""

from __future__ import annotations

import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class FailingCall:
    """A call that the UI makes on every server and takes a refusal from."""

    method: str
    path: str
    statuses: tuple[int, ...]
    reason: str

    def matches(self, method: str, path: str, status: int) -> bool:
        return method == self.method and status in self.statuses and re.fullmatch(self.path, path) is not None


FAILING_CALLS = [
    FailingCall("GET", "/ajax-api/2.0/mlflow/users/current", (404,), "the UI asks whether there are users; they are off"),
    FailingCall("GET", "/ajax-api/2.0/mlflow/experiments/get-by-name", (404,), "the UI asks whether an experiment's name is free"),
    FailingCall("GET", "/ajax-api/2.0/mlflow/registered-models/get", (404,), "the UI asks whether a model's name is free"),
    FailingCall("GET", "/ajax-api/3.0/mlflow/assistant/(config|providers)", (403,), "the UI asks for the assistant; it is off"),
]

#: Errors in the console that tell of no failure.
CONSOLE = [
    # Chromium's note that a size changed while sizes were being reported; the rest comes with the next frame.
    re.compile("ResizeObserver loop completed with undelivered notifications"),
    # Chromium writes one for each response with an error's status; these are judged by their status.
    re.compile("^Failed to load resource: the server responded with a status of"),
]
