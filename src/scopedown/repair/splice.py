"""The repairs of ``check --fix`` in the text of the project's files.

A problem that cannot be mended is told with its place, and the others are mended all the same. A policy whose last
statement goes is taken out whole: IAM refuses one without statements
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html: ``statement_block`` has one or more).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from scopedown.checks.model import Problem
from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.emit.splice.edits import SpliceError
from scopedown.project.intrinsics import Scope
from scopedown.project.model import Project
from scopedown.repair.repairs import Narrowed, Repair
from scopedown.write.layout import dialect_of, place_of_list
from scopedown.write.model import Statement
from scopedown.write.policies import spot_of
from scopedown.write.stage_independent import with_variable
from scopedown.write.statements import needed
from scopedown.write.texts import Changes, Spot, Steps, Texts, located

_BY_HAND = "fix it by hand"


@dataclass(frozen=True, slots=True)
class Spliced:
    """The files with the repairs that could be made, those repairs, and why others could not."""

    texts: Texts
    done: tuple[Repair, ...]
    findings: tuple[Finding, ...]


def spliced(repairs: Sequence[Repair], project: Project, portable: Mapping[str, Text], texts: Texts) -> Spliced:
    """Make all repairs that can be made; ``texts`` stay as they are."""
    try:
        return Spliced(_carried_out(repairs, project, texts, portable), tuple(repairs), ())
    except (ScopedownError, ValueError):  # ValueError: two fixes would change the same place
        pass
    able: list[Repair] = []
    findings: list[Finding] = []
    for repair in repairs:
        kept, told = _able(repair, able, project, portable, texts)
        able += kept
        findings += told
    return Spliced(_carried_out(able, project, texts, portable), tuple(able), tuple(findings))


def _able(
    one: Repair, before: Sequence[Repair], project: Project, portable: Mapping[str, Text], texts: Texts
) -> tuple[list[Repair], list[Finding]]:
    """As much of a repair as can be made beside those ``before``."""
    why = _refused([*before, one], project, portable, texts)
    if why is None:
        return [one], []
    groups: dict[Place | None, list[Problem]] = {}
    for problem in one.problems:
        groups.setdefault(problem.fix.place if problem.fix else None, []).append(problem)
    found: Repair | None = None
    findings: list[Finding] = []
    for problems in groups.values() if len(groups) > 1 else ():
        more = one.of_only([*(found.problems if found else ()), *problems])
        why = _refused([*before, more], project, portable, texts) if more else None
        if why is None:
            found = more or found
        else:
            findings += (_told(why, problem) for problem in problems)
    if len(groups) == 1:
        findings = [_told(why, problem) for problem in one.problems] if why else []
    return [found] if found else [], findings


def _told(why: ScopedownError, problem: Problem) -> Finding:
    return Finding("fix-by-hand", f"{problem.rule}: {why.message}", problem.place, why.remedy or _BY_HAND)


def _refused(
    repairs: Sequence[Repair], project: Project, portable: Mapping[str, Text], texts: Texts
) -> ScopedownError | None:
    """Why repairs cannot be made; None where they can."""
    try:
        _carried_out(repairs, project, texts, portable).overlay()
    except ScopedownError as error:
        return error
    except ValueError:
        return SpliceError("two fixes would change the same place", None, _BY_HAND)
    return None


def _carried_out(repairs: Sequence[Repair], project: Project, texts: Texts, portable: Mapping[str, Text]) -> Texts:
    """The files with the repairs. Raises ScopedownError where a place cannot be written."""
    texts = texts.copy()
    placed = [
        _placed(repair, project, texts, portable) for repair in repairs
    ]  # all of them before a change moves lines
    added: dict[Spot, list[Statement]] = {}
    for one in placed:
        if one.added:
            added.setdefault(one.where, []).extend(one.added)
    gone = {*_emptied([spot for one in placed for spot in one.gone], added, texts)}
    narrowing = [_narrowing(spot, narrowed, texts) for one in placed for spot, narrowed in one.narrowed]
    # the only value of its key, in whose place the added ones come, or a list
    put = tuple(addition for addition in added.items() if addition[0] in gone)
    append = tuple(addition for addition in added.items() if addition[0] not in gone)
    texts.carry_out(*narrowing, Changes(put, append, tuple(gone - set(added))))
    try:
        texts.overlay()
    except SpliceError as error:
        why = "the part to remove holds a YAML anchor that another place uses"
        raise SpliceError(why, error.place, _BY_HAND) from error
    return texts


@dataclass(frozen=True, slots=True)
class _Placed:
    """A repair, and where in the files it is made."""

    gone: tuple[Spot, ...]
    narrowed: tuple[tuple[Spot, Narrowed], ...]
    added: tuple[Statement, ...]
    where: Spot
    """What gets the added ones."""


def _placed(one: Repair, project: Project, texts: Texts, portable: Mapping[str, Text]) -> _Placed:

    spell = partial(with_variable, known=portable)
    gone = tuple(_statement_at(place, texts) for place in one.gone)
    narrowed = tuple((_statement_at(each.place, texts), each) for each in one.narrowed)
    missing = tuple(each.written for each in needed(one.allow, None, Scope.of(project), spell))
    where = _where(one, gone, narrowed, project, texts) if missing else ("", ())
    return _Placed(gone, narrowed, missing, where)


def _statement_at(place: Place, texts: Texts) -> Spot:
    """The statement that stands at a place: an item of a list, or the only one of ``Statement``. Raises SpliceError
    where it cannot be changed or taken out."""
    text = texts.of(place.file)
    single = spot_of(place, text)
    if single is not None and single[-1] == "Statement":
        file, path = place.file, single
    else:
        file, path = located(place, None, texts)
    if text.kind(path) != "mapping" or text.tag(path):
        raise SpliceError(f"the statement comes from {text.value(path) or 'a function'}",
                          place, "fix it there")  # fmt: skip
    if not text.has((*path, "Effect")):
        raise SpliceError("this place holds no statement, only what a statement is built from", place, _BY_HAND)
    text.edit_setting((*path, "Effect"), "Allow")  # raises where an alias repeats the statement at another place
    around = path if path[-1] == "Statement" else path[:-1]
    if any(text.tag(around[:depth]) for depth in range(len(around) + 1)) or any(
        str(step).startswith("Fn::") for step in around
    ):
        raise SpliceError("a condition chooses the statement", place, _BY_HAND)
    if around and isinstance(around[-1], int):
        raise SpliceError("the statement is in a list inside the list of statements", place, _BY_HAND)
    return file, path


def _where(
    one: Repair, gone: Sequence[Spot], narrowed: Sequence[tuple[Spot, Narrowed]], project: Project, texts: Texts
) -> Spot:
    """The list that gets what a role needs beside: that of a statement which goes, is narrowed or stays; of a statement
    that is the only value of its key and goes, its place."""
    for file, path in gone:
        return file, path if path[-1] == "Statement" else path[:-1]
    spots = [spot for spot, _ in narrowed]
    for place in one.others:
        try:
            spots.append(_statement_at(place, texts))
        except SpliceError:
            continue
    for file, path in spots:
        if path[-1] != "Statement":
            return file, path[:-1]
    return _list_of(one, project, texts)


def _list_of(one: Repair, project: Project, texts: Texts) -> Spot:
    """Where a role without statements of its own has its list."""
    if project.framework != "serverless":
        raise ScopedownError(
            f"{one.role} has no list of statements", Place(project.config), "write the statement by hand"
        )
    function = next(each for each in project.functions if each.key == one.functions[0])
    return place_of_list(project, function, dialect_of(project), texts)


def _emptied(gone: Iterable[Spot], added: Container[Spot], texts: Texts) -> Iterator[Spot]:
    """What goes: statements, and the whole policy in the place of its last ones."""
    by_list: dict[Spot, list[Steps]] = {}
    for file, path in dict.fromkeys(gone):
        by_list.setdefault((file, path if path[-1] == "Statement" else path[:-1]), []).append(path)
    policies: dict[Spot, list[Steps]] = {}
    for (file, around), paths in by_list.items():
        text = texts.of(file)
        last = text.kind(around) == "mapping" or len(paths) == len(text.keys(around))
        if not last or (file, around) in added or not around or around[-1] != "Statement":
            yield from ((file, path) for path in paths)  # the framework's own lists of statements may be empty
            continue
        entry = around[:-2] if around[-2:-1] == ("PolicyDocument",) else around[:-1]
        if entry[-1:] == ("Policies",):
            yield file, entry
        elif entry[-2:-1] == ("Policies",):
            policies.setdefault((file, entry[:-1]), []).append(entry)
        else:
            raise SpliceError(
                f"this is the last statement of {'.'.join(map(str, entry[:2]))}, and IAM refuses a policy without one",
                Place(file), "remove the whole policy resource if nothing refers to it",
            )  # fmt: skip
    for (file, key), entries in policies.items():
        whole = len(entries) == len(texts.of(file).keys(key))
        yield from ((file, path) for path in ([key] if whole else entries))


def _narrowing(spot: Spot, one: Narrowed, texts: Texts) -> Changes:
    """What takes actions and resources out of a statement; what stays, stays as it is written."""
    file, path = spot
    put: list[tuple[Spot, Any]] = []
    gone: list[Spot] = []
    if one.actions is not None:
        key = (*path, "Action")
        listed = texts.of(file).kind(key) == "sequence"
        written = _items(texts, file, key) if listed else []
        if listed and set(one.actions) <= set(written):
            gone += ((file, (*key, number)) for number, action in enumerate(written) if action not in one.actions)
        else:
            put.append(((file, key), list(one.actions) if len(one.actions) > 1 or listed else one.actions[0]))
    if one.resources:
        key = (*path, "Resource")
        if len(texts.of(file).keys(key)) != one.count:
            raise SpliceError("the resources are not written here", one.place, _BY_HAND)
        gone += ((file, (*key, number)) for number in one.resources)
    return Changes(set=tuple(put), remove=tuple(gone))


def _items(texts: Texts, file: str, path: Steps) -> list[str | None]:
    text = texts.of(file)
    return [text.value((*path, number)) for number in range(len(text.keys(path)))]
