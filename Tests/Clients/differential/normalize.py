"""Turns a server's response into a document that can be compared with another server's response to the same case.

Values that always differ become placeholders that identify their origin: an id is named after the case whose response first
contained it, a time after the case during which it was written. So two servers agree only if they return the same ids, and have
updated the same times, in the same places.
"""

from __future__ import annotations

import dataclasses
import email.message
import hashlib
import json
import math
import re
import time
import urllib.parse
from typing import Any

from .case import Case
from .session import Response, Session

#: New fields of MLflow's errors, which its clients don't read.
_IGNORED_FIELDS = frozenset({"sqlstate", "error_class"})
#: Lists whose order is unspecified everywhere; below ``data``, also a run's or model's metrics and parameters.
_UNORDERED = frozenset({"tags", "aliases"})
_UNORDERED_DATA = frozenset({"metrics", "params"})
#: Tags whose value is JSON that MLflow writes.
_JSON_TAGS = frozenset({"mlflow.modelVersions", "mlflow.log-model.history"})
#: Replaces a bare NaN, which Python writes and other languages reject.
NOT_JSON = "NaN that isn't JSON"
#: Longer strings are represented by their beginning, length and hash.
_LONG = 300

#: The random part of an id; the letter before it, as in `m-…`, is fixed.
_ID = re.compile(r"\b(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b")
_RANDOM_NAME = re.compile(r"[a-z]+-[a-z]+-\d{1,4}")
#: Where a string contains an experiment id: in an artifact's URI or path, or in a message.
_EXPERIMENT_IN_TEXT = (
    re.compile(r"(mlflow-artifacts:/)(\d+)(?=/|$|')"),
    re.compile(r"(')(\d+)(?=/)"),
    re.compile(r"(\bid=|\bexperiment (?:with id )?|\[')(\d+)\b"),
)
#: A Python set in a message, whose order differs from process to process.
_SET = re.compile(r"\{'[^{}:]*'\}")
#: What MLflow appends to a message, or shows instead of one, if its database reports an error.
_SQL = re.compile(
    r"(?P<after> Error: )?\((?:raised as a result of Query-invoked autoflush|sqlite3\.|psycopg2\.).*", re.DOTALL)
