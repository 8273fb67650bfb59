"""What every program of node finds without importing it: ``process``, ``Object``, ``JSON``, ``Array`` and others."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.document import parse_json
from scopedown.documents.nodes import ListNode, MapNode, clone
from scopedown.project.programs import node
from scopedown.project.programs.members import put
from scopedown.project.programs.operators import number_of
from scopedown.project.programs.result import written_as_json
from scopedown.project.programs.texts import encoded
from scopedown.project.programs.values import (
    UNDEFINED,
    Builtin,
    Record,
    Value,
    arithmetic,
    array,
    is_nullish,
    record,
    string,
    truth,
    unknown_of,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from scopedown.project.programs.evaluate import Evaluator
    from scopedown.project.programs.scope import Scope

Function = Callable[["Evaluator", list[Value], Place], Value]


def _first(arguments: list[Value]) -> Value:
    return arguments[0] if arguments else UNDEFINED


# Object


def _assign(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    target = _first(arguments)
    for source in arguments[1:]:
        if isinstance(source, MapNode) and isinstance(target, MapNode):
            e.charge(at, len(source))
            for key, item in source.items():
                target[key] = item
                target.keys_at[key] = source.keys_at.get(key, at)
                target.values_at[key] = source.values_at.get(key, at)
            if isinstance(source, Record) and source.rest and isinstance(target, Record):
                target.rest = source.rest
        elif is_nullish(source) is None and isinstance(target, Record):
            target.rest = (unknown_of(source) or Text.unknown("what is assigned is not known", at)).unknowns[0]
    return target


def _listed(make: Callable[[str, Value, Place], Value]) -> Function:
    def apply(e: Evaluator, arguments: list[Value], at: Place) -> Value:
        value = _first(arguments)
        if isinstance(value, ListNode):
            value = record({str(index): item for index, item in enumerate(value)}, value.place)
        if not isinstance(value, MapNode):
            return unknown_of(value) or array([], at)
        e.charge(at, len(value))
        made = ListNode([make(key, item, value.keys_at.get(key, at)) for key, item in value.items()], at)
        made.items_at = [value.keys_at.get(key, at) for key in value]
        if isinstance(value, Record) and value.rest is not None:
            made.append(Text((value.rest,)))
            made.items_at.append(at)
        return made

    return apply


def _from_entries(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    entries = _first(arguments)
    if not isinstance(entries, ListNode):
        return unknown_of(entries) or Record(None, at)
    made = Record(None, at)
    e.charge(at, len(entries))
    for index, entry in enumerate(entries):
        where = entries.items_at[index] if index < len(entries.items_at) else at
        if isinstance(entry, ListNode) and entry:
            put(e, made, entry[0], entry[1] if len(entry) > 1 else UNDEFINED, where)
        else:
            unknown = unknown_of(entry)
            made.rest = unknown.unknowns[0] if unknown is not None else made.rest
    return made


def _same(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    return _first(arguments)


_OBJECT: Final[Mapping[str, Function]] = {
    "assign": _assign,
    "keys": _listed(lambda key, item, at: key),
    "values": _listed(lambda key, item, at: item),
    "entries": _listed(lambda key, item, at: array([key, item], at)),
    "fromEntries": _from_entries,
    "freeze": _same,
    "seal": _same,
}


# JSON


def _parse(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    text = _first(arguments)
    if not isinstance(text, str):
        return unknown_of(text) or Text.unknown("what is parsed there is no text", at)
    e.charge(at, len(text) // 50)
    try:
        if isinstance(text, node.FileText):
            return clone(parse_json(str(text), e.files.name(text.path), text.path).tree)
        return _placed(e, json.loads(text), at)
    except ScopedownError as error:
        return Text.unknown(error.message, error.place or at)
    except (ValueError, RecursionError):
        return Text.unknown("what is parsed there is not valid JSON", at)


def _placed(e: Evaluator, value: Value, at: Place, depth: int = 0) -> Value:
    e.charge(at, 1)
    if depth > 100:
        return Text.unknown("it is nested too deeply", at)
    if isinstance(value, dict):
        return record({key: _placed(e, item, at, depth + 1) for key, item in value.items()}, at)
    if isinstance(value, list):
        return array([_placed(e, item, at, depth + 1) for item in value], at)
    return value


def _stringify(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    if len(arguments) > 1 and arguments[1] not in (None, UNDEFINED):
        return Text.unknown("JSON.stringify() with a replacer is not read", at)
    indent = arguments[2] if len(arguments) > 2 else 0
    width = min(indent, 10) if isinstance(indent, int) and not isinstance(indent, bool) and indent > 0 else 0
    return e.text(written_as_json(e, _first(arguments), at, " " * width), at)


# Functions of their own


def _parse_int(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    text = string(_first(arguments))
    if isinstance(text, Text):
        return unknown_of(text)
    base = arguments[1] if len(arguments) > 1 and isinstance(arguments[1], int) else 10
    found = re.match(r"\s*([-+]?[0-9a-z]{1,60})", text, re.IGNORECASE)
    word = found[1] if found else ""
    while word.strip("+-"):
        try:
            return arithmetic(int(word, base if 2 <= base <= 36 else 10))
        except ValueError:
            word = word[:-1]
    return math.nan


def _parse_float(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    text = string(_first(arguments))
    if isinstance(text, Text):
        return unknown_of(text)
    found = re.match(r"\s*([-+]?(?:\d{1,50}\.?\d{0,50}|\.\d{1,50})(?:[eE][-+]?\d{1,4})?)", text)
    return arithmetic(float(found[1])) if found else math.nan


def _text(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    return string(arguments[0]) if arguments else ""


def _number(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    value = arguments[0] if arguments else 0
    return unknown_of(value) or number_of(value)


def _boolean(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    value = _first(arguments)
    known = truth(value)
    return unknown_of(value) if known is None else known


def _encode(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    text = string(_first(arguments))
    return encoded(text) if isinstance(text, str) else unknown_of(text)


def _numbers(work: Callable[[list[float]], float | int]) -> Function:
    def apply(e: Evaluator, arguments: list[Value], at: Place) -> Value:
        for item in arguments:
            unknown = unknown_of(item)
            if unknown is not None:
                return unknown
        numbers = [number_of(item) for item in arguments]
        if any(math.isnan(number) for number in numbers):
            return math.nan
        try:
            return arithmetic(work(numbers))
        except (ValueError, OverflowError, IndexError):
            return math.nan

    return apply


_MATH: Final[Mapping[str, Function]] = {
    "max": _numbers(lambda items: max(items, default=-math.inf)),
    "min": _numbers(lambda items: min(items, default=math.inf)),
    "floor": _numbers(lambda items: math.floor(items[0])),
    "ceil": _numbers(lambda items: math.ceil(items[0])),
    "round": _numbers(lambda items: math.floor(items[0] + 0.5)),
    "abs": _numbers(lambda items: abs(items[0])),
    "trunc": _numbers(lambda items: math.trunc(items[0])),
}


# Array, Promise


def _is_array(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    value = _first(arguments)
    return unknown_of(value) or isinstance(value, list)


def _from(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    value = _first(arguments)
    if isinstance(value, str):
        value = array(list(value), at)
    elif isinstance(value, MapNode):
        length = value.get("length", 0)
        count = length if isinstance(length, int) and 0 <= length <= 10_000 else 0
        value = array([UNDEFINED] * count, at)
    if not isinstance(value, ListNode):
        return unknown_of(value) or array([], at)
    e.charge(at, len(value))
    if len(arguments) > 1:
        return array([e.call(arguments[1], [item, index], at) for index, item in enumerate(list(value))], at)
    return ListNode(value, value.place)


_ARRAY: Final[Mapping[str, Function]] = {
    "isArray": _is_array,
    "from": _from,
    "of": lambda e, arguments, at: array(arguments, at),
}
_PROMISE: Final[Mapping[str, Function]] = {"resolve": _same, "all": _same}


def _of(name: str, functions: Mapping[str, Function], itself: Function | None = None) -> Source:
    def make(e: Evaluator, scope: Scope, at: Node) -> Value:
        return Builtin(name, itself) if itself is not None else node.builtins(functions)

    return make


Source = Callable[["Evaluator", "Scope", "Node"], Value]

FUNCTIONS_OF: Final[Mapping[str, Mapping[str, Function]]] = {
    "Object": _OBJECT,
    "JSON": {"parse": _parse, "stringify": _stringify},
    "Array": _ARRAY,
    "Promise": _PROMISE,
    "Math": _MATH,
}
GLOBALS: Final[Mapping[str, Source]] = {
    **{name: _of(name, functions) for name, functions in FUNCTIONS_OF.items()},
    "String": _of("String", {}, _text),
    "Number": _of("Number", {}, _number),
    "Boolean": _of("Boolean", {}, _boolean),
    "parseInt": _of("parseInt", {}, _parse_int),
    "parseFloat": _of("parseFloat", {}, _parse_float),
    "encodeURIComponent": _of("encodeURIComponent", {}, _encode),
    "structuredClone": _of("structuredClone", {}, lambda e, arguments, at: clone(_first(arguments))),
    "process": lambda e, scope, at: node.process(e),
    "undefined": lambda e, scope, at: UNDEFINED,
    "NaN": lambda e, scope, at: math.nan,
    "Infinity": lambda e, scope, at: math.inf,
    "__dirname": lambda e, scope, at: scope.module.source.path.parent.as_posix(),
    "__filename": lambda e, scope, at: scope.module.source.path.as_posix(),
}
