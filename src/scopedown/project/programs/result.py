"""What a program's value is as a configuration: the tree that a YAML file would have given, with its places.

The framework takes a program's value through JSON: functions and ``undefined`` disappear, ``NaN`` becomes null. What
is not known becomes a text that says so, and a remark with the place that it comes from.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from scopedown.core.place import Place
from scopedown.core.text import Literal, Part, Text, Unknown
from scopedown.documents.document import Remark
from scopedown.documents.nodes import ListNode, MapNode
from scopedown.documents.scalars import number
from scopedown.project.programs.values import Function, Pieces, Record, Unset, Value, string, unknown_of
from scopedown.source.javascript.values import UNDEFINED, Regex

if TYPE_CHECKING:
    from scopedown.project.programs.scope import Evaluator

MAX_DEPTH: Final = 128
_VARIABLE: Final = re.compile(r"\$\{\w{1,40}(?:\([^()]{0,200}\))?:(?!:)[^{}]{0,500}\}")
"""A variable of the framework; CloudFormation's ``${AWS::Region}`` is none."""
NOT_READ: Final = "program-not-read"
UNSET: Final = "program-environment"


@dataclass(slots=True)
class Result:
    """The making of one tree; ``remarks`` are what is to be told, each unknown once."""

    e: Evaluator
    remarks: dict[tuple[str, Place | None], Remark] = field(default_factory=dict)
    _around: set[int] = field(default_factory=set)

    def tree(self, value: Value, at: Place, path: str = "", depth: int = 0) -> Value:
        """A value's tree; UNDEFINED where it has none."""
        self.e.charge(at, 1 + (len(value) // 1000 if isinstance(value, str) else 0))
        if value is UNDEFINED or isinstance(value, Function):
            return UNDEFINED
        if isinstance(value, MapNode | ListNode):
            if id(value) in self._around or depth > MAX_DEPTH:
                reason = "it contains itself" if depth <= MAX_DEPTH else "it is nested too deeply"
                return self._unknown(Text.unknown(reason, at), at, path)
            self._around.add(id(value))
            try:
                inside = self._map if isinstance(value, MapNode) else self._list
                return inside(value, path, depth)
            finally:
                self._around.discard(id(value))
        if isinstance(value, Text):
            return self._unknown(value, at, path) if value.unknowns else str(value)
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, str):
            return str(value)
        if isinstance(value, int | float):
            return None if isinstance(value, float) and not math.isfinite(value) else number(value)
        if isinstance(value, Regex):
            return MapNode(None, at)
        unknown = unknown_of(value) or Text.unknown("its value is known only when the framework runs", at)
        return self._unknown(unknown, at, path, UNSET if isinstance(value, Unset) else NOT_READ)

    def _map(self, value: Value, path: str, depth: int) -> MapNode:
        made = MapNode(None, value.place)
        for key, item in value.items():
            key_at = value.keys_at.get(key, value.place)
            at = value.values_at.get(key, key_at)
            inner = self.tree(item, at, f"{path}.{key}" if path else key, depth + 1)
            if inner is not UNDEFINED:
                made[key] = inner
                made.keys_at[key], made.values_at[key] = key_at, at
        if isinstance(value, Record) and value.rest is not None:
            where = path or "the configuration"
            self._tell(value.rest, f"{where} may have more keys than scopedown read: {value.rest.reason}", value.place)
        return made

    def _list(self, value: Value, path: str, depth: int) -> ListNode:
        made = ListNode(None, value.place)
        for index, item in enumerate(value):
            at = value.items_at[index] if index < len(value.items_at) else value.place
            inner = self.tree(item, at, f"{path}.{index}" if path else str(index), depth + 1)
            made.append(None if inner is UNDEFINED else inner)
            made.items_at.append(at)
        return made

    def _unknown(self, text: Text, at: Place, path: str, code: str = NOT_READ) -> Text:
        placed = text.replace(lambda part: _without_variables(part, at))
        for unknown in placed.unknowns:
            unset = "environment variable" in unknown.reason and unknown.reason.endswith("is not set")
            self._tell(
                unknown,
                f"scopedown cannot evaluate {path or 'the configuration'}: {unknown.reason}",
                at,
                UNSET if unset else code,
            )
        return placed

    def _tell(self, unknown: Unknown, message: str, at: Place, code: str = NOT_READ) -> None:
        place = unknown.place if unknown.place is not None and unknown.place.file else at
        # A variable that is not set is told once, wherever it is asked for.
        self.remarks.setdefault((unknown.reason, None if code == UNSET else place), Remark(code, message, place))


def _without_variables(part: Part, at: Place) -> Part | Text:
    """A part of a text that is not all known. Variables of the framework in it stay unresolved: what they stand for is
    then not known either, and must not pass for known characters."""
    if isinstance(part, Unknown):
        return Unknown(part.reason, part.place or at)
    if not isinstance(part, Literal) or "${" not in part.value:
        return part
    pieces: list[str | Unknown] = []
    last = 0
    for found in _VARIABLE.finditer(part.value):
        pieces += [part.value[last : found.start()], Unknown(f"{found[0]} is part of a text with unknown parts", at)]
        last = found.end()
    return Text.of(*pieces, part.value[last:])


def written_as_json(e: Evaluator, value: Value, at: Place, indent: str) -> Value:
    """``JSON.stringify(value)``; a text with unknown parts where the value has such."""
    parts = Pieces()
    _write(e, value, at, indent, "", parts, frozenset())
    if not parts:
        return UNDEFINED
    if parts.is_too_long:
        return Text.unknown("a text is longer than anything that is deployed", at)
    return Text.of(*parts) if any(isinstance(part, Text) for part in parts) else "".join(map(str, parts))


def _write(
    e: Evaluator, value: Value, at: Place, indent: str, margin: str, parts: Pieces, around: frozenset[int]
) -> None:
    e.charge(at, 1)
    if value is UNDEFINED or isinstance(value, Function) or parts.is_too_long:
        return
    unknown = unknown_of(value)
    if unknown is not None:
        parts.append(unknown)
    elif isinstance(value, MapNode | ListNode):
        if id(value) in around or len(around) > 60:
            parts.append(Text.unknown("it contains itself, or is nested too deeply", at))
            return
        inner, line = margin + indent, "\n" if indent else ""
        is_map = isinstance(value, MapNode)
        entries = value.items() if isinstance(value, MapNode) else enumerate(value)
        written = False
        parts.append("{" if is_map else "[")
        for key, item in entries:
            if is_map and (item is UNDEFINED or isinstance(item, Function)):
                continue
            parts.append(f"{',' if written else ''}{line}{inner if indent else ''}")
            written = True
            if is_map:
                parts.append(json.dumps(str(key), ensure_ascii=False) + (": " if indent else ":"))
            before = len(parts)
            _write(e, item, at, indent, inner, parts, around | {id(value)})
            if len(parts) == before:
                parts.append("null")
        parts.append(f"{line}{margin if indent else ''}" if written else "")
        parts.append("}" if is_map else "]")
    elif isinstance(value, str):
        parts.append(json.dumps(value, ensure_ascii=False))
    elif isinstance(value, float) and not math.isfinite(value):
        parts.append("null")
    else:
        parts.append(string(value))
