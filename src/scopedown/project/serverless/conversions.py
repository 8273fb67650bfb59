"""What becomes of an event's values before they stand in a template: conversions of the schema check, and of text.

The framework validates with Ajv and ``coerceTypes: "array"``, which converts a value of a wrong but convertible type
in place (https://ajv.js.org/coercion.html); :func:`string`, :func:`boolean`, :func:`integer` and :func:`items` do the
same for one value, and leave alone what cannot be converted. A :class:`~scopedown.core.text.Text` (a value that is
not fully known) stays as it is. The others are ``String.replace`` and ``JSON.stringify`` of JavaScript, where text may
be known in part.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from scopedown.core.text import Literal, Text
from scopedown.documents.scalars import js_text
from scopedown.project.serverless.names import Name, concat

_NUMBER: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\Z")
_BOOLEANS: Final[Mapping[Any, bool]] = {"true": True, "false": False, 1: True, 0: False}


def string(value: Any) -> Any:
    """A value where the schema wants a string; None stays None (the framework hides nulls from its schema).

    >>> string(2), string(True), string(["a"]), string({"Ref": "A"})
    ('2', 'true', 'a', {'Ref': 'A'})
    """
    if isinstance(value, list) and len(value) == 1 and not isinstance(value[0], Mapping | list):
        value = value[0]
    return js_text(value) if isinstance(value, bool | int | float) else value


def boolean(settings: Mapping[str, Any], key: str, default: Any = None) -> Any:
    """A setting that the schema wants to be a boolean; ``default`` where there is none.

    >>> boolean({"a": "false"}, "a"), boolean({"a": None}, "a", True)
    (False, True)
    """
    value = settings.get(key)
    if value is None:
        return default
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, Mapping | list) else _BOOLEANS.get(value, value)


def integer(value: Any) -> Any:
    """A value where the schema wants a number; None stays None.

    >>> integer("30"), integer(True), integer("30s")
    (30, 1, '30s')
    """
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and len(value) < 400 and _NUMBER.match(value.strip()):
        number = float(value)
        return int(number) if number.is_integer() else number
    return value


def items(value: Any) -> list[Any]:
    """A value where the schema wants a list of strings: one alone is a list of itself, nothing an empty one."""
    if value is None:
        return []
    return [string(item) for item in value] if isinstance(value, list) else [string(value)]


def truthy(value: Any) -> bool:
    """Whether JavaScript takes a value for true: mappings and lists are, even empty ones."""
    return isinstance(value, Mapping | list) or bool(value)


def changed(name: Name, change: Callable[[str], str]) -> Name:
    """Text with ``change`` made to every part that is known."""
    if isinstance(name, str):
        return change(name)
    return concat(*(change(part.value) if isinstance(part, Literal) else Text((part,)) for part in name.parts))


def one_line(name: Name) -> Name:
    """Text without its line breaks."""
    return changed(name, lambda text: re.sub(r"\r?\n", "", text))


def json_text(tree: Any) -> Name:
    """A tree as ``JSON.stringify`` writes it, without spaces; what is not known of its texts stays as it is.

    Keys that are whole numbers come first, as in every object of JavaScript, and nulls last, since the framework takes
    them out for the check of its schema and puts them back.

    >>> json_text({"b": None, "a": [1, True, None, "é"], "2": {}})
    '{"2":{},"a":[1,true,null,"é"],"b":null}'
    """
    return concat(*_json(tree))


def _order(item: tuple[str, Any]) -> tuple[int, int]:
    key, value = item
    whole = key.isascii() and key.isdigit() and len(key) < 10 and (key == "0" or key[0] != "0")
    return (0, int(key)) if whole else (2 if value is None else 1, 0)


def _json(tree: Any) -> Iterator[Name]:
    if isinstance(tree, Mapping):
        for index, (key, value) in enumerate(sorted(tree.items(), key=_order)):
            yield ("," if index else "{") + json.dumps(key, ensure_ascii=False) + ":"
            yield from _json(value)
        yield "}" if tree else "{}"
    elif isinstance(tree, list | tuple):
        for index, value in enumerate(tree):
            yield "," if index else "["
            yield from _json(value)
        yield "]" if tree else "[]"
    elif isinstance(tree, str | Text):
        yield concat('"', changed(tree, lambda text: json.dumps(text, ensure_ascii=False)[1:-1]), '"')
    else:
        yield js_text(tree, null="null")


def read_again(text: Any) -> Any:
    """Text that the framework puts between quotes of a JSON text, and reads again; other values as they are."""

    def read(part: str) -> str:
        try:
            found = json.loads(f'"{part}"')
        except ValueError:
            return part  # the framework fails here
        return found if isinstance(found, str) else part

    return changed(text, read) if isinstance(text, str | Text) else text
