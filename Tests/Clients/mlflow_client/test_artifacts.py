"""Artifacts of all kinds, uploaded, listed and downloaded."""

import hashlib
import json
import os

import mlflow
import numpy
import pandas
import pytest
from mlflow.exceptions import MlflowException
from PIL import Image

from mlflow_client.versions import has_image_steps, lists_artifacts_by_uri


def listed(client, run_id, path=None):
    return [(file.path, file.is_dir, file.file_size) for file in client.list_artifacts(run_id, path)]


def download(run_id, path, directory):
    return mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path=path, dst_path=str(directory))


def test_a_file_comes_back_byte_for_byte(client, run_id, tmp_path):
    content = bytes(range(256)) * 40
    (tmp_path / "data.bin").write_bytes(content)
    client.log_artifact(run_id, str(tmp_path / "data.bin"))
    client.log_artifact(run_id, str(tmp_path / "data.bin"), "nested/deeper")
    assert listed(client, run_id) == [("data.bin", False, len(content)), ("nested", True, None)]
    assert listed(client, run_id, "nested/deeper") == [("nested/deeper/data.bin", False, len(content))]
    for path in ("data.bin", "nested/deeper/data.bin"):
        with open(download(run_id, path, tmp_path / "down"), "rb") as file:
            assert file.read() == content


def test_a_directory_comes_back_as_it_was(client, run_id, tmp_path):
    source = tmp_path / "source"
    files = {"a.txt": b"a", "empty": b"", "b/c.json": b"{}", "b/d/ünï 漢字 🐦.txt": b"unicode"}
    for name, content in files.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(content)
    client.log_artifacts(run_id, str(source), "copy")

    directory = download(run_id, "copy", tmp_path / "down")
    found = {
        os.path.relpath(os.path.join(root, name), directory): open(os.path.join(root, name), "rb").read()
        for root, _, names in os.walk(directory) for name in names}
    assert found == files
    assert listed(client, run_id, "copy/b") == [("copy/b/c.json", False, 2), ("copy/b/d", True, None)]


@pytest.mark.parametrize("name", ["ünï 漢字 🐦.txt", "with space.txt", "a+b&c=d.txt", "100%.txt", "semi;colon,comma.txt", "'quote'.txt"])
def test_a_name_may_contain_any_character(client, run_id, tmp_path, name):
    client.log_text(run_id, name, f"directory/{name}")
    assert listed(client, run_id, "directory") == [(f"directory/{name}", False, len(name.encode()))]
    with open(download(run_id, f"directory/{name}", tmp_path), encoding="utf-8") as file:
        assert file.read() == name


def test_an_empty_file_is_a_file(client, run_id, tmp_path):
    client.log_text(run_id, "", "empty.txt")
    assert [(file.path, file.is_dir) for file in client.list_artifacts(run_id)] == [("empty.txt", False)]
    assert os.path.getsize(download(run_id, "empty.txt", tmp_path)) == 0


def test_a_file_of_50_mb_comes_back_whole(client, run_id, tmp_path):
    block = hashlib.sha256(b"unladen").digest() * 32768
    large = tmp_path / "large.bin"
    with open(large, "wb") as file:
        for _ in range(50):
            file.write(block)
    client.log_artifact(run_id, str(large))
    assert listed(client, run_id) == [("large.bin", False, 50 * 2**20)]
    assert digest(download(run_id, "large.bin", tmp_path / "down")) == digest(large)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def test_a_file_is_replaced(client, run_id):
    client.log_text(run_id, "first, and longer", "note.txt")
    client.log_text(run_id, "second", "note.txt")
    assert mlflow.artifacts.load_text(f"runs:/{run_id}/note.txt") == "second"


def test_a_dictionary_is_stored_as_json_or_yaml(client, run_id, tmp_path):
    content = {"name": "ünï", "values": [1, 2.5, None], "nested": {"a": True}}
    client.log_dict(run_id, content, "content.json")
    client.log_dict(run_id, content, "content.yml")
    assert mlflow.artifacts.load_dict(f"runs:/{run_id}/content.json") == content
    with open(download(run_id, "content.yml", tmp_path)) as file:
        assert "nested:" in file.read()


