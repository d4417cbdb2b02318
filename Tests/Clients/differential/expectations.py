"""Expected responses of Unladen where it deliberately differs from MLflow."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from .normalize import Document

#: Placeholders for "MLflow's message" and for "any message".
SAME: Any = object()
ANY: Any = object()


@dataclasses.dataclass(frozen=True)
class Expected:
    """A check of Unladen's response, given MLflow's."""

    description: str
    #: Returns what is wrong, if anything.
    check: Callable[[Document, Document], str | None]

    def problems(self, response: Document, mlflow: Document) -> list[str]:
        problem = self.check(response, mlflow)
        return [f"Expected {self.description}, but {problem}."] if problem else []

    def __or__(self, other: Expected) -> Expected:
        """Accepts either of two responses."""

        def check(response: Document, mlflow: Document) -> str | None:
            first, second = self.check(response, mlflow), other.check(response, mlflow)
            return f"{first}, and {second}" if first and second else None

        return Expected(f"{self.description}, or {other.description}", check)


def rejected(*statuses: int, code: str | None = None, message: Any = ANY) -> Expected:
    """An error in MLflow's format, with status 400 by default, and with this code and message if given."""
    allowed = statuses or (400,)

    def check(response: Document, mlflow: Document) -> str | None:
        if response.status not in allowed:
            return f"the status is {response.status}"
        body = response.body if isinstance(response.body, dict) else {}
        if not isinstance(body.get("error_code"), str) or not isinstance(body.get("message"), str):
            return f"the body isn't an error: {response.body!r}"
        if code is not None and body["error_code"] != code:
            return f"the code is {body['error_code']}"
        wanted = mlflow.body["message"] if message is SAME else message
        if wanted is not ANY and body["message"] != wanted:
            return f"the message is {body['message']!r} instead of {wanted!r}"
        return None

    return Expected(f"an error with status {' or '.join(map(str, allowed))}", check)


#: Unladen's response to a value of the wrong type, and to other invalid requests.
INVALID = rejected(code="INVALID_PARAMETER_VALUE")


def status(*allowed: int) -> Expected:
    """Checks only the status."""
    return Expected(
        f"status {' or '.join(map(str, allowed))}",
        lambda response, _: None if response.status in allowed else f"it is {response.status}")


def response(body: Any) -> Expected:
    """Success with exactly this body, after normalisation."""

    def check(response: Document, _: Document) -> str | None:
        if response.status == 200 and response.body == body:
            return None
        return f"it is {response.status} {json.dumps(response.body, ensure_ascii=False)[:500]}"

    return Expected(f"200 {json.dumps(body, ensure_ascii=False)}", check)


def response_with(values: Mapping[str, Any]) -> Expected:
    """Success with these values at these dotted paths; ``None`` means that a path is absent."""

    def check(response: Document, _: Document) -> str | None:
        if response.status != 200:
            return f"the status is {response.status}"
        for path, wanted in values.items():
            found = _at(response.body, path)
            if found != wanted:
                return f"{path} is {found!r} instead of {wanted!r}"
        return None

    return Expected(f"200 with {dict(values)}", check)


def metrics(needed: Mapping[str, tuple[Any, int]], allowed: frozenset[str] = frozenset()) -> Expected:
    """A run whose metrics have these values and timestamps; it may also have the allowed metrics."""

    def check(response: Document, _: Document) -> str | None:
        entries = _at(response.body, "run.data.metrics") or []
        found = {entry["key"]: (entry["value"], entry["timestamp"]) for entry in entries}
        surplus = found.keys() - needed.keys() - allowed
        if surplus or any(found.get(key) != value for key, value in needed.items()):
            return f"it has {found}"
        return None

    return Expected(f"a run with the metrics {dict(needed)}", check)


def response_matching(pattern: str) -> Expected:
    """Success with a text body that the pattern matches completely."""

    def check(response: Document, _: Document) -> str | None:
        if response.status == 200 and isinstance(response.body, str) and re.fullmatch(pattern, response.body):
            return None
        return f"it is {response.status} {response.body!r}"

    return Expected(f"200 with a text like {pattern}", check)


def graphql_data() -> Expected:
    """MLflow's data, without an error."""

    def check(response: Document, mlflow: Document) -> str | None:
        wanted = {"data": mlflow.body["data"], "errors": None}
        return None if response.status == 200 and response.body == wanted else f"it is {response.status} {response.body!r}"

    return Expected("MLflow's data without an error", check)


def graphql_rejected() -> Expected:
    """Errors as strings, and no data."""

    def check(response: Document, _: Document) -> str | None:
        body = response.body if isinstance(response.body, dict) else {}
        errors = body.get("errors")
        if response.status == 200 and body.get("data") is None and errors and all(isinstance(error, str) for error in errors):
            return None
        return f"it is {response.status} {response.body!r}"

    return Expected("GraphQL errors", check)


def as_mlflow(replacing: Mapping[str, str] | None = None) -> Expected:
    """MLflow's response, with some strings replaced."""

    def check(response: Document, mlflow: Document) -> str | None:
        wanted = mlflow.text()
        for old, new in (replacing or {}).items():
            wanted = wanted.replace(json.dumps(old), json.dumps(new))
        return None if response.text() == wanted else "it is different"

    return Expected("MLflow's response" + (f" with {dict(replacing)}" if replacing else ""), check)


def _at(value: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, dict):
            value = value.get(step)
        else:
            return None
    return value