#: Page tokens are opaque, and so are the errors about them.
_PAGE_TOKEN = re.compile(r"Invalid (?:page token|offset provided in page token).*", re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Document:
    """A response without the values that always differ."""

    status: int
    media_type: str
    headers: dict[str, str]
    body: Any

    def text(self) -> str:
        """Lines that are equal if and only if the documents are."""
        lines = [f"{self.status} {self.media_type}", *(f"{k}: {v}" for k, v in sorted(self.headers.items()))]
        return "\n".join([*lines, json.dumps(self.body, indent=2, sort_keys=True, ensure_ascii=False)])


class Normalizer:
    """Normalizes the responses of one session, remembering the ids in them."""

    def __init__(self, session: Session, literals: str) -> None:
        """``literals`` is the text of all cases: an id in it isn't the server's."""
        self._session = session
        self._literals = frozenset(_ID.findall(literals))
        self._names: dict[str, str] = {}
        self._experiments: dict[str, str] = {}

    def document(self, group: str, case: Case, response: Response) -> Document:
        body = self._body(f"{group}/{case.name}", case, response)
        return Document(response.status, response.media_type, _download_headers(response), body)

    def _body(self, label: str, case: Case, response: Response) -> Any:
        if response.media_type == "text/html" and response.status >= 300:
            return "<an HTML page>"
        if response.media_type == "application/json" or response.body[:1] in (b"{", b"["):
            try:
                return _Walk(self, label, case).walk(response.json(), ())
            except ValueError:
                pass
        try:
            return _shortened(self._plain(response.body.decode()))
        except UnicodeDecodeError:
            return _shortened(response.body.hex())

    # Placeholders of strings

    def known(self, text: str) -> str:
        """The text with placeholders for the known ids."""
        return self._plain(_ID.sub(lambda found: self._names.get(found[0], found[0]), text))

    def replaced(self, label: str, text: str) -> str:
        """The text with placeholders for all ids; new ones are named after the case."""
        return self._plain(_ID.sub(lambda found: self._id(label, found[0]), text))

    def experiment(self, label: str, number: str) -> str:
        """The placeholder of an experiment id, except that the default experiment's is the same everywhere."""
        if number == "0":
            return number
        return self._experiments.setdefault(number, f"<experiment of {label!r}>")

    def random_name(self, label: str, text: str) -> str:
        return self._names.setdefault(text, f"<random name of {label!r}>")

    def time(self, milliseconds: int) -> str:
        """The placeholder of a time written by the server."""
        for window in reversed(self._session.windows):
            if window.first <= milliseconds <= window.last:
                return f"<time of {window.case!r}>"
            if milliseconds > window.last:
                return "<time between cases>"
        return "<time before all cases>"

    def _id(self, label: str, text: str) -> str:
        if text in self._literals:
            return text
        if text not in self._names:
            count = sum(name.endswith(f"of {label!r}>") for name in self._names.values())
            self._names[text] = f"<id {count + 1} of {label!r}>"
        return self._names[text]

    def _plain(self, text: str) -> str:
        session = self._session
        for path, name in session.own_paths.items():
            text = text.replace(path, name)
        text = text.replace(session.base_url, "<server>").replace(session.base_url.split("//")[1], "<host>")
        for pattern in _EXPERIMENT_IN_TEXT:
            text = pattern.sub(lambda found: found[1] + self._experiments.get(found[2], found[2]), text)
        return text


class _Walk:
    """Normalizes one JSON body."""

    def __init__(self, normalizer: Normalizer, label: str, case: Case) -> None:
        self._normalizer = normalizer
        self._label = label
        self._unordered = case.unordered

    def walk(self, value: Any, path: tuple[str, ...]) -> Any:
        """The normalized value at a path of keys; list indexes aren't part of the path."""
        key = path[-1] if path else ""
        if isinstance(value, dict):
            return self._object(value, path)
        if isinstance(value, list):
            return self._list(value, path)
        if isinstance(value, str):
            return self._string(value, key)
        if isinstance(value, bool) or value is None:
            return value
        return self._number(value, key)

    def _object(self, value: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
        if value.get("key") in _JSON_TAGS and isinstance(value.get("value"), str):
            value = {**value, "value": json.loads(value["value"])}
        # Sorted, so that ids appear in the same order, whatever the order of the fields.
        return {key: self.walk(value[key], (*path, key)) for key in sorted(value) if key not in _IGNORED_FIELDS}

    def _list(self, items: list[Any], path: tuple[str, ...]) -> list[Any]:
        key, parent = (path[-1:] or ("",))[0], (path[-2:-1] or ("",))[0]
        ordered = key not in _UNORDERED and not (parent == "data" and key in _UNORDERED_DATA)
        if ordered and ".".join(path) not in self._unordered:
            return [self.walk(item, path) for item in items]
        # Sorted before, so that new ids appear in the same order, and after, with the placeholders.
        items = sorted(items, key=lambda item: self._normalizer.known(json.dumps(item, sort_keys=True)))
        return sorted((self.walk(item, path) for item in items), key=lambda item: json.dumps(item, sort_keys=True))

    def _string(self, value: str, key: str) -> str:
        if key in ("message", "detail"):
            value = _PAGE_TOKEN.sub("Invalid page token", _SET.sub(_sorted_set, _SQL.sub(_without_sql, value)))
        # GraphQL has camelCase names, and 64-bit integers as strings.
        if key in ("next_page_token", "nextPageToken") and value:
            return "<page token>"
        if key.endswith(("Time", "Timestamp")) and value.isdigit():
            return str(self._number(int(value), key))
        if key == "utc_time_created" and value[:10] in _days():
            return "<time of creation>"
        if key in ("experiment_id", "experimentId"):
            return self._normalizer.experiment(self._label, value)
        if _RANDOM_NAME.fullmatch(value):
            return self._normalizer.random_name(self._label, value)
        return _shortened(self._normalizer.replaced(self._label, value))

    def _number(self, value: int | float, key: str) -> Any:
        if isinstance(value, float) and not math.isfinite(value):
            return NOT_JSON if math.isnan(value) else f"{value} that isn't JSON"
        if key == "value":
            return float(value)
        now = time.time() * 1000
        if isinstance(value, int) and now - 86_400_000 < value < now + 86_400_000:
            return self._normalizer.time(value)
        return value


def _download_headers(response: Response) -> dict[str, str]:
    """The headers that make browsers download a file instead of showing it, with its decoded name."""
    disposition = email.message.Message()
    disposition["content-disposition"] = response.headers.get("content-disposition", "")
    if not disposition["content-disposition"]:
        return {}
    encoded = re.search(r"filename\*=UTF-8''(\S+)", disposition["content-disposition"])
    name = urllib.parse.unquote(encoded[1]) if encoded else disposition.get_filename()
    return {
        "content-disposition": f"{disposition.get_content_disposition()} {name!r}",
        "x-content-type-options": response.headers.get("x-content-type-options", ""),
    }


def _days() -> set[str]:
    """Today's date in UTC with the previous and the next one, as prefixes of server timestamps."""
    return {time.strftime("%Y-%m-%d", time.gmtime(time.time() + offset)) for offset in (-86_400, 0, 86_400)}


def _without_sql(found: re.Match[str]) -> str:
    """Removes SQL that was appended to a message, and replaces SQL in place of a message with a placeholder."""
    return "" if found["after"] else "<rejected by the database>"


def _sorted_set(found: re.Match[str]) -> str:
    return "{" + ", ".join(sorted(re.findall(r"'[^']*'", found[0]))) + "}"


def _shortened(text: str) -> str:
    if len(text) <= _LONG:
        return text
    return f"{text[:80]}… <{len(text)} characters, SHA-256 {hashlib.sha256(text.encode()).hexdigest()[:16]}>"
