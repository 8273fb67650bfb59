"""What a program's value is as a configuration: the tree that a YAML file would have given, with its places.

The framework takes a program's value through JSON: functions and ``undefined`` disappear, ``NaN`` becomes null. What
is not known becomes a text that says so, and a remark with the place that it comes from.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.calls.interpreter import exact, members
from scopedown.calls.machine import Function
from scopedown.calls.values import (
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
)
from scopedown.core.place import Place
from scopedown.core.text import Literal, Part, Text, Unknown
from scopedown.documents.document import Remark
from scopedown.documents.nodes import ListNode, MapNode
from scopedown.documents.scalars import number
from scopedown.languages.javascript.collections import MapValue, SetValue
from scopedown.languages.javascript.known.values import UNDEFINED
from scopedown.languages.javascript.known_values import Pattern
from scopedown.languages.javascript.programs.evaluation import Evaluation
from scopedown.languages.javascript.programs.language import UnsetVariable

MAX_DEPTH: Final = 128
_VARIABLE: Final = re.compile(r"\$\{\w{1,40}(?:\([^()]{0,200}\))?:(?!:)[^{}]{0,500}\}")
"""A variable of the framework; CloudFormation's ``${AWS::Region}`` is none."""
NOT_READ: Final = "program-not-read"
UNSET: Final = "program-environment"


@dataclass(slots=True)
class Result:
    """The making of one tree; ``remarks`` are what is to be told, each unknown once."""

    run: Evaluation
    remarks: dict[tuple[str, Place | None], Remark] = field(default_factory=dict)
    _around: set[int] = field(default_factory=set)

    def tree(self, value: Value, at: Place, path: str = "", depth: int = 0) -> Any:
        """A value's tree; UNDEFINED where it has none."""
        self.run.step()
        match value:
            case FunctionValue() | ClassValue() | Function():
                return UNDEFINED
            case Null():
                return None
            case Const(known):
                return self._scalar(known)
            case Object() | Instance() | Sequence():
                return self._inside(value, at, path, depth)
            case TextValue(text):
                return self._unknown(text, at, path)
            case Pattern() | SetValue() | MapValue():
                return MapNode(None, at)
        unknown = exact.why_unknown(value) or UnknownValue("its value is known only when the framework runs", at)
        code = UNSET if isinstance(value, UnsetVariable) else NOT_READ
        return self._unknown(Text.unknown(unknown.reason, unknown.place), at, path, code)

    def _scalar(self, known: str | int | float | bool | None) -> Any:
        if known is None:
            return UNDEFINED
        if isinstance(known, bool):
            return known
        if isinstance(known, str):
            self.run.carried(len(known) // 100)
            return str(known)
        return None if isinstance(known, float) and not math.isfinite(known) else number(known)

    def _inside(self, value: Object | Instance | Sequence, at: Place, path: str, depth: int) -> Any:
        if id(value) in self._around or depth > MAX_DEPTH:
            reason = "it contains itself" if depth <= MAX_DEPTH else "it is nested too deeply"
            return self._unknown(Text.unknown(reason, at), at, path)
        base = _unread_base(value)
        if base is not None:
            return self._unknown(Text.unknown(base.reason, base.place), at, path)
        self._around.add(id(value))
        try:
            if isinstance(value, Sequence):
                return self._list(value, at, path, depth)
            return self._map(value, at, path, depth)
        finally:
            self._around.discard(id(value))

    def _map(self, value: Object | Instance, at: Place, path: str, depth: int) -> MapNode:
        place = self.run.places.place(value) or at
        made = MapNode(None, place)
        places = self.run.places.entries.get(id(value), {})
        for key, item in members.own_items(self.run, value, place).items():
            here = self.run.places.place(item) or place
            key_at, value_at = places.get(key, (here, here))
            inner = self.tree(item, value_at, f"{path}.{key}" if path else key, depth + 1)
            if inner is not UNDEFINED:
                made[key] = inner
                made.keys_at[key], made.values_at[key] = key_at, value_at
        rest = value.rest if isinstance(value, Object) else None
        if rest is not None:
            why = exact.why_unknown(rest) or UnknownValue("its keys are not known", place)
            where = path or "the configuration"
            unknown = Unknown(why.reason, why.place)
            self._tell(unknown, f"{where} may have more keys than scopedown read: {why.reason}", place)
        return made

    def _list(self, value: Sequence, at: Place, path: str, depth: int) -> ListNode:
        place = self.run.places.place(value) or at
        made = ListNode(None, place)
        for index, item in enumerate([*value.items, *([] if value.rest is None else [value.rest])]):
            here = self.run.places.place(item) or place
            inner = self.tree(item, here, f"{path}.{index}" if path else str(index), depth + 1)
            made.append(None if inner is UNDEFINED else inner)
            made.items_at.append(here)
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


def _unread_base(value: Value) -> UnknownValue | None:
    """Why an object is not known whose class derives from one that is not read."""
    above = value.cls.ancestry() if isinstance(value, Instance) else ()
    return next(filter(None, (exact.why_unknown(base) for base in above if not isinstance(base, ClassValue))), None)
