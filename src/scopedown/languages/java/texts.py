"""Java's texts: what the rows of ``builtins.tsv`` cannot say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from scopedown.calls.builtins.builtin_call import Call
from scopedown.calls.builtins.list_effects import add, joined_text
from scopedown.calls.builtins.text_effects import VERBS, is_text, pure, to_text
from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.values import CallSite, Const, Sequence, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.java.natives import computed


def plain_pattern(pattern: Value) -> str | None:
    r"""The text that a regular expression means where it has no more than escapes of signs.

    >>> plain_pattern(Const(r"\."))
    '.'
    """
    if not isinstance(pattern, Const) or not isinstance(pattern.value, str):
        return None
    plain = re.sub(r"\\([^\w\s])", "", pattern.value)
    if re.search(r"[\\[\](){}.*+?^$|]", plain):
        return None
    return re.sub(r"\\([^\w\s])", r"\1", pattern.value)


def _of_pattern(call: Call, name: str) -> Value:
    """``split``, ``replaceAll``: the first argument is a regular expression, which may be a plain text."""
    plain, arguments = plain_pattern(call.plain(0)), call.site.positional
    if not plain or len(arguments) != (1 if name == "split" else 2):
        return VERBS["pieces"](call) if name == "split" else UnknownValue(f"result of {call.name}()", call.place)
    return pure(name, call.value, replace(call.site, positional=(Const(plain), *arguments[1:])))


def _format(call: Call) -> Value:
    """``String.format``, perhaps with a locale before the template."""
    arguments = call.site.positional
    if arguments and not any(is_text(one) for one in options(arguments[0])):
        arguments = arguments[1:]
    if not arguments:
        return UnknownValue("a formatted text", call.place)
    return VERBS["format"](replace(call, value=arguments[0], site=replace(call.site, positional=arguments[1:])))


def _address(call: Call) -> Value:
    """``new URI(text)``, ``URI.create(text)``; what is put together of parts is not known."""
    if len(call.site.positional) == 1:
        return to_text(call.site.positional[0])
    return UnknownValue("an address", call.place, inert=True)


class Joiner(Native):
    """A ``StringJoiner``."""

    __slots__ = ("items", "parts")
    label = "a text that is put together"

    def __init__(self, parts: tuple[Value, ...]) -> None:
        self.parts = parts
        self.items = Sequence()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Adding, and the text."""
        if name not in ("add", "toString"):
            return computed(name)
        return Function(name, self._add if name == "add" else self._text, self)

    def _add(self, site: CallSite, run: Machine) -> Value:
        add(run, self.items, *site.positional)
        return self

    def _text(self, site: CallSite, run: Machine) -> Value:
        separator, prefix, suffix = (*self.parts, Const(""), Const(""), Const(""))[:3]
        return concatenate((prefix, joined_text(separator, self.items, site.place), suffix))


OWN_VERBS: Final[Mapping[str, Callable[..., Value]]] = {
    "address": _address,
    "format-text": _format,
    "joiner": lambda call: Joiner(call.site.positional),
    "of-pattern": _of_pattern,
}