def test_images_and_figures_are_stored(client, run_id, tmp_path):
    from matplotlib import pyplot

    pixels = numpy.arange(12 * 8 * 3, dtype=numpy.uint8).reshape(12, 8, 3)
    client.log_image(run_id, pixels, "pixels.png")
    client.log_image(run_id, Image.fromarray(pixels), "image.png")
    figure, axes = pyplot.subplots()
    axes.plot([1, 2, 3])
    client.log_figure(run_id, figure, "figures/plot.png")
    pyplot.close(figure)

    for name in ("pixels.png", "image.png"):
        assert numpy.array_equal(numpy.asarray(Image.open(download(run_id, name, tmp_path))), pixels)
    with open(download(run_id, "figures/plot.png", tmp_path), "rb") as file:
        assert file.read(8) == b"\x89PNG\r\n\x1a\n"


@has_image_steps
def test_images_are_stored_by_step(client, run_id):
    for step in range(2):
        client.log_image(run_id, numpy.zeros((4, 4, 3), dtype=numpy.uint8), key="sample", step=step, synchronous=True)
    names = [path for path, _, _ in listed(client, run_id, "images")]
    assert len([name for name in names if "sample" in name and name.endswith(".png")]) == 2


def test_tables_are_appended_and_loaded(client, experiment_id):
    rows = {"question": ["What is MLflow?", "ünï"], "score": [0.5, 0.75]}
    with mlflow.start_run() as run:
        mlflow.log_table(rows, "table.json")
        mlflow.log_table(pandas.DataFrame({"question": ["more"], "score": [1.0]}), "table.json")
    table = mlflow.load_table("table.json", run_ids=[run.info.run_id])
    assert list(table["question"]) == ["What is MLflow?", "ünï", "more"]
    assert list(table["score"]) == [0.5, 0.75, 1.0]
    assert json.loads(client.get_run(run.info.run_id).data.tags["mlflow.loggedArtifacts"]) == [
        {"path": "table.json", "type": "table"}]


def test_the_whole_root_is_downloaded(client, run_id, tmp_path):
    client.log_text(run_id, "1", "one.txt")
    client.log_text(run_id, "2", "two/two.txt")
    directory = client.download_artifacts(run_id, "", str(tmp_path))
    assert sorted(os.listdir(directory)) == ["one.txt", "two"]
    assert os.listdir(os.path.join(directory, "two")) == ["two.txt"]


@lists_artifacts_by_uri
def test_an_artifact_uri_is_listed_and_loaded(client, run_id):
    client.log_text(run_id, "text", "directory/note.txt")
    files = mlflow.artifacts.list_artifacts(artifact_uri=f"runs:/{run_id}/directory")
    assert [file.path for file in files] == ["directory/note.txt"]
    assert mlflow.artifacts.load_text(f"{client.get_run(run_id).info.artifact_uri}/directory/note.txt") == "text"


def test_what_does_not_exist_is_not_found(client, run_id, tmp_path):
    assert list(client.list_artifacts(run_id)) == []
    assert list(client.list_artifacts(run_id, "nothing")) == []
    with pytest.raises(Exception, match="(?i)no such|not found|404|does not exist|failed to download"):
        download(run_id, "nothing.txt", tmp_path)


@pytest.mark.parametrize("path", ["../outside.txt", "a/../../outside.txt"])
def test_a_path_outside_the_run_is_rejected(client, run_id, tmp_path, path):
    (tmp_path / "file.txt").write_text("text")
    with pytest.raises((MlflowException, Exception), match="(?i)invalid"):
        client.log_artifact(run_id, str(tmp_path / "file.txt"), path)


def test_artifacts_are_deleted(client, run_id):
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    client.log_text(run_id, "1", "directory/one.txt")
    client.log_text(run_id, "2", "two.txt")
    repository = get_artifact_repository(client.get_run(run_id).info.artifact_uri)
    repository.delete_artifacts("directory/one.txt")
    assert listed(client, run_id, "directory") == []
    repository.delete_artifacts("two.txt")
    assert "two.txt" not in [path for path, _, _ in listed(client, run_id)]
