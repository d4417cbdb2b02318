"""The request for all sides, and a client that sends it."""

import http.client
import json
from urllib.parse import urlsplit

PATH = "/v1/chat/completions"
KEY = "sk-unladen-benchmark-7c1d52e09b"
MODEL = "chat"
"""The proxies' name of the model, so that all get the same bytes."""
HEADERS = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
REQUEST = {
    "model": MODEL,
    "messages": [
        {"role": "system", "content": "You answer in one sentence, in plain English, and say when you aren't sure."},
        {"role": "user", "content": "How fast does an unladen swallow fly, an African one or a European one?"},
    ],
    "temperature": 0.2,
    "max_tokens": 64,
}
BODY = json.dumps(REQUEST)


def streaming_request(frames: int, pace: float) -> bytes:
    """The complete request for a stream of `frames` frames, one every `pace` seconds; upstream.c reads both from the question."""
    question = f"Tell me about swallows. [[words={frames}]] [[pace={pace}]]"
    body = json.dumps({**REQUEST, "messages": [{"role": "user", "content": question}], "max_tokens": frames, "stream": True})
    headers = {"Host": "127.0.0.1", **HEADERS, "Content-Length": len(body)}
    lines = [f"POST {PATH} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", body]).encode()


def ask(url: str) -> None:
    """Sends the request once over a new connection; raises unless the response is the upstream's."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        connection.request("POST", PATH, BODY, HEADERS)
        response = connection.getresponse()
        content = response.read()
        if response.status != 200 or "unladen swallow" not in json.loads(content)["choices"][0]["message"]["content"]:
            raise RuntimeError(f"{url} responded with {response.status} {content[:500]!r}")
    finally:
        connection.close()
