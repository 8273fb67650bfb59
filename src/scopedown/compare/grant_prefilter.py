"""The grants that can have a say in a need: the others are left out before anything is decided.

A shared role names the queues and log groups of hundreds of functions; a need is for one of them. Whether an action or
the known beginning of an ARN keeps two apart is seen at once, whether a pattern covers a need is not.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, Generic, TypeVar

from scopedown.core.arn import parse_arn
from scopedown.core.text import ANY, AnyText, Att, ImportValue, Literal, Param, Part, Pseudo, Ref, Text, Unknown
from scopedown.iam.coverage import Grant
from scopedown.iam.decided import Conditions, surely
from scopedown.iam.wildcard import among, matching

_OPEN = re.compile(r"[*?$]")
"""Where a pattern stops saying what it says: a wildcard, or a policy variable."""


_SOME = "\1"
"""Stands for what a wildcard of a need is: anything."""
_UNPLAIN = re.compile(r"[*?\0\1]")


def relevant(action: str, form: str | Text, grants: Iterable[Grant]) -> Iterator[Grant]:
    """The grants of which a request of this action on this resource may be a part, with those resources alone."""
    head = beginning(form)
    wanted = action.lower()
    for grant in grants:
        if grant.but_actions or grant.but_resources:
            yield grant
        elif among(grant.actions, wanted):
            near = resources_of(grant).by_beginning.near((head,))
            if near:
                yield grant if len(near) == len(grant.resources) else replace(grant, resources=near)


Value = TypeVar("Value")


class Beginnings(Generic[Value]):
    """Values by how the forms of each begin, to be asked which of them may be what begins in some other way.

    A form may be another where one of both begins as the other does, so that both are found by one search in order and
    one look-up for each length: a role names hundreds of resources, and each of its functions needs a few.
    """

    __slots__ = ("_by_head", "_heads", "_lengths", "_values")

    def __init__(self, values: Iterable[tuple[Iterable[str], Value]]) -> None:
        self._values: list[Value] = []
        self._by_head: dict[str, list[int]] = {}
        for number, (heads, value) in enumerate(values):
            self._values.append(value)
            for head in dict.fromkeys(heads):
                self._by_head.setdefault(head, []).append(number)
        self._heads = sorted(self._by_head)
        self._lengths = sorted({len(head) for head in self._heads})

    def near(self, heads: Iterable[str]) -> tuple[Value, ...]:
        """The values of which a form may be one of those that begin so, in their order."""
        return tuple(self._values[number] for number in sorted(self.numbers(heads)))

    def numbers(self, heads: Iterable[str]) -> set[int]:
        """The places of those values."""
        found: set[int] = set()
        for head in heads:
            for length in self._lengths:
                if length >= len(head):
                    break
                found.update(self._by_head.get(head[:length], ()))
            at = bisect_left(self._heads, head)
            while at < len(self._heads) and self._heads[at].startswith(head):
                found.update(self._by_head[self._heads[at]])
                at += 1
        return found


class Resources:
    """A grant's resources, read through once: by how they begin, and those that hold what the deployment is given."""

    __slots__ = ("_grant", "_opened", "by_beginning", "given")

    def __init__(self, grant: Grant) -> None:
        self._grant = grant
        self._opened: Grant | None = None
        self.by_beginning = Beginnings[str | Text](((beginning(text),), text) for text in grant.resources)
        self.given = tuple(text for text in grant.resources if given(text))

    @property
    def opened(self) -> Grant:
        """The grant with anything in the place of what is not known before the deployment."""
        if self._opened is None:
            self._opened = replace(self._grant, resources=tuple(map(opened, self._grant.resources)))
        return self._opened


def opened(text: str | Text) -> str | Text:
    """A text with anything in the place of what is not known before the deployment."""
    return text if isinstance(text, str) else text.replace(lambda part: part if isinstance(part, Literal) else ANY)


def resources_of(grant: Grant) -> Resources:
    """A grant's resources, to be asked about many needs."""
    if not isinstance(grant.index, Resources):
        found = Resources(grant)
        object.__setattr__(grant, "index", found)
        return found
    return grant.index


_STACK: Final = Pseudo("AWS::StackName")


def given(text: str | Text) -> frozenset[Part]:
    """The parts of a text that the deployment is given: parameters, what other stacks export, the stack's name."""
    if isinstance(text, str):
        return frozenset()
    return frozenset(part for part in text.parts if isinstance(part, Param | ImportValue) or part == _STACK)


