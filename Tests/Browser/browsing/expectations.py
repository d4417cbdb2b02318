"""The expected failures of pages. Any other failure fails the test in which it happens."""

from __future__ import annotations

import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class FailingCall:
    """A call that the UI makes on every server and that may fail."""

    method: str
    path: str
    statuses: tuple[int, ...]
    reason: str

    def matches(self, method: str, path: str, status: int) -> bool:
        return method == self.method and status in self.statuses and re.fullmatch(self.path, path) is not None


FAILING_CALLS = [
    FailingCall("GET", "/ajax-api/2.0/mlflow/users/current", (404,), "the UI checks for users, which are disabled"),
    FailingCall("GET", "/ajax-api/2.0/mlflow/experiments/get-by-name", (404,), "the UI checks whether an experiment name is free"),
    FailingCall("GET", "/ajax-api/2.0/mlflow/registered-models/get", (404,), "the UI checks whether a model name is free"),
    FailingCall("GET", "/ajax-api/3.0/mlflow/assistant/(config|providers)", (403,), "the UI checks for the assistant, which is disabled"),
]

#: Console errors that don't indicate a failure.
CONSOLE = [
    # Chromium's notice that a size changed while sizes were being reported; the rest follows with the next frame.
    re.compile("ResizeObserver loop completed with undelivered notifications"),
    # Chromium logs one for each response with an error status; responses are checked by their status.
    re.compile("^Failed to load resource: the server responded with a status of"),
]
