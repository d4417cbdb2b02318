"""Artifacts: uploading, reading, listing and deleting through the server, and the paths that it must reject."""

from ..case import delete, get, post, put, request

PROXY = "/api/2.0/mlflow-artifacts/artifacts"
AJAX_PROXY = "/ajax-api/2.0/mlflow-artifacts/artifacts"
UPLOAD = "/ajax-api/2.0/mlflow/upload-artifact"
MPU = "/api/2.0/mlflow-artifacts/mpu"
ROOT = PROXY + "/{{exp}}/{{run}}/artifacts"
UNKNOWN = "0123456789abcdef0123456789abcdef"

#: File name -> content; the content type of the response depends on the name.
FILES = {
    "plain.txt": b"hello\n", "empty.txt": b"", "data.json": b'{"a": 1}', "MLmodel": b"flavors: {}\n",
    "conda.yaml": b"name: x\n", "page.html": b"<script>alert(1)</script>", "table.csv": b"a,b\n1,2\n",
    "picture.png": b"\x89PNG\r\n\x1a\n", "no extension": b"x", "binary.bin": bytes(range(256)), "log.log": b"line\n",
    "script.py": b"print()\n", "notes.md": b"# Hi\n", "sub/inner.txt": b"inner", "sub/deeper/leaf.txt": b"leaf",
    "image.svg": b"<svg/>", "model.pkl": b"\x80\x04.", "archive.tar.gz": b"\x1f\x8b", "unknown.type-of-file": b"?",
    "upper.TXT": b"upper", "video.mp4": b"mp4", "data.parquet": b"PAR1", "style.css": b"a{}", "code.js": b"1",
}

#: Forbidden paths, percent-encoded as they are sent.
BAD_PATHS = [
    "..", "../x", "a/../../x", "a/..", "%2e%2e/x", "..%2fx", "%252e%252e%252fx", "a%5c..%5cx", "a%5cb",
    "%2fetc%2fpasswd", "/etc/passwd", "C:%5cx", "C:/x", "file:///etc/passwd", "file:%2f%2f%2fetc%2fpasswd", "a%23b",
    "a%3fb", "a%00b", "a%0ab",
]


def upload(name: str, content: bytes):
    return put(f"upload {name}", f"{ROOT}/{name}", content)


