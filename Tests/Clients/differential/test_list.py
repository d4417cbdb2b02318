"""The list of cases is consistent."""

import re

import pytest

from .cases import GROUPS, cases_of
from .deliberate_differences import DIFFERENCES
from .endpoints import ENDPOINTS, asks

LABELS = [f"{group}/{case.name}" for group in GROUPS for case in cases_of(group)]
VARIABLE = re.compile(r"\{\{(\w+)\}\}")


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_every_endpoint_has_a_case(method: str, path: str) -> None:
    assert any(asks(case, method, path) for group in GROUPS for case in cases_of(group))


def test_no_two_cases_have_the_same_name() -> None:
    assert sorted(set(LABELS)) == sorted(LABELS)


@pytest.mark.parametrize("group", GROUPS)
def test_a_value_is_saved_before_it_is_used(group: str) -> None:
    saved: set[str] = set()
    for case in cases_of(group):
        used = set(VARIABLE.findall(repr((case.path, case.query, case.json, case.body, case.headers))))
        assert used <= saved, f"{case.name} uses {used - saved}"
        saved.update(case.save)


@pytest.mark.parametrize("pattern", [pattern for difference in DIFFERENCES for pattern in difference.cases])
def test_every_deliberate_difference_covers_a_case(pattern: str) -> None:
    difference = next(difference for difference in DIFFERENCES if pattern in difference.cases)
    alone = type(difference)((pattern,), difference.reason, difference.expected)
    assert any(alone.covers(label, "sqlite") for label in LABELS)
