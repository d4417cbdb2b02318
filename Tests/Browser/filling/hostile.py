"""Names, tags, notes, prompts, traces and artifacts that contain markup or try to run scripts."""

from __future__ import annotations

import mlflow
from mlflow import MlflowClient


def mark(name: str) -> str:
    """A script that sets a mark on the UI's own window, if it can reach it."""
    return f"try{{window.top.unladenMark='{name}'}}catch{{}}"


IMAGE = f'<img src=x onerror="{mark("image")}">'
SCRIPT = f"<script>{mark('script')}</script>"
LINK = f"[a link](javascript:{mark('link')})"
ALL = f"hostile {IMAGE} {SCRIPT} {LINK}"

#: Reports which parts of the surrounding page a page in the viewer's frame can reach.
PROBE = """
const reach = {};
for (const [name, read] of Object.entries({
  cookie: () => document.cookie,
  storage: () => String(window.localStorage.length),
  parent: () => window.parent.document.title,
  parentStorage: () => String(window.parent.localStorage.length),
})) { try { reach[name] = 'reached ' + read(); } catch (error) { reach[name] = 'refused'; } }
reach.origin = window.origin;
"""


def fill() -> dict:
    client = MlflowClient()
    experiment = client.create_experiment(f"Hostile {IMAGE}", tags={"mlflow.note.content": ALL, "evil": ALL})
    mlflow.set_experiment(experiment_id=experiment)
    with mlflow.start_run(run_name=f"run {IMAGE}", description=ALL) as run:
        mlflow.log_param("evil", ALL)
        mlflow.set_tag("evil tag", ALL)
        mlflow.log_metric("evil metric", 1.0)
        mlflow.log_table({"question": [ALL], "answer": [ALL]}, "eval_results_table.json")
        mlflow.log_text(f"<body><p id='probe'>waiting</p>{ALL}<script>{PROBE}"
                        "document.getElementById('probe').textContent = JSON.stringify(reach);</script></body>", "probe.html")
        mlflow.log_text(f"# {ALL}", "probe.md")
        mlflow.log_text(ALL, "probe.txt")
        mlflow.log_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90" onload="{mark("svg")}">'
            f"<script>{mark('svg script')}</script><rect width='90' height='90' fill='#c33'/></svg>", "probe.svg")
    client.create_registered_model("hostile-model", tags={"evil": ALL}, description=ALL)
    mlflow.genai.register_prompt(name="hostile-prompt", template=f"{ALL} {{{{word}}}}", commit_message=ALL, tags={"evil": ALL})

    @mlflow.trace(name=f"span {IMAGE}")
    def hostile(text: str) -> str:
        mlflow.update_current_trace(tags={"evil": ALL})
        return text

    hostile(ALL)
    trace = mlflow.get_last_active_trace_id()
    mlflow.log_feedback(trace_id=trace, name="evil", value=ALL, rationale=ALL)
    return {"experiment": experiment, "run": run.info.run_id, "trace": trace}
