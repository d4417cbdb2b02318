"""Where Unladen answers otherwise than MLflow on purpose: which cases, why, and what it answers instead."""

from __future__ import annotations

import dataclasses
import fnmatch

from .expectations import (
    INVALID, SAME, Expected, answer, answer_matching, answer_with, as_mlflow, graphql_data, graphql_refused, metrics, refused, status,
)
from .normalise import NOT_JSON


@dataclasses.dataclass(frozen=True)
class Difference:
    """Cases ``group/name``, of which ``*`` stands for any part, that Unladen answers otherwise, and why."""

    cases: tuple[str, ...]
    reason: str
    expected: Expected
    #: Where MLflow's answer depends on the database, the one with which the answers differ.
    database: str | None = None

    def covers(self, label: str, database: str) -> bool:
        # A case's name may have brackets, which mean something to fnmatch.
        patterns = (pattern.replace("[", "[[]") for pattern in self.cases)
        return self.database in (None, database) and any(fnmatch.fnmatchcase(label, pattern) for pattern in patterns)


def differ(*cases: str, because: str, expected: Expected, database: str | None = None) -> Difference:
    return Difference(cases, because, expected, database)


def difference_of(label: str, database: str) -> Difference | None:
    """The first difference that covers a case, if any does."""
    return next((difference for difference in DIFFERENCES if difference.covers(label, database)), None)


