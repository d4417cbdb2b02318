"""Normalising hides the values that always differ, and nothing else."""

from __future__ import annotations

import json
import time
from typing import Any

from .case import Case, get
from .normalize import Normalizer
from .session import Response, Session, Window

NOW = int(time.time() * 1000)
RUN_A, RUN_B = "a" * 32, "b" * 32
MADE, READ, SEARCHED = get("make", "x"), get("read", "x"), get("search", "x")


class Server:
    """A server with scripted responses, each handled in a separate second."""

    def __init__(self, url: str = "http://127.0.0.1:1", start: int = NOW) -> None:
        self._session = Session(url, {"/srv/data": "<directory>"})
        self._normalizer = Normalizer(self._session, literals="known to the list: " + "f" * 32)
        self._time = start

    def response(self, case: Case, body: Any, status: int = 200) -> str:
        self._session.windows.append(Window(f"group/{case.name}", self._time, self._time + 900))
        self._time += 1000
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        response = Response(status, {"content-type": "application/json"}, raw)
        return self._normalizer.document("group", case, response).text()


def same(left: list[tuple[Case, Any]], right: list[tuple[Case, Any]]) -> bool:
    """Whether two servers with these responses agree on all of them."""
    one, other = Server(), Server("http://127.0.0.1:2", NOW - 500_000)
    return [one.response(*item) for item in left] == [other.response(*item) for item in right]


def alike(left: Any, right: Any) -> bool:
    """Whether two responses to one case agree."""
    return same([(READ, left)], [(READ, right)])


def test_an_id_is_the_one_that_was_seen_before() -> None:
    def responses(made: str, read: str) -> list[tuple[Case, Any]]:
        return [(MADE, {"run_id": made}), (READ, {"run_id": read})]

    assert same(responses(RUN_A, RUN_A), responses(RUN_B, RUN_B))
    assert not same(responses(RUN_A, RUN_A), responses(RUN_A, RUN_B))


def test_an_id_is_found_inside_a_string() -> None:
    assert alike({"message": f"Run {RUN_A} is gone"}, {"message": f"Run {RUN_B} is gone"})
    assert not alike({"message": f"Run {RUN_A} is gone"}, {"message": f"run {RUN_B} is gone"})
    assert not alike({"model_id": "m-" + RUN_A}, {"model_id": RUN_A})


def test_an_id_that_the_list_sent_is_compared_as_it_is() -> None:
    assert not alike({"message": "f" * 32}, {"message": RUN_A})


def test_the_number_of_an_experiment_may_differ_but_not_where_it_is() -> None:
    def responses(made: str, read: Any) -> list[tuple[Case, Any]]:
        return [(MADE, {"experiment_id": made}), (READ, read)]

    assert same(responses("7", {"artifact_uri": "mlflow-artifacts:/7/x"}),
                responses("12", {"artifact_uri": "mlflow-artifacts:/12/x"}))
    assert same(responses("7", {"message": "No Experiment with id=7 exists"}),
                responses("12", {"message": "No Experiment with id=12 exists"}))
    assert not same(responses("7", {"message": "at most 7 params"}), responses("12", {"message": "at most 12 params"}))
    assert not same(responses("7", {"experiment_id": "0"}), responses("12", {"experiment_id": "12"}))


def test_a_time_is_named_after_the_case_that_wrote_it() -> None:
    def responses(start: int, read: int) -> list[tuple[Case, Any]]:
        return [(MADE, {"created": start + 5}), (READ, {"created": start + 10, "updated": start + read})]

    assert same(responses(NOW, 1005), responses(NOW - 500_000, 1700))
    assert not same(responses(NOW, 1005), responses(NOW - 500_000, 6))
    assert not same(responses(NOW, 1005), responses(NOW - 500_000, 950))


def test_a_time_that_the_list_sent_is_compared_as_it_is() -> None:
    assert not alike({"start_time": 1700000000000}, {"start_time": 1700000000001})


def test_only_unordered_lists_may_differ_in_order() -> None:
    one, other = {"key": "a", "value": "1"}, {"key": "b", "value": "2"}
    assert alike({"tags": [one, other]}, {"tags": [other, one]})
    assert alike({"run": {"data": {"metrics": [one, other]}}}, {"run": {"data": {"metrics": [other, one]}}})
    assert not alike({"metrics": [one, other]}, {"metrics": [other, one]})
    assert not alike({"runs": [one, other]}, {"runs": [other, one]})
    assert not alike({"tags": [one, other]}, {"tags": [one]})


def test_a_case_may_say_that_a_list_has_no_order() -> None:
    case = get("search", "x", unordered=["found.rows"])
    assert same([(case, {"found": {"rows": [1, 2]}})], [(case, {"found": {"rows": [2, 1]}})])
    assert not same([(case, {"rows": [1, 2]})], [(case, {"rows": [2, 1]})])


def test_types_matter_except_for_the_notation_of_metrics() -> None:
    assert alike({"value": 1}, {"value": 1.0})
    assert not alike({"value": 1}, {"value": "1"})
    assert not alike({"step": 1}, {"step": 1.0})
    assert not alike({"is_dir": True}, {"is_dir": 1})
    assert not alike({"a": None}, {})
    assert not alike({"a": ""}, {})
    assert not alike({"runs": []}, {})


def test_nan_must_be_json() -> None:
    assert not alike(b'{"value": NaN}', {"value": "NaN"})


def test_database_errors_are_removed_from_messages() -> None:
    assert alike({"message": "E exists. Error: (sqlite3.IntegrityError) UNIQUE\n[SQL: x]"}, {"message": "E exists."})
    assert not alike({"message": "(sqlite3.IntegrityError) UNIQUE"}, {"message": ""})
    assert not alike({"message": "E exists."}, {"message": "F exists."})


def test_a_set_in_a_message_has_no_order() -> None:
    assert alike({"message": "not one of '{'a', 'b'}'"}, {"message": "not one of '{'b', 'a'}'"})
    assert not alike({"message": "not one of '{'a', 'b'}'"}, {"message": "not one of '{'a', 'c'}'"})


def test_codes_of_errors_are_compared_but_not_their_new_fields() -> None:
    assert alike({"error_code": "X", "message": "m", "sqlstate": "1"}, {"error_code": "X", "message": "m"})
    assert not alike({"error_code": "X", "message": "m"}, {"error_code": "Y", "message": "m"})


def test_the_status_matters() -> None:
    assert Server().response(READ, {}, 200) != Server().response(READ, {}, 404)


def test_long_strings_are_compared_completely() -> None:
    assert alike({"value": "v" * 9000}, {"value": "v" * 9000})
    assert not alike({"value": "v" * 9000}, {"value": "v" * 8999 + "w"})
    assert not alike({"value": "v" * 9000}, {"value": "v" * 8000})


def test_random_names_are_the_ones_that_were_seen_before() -> None:
    def responses(made: str, read: str) -> list[tuple[Case, Any]]:
        return [(MADE, {"run_name": made}), (SEARCHED, {"run_name": read})]

    assert same(responses("able-auk-1", "able-auk-1"), responses("wise-owl-22", "wise-owl-22"))
    assert not same(responses("able-auk-1", "able-auk-1"), responses("wise-owl-22", "old-owl-22"))
