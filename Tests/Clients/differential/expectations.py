"""Ways to say what Unladen answers where it differs from MLflow on purpose."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from .normalise import Document

#: Stands for "MLflow's message" and for "whatever it says".
SAME: Any = object()
ANY: Any = object()


@dataclasses.dataclass(frozen=True)
class Expected:
    """A check of Unladen's answer, beside MLflow's."""

    description: str
    #: Returns what is wrong, if anything is.
    check: Callable[[Document, Document], str | None]

    def problems(self, answer: Document, mlflow: Document) -> list[str]:
        problem = self.check(answer, mlflow)
        return [f"Expected {self.description}, but {problem}."] if problem else []

    def __or__(self, other: Expected) -> Expected:
        """Either of two answers is as good."""

        def check(answer: Document, mlflow: Document) -> str | None:
            first, second = self.check(answer, mlflow), other.check(answer, mlflow)
            return f"{first}, and {second}" if first and second else None

        return Expected(f"{self.description}, or {other.description}", check)


def refused(*statuses: int, code: str | None = None, message: Any = ANY) -> Expected:
    """An error in MLflow's form, 400 unless said otherwise; with this code and message if they are given."""
    allowed = statuses or (400,)

    def check(answer: Document, mlflow: Document) -> str | None:
        if answer.status not in allowed:
            return f"the status is {answer.status}"
        body = answer.body if isinstance(answer.body, dict) else {}
        if not isinstance(body.get("error_code"), str) or not isinstance(body.get("message"), str):
            return f"the body isn't an error: {answer.body!r}"
        if code is not None and body["error_code"] != code:
            return f"the code is {body['error_code']}"
        wanted = mlflow.body["message"] if message is SAME else message
        if wanted is not ANY and body["message"] != wanted:
            return f"the message is {body['message']!r} instead of {wanted!r}"
        return None

    return Expected(f"an error with status {' or '.join(map(str, allowed))}", check)


#: What Unladen says to a value of a type that doesn't fit, or to anything else that a client should not have sent.
INVALID = refused(code="INVALID_PARAMETER_VALUE")


def status(*allowed: int) -> Expected:
    """Only the status counts."""
    return Expected(
        f"status {' or '.join(map(str, allowed))}",
        lambda answer, _: None if answer.status in allowed else f"it is {answer.status}")


def answer(body: Any) -> Expected:
    """Success with exactly this body, after normalisation."""

    def check(answer: Document, _: Document) -> str | None:
        if answer.status == 200 and answer.body == body:
            return None
        return f"it is {answer.status} {json.dumps(answer.body, ensure_ascii=False)[:500]}"

    return Expected(f"200 {json.dumps(body, ensure_ascii=False)}", check)


def answer_with(values: Mapping[str, Any]) -> Expected:
    """Success with these values at these dotted paths; ``None`` says that there is nothing at a path."""

    def check(answer: Document, _: Document) -> str | None:
        if answer.status != 200:
            return f"the status is {answer.status}"
        for path, wanted in values.items():
            found = _at(answer.body, path)
            if found != wanted:
                return f"{path} is {found!r} instead of {wanted!r}"
        return None

    return Expected(f"200 with {dict(values)}", check)


def metrics(needed: Mapping[str, tuple[Any, int]], allowed: frozenset[str] = frozenset()) -> Expected:
    """A run whose metrics have these values and times; of other metrics it may have the allowed ones."""

    def check(answer: Document, _: Document) -> str | None:
        entries = _at(answer.body, "run.data.metrics") or []
        found = {entry["key"]: (entry["value"], entry["timestamp"]) for entry in entries}
        surplus = found.keys() - needed.keys() - allowed
        if surplus or any(found.get(key) != value for key, value in needed.items()):
            return f"it has {found}"
        return None

    return Expected(f"a run with the metrics {dict(needed)}", check)


def answer_matching(pattern: str) -> Expected:
    """Success with a text that matches as a whole."""

    def check(answer: Document, _: Document) -> str | None:
        if answer.status == 200 and isinstance(answer.body, str) and re.fullmatch(pattern, answer.body):
            return None
        return f"it is {answer.status} {answer.body!r}"

    return Expected(f"200 with a text like {pattern}", check)


def graphql_data() -> Expected:
    """MLflow's data, without an error beside it."""

    def check(answer: Document, mlflow: Document) -> str | None:
        wanted = {"data": mlflow.body["data"], "errors": None}
        return None if answer.status == 200 and answer.body == wanted else f"it is {answer.status} {answer.body!r}"

    return Expected("MLflow's data without an error", check)


def graphql_refused() -> Expected:
    """Errors as strings, and no data."""

    def check(answer: Document, _: Document) -> str | None:
        body = answer.body if isinstance(answer.body, dict) else {}
        errors = body.get("errors")
        if answer.status == 200 and body.get("data") is None and errors and all(isinstance(error, str) for error in errors):
            return None
        return f"it is {answer.status} {answer.body!r}"

    return Expected("errors of GraphQL", check)


def as_mlflow(replacing: Mapping[str, str] | None = None) -> Expected:
    """MLflow's answer, with some strings in it replaced by others."""

    def check(answer: Document, mlflow: Document) -> str | None:
        wanted = mlflow.text()
        for old, new in (replacing or {}).items():
            wanted = wanted.replace(json.dumps(old), json.dumps(new))
        return None if answer.text() == wanted else "it is something else"

    return Expected("MLflow's answer" + (f" with {dict(replacing)}" if replacing else ""), check)


def _at(value: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, dict):
            value = value.get(step)
        else:
            return None
    return value
