"""The values of Terraform's expressions.

Numbers, booleans, null and known text are Python's; maps and lists are :class:`~scopedown.documents.nodes.MapNode` and
``ListNode``, with their places. Text with a part that is known only after apply is a
:class:`~scopedown.core.text.Text`; a value of which nothing is known is a ``Text`` of one ``Unknown`` with the reason.
JSON text keeps the value that it was made of (:class:`Encoded`), and a file's text its path (:class:`FileText`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, runtime_checkable

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Literal, Text, Unknown
from scopedown.documents.document import parse_json
from scopedown.documents.nodes import ListNode, MapNode, rewritten
from scopedown.project.intrinsics import Scope, to_text

MAX_TEXT: Final = 1_000_000
"""Characters of a text that is worked out."""
_MARK: Final = "\ue000"
"""A character of private use: it stands for a part of a JSON text that is not known."""


class Missing(Text):
    """An unknown value because there is no such attribute, key or index: what ``try`` and ``can`` go past."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Encoded:
    """JSON text, by the value that it was made of (``jsonencode``, ``aws_iam_policy_document``)."""

    tree: Any


class FileText(str):
    """The text of a file of the project (``file("…")``), which knows the file's path below the project's folder."""

    path: str = ""


class SetNode(ListNode):
    """A set: a list whose items are their own keys (``for_each``, ``dynamic``)."""

    __slots__ = ()


@runtime_checkable
class Object(Protocol):
    """Something whose attributes are worked out when they are asked for: a resource, a module, ``var``."""

    def attribute(self, name: str) -> Any:
        """The value of an attribute."""


def missing(reason: str, place: Place | None) -> Missing:
    """A value that is not there."""
    return Missing((Unknown(reason, place),))


def is_unknown(value: Any) -> bool:
    """Whether nothing is known of a value."""
    return isinstance(value, Text) and len(value.parts) == 1 and isinstance(value.parts[0], Unknown)


def as_text(value: Any) -> Text:
    """A value as text, as an interpolation takes it."""
    if isinstance(value, Text):
        return value
    if isinstance(value, Encoded):
        return to_text({"Fn::ToJsonString": plain(value.tree)}, Scope())
    if isinstance(value, bool):
        return Text.of("true" if value else "false")
    if isinstance(value, str | int | float):
        return Text.of(str(value))
    what = "null" if value is None else "a value that is not text"
    return Text.unknown(f"{what} where text is expected")


def simple(text: Text) -> str | Text:
    """A text as the characters that it is, where all of them are known."""
    literal = text.literal
    return text if literal is None else literal


def plain(value: Any) -> Any:
    """A value as a configuration tree: JSON text as text, an object as unknown."""
    if isinstance(value, Encoded):
        return simple(as_text(value))
    if isinstance(value, dict | list):
        return rewritten(value, lambda _, item: plain(item))
    if value is None or isinstance(value, Text | str | int | float | bool):
        return value
    return Text.unknown("a whole resource or module where a value is expected")


def decoded(value: Any, place: Place) -> Any:
    """The value of JSON text: of ``jsonencode`` as it was, of a text by reading it.

    Parts of the text that are known only after apply stay such parts of the strings that hold them.
    """
    if isinstance(value, Encoded):
        return value.tree
    if isinstance(value, dict | list):
        return value
    if not isinstance(value, Text | str):
        return Text.unknown("a value that is not JSON text", place)
    text = as_text(value)
    if is_unknown(text):
        return text
    parts = [part for part in text.parts if not isinstance(part, Literal)]
    written = "".join(
        part.value if isinstance(part, Literal) else f"{_MARK}{parts.index(part)}{_MARK}" for part in text.parts
    )
    try:
        tree = parse_json(written, place.file).tree
    except (ScopedownError, RecursionError) as error:
        return Text.unknown(f"the text is not valid JSON: {error}", place)

    def filled(item: Any) -> Any:
        if isinstance(item, dict | list):
            return rewritten(item, lambda _, one: filled(one))
        if not isinstance(item, str) or _MARK not in item:
            return item
        pieces = item.split(_MARK)
        held = [
            parts[int(piece)] if index % 2 and piece.isdigit() and int(piece) < len(parts) else piece
            for index, piece in enumerate(pieces)
        ]
        return simple(Text.of(*held))

    return _moved(filled(tree), place)


def _moved(tree: Any, place: Place) -> Any:
    """A tree whose places count from ``place``: that of the text which it was read from."""
    if isinstance(tree, dict | list):
        new = rewritten(tree, lambda _, item: _moved(item, place))
        shift = _shift(place)
        new.place = shift(new.place)
        if isinstance(new, MapNode):
            new.keys_at = {key: shift(at) for key, at in new.keys_at.items()}
            new.values_at = {key: shift(at) for key, at in new.values_at.items()}
        else:
            new.items_at = [shift(at) for at in new.items_at]
        return new
    return tree


def _shift(place: Place) -> Any:
    return lambda at: Place(place.file, place.line + at.line - 1, at.column if at.line > 1 else place.column)


def map_of(items: Mapping[str, Any], place: Place) -> MapNode:
    """A mapping all of whose keys stand at one place."""
    node = MapNode(items, place)
    for key in items:
        node.keys_at[key] = node.values_at[key] = place
    return node


def list_of(items: list[Any], place: Place) -> ListNode:
    """A list all of whose items stand at one place."""
    node = ListNode(items, place)
    node.items_at = [place] * len(items)
    return node
