"""Values without code: constants, texts, unknowns, and the containers that hold values.

Scalars and texts are immutable; :class:`Object` and :class:`Sequence` are mutable and have an identity, as in the
languages that they model. The face of this and of ``code.py`` is :mod:`scopedown.calls.values`.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from itertools import product
from operator import is_
from typing import ClassVar

from scopedown.calls.bounds import CALLABLES
from scopedown.core.place import Place
from scopedown.core.text import EnvVar, Text

MAX_UNION = 8
"""Scalars and texts that one value may be; more are unknown."""
MAX_TEXT = 100_000
"""Characters that a text may have before it is unknown: doubling one in a loop would fill the memory."""
MAX_PARTS = 1000
"""Known and unknown parts that a text may have before it is unknown."""
MAX_ITEMS = 10_000
"""Elements that a sequence put together from others keeps apart."""
LARGE = 16
"""A container of more entries is compared by its identity and their number: such tables are made once."""


class Value:
    """Base of all values."""

    __slots__ = ()

    is_settled: ClassVar[bool] = False
    """Whether its fingerprint at depth 0 and below stays the same, whatever is written to it."""

    def fingerprint(self, depth: int = 4) -> Hashable:
        """Equal fingerprints mean interchangeable values, for memoising calls.

        ``depth`` bounds how far structures are compared: what lies deeper counts as equal only where it is identical.
        """
        return id(self)

    @property
    def is_plain(self) -> bool:
        """Whether it is a scalar of which a union keeps only so many: nothing of the analysed code runs through it."""
        return False

    def as_text(self) -> Text | None:
        """What a model's value is inside of a string, or None where that is not known."""
        return None


@dataclass(frozen=True, slots=True)
class Const(Value):
    """A known scalar; None stands for Python's None and JavaScript's undefined, :class:`Null` for its null."""

    value: str | int | float | bool | None

    is_settled: ClassVar[bool] = True

    @property
    def is_plain(self) -> bool:
        """It is."""
        return True

    def fingerprint(self, depth: int = 4) -> Hashable:
        return (type(self.value), self.value)


@dataclass(frozen=True, slots=True)
class Null(Const):
    """JavaScript's ``null``: nothing, as None is, but not what ``undefined`` is."""

    value: None = None

    def fingerprint(self, depth: int = 4) -> Hashable:
        return "null"


@dataclass(frozen=True, slots=True)
class TextValue(Value):
    """A string that is not known whole (environment variables, unknown pieces)."""

    text: Text

    is_settled: ClassVar[bool] = True

    @property
    def is_plain(self) -> bool:
        """It is."""
        return True

    def fingerprint(self, depth: int = 4) -> Hashable:
        return self.text


@dataclass(frozen=True, slots=True)
class UnknownValue(Value):
    """Nothing is known; ``reason`` is what the user reads: ``event``, ``parameter``, ``result of x()``, …

    ``inert``: it is data (an event, a response), so neither a client nor a function of the project can be in it.
    """

    reason: str
    place: Place | None = None
    inert: bool = False

    is_settled: ClassVar[bool] = True

    def fingerprint(self, depth: int = 4) -> Hashable:
        # The reason is for people: two unknowns behave alike, whatever they were.
        return "data" if self.inert else "unknown"

    def part(self, place: Place | None) -> UnknownValue:
        """A member or an element of it, or what a call of it gives: as unknown as it is itself."""
        return UnknownValue(self.reason, self.place or place, self.inert)


@dataclass(frozen=True, slots=True)
class Unset(UnknownValue):
    """A member of an object of the analysed code that nothing has written yet: what a fallback stands in for."""

    def fingerprint(self, depth: int = 4) -> Hashable:
        return ("unset", self.inert)


@dataclass(frozen=True, slots=True)
class TooMany(UnknownValue):
    """One of the functions and objects beyond those that a value may be."""

    def part(self, place: Place | None) -> UnknownValue:
        """One of theirs."""
        return self


