"""What ``check --fix`` does not take out of a role: rights of others than the functions that were searched, and, where
nobody looks at the change before it is written, rights that code may need which was not looked into.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from scopedown.catalog.load import catalog
from scopedown.checks.model import Problem
from scopedown.checks.registry import rules
from scopedown.compare.doubt import doubt_of
from scopedown.compare.subject import subjects
from scopedown.core.finding import Finding
from scopedown.core.words import some_of
from scopedown.scan import FunctionScan, ProjectScan
from scopedown.write.subjects import left_alone

UNSURE = "fix-unsure"
"""The code of what is mended all the same: a person is to look at it."""


def doubts(scan: ProjectScan, problems: Iterable[Problem], unseen: bool) -> tuple[list[Problem], list[Finding]]:
    """The problems that may be mended, and what is told of the others (``unseen``), or of what a person should look at
    before agreeing."""
    kept: list[Problem] = []
    findings: list[Finding] = []
    reasons: dict[str, tuple[str, str, str]] = {}
    for problem in problems:
        if problem.fix is None or problem.fix.place is None:
            kept.append(problem)  # what is added takes nothing away
            continue
        if problem.role not in reasons:
            reasons[problem.role] = _reasons(scan, problem.role)
        others, modules, remedy = reasons[problem.role]
        why = others or _may_need(scan, problem) or modules
        if why and (unseen or others):
            told = f"{problem.rule}: {why}"
            findings.append(Finding("fix-by-hand", told, problem.place, remedy if why in (others, modules) else _HINT))
            continue
        if why:
            findings.append(
                Finding(UNSURE, f"{problem.rule}: {why}", problem.place, "read the change before you accept it")
            )
        kept.append(problem)
    return kept, findings


_HINT = "say what the code needs with a comment (# scopedown: needs ACTION on TARGET), or run it without --yes"


def _reasons(scan: ProjectScan, role: str) -> tuple[str, str, str]:
    """Who else has a role, which modules of its functions were not looked into, and what to do about it."""
    keys = {function.function.key for function in _of_role(scan, role)}
    others = [one for one in scan.project.functions if one.role == role and one.key not in keys]
    of = scan.project.roles.get(role)
    alone = left_alone(of, others) if of else None
    if alone is not None:
        return alone.message, "", alone.remedy
    modules = sorted({name for one in _of_role(scan, role) for name in one.report.not_analysed})
    if not modules:
        return "", "", ""
    return "", f"scopedown did not read these modules: {some_of(modules)}", (
        "run it without --yes to see the change before it is written"
    )  # fmt: skip


def _may_need(scan: ProjectScan, problem: Problem) -> str:
    """What may need some of the rights that a fix touches; empty where nothing is known to."""
    role = scan.project.roles[problem.role]
    doubt = doubt_of(_of_role(scan, problem.role), scan.project)
    fix = problem.fix
    if fix is not None and fix.actions and not (fix.rewrite or fix.resources):
        touched: Iterable[object] = fix.actions
    else:
        place = fix.place if fix else None
        touched = (statement.statement.get("Action") for statement in role.statements if statement.place == place)
    return next((why for actions in touched if (why := doubt.why(actions))), "")


def in_doubt(scan: ProjectScan, chosen: frozenset[str]) -> Iterator[Finding]:
    """The statements of which nothing is called unused or too wide, because something that was not seen may need it."""
    if not any(rule.takes for rule in rules() if rule.id in chosen):
        return
    for subject in subjects(scan, catalog()):
        for one in subject.declared:
            if one.judged and (why := subject.doubt.why(one.actions)):
                told = f"scopedown does not say what of this statement is unused: {why}"
                yield Finding(UNSURE, told, subject.place_of(one), "check it yourself")


def _of_role(scan: ProjectScan, role: str) -> Sequence[FunctionScan]:
    return [function for function in scan.functions if function.function.role == role]
