"""The methods by which Ruby changes a text in place (https://docs.ruby-lang.org/en/3.3/String.html,
"Methods for Modifying")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from scopedown.calls.interpreter.changed_texts import change
from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.machine import Function, Machine
from scopedown.calls.values import CallSite, Const, TextValue, UnknownValue, Value, join
from scopedown.languages.ruby.native import NOTHING, block_of, first_of, run_block

_UNKNOWN: Final = UnknownValue("a text that is changed in place")
_Named = Callable[[str], Value | None]


class Rewriting(Function):
    """A method that changes the text it is called on."""

    __slots__ = ()

    def call(self, site: CallSite, run: Machine) -> Value:
        """What it gives; whoever holds the text may hold the new one."""
        return self.rewritten(site, run)[0]

    def rewritten(self, site: CallSite, run: Machine) -> tuple[Value, Value]:
        """What it gives, and the new text."""
        new = self.body(site, run)
        if self.receiver is not None:
            change(run, self.receiver, new)
        given = _GIVES.get(self.name)
        if given is not None:
            return given, new
        return (join(new, NOTHING) if self.name.endswith("!") and self.name not in _ALWAYS else new), new


_GIVES: Final = {"slice!": UnknownValue("part of a text"), "setbyte": UnknownValue("a byte", inert=True)}
_ALWAYS: Final = frozenset({"encode!", "unicode_normalize!", "scrub!", "succ!", "next!", "reverse!"})
"""Methods that give the text even where nothing changed."""


def _added(value: Value, site: CallSite) -> Value:
    return concatenate((value, *site.positional)) if _are_texts(site) else _UNKNOWN


def _put_before(value: Value, site: CallSite) -> Value:
    return concatenate((*site.positional, value)) if _are_texts(site) else _UNKNOWN


def _are_texts(site: CallSite) -> bool:
    return site.complete and all(
        isinstance(one, TextValue | UnknownValue) or (isinstance(one, Const) and isinstance(one.value, str))
        for one in site.positional
    )


def _replaced(value: Value, site: CallSite) -> Value:
    return first_of(site)


_BODIES: Final[dict[str, Callable[[Value, CallSite], Value]]] = {
    "<<": _added,
    "concat": _added,
    "prepend": _put_before,
    "replace": _replaced,
    "initialize_copy": _replaced,
    "clear": lambda value, site: Const(""),
    **dict.fromkeys(("insert", "[]=", "slice!", "setbyte", "force_encoding", "append_as_bytes", "bytesplice"),
                    lambda value, site: _UNKNOWN),
}  # fmt: skip


def rewriting(value: Value, name: str, named: _Named) -> Value | None:
    """A method that changes the text in place; None for any other. ``named`` gives the methods of a text: what
    ``name!`` leaves is what ``name`` gives."""
    body = _BODIES.get(name)
    if body is None and not (name.endswith("!") and name != "!"):
        return None
    known = body

    def run_it(site: CallSite, run: Machine) -> Value:
        if known is not None:
            if name not in ("<<", "concat", "prepend", "replace", "clear") and block_of(site) is not None:
                run_block(run, site, UnknownValue("a match", inert=True))
            return known(value, site)
        pure = named(name[:-1])
        if pure is None:
            if block_of(site) is not None:
                run_block(run, site, UnknownValue("a match", inert=True))
            return _UNKNOWN
        new = run.call_value(pure, site)
        return new if isinstance(new, Const | TextValue) else _UNKNOWN

    return Rewriting(name, run_it, value)
