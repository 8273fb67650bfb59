"""What the members of a language's lists, maps and texts do, as rows that one mechanism reads for every language.

``on``       ``list`` (lists, sets, queues, streams, arrays), ``map`` (a method that has no row here goes through the
             entries as a list's does), ``text``, ``builder`` (what puts a text together), ``value`` (anything, where
             the others have no row); any other names, separated by spaces, are groups of functions that the language's
             code asks for (``Builtins.functions``), or kinds of objects that the verb ``object`` makes
``members``  names, separated by spaces; one that begins with a dot is read without a call
``effect``   a verb of ``list_effects.py``, ``map_effects.py``, ``text_effects.py``, ``maker_effects.py``,
             ``object_effects.py``, ``system_effects.py`` or of the language's code, or ``*`` for the verb with the
             member's own name, and its words. ``$0`` is the first argument, ``$-1`` the last one. ``= RESULT`` gives
             something else than the verb does, ``or RESULT`` may give that as well. RESULT is an argument, ``self``
             (the receiver), ``element`` (any of its elements), ``perhaps`` (one in what holds a value that may be
             missing), ``some`` (a list of some), ``nothing``, ``true``, ``data`` or a text in quotes.

A verb's receiver is what it is a method of; of a function it is the first argument, or the one after ``of``. A function
on a text says ``text.VERB``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from scopedown.calls.builtins import (
    list_effects,
    maker_effects,
    map_effects,
    object_effects,
    system_effects,
    text_effects,
)
from scopedown.calls.builtins.builtin_call import EMPTY, NOTHING, Call, Habits, is_nothing
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, Object, Sequence, TextValue, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.core.tables import typed_rows

Body = Callable[[CallSite, Machine], Value]
Verb = Callable[..., Value]

_OF_FUNCTIONS = (maker_effects.VERBS, object_effects.VERBS, system_effects.VERBS)
"""Verbs that make a value of the arguments alone."""
COLUMNS = ("on", "members", "effect")


@dataclass(frozen=True, slots=True)
class Effect:
    """What one row says."""

    verb: Verb | None
    words: tuple[str, ...]
    result: str
    further: str
    receiver: int | None
    """Which argument the receiver of a function is; None: the verb makes a value of its arguments alone."""
    is_read: bool = False
    """Whether the member is a property."""

    def of(self, call: Call) -> Value:
        """What the member does."""
        made = NOTHING if self.verb is None else self.verb(call, *self.words)
        made = _result(self.result, call) if self.result else made
        if not self.further:
            return made
        is_empty = isinstance(made, UnknownValue) and made.reason is EMPTY
        further = _result(self.further, call)
        return further if is_empty else join(made, further)

    def of_arguments(self, call: Call) -> Value:
        """What it does as a function, for each alternative of its receiver."""
        site = call.site
        if self.receiver is not None and self.receiver >= len(site.positional):  # arguments may have names
            site = replace(site, positional=site.all(), keywords={})
        arguments = site.positional
        if self.receiver is None or self.receiver >= len(arguments):
            return self.of(call)
        rest = (*arguments[: self.receiver], *arguments[self.receiver + 1 :])
        made = [
            self.of(replace(call, value=option, site=replace(site, positional=rest)))
            for option in options(call.habits.plain(arguments[self.receiver], call.run, call.place))
            if not is_nothing(option) or len(options(arguments[self.receiver])) == 1
        ]
        return join(*made)


def _result(word: str, call: Call) -> Value:
    match word:
        case "self":
            return call.value if call.owner is None else call.owner
        case "element":
            return call.element()
        case "perhaps":
            return call.habits.perhaps(call.any() or NOTHING)
        case "some":
            return Sequence([], call.any())
        case "nothing":
            return NOTHING
        case "true":
            return Const(True)
        case "data":
            return call.data()
        case _ if word.startswith("$"):
            return call.argument(int(word[1:])) or NOTHING
        case _:
            return Const(word.strip("'"))


class Builtins:
    """The table of a language, read when a member is first asked for."""

    def __init__(self, table: Path, habits: Habits | None = None, verbs: Mapping[str, Verb] | None = None) -> None:
        self.habits = habits or Habits()
        self.habits.members = self
        self.path = table
        self._verbs = verbs or {}

    @cached_property
    def rows(self) -> Mapping[str, Mapping[str, Effect]]:
        """The effects of members by what they are members of."""
        found: dict[str, dict[str, Effect]] = {}
        for row in typed_rows(self.path, self._row, COLUMNS):
            for on, effects in row.items():
                found.setdefault(on, {}).update(effects)
        return found

    def _row(self, cells: dict[str, str]) -> dict[str, dict[str, Effect]]:
        words = cells["effect"].split()
        named: dict[str, Effect] = {}
        for name in cells["members"].split():
            effect = self._effect(cells["on"], [name if word == "*" else word for word in words])
            named[name.removeprefix(".")] = replace(effect, is_read=name[0] == ".")
        return dict.fromkeys(cells["on"].split(), named)

    def _effect(self, on: str, words: list[str]) -> Effect:
        marked: dict[str, str] = {}
        for mark in ("of", "or", "="):
            if mark in words:
                at = words.index(mark)
                marked[mark] = words[at + 1]
                del words[at : at + 2]
        name = words[0] if words else ""
        key, lists, maps, texts = name, list_effects.VERBS, map_effects.VERBS, text_effects.VERBS
        match on:
            case "list" | "value":
                tables: tuple[Mapping[str, Verb], ...] = (self._verbs, lists, maps)
            case "map":
                tables = (self._verbs, maps, lists)
            case "text":
                tables = (self._verbs, texts)
            case "builder":
                tables = (self._verbs, texts, lists)
            case _ if name.startswith("text."):
                tables, key = (self._verbs, texts), name.removeprefix("text.")
            case _:
                tables = (self._verbs, *_OF_FUNCTIONS, maps, lists)
        verb = None if not name else next((table[key] for table in tables if key in table), None)
        if name and verb is None:
            raise ValueError(f"{name} is not a verb of {on}")
        makes = not name or name in self._verbs or any(verb is table.get(name) for table in _OF_FUNCTIONS)
        receiver = None if makes and "of" not in marked else int(marked.get("of", "0").removeprefix("$"))
        return Effect(verb, tuple(words[1:]), marked.get("=", ""), marked.get("or", ""), receiver)

    def member(
        self, value: Value, name: str, run: Machine, place: Place, on: str = "", owner: Value | None = None
    ) -> Value | None:
        """A member of a value; None where the table has none of this name. ``on`` names the rows of what holds the
        value (``owner``), where they are not those of the value's kind."""
        kinds = (on,) if on else _kinds(value, self.habits.maps_are_lists)
        effect = next((found for kind in kinds if (found := self.rows.get(kind, {}).get(name)) is not None), None)
        if effect is None:
            return None
        if effect.is_read:
            return effect.of(Call(name, value, CallSite((), {}, place), run, self.habits, owner))

        def body(site: CallSite, run: Machine) -> Value:
            return effect.of(Call(name, value, site, run, self.habits, owner))

        return self.habits.bound(name, body, value if owner is None else owner)

    def functions(self, on: str) -> dict[str, Body]:
        """The functions of a group, by their names."""
        return {name: self._function(name, effect) for name, effect in self.rows.get(on, {}).items()}

    def _function(self, name: str, effect: Effect) -> Body:
        return lambda site, run: effect.of_arguments(Call(name, NOTHING, site, run, self.habits))


def _kinds(value: Value, maps_are_lists: bool) -> tuple[str, ...]:
    match value:
        case Object():
            return ("map", "list", "value") if maps_are_lists else ("map", "value")
        case Sequence():
            return "list", "value"
        case TextValue() | Const(value=str()):
            return "text", "value"
        case text_effects.Builder():
            return "builder", "value"
        case _:
            return ("value",)
