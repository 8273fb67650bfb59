"""One call of a member of a list, a map or a text, as the verbs of ``builtin_table.py`` see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from scopedown.calls.interpreter import members
from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.machine.functions import data
from scopedown.calls.values import (
    CallSite,
    Const,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    from_text,
    join,
    options,
)  # fmt: skip
from scopedown.core.place import Place

NOTHING: Final = Const(None)
PRECISE: Final = 8
"""A callback runs once for each of so many known elements, otherwise once for any."""
MAX_ITEMS: Final = 64
"""A longer list that a program puts together is one of any length."""
EMPTY: Final = "an element of an empty list"


def joined(*values: Value | None) -> Value | None:
    """Several values that may be there, as one; None where there is none."""
    some = [value for value in values if value is not None]
    return join(*some) if some else None


def is_nothing(value: Value) -> bool:
    """Whether a value is null for certain."""
    return isinstance(value, Const) and value.value is None


def iterate(run: Machine, value: Value, place: Place) -> Value:
    """Any one element of a value."""
    return members.iterate(run, value, place, False)


def listed(run: Machine, value: Value, place: Place) -> Sequence:
    """The elements of a value, in order where they are known."""
    if isinstance(value, Sequence):
        return value
    known = members.known_items(run, value, False)
    if known is not None:
        return Sequence(known)
    if isinstance(value, Const) and isinstance(value.value, str) and len(value.value) <= 8:
        return Sequence([Const(character) for character in value.value])
    return Sequence([], iterate(run, value, place))


class Members(Protocol):
    """What knows the members of values."""

    def member(
        self, value: Value, name: str, run: Machine, place: Place, on: str = "", owner: Value | None = None
    ) -> Value | None:
        """A member of a value, perhaps by the rows of ``on``; None where it is not known."""


class Habits:
    """How the collections of a language differ from those of others; the defaults are the habits of most."""

    callback_at = 0
    """Which argument is the callback of a method that does not say so."""
    bound = Function
    """What makes a method of a name, a body and a receiver."""
    members: Members
    """The table of the language."""
    characters = False
    """Whether a text is a list of its characters, where it is short."""
    maps_are_lists = True
    """Whether a map has the methods of a list of its entries."""

    def pair(self, key: Value, value: Value) -> Value:
        """An entry of a map."""
        return Sequence([key, value])

    def parts(self, pair: Value, run: Machine, place: Place) -> tuple[Value, Value]:
        """The key and the value of an entry."""
        return members.index(run, pair, Const(0), place), members.index(run, pair, Const(1), place)

    def entries(self, value: Object, place: Place) -> Sequence:
        """What a loop goes through in a map."""
        known = [self.pair(Const(name), item) for name, item in value.fields.items() if not members.is_setter(name)]
        known += [self.pair(from_text(text), item) for text, item in value.symbolic.items()]
        held = {id(item) for item in value.symbolic.values()}
        further = [item for item in options(value.rest) if id(item) not in held] if value.rest is not None else []
        key = join(UnknownValue("a key", place, inert=True), *value.keys)
        return Sequence(known, self.pair(key, join(*further)) if further else None)

    def perhaps(self, value: Value) -> Value:
        """What a search gives that may find nothing (``Optional``)."""
        return value

    def callback(self, call: Call, at: int) -> Value | None:
        """The callback among the arguments; None where there is none."""
        found = call.site.positional
        value = found[at] if -len(found) <= at < len(found) else None
        data = Const | TextValue | Sequence | Object
        return None if value is None or all(isinstance(option, data) for option in options(value)) else value

    def arguments(self, call: Call, callback: Value, item: Value, position: Value) -> tuple[Value, ...]:
        """What a callback is called with for an element."""
        return (item,)

    def is_several(self, value: Value) -> bool:
        """Whether a value that is put together with lists is a collection, perhaps of a model."""
        return not isinstance(value, Const | TextValue | Object)

    def unlisted(self, value: Native, name: str, place: Place) -> Value:
        """A member of a library's object that has no row."""
        return data(name)

    def suppresses(self, kind: str) -> bool:
        """Whether the end of ``with object`` may suppress an error, for a library's object of a kind."""
        return False

    def keywords(self, site: CallSite) -> dict[str, Value]:
        """The arguments with names that are entries of a map."""
        return dict(site.keywords)

    def plain(self, value: Value, run: Machine, place: Place) -> Value:
        """A value as a text or a key takes it."""
        return value

    def order(self, call: Call, parameters: int) -> list[int] | None:
        """The positions of the elements as sorting orders them, by a callback with so many parameters where one is
        given; None where that is not known."""
        if (callback := call.callback()) is not None and (item := call.any()) is not None:
            call.run.call(callback, (item,) * parameters, call.place)
        texts = [item.value for item in call.list.items if isinstance(item, Const) and isinstance(item.value, str)]
        if callback is not None or call.list.rest is not None or len(texts) < len(call.list.items):
            return None
        return sorted(range(len(texts)), key=texts.__getitem__)


