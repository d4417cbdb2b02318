"""Registered models with their versions, and logged models."""

from __future__ import annotations

from browsing.ui import UI


def add_tag(ui: UI, name: str, value: str) -> None:
    """Adds a tag in the tags section, which is collapsed while there are none."""
    ui.button("Tags").or_(ui.text("Tags")).first.click()
    ui.page.get_by_label("tag name").fill(name)
    ui.page.get_by_label("tag value").fill(value)
    ui.page.get_by_test_id("add-tag-button").click()


def test_models_are_listed_and_found(ui: UI):
    ui.open("/models", "swallow-model", "empty-model", "Version 2", "champion", "keeper: bridge")
    ui.shot("models")
    ui.page.get_by_test_id("model-search-input").fill("swallow")
    ui.page.keyboard.press("Enter")
    ui.see_none("empty-model")
    ui.see("swallow-model")


def test_a_model_is_created(ui: UI):
    ui.open("/models", "swallow-model")
    ui.page.get_by_test_id("create-model-button").click()
    ui.dialog().get_by_role("textbox").fill("model-of-a-browser")
    ui.dialog().get_by_role("button", name="Create").click()
    ui.see("model-of-a-browser", "Versions")


def test_a_model_is_deleted(ui: UI):
    ui.open("/models/empty-model", "empty-model", "Versions")
    ui.page.get_by_test_id("overflow-menu-trigger").click()
    ui.page.get_by_role("menuitem", name="Delete").click()
    ui.dialog().get_by_role("button", name="Delete").click()
    ui.see("swallow-model")
    ui.see_none("empty-model")


def test_a_model_shows_its_versions(ui: UI):
    ui.open("/models/swallow-model", "Version 1", "Version 2", "champion", "checked", "The first flight.", "airspeed", "keeper")
    ui.shot("model")


def test_a_model_is_described_and_tagged(ui: UI):
    ui.open("/models/model-to-change", "The model-to-change.")
    ui.page.get_by_test_id("descriptionEditButton").click()
    ui.page.get_by_test_id("text-area").fill("It **changed**.")
    ui.button("Save", exact=True).click()
    ui.see("changed")
    add_tag(ui, "wind", "from the west")
    ui.see("from the west")
    ui.shot("model-changed")


def test_a_version_shows_its_source(ui: UI):
    ui.open("/models/swallow-model/versions/1", "training of models", "flapper-1", "The first flight.", "checked", "twice")
    ui.shot("version")


def test_a_version_is_described_tagged_aliased_and_staged(ui: UI):
    ui.open("/models/model-to-change/versions/1", "Version 1")
    ui.page.get_by_test_id("descriptionEditButton").click()
    ui.page.get_by_test_id("text-area").fill("A version that *changed*.")
    ui.button("Save", exact=True).click()
    ui.see("A version that")
    add_tag(ui, "version wind", "from the east")
    ui.see("from the east")
    ui.button("Add", exact=True).first.click()
    ui.dialog().get_by_role("combobox").click()
    ui.page.keyboard.type("herald")
    ui.page.keyboard.press("Enter")
    ui.dialog().get_by_role("button", name="Save aliases").click()
    ui.see("@ herald")
    # Only the old registry UI shows stages.
    ui.page.get_by_role("switch", name="New model registry UI").click()
    confirm = ui.dialog().get_by_role("button", name="Disable")
    confirm.click()
    ui.text("None").first.click()
    ui.text("Staging").last.click()
    ui.dialog().get_by_role("button", name="Confirm").or_(ui.dialog().get_by_role("button", name="OK")).click()
    ui.see("Staging")
    ui.shot("version-staged")


def test_a_version_is_deleted(ui: UI):
    ui.open("/models/model-to-unversion/versions/1", "Version 1")
    ui.page.get_by_test_id("overflow-menu-trigger").click()
    ui.page.get_by_role("menuitem", name="Delete").click()
    ui.dialog().get_by_role("button", name="Delete").click()
    ui.see("The model-to-unversion.")
    ui.see_none("Version 1")


def test_versions_are_compared(ui: UI):
    ui.open("/models/swallow-model", "Version 1", "Version 2")
    for box in ui.page.locator("input[type=checkbox]").all()[-2:]:
        box.check()
    ui.page.get_by_test_id("compareButton").click()
    ui.see("Comparing 2 Versions", "training of models")
    ui.shot("versions-compared")


def test_logged_models_show_their_params_metrics_and_files(ui: UI):
    facts = ui.facts["models"]
    ui.open(f"/experiments/{facts['experiment']}/models", "flapper-1", "flapper-2", "training of models", "swallow-model")
    ui.shot("logged-models")
    ui.open(f"/experiments/{facts['experiment']}/models/{facts['logged'][0]}", "flapper-1", "wings", "lift", "0.5")
    ui.shot("logged-model")
    ui.open(f"/experiments/{facts['experiment']}/models/{facts['logged'][0]}/artifacts", "MLmodel", "python_model.pkl")
    ui.text("MLmodel").first.click()
    ui.see("python_function")
    ui.shot("logged-model-artifacts")
