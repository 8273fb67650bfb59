"""A comparison of policies as the results that the forms of :mod:`.forms` show.

A fingerprint is made of the rule, the role or policy, and the actions on their resources: it stays when text moves.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from scopedown.checks.access import written_at
from scopedown.checks.model import Problem
from scopedown.checks.results import Report, Result
from scopedown.compare.access.model import Change, Changes
from scopedown.compare.access.tell import actions_and_resources, example, ranked, reasons, why
from scopedown.core.finding import Severity
from scopedown.core.place import Place
from scopedown.iam.newaccess import Row


@dataclass(frozen=True, slots=True)
class Answer:
    """What one kind of answer of a comparison means, as forms describe a rule."""

    id: str
    name: str
    summary: str
    explanation: str
    remedy: str
    security: float = 6.0
    severity: Severity = Severity.ERROR
    codes: tuple[str, ...] = ()

    @property
    def page(self) -> str:
        """Its documentation in Markdown."""
        return f"# {self.id} {self.name}\n\n{self.summary}\n\n{self.explanation}\n\n**Remedy.** {self.remedy}\n"


_PROOF = "One request shows it: scopedown's evaluator allows it under these policies"
NEW = Answer(
    "SD601", "new-access", "A policy allows what it did not allow before.",
    f"{_PROOF}, and denies it under the old ones.",
    "Remove the new permission, or let a reviewer accept it.",
)  # fmt: skip
GRANTED = Answer(
    "SD602", "access-granted", "A policy grants what it must not grant.",
    f"{_PROOF}. --not-granted names what must not be granted.",
    "Remove the permission, or deny it.",
)  # fmt: skip
PUBLIC = Answer(
    "SD603", "public-access", "A policy allows somebody whom no policy names.",
    f"{_PROOF}. The caller is of an account that is named nowhere, or the request is not signed.",
    "Name the principals, or limit the statement to your organization.", 8.0,
)  # fmt: skip
LESS = Answer(
    "SD604", "less-access", "A policy does not allow any more what it allowed before.",
    "Both sides must allow the same (--equivalent), and this is allowed by the old policies only.",
    "Add the permission again, or compare without --equivalent.", 0.0, Severity.WARNING,
)  # fmt: skip
NOT_DECIDED = Answer(
    "SD605", "access-not-decided", "scopedown cannot decide whether a policy allows something new.",
    "Neither a request nor a proof was found, for the reason that the message names. It counts as new access.",
    "Review the statement by hand.",
)  # fmt: skip
ANSWERS = (NEW, GRANTED, PUBLIC, LESS, NOT_DECIDED)
_OF_CHECK = {"access not granted": GRANTED, "no public access": PUBLIC}


def report(changes: Changes, base: Path) -> Report:
    """The report of a comparison. Places are relative to ``base``, whole where they are outside of it."""
    seen: Counter[str] = Counter()
    results: list[Result] = []
    for change in changes.changes:
        folder = Path(change.folder or ".").resolve()
        for answer, place, message, about in _found(change, changes.check):
            file = (folder / place.file).resolve()
            place = replace(place, file=(file.relative_to(base) if file.is_relative_to(base) else file).as_posix())
            same = "\0".join((answer.id, place.file, change.name, about))
            seen[same] += 1
            print_ = hashlib.sha256(f"{same}\0{seen[same]}".encode()).hexdigest()[:32]
            problem = Problem(answer.id, message, place, change.name, (), f"{about} of {change.name}")
            results.append(Result(answer, problem, print_, place.file))
    failing = frozenset(one.id for one in ANSWERS) if changes.failed else frozenset()
    return Report(tuple(results), failing=failing, command="compare", policies=len(changes.changes), described=ANSWERS)


def _found(change: Change, check: str) -> Iterator[tuple[Answer, Place, str, str]]:
    """Each thing that is found of one subject: the answer, its place, its message, and what it is about."""
    usual = change.place or Place(change.file or change.name)
    for row in ranked(change.found.rows):
        answer = _OF_CHECK.get(check, NEW)
        what = actions_and_resources(row, change.shown)
        because = why(row, change.shown)
        message = f"{change.name} {'newly ' if answer is NEW else ''}allows {what}" + (
            f" ({because})" if because else ""
        )
        place = written_at(row.place.policy.name) or _in_file(row, change) or usual
        yield answer, place, f"{message}; for instance {example(row, change.shown)}", what
    for reason in reasons(change):
        yield NOT_DECIDED, usual, f"whether {change.name} allows something new is not decided: {reason}", reason
    if check == "equivalent" and change.lost is not None:
        for row in ranked(change.lost.rows):
            what = actions_and_resources(row, change.shown)
            yield LESS, usual, f"{change.name} does not allow {what} any more", what


def _in_file(row: Row, change: Change) -> Place | None:
    """Where a statement of a document is written."""
    span = row.place.statement.span
    if span is not None and row.place.policy.name:
        return Place(row.place.policy.name, span.start_line, span.start_column)
    return Place(change.file) if change.file else None