@dataclass(frozen=True, slots=True)
class Datum(UnknownValue):
    """Data of which the class is known, and nothing else: an event, what a text or a table gives."""

    cls: Value | None = None

    def fingerprint(self, depth: int = 4) -> Hashable:
        return ("data", id(self.cls))


@dataclass(frozen=True, slots=True)
class Compared(UnknownValue):
    """Whether an environment variable is one of ``literals``, or with ``negated`` none of them."""

    variable: EnvVar | None = None
    literals: tuple[str | int | float | bool | None, ...] = ()
    negated: bool = False
    folded: bool = False
    """Whether it is compared in lower case, without spaces around it."""

    def fingerprint(self, depth: int = 4) -> Hashable:
        return ("compared", self.variable, self.literals, self.negated, self.folded)


@dataclass(frozen=True, slots=True)
class Union(Value):
    """One of several values; built by :func:`join` only."""

    options: tuple[Value, ...]
    _settled: dict[int, Hashable] = field(default_factory=dict, compare=False, repr=False)
    """The fingerprints of the settled options by depth: wide unions are looked at again and again."""

    def fingerprint(self, depth: int = 4) -> Hashable:
        # Choices of structures inside one another would multiply, so the options of wide ones are told by identity.
        inner = 0 if len(self.options) > 2 else max(depth - 1, 0)
        if inner > 0:
            return frozenset([option.fingerprint(inner) for option in self.options])
        settled = self._settled.get(inner)
        if settled is None:
            settled = frozenset([option.fingerprint(inner) for option in self.options if option.is_settled])
            self._settled[inner] = settled
        return settled, frozenset([option.fingerprint(inner) for option in self.options if not option.is_settled])


@dataclass(slots=True, eq=False)
class Object(Value):
    """A dict or plain object. ``rest`` is what any other key may hold (None: there is no other key)."""

    fields: dict[str, Value] = field(default_factory=dict)
    rest: Value | None = None
    born: int = 0
    """How many undecided branches enclosed its making: a write under more of them may not happen."""
    symbolic: dict[Text, Value] = field(default_factory=dict)
    """Items whose key is a text that is not known whole (an environment variable); they are in ``rest`` as well."""
    keys: list[Value] = field(default_factory=list)
    """Functions and objects that are keys."""

    is_settled: ClassVar[bool] = True

    def held(self) -> list[Value]:
        """The values of its keys, and what any other key may hold."""
        return [*self.fields.values(), *(() if self.rest is None else (self.rest,))]

    def put(self, key: Value, value: Value) -> None:
        """An item whose key is no constant."""
        if isinstance(key, TextValue):
            self.symbolic[key.text] = value
        elif not key.is_plain and not isinstance(key, UnknownValue) and len(self.keys) < LARGE:
            self.keys.append(key)
        self.rest = value if self.rest is None else join(self.rest, value)

    def fingerprint(self, depth: int = 4) -> Hashable:
        if depth <= 0:
            return id(self)
        if len(self.fields) > LARGE:
            return id(self), len(self.fields), id(self.rest)
        return (
            "object",
            frozenset(self.symbolic) if self.symbolic else None,
            tuple(self.fields),
            tuple([value.fingerprint(depth - 1) for value in self.fields.values()]),
            self.rest.fingerprint(depth - 1) if self.rest else None,
        )


