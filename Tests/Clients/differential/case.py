"""A request of the differential list, and shorthand functions to create one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

#: The prefix of paths that don't start with a slash.
API = "/api/2.0/mlflow/"

#: Means "send no JSON body", since ``None`` is the JSON value ``null``.
ABSENT: Any = object()


@dataclasses.dataclass(frozen=True)
class Case:
    """A request, and the values of its response that later requests of its group use.

``{{name}}`` in the path, the query, the JSON, the body or a header is replaced with the value that an earlier case of the group
saved under that name. Each server gets the value from its own response.
    """

    name: str
    method: str
    path: str
    #: Pairs to percent-encode, or a query string to send unchanged.
    query: tuple[tuple[str, str], ...] | str = ()
    json: Any = ABSENT
    #: Raw bytes instead of JSON. A string is sent as UTF-8, with ``{{name}}`` replaced.
    body: bytes | str | None = None
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    #: variable -> dotted path into the JSON response, such as ``run.info.run_id`` or ``runs.0.info.run_id``.
    save: Mapping[str, str] = dataclasses.field(default_factory=dict)
    #: Dotted paths of lists in the response whose order is unspecified.
    unordered: frozenset[str] = frozenset()


def request(
    method: str,
    name: str,
    path: str,
    json: Any = ABSENT,
    *,
    query: Mapping[str, Any] | str = "",
    unordered: Iterable[str] = (),
    **rest: Any,
) -> Case:
    """Creates a case; the query may be a mapping whose values are strings or lists of strings."""
    return Case(
        name=name,
        method=method,
        path=path if path.startswith("/") else API + path,
        query=query if isinstance(query, str) else tuple(_pairs(query)),
        json=json,
        unordered=frozenset(unordered),
        **rest,
    )


def get(name: str, path: str, query: Mapping[str, Any] | str = "", **rest: Any) -> Case:
    return request("GET", name, path, query=query, **rest)


def post(name: str, path: str, json: Any = ABSENT, **rest: Any) -> Case:
    return request("POST", name, path, json, **rest)


def patch(name: str, path: str, json: Any = ABSENT, **rest: Any) -> Case:
    return request("PATCH", name, path, json, **rest)


def put(name: str, path: str, body: bytes | str | None = None, **rest: Any) -> Case:
    return request("PUT", name, path, body=body, **rest)


def delete(name: str, path: str, json: Any = ABSENT, **rest: Any) -> Case:
    return request("DELETE", name, path, json, **rest)


def _pairs(query: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for key, value in query.items():
        for item in value if isinstance(value, (list, tuple)) else [value]:
            yield key, str(item)
