"""``scopedown check --fix``: the problems that a program can mend, mended in the project's own files.

The files are spliced as ``write`` does it. What came of it is read and checked again before it is written: a function
must not be denied what it was allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scopedown.cli.projects import Request, options_of
from scopedown.cli.scanning import How, scanned
from scopedown.cli.write import agreed, show
from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place

if TYPE_CHECKING:
    from scopedown.checks.model import Problem
    from scopedown.checks.repair import Narrowed, Repair
    from scopedown.core.text import Text
    from scopedown.project.model import Project
    from scopedown.scan import ProjectScan
    from scopedown.write.layout import Steps
    from scopedown.write.model import FileChange
    from scopedown.write.splicing import Difference, Spot
    from scopedown.write.texts import Texts


@dataclass(frozen=True, slots=True)
class _Mending:
    """The files as they will be, and what remains to be done by hand."""

    changes: tuple[FileChange, ...]
    findings: tuple[Finding, ...]
    mended: int


def mended(scans: list[ProjectScan], asked: Request, how: How, chosen: frozenset[str], yes: bool) -> bool:
    """Show what would be changed of every project and change it; whether a person refused nothing."""
    from scopedown.emit.splice.edits import replace_file

    found = [_mending(scan, asked, how, chosen) for scan in scans]
    changes = tuple(change for one in found for change in one.changes)
    show(changes)
    for one in found:
        for finding in one.findings:
            click.echo(f"not mended: {finding}", err=True)
    if not changes:
        click.echo("scopedown: nothing to mend", err=True)
        return True
    if not yes and not agreed():
        click.echo("scopedown: nothing was written (--yes writes without a question)", err=True)
        return False
    for change in changes:
        replace_file(change.path, change.before, change.after)
    count = sum(one.mended for one in found)
    problems = f"{count} problem{'' if count == 1 else 's'}"
    click.echo(f"scopedown: mended {problems} in {', '.join(one.name for one in changes)}", err=True)
    return True


def _mending(scan: ProjectScan, asked: Request, how: How, chosen: frozenset[str]) -> _Mending:
    from scopedown.catalog.load import catalog
    from scopedown.checks.repair import repairs
    from scopedown.checks.run import check
    from scopedown.project.load import load_project
    from scopedown.write.texts import Texts

    config = Path(scan.project.root) / scan.project.config
    options = options_of(asked)
    portable = _portable(scan, config, asked, how)
    before = left = check(scan, catalog(), chosen).problems
    texts, now = Texts(Path(scan.project.root)), scan
    findings: list[Finding] = []
    if scan.project.framework == "cdk" and left:
        why = "every synth writes the templates anew, so they are not mended"
        findings.append(Finding("fix-by-hand", why, Place(scan.project.config), "mend the constructs that check names"))
    try:
        for _ in range(_ROUNDS):
            done, by_hand = repairs(now, catalog(), left)
            findings += by_hand
            changed = _spliced(done, now.project, portable, findings, texts)
            if changed.overlay() == texts.overlay():
                break
            texts, now = changed, scanned(load_project(config, options, changed.overlay()), how)
            left = check(now, catalog(), chosen).problems
        wrong = _worse(check(scan, catalog()).problems, check(now, catalog()).problems)
    except ScopedownError as error:
        wrong = str(error)
    told = tuple(dict.fromkeys(findings))
    if wrong:
        told += (Finding("fix-unverified", f"nothing is written: {wrong}", None, "mend it by hand"),)
        return _Mending((), told, 0)
    return _Mending(texts.changes(), told, len(_keys(before) - _keys(left)))


_ROUNDS = 4
"""What is mended may show that something else is to be mended (a statement that another one now covers)."""


def _keys(problems: tuple[Problem, ...]) -> set[tuple[str, str, str]]:
    return {(one.rule, one.role, one.about) for one in problems}


def _worse(before: tuple[Problem, ...], after: tuple[Problem, ...]) -> str:
    """What would be denied and was not, or would be refused, in words."""
    from scopedown.checks.rules import rules

    grave = {rule.id for rule in rules() if rule.denied or rule.severity == "error"}
    known = _keys(before)
    new = [one for one in after if one.rule in grave and (one.rule, one.role, one.about) not in known]
    return new[0].message if new else ""


def _portable(scan: ProjectScan, config: Path, asked: Request, how: How) -> Mapping[str, Text]:
    """The ARNs that hold the stage's name, with the stage's variable in them."""
    from scopedown.project.load import load_project
    from scopedown.write.portable import STAGE, forms

    if scan.project.framework != "serverless":
        return {}
    try:
        return forms(scan, scanned(load_project(config, replace(options_of(asked), stage=STAGE)), how))
    except ScopedownError:  # a project whose file knows its stages alone
        return {}


@dataclass(frozen=True, slots=True)
class _Placed:
    """A repair, and where in the files it is made."""

    repair: Repair
    gone: tuple[Spot, ...]
    narrowed: tuple[tuple[Spot, Narrowed], ...]
    new: Difference


def _spliced(
    done: list[Repair], project: Project, portable: Mapping[str, Text], findings: list[Finding], texts: Texts
) -> Texts:
    """The files with every repair that can be made; one that cannot is told and left out."""
    able = []
    for one in done:
        try:
            _carry_out([one], project, texts.copy(), portable)
            able.append(one)
        except ScopedownError as error:
            findings.append(error.finding("fix-by-hand"))
    together = texts.copy()
    try:
        _carry_out(able, project, together, portable)
    except ScopedownError as error:  # each is possible, and not all of them together
        findings.append(error.finding("fix-by-hand"))
        return texts
    return together


def _carry_out(repairs: list[Repair], project: Project, texts: Texts, portable: Mapping[str, Text]) -> None:
    """Make repairs in the files. Raises ScopedownError where a place cannot be written."""
    from scopedown.write.splicing import settle

    placed = [_placed(one, project, texts, portable) for one in repairs]  # all of them before a change moves lines
    for one in placed:
        for spot, narrowed in one.narrowed:
            _narrow(spot, narrowed, texts)
    settle([one.new for one in placed], [spot for one in placed for spot in one.gone], texts)


def _placed(one: Repair, project: Project, texts: Texts, portable: Mapping[str, Text]) -> _Placed:
    from scopedown.project.intrinsics import Scope
    from scopedown.write.layout import located
    from scopedown.write.portable import with_variable
    from scopedown.write.splicing import Difference
    from scopedown.write.statements import needed

    spell = partial(with_variable, known=portable)
    gone = tuple(located(place, None, texts) for place in one.gone)
    narrowed = tuple((located(each.place, None, texts), each) for each in one.narrowed)
    missing = tuple(each.written for each in needed(one.allow, None, Scope.of(project), spell))
    where: Spot = ("", ())
    if missing:
        statements = [*gone, *(spot for spot, _ in narrowed), *(located(place, None, texts) for place in one.others)]
        where = (statements[0][0], statements[0][1][:-1]) if statements else _list_of(one, project, texts)
    return _Placed(one, gone, narrowed, Difference(where, missing, (), ()))


def _list_of(one: Repair, project: Project, texts: Texts) -> Spot:
    """Where a role without statements of its own has its list."""
    from scopedown.write.layout import dialect_of, place_of_list

    if project.framework != "serverless":
        raise ScopedownError(
            f"{one.role} has no list of statements", Place(project.config), "write the statement by hand"
        )
    function = next(each for each in project.functions if each.key == one.functions[0])
    return place_of_list(project, function, dialect_of(project), texts)


def _narrow(spot: Spot, one: Narrowed, texts: Texts) -> None:
    """Take actions and resources out of a statement; what stays, stays as it is written."""
    file, path = spot
    if one.actions is not None:
        key = (*path, "Action")
        listed = texts.of(file).kind(key) == "sequence"
        written = _items(texts, file, key) if listed else []
        if listed and set(one.actions) <= set(written):
            for number in reversed(range(len(written))):
                if written[number] not in one.actions:
                    texts.remove(file, (*key, number))
        else:
            texts.set(file, key, list(one.actions) if len(one.actions) > 1 or listed else one.actions[0])
    if one.resources:
        key = (*path, "Resource")
        if len(texts.of(file).keys(key)) != one.count:
            raise ScopedownError("the resources are not written here", one.place, "mend it by hand")
        for number in reversed(one.resources):
            texts.remove(file, (*key, number))


def _items(texts: Texts, file: str, path: Steps) -> list[str | None]:
    text = texts.of(file)
    return [text.value((*path, number)) for number in range(len(text.keys(path)))]
