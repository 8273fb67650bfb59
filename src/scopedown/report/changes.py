"""A role as declared, compared with what one function needs: what is removed, narrowed, added, unchanged or kept.

The comparison is the one of the rules (:mod:`scopedown.compare.subject`), asked for one function at a time, since every
function gets a policy of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from scopedown.compare.doubt import Doubt
from scopedown.compare.fitted import Way, fitted, served
from scopedown.compare.grant_prefilter import apart, beginning
from scopedown.compare.statement import Declared, Need, shown
from scopedown.compare.subject import Subject
from scopedown.core.text import Text
from scopedown.iam.coverage import Grant
from scopedown.iam.wildcard import matching
from scopedown.permissions.managed_policies import allowed_by
from scopedown.permissions.model import RequiredPermission
from scopedown.project.model import DeclaredStatement
from scopedown.report.model import Change, Comparison, Kind
from scopedown.scan import FunctionScan

_PLAIN = {"Sid", "Effect", "Action", "Resource"}
_NOT_TYPED = frozenset({"s3", "execute-api"})
"""Services whose ARNs have a name where others have a type: ``bucket/*`` is of one bucket, ``table/*`` every table."""
_ARN = re.compile(r"[^:]*:[^:]*:(?P<service>[^:]*):[^:]*:[^:]*:(?P<resource>.*)", re.DOTALL)
_REFERENCE = re.compile(r"\$\{[^}]*\}")


def is_wide(action: str, resource: str) -> bool:
    """Whether an action on a resource is a wildcard grant: many actions, or a resource of which no name is said.

    >>> is_wide("dynamodb:*", "arn:aws:dynamodb:eu-west-1:1:table/a"), is_wide("s3:GetObject", "*")
    (True, True)
    >>> is_wide("s3:GetObject", "arn:aws:s3:::photos/*"), is_wide("sqs:SendMessage", "arn:aws:sqs:*:*:jobs-*")
    (False, False)
    >>> is_wide("dynamodb:GetItem", "arn:${AWS::Partition}:dynamodb:${AWS::Region}:1:table/*")
    True
    """
    if "*" in action or "?" in action or resource == "*":
        return True
    arn = _ARN.fullmatch(_REFERENCE.sub("$", resource))
    if arn is None:
        return False
    typed = arn["service"] not in _NOT_TYPED
    return re.match(r"([\w-]+[/:])?\*" if typed else r"\*", arn["resource"]) is not None


@dataclass(frozen=True, slots=True)
class _Pair:
    """One action on one resource of a statement."""

    action: str
    item: str
    forms: tuple[Text, ...]
    one: Declared
    by: str
    managed: str = ""
    """The ARN of the managed policy that it is of."""
    heads: tuple[str, ...] = field(init=False)
    """With what each form begins."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "heads", tuple(map(beginning, self.forms)))

    @property
    def right(self) -> tuple[int, str]:
        """Its action of its statement, whatever the resource."""
        return id(self.one), self.action

    @property
    def grant(self) -> Grant:
        """The pair alone."""
        return Grant("Allow", (self.action,), self.forms)

    @property
    def is_wide(self) -> bool:
        """Whether it is a wildcard grant."""
        return self.one.written.get("Effect") == "Allow" and is_wide(self.action, self.item)

    def why_kept(self, doubt: Doubt, policies: Mapping[str, str]) -> str:
        """Why write leaves it, as it judges whole statements and managed policies; empty where it does not."""
        if self.managed:
            return policies[self.managed]
        return doubt.stays(self.one.statement, self.one.kept) if self.by == "project" else ""


_Verdict = tuple[Kind, tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class _Right:
    """An action of a statement, whatever the resource: how it is judged where no need is for the resource, why it is
    left alone, and the needs that it may be for, with the beginnings of their forms."""

    unused: _Verdict
    doubt: str = ""
    needs: tuple[tuple[Need, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class RoleBefore:
    """A role that functions of the project assume, taken apart once for all of them."""

    subject: Subject

    @cached_property
    def pairs(self) -> tuple[_Pair, ...]:
        """Every action on every resource that its statements and known managed policies name."""
        return tuple(_pairs(self.subject))

    @cached_property
    def unpaired(self) -> tuple[Change, ...]:
        """What it has besides."""
        return tuple(_unpaired(self.subject))

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """All that it allows, as far as it is known."""
        return (*(one.grant for one in self.subject.declared if one.grant), *self.subject.managed[0])

    @cached_property
    def wide(self) -> int:
        """How many wildcard grants it has."""
        return sum(pair.is_wide for pair in self.pairs)


def compare(role: RoleBefore | None, function: FunctionScan) -> Comparison:
    """A role (None: one that the project does not declare), compared with what one function needs."""
    after = sum(
        is_wide(permission.action, str(resource.arn))
        for permission in function.permissions
        for resource in permission.resources
    )
    if role is None or not role.subject.role.declared:
        return Comparison(
            (), 0, after, "The project does not declare this role, so scopedown cannot compare what it allows."
        )
    alone = role.subject.alone(function)
    fit = fitted(alone, alone.doubt)
    doubt, will = fit.kept(alone.doubt), fit.permissions
    after = sum(
        is_wide(permission.action, str(resource.arn)) for permission in will for resource in permission.resources
    )
    policies = {arn: doubt.why_policy(arn) for arn in {pair.managed for pair in role.pairs if pair.managed}}
    rights: dict[tuple[int, str], _Right] = {}
    changes = []
    for pair in role.pairs:
        if pair.right not in rights:
            rights[pair.right] = _right(alone, pair, doubt, policies)
        kind, instead, note = _judged(alone, pair, rights[pair.right])
        changes.append(Change(kind, (pair.action,), (pair.item,), instead, _where(pair.one), pair.by, note))
    # What is not judged is kept: code that was not searched may need it.
    after += sum(pair.is_wide and one.kind is Kind.KEPT for pair, one in zip(role.pairs, changes, strict=True))
    going = {_where(one) for one in alone.declared if one.written in doubt.replaceable}
    changes += (replace(one, kind=Kind.GONE, note="") if one.where in going else one for one in role.unpaired)
    is_complete = role.subject.complete
    if is_complete:
        changes += _added(alone)
    note = "" if is_complete else "Part of what this role allows is known only after deployment."
    return Comparison(tuple(_merged(changes)), role.wide, after, note)


def _pairs(subject: Subject) -> Iterator[_Pair]:
    for one in subject.declared:
        if one.actions and one.resources:
            for item, forms in one.resources:
                for action in one.actions:
                    yield _Pair(action, shown(item), forms, one, one.statement.added_by)
    for policy in subject.role.managed_policies:
        arn = str(subject.comparable.declares(policy)[0])
        for grant in () if (found := allowed_by(arn)) is None else map(subject.placed, found):
            one = _of_grant(grant)
            for item, forms in one.resources:
                for action in one.actions:
                    yield _Pair(action, str(item), forms, one, arn.rsplit("/", 1)[-1], arn)


def _of_grant(grant: Grant) -> Declared:
    """What a managed policy says, as a statement that is not the project's: the complement of a NotAction, or a
    NotResource, as everything."""
    actions = ("*",) if grant.but_actions else grant.actions
    resources = ("*",) if grant.but_resources else tuple(map(str, grant.resources))
    written = {"Effect": grant.effect, "Action": list(actions), "Resource": list(resources)}
    items = tuple((resource, (Text.of(resource),)) for resource in resources)
    return Declared(DeclaredStatement(written, None, "managed"), actions, items, grant)


def _unpaired(subject: Subject) -> Iterator[Change]:
    """Statements without plain actions and resources, and managed policies of which nothing is known."""
    for one in subject.declared:
        if not one.actions or not one.resources:
            words = tuple(f"{key} {_words(one.written[key])}" for key in ("NotAction", "Action") if key in one.written)
            resource = _words(one.written.get("Resource", one.written.get("NotResource", "")))
            yield Change(
                Kind.KEPT,
                words,
                (resource,),
                (),
                _where(one),
                one.statement.added_by,
                "not a plain list of actions and resources",
            )
    for policy in subject.role.managed_policies:
        arn = str(subject.comparable.declares(policy)[0])
        if allowed_by(arn) is None:
            yield Change(
                Kind.KEPT, (), (), (), "", arn.rsplit("/", 1)[-1], "scopedown has no data on this managed policy"
            )


def _right(alone: Subject, pair: _Pair, unresolved: Doubt, policies: Mapping[str, str]) -> _Right:
    written = pair.one.written
    if written in unresolved.replaceable:
        return _Right((Kind.GONE, (), ""))
    if written.get("Effect") != "Allow":
        return _Right((Kind.KEPT, (), "a Deny statement"))
    if pair.one.grant is None or not set(written) <= _PLAIN:
        return _Right((Kind.KEPT, (), "has a Condition, or a part known only after deployment"))
    doubt = unresolved.why(pair.action) or pair.why_kept(unresolved, policies)
    fits = matching(pair.action.lower())
    needs = tuple(
        (need, tuple(map(beginning, need.forms)) if need.known else ())
        for need in alone.needs
        if fits(need.permission.action.lower())
    )
    if doubt and not (pair.by == "framework" and alone.is_habitual(pair.action)):
        return _Right((Kind.KEPT, (), doubt), doubt, needs)
    if not (needs or alone.is_unused(pair.action) or alone.is_habitual(pair.action)):
        return _Right((Kind.KEPT, (), "AWS documents it as required for a source that Lambda polls"), doubt, needs)
    return _Right((Kind.GONE, (), ""), doubt, needs)


def _judged(alone: Subject, pair: _Pair, right: _Right) -> _Verdict:
    # What is not known of a need may be what a reference turns out to be.
    near = (need for need, heads in right.needs if not (need.known and apart(heads, pair.heads)))
    used = [need for need in near if alone.covered(need, (pair.grant,)) != "no"]
    if not used:
        return right.unused
    one = Declared(pair.one.statement, (pair.action,), ((pair.item, pair.forms),), pair.grant)
    if not (_has_more_actions(alone, pair.action, used) or alone.narrower(one, pair.forms)):
        return Kind.UNCHANGED, (), ""
    if right.doubt and pair.by != "framework":
        return Kind.KEPT, (), right.doubt
    # Of one action, its resources; of a pattern, the actions too.
    says = "{}" if used[0].permission.action == pair.action else "{1} on {0}"
    return Kind.NARROWED, tuple(dict.fromkeys(says.format(need.arn, need.permission.action) for need in used)), ""


def _has_more_actions(alone: Subject, pattern: str, used: list[Need]) -> bool:
    """Whether a pattern matches actions that are not needed."""
    if "*" not in pattern and "?" not in pattern:
        return False
    fits = matching(pattern.lower())
    known = sum(fits(action.name.lower()) for action in alone.catalog.actions_of(pattern.partition(":")[0]))
    return pattern == "*" or known > len({need.permission.action for need in used})


def _added(alone: Subject) -> Iterator[Change]:
    """Needs that are certain and that the role does not cover."""
    for need in (one.need for one in served(alone) if one.way is Way.LACKING):
        if alone.covered(need) != "yes":
            yield Change(Kind.ADDED, (need.permission.action,), (str(need.arn),), (), _because(need.permission))


def _because(permission: RequiredPermission) -> str:
    place = permission.because[0].place if permission.because else None
    return f"{place.file}:{place.line}" if place else ""


def _merged(changes: list[Change]) -> list[Change]:
    """Changes that differ in their actions alone, or then in their resources alone, as one; by kind."""
    by_actions: dict[object, list[Change]] = {}
    for one in changes:
        by_actions.setdefault((one.kind, one.resources, one.instead, one.where, one.by, one.note), []).append(one)
    found: dict[object, list[Change]] = {}
    for same in by_actions.values():
        one = replace(same[0], actions=tuple(dict.fromkeys(action for each in same for action in each.actions)))
        found.setdefault((one.kind, one.actions, one.instead, one.where, one.by, one.note), []).append(one)
    order = list(Kind)
    merged = [
        replace(same[0], resources=tuple(dict.fromkeys(resource for each in same for resource in each.resources)))
        for same in found.values()
    ]
    return sorted(merged, key=lambda one: order.index(one.kind))


def _where(one: Declared) -> str:
    place = one.statement.place
    return f"{place.file}:{place.line}" if place else ""


def _words(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_words, value))
    return shown(value) if isinstance(value, Mapping | str | Text) else str(value)
