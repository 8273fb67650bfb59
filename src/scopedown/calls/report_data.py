"""A call report as plain data and back, for the cache.

What comes back is checked piece by piece, since a file's content is nobody's word: :func:`report_of` gives the report
that :func:`data_of` was given, or raises ValueError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from scopedown.calls.model import Alternatives, Argument, CallReport, Hint, IdleHint, IgnoredCall, PossibleCall, SdkCall
from scopedown.core.coverage import Cause, Unseen
from scopedown.core.finding import Finding, Severity
from scopedown.core.place import Place
from scopedown.core.text import (
    ANY,
    AnyText,
    Att,
    EnvVar,
    ImportValue,
    Literal,
    Param,
    Part,
    Pseudo,
    Ref,
    Text,
    Unknown,
)
from scopedown.sites.model import CallSite

One = TypeVar("One")


def data_of(report: CallReport) -> dict[str, Any]:
    """Plain data that JSON can say. Raises TypeError where an argument is none of the model's."""
    return {
        "calls": [
            [
                call.service,
                call.operation,
                {name: _argument(value) for name, value in call.arguments.items()},
                _place(call.place),
                list(call.path),
                call.sdk,
                None if call.credentials is None else _text(call.credentials),
                list(call.switches),
            ]
            for call in report.calls
        ],
        "possible": [[call.service, call.operation, _place(call.place), call.reason] for call in report.possible],
        "findings": [
            [
                finding.code,
                finding.message,
                finding.place and _place(finding.place),
                finding.remedy,
                finding.severity.value,
            ]
            for finding in report.findings
        ],
        "not_analysed": list(report.not_analysed),
        "harmless": list(report.harmless),
        "files": list(report.files),
        "functions_entered": report.functions_entered,
        "statistics": dict(report.statistics),
        "hints": [[list(hint.actions), hint.target, _place(hint.place)] for hint in report.hints],
        "ignored": [
            [call.service, call.operation, _place(call.place), call.reason, _place(call.hint)]
            for call in report.ignored
        ],
        "idle": [[_place(hint.place), hint.message] for hint in report.idle],
        "unseen": [
            [
                one.cause.value,
                one.what,
                one.place and _place(one.place),
                list(one.may_call),
                one.remedy,
                list(one.called),
            ]
            for one in report.unseen
        ],
        "sites": [[site.word, _place(site.place), list(site.may_call)] for site in report.sites],
    }


