"""The web UI's files over a real connection, and the whole API below a path prefix with the real client."""

from __future__ import annotations

import dataclasses
import gzip
import http.client
import os
import pathlib
import socket
import subprocess
import urllib.parse
from collections.abc import Iterator, Mapping

import mlflow
import pytest
from mlflow import MlflowClient

from support.builds import REPOSITORY, bin_dir
from support.servers import RunningServer, unladen_suite

PREFIX = "/mlflow/team-a"
SCRIPT = "static/js/main.0123abcd.js"
TEXT = "console.log('unladen');\n" * 20_000


@pytest.fixture(scope="module")
def ui(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A directory like the built UI's, with a secret next to it and links to that."""
    directory = tmp_path_factory.mktemp("web") / "ui"
    files = {
        "index.html": "<!doctype html><title>UI</title>", "favicon.ico": "icon", "manifest.json": "{}", SCRIPT: TEXT,
        "static/media/x.0123456789abcdef.svg": "<svg/>", "static/media/only.mjs": "export {}",
        "lib/notebook-trace-renderer/index.html": '<base href="/"><script src="/static-files/lib/x.js"></script>',
    }
    for name, text in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)
    (directory / (SCRIPT + ".gz")).write_bytes(gzip.compress(TEXT.encode()))
    (directory / (SCRIPT + ".br")).write_bytes(b"stands for brotli")
    (directory.parent / "secret.txt").write_text("secret")
    (directory / "link.txt").symlink_to("../secret.txt")
    (directory / "up").symlink_to("..")
    os.mkfifo(directory / "pipe.js")
    return directory


