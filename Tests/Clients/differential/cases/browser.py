"""Every endpoint under the browser's prefix, with an empty request and with an unsupported method."""

from ..case import ABSENT, request
from ..endpoints import ENDPOINTS, browser_path

#: Endpoints that list everything, even without any field.
SKIPPED = {"/api/2.0/mlflow/model-versions/search", "/api/2.0/mlflow/registered-models/search",
           "/api/2.0/mlflow-artifacts/artifacts"}


def concrete(path: str) -> str:
    """The path with an unknown name in place of each wildcard."""
    return browser_path(path).replace("**", "nobody").replace("*", "nobody")


def cases():
    methods: dict[str, set[str]] = {}
    for method, path in ENDPOINTS:
        methods.setdefault(concrete(path), set()).add(method)
        if path.startswith("/api/2.0/") and path not in SKIPPED and method != "PUT":
            yield request(method, f"{method} {concrete(path)}", concrete(path), ABSENT if method == "GET" else {})
    for path, known in methods.items():
        unknown = next(method for method in ("PATCH", "PUT") if method not in known)
        yield request(unknown, f"{unknown} {path} isn't known", path, {})


CASES = list(cases())
