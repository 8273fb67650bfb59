"""A role as declared, compared with what one function needs: what is removed, narrowed, added, unchanged or kept.

The comparison is the one of the rules (:mod:`scopedown.compare.subject`), asked for one function at a time, since every
function gets a policy of its own. Of each statement only the resources are judged one by one that the function may need
(:mod:`~.role_before`); all others have one verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from scopedown.compare.doubt import Doubt
from scopedown.compare.fitted import Way, fitted, served
from scopedown.compare.statement import Declared, Need
from scopedown.compare.subject import Subject
from scopedown.iam.coverage import Grant
from scopedown.iam.wildcard import matching
from scopedown.permissions.model import RequiredPermission
from scopedown.report.model import NAMES, Change, Comparison, Kind
from scopedown.report.role_before import RoleBefore, Statement, Unit, is_wide, where
from scopedown.scan import FunctionScan

_MOST = 40
"""Changes of one function from which on those that say the same of several statements are one row."""
_PLAIN = {"Sid", "Effect", "Action", "Resource"}
_Verdict = tuple[Kind, tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class _Right:
    """An action of a statement, whatever the resource: how it is judged where no need is for the resource, why it is
    left alone, and the needs that it may be for."""

    unused: _Verdict
    doubt: str = ""
    needs: tuple[Need, ...] = ()


def compare(role: RoleBefore | None, function: FunctionScan) -> Comparison:
    """A role (None: one that the project does not declare), compared with what one function needs."""
    after = _wide(function.permissions)
    if role is None or not role.subject.role.declared:
        return Comparison(
            (), 0, after, "The project does not declare this role, so scopedown cannot compare what it allows."
        )
    alone = role.subject.alone(function)
    fit = fitted(alone, alone.doubt)
    doubt = fit.kept(alone.doubt)
    after = _wide(fit.permissions)
    policies = {arn: doubt.why_policy(arn) for arn in role.policies}
    rows: list[Change] = []
    for unit in role.units:
        found, wide = _rows(alone, unit, doubt, policies)
        rows += found
        after += wide
    going = {where(one) for one in alone.declared if one.written in doubt.replaceable} if doubt.replaceable else set()
    others = [replace(one, kind=Kind.GONE, note="") if one.where in going else one for one in role.unpaired]
    is_complete = role.subject.complete
    if is_complete:
        others += _added(alone)
    note = "" if is_complete else "Part of what this role allows is known only after deployment."
    order = list(Kind)
    changes = sorted((*rows, *_merged(others)), key=lambda one: order.index(one.kind))
    return Comparison(tuple(_folded(changes) if len(changes) > _MOST else changes), role.wide, after, note)


def _folded(changes: Iterable[Change]) -> Iterator[Change]:
    """Changes of which those that differ in their resources and places alone are one: a role that hundreds of functions
    share may have a statement for each resource, and the page repeats it for each function."""
    found: dict[object, list[Change]] = {}
    for one in changes:
        found.setdefault((one.kind, one.actions, one.instead, one.by, one.note), []).append(one)
    for first, *rest in found.values():
        if not rest:
            yield first
            continue
        names = tuple(dict.fromkeys(name for one in (first, *rest) for name in one.resources))
        count = len(names) + sum(one.more for one in (first, *rest))
        shown = names if count <= NAMES + 1 else names[:NAMES]
        places = len({one.where for one in rest} - {first.where})
        at = f"{first.where} and {places} more {'place' if places == 1 else 'places'}" if places else first.where
        yield replace(first, resources=shown, more=count - len(shown), where=at)


def _wide(permissions: Sequence[RequiredPermission]) -> int:
    return sum(is_wide(one.action, str(resource.arn)) for one in permissions for resource in one.resources)


def _rows(alone: Subject, unit: Unit, doubt: Doubt, policies: Mapping[str, str]) -> tuple[list[Change], int]:
    """The rows of one place, and how many wildcard grants are kept there: what is not judged stays, since code that was
    not searched may need it."""
    rights = {
        (number, action): _right(alone, one, action, doubt, policies)
        for number, one in enumerate(unit.statements)
        for action in one.actions
    }
    near: dict[tuple[int, str], set[int]] = {
        right: unit.statements[right[0]].near(found.needs) for right, found in rights.items()
    }
    single = {unit.statements[number].items[place] for (number, _), places in near.items() for place in places}
    rows: _Rows = {}
    wide = 0
    for item in sorted(single, key=lambda one: unit.order[one]):
        verdicts: list[tuple[str, _Verdict]] = []
        for number, one in enumerate(unit.statements):
            for place, action in ((place, action) for place in one.numbers.get(item, ()) for action in one.one.actions):
                right = rights[number, action]
                verdict = _judged(alone, one, place, action, right) if place in near[number, action] else right.unused
                verdicts.append((action, verdict))
                wide += verdict[0] is Kind.KEPT and place in one.wide[action]
        _add(rows, verdicts, [item], 1, unit.order[item])
    for members, items in unit.classes.items():
        rest = len(items) - sum(unit.class_of[item] == members for item in single)
        if rest:
            names = list(islice((item for item in items if item not in single), NAMES + 1))
            actions = ((number, action) for number in members for action in unit.statements[number].actions)
            _add(rows, [(right[1], rights[right].unused) for right in actions], names, rest, unit.order[names[0]])
    for (number, action), right in rights.items():
        if right.unused[0] is Kind.KEPT:
            one = unit.statements[number]
            judged = {place for item in single for place in one.numbers.get(item, ())}
            wide += (len(one.wide[action]) - len(one.wide[action] & judged)) * one.one.actions.count(action)
    found = []
    for (kind, said, instead, note), (_, names, count) in sorted(rows.items(), key=lambda row: row[1][0]):
        names = sorted(names, key=lambda one: unit.order[one])
        names = names if count <= NAMES + 1 else names[:NAMES]
        found.append(Change(kind, said, tuple(names), instead, unit.where, unit.by, note, count - len(names)))
    return found, wide


_Rows = dict[tuple[Kind, tuple[str, ...], tuple[str, ...], str], tuple[int, list[str], int]]
"""By what a row says beside its resources: the place of the first of these, some of them, and how many there are."""


def _add(rows: _Rows, verdicts: Iterable[tuple[str, _Verdict]], names: list[str], count: int, place: int) -> None:
    """Add ``count`` resources of which actions have these verdicts; the first ``names`` of them are shown."""
    by_verdict: dict[_Verdict, dict[str, None]] = {}
    for action, verdict in verdicts:
        by_verdict.setdefault(verdict, {})[action] = None
    for (kind, instead, note), actions in by_verdict.items():
        key = kind, tuple(actions), instead, note
        first, others, number = rows.get(key, (place, [], 0))
        rows[key] = min(first, place), [*others, *names], number + count


def _right(alone: Subject, one: Statement, action: str, unresolved: Doubt, policies: Mapping[str, str]) -> _Right:
    written = one.one.written
    if written in unresolved.replaceable:
        return _Right((Kind.GONE, (), ""))
    if written.get("Effect") != "Allow":
        return _Right((Kind.KEPT, (), "a Deny statement"))
    if one.one.grant is None or not set(written) <= _PLAIN:
        return _Right((Kind.KEPT, (), "has a Condition, or a part known only after deployment"))
    doubt = unresolved.why(action) or one.why_kept(unresolved, policies)
    fits = matching(action.lower())
    needs = tuple(need for need in alone.needs if fits(need.permission.action.lower()))
    if doubt and not (one.by == "framework" and alone.is_habitual(action)):
        return _Right((Kind.KEPT, (), doubt), doubt, needs)
    if not (needs or alone.is_unused(action) or alone.is_habitual(action)):
        return _Right((Kind.KEPT, (), "AWS documents it as required for a source that Lambda polls"), doubt, needs)
    return _Right((Kind.GONE, (), ""), doubt, needs)


def _judged(alone: Subject, one: Statement, place: int, action: str, right: _Right) -> _Verdict:
    """One action on one resource of a statement, which a need may be for: what is not known of a need may be what a
    reference turns out to be."""
    item, forms = one.one.resources[place]
    grant = Grant("Allow", (action,), forms)
    used = [need for need in right.needs if alone.covered(need, (grant,)) != "no"]
    if not used:
        return right.unused
    pair = Declared(one.one.statement, (action,), ((item, forms),), grant)
    if not (_has_more_actions(one, action, used) or alone.narrower(pair, forms)):
        return Kind.UNCHANGED, (), ""
    if right.doubt and one.by != "framework":
        return Kind.KEPT, (), right.doubt
    # Of one action, its resources; of a pattern, the actions too.
    says = "{}" if used[0].permission.action == action else "{1} on {0}"
    return Kind.NARROWED, tuple(dict.fromkeys(says.format(need.arn, need.permission.action) for need in used)), ""


def _has_more_actions(one: Statement, pattern: str, used: Sequence[Need]) -> bool:
    """Whether a pattern matches actions that are not needed."""
    return pattern == "*" or one.known.get(pattern, 0) > len({need.permission.action for need in used})


def _added(alone: Subject) -> Iterator[Change]:
    """Needs that are certain and that the role does not cover."""
    for need in (one.need for one in served(alone) if one.way is Way.LACKING):
        if alone.covered(need) != "yes":
            yield Change(Kind.ADDED, (need.permission.action,), (str(need.arn),), (), _because(need.permission))


def _because(permission: RequiredPermission) -> str:
    place = permission.because[0].place if permission.because else None
    return f"{place.file}:{place.line}" if place else ""


def _merged(changes: list[Change]) -> list[Change]:
    """Changes that differ in their actions alone, or then in their resources alone, as one."""
    by_actions: dict[object, list[Change]] = {}
    for one in changes:
        by_actions.setdefault((one.kind, one.resources, one.instead, one.where, one.by, one.note), []).append(one)
    found: dict[object, list[Change]] = {}
    for same in by_actions.values():
        one = replace(same[0], actions=tuple(dict.fromkeys(action for each in same for action in each.actions)))
        found.setdefault((one.kind, one.actions, one.instead, one.where, one.by, one.note), []).append(one)
    return [
        replace(same[0], resources=tuple(dict.fromkeys(resource for each in same for resource in each.resources)))
        for same in found.values()
    ]