CASES = [
    post("create the experiment", "experiments/create", {"name": "artifacts"}, save={"exp": "experiment_id"}),
    post("create the run", "runs/create", {"experiment_id": "{{exp}}", "run_name": "artifacts"},
         save={"run": "run.info.run_id"}),
    get("list before anything is there", "artifacts/list", {"run_id": "{{run}}"}),
    get("list the directory before it is there", PROXY, {"path": "{{exp}}/{{run}}/artifacts"}),
    # Through the proxy
    *[upload(name, content) for name, content in FILES.items()],
    *[get(f"read {name}", f"{ROOT}/{name}") for name in FILES],
    put("upload a name in Unicode", ROOT + "/gr%C3%B6%C3%9Fe%20%E6%95%B0.txt", "größe".encode()),
    get("read a name in Unicode", ROOT + "/gr%C3%B6%C3%9Fe%20%E6%95%B0.txt"),
    put("upload a name with a quote", ROOT + "/a%22b.txt", b"quote"),
    get("read a name with a quote", ROOT + "/a%22b.txt"),
    put("upload a name with a percent sign", ROOT + "/50%25.txt", b"percent"),
    get("read a name with a percent sign", ROOT + "/50%25.txt"),
    put("upload again", f"{ROOT}/plain.txt", b"changed\n"),
    get("read what was changed", f"{ROOT}/plain.txt"),
    get("read under the browser's prefix", AJAX_PROXY + "/{{exp}}/{{run}}/artifacts/plain.txt"),
    put("upload under the browser's prefix", AJAX_PROXY + "/{{exp}}/{{run}}/artifacts/ajax.txt", b"ajax"),
    put("upload with a content type", f"{ROOT}/typed.txt", b"{}", headers={"Content-Type": "application/json"}),
    put("upload one megabyte", f"{ROOT}/large.bin", b"0123456789abcdef" * 65536),
    get("list the run's directory", PROXY, {"path": "{{exp}}/{{run}}/artifacts"}),
    get("list a directory inside", PROXY, {"path": "{{exp}}/{{run}}/artifacts/sub"}),
    get("list a directory with a slash at its end", PROXY, {"path": "{{exp}}/{{run}}/artifacts/sub/"}),
    get("list a file", PROXY, {"path": "{{exp}}/{{run}}/artifacts/plain.txt"}),
    get("list a missing directory", PROXY, {"path": "{{exp}}/{{run}}/artifacts/none"}),
    get("list an experiment's directory", PROXY, {"path": "{{exp}}"}),
    get("list under the browser's prefix", AJAX_PROXY, {"path": "{{exp}}/{{run}}/artifacts/sub"}),
    get("read a missing file", f"{ROOT}/none.txt"),
    get("read a directory", f"{ROOT}/sub"),
    get("read a directory with a slash at its end", f"{ROOT}/sub/"),
    get("read a file with a slash at its end", f"{ROOT}/plain.txt/"),
    get("read a part", f"{ROOT}/plain.txt", headers={"Range": "bytes=0-2"}),
    request("HEAD", "read the head", f"{ROOT}/plain.txt"),
    put("upload with a slash at its end", f"{ROOT}/directory/", b"x"),
    put("upload onto a directory", f"{ROOT}/sub", b"x"),
    put("upload below a file", f"{ROOT}/plain.txt/below.txt", b"x"),
    put("upload without path", PROXY, b"x"),
    put("upload without path but a slash", PROXY + "/", b"x"),
    post("upload with POST", f"{ROOT}/post.txt"),
    # Through the tracking API
    get("list the run", "artifacts/list", {"run_id": "{{run}}"}),
    get("list the run under the browser's prefix", "/ajax-api/2.0/mlflow/artifacts/list", {"run_id": "{{run}}"}),
    get("list the run by run_uuid", "artifacts/list", {"run_uuid": "{{run}}"}),
    get("list a directory of the run", "artifacts/list", {"run_id": "{{run}}", "path": "sub"}),
    get("list a directory in a directory of the run", "artifacts/list", {"run_id": "{{run}}", "path": "sub/deeper"}),
    get("list a directory of the run with a slash at its end", "artifacts/list", {"run_id": "{{run}}", "path": "sub/"}),
    get("list a file of the run", "artifacts/list", {"run_id": "{{run}}", "path": "plain.txt"}),
    get("list a missing directory of the run", "artifacts/list", {"run_id": "{{run}}", "path": "none"}),
    get("list an empty path of the run", "artifacts/list", {"run_id": "{{run}}", "path": ""}),
    get("list an unknown run", "artifacts/list", {"run_id": UNKNOWN}),
    get("list without run", "artifacts/list", {"path": "sub"}),
    get("list with a JSON body", "artifacts/list", json={"run_id": "{{run}}", "path": "sub"}),
    get("get an artifact", "/get-artifact", {"run_id": "{{run}}", "path": "plain.txt"}),
    get("get an artifact by run_uuid", "/get-artifact", {"run_uuid": "{{run}}", "path": "sub/inner.txt"}),
    get("get a page", "/get-artifact", {"run_id": "{{run}}", "path": "page.html"}),
    get("get a picture", "/get-artifact", {"run_id": "{{run}}", "path": "picture.png"}),
    get("get a name in Unicode", "/get-artifact", {"run_id": "{{run}}", "path": "größe 数.txt"}),
    get("get an artifact without path", "/get-artifact", {"run_id": "{{run}}"}),
    get("get an artifact without run", "/get-artifact", {"path": "plain.txt"}),
    get("get an artifact of an unknown run", "/get-artifact", {"run_id": UNKNOWN, "path": "plain.txt"}),
    get("get a missing artifact", "/get-artifact", {"run_id": "{{run}}", "path": "none.txt"}),
    get("get a directory", "/get-artifact", {"run_id": "{{run}}", "path": "sub"}),
    post("upload through the tracking API", UPLOAD, query={"run_uuid": "{{run}}", "path": "ui/up.txt"},
         body=b"from the browser"),
    get("read it", "/get-artifact", {"run_id": "{{run}}", "path": "ui/up.txt"}),
    post("upload to the root", UPLOAD, query={"run_uuid": "{{run}}", "path": "up.txt"}, body=b"x"),
    post("upload nothing", UPLOAD, query={"run_uuid": "{{run}}", "path": "nothing.txt"}),
    post("upload through the tracking API without path", UPLOAD, query={"run_uuid": "{{run}}"}, body=b"x"),
    post("upload through the tracking API without run", UPLOAD, query={"path": "x.txt"}, body=b"x"),
    post("upload to run_id", UPLOAD, query={"run_id": "{{run}}", "path": "x.txt"}, body=b"x"),
    post("upload to an unknown run", UPLOAD, query={"run_uuid": UNKNOWN, "path": "x.txt"}, body=b"x"),
    post("upload more than ten megabytes", UPLOAD, query={"run_uuid": "{{run}}", "path": "x.txt"},
         body=b"0" * (10 * 1024 * 1024 + 1)),
    # Paths that must not be followed
    *[get(f"read bad path {path}", f"{PROXY}/{path}") for path in BAD_PATHS],
    *[put(f"upload bad path {path}", f"{PROXY}/{path}", b"x") for path in BAD_PATHS if path not in ("a%3fb", "a%00b",
          "a%0ab", "C:/x")],
    *[get(f"list bad path {path}", PROXY, f"path={path}") for path in BAD_PATHS],
    *[get(f"list bad path {path} of the run", "artifacts/list",
          f"run_id={{{{run}}}}&path={path}") for path in BAD_PATHS],
    *[get(f"get bad path {path} of the run", "/get-artifact", f"run_id={{{{run}}}}&path={path}") for path in BAD_PATHS],
    *[post(f"upload bad path {path} to the run", UPLOAD, query=f"run_uuid={{{{run}}}}&path={path}", body=b"x")
      for path in ("..", "../x", "%252e%252e%252fx", "/etc/passwd", "a%23b", "file:///etc/passwd")],
    *[delete(f"delete bad path {path}", f"{PROXY}/{path}") for path in ("..", "../x", "%252e%252e%252fx",
             "%2fetc%2fpasswd", "a%23b")],
    # Deleting
    delete("delete a file", f"{ROOT}/plain.txt"),
    get("read a deleted file", f"{ROOT}/plain.txt"),
    delete("delete a deleted file", f"{ROOT}/plain.txt"),
    delete("delete a directory", f"{ROOT}/sub"),
    get("list after deleting", "artifacts/list", {"run_id": "{{run}}"}),
    # Deleted runs still have artifacts
    post("delete the run", "runs/delete", {"run_id": "{{run}}"}),
    get("list a deleted run", "artifacts/list", {"run_id": "{{run}}", "path": "ui"}),
    # A run whose artifacts are on the server's disk, outside the directory that it serves
    post("create an experiment with a local directory", "experiments/create",
         {"name": "artifacts: local", "artifact_location": "relative/directory"}, save={"local": "experiment_id"}),
    get("the local directory is absolute", "experiments/get", {"experiment_id": "{{local}}"}),
    # What local storage doesn't support
    post("start an upload in parts", MPU + "/create/{{exp}}/x", {"path": "big.bin", "num_parts": 2}),
    post("start an upload in parts without path", MPU + "/create/{{exp}}/x", {"num_parts": 2}),
    post("complete an upload in parts", MPU + "/complete/{{exp}}/x", {"path": "big.bin", "upload_id": "u", "parts": [
        {"part_number": 1, "etag": "e"}]}),
    post("complete an upload without parts", MPU + "/complete/{{exp}}/x", {"path": "big.bin", "upload_id": "u"}),
    post("abort an upload in parts", MPU + "/abort/{{exp}}/x", {"path": "big.bin", "upload_id": "u"}),
    post("start an upload in parts that goes up", MPU + "/create/..%2f..%2fx", {"path": "big.bin", "num_parts": 2}),
    get("a presigned URL", "/api/2.0/mlflow-artifacts/presigned/{{exp}}/x"),
    post("a presigned upload", "artifacts/presigned-upload-url", {"run_id": "{{run}}", "path": "x.bin"}),
    post("a presigned upload without path", "artifacts/presigned-upload-url", {"run_id": "{{run}}"}),
    post("a presigned upload without run", "artifacts/presigned-upload-url", {"path": "x.bin"}),
    post("a presigned upload of run and model", "artifacts/presigned-upload-url",
         {"run_id": "{{run}}", "model_id": "m-1", "path": "x.bin"}),
    post("a presigned upload of an unknown run", "artifacts/presigned-upload-url", {"run_id": UNKNOWN, "path": "x"}),
    post("a presigned upload that goes up", "artifacts/presigned-upload-url", {"run_id": "{{run}}", "path": "../x"}),
    post("a presigned download", "artifacts/presigned-download-url", {"run_id": "{{run}}", "path": "x.bin"}),
    post("a presigned download without run", "artifacts/presigned-download-url", {"path": "x.bin"}),
    post("a presigned download for no time", "artifacts/presigned-download-url",
         {"run_id": "{{run}}", "path": "x.bin", "expiration": 0}),
    post("a presigned download for too long", "artifacts/presigned-download-url",
         {"run_id": "{{run}}", "path": "x.bin", "expiration": 604801}),
]