@pytest.fixture(scope="module")
def server(ui: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    directory = tmp_path_factory.mktemp("suite")
    with unladen_suite(
        bin_dir(), f"sqlite:///{directory}/tracking.db", directory / "artifacts", directory,
        registry_backend_uri=f"sqlite:///{directory}/registry.db",
        tracking_arguments=["--mlflow-ui", str(ui), "--static-prefix", PREFIX],
    ) as server:
        yield server


@dataclasses.dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes


@pytest.fixture
def ask(server: RunningServer):
    """Sends a request with exactly this target, without normalization."""

    def ask(target: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Reply:
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(server.url).netloc, timeout=30)
        connection.request(method, target, headers={"Accept-Encoding": "identity", **(headers or {})})
        response = connection.getresponse()
        reply = Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        connection.close()
        return reply

    return ask


def test_the_index_is_always_revalidated(ask):
    reply = ask("/")
    assert (reply.status, reply.body) == (200, b"<!doctype html><title>UI</title>")
    assert reply.headers["cache-control"] == "no-cache"
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert "frame-ancestors 'self'" in reply.headers["content-security-policy"]
    assert reply.headers["x-frame-options"] == "SAMEORIGIN"
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_only_a_name_with_a_hash_is_cached_indefinitely(ask):
    assert "immutable" in ask(f"/static-files/{SCRIPT}").headers["cache-control"]
    for name in ["favicon.ico", "manifest.json", "static/media/only.mjs"]:
        assert ask(f"/static-files/{name}").headers["cache-control"] == "no-cache"


def test_a_cached_file_is_not_sent_again(ask):
    first = ask(f"/static-files/{SCRIPT}")
    assert (first.status, len(first.body)) == (200, len(TEXT))
    for condition in [
        {"If-None-Match": first.headers["etag"]}, {"If-None-Match": f'"x", W/{first.headers["etag"]}'}, {"If-None-Match": "*"},
        {"If-Modified-Since": first.headers["last-modified"]},
    ]:
        reply = ask(f"/static-files/{SCRIPT}", condition)
        assert (reply.status, reply.body) == (304, b""), condition
        assert reply.headers["etag"] == first.headers["etag"]
        assert reply.headers["vary"] == "Accept-Encoding"
    for condition in [
        {"If-None-Match": '"another"'}, {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}, {"If-Modified-Since": "yesterday"},
        # The entity tag takes precedence if both are sent.
        {"If-None-Match": '"another"', "If-Modified-Since": first.headers["last-modified"]},
    ]:
        assert ask(f"/static-files/{SCRIPT}", condition).status == 200, condition


def test_a_head_request_has_the_length_and_no_body(ask):
    reply = ask(f"/static-files/{SCRIPT}", method="HEAD")
    assert (reply.status, reply.body, reply.headers["content-length"]) == (200, b"", str(len(TEXT)))


@pytest.mark.parametrize(("accepted", "coding"), [
    ("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0, *", "gzip"), ("br;q=0.1, gzip;q=0.9", "gzip"), ("*", "br"),
    ("identity", None), ("gzip;q=0", None), ("deflate", None), ("", None), ("br;q=nonsense", None),
])
def test_a_compressed_copy_is_sent_to_clients_that_accept_it(ask, ui, accepted, coding):
    reply = ask(f"/static-files/{SCRIPT}", {"Accept-Encoding": accepted})
    copy = ui / (SCRIPT + {"br": ".br", "gzip": ".gz", None: ""}[coding])
    assert reply.headers.get("content-encoding") == coding
    assert reply.body == copy.read_bytes()
    assert reply.headers["vary"] == "Accept-Encoding"
    assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
    # Each representation has its own entity tag.
    assert (reply.headers["etag"] == ask(f"/static-files/{SCRIPT}").headers["etag"]) == (coding is None)


def test_a_file_without_a_compressed_copy_is_sent_uncompressed(ask):
    reply = ask("/static-files/static/media/only.mjs", {"Accept-Encoding": "br, gzip"})
    assert (reply.status, reply.body, reply.headers.get("content-encoding")) == (200, b"export {}", None)


@pytest.mark.parametrize("path", [
    "../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt", "%2e%2e%2fsecret.txt", "%252e%252e%252fsecret.txt", "..%5csecret.txt",
    "static/../../secret.txt", "static/%2e%2e/%2e%2e/secret.txt", "....//secret.txt", "/etc/passwd", "%2fetc%2fpasswd",
    "/../../../../../etc/passwd", "file:///etc/passwd", "C:/secret.txt", "index.html%00.js", "%00", "link.txt", "up/secret.txt",
    "up/ui/index.html", "pipe.js", "static", "static/", "", ".", "./", "index.html/", "index.html/x", "nothing.js", "a" * 300,
    "%ff%fe", "static/js/main.0123abcd.js%20", "%e0%80%ae%e0%80%ae/secret.txt", "..;/secret.txt",
])
def test_no_path_leads_out_of_the_directory(ask, path):
    for start in ["/static-files/", PREFIX + "/static-files/"]:
        reply = ask(start + path)
        assert reply.status == 404, (path, reply)
        assert b"secret" not in reply.body and b"root:" not in reply.body


def test_a_client_that_disconnects_midway_affects_no_others(ask, server):
    address = urllib.parse.urlsplit(server.url)
    for _ in range(20):
        with socket.create_connection((address.hostname, address.port)) as connection:
            connection.sendall(f"GET /static-files/{SCRIPT} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
            connection.recv(100)
    assert ask("/health").body == b"OK"


def test_notebooks_may_frame_the_trace_renderer_and_nothing_else(ask):
    reply = ask("/static-files/lib/notebook-trace-renderer/index.html")
    assert "x-frame-options" not in reply.headers
    assert "frame-ancestors" not in reply.headers["content-security-policy"]
    # Its URLs are below the prefix, where the reverse proxy serves it.
    assert reply.body.decode() == f'<base href="{PREFIX}/"><script src="{PREFIX}/static-files/lib/x.js"></script>'
    for path in ["/", "/static-files/index.html", "/static-files/favicon.ico", "/health"]:
        assert ask(path).headers["x-frame-options"] == "SAMEORIGIN", path


def test_everything_is_below_the_prefix_and_at_the_root(ask):
    for path in ["/health", "/livez", "/readyz", "/version", "/metrics", "/", "/static-files/favicon.ico",
                 "/api/2.0/mlflow/experiments/get?experiment_id=0", "/ajax-api/2.0/mlflow/experiments/get?experiment_id=0"]:
        assert ask(path).status == ask(PREFIX + path).status == 200, path
    reply = ask(PREFIX + "?a=b")
    assert (reply.status, reply.headers["location"]) == (308, f"{PREFIX}/?a=b")
    for path in [PREFIX + "x/health", PREFIX.upper() + "/health", "/mlflow/health", PREFIX + PREFIX + "/health"]:
        assert ask(path).status == 404, path
    assert ask(PREFIX + "/health", method="POST").status == 405
    assert ask(PREFIX + "/health", {"Host": "evil.example"}).status == 200
    assert ask(PREFIX + "/api/2.0/mlflow/experiments/get?experiment_id=0", {"Host": "evil.example"}).status == 403


def test_the_real_client_works_below_the_prefix(server, tmp_path):
    uri = server.url + PREFIX
    client = MlflowClient(uri, uri)
    mlflow.set_tracking_uri(uri)
    experiment = client.create_experiment("below a prefix")
    run = client.create_run(experiment)
    client.log_metric(run.info.run_id, "m", 1.5)
    (tmp_path / "note.txt").write_text("It works.")
    client.log_artifact(run.info.run_id, str(tmp_path / "note.txt"))
    assert [file.path for file in client.list_artifacts(run.info.run_id)] == ["note.txt"]
    assert pathlib.Path(client.download_artifacts(run.info.run_id, "note.txt")).read_text() == "It works."
    assert client.get_run(run.info.run_id).data.metrics == {"m": 1.5}
    client.create_registered_model("below a prefix")
    assert [model.name for model in client.search_registered_models()] == ["below a prefix"]
    mlflow.set_experiment(experiment_id=experiment)
    with mlflow.start_span("root") as span:
        span.set_inputs({"a": 1})
    mlflow.flush_trace_async_logging()
    assert client.get_trace(span.trace_id).info.trace_id == span.trace_id


@pytest.mark.parametrize(("flags", "message"), [
    (["--static-prefix", "mlflow"], "must start with '/'"), (["--static-prefix", "/mlflow/"], "must not end with '/'"),
    (["--static-prefix", "/"], "must not end with '/'"), (["--static-prefix", "/a/../b"], "must consist of"),
    (["--static-prefix", "/a//b"], "must consist of"), (["--static-prefix", "/a?b"], "must consist of"),
    (["--static-prefix", "/a%2f"], "must consist of"), (["--static-prefix", "/{a}"], "must consist of"),
    (["--static-prefix", "/api"], "because the service itself uses that path"), (["--mlflow-ui", "/nowhere"], "there is no index.html"),
])
def test_an_invalid_flag_is_reported_and_nothing_starts(flags, message, tmp_path):
    ended = subprocess.run(
        [str(bin_dir() / "unladen-tracking"), "--port", "0", *flags], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    assert message in ended.stderr


def test_without_its_files_the_page_says_what_runs_here(tmp_path):
    with unladen_suite(
        bin_dir(), f"sqlite:///{tmp_path}/tracking.db", tmp_path / "artifacts", tmp_path,
        registry_backend_uri=f"sqlite:///{tmp_path}/registry.db", tracking_arguments=["--mlflow-ui", "off"],
    ) as server:
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(server.url).netloc, timeout=30)
        connection.request("GET", "/")
        response = connection.getresponse()
        page = response.read().decode()
        assert (response.status, response.getheader("content-type")) == (200, "text/html; charset=utf-8")
        assert "<script" not in page and 'href="version"' in page and "switched off" in page
        connection.request("GET", "/static-files/index.html")
        assert connection.getresponse().status == 404


@pytest.mark.skipif(not (REPOSITORY / ".build/mlflow-ui/index.html").exists(), reason="MLflow's web UI isn't unpacked")
def test_the_unpacked_ui_has_the_files_of_its_index(tmp_path):
    directory = REPOSITORY / ".build/mlflow-ui"
    script = next((directory / "static/js").glob("main.*.js"))
    for suffix in [".gz", ".br"]:
        assert script.with_name(script.name + suffix).stat().st_size < script.stat().st_size / 3
    assert gzip.decompress(script.with_name(script.name + ".gz").read_bytes()) == script.read_bytes()
    assert "Apache License" in (directory / "LICENSE.txt").read_text()
