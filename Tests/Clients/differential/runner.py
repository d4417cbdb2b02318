"""Sends a group of cases to two servers at once and compares the responses."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import difflib

from .case import Case
from .cases import GROUPS, cases_of
from .deliberate_differences import difference_of
from .normalize import Document, Normalizer
from .session import Session


@dataclasses.dataclass(frozen=True)
class Outcome:
    """The responses of two servers to one case: MLflow's on the left, the tested server's on the right."""

    group: str
    case: Case
    left: Document
    right: Document

    @property
    def label(self) -> str:
        return f"{self.group}/{self.case.name}"

    @property
    def agrees(self) -> bool:
        return self.left.text() == self.right.text()

    def diff(self) -> str:
        """The lines that differ, with their context."""
        lines = difflib.unified_diff(
            self.left.text().splitlines(), self.right.text().splitlines(), "MLflow", "this server", lineterm="", n=6)
        return f"{self.case.method} {self.case.path}\n" + "\n".join(lines)

    def complaint(self, database: str, deliberate: bool = True) -> str | None:
        """What is wrong with the right response, if anything.

        It must equal MLflow's or, if a deliberate difference is listed for the case and ``deliberate`` is set, match that difference.
        """
        difference = difference_of(self.label, database) if deliberate else None
        if difference is None:
            return None if self.agrees else self.diff()
        problems = difference.expected.problems(self.right, self.left)
        if not problems:
            return None
        return f"Deliberate difference: {difference.reason}\n" + "\n".join(problems) + "\n\n" + self.diff()


class Comparison:
    """Two servers during one run through the list."""

    def __init__(self, left: Session, right: Session) -> None:
        literals = "".join(repr(case) for group in GROUPS for case in cases_of(group))
        self._sides = ((left, Normalizer(left, literals)), (right, Normalizer(right, literals)))

    def run(self, group: str) -> list[Outcome]:
        """Sends the group's cases in order, each to both servers at the same time."""
        for session, _ in self._sides:
            session.begin_group()
        with concurrent.futures.ThreadPoolExecutor(len(self._sides)) as pool:
            return [self._outcome(pool, group, case) for case in cases_of(group)]

    def _outcome(self, pool: concurrent.futures.Executor, group: str, case: Case) -> Outcome:
        responses = pool.map(lambda side: side[0].send(group, case), self._sides)
        documents = [side[1].document(group, case, response) for side, response in zip(self._sides, responses, strict=True)]
        return Outcome(group, case, *documents)
