"""Terraform's built-in functions on known values.

One Python function for each, by the name that HCL calls. A function that is not here, or whose arguments are known only
after apply, gives an unknown value that says so.
Reference: https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
import urllib.parse
from collections.abc import Callable, Mapping
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Literal, Text
from scopedown.documents.document import parse_yaml
from scopedown.documents.nodes import MapNode
from scopedown.project.terraform import lists
from scopedown.project.terraform.access import MAX_ITEMS, is_missing, items_in
from scopedown.project.terraform.operators import number
from scopedown.project.terraform.values import (
    MAX_TEXT,
    Encoded,
    FileText,
    Uncounted,
    as_text,
    decoded,
    holds_text,
    is_unknown,
    joined,
    length,
    list_of,
    map_of,
    missing,
    simple,
)

_FORMAT: Final = re.compile(r"%(%|[#+0-9. -]*[a-zA-Z])")
_CLASS: Final = re.compile(r"\[\^?(?:[A-Za-z0-9 _.:/@-]|\\[-.wsd/])+\][+*]?")
"""A pattern of one class of characters."""


def call(name: str, arguments: list[Any], place: Place) -> Any:
    """What a function gives."""
    lazy = _LAZY.get(name)
    function = lazy or _FUNCTIONS.get(name)
    if function is None:
        return Text.unknown(f"scopedown does not work out the function {name}", place)
    unknown = next((argument for argument in arguments if is_unknown(argument)), None)
    if unknown is not None and lazy is None:
        return unknown
    try:
        found = function(arguments, place)
    except (IndexError, TypeError, ValueError, AttributeError, KeyError, ArithmeticError, re.error):
        if holds_text(arguments):
            return Text.unknown(f"the arguments of {name} are known only after apply, or are wrong", place)
        return missing(f"the arguments of {name} are wrong", place)
    if isinstance(found, str | Text) and not isinstance(found, FileText) and length(found) > MAX_TEXT:
        return Text.unknown(f"the text that {name} gives is longer than {MAX_TEXT} characters", place)
    return found


# Functions that take unknown arguments


def _try(arguments: list[Any], place: Place) -> Any:
    return next((one for one in arguments if not is_missing(one)), arguments[-1] if arguments else None)


def _coalesce(arguments: list[Any], place: Place) -> Any:
    return next((one for one in arguments if one is not None and one != ""), None)


def _coalesce_list(arguments: list[Any], place: Place) -> Any:
    return next((one for one in arguments if one not in (None, [])), None)


def _merge(arguments: list[Any], place: Place) -> Any:
    found = MapNode(None, place)
    for one in arguments:
        if isinstance(one, MapNode):
            found.update(one)
            found.keys_at.update(one.keys_at)
            found.values_at.update(one.values_at)
        elif isinstance(one, Mapping):
            found.update(one)
        elif one is not None:
            return one if is_unknown(one) else Text.unknown("merge of a value that is not a map", place)
    return found


def _same(arguments: list[Any], place: Place) -> Any:
    return arguments[0] if arguments else None


def _lookup(arguments: list[Any], place: Place) -> Any:
    table, key = arguments[0], arguments[1]
    if isinstance(table, Mapping) and isinstance(key, str | int):
        if str(key) in table:
            return table[str(key)]
        return arguments[2] if len(arguments) > 2 else Text.unknown(f"there is no key {key}", place)
    return table if is_unknown(table) else Text.unknown("the key of lookup is known only after apply", place)


def _join(arguments: list[Any], place: Place) -> Any:
    separator = as_text(arguments[0])
    if any(isinstance(argument, Uncounted) for argument in arguments):
        return Text.unknown("it is not known how many texts join puts together", place)
    parts: list[Text] = []
    for argument in arguments[1:]:
        if is_unknown(argument):
            parts.append(argument)
        parts += [as_text(item) for item in items_in(argument)] if isinstance(argument, list) else []
    if len(parts) > MAX_ITEMS:
        return Text.unknown(f"join puts more than {MAX_ITEMS} texts together", place)
    return joined(one for index, part in enumerate(parts) for one in ((separator, part) if index else (part,)))


def _format(arguments: list[Any], place: Place) -> Any:
    pattern = arguments[0]
    if not isinstance(pattern, str):
        return Text.unknown("the pattern of format is known only after apply", place)
    rest = list(arguments[1:])
    parts: list[str | Text] = []
    last = 0
    for match in _FORMAT.finditer(pattern):
        parts.append(pattern[last : match.start()])
        last = match.end()
        if match[1] == "%":
            parts.append("%")
        elif rest and match[1] in ("s", "d", "v"):
            parts.append(as_text(rest.pop(0)))
        else:
            if rest:
                rest.pop(0)
            parts.append(Text.unknown(f"scopedown does not work out %{match[1]} of format", place))
    return joined([*parts, pattern[last:]])


def _encode(arguments: list[Any], place: Place) -> Any:
    return Encoded(arguments[0])


def _decode(arguments: list[Any], place: Place) -> Any:
    return decoded(arguments[0], place)


def _replace(arguments: list[Any], place: Place) -> Any:
    text, old, new = (as_text(one) for one in arguments[:3])
    before, after = old.literal, new.literal
    if before is None or after is None:
        return Text.unknown("the arguments of replace are known only after apply", place)
    if len(before) > 1 and before.startswith("/") and before.endswith("/"):
        return _replace_pattern(text, before[1:-1], after, place)
    if text.literal is None and not all(isinstance(part, Literal) or not before for part in text.parts):
        # A part that is not known may hold what is replaced: nothing of the text is certain then but where it is known.
        return Text.unknown("the text of replace is known only after apply", place)
    known = [part.value for part in text.parts if isinstance(part, Literal)]
    if sum(len(one) + one.count(before) * len(after) for one in known) > MAX_TEXT:
        return Text.unknown(f"the text that replace gives is longer than {MAX_TEXT} characters", place)
    return simple(text.replace(lambda part: part.value.replace(before, after) if isinstance(part, Literal) else part))


def _replace_pattern(text: Text, pattern: str, after: str, place: Place) -> Any:
    """``replace`` with a pattern that is one class of characters: others could take forever in Python."""
    whole = text.literal
    if whole is None or _CLASS.fullmatch(pattern) is None or "$" in after or "\\" in after or len(after) > 100:
        return Text.unknown("scopedown does not work out replace with this pattern", place)
    return re.sub(pattern, after, whole)


_LAZY: Final[Mapping[str, Callable[[list[Any], Place], Any]]] = {
    "try": _try,
    "can": lambda arguments, place: not is_missing(arguments[0]) if arguments else False,
    "coalesce": _coalesce,
    "coalescelist": _coalesce_list,
    "merge": _merge,
    "concat": lists.concat,
    "lookup": _lookup,
    "join": _join,
    "format": _format,
    "jsonencode": _encode,
    "jsondecode": _decode,
    "sensitive": _same,
    "nonsensitive": _same,
    "tostring": lambda arguments, place: _string(arguments[0], place),
    "toset": lists.as_set,
    "tolist": lambda arguments, place: _list(arguments, place),
    "tomap": _same,
    "distinct": lists.distinct,
    "compact": lists.compact,
    "flatten": lists.flatten,
}


def _string(value: Any, place: Place) -> Any:
    if isinstance(value, list | Mapping):
        return missing("a collection is not text", place)
    return value if value is None or is_unknown(value) else simple(as_text(value))


def _list(arguments: list[Any], place: Place) -> Any:
    value = arguments[0]
    return list_of(list(value.values()), place) if isinstance(value, Mapping) else value


# Functions of known arguments


def _text(value: Any) -> str:
    literal = as_text(value).literal
    if literal is None:
        raise ValueError
    return literal


def _length(arguments: list[Any], place: Place) -> Any:
    value = arguments[0]
    if isinstance(value, Uncounted):
        raise ValueError
    return len(value) if isinstance(value, list | Mapping) else len(_text(value))


def _element(arguments: list[Any], place: Place) -> Any:
    items = arguments[0]
    return items[int(arguments[1]) % len(items)]


def _slice(arguments: list[Any], place: Place) -> Any:
    return list_of(arguments[0][int(arguments[1]) : int(arguments[2])], place)


def _range(arguments: list[Any], place: Place) -> Any:
    return list_of(list(range(*(int(one) for one in arguments[:3]))[:MAX_ITEMS]), place)


def _zipmap(arguments: list[Any], place: Place) -> Any:
    return map_of({_text(key): value for key, value in zip(arguments[0], arguments[1], strict=False)}, place)


def _number(arguments: list[Any], place: Place) -> Any:
    known = number(arguments[0])
    if known is None:
        raise ValueError
    return known


def _bool(arguments: list[Any], place: Place) -> Any:
    return arguments[0] if isinstance(arguments[0], bool) else {"true": True, "false": False}[arguments[0]]


def _sub(arguments: list[Any], place: Place) -> Any:
    text, start, length = _text(arguments[0]), int(arguments[1]), int(arguments[2])
    return text[start:] if length < 0 else text[start : start + length]


def _minmax(choose: Callable[[list[Any]], Any]) -> Callable[[list[Any], Place], Any]:
    return lambda arguments, place: choose([_number([one], place) for one in arguments])


def _of_text(work: Callable[..., Any]) -> Callable[[list[Any], Place], Any]:
    """A function of texts alone."""
    return lambda arguments, place: work(*(_text(one) for one in arguments))


def _indent(arguments: list[Any], place: Place) -> Any:
    return _text(arguments[1]).replace("\n", "\n" + " " * min(int(arguments[0]), 100))


def _titled(text: str) -> str:
    return re.sub(r"(^|\s)(\w)", lambda match: match[1] + match[2].upper(), text)


def _formatlist(arguments: list[Any], place: Place) -> Any:
    sizes = {len(one) for one in arguments[1:] if isinstance(one, list)}
    if len(sizes) > 1 or any(isinstance(one, Uncounted) for one in arguments):
        raise ValueError
    rows = [
        [arguments[0], *(one[at] if isinstance(one, list) else one for one in arguments[1:])]
        for at in range(next(iter(sizes), 1))
    ]
    return list_of([_format(row, place) for row in rows], place)


def _power(base: Any, exponent: Any) -> Any:
    if abs(base) > 1_000_000 or abs(exponent) > 20:
        raise ValueError
    return base**exponent


def _yaml(arguments: list[Any], place: Place) -> Any:
    """``yamldecode``; the text of a file keeps its places."""
    text = arguments[0]
    file = text.path if isinstance(text, FileText) else place.file
    try:
        return parse_yaml(_text(text), file).tree
    except (ScopedownError, RecursionError) as error:
        return Text.unknown(f"the text is not valid YAML: {error}", place)


_FUNCTIONS: Final[Mapping[str, Callable[[list[Any], Place], Any]]] = {
    "length": _length,
    "element": _element,
    "slice": _slice,
    "range": _range,
    "zipmap": _zipmap,
    "setproduct": lists.product,
    "tonumber": _number,
    "tobool": _bool,
    "one": lists.one,
    "substr": _sub,
    "indent": _indent,
    "contains": lists.contains,
    "keys": lambda arguments, place: list_of(sorted(arguments[0].keys()), place),
    "values": lambda arguments, place: list_of([arguments[0][key] for key in sorted(arguments[0].keys())], place),
    "reverse": lambda arguments, place: list_of(arguments[0][::-1], place),
    "sort": lambda arguments, place: list_of(sorted(_text(one) for one in arguments[0]), place),
    "index": lists.index,
    "setunion": lambda arguments, place: lists.distinct([lists.concat(arguments, place)], place),
    "setsubtract": lists.subtract,
    "setintersection": lists.intersection,
    "alltrue": lists.all_true,
    "anytrue": lists.any_true,
    "min": _minmax(min),
    "max": _minmax(max),
    "abs": lambda arguments, place: abs(_number(arguments, place)),
    "floor": lambda arguments, place: int(_number(arguments, place) // 1),
    "ceil": lambda arguments, place: int(-(-_number(arguments, place) // 1)),
    "lower": _of_text(str.lower),
    "upper": _of_text(str.upper),
    "title": _of_text(_titled),
    "formatlist": _formatlist,
    "chunklist": lambda arguments, place: list_of(
        [arguments[0][at : at + arguments[1]] for at in range(0, len(arguments[0]), arguments[1])], place
    ),
    "sum": lambda arguments, place: sum(_number([one], place) for one in arguments[0]),
    "pow": lambda arguments, place: _power(_number([arguments[0]], place), _number([arguments[1]], place)),
    "parseint": lambda arguments, place: int(_text(arguments[0])[:30], int(arguments[1])),
    "md5": _of_text(lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()),
    "sha1": _of_text(lambda text: hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()),
    "sha256": _of_text(lambda text: hashlib.sha256(text.encode()).hexdigest()),
    "urlencode": _of_text(urllib.parse.quote_plus),
    "yamldecode": _yaml,
    "trimspace": _of_text(str.strip),
    "chomp": _of_text(lambda text: text.rstrip("\r\n")),
    "trim": _of_text(lambda text, cut: text.strip(cut)),
    "trimprefix": _of_text(lambda text, prefix: text.removeprefix(prefix)),
    "trimsuffix": _of_text(lambda text, suffix: text.removesuffix(suffix)),
    "startswith": _of_text(lambda text, prefix: text.startswith(prefix)),
    "endswith": _of_text(lambda text, suffix: text.endswith(suffix)),
    "strcontains": _of_text(lambda text, part: part in text),
    "strrev": _of_text(lambda text: text[::-1]),
    "replace": _replace,
    "split": lambda arguments, place: list_of(_text(arguments[1]).split(_text(arguments[0])), place),
    "basename": _of_text(posixpath.basename),
    "dirname": _of_text(lambda path: posixpath.dirname(path) or "."),
    "base64encode": _of_text(lambda text: base64.b64encode(text.encode()).decode()),
    "base64decode": _of_text(lambda text: base64.b64decode(text).decode()),
}
