"""Text and chat prompts with several versions."""

from __future__ import annotations

import mlflow
from mlflow import MlflowClient


def fill() -> dict:
    experiment = MlflowClient().create_experiment("Prompts of the keeper")
    mlflow.set_experiment(experiment_id=experiment)
    for text, message in (
        ("Ask {{name}} for the quest.", "the first question"),
        ("Ask {{name}} for the quest and the colour.", "the second question"),
        ("Ask {{name}} politely for the quest,\nthe colour and the capital of {{country}}.", "the third question"),
    ):
        mlflow.genai.register_prompt(name="keeper-prompt", template=text, commit_message=message, tags={"tone": "stern"})
    mlflow.genai.set_prompt_alias("keeper-prompt", alias="production", version=2)
    mlflow.genai.register_prompt(name="chat-prompt", template=[
        {"role": "system", "content": "You keep the bridge."}, {"role": "user", "content": "May {{name}} cross?"}])
    for name in ("prompt-to-delete", "prompt-to-extend"):
        mlflow.genai.register_prompt(name=name, template=f"Template of {name} for {{{{word}}}}.")
    return {"experiment": experiment}
