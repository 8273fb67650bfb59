"""``JSON``: text that is parsed again is what it was made of."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass

from scopedown.calls.interpreter import exact, members
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Null,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    options,
)
from scopedown.calls.values.from_json import from_data
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.languages.javascript.known_values import text, together
from scopedown.languages.javascript.natives import NOTHING, Function, JavaScriptNative, given

MAX_NESTED = 100
_LARGE = 100_000
"""JSON text longer than this is not read."""


@dataclass(frozen=True, slots=True, eq=False)
class JsonText(JavaScriptNative):
    """What ``JSON.stringify`` makes: parsed again it is the value that it was made of."""

    label = "JSON text"
    value: Value

    def missing(self, name: str, place: Place) -> Value:
        """A piece of it is only text."""
        return UnknownValue("JSON text", place)


def parse(site: CallSite, run: Machine) -> Value:
    """``JSON.parse(text)``."""
    value, revive = site.argument(0), site.argument(1)
    if run.exact:
        return _read(value or NOTHING, site, run)
    if revive is not None and given(revive):
        run.call(revive, (UnknownValue("a key"), UnknownValue("parsed JSON")), site.place)
    if isinstance(value, JsonText):
        return value.value
    if isinstance(value, Const) and isinstance(value.value, str) and len(value.value) < _LARGE:
        try:
            return from_data(json.loads(value.value), Null())
        except (ValueError, RecursionError):
            return UnknownValue("text that is not JSON", site.place)
    reason = value.reason if isinstance(value, UnknownValue) else "parsed JSON"
    return UnknownValue(reason, site.place)


def stringify(site: CallSite, run: Machine) -> Value:
    """``JSON.stringify(value)``."""
    value, replacer = site.argument(0) or NOTHING, site.argument(1)
    if run.exact:
        if replacer is not None and given(replacer):
            return UnknownValue("JSON.stringify() with a replacer is not supported", site.place)
        return _written(value, site, run)
    if replacer is not None and given(replacer):
        run.call(replacer, (UnknownValue("a key"), value), site.place)
    if isinstance(value, Const) and value.value is None and not isinstance(value, Null):
        return NOTHING
    if isinstance(value, Const | UnknownValue):
        return value if isinstance(value, UnknownValue) else Const(json.dumps(value.value))
    for option in options(value):
        has = option.fields.get("toJSON") if isinstance(option, Object) else isinstance(option, Instance)
        if has and isinstance(method := run.attribute(option, "toJSON", site.place), FunctionValue):
            run.call(method, (), site.place)
    return JsonText(value)


# where code runs once


def _read(value: Value, site: CallSite, run: Machine) -> Value:
    if not (isinstance(value, Const) and isinstance(value.value, str)):
        return exact.why_unknown(value) or UnknownValue("the argument of the parser is not text", site.place)
    run.carried(len(value.value))
    try:
        return from_data(json.loads(value.value), Null(), MAX_NESTED)
    except (ValueError, RecursionError):
        return UnknownValue("the argument of JSON.parse() is not valid JSON", site.place)


def _written(value: Value, site: CallSite, run: Machine) -> Value:
    """The text of a value, with unknown parts where the value has such."""
    indent = site.argument(2)
    width = indent.value if isinstance(indent, Const) and isinstance(indent.value, int) else 0
    parts: list[Text] = []
    if not _write(value, " " * max(0, min(width, 10)), "", parts, frozenset(), site, run):
        return NOTHING
    return together(parts, run, site.place)


def _write(
    value: Value, indent: str, margin: str, parts: list[Text], around: frozenset[int], site: CallSite, run: Machine
) -> bool:
    """Whether a value has a text."""
    run.step()
    if isinstance(value, FunctionValue | ClassValue | Function) or (
        isinstance(value, Const) and value.value is None and not isinstance(value, Null)
    ):
        return False
    if isinstance(value, Instance) and isinstance(method := run.attribute(value, "toJSON", site.place), FunctionValue):
        value = run.call(method, (), site.place)
    unknown = exact.why_unknown(value)
    if unknown is not None and not isinstance(value, TextValue):
        parts.append(Text.unknown(unknown.reason, unknown.place or site.place))
    elif isinstance(value, Object | Instance | Sequence):
        if id(value) in around or len(around) > MAX_NESTED:
            parts.append(Text.unknown("it contains itself, or is nested too deeply", site.place))
            return True
        _write_all(value, indent, margin, parts, around | {id(value)}, site, run)
    elif isinstance(value, Const) and isinstance(value.value, str):
        run.carried(len(value.value))
        parts.append(Text.of(json.dumps(value.value, ensure_ascii=False)))
    elif isinstance(value, Const) and isinstance(value.value, float) and not math.isfinite(value.value):
        parts.append(Text.of("null"))
    else:
        parts.append(text(value, run, site.place))
    return True


def _write_all(
    value: Object | Instance | Sequence, indent: str, margin: str, parts: list[Text], around: frozenset[int],
    site: CallSite, run: Machine,
) -> None:  # fmt: skip
    inner, line, is_list = margin + indent, "\n" if indent else "", isinstance(value, Sequence)
    if isinstance(value, Sequence):
        entries = [("", item) for item in value.items]
    else:
        entries = list(members.own_items(run, value, site.place).items())
    parts.append(Text.of("[" if is_list else "{"))
    has_some = False
    for name, item in entries:
        mark = len(parts)
        key = "" if is_list else json.dumps(name, ensure_ascii=False) + (": " if indent else ":")
        parts.append(Text.of(f"{',' if has_some else ''}{line}{inner}{key}"))
        if not _write(item, indent, inner, parts, around, site, run):
            if is_list:
                parts.append(Text.of("null"))
            else:
                del parts[mark:]
                continue
        has_some = True
    parts.append(Text.of(f"{line}{margin}" if has_some else "", "]" if is_list else "}"))