DIFFERENCES = (
    # Bodies
    differ("protocol/no content type with PATCH", "protocol/no content type with DELETE",
           because="Every JSON body must be declared as such, so that no page of another site can send one unasked.",
           expected=INVALID),
    differ("protocol/a JSON list", "protocol/a JSON list of objects", "protocol/a JSON number", "protocol/JSON true",
           "protocol/a JSON string with nonsense in it",
           because="MLflow fails with a page and status 500, which makes its client try again for minutes.",
           expected=refused()),
    differ("protocol/half a surrogate pair", because="MLflow calls the name empty, which it isn't.",
           expected=refused() | status(200)),
    differ("protocol/a bottomless body", "protocol/a bottomless broken body",
           because="Each parser of JSON has its limit; going beyond it must not end the server.",
           expected=refused() | status(200)),
    differ("protocol/JSON with a byte order mark", because="RFC 8259 lets a server refuse it.",
           expected=INVALID | as_mlflow()),
    differ("protocol/JSON in UTF-16", because="JSON is UTF-8 (RFC 8259); no client sends anything else.",
           expected=INVALID),
    differ("experiments/create with a tag value that is a number", "runs/create with a fraction as start time",
           "runs/create with a start time beyond 64 bits", "runs/create with tags that aren't a list",
           "experiments/create with tags that aren't objects", "metrics/log nan in lower case",
           "metrics/log at a fractional time",
           "metrics/log a step beyond 64 bits", "metrics/history: page size in words",
           "metrics/history: a page size beyond 32 bits", "batch/a metric with a word as value",
           "batch/a parameter as a number", "batch/a tag as a number", "batch/a metric key as a number",
           "search_runs/of an experiment as a number", "search_experiments/an unknown view number",
           because="MLflow drops what doesn't fit and all that comes after it, and stores or searches the rest.",
           expected=INVALID),
    differ("runs/update to an unknown status", "runs/update to a status in lower case", "search_runs/an unknown view",
           "search_experiments/an unknown view", "logged_models/finish with an unknown status",
           because="MLflow ignores a word that it doesn't know, so that a typing error goes unnoticed.",
           expected=INVALID),
    differ("metrics/log inf", because="MLflow takes this spelling by accident: it refuses `nan`.",
           expected=INVALID | as_mlflow()),
    differ("metrics/log a number beyond double", because="MLflow stores the value 0 at time 0.",
           expected=INVALID | answer({})),
    differ("metrics/log a raw NaN", because="MLflow stores the value 0 at time 0.", expected=answer({})),
    differ("metrics/get the run of what can't be read",
           because="Unladen stored NaN as it was sent, and nothing of what it refused.",
           expected=metrics({"raw nan": ("NaN", 1700000000000)}, allowed=frozenset({"inf", "beyond number"}))),
    differ("metrics/interval with a JSON body", because="MLflow looks for the limit in the query only.",
           expected=answer_with({"metrics.0.step": 0, "metrics.1.step": 9, "metrics.2": None}) | as_mlflow()),
    differ("metrics/log a list", "metrics/bulk: page size in words", "batch/items that aren't objects",
           "logged_models/filter nobody = 'a'", "logged_models/filter metrics.acc > 'a'",
           "logged_models/filter creation_timestamp = 'a'", "logged_models/a bad page token",
           "registered_models/filter name IS NULL", "model_versions/filter name IS NULL",
           because="MLflow answers 500 to a mistake of the client, whose client then tries again for minutes.",
           expected=INVALID),
    differ("batch/get what was stored of wrong types", because="Unladen refuses such a batch as a whole.",
           expected=answer_with({"run.data.metrics": None, "run.data.params": None, "run.data.tags.1": None})),
    differ("batch/log null lists", because="MLflow fails with a page and status 500; null is absent elsewhere.",
           expected=answer({})),
    differ("search_runs/results null", because="MLflow fails with a page and status 500; null is absent elsewhere.",
           expected=status(200)),
    # Several writes as one
    differ("batch/good items beside a metric of an unknown model",
           because="MLflow has stored the parameters and metrics when its database refuses the model.",
           expected=refused(400, 404)),
    differ("batch/nothing beside an unknown model was stored", because="A batch is stored as a whole or not at all.",
           expected=answer_with({"run.data.metrics": None, "run.data.params": None, "run.data.tags.1": None})),
    # What MLflow leaves to its database
    differ("experiments/get an id beyond 64 bits", "model_versions/get a version beyond 64 bits",
           because="With SQLite, MLflow fails with status 500.", expected=refused(400, 404)),
    differ("experiments/rename to a taken name", "experiments/rename to the name of a deleted one",
           because="MLflow shows its SQL.", expected=refused()),
    differ("experiments/create with the same tag twice",
           because="MLflow says that the experiment exists already, which isn't so.", expected=refused()),
    differ("runs/create with the same tag twice", "logged_models/create with the same parameter twice",
           "logged_models/log a parameter again", "inputs/log the same tag twice",
           because="MLflow shows its SQL.", expected=refused() | status(200)),
    differ("runs/create without experiment", "runs/create with an empty experiment",
           "runs/create with a null experiment", "browser/POST /ajax-api/2.0/mlflow/runs/create",
           because="MLflow shows its SQL.", expected=refused(400, 404) | answer_with({"run.info.experiment_id": "0"})),
    differ("logged_models/log a metric of an unknown model", because="MLflow shows its SQL.",
           expected=refused(400, 404)),
    differ("experiments/create with the longest name", database="postgresql", expected=status(200),
           because="MLflow allows 500 letters and then fails to store more than 256."),
    differ("registered_models/set the longest tag", database="postgresql", expected=status(200),
           because="MLflow allows 100,000 letters and then fails to store more than 5,000."),
    differ("prompts/search for the tag false", database="postgresql", expected=status(200),
           because="MLflow could not store the longest tag of a model that is found."),
    differ("registered_models/get the longest tag", database="postgresql",
           expected=answer_with({"registered_model.tags.1": None}), because="MLflow could not store it."),
    differ("runs/create with a long tag value", because="MLflow's check is missing here; set-tag cuts the value.",
           expected=status(200) | INVALID),
    differ("runs/create with a bad tag name", because="MLflow's check is missing here; set-tag refuses the name.",
           expected=INVALID | as_mlflow()),
    differ("logged_models/create with a too long parameter", "logged_models/create with a bad parameter name",
           because="MLflow has no limits here but those of its database.", expected=status(200) | INVALID),
    # Mistakes that are the client's
    differ("experiments/rename a deleted one", "search_runs/order by ['metrics.acc', 'metrics.acc DESC']",
           "search_runs/order by ['start_time', 'attributes.start_time']",
           "registered_models/order by ['name', 'name DESC']",
           "registered_models/order by ['timestamp', 'last_updated_timestamp']",
           "model_versions/order by ['name', 'name']", "model_versions/to archived, archiving the others",
           "model_versions/to none, archiving the others",
           because="MLflow answers 500 to a mistake of the client, whose client then tries again for minutes.",
           expected=refused(message=SAME)),
    differ("artifacts/upload onto a folder", "artifacts/upload below a file",
           because="MLflow fails with status 500, and its client tries again for minutes.",
           expected=refused(400, 409)),
    # Answers that aren't JSON
    differ("metrics/bulk", "metrics/bulk of the run with NaN",
           because="MLflow writes a bare NaN, which isn't JSON; its other histories say \"NaN\".",
           expected=as_mlflow({NOT_JSON: "NaN"})),
    differ("artifacts/get an artifact without path", "model_versions/an artifact without path",
           because="MLflow answers with a page.", expected=refused()),
    differ("artifacts/get an artifact without run", because="MLflow looks for a run with the id None.",
           expected=refused(400, 404)),
    # Searches
    differ("search_runs/filter metrics.acc > 0.5 metrics.loss > 1", "search_runs/filter params. = '1'",
           because="MLflow reads something else than what is written, and finds nothing.",
           expected=INVALID | as_mlflow()),
    differ("search_runs/filter tags.team = 'red' and", "search_runs/filter and tags.team = 'red'",
           because="MLflow overlooks that a condition is missing.", expected=INVALID | as_mlflow()),
    differ("model_versions/filter version = 1", "model_versions/order by ['version']",
           because="MLflow can't read the word `version`, since it is a word of SQL.", expected=INVALID),
    differ("logged_models/filter name IS NULL", "logged_models/filter tags.team IS NULL",
           because="MLflow counts words in its message.", expected=INVALID),
    differ("logged_models/filter name = 5", "logged_models/filter tags.team = 5", "logged_models/filter params.p = 1",
           "logged_models/filter name IN ()",
           because="MLflow hands numbers and empty lists to its database, and each database does something else.",
           expected=INVALID | as_mlflow()),
    differ("logged_models/filter status *", expected=status(200) | INVALID,
           because="MLflow compares a word with a number: SQLite finds nothing, PostgreSQL fails."),
    differ("logged_models/by dataset", because="MLflow looks for a dataset whose digest is null and finds none.",
           expected=answer_with({"models.0.info.name": "a", "models.1": None})),
    differ("logged_models/fewer than none", "registered_models/no results", "registered_models/fewer than none",
           because="MLflow answers with an empty page and a token that leads nowhere.", expected=INVALID),
    differ("logged_models/a page token of *", because="Page tokens are opaque, and so is what is wrong with one.",
           expected=INVALID),
    differ("logged_models/get the model with NaN", because="MLflow stores 0 instead.",
           expected=answer_with({"model.data.metrics.0.value": "NaN"})),
    # What makes no sense
    differ("inputs/log without *", "inputs/log with an empty name", "inputs/log a tag without key",
           "inputs/log a number as name",
           because="MLflow stores nameless datasets.", expected=INVALID | as_mlflow()),
    differ("runs/set a tag that ends in a new line", because="MLflow's regular expression overlooks it.",
           expected=INVALID | as_mlflow()),
    differ("inputs/datasets under the clients' prefix",
           because="MLflow registers the path without a slash, by mistake; ours is where its clients look.",
           expected=status(200)),
    differ("logged_models/an order of words", because="MLflow reads a word as an empty object.", expected=refused()),
    # Envelopes
    differ("artifacts/read a folder", "artifacts/read a folder with a slash at its end",
           "artifacts/upload with a slash at its end", because="One envelope for all errors of the API.", expected=INVALID),
    differ("artifacts/upload without path but a slash", because="Without a path there is nothing to upload to.",
           expected=status(400, 405)),
    differ("browser/PATCH /ajax-api/2.0/mlflow/logged-models/search isn't known",
           because="To us it is a change of the model 'search', which isn't there.", expected=status(400, 404, 405)),
    # Paths
    differ("artifacts/*a%3fb*", because="A question mark in a name is refused like other signs of an attack.",
           expected=refused(400, 404)),
    differ("artifacts/*a%5c*", "artifacts/*a%00b*", "artifacts/*a%0ab*", "artifacts/*C:%5cx*",
           because="No artifact needs a backslash or a control character in its name.",
           expected=refused(400, 404) | as_mlflow()),
    differ("artifacts/read a file with a slash at its end", because="MLflow reads the file as if it had no slash.",
           expected=refused(400, 404) | as_mlflow()),
    differ("artifacts/delete bad path %2fetc%2fpasswd",
           because="Flask redirects to the path without the second slash.", expected=status(400, 404)),
    differ("protocol/a route with two slashes", "protocol/a route with a slash at its end",
           because="Flask redirects, or knows no such path; no client has either.", expected=status(200, 404)),
    # Ids that aren't there, and that are called something else
    differ("runs/delete by run_uuid", "batch/by run_uuid", "batch/a run id with bad letters", "batch/a too long run id",
           because="MLflow looks for a run without id, or checks the id's letters in some places only.",
           expected=refused(400, 404)),
    differ("protocol/an escape that isn't UTF-8", because="MLflow looks for a name that nobody sent.",
           expected=refused(400, 404)),
    # Traces
    differ("traces/set a tag of an unknown trace", because="MLflow shows its SQL.",
           expected=refused(404, code="RESOURCE_DOES_NOT_EXIST")),
    differ("traces/filter timestamp > 'a'", "traces/filter timestamp LIKE 'a'", "traces/filter timestamp IN ('1')",
           because="MLflow names the last word twice.", expected=INVALID),
    differ("browser/POST /ajax-api/2.0/mlflow/traces", because="MLflow answers 500 to a mistake of the client.",
           expected=INVALID),
    differ("browser/PATCH /v1/traces isn't known", because="One answer for all methods that a path hasn't.",
           expected=status(405)),
    differ("browser/PATCH /ajax-api/2.0/mlflow/traces/* isn't known",
           because="MLflow takes the last part for the id of a trace.", expected=status(404, 405)),
    # GraphQL
    differ("graphql/include and skip", because="MLflow knows neither; both are part of the language.",
           expected=answer({"data": {"a": "Query"}, "errors": None})),
    differ("graphql/runs of deleted ones too", because="MLflow fails on every view.",
           expected=answer_with({"data.mlflowSearchRuns.runs.0.info.runName": "bare", "errors": None})),
    differ("graphql/a metric within steps", because="MLflow looks for the steps in the URL's query.",
           expected=answer_with({"data.mlflowGetMetricHistoryBulkInterval.metrics.0.step": "1",
                                 "data.mlflowGetMetricHistoryBulkInterval.metrics.1": None, "errors": None})),
    differ("graphql/a metric that isn't a number", "graphql/the deployment job of a model version",
           because="MLflow's value is null too, but it adds an error, with which its UI shows nothing at all.",
           expected=graphql_data()),
    differ("graphql/a field without input", because="MLflow shows an error of Python.",
           expected=answer({"data": {"mlflowGetRun": None}, "errors": ["Field 'mlflowGetRun' needs the argument 'input'."]})),
    differ("graphql/introspection", "graphql/MLflow's echo",
           because="The schema is that of the fields that the UI and clients use.", expected=graphql_refused()),
    differ("graphql/11 root fields", "graphql/11 aliases", because="MLflow's limit can be raised by an environment variable.",
           expected=graphql_refused()),
    differ("graphql/a syntax error", because="MLflow fails with a page and status 500.", expected=graphql_refused()),
    differ("graphql/an empty document", "graphql/no query", "graphql/a query that isn't a string",
           "graphql/variables that aren't an object", "graphql/a body that isn't JSON",
           because="MLflow fails with a page and status 500.", expected=INVALID),
    differ("graphql/a GET with the query in its URL", because="MLflow fails with a page and status 500.",
           expected=answer({"data": {"__typename": "Query"}, "errors": None})),
    # Who we are
    differ("protocol/version", because="MLflow's client wants at least 3.4 to log spans.",
           expected=answer_matching(r"3\.\d+\.\d+")),
    differ("protocol/server-info", "protocol/server-info under the browser's prefix",
           because="Unladen has other features; the client reads these.",
           expected=answer_with({"store_type": "SqlStore", "workspaces_enabled": False})),
    # Metrics of traces
    differ("trace_metrics/an unknown view", "trace_metrics/a view in lower case", "trace_metrics/an unknown aggregation",
           "trace_metrics/aggregations that are texts",
           because="MLflow takes what it doesn't know for TRACES and COUNT, and answers with the number of traces.", expected=INVALID),
    differ("trace_metrics/a percentile without a value", "trace_metrics/a percentile above 100", "trace_metrics/a percentile below 0",
           "trace_metrics/a value for an average", because="MLflow answers 500 to a mistake of the client.", expected=INVALID),
    differ("trace_metrics/no aggregations", because="MLflow tells of its query. Groups without values are left out.", expected=answer({})),
    differ("trace_metrics/the first of several", because="MLflow has fields for pages but none beyond the first.",
           expected=answer_with({"data_points.0.dimensions.trace_name": "first", "data_points.1": None,
                                 "next_page_token": "eyJvZmZzZXQiOiAxfQ=="})),
    differ("trace_metrics/a token of words", because="MLflow has no further pages, and so reads no tokens.", expected=INVALID),
    differ("trace_metrics/a negative number", because="With SQLite MLflow knows no bound then, with PostgreSQL it fails.",
           expected=INVALID),
    differ("trace_metrics/a negative interval", "trace_metrics/an endless interval",
           because="MLflow makes intervals that end before they begin, or fails.", expected=INVALID),
)
