"""Values of a wrong type under the keys that the framework knows.

In: a resolved configuration. Out: a finding for every value that the framework's own schema would object to for its
type, each at its key. Which key may hold what stands in ``shapes.tsv`` (``tools/framework_shapes.py`` writes it from
the schema of osls 4.3.1), and in ``shapes_v4.tsv`` what is otherwise in serverless 4: a path, where ``*`` is any name
and ``[]`` an item of a list, and its kinds: ``text``, ``name``, ``number``, ``integer``, ``boolean``, ``list``,
``mapping``, ``null`` and ``function`` (a call of an intrinsic one). Beside types only the names of functions and
resources are looked at. The framework converts before it objects, and so do these rules: a number is text, ``"5"`` a
number, ``"true"`` a boolean, one value a list of it. What is not known (:class:`~scopedown.core.text.Text`) and null
are no error anywhere; neither is a key that the table does not have, for plugins bring their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.core.tables import read_rows
from scopedown.core.text import Text
from scopedown.documents.nodes import place_of
from scopedown.documents.scalars import js_text
from scopedown.project.findings import reported
from scopedown.project.intrinsics import is_intrinsic

CODE: Final = "wrong-type"
_ANY_NAME: Final = "*"
_ITEM: Final = "[]"
JOINED: Final = frozenset({"functions", "resources"})
"""Sections that may be lists of mappings, which the framework joins before it looks at them."""
_NAMES: Final = {
    "functions": (re.compile(r"[A-Za-z0-9_-]+\Z"), "letters, digits, hyphens and underscores"),
    "resources.Resources": (re.compile(r"[A-Za-z0-9]{1,255}\Z|Fn::"), "letters and digits"),
}  # fmt: skip
"""Mappings whose keys become names of a template, and what those may be."""
_WORDS: Final = {
    "name": "the name of an event", "text": "text", "number": "a number", "integer": "a whole number",
    "boolean": "true or false", "list": "a list", "mapping": "a mapping", "function": "an intrinsic function",
    "null": "null",
}  # fmt: skip
_ORDER: Final = tuple(_WORDS)


@dataclass(slots=True)
class Shape:
    """What may stand at one path, and below it. No ``kinds``: anything."""

    kinds: frozenset[str] = frozenset()
    below: dict[str, Shape] = field(default_factory=dict)


@cache
def shapes(is_v4: bool = False) -> Shape:
    """The table, as a tree."""
    root = Shape()
    files = ("shapes.tsv", "shapes_v4.tsv") if is_v4 else ("shapes.tsv",)
    lines = {row["path"]: row["kinds"] for name in files for row in read_rows(Path(__file__).with_name(name))}
    for path, kinds in lines.items():
        shape = root
        for name in path.replace(_ITEM, f".{_ITEM}").split("."):
            shape = shape.below.setdefault(name, Shape())
        shape.kinds = frozenset(kinds.split())
    return root


def wrong_types(tree: Mapping[str, Any], top: Place, is_v4: bool = False) -> list[Finding]:
    """A finding for every value of a wrong type; ``top`` is the place for those that know none."""
    return list(_inside(tree, shapes(is_v4), "", top))


def _inside(value: Any, shape: Shape, path: str, place: Place) -> Iterator[Finding]:
    """What is wrong below a value that is itself of a right type."""
    if isinstance(value, dict):
        anything = shape.below.get(_ANY_NAME)
        names = _NAMES.get(path)
        for key, item in value.items():
            if names is not None and not names[0].match(key):
                yield reported(
                    "wrong-name", place_of(value, key) or place, key=repr(key[:60]), path=path, names=names[1]
                )
            one = shape.below.get(key, anything) if key not in (_ANY_NAME, _ITEM) else anything
            if one is not None and item is not None:
                yield from _one(item, one, f"{path}.{key}" if path else key, place_of(value, key) or place)
    elif isinstance(value, list):
        one = shape if path in JOINED else shape.below.get(_ITEM)
        for index, item in enumerate(value):
            if one is not None and item is not None:
                yield from _one(item, one, f"{path}.{index}", place_of(value, index) or place)


def _one(value: Any, shape: Shape, path: str, place: Place) -> Iterator[Finding]:
    if isinstance(value, Text):
        return
    if shape.kinds and not _fits(value, shape.kinds):
        wanted = " or ".join(_WORDS[kind] for kind in _ORDER if kind in shape.kinds)
        yield Finding(CODE, f"{path} is {_what(value)}, not {wanted}", place, f"write {wanted}")
        return
    if isinstance(value, dict | list) and shape.below and not is_intrinsic(value):
        yield from _inside(value, shape, path, place)


def _fits(value: Any, kinds: frozenset[str]) -> bool:
    """Whether a value is of one of the kinds, or is converted to one of them (Ajv, ``coerceTypes: "array"``)."""
    if isinstance(value, dict):
        return "mapping" in kinds or ("function" in kinds and is_intrinsic(value))
    if isinstance(value, list):
        if "list" in kinds:
            return True
        return (
            len(value) == 1
            and not isinstance(value[0], list)
            and _fits(value[0], kinds - {"mapping", "function", "name"})
        )
    if value is None or isinstance(value, Text) or "list" in kinds or "text" in kinds:
        return True
    if isinstance(value, str):
        if "name" in kinds or ("boolean" in kinds and value in ("true", "false")):
            return True
        return ("number" in kinds or "integer" in kinds) and _is_number(value, whole="number" not in kinds)
    if isinstance(value, bool):
        return bool(kinds & {"boolean", "number", "integer"})
    if "number" in kinds or ("boolean" in kinds and value in (0, 1)):
        return True
    return "integer" in kinds and (isinstance(value, int) or value.is_integer())


def _is_number(text: str, whole: bool) -> bool:
    if len(text) > 400:
        return False
    try:
        value = float(text)
    except ValueError:
        return False
    return value.is_integer() if whole else value == value


def _what(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    return js_text(value)[:40]
