"""Fragments of templates that plugins add, in CloudFormation's own words: a ``.yml`` file next to what adds them.

The top of a file names its fragments, each a mapping of logical ids to resources. ``<name>`` in a key or a text is a
placeholder. A text that is one placeholder becomes the value itself, of whatever type; in a longer text it becomes the
value's text. What is None is left out, so an optional property is a placeholder alone. ``When: <name>`` leaves out its
mapping (a resource, a statement, a property) unless the value is true.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.documents.document import parse_yaml
from scopedown.documents.nodes import as_map
from scopedown.project.serverless.names import Name, concat

Resource = tuple[str, str, dict[str, Any], dict[str, Any]]
"""Logical id, type, properties, and the attributes next to them."""
_FOLDER: Final = Path(__file__).parent
_PLACEHOLDER: Final = re.compile(r"<([\w /.!-]*)>")
_WHEN: Final = "When"


class Named(dict[str, Any]):
    """Values of placeholders; every other one is the name of a resource, of which ``id`` gives the logical id."""

    def __init__(self, values: Mapping[str, Any], id: Callable[[str], str]) -> None:
        super().__init__(values)
        self._id = id

    def __missing__(self, name: str) -> str:
        return self._id(name)


@cache
def _fragments(file: str) -> Mapping[str, Any]:
    return as_map(parse_yaml((_FOLDER / file).read_text(encoding="utf-8"), file, template=True).tree)


def resources(file: str, fragment: str, values: Mapping[str, Any]) -> Iterator[Resource]:
    """The resources of a fragment, in the order of the file; ``file`` is a path below this folder."""
    for id, written in as_map(_fragments(file)[fragment]).items():
        made = filled(written, values)
        if made is not None:
            attributes = {name: value for name, value in made.items() if name not in ("Type", "Properties")}
            yield str(filled(id, values)), made["Type"], made.get("Properties", {}), attributes


def tree(file: str, fragment: str, values: Mapping[str, Any]) -> Any:
    """A fragment that is no mapping of resources: statements, a policy."""
    return filled(_fragments(file)[fragment], values)


def filled(written: Any, values: Mapping[str, Any]) -> Any:
    """A copy of a tree with the values of its placeholders; None where it is left out."""
    if isinstance(written, str):
        return _text(written, values)
    if isinstance(written, Mapping):
        if _WHEN in written and not filled(written[_WHEN], values):
            return None
        pairs = ((filled(key, values), filled(item, values)) for key, item in written.items() if key != _WHEN)
        return {key: item for key, item in pairs if item is not None}
    if isinstance(written, list):
        return [item for item in (filled(one, values) for one in written) if item is not None]
    return written


def _text(written: str, values: Mapping[str, Any]) -> Any:
    if match := _PLACEHOLDER.fullmatch(written):
        return values[match[1]]
    parts = _PLACEHOLDER.split(written)
    return concat(*(_word(values[part]) if index % 2 else part for index, part in enumerate(parts)))


def _word(value: Any) -> Name:
    return value if isinstance(value, str | Text) else str(value)
