"""The GraphQL documents of MLflow's web UI, read from the build in an installed mlflow."""

from __future__ import annotations

import importlib.util
import pathlib
import re

#: A document in the minified scripts: a template literal that starts with an operation.
_DOCUMENT = re.compile(r"`\s*((?:query|mutation)\s+(\w+)[^`]*)`")


def documents() -> dict[str, str]:
    """The documents by operation name, as the UI sends them; empty if mlflow has no UI."""
    package = importlib.util.find_spec("mlflow")
    if package is None or package.origin is None:
        return {}
    directory = pathlib.Path(package.origin).parent / "server" / "js" / "build" / "static" / "js"
    found: dict[str, str] = {}
    for script in sorted(directory.glob("**/*.js")):
        for text, name in _DOCUMENT.findall(script.read_text(encoding="utf-8")):
            found[name] = with_typenames(text)
    return found


def with_typenames(document: str) -> str:
    """The document with `__typename` at each level except the operation's own, as Apollo's client sends it."""
    result: list[str] = []
    depth = 0
    for character in document:
        if character == "{":
            depth += 1
        elif character == "}":
            if depth > 1:
                result.append("  __typename\n")
            depth -= 1
        result.append(character)
    return "".join(result)
