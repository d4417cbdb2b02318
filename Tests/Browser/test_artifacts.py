"""The viewers of run artifacts."""

from __future__ import annotations

import base64
import itertools
import re

from playwright.sync_api import Locator, expect

from browsing.ui import UI

#: A transparent picture of one pixel.
TILE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")


def open_artifact(ui: UI, path: str) -> None:
    """Opens the run's artifacts and then one of them by its path, directory by directory."""
    facts = ui.facts["artifacts"]
    names = path.split("/")
    ui.open(f"/experiments/{facts['experiment']}/runs/{facts['run']}/artifacts", "cabinet of artifacts", names[0])
    for directory, name in itertools.pairwise(names):
        # Clicking an open directory would close it.
        if not entry(ui, name).is_visible():
            entry(ui, directory).click()
        expect(entry(ui, name)).to_be_visible()
    entry(ui, names[-1]).click()
    ui.see(path)


def entry(ui: UI, name: str) -> Locator:
    """A file or directory in the tree."""
    return ui.page.get_by_text(name, exact=True).filter(visible=True).first


def test_directories_and_files_are_listed(ui: UI):
    open_artifact(ui, "notes")
    ui.see("counting.txt", "readme.md", "throw.py", "grenade.json", "grail.yaml")
    ui.shot("artifacts")


def test_texts_show(ui: UI):
    for path, text in (
        ("notes/counting.txt", "Three shall be the number of the counting."), ("notes/throw.py", "throw"),
        ("notes/grenade.json", "Antioch"), ("notes/grail.yaml", "grail"), ("notes/readme.md", "bold words"),
    ):
        open_artifact(ui, path)
        ui.see(text)
        ui.shot("artifact-" + path.rpartition(".")[2])


def test_tables_show(ui: UI):
    open_artifact(ui, "tables/birds.csv")
    ui.see("european", "african", "speed")
    ui.shot("artifact-csv")
    open_artifact(ui, "tables/questions.json")
    ui.see("favourite colour?", "blue. No, yellow!")
    ui.shot("artifact-table")


def test_images_show(ui: UI):
    for path in ("images/gradient.png", "images/shrubbery.svg"):
        open_artifact(ui, path)
        image = ui.page.locator("img[src^='blob:'], img[src*='get-artifact'], .js-plotly-plot image, canvas").filter(visible=True).first
        expect(image).to_be_visible()
        ui.shot("artifact-" + path.rpartition(".")[2])


def test_a_page_shows_in_its_frame(ui: UI):
    open_artifact(ui, "pages/page.html")
    heading = ui.page.frame_locator("iframe").locator("#heading")
    expect(heading).to_have_text("A page of our own")
    expect(heading).to_have_attribute("data-ran", "yes")
    ui.shot("artifact-html")


def test_a_paper_shows_its_page(ui: UI):
    open_artifact(ui, "papers/paper.pdf")
    # The page is a canvas that isn't blank.
    ui.page.wait_for_function("""() => [...document.querySelectorAll("canvas")].some(canvas => canvas.width > 0 &&
        canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((value, at) => at % 4 < 3 && value < 50))""")
    ui.shot("artifact-pdf")


def test_a_map_shows_its_places(ui: UI):
    # The tiles come from a server of others.
    ui.page.route(re.compile(r"/\d+/\d+/\d+\.png"), lambda route: route.fulfill(content_type="image/png", body=TILE))
    open_artifact(ui, "other/map.geojson")
    expect(ui.page.locator(".leaflet-marker-icon, .leaflet-interactive").first).to_be_attached()
    ui.shot("artifact-map")


def test_a_sound_has_a_player(ui: UI):
    open_artifact(ui, "sounds/beep.wav")
    ui.page.locator("audio, wave, [class*=waveform], div[part]").first.wait_for()
    ui.shot("artifact-audio")


def test_a_file_without_a_viewer_has_a_notice(ui: UI):
    open_artifact(ui, "other/blob.bin")
    ui.see(re.compile("cannot preview|preview", re.IGNORECASE))
    ui.shot("artifact-unknown")


def test_artifacts_are_downloaded(ui: UI):
    open_artifact(ui, "notes/counting.txt")
    ui.see("Three shall be the number of the counting.")
    with ui.page.expect_download() as download:
        ui.component("codegen_mlflow_app_src_experiment-tracking_components_artifactview.tsx_337").first.click()
    assert open(download.value.path()).read() == "Three shall be the number of the counting."
