"""Methods of texts, numbers and regular expressions that are known, or whose replacements are known in part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.project.programs.members import is_callable
from scopedown.project.programs.values import Value, array, join, plain, string, unknown_of
from scopedown.source.javascript import numbers, regexp, strings
from scopedown.source.javascript.regexp import Found
from scopedown.source.javascript.values import UNDEFINED, Regex
from scopedown.source.known import NotKnown

if TYPE_CHECKING:
    from scopedown.project.programs.scope import Evaluator

_PARTLY_KNOWN = ("concat", "replace", "replaceAll")
"""Methods that take texts of which a part is not known."""


def method(e: Evaluator, holder: Value, name: str, arguments: list[Value], at: Place) -> tuple[Value] | None:
    """``holder.name(arguments)`` as a tuple of its value; None where it is not known here."""
    if not (name in _PARTLY_KNOWN and isinstance(holder, str)):
        arguments = [plain(item) for item in arguments]
        unknown = next(filter(None, map(unknown_of, arguments)), None)
        if unknown is not None:
            return (unknown,)
    try:
        return _method(e, holder, name, arguments, at)
    except NotKnown as error:
        return (Text.unknown(error.reason, at),)


def _method(e: Evaluator, holder: Value, name: str, arguments: list[Value], at: Place) -> tuple[Value] | None:
    if isinstance(holder, Regex):
        subject = str(string(arguments[0])) if arguments else "undefined"
        if name != "test":
            return None
        e.charge(at, regexp.cost(holder, subject))
        return (regexp.first_in(holder, subject) is not None,)
    if isinstance(holder, bool):
        return (string(holder),) if name == "toString" else None
    if isinstance(holder, int | float) and name in numbers.METHODS:
        return (numbers.call(name, holder, arguments),)
    if not isinstance(holder, str) or name not in strings.METHODS:
        return None
    e.charge(at, len(holder) // 1000)
    if name == "concat":
        return (e.text(join([holder, *map(string, arguments)], ""), at),)
    if name in _PARTLY_KNOWN:
        return (e.text(_replace(e, holder, arguments, at, name == "replaceAll"), at),)
    e.charge(at, strings.cost(name, holder, arguments))
    result = strings.call(name, holder, arguments)
    if isinstance(result, list):
        e.charge(at, len(result))
    return (e.text(_placed(result, at), at),)


def _placed(result: Value, at: Place) -> Value:
    return array([_placed(item, at) for item in result], at) if isinstance(result, list) else result


def _replace(e: Evaluator, holder: str, arguments: list[Value], at: Place, every: bool) -> Value:
    what = arguments[0] if arguments and isinstance(arguments[0], Regex) else string(*arguments[:1] or [UNDEFINED])
    by = arguments[1] if len(arguments) > 1 else UNDEFINED

    def put(found: Found) -> str | Text:
        if is_callable(by):
            return string(e.call(by, [found.text, *found.groups, found.start, holder], at))
        new = string(by)
        return found.expanded(new) if isinstance(new, str) else new

    if isinstance(what, Text):
        return unknown_of(what) or what
    e.charge(at, strings.cost("replace", holder, [what]))
    pieces = strings.replaced(holder, what, put, every)
    e.charge(at, len(pieces) // 2)
    return join(pieces, "")
