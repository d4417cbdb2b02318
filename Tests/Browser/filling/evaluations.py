"""The demo flow: runs with an evaluation table each, which are compared answer by answer."""

from __future__ import annotations

import mlflow
from mlflow import MlflowClient

QUESTIONS = [
    "What is the airspeed velocity of an unladen swallow?", "What is your quest?", "What is your favourite colour?",
    "What is the capital of Assyria?"]
ANSWERS = {
    "short answers": ["African or European?", "The grail.", "Blue.", "I don't know that."],
    "long answers": [
        "About eleven metres in a second, if it is a European one.", "To seek the holy grail, and nothing but the grail.",
        "Blue. No, yellow!", "Assur, and later Nineveh."]}


def fill() -> dict:
    return {**_talk("The bridge of death"), "engineering": _talk("The bridge of engineers")}


def _talk(name: str) -> dict:
    """An experiment with a run for each keeper of the bridge."""
    experiment = MlflowClient().create_experiment(name)
    mlflow.set_experiment(experiment_id=experiment)
    runs = {}
    for name, answers in ANSWERS.items():
        with mlflow.start_run(run_name=name) as run:
            runs[name] = run.info.run_id
            mlflow.log_params({"model": f"keeper-{name[:4].strip()}", "temperature": "0.1"})
            mlflow.log_metric("length/mean", sum(map(len, answers)) / len(answers))
            mlflow.log_table(
                {"question": QUESTIONS, "output": answers, "length/score": [len(text) for text in answers]},
                "eval_results_table.json")
            mlflow.log_table({"question": QUESTIONS[:2], "remark": [f"{name} {text}" for text in ("a", "b")]}, "remarks.json")
    # This run has another question, to tell union from intersection.
    with mlflow.start_run(run_name="one more question") as run:
        runs["one more question"] = run.info.run_id
        mlflow.log_table(
            {"question": [*QUESTIONS[:1], "Who goes there?"], "output": ["An African one.", "Arthur."], "length/score": [15, 7]},
            "eval_results_table.json")
    return {"experiment": experiment, "runs": runs}