@dataclass(frozen=True, slots=True)
class Results:
    """What a callback gave: each known element with its result, and any further element with that of it."""

    pairs: list[tuple[Value, Value]]
    rest: tuple[Value, Value] | None

    def all(self) -> list[tuple[Value, Value]]:
        """The elements with their results."""
        return [*self.pairs, *(() if self.rest is None else (self.rest,))]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a member."""

    name: str
    value: Value
    """What it is a member of."""
    site: CallSite
    run: Machine
    habits: Habits
    owner: Value | None = None
    """What holds the value, where that has the member."""

    @property
    def place(self) -> Place:
        """Where it is."""
        return self.site.place

    @property
    def conditional(self) -> bool:
        """Whether it may not happen: a change is one of several possibilities then."""
        return self.run.position.conditional > 0

    def data(self) -> UnknownValue:
        """A result in which no code can be."""
        return UnknownValue(f"result of {self.name}()", self.place, inert=True)

    def argument(self, at: int) -> Value | None:
        """An argument by its position, negative ones from the end."""
        found = self.site.positional
        return found[at] if -len(found) <= at < len(found) else None

    def plain(self, at: int) -> Value:
        """An argument as a text or a key takes it; null where there is none."""
        value = self.argument(at)
        return NOTHING if value is None else self.habits.plain(value, self.run, self.place)

    def callback(self, at: int | None = None) -> Value | None:
        """The function among the arguments that the member calls."""
        return self.habits.callback(self, self.habits.callback_at if at is None else at)

    def elements(self, value: Value) -> Sequence:
        """The elements of anything, in order where they are known; of a map its entries."""
        found: list[Sequence] = []
        for option in options(value):
            if isinstance(option, Sequence):
                found.append(option)
            elif isinstance(option, Object) and not self.run.position.language.loops_over_keys:
                found.append(self.habits.entries(option, self.place))
            elif isinstance(option, Const) and isinstance(option.value, str) and self.habits.characters:
                few = len(option.value) <= PRECISE
                found.append(
                    Sequence([*map(Const, option.value)] if few else [], None if few else UnknownValue("a character"))
                )
            elif not is_nothing(option):
                known = members.known_items(self.run, option, False)
                rest = None if known is not None else members.iterate(self.run, option, self.place, False)
                found.append(Sequence(known or [], rest))
        return found[0] if len(found) == 1 else Sequence([], joined(*(item for one in found for item in one.held())))

    @property
    def list(self) -> Sequence:
        """The elements of the receiver."""
        return self.elements(self.value)

    def any(self) -> Value | None:
        """What any one element may be; None where there is none for certain."""
        return joined(*self.list.held())

    def element(self) -> Value:
        """Any one element."""
        return self.any() or UnknownValue(EMPTY, self.place, inert=True)

    def results(self, callback: Value, pattern: tuple[str, ...] = ()) -> Results:
        """What a callback gives for the elements. It may add to the list, and its further elements may not be there."""
        held, pairs = self.list, list[tuple[Value, Value]]()
        if len(held.items) <= PRECISE:
            while len(pairs) < min(len(held.items), PRECISE):
                item = held.items[len(pairs)]
                pairs.append((item, self._called(callback, item, Const(len(pairs)), pattern)))
        position = UnknownValue("a position", self.place, inert=True)
        repeats, found, rest = self.run.position.language.blocks_repeat, list[Value](), list[Value]()
        for _ in range(1 + repeats):
            held = self.list
            further = held.rest if len(pairs) == len(held.items) else joined(*held.held())
            if further is None:
                break
            self.run.position.conditional += repeats
            found.append(self._called(callback, further, position, pattern))
            self.run.position.conditional -= repeats
            rest.append(further)
        return Results(pairs, (join(*rest), join(*found)) if rest else None)

    def _called(self, callback: Value, item: Value, position: Value, pattern: tuple[str, ...]) -> Value:
        if not pattern:
            return self.run.call(callback, self.habits.arguments(self, callback, item, position), self.place)
        known = {"item": item, "index": position, "key": UnknownValue("a key", self.place, inert=True)}
        given = [known[word] if word in known else self.plain(int(word[1:])) for word in pattern]
        return self.run.call(callback, tuple(given), self.place)
