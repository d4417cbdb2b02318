"""A run with an artifact of each kind that the viewer supports."""

from __future__ import annotations

import io
import math
import pathlib
import struct
import tempfile
import wave

import mlflow
import numpy
from mlflow import MlflowClient


def fill() -> dict:
    experiment = MlflowClient().create_experiment("Artifacts of each kind")
    mlflow.set_experiment(experiment_id=experiment)
    with mlflow.start_run(run_name="cabinet of artifacts") as run, tempfile.TemporaryDirectory() as directory:
        mlflow.log_text("Three shall be the number of the counting.", "notes/counting.txt")
        mlflow.log_text("# A heading of markdown\n\nwith **bold words**", "notes/readme.md")
        mlflow.log_text("def throw(grenade):\n    return 'one, two, five'\n", "notes/throw.py")
        mlflow.log_dict({"holy": {"hand": "grenade", "of": "Antioch"}}, "notes/grenade.json")
        mlflow.log_dict({"holy": ["grail"]}, "notes/grail.yaml")
        mlflow.log_text("bird,speed\neuropean,11\nafrican,9\n", "tables/birds.csv")
        mlflow.log_table({"question": ["favourite colour?"], "reply": ["blue. No, yellow!"]}, "tables/questions.json")
        mlflow.log_text(
            "<html><body><h1 id='heading'>A page of our own</h1><script>document.getElementById('heading').dataset.ran = 'yes'"
            "</script></body></html>", "pages/page.html")
        mlflow.log_image(gradient(), "images/gradient.png")
        mlflow.log_text(SVG, "images/shrubbery.svg")
        _write(directory, "paper.pdf", pdf("A PDF about swallows"), "papers")
        _write(directory, "beep.wav", beep(), "sounds")
        _write(directory, "blob.bin", bytes(range(256)) * 16, "other")
        _write(directory, "map.geojson", GEOJSON.encode(), "other")
    return {"experiment": experiment, "run": run.info.run_id}


def _write(directory: str, name: str, content: bytes, path: str) -> None:
    file = pathlib.Path(directory) / name
    file.write_bytes(content)
    mlflow.log_artifact(str(file), path)
    file.unlink()


def gradient(shift: int = 0) -> numpy.ndarray:
    """An image of 64 by 48 pixels."""
    rows, columns = numpy.mgrid[0:48, 0:64]
    return numpy.stack([rows * 5, columns * 4, numpy.full_like(rows, shift)], axis=-1).astype("uint8")


def beep() -> bytes:
    """A quarter of a second of 440 Hz."""
    output = io.BytesIO()
    with wave.open(output, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(i * 440 * 2 * math.pi / 8000))) for i in range(2000)))
    return output.getvalue()


def pdf(text: str) -> bytes:
    """A document of one page with a line of text."""
    content = f"BT /F1 24 Tf 40 100 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    output, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(output))
        output += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return output + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, len(output))


SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="120" height="80" viewBox="0 0 120 80">
<rect width="120" height="80" fill="#cfe8cf"/><circle cx="60" cy="40" r="30" fill="#2f7d32"/></svg>"""

GEOJSON = """{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "Camelot"},
"geometry": {"type": "Point", "coordinates": [-2.5, 51.0]}}]}"""
