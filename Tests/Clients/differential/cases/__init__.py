"""The list of cases: one module per group, whose ``CASES`` run in order on a server shared with the other groups."""

import importlib

from ..case import Case

#: The groups, in the order in which they run.
GROUPS = (
    "protocol", "experiments", "search_experiments", "runs", "metrics", "batch", "search_runs", "inputs",
    "logged_models", "artifacts", "registered_models", "model_versions", "prompts", "traces", "trace_metrics", "prompt_engineering",
    "graphql", "disabled", "browser",
)


def cases_of(group: str) -> list[Case]:
    return importlib.import_module(f".{group}", __name__).CASES
