"""What Kotlin adds to texts (https://kotlinlang.org/api/core/kotlin-stdlib/kotlin.text/)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from textwrap import dedent
from typing import Final

from scopedown.calls.interpreter.operators import either
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, TextValue, UnknownValue, Value
from scopedown.languages.java.natives import bound, first_of

Method = Callable[[Value, CallSite, Machine], Value]


def _same(value: Value, site: CallSite, run: Machine) -> Value:
    return value


def _or_called(value: Value, site: CallSite, run: Machine) -> Value:
    """``ifEmpty { … }``, ``ifBlank { … }``."""
    return either(value, run.call(first_of(site), (), site.place))


def _changed(change: Callable[[str], str]) -> Method:
    def body(value: Value, site: CallSite, run: Machine) -> Value:
        if isinstance(value, Const) and isinstance(value.value, str):
            return Const(change(value.value))
        return UnknownValue("a changed text", site.place, inert=True)

    return body


def _cut(after: bool, last: bool) -> Method:
    """``substringAfter("/")`` and its like."""

    def body(value: Value, site: CallSite, run: Machine) -> Value:
        by = first_of(site)
        if not (isinstance(value, Const) and isinstance(value.value, str) and isinstance(by, Const)):
            return UnknownValue("a part of a text", site.place, inert=True)
        head, found, tail = (value.value.rpartition if last else value.value.partition)(str(by.value) or "\0")
        if not found:
            return value
        return Const(tail if after else head)

    return body


def _affix(prefix: bool) -> Method:
    def body(value: Value, site: CallSite, run: Machine) -> Value:
        by = first_of(site)
        if isinstance(value, Const) and isinstance(value.value, str) and isinstance(by, Const):
            text = str(by.value)
            return Const(value.value.removeprefix(text) if prefix else value.value.removesuffix(text))
        return UnknownValue("a part of a text", site.place, inert=True)

    return body


def _number(value: Value, site: CallSite, run: Machine) -> Value:
    return UnknownValue("a number", site.place, inert=True)


_METHODS: Final[Mapping[str, Method]] = {
    "orEmpty": _same, "toByteArray": _same, "encodeToByteArray": _same, "trimStart": _same, "trimEnd": _same,
    "intern": _same, "ifEmpty": _or_called, "ifBlank": _or_called, "trimIndent": _changed(dedent),
    "trimMargin": _changed(lambda text: "\n".join(line.lstrip().removeprefix("|") for line in text.splitlines())),
    "lowercase": _changed(str.lower), "uppercase": _changed(str.upper), "toLowerCase": _changed(str.lower),
    "toUpperCase": _changed(str.upper), "capitalize": _changed(lambda text: text[:1].upper() + text[1:]),
    "decapitalize": _changed(lambda text: text[:1].lower() + text[1:]),
    "substringAfter": _cut(True, False), "substringAfterLast": _cut(True, True),
    "substringBefore": _cut(False, False), "substringBeforeLast": _cut(False, True),
    "removePrefix": _affix(True), "removeSuffix": _affix(False), "toInt": _number, "toLong": _number,
    "toIntOrNull": _number, "toLongOrNull": _number, "toDouble": _number, "toBoolean": _number,
    "toBooleanStrict": _number, "toBigDecimal": _number,
}  # fmt: skip


def method(value: Const | TextValue, name: str) -> Value | None:
    """A method or property of a text that Java's has not."""
    if name == "length":
        known = isinstance(value, Const) and isinstance(value.value, str)
        return Const(len(str(value.value))) if known else UnknownValue("a length", inert=True)  # type: ignore[union-attr]
    found = _METHODS.get(name)
    return None if found is None else bound(value, name, lambda site, run: found(value, site, run))