def report_of(data: Any) -> CallReport:
    """The report again. Raises ValueError where the data is not one."""
    try:
        return CallReport(
            calls=_each(data["calls"], _call),
            possible=_each(data["possible"], _possible),
            findings=_each(data["findings"], _finding),
            not_analysed=_strings(data["not_analysed"]),
            harmless=_strings(data["harmless"]),
            files=_strings(data["files"]),
            functions_entered=_number(data["functions_entered"]),
            statistics={_word(name): _number(value) for name, value in data["statistics"].items()},
            hints=_each(data["hints"], lambda one: Hint(_strings(one[0]), _word(one[1]), _at(one[2]))),
            ignored=_each(data["ignored"], _ignored),
            idle=_each(data["idle"], lambda one: IdleHint(_at(one[0]), _word(one[1]))),
            unseen=_each(data["unseen"], _unseen),
            sites=_each(data["sites"], lambda one: CallSite(_word(one[0]), _at(one[1]), _strings(one[2]))),
        )
    except (KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not a call report") from error


# to data


def _place(place: Place) -> list[Any]:
    return [place.file, place.line, place.column]


def _argument(value: Argument) -> Any:
    match value:
        case Text():
            return {"t": _text(value)}
        case bool() | int() | float() | None:
            return value
        case Alternatives(options):
            return {"o": [_argument(option) for option in options]}
        case tuple():
            return {"l": [_argument(item) for item in value]}
        case Mapping():
            return {"m": [[_key(key), _argument(item)] for key, item in value.items()]}
    raise TypeError(f"{type(value).__name__} is not an argument")


def _key(key: Any) -> Any:
    if isinstance(key, Text):
        return _text(key)
    if type(key) is not str:
        raise TypeError(f"{type(key).__name__} is not a key of an argument")
    return key


def _text(text: Text) -> list[Any]:
    return [_part(part) for part in text.parts]


def _part(part: Part) -> Any:
    match part:
        case Literal(value):
            return value
        case Ref(id):
            return ["r", id]
        case Att(id, name):
            return ["a", id, name]
        case Pseudo(name):
            return ["p", name]
        case Param(name):
            return ["m", name]
        case ImportValue(name=text):
            return ["i", _text(text)]
        case EnvVar(name, default):
            return ["e", name, None if default is None else _text(default)]
        case AnyText():
            return ["*"]
        case Unknown(reason, place):
            return ["u", reason, place and _place(place)]


# from data


def _each(data: Any, make: Callable[[Any], One]) -> tuple[One, ...]:
    if type(data) is not list:
        raise ValueError("not a list")
    return tuple(make(one) for one in data)


def _word(data: Any) -> str:
    if type(data) is not str:
        raise ValueError("not text")
    return data


def _strings(data: Any) -> tuple[str, ...]:
    return _each(data, _word)


def _number(data: Any) -> int:
    if type(data) is not int:
        raise ValueError("not a number")
    return data


def _at(data: Any) -> Place:
    file, line, column = data
    return Place(_word(file), _number(line), _number(column))


def _call(data: Any) -> SdkCall:
    service, operation, arguments, place, path, sdk, credentials, switches = data
    return SdkCall(
        _word(service),
        _word(operation),
        {name: _value(value) for name, value in arguments.items()},
        _at(place),
        _strings(path),
        _word(sdk),
        None if credentials is None else _said(credentials),
        _strings(switches),
    )


def _possible(data: Any) -> PossibleCall:
    service, operation, place, reason = data
    return PossibleCall(_word(service), _word(operation), _at(place), _word(reason))


def _ignored(data: Any) -> IgnoredCall:
    service, operation, place, reason, hint = data
    return IgnoredCall(_word(service), _word(operation), _at(place), _word(reason), _at(hint))


def _unseen(data: Any) -> Unseen:
    cause, what, place, may_call, remedy, (service, name) = data
    called = (_word(service), _word(name))
    return Unseen(Cause(cause), _word(what), place and _at(place), _strings(may_call), _word(remedy), called)


def _finding(data: Any) -> Finding:
    code, message, place, remedy, severity = data
    return Finding(_word(code), _word(message), place and _at(place), _word(remedy), Severity(severity))


def _value(data: Any) -> Argument:
    if data is None or type(data) in (bool, int, float):
        plain: Argument = data
        return plain
    ((kind, inner),) = data.items()
    match kind:
        case "t":
            return _said(inner)
        case "o":
            return Alternatives(_each(inner, _value))
        case "l":
            return _each(inner, _value)
        case "m":
            return dict(_fields(inner))
    raise ValueError("not an argument")


def _fields(data: Any) -> Iterable[tuple[Any, Argument]]:
    for key, item in data:
        yield (_said(key) if type(key) is list else _word(key)), _value(item)


def _said(data: Any) -> Text:
    return Text(_each(data, _part_of))


def _part_of(data: Any) -> Part:
    if type(data) is str:
        return Literal(data)
    match data:
        case ["r", id]:
            return Ref(_word(id))
        case ["a", id, name]:
            return Att(_word(id), _word(name))
        case ["p", name]:
            return Pseudo(_word(name))
        case ["m", name]:
            return Param(_word(name))
        case ["i", text]:
            return ImportValue(_said(text))
        case ["e", name, default]:
            return EnvVar(_word(name), None if default is None else _said(default))
        case ["*"]:
            return ANY
        case ["u", reason, place]:
            return Unknown(_word(reason), place and _at(place))
    raise ValueError("not a part of a text")
