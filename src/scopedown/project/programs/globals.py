"""What every program of node finds without importing it: ``process``, ``Object``, ``JSON``, ``Array`` and others."""

from __future__ import annotations

import json
import math
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
from scopedown.project.programs.scope import Builtin
from scopedown.project.programs.values import Record, Value, array, is_nullish, plain, record, string, truth, unknown_of
from scopedown.source.javascript import numbers, strings
from scopedown.source.javascript.values import UNDEFINED

if TYPE_CHECKING:
    from tree_sitter import Node

    from scopedown.project.programs.scope import Evaluator, Scope

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
            target.rest = (
                unknown_of(source) or Text.unknown("the object that Object.assign() copies is unknown", at)
            ).unknowns[0]
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
        return unknown_of(text) or Text.unknown("the argument of the parser is not text", at)
    e.charge(at, len(text) // 50)
    try:
        if isinstance(text, node.FileText):
            return clone(parse_json(str(text), e.files.name(text.path), text.path).tree)
        return _placed(e, json.loads(text), at)
    except ScopedownError as error:
        return Text.unknown(error.message, error.place or at)
    except (ValueError, RecursionError):
        return Text.unknown("the argument of JSON.parse() is not valid JSON", at)


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
        return Text.unknown("JSON.stringify() with a replacer is not supported", at)
    indent = arguments[2] if len(arguments) > 2 else 0
    width = min(indent, 10) if isinstance(indent, int) and not isinstance(indent, bool) and indent > 0 else 0
    return e.text(written_as_json(e, _first(arguments), at, " " * width), at)


# Functions of their own


def _of_text(work: Callable[..., Value], length: int = 1) -> Function:
    """A function of a text (and of ``length - 1`` further values)."""

    def apply(e: Evaluator, arguments: list[Value], at: Place) -> Value:
        known = [string(_first(arguments)), *map(plain, arguments[1:length])]
        unknown = next(filter(None, map(unknown_of, known)), None)
        return work(*known) if unknown is None else unknown

    return apply


def _text(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    return string(arguments[0]) if arguments else ""


def _number(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    value = arguments[0] if arguments else 0
    return unknown_of(value) or number_of(value)


def _boolean(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    value = _first(arguments)
    known = truth(value)
    return unknown_of(value) if known is None else known


def _math(name: str) -> Function:
    def apply(e: Evaluator, arguments: list[Value], at: Place) -> Value:
        unknown = next(filter(None, map(unknown_of, arguments)), None)
        return numbers.of_math(name, [number_of(item) for item in arguments]) if unknown is None else unknown

    return apply


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
    "Math": {name: _math(name) for name in numbers.MATH},
}
GLOBALS: Final[Mapping[str, Source]] = {
    **{name: _of(name, functions) for name, functions in FUNCTIONS_OF.items()},
    "String": _of("String", {}, _text),
    "Number": _of("Number", {}, _number),
    "Boolean": _of("Boolean", {}, _boolean),
    "parseInt": _of("parseInt", {}, _of_text(numbers.parse_int, 2)),
    "parseFloat": _of("parseFloat", {}, _of_text(numbers.parse_float)),
    "encodeURIComponent": _of("encodeURIComponent", {}, _of_text(strings.encoded)),
    "structuredClone": _of("structuredClone", {}, lambda e, arguments, at: clone(_first(arguments))),
    "process": lambda e, scope, at: node.process(e),
    "undefined": lambda e, scope, at: UNDEFINED,
    "NaN": lambda e, scope, at: math.nan,
    "Infinity": lambda e, scope, at: math.inf,
    "__dirname": lambda e, scope, at: scope.module.source.path.parent.as_posix(),
    "__filename": lambda e, scope, at: scope.module.source.path.as_posix(),
}
