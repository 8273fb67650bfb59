"""Findings of policies on their own as the results that the forms of :mod:`.forms` show.

A fingerprint is made of the code, the file, the policy in it, and what the finding is about, as those of rules are.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from scopedown.checks.gates import failing_findings
from scopedown.checks.model import Problem
from scopedown.checks.results import Report, Result
from scopedown.core.gates import FailOn
from scopedown.validate.model import Check
from scopedown.validate.registry import Finding, checks


def results(found: Iterable[Finding], base: Path) -> list[Result]:
    """The results of a run. Places are relative to ``base``, whole where they are outside of it."""
    seen: Counter[str] = Counter()
    out: list[Result] = []
    for one in found:
        place = replace(one.found.place, file=named_from(one.found.place.file, base))
        policy = one.document.name or f"{one.document.kind} policy"
        same = "\0".join((one.check.code, place.file, one.document.name, one.found.about))
        seen[same] += 1
        print_ = hashlib.sha256(f"{same}\0{seen[same]}".encode()).hexdigest()[:32]
        problem = Problem(
            one.check.code, one.found.message, place, policy, (), one.found.about, codes=(one.check.code,)
        )
        out.append(Result(one.check, problem, print_, place.file))
    return out


def report(
    found: Sequence[Result], policies: int, gates: FailOn, ignored: int = 0, known: int = 0, gone: int = 0
) -> Report:
    """The report of a run."""
    every: Sequence[Check] = checks()
    return Report(
        tuple(found), ignored, known, failing=failing_findings(gates), gone=gone, command="validate",
        policies=policies, described=tuple(every),
    )  # fmt: skip


def named_from(file: str, base: Path) -> str:
    """A file as it is seen from a folder; standard input has no place there."""
    path = Path(file)
    if not path.is_absolute():
        return file
    return (path.relative_to(base) if path.is_relative_to(base) else path).as_posix()
