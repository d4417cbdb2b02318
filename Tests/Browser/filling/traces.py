"""Traces with spans, sessions, tags and assessments, and an evaluation run with scorers that call no model."""

from __future__ import annotations

import time

import mlflow
from mlflow import MlflowClient
from mlflow.entities import AssessmentSource, SpanType

CODE = AssessmentSource(source_type="CODE", source_id="counter")
HUMAN = AssessmentSource(source_type="HUMAN", source_id="arthur@camelot.example")


@mlflow.trace(name="look up", span_type=SpanType.RETRIEVER)
def look_up(question: str) -> list[dict]:
    mlflow.get_current_active_span().set_attribute("scroll.shelf", "third from the left")
    return [{"page_content": f"A page about: {question}", "metadata": {"doc_uri": "scroll-1"}}]


@mlflow.trace(name="ask model", span_type=SpanType.CHAT_MODEL)
def ask_model(question: str, fail: bool) -> dict:
    span = mlflow.get_current_active_span()
    span.set_attributes({
        "mlflow.chat.tokenUsage": {"input_tokens": 12, "output_tokens": 30, "total_tokens": 42},
        "mlflow.llm.model": "gpt-4o-mini", "mlflow.llm.provider": "openai"})
    if fail:
        raise ValueError("the bridge is out")
    return {"choices": [{"message": {"role": "assistant", "content": f"The reply to {question}"}}]}


@mlflow.trace(name="cross bridge", span_type=SpanType.AGENT)
def cross_bridge(question: str, session: str | None, number: int, fail: bool = False) -> str:
    metadata = {"mlflow.trace.session": session, "mlflow.trace.user": "galahad"} if session else {}
    mlflow.update_current_trace(tags={"castle": "anthrax" if number % 2 else "camelot"}, metadata=metadata)
    look_up(question)
    return ask_model(question, fail)["choices"][0]["message"]["content"]


def fill() -> dict:
    client = MlflowClient()
    experiment = client.create_experiment("Traces of the quest", tags={"mlflow.experimentKind": "genai_development"})
    mlflow.set_experiment(experiment_id=experiment)
    ids = {}
    for number in range(8):
        session = f"session-{number // 3}" if number < 6 else None
        try:
            cross_bridge(f"question number {number}", session, number, fail=number == 7)
        except ValueError:
            pass
        ids[number] = mlflow.get_last_active_trace_id()
    mlflow.log_feedback(trace_id=ids[0], name="polite", value=True, rationale="It said please.", source=HUMAN)
    mlflow.log_feedback(trace_id=ids[1], name="polite", value=False, rationale="It shouted.", source=HUMAN)
    mlflow.log_feedback(trace_id=ids[0], name="length", value=17.5, source=CODE)
    mlflow.log_expectation(trace_id=ids[0], name="expected colour", value="blue", source=HUMAN)
    return {"experiment": experiment, "traces": ids, **_evaluate(client)}


@mlflow.genai.scorer
def short_enough(outputs) -> bool:
    return len(str(outputs)) < 30


@mlflow.genai.scorer
def word_count(outputs) -> int:
    return len(str(outputs).split())


def _evaluate(client: MlflowClient) -> dict:
    experiment = client.create_experiment("Evaluations of the quest", tags={"mlflow.experimentKind": "genai_development"})
    mlflow.set_experiment(experiment_id=experiment)
    runs = {}
    for name, reply in (("terse evaluation", "Blue."), ("wordy evaluation", "It is blue, or rather it was yellow all along.")):
        with mlflow.start_run(run_name=name) as run:
            runs[name] = run.info.run_id
            mlflow.genai.evaluate(
                data=[
                    {"inputs": {"question": f"What is colour {number}?"}, "outputs": f"{reply} ({number})",
                     "expectations": {"expected_response": "Blue."}}
                    for number in range(3)],
                scorers=[short_enough, word_count])
    return {"evaluation_experiment": experiment, "evaluation_runs": runs, "filled_at": int(time.time() * 1000)}
