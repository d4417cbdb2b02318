"""Unladen responds to every request of the list as MLflow does."""

import pytest

from .cases import GROUPS, cases_of
from .conftest import Pair

ALL = [pytest.param(group, case.name, id=f"{group}/{case.name}") for group in GROUPS for case in cases_of(group)]


@pytest.mark.parametrize(("group", "case"), ALL)
def test_the_response_is_mlflows(pair: Pair, group: str, case: str) -> None:
    complaint = pair.complaint(group, case)
    if complaint is not None:
        pytest.fail(complaint, pytrace=False)