@dataclass(slots=True, eq=False)
class Sequence(Value):
    """A list, tuple, set or array. ``rest`` is what further elements may be (None: there are none)."""

    items: list[Value] = field(default_factory=list)
    rest: Value | None = None

    is_settled: ClassVar[bool] = True

    @staticmethod
    def joined(items: list[Value], rest: Value | None) -> Sequence:
        """A sequence put together from others: of a very long one, the end is kept as what further elements may be."""
        if len(items) <= MAX_ITEMS:
            return Sequence(items, rest)
        return Sequence(items[:MAX_ITEMS], join(*items[MAX_ITEMS:], *(() if rest is None else (rest,))))

    def held(self) -> list[Value]:
        """Its elements, and what further ones may be."""
        return [*self.items, *(() if self.rest is None else (self.rest,))]

    def element(self) -> Value:
        """Any one element."""
        return join(*held) if (held := self.held()) else UnknownValue("element of an empty list")

    def fingerprint(self, depth: int = 4) -> Hashable:
        if depth <= 0:
            return id(self)
        if len(self.items) > LARGE:
            return id(self), len(self.items), id(self.rest)
        return (
            "sequence",
            tuple([item.fingerprint(depth - 1) for item in self.items]),
            self.rest.fingerprint(depth - 1) if self.rest else None,
        )


@dataclass(slots=True, eq=False)
class Generated(Sequence):
    """What a generator yields; ``returned`` is what it returns at its end."""

    returned: Value = field(default_factory=lambda: Const(None))

    def fingerprint(self, depth: int = 4) -> Hashable:
        return (Sequence.fingerprint(self, depth), self.returned.fingerprint(depth - 1) if depth > 0 else None)


def join(*values: Value) -> Value:
    """One value for several that may arrive. More than eight texts become one unknown; functions and objects are kept
    beyond that, so that a table of handlers stays reachable."""
    if len(values) == 1 or (len(values) == 2 and values[0] is values[1]):
        return values[0]
    distinct, sources = _distinct(values)
    found: dict[Hashable, Value] = {}
    scalars = 0
    for option in distinct:
        # What one union holds is distinct already, so most need no comparison, which is dear for structures.
        key = option.fingerprint(2) if sources[type(option)] is None else id(option)
        if key in found:
            continue
        if len(found) >= CALLABLES.most:
            beyond = TooMany(f"one of more than {CALLABLES.most} values")
            found[beyond.fingerprint()] = beyond
            break
        found[key] = option
        scalars += option.is_plain
    if scalars > MAX_UNION:
        kept = [option for option in found.values() if isinstance(option, TooMany) or not _is_vague(option)]
        found = {id(option): option for option in kept}
        many = UnknownValue(f"one of more than {MAX_UNION} values")
        found[many.fingerprint()] = many
    if len(found) == 1:
        return next(iter(found.values()))
    if not found:
        return Const(None)
    made = tuple(found.values())
    for value in values:  # nothing new: the union that was there
        if isinstance(value, Union) and len(value.options) == len(made) and all(map(is_, value.options, made)):
            return value
    return Union(made)


def _is_vague(option: Value) -> bool:
    return option.is_plain or isinstance(option, UnknownValue)


def _distinct(values: tuple[Value, ...]) -> tuple[list[Value], dict[type, Value | None]]:
    """Every option once by identity, and of each kind of value the one argument that all of that kind came from (None
    where there are several)."""
    seen: set[int] = set()
    distinct: list[Value] = []
    sources: dict[type, Value | None] = {}
    for value in {id(value): value for value in values}.values():  # wide unions come often, and some of them twice
        for option in value.options if isinstance(value, Union) else (value,):
            if id(option) not in seen:
                seen.add(id(option))
                distinct.append(option)
                kind = type(option)
                if kind not in sources:
                    sources[kind] = value
                elif sources[kind] is not value:
                    sources[kind] = None
    return distinct, sources


def options(value: Value) -> tuple[Value, ...]:
    """The alternatives of a value (itself, where it is no union)."""
    return value.options if isinstance(value, Union) else (value,)


def combinations(values: tuple[Value, ...]) -> list[tuple[Value, ...]] | None:
    """Every combination of the alternatives of several values, or None where there are more than :data:`MAX_UNION`."""
    count = 1
    for value in values:
        count *= len(options(value))
    return None if count > MAX_UNION else list(product(*(options(value) for value in values)))
