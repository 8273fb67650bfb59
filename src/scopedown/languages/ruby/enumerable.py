"""Objects with an ``each`` of their own: what Enumerable makes of it
(https://docs.ruby-lang.org/en/3.3/Enumerable.html)."""

from __future__ import annotations

from typing import Final

from scopedown.calls.builtins.builtin_call import MAX_ITEMS
from scopedown.calls.interpreter import dunder_methods
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, FunctionValue, Instance, Sequence, Value, join
from scopedown.languages.ruby.collections import BUILTINS
from scopedown.languages.ruby.native import Library, first_of, method
from scopedown.languages.ruby.scope import BLOCK

_OF_ANY: Final = frozenset({"to_enum", "enum_for", "each_entry"})


class _Taker(Native):
    """The block that takes what ``each`` yields."""

    __slots__ = ("depth", "items", "rest")

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.items: list[Value] = []
        self.rest: list[Value] = []

    def call(self, site: CallSite, run: Machine) -> Value:
        """Keep what is given; several values are a list."""
        one = first_of(site) if len(site.positional) == 1 else Sequence(list(site.positional))
        sure = run.position.conditional <= self.depth and not self.rest and len(self.items) < MAX_ITEMS
        (self.items if sure else self.rest).append(one)
        return Const(None)


def taken(each: Value, given: tuple[Value, ...], site: CallSite, run: Machine) -> Sequence:
    """What a method yields."""
    taker = _Taker(run.position.conditional)
    run.call_value(each, CallSite(given, {BLOCK: taker}, site.place))
    return Sequence(taker.items, join(*taker.rest) if taker.rest else None)


def method_of(value: Instance, name: str) -> Value | None:
    """A method of Enumerable, where the object's class includes it, and ``to_enum``."""
    of_any = name in _OF_ANY
    if not of_any and (name not in BUILTINS.rows["list"] or not _is_enumerable(value)):
        return None

    def body(one: Value, site: CallSite, run: Machine) -> Value:
        named = first_of(site) if of_any and site.positional else Const("each")
        each = dunder_methods.defined(value.cls, str(named.value) if isinstance(named, Const) else "each")
        if each is None:
            return Library(f"result of {name}")
        bound = FunctionValue(each.function, each.frame, value, each.owner)
        items = taken(bound, site.positional[1:] if of_any else (), site, run)
        found = None if of_any else BUILTINS.member(items, name, run, site.place)
        return items if found is None else run.call_value(found, site)

    return method(value, name, body)


def _is_enumerable(value: Instance) -> bool:
    return any(isinstance(base, Library) and base.name == "Enumerable" for base in value.cls.ancestry())
