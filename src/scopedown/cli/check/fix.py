"""``scopedown check --fix``: the problems that a program can mend, mended in the project's own files.

The files are spliced as ``write`` does it. What came of it is read and checked again before it is written: a function
must not be denied what it was allowed, and what no fix names must be there as it was. A role of which that is not so is
left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scopedown.cli.projects import Outcome, Request, options_of
from scopedown.cli.scanning import How, scanned, scanned_elsewhere
from scopedown.cli.write import agreed, as_read, require_as_read, show
from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place

if TYPE_CHECKING:
    from scopedown.checks.model import Problem
    from scopedown.core.text import Text
    from scopedown.scan import ProjectScan
    from scopedown.write.model import FileChange


@dataclass(frozen=True, slots=True)
class _Mending:
    """The files as they will be, and what remains to be done by hand."""

    changes: tuple[FileChange, ...]
    findings: tuple[Finding, ...]
    mended: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """How the projects are read, and what of their problems is mended: those of the ``chosen`` rules; ``unseen``: no
    person looks at the change before it is written."""

    request: Request
    how: How
    chosen: frozenset[str]
    unseen: bool


def mended(
    scans: list[ProjectScan], request: Request, how: How, chosen: frozenset[str], yes: bool, outcome: Outcome
) -> bool:
    """Show what would be changed of every project and change it; whether nothing that can be mended was left."""
    from scopedown.cli.check.uncertain_grants import UNSURE
    from scopedown.emit.splice.edits import replace_files

    asked = _Asked(request, how, chosen, yes)
    found = [_named(_mending(scan, asked), scan, outcome.base) for scan in scans]
    found = _apart(found, scans)
    if any(finding.code == "fix-unverified" for one in found for finding in one.findings):
        require_as_read([scan.project for scan in scans], request)
    changes = tuple(change for one in found for change in one.changes)
    show(changes)
    refused = False
    for finding in dict.fromkeys(finding for one in found for finding in one.findings):
        unsure = finding.code == UNSURE
        refused |= finding.code not in (UNSURE, _SYNTHESIZED)  # check calls nothing of a CDK app fixable
        click.echo(f"{'unsure' if unsure else 'not mended'}: {finding}", err=True)
    if not changes:
        click.echo("scopedown: nothing to mend" if not refused else "scopedown: nothing was mended", err=True)
        return not refused
    if not yes and not agreed():
        click.echo("scopedown: nothing was written (--yes writes without a question)", err=True)
        return False
    projects = [scan.project for scan, one in zip(scans, found, strict=True) if one.changes]
    replace_files(
        [(one.path, one.before, one.after) for one in changes],
        [Path(one.root) for one in projects],
        lambda: as_read(projects, request),
    )
    count = sum(one.mended for one in found)
    problems = f"{count} problem{'' if count == 1 else 's'}"
    click.echo(f"scopedown: mended {problems} in {', '.join(one.name for one in changes)}", err=True)
    return not refused


def _named(one: _Mending, scan: ProjectScan, base: Path | None) -> _Mending:
    """With files named from the folder that was asked for, where that holds several projects."""
    if base is None:
        return one
    folder, start = Path(scan.project.root).resolve(), base.resolve()

    def name(file: str) -> str:
        path = (folder / file).resolve()
        return (path.relative_to(start) if path.is_relative_to(start) else path).as_posix()

    return _Mending(
        tuple(replace(change, name=name(change.name)) for change in one.changes),
        tuple(
            replace(each, place=replace(each.place, file=name(each.place.file))) if each.place else each
            for each in one.findings
        ),
        one.mended,
    )


def _apart(found: list[_Mending], scans: list[ProjectScan]) -> list[_Mending]:
    """Without the changes of files that other projects read too: of those it is not known what they need there."""
    readers: dict[Path, set[int]] = {}
    for number, scan in enumerate(scans):
        root = Path(scan.project.root)
        places = [one.place for role in scan.project.roles.values() for one in role.statements if one.place]
        for file in {scan.project.config, *(place.file for place in places)}:
            readers.setdefault((root / file).resolve(), set()).add(number)
    kept = []
    for one in found:
        common = next((each for each in one.changes if len(readers.get(each.path.resolve(), ())) > 1), None)
        if common is not None:
            why = "nothing of this project is mended: another project reads this file too"
            one = _Mending((), (*one.findings, _unverified(why, Place(common.name))), 0)
        kept.append(one)
    return kept


def _unverified(why: str, place: Place | None) -> Finding:
    return Finding("fix-unverified", why, place, "mend it by hand")


@dataclass(frozen=True, slots=True)
class _Wrong:
    """Why a change is not made: what is wrong with it, and the role that it is about (empty: the whole project)."""

    why: str
    role: str = ""
    place: Place | None = None


def _mending(scan: ProjectScan, asked: _Asked) -> _Mending:
    portable = _portable(scan, asked)
    left_alone: dict[str, Finding] = {}
    while True:
        found = _attempt(scan, asked, portable, frozenset(left_alone))
        if isinstance(found, _Mending):
            return replace(found, findings=(*left_alone.values(), *found.findings))
        if not found.role or found.role in left_alone:
            return _Mending((), (*left_alone.values(), _unverified(f"nothing is written: {found.why}", found.place)), 0)
        left_alone[found.role] = _unverified(f"{found.role} is left as it is: {found.why}", found.place)


def _attempt(
    scan: ProjectScan, asked: _Asked, portable: Mapping[str, Text], left_alone: frozenset[str]
) -> _Mending | _Wrong:
    """What becomes of a project without the roles that are left alone, or what is wrong with that."""
    from scopedown.catalog.load import catalog
    from scopedown.checks.repair import repairs
    from scopedown.checks.run import check
    from scopedown.cli.check.splice import spliced
    from scopedown.cli.check.uncertain_grants import UNSURE, doubts, in_doubt
    from scopedown.cli.check.verify import changed_beside, wider
    from scopedown.project.load import load_project
    from scopedown.write.texts import Texts

    config, options = Path(scan.project.root) / scan.project.config, options_of(asked.request)
    before = left = check(scan, catalog(), asked.chosen).problems
    texts, now = Texts(Path(scan.project.root)), scan
    unsure: list[Finding] = []
    findings: list[Finding] = []
    try:
        for _ in range(_ROUNDS):
            findings = [*_of_cdk(now, left)]  # what an earlier round could not mend is tried again
            certain, doubtful = doubts(now, [one for one in left if one.role not in left_alone], asked.unseen)
            unsure += (one for one in doubtful if one.code == UNSURE)
            findings += (one for one in doubtful if one.code != UNSURE)
            done, by_hand = repairs(now, catalog(), certain, texts.overlay())
            made = spliced(done, now.project, portable, texts)
            findings += (*by_hand, *made.findings)
            if made.texts.overlay() == texts.overlay():
                break
            project = load_project(config, options, made.texts.overlay())
            if found := changed_beside(now.project, project, made.done):
                return _Wrong("a statement that no fix names would be changed", found)
            texts, now = made.texts, scanned(project, asked.how)
            left = check(now, catalog(), asked.chosen, texts.overlay()).problems
        worse = _worse(check(scan, catalog()).problems, check(now, catalog(), overlay=texts.overlay()).problems)
        if worse is not None:
            return _Wrong(worse.message, worse.role, worse.place)
        if why := wider(scan, now, catalog()):
            return _Wrong(*why)
    except ScopedownError as error:
        return _Wrong(str(error))
    told = tuple(dict.fromkeys((*unsure, *findings, *in_doubt(scan, asked.chosen))))
    return _Mending(texts.changes(), told, len(_keys(before) - _keys(left)))


_SYNTHESIZED = "fix-synthesized"
"""The code of what is told of a CDK app: nothing that could be mended was left."""
_ROUNDS = 4
"""What is mended may show that something else is to be mended (a statement that another one now covers)."""


def _of_cdk(scan: ProjectScan, left: tuple[Problem, ...]) -> Iterator[Finding]:
    if scan.project.framework == "cdk" and left:
        why = "every synth writes the templates anew, so they are not mended"
        yield Finding(_SYNTHESIZED, why, Place(scan.project.config), "mend the constructs that check names")


def _keys(problems: tuple[Problem, ...]) -> set[tuple[str, str, str]]:
    return {(one.rule, one.role, one.about) for one in problems}


def _worse(before: tuple[Problem, ...], after: tuple[Problem, ...]) -> Problem | None:
    """What would be denied and was not, or would be refused."""
    from scopedown.checks.rules import rules

    grave = {rule.id for rule in rules() if rule.denied or rule.severity == "error"}
    known = _keys(before)
    return next((one for one in after if one.rule in grave and (one.rule, one.role, one.about) not in known), None)


def _portable(scan: ProjectScan, asked: _Asked) -> Mapping[str, Text]:
    """The ARNs that hold the stage's name, with the stage's variable in them."""
    from scopedown.write.stage_independent import forms

    if scan.project.framework != "serverless":
        return {}
    return forms(scan, scanned_elsewhere(scan.project, options_of(asked.request), asked.how))
