"""What a role's own statements must be: what its functions need, without what the framework adds by itself.

A role's present statements are compared with that: one that is needed as it stands stays, one that scopedown can judge
and that is not needed goes, one that it cannot judge stays and is told.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from scopedown.compare.grant_prefilter import surely_covered
from scopedown.core.text import Param, Part, Ref, Text
from scopedown.documents.nodes import items_of
from scopedown.emit.cloudformation import plain
from scopedown.generate.document import statement
from scopedown.generate.minimize import minimize
from scopedown.iam.coverage import Grant
from scopedown.permissions.merge import merge
from scopedown.permissions.model import RequiredPermission
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import Project, Role
from scopedown.write.model import Statement
from scopedown.write.stage_independent import spelled


@dataclass(frozen=True, slots=True)
class Needed:
    """A statement: ``means`` as the project's file is read, ``written`` as it is put into the file."""

    means: Statement
    written: Statement


def needed(
    permissions: Iterable[RequiredPermission],
    role: Role | None,
    scope: Scope,
    spell: Callable[[Text], Text],
    given: Iterable[Grant] = (),
) -> tuple[Needed, ...]:
    """The statements that a role must have of its own, beside what its tool adds to it and the ``given``; ``spell``
    tells ARNs as they are written."""
    return tuple(
        Needed(plain(one), spelled(plain(_with(one, spell))))
        for one in statements_needed(permissions, role, scope, given)
    )


def statements_needed(
    permissions: Iterable[RequiredPermission], role: Role | None, scope: Scope, given: Iterable[Grant] = ()
) -> Iterator[Statement]:
    """The same statements, with ARNs as :class:`~scopedown.core.text.Text`."""
    there = (*given, *(_given(role, scope) if role else ()))
    rest = (left for permission in permissions if (left := _rest(permission, there)) is not None)
    return map(statement, minimize(merge(list(rest))))


def _with(one: Mapping[str, Any], change: Callable[[Text], Text]) -> Mapping[str, Any]:
    return {**one, "Resource": [change(arn) for arn in one["Resource"]]}


def _rest(one: RequiredPermission, given: tuple[Grant, ...]) -> RequiredPermission | None:
    """A permission on the resources that are not given already."""
    left = tuple(each for each in one.resources if not surely_covered(one.action, each.arn, given, one.conditions))
    return replace(one, resources=left) if left else None


def _given(role: Role, scope: Scope) -> Iterator[Grant]:
    """What its tool adds to a role."""
    for declared in role.statements:
        if declared.added_by == "project" or declared.statement.get("Effect") != "Allow":
            continue
        actions, resources = (items_of(declared.statement.get(name)) for name in ("Action", "Resource"))
        if actions and resources and all(isinstance(action, str) for action in actions):
            texts = tuple(to_text(resource, scope) for resource in resources)
            if not any(text.unknowns for text in texts):
                yield Grant("Allow", tuple(map(str, actions)), texts)


def as_it_is(arn: Text) -> Text:
    """An ARN as it is read."""
    return arn


def as_sam_reads(project: Project, arn: Text) -> Text:
    """An ARN with the defaults of parameters in it, as SAM's translator leaves some."""
    if project.framework != "sam":
        return arn

    def known(part: Part) -> str | Part:
        declared = project.parameters.get(_name(part))
        default = declared.get("Default") if isinstance(declared, Mapping) else None
        is_stored = isinstance(declared, Mapping) and str(declared.get("Type")).startswith("AWS::SSM::")
        return part if is_stored or not isinstance(default, str) else default

    return arn.replace(known)


def _name(part: Part) -> str:
    match part:
        case Param(name):
            return name
        case Ref(id):
            return id
        case _:
            return ""


class Missing:
    """Statements that are needed and that were not found yet, by what they say; ``read`` tells what an ARN comes to."""

    def __init__(self, wanted: Iterable[Needed], read: Callable[[Text], Text] = as_it_is) -> None:
        self._read = read
        self._left = dict(enumerate(wanted))
        self._by_words: dict[str, list[int]] = {}
        for number, one in reversed(self._left.items()):
            self._by_words.setdefault(canonical(one.means, read), []).append(number)

    def take(self, statement: Statement) -> Needed | None:
        """The first that says the same as a statement, which is not missing any more."""
        alike = self._by_words.get(canonical(statement, self._read))
        return self._left.pop(alike.pop()) if alike else None

    def __iter__(self) -> Iterator[Needed]:
        return iter(self._left.values())

    def __bool__(self) -> bool:
        return bool(self._left)


def canonical(written: Any, read: Callable[[Text], Text] = as_it_is) -> str:
    """What a statement says: the same text for statements that say the same, in whatever order and form; ``read`` tells
    what an ARN comes to."""
    found = {}
    for key, value in written.items():
        if key == "Sid":
            continue
        if key in ("Action", "Resource"):
            items = [json.dumps(plain(_text(one, read)), sort_keys=True, default=str) for one in items_of(value)]
            found[key] = sorted(item.lower() if key == "Action" else item for item in items)
        else:
            found[key] = value
    return json.dumps(found, sort_keys=True, default=str)


def _text(value: Any, read: Callable[[Text], Text]) -> Any:
    if isinstance(value, str | Mapping):
        text = to_text(value, Scope())
        return value if text.unknowns else read(text)
    return value