def plainly_covered(form: str | Text, near: Iterable[Grant]) -> bool:
    """Whether relevant grants surely allow all of a resource: one of them names it as it is, or all that begins so.

    False says nothing: it has to be decided.
    """
    grants = [*near]
    if any(grant.effect == "Deny" for grant in grants):
        return False
    free = (grant for grant in grants if not (grant.conditions or grant.but_actions or grant.but_resources))
    return any(_holds(text, form) for grant in free for text in grant.resources)


def surely_covered(
    action: str, form: str | Text, grants: Iterable[Grant], conditions: Conditions | None = None
) -> bool:
    """Whether grants surely allow all of an action on a resource; those that have no say in it are not asked."""
    near = [*relevant(action, form, grants)]
    return bool(near) and (plainly_covered(form, near) or surely(action, form, near, conditions))


def surely_not_covered(form: str | Text, near: Iterable[Grant]) -> bool:
    """Whether a pattern goes on as it likes where every resource of relevant grants still says how it goes on.

    Then what takes none of their next characters is not allowed. False says nothing here either.
    """
    head, opens = _begins(form)
    if not opens or any(grant.but_actions or grant.but_resources for grant in near):
        return False
    return all(
        len(beginning(text)) > len(head) for grant in near for text in grant.resources if grant.effect == "Allow"
    )


def _holds(text: str | Text, form: str | Text) -> bool:
    """Whether a pattern plainly takes all of a form: it is the same, or it goes beyond only in an ARN's last field.

    There a ``*`` takes anything, also what a ``*`` of the form stands for, which is put in as a character of its own.
    """
    if text == form and _is_whole(text):
        return True
    pattern, wanted = _as_text(text), _as_text(form, _SOME)
    if pattern == "*":
        return True
    fields, given = parse_arn(pattern), parse_arn(wanted)
    if fields is None or given is None or fields[:5] != given[:5]:
        return False
    if "$" in pattern or _UNPLAIN.search(":".join(fields[:5])):
        return False
    return matching(fields.resource)(given.resource)


def _is_whole(text: str | Text) -> bool:
    """Whether a pattern is a reference, or an ARN with all of its fields, of which everything is known."""
    if isinstance(text, str):
        return text.count(":") >= 5
    first = text.parts[0] if text.parts else Literal("")
    return not text.unknowns and (first.value.count(":") >= 5 if isinstance(first, Literal) else first != ANY)


def _as_text(text: str | Text, some: str = "*") -> str:
    """A pattern in one line, references as in :func:`beginning`, with ``some`` for its wildcards."""
    if isinstance(text, str):
        return _wild(text, some)
    return "".join(
        _wild(part.value, some)
        if isinstance(part, Literal)
        else some
        if isinstance(part, AnyText) or (isinstance(part, Unknown) and some == _SOME)
        else _sign(part)
        for part in text.parts
    )


def _wild(text: str, some: str) -> str:
    return text if some == "*" else text.replace("*", some).replace("?", some)


def _sign(part: Part) -> str:
    """A reference as one sign; no wildcard is in it."""
    return f"\0{_named(part)}\0".replace("*", "\2").replace("?", "\2")


def _named(part: Part) -> str:
    """A reference in a text of its own."""
    match part:  # what is common is put together here: a dataclass takes long to describe itself
        case Ref(id):
            return f"Ref {id!r}"
        case Att(id, name):
            return f"Att {id!r} {name!r}"
        case _:
            return repr(part)


def beginning(text: str | Text) -> str:
    """With what everything that a pattern matches surely begins: characters, and references as they are compared.

    A reference is one sign of its own to :func:`scopedown.iam.coverage.covers`: it is that reference, and nothing else.
    """
    return _begins(text)[0]


def _begins(text: str | Text) -> tuple[str, bool]:
    """The beginning of a pattern, and whether a wildcard comes after it."""
    said = ""
    for part in (Literal(text),) if isinstance(text, str) else text.parts:
        if isinstance(part, AnyText | Unknown):
            return said, True
        if not isinstance(part, Literal):
            said += _sign(part)
        elif found := _OPEN.search(part.value):
            return said + part.value[: found.start()], found[0] != "$"
        else:
            said += part.value
    return said, False


def apart(heads: Iterable[str], others: Iterable[str]) -> bool:
    """Whether no form of a resource can be what a form of another is, by the beginnings of both."""
    return all(_differ(head, other) for head in heads for other in others)


def _differ(one: str, other: str) -> bool:
    return not one.startswith(other) and not other.startswith(one)
