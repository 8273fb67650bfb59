"""A role as declared, taken apart once for all functions that assume it.

A role may name hundreds of resources of which each function needs a few: what holds for all others is worked out here,
so that a function costs what it needs, and not what its role names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from scopedown.catalog.model import Catalog
from scopedown.compare.doubt import Doubt
from scopedown.compare.statement import Declared, Need, shown
from scopedown.compare.subject import Subject
from scopedown.core.text import Text
from scopedown.iam.coverage import Grant
from scopedown.iam.wildcard import matching
from scopedown.permissions.managed_policies import allowed_by
from scopedown.project.model import DeclaredStatement
from scopedown.report.model import Change, Kind

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


@dataclass(frozen=True, eq=False)
class Statement:
    """A statement of a role, or a grant of a managed policy that it has, with actions and resources."""

    one: Declared
    by: str
    """Who declares it: ``project``, what added it, or the managed policy's name."""
    catalog: Catalog
    managed: str = ""
    """The ARN of the managed policy that it is of."""

    @cached_property
    def known(self) -> Mapping[str, int]:
        """How many actions of its service each of its patterns of actions matches."""
        return {
            pattern: sum(map(matching(pattern.lower()), self._actions_of(pattern.partition(":")[0])))
            for pattern in self.actions
            if "*" in pattern or "?" in pattern
        }

    def _actions_of(self, prefix: str) -> Iterator[str]:
        return (action.name.lower() for action in self.catalog.actions_of(prefix))

    @cached_property
    def items(self) -> tuple[str, ...]:
        """Its resources as they are shown."""
        return tuple(str(item) if self.managed else shown(item) for item, _ in self.one.resources)

    @cached_property
    def actions(self) -> tuple[str, ...]:
        """Its actions, each once."""
        return tuple(dict.fromkeys(self.one.actions))

    @cached_property
    def numbers(self) -> Mapping[str, tuple[int, ...]]:
        """The places of each resource among them."""
        found: dict[str, list[int]] = {}
        for number, item in enumerate(self.items):
            found.setdefault(item, []).append(number)
        return {item: tuple(numbers) for item, numbers in found.items()}

    @cached_property
    def wide(self) -> Mapping[str, frozenset[int]]:
        """The resources on which each action is a wildcard grant."""
        allows = self.one.written.get("Effect") == "Allow"
        return {
            action: frozenset(number for number, item in enumerate(self.items) if allows and is_wide(action, item))
            for action in self.one.actions
        }

    def near(self, needs: Iterable[Need]) -> set[int]:
        """The places of the resources that one of these needs may be on."""
        found: set[int] = set()
        for need in needs:
            found.update(self.one.numbers_near(need))
        return found

    def why_kept(self, doubt: Doubt, policies: Mapping[str, str]) -> str:
        """Why write leaves it, as it judges whole statements and managed policies; empty where it does not."""
        if self.managed:
            return policies[self.managed]
        return doubt.stays(self.one.statement, self.one.kept) if self.by == "project" else ""


@dataclass(frozen=True, eq=False)
class Unit:
    """Statements of one place, whose rows are shown as one where they say the same."""

    where: str
    by: str
    statements: tuple[Statement, ...]

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The resources of all statements in their order."""
        every = dict.fromkeys(item for one in self.statements for item in one.items)
        return {item: number for number, item in enumerate(every)}

    @cached_property
    def classes(self) -> Mapping[tuple[int, ...], tuple[str, ...]]:
        """The resources that the same statements name, by the numbers of those."""
        members: dict[str, list[int]] = {}
        for number, one in enumerate(self.statements):
            for item in one.numbers:
                members.setdefault(item, []).append(number)
        found: dict[tuple[int, ...], list[str]] = {}
        for item in self.order:
            found.setdefault(tuple(members[item]), []).append(item)
        return {numbers: tuple(items) for numbers, items in found.items()}

    @cached_property
    def class_of(self) -> Mapping[str, tuple[int, ...]]:
        """The statements that name each resource."""
        return {item: numbers for numbers, items in self.classes.items() for item in items}


@dataclass(frozen=True)
class RoleBefore:
    """A role that functions of the project assume."""

    subject: Subject

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """All that its statements and known managed policies say."""
        found: dict[tuple[str, str], list[Statement]] = {}
        for one in _statements(self.subject):
            found.setdefault((where(one.one), one.by), []).append(one)
        return tuple(Unit(*place, tuple(statements)) for place, statements in found.items())

    @cached_property
    def policies(self) -> frozenset[str]:
        """The ARNs of the managed policies that are known."""
        return frozenset(one.managed for unit in self.units for one in unit.statements if one.managed)

    @cached_property
    def unpaired(self) -> tuple[Change, ...]:
        """What it has besides."""
        return tuple(_unpaired(self.subject))

    @cached_property
    def wide(self) -> int:
        """How many wildcard grants it has."""
        return sum(
            len(one.wide[action]) for unit in self.units for one in unit.statements for action in one.one.actions
        )


def _statements(subject: Subject) -> Iterator[Statement]:
    for one in subject.declared:
        if one.actions and one.resources:
            yield Statement(one, one.statement.added_by, subject.catalog)
    for policy in subject.role.managed_policies:
        arn = str(subject.comparable.declares(policy)[0])
        for grant in () if (found := allowed_by(arn)) is None else map(subject.placed, found):
            yield Statement(_of_grant(grant), arn.rsplit("/", 1)[-1], subject.catalog, arn)


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
                where(one),
                one.statement.added_by,
                "not a plain list of actions and resources",
            )
    for policy in subject.role.managed_policies:
        arn = str(subject.comparable.declares(policy)[0])
        if allowed_by(arn) is None:
            yield Change(
                Kind.KEPT, (), (), (), "", arn.rsplit("/", 1)[-1], "scopedown has no data on this managed policy"
            )


def where(one: Declared) -> str:
    """The place of a statement."""
    place = one.statement.place
    return f"{place.file}:{place.line}" if place else ""


def _words(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_words, value))
    return shown(value) if isinstance(value, Mapping | str | Text) else str(value)
