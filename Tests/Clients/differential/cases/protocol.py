"""What applies to every endpoint: routes, methods, content types, query strings and bodies; and the server's information about
itself."""

from ..case import delete, get, patch, post, put

CREATE = "experiments/create"
GET = "experiments/get"
JSON = {"Content-Type": "application/json"}


def raw(name: str, body: bytes | str, path: str = CREATE, headers: dict[str, str] = JSON):
    return post(name, path, body=body, headers=headers)


CASES = [
    # The server itself
    get("health", "/health"),
    get("version", "/version"),
    get("server-info", "/api/3.0/mlflow/server-info"),
    get("server-info under the browser's prefix", "/ajax-api/3.0/mlflow/server-info"),
    post("server-info with POST", "/api/3.0/mlflow/server-info", {}),
    # Routes and methods
    get("an unknown route", "nobody"),
    get("an unknown route under the API", "experiments/nobody"),
    get("an unknown version of the API", "/api/1.0/mlflow/experiments/get", {"experiment_id": "0"}),
    get("a 2.0 route under 3.0", "/api/3.0/mlflow/experiments/get", {"experiment_id": "0"}),
    get("a preview route", "/api/2.0/preview/mlflow/experiments/get", {"experiment_id": "0"}),
    get("a route with a slash at its end", "experiments/get/", {"experiment_id": "0"}),
    get("a route in capitals", "EXPERIMENTS/GET", {"experiment_id": "0"}),
    get("a route with two slashes", "experiments//get", {"experiment_id": "0"}),
    post("an unknown route with POST", "nobody", {}),
    put("PUT where GET is", GET, b"{}"),
    patch("PATCH where GET is", GET, {}),
    delete("DELETE where GET is", GET),
    get("the old list of experiments", "experiments/list"),
    # Content types
    raw("no content type", b'{"name": "protocol no type"}', headers={}),
    raw("plain text", b'{"name": "protocol text"}', headers={"Content-Type": "text/plain"}),
    raw("a form", b"name=protocol", headers={"Content-Type": "application/x-www-form-urlencoded"}),
    raw("a charset", b'{"name": "protocol charset"}', headers={"Content-Type": "application/json; charset=utf-8"}),
    raw("a content type in capitals", b'{"name": "protocol capitals"}', headers={"Content-Type": "Application/JSON"}),
    raw("a JSON dialect", b'{"name": "protocol dialect"}', headers={"Content-Type": "application/vnd.api+json"}),
    raw("an empty content type", b'{"name": "protocol empty"}', headers={"Content-Type": ""}),
    get("no content type with GET", GET, {"experiment_id": "0"}),
    get("plain text with GET and a query", GET, {"experiment_id": "0"}, headers={"Content-Type": "text/plain"}),
    get("plain text with GET and a body", GET, body=b'{"experiment_id": "0"}', headers={"Content-Type": "text/plain"}),
    get("no content type with GET and a body", GET, body=b'{"experiment_id": "0"}'),
    patch("no content type with PATCH", "registered-models/update", body=b'{"name": "x"}'),
    delete("no content type with DELETE", "registered-models/delete", body=b'{"name": "x"}'),
    # Bodies
    raw("an empty body", b""),
    raw("broken JSON", b'{"name": '),
    raw("words", b"nonsense"),
    raw("JSON with a comma at its end", b'{"name": "x",}'),
    raw("JSON with a comment", b'{"name": "x" /* y */}'),
    raw("JSON in single quotes", b"{'name': 'x'}"),
    raw("JSON null", b"null"),
    raw("a JSON list", b"[]"),
    raw("a JSON list of objects", b'[{"name": "x"}]'),
    raw("a JSON number", b"5"),
    raw("JSON true", b"true"),
    raw("a JSON string with JSON in it", b'"{\\"name\\": \\"protocol doubly encoded\\"}"'),
    raw("a JSON string with nonsense in it", b'"nonsense"'),
    raw("the same key twice", b'{"name": "protocol first", "name": "protocol second"}'),
    get("the second counts", "experiments/get-by-name", {"experiment_name": "protocol second"}),
    raw("JSON with a byte order mark", b'\xef\xbb\xbf{"name": "protocol bom"}'),
    raw("JSON that isn't UTF-8", b'{"name": "\xff\xfe"}'),
    raw("JSON in UTF-16", '{"name": "protocol utf-16"}'.encode("utf-16")),
    raw("escaped characters", b'{"name": "protocol \\u00e9\\ud83e\\udd9c\\/\\n"}'),
    get("escaped characters are read", "experiments/get-by-name", {"experiment_name": "protocol é🦜/\n"}),
    raw("half a surrogate pair", b'{"name": "protocol \\ud83e"}'),
    raw("spaces and lines around", b'\n\n  {"name"  :\t"protocol spaces"}\r\n'),
    raw("a deep body", b'{"name": "protocol deep", "x": ' + b"[" * 30 + b"]" * 30 + b"}"),
    raw("a very deeply nested body", b'{"name": "protocol bottomless", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    raw("a very deeply nested truncated body", b'{"a":' * 100_000),
    raw("a big number in an unknown field", b'{"name": "protocol big", "x": 1e999}'),
    raw("unknown fields", b'{"name": "protocol unknown", "NaN": NaN, "other": {"name": 5}}'),
    raw("a big body", b'{"name": "protocol large", "x": "' + b"0" * 3_000_000 + b'"}'),
    post("a query beside the body", CREATE, {"name": "protocol body"}, query={"name": "protocol query"}),
    get("the body counts", "experiments/get-by-name", {"experiment_name": "protocol body"}),
    post("a query without body", CREATE, query={"name": "protocol query only"}),
    post("both spellings", "experiments/create", {"name": "x", "artifact_location": "a", "artifactLocation": "b"}),
    post("both spellings inside a list", "runs/log-batch", {"run_id": "x", "metrics": [
        {"key": "a", "value": 1, "timestamp": 1, "model_id": "a", "modelId": "b"}]}),
    # Query strings
    get("an encoded value", "experiments/get-by-name", "experiment_name=Def%61ult"),
    get("a plus sign for a space", "experiments/get-by-name", "experiment_name=protocol+deep"),
    get("an encoded plus sign", "experiments/get-by-name", "experiment_name=protocol%2Bdeep"),
    get("an encoded key", GET, "experiment%5Fid=0"),
    get("a semicolon in a query", GET, "experiment_id=0;x=1"),
    get("a key without value", GET, "experiment_id"),
    get("a broken escape", "experiments/get-by-name", "experiment_name=100%zz"),
    get("an escape that isn't UTF-8", "experiments/get-by-name", "experiment_name=%ff"),
    get("an unknown key beside", GET, "x=1&experiment_id=0&y"),
    get("only an unknown key", GET, "x=1"),
    get("an empty query", GET, "&"),
    get("a bad boolean", "registered-models/get-latest-versions", "name=x&stages="),
    # Other sites: their pages must not reach the server through a visitor's browser
    get("a foreign host", GET, {"experiment_id": "0"}, headers={"Host": "evil.example.com"}),
    get("health of a foreign host", "/health", headers={"Host": "evil.example.com"}),
    get("a private address as host", GET, {"experiment_id": "0"}, headers={"Host": "192.168.1.5:5000"}),
    get("localhost as host", GET, {"experiment_id": "0"}, headers={"Host": "localhost:1234"}),
    post("a foreign origin", CREATE, {"name": "protocol foreign"}, headers={"Origin": "http://evil.example.com"}),
    post("a local origin", CREATE, {"name": "protocol local"}, headers={"Origin": "http://localhost:3000"}),
    get("a foreign origin with GET", GET, {"experiment_id": "0"}, headers={"Origin": "http://evil.example.com"}),
    delete("a foreign origin with DELETE", "registered-models/delete", {"name": "x"},
           headers={"Origin": "http://evil.example.com"}),
    # What MLflow's own clients don't send
    post("the wrong case of a key", CREATE, {"Name": "x"}),
    get("accepting only XML", GET, {"experiment_id": "0"}, headers={"Accept": "application/xml"}),
]
