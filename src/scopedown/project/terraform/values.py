"""The values of Terraform's expressions.

Numbers, booleans, null and known text are Python's; maps and lists are :class:`~scopedown.documents.nodes.MapNode` and
``ListNode``, with their places. Text with a part that is known only after apply is a
:class:`~scopedown.core.text.Text`; a value of which nothing is known is a ``Text`` of one ``Unknown`` with the reason.
JSON text keeps the value that it was made of (:class:`Encoded`), and a file's text its path (:class:`FileText`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, runtime_checkable

from scopedown.core.digits import is_count
from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Literal, Text, Unknown
from scopedown.documents.document import parse_json
from scopedown.documents.nodes import ListNode, MapNode, rewritten
from scopedown.project.intrinsics import Scope, to_text

MAX_TEXT: Final = 1_000_000
"""Characters of a text that is worked out."""
MAX_NODES: Final = 100_000
"""Values in one value, those that stand in several places counted each time (see :func:`weight`)."""
_MAX_NESTED: Final = 150
"""Lists and maps in each other in one value."""
_CHARACTERS: Final = 64
"""Characters of a text that weigh as much as a value."""
_MARK: Final = "\ue000"
"""A character of private use: it stands for a part of a JSON text that is not known."""


class Missing(Text):
    """An unknown value because there is no such attribute, key or index: what ``try`` and ``can`` go past."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Encoded:
    """JSON text, by the value that it was made of (``jsonencode``, ``aws_iam_policy_document``)."""

    tree: Any
    text: list[Text] = field(default_factory=list, init=False, compare=False, repr=False)
    """The text, from when it was first asked for."""


class FileText(str):
    """The text of a file of the project (``file("…")``), which knows the file's path below the project's folder."""

    path: str = ""

    @classmethod
    def of(cls, held: tuple[str, str]) -> FileText:
        """The text of a file, from the text and the path."""
        made = cls(held[0])
        made.path = held[1]
        return made


class SetNode(ListNode):
    """A set: a list whose items are their own keys (``for_each``, ``dynamic``)."""

    __slots__ = ()


class Uncounted(ListNode):
    """A list of which it is not known how many items it has: an unknown item may be none, several, or one twice."""

    __slots__ = ()


class UncountedSet(SetNode, Uncounted):
    """A set of which it is not known how many items it has."""

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
        if not value.text:
            held = plain(value.tree)
            value.text.append(held if is_unknown(held) else to_text({"Fn::ToJsonString": held}, Scope()))
        return value.text[0]
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


def length(text: str | Text) -> int:
    """Characters of a text; a part that is not known counts as ten."""
    if isinstance(text, str):
        return len(text)
    return sum(len(part.value) if isinstance(part, Literal) else 10 for part in text.parts)


def joined(parts: Iterable[str | Text]) -> str | Text:
    """Parts as one text; unknown beyond :data:`MAX_TEXT` characters, which are counted before they are put together."""
    held: list[str | Text] = []
    total = 0
    for part in parts:
        total += length(part)
        if total > MAX_TEXT:
            return Text.unknown(f"the text is longer than {MAX_TEXT} characters")
        held.append(part)
    return "".join(map(str, held)) if all(isinstance(part, str) for part in held) else simple(Text.of(*held))


def without_newline(text: Any) -> Any:
    """A text without the end of its last line, which a heredoc adds."""
    if isinstance(text, str):
        return text.removesuffix("\n")
    last = text.parts[-1] if isinstance(text, Text) and text.parts else None
    if not isinstance(last, Literal):
        return text
    return simple(Text.of(*(Text((part,)) for part in text.parts[:-1]), last.value.removesuffix("\n")))


def weight(*values: Any) -> int:
    """How many values are in some, counted up to a little more than :data:`MAX_NODES`.

    ``a = [b, b]``, ``b = [c, c]`` and so on is small in memory and grows exponentially where it is copied or written.
    """
    waiting = [(value, 0) for value in values]
    total = 0
    while waiting and total <= MAX_NODES:
        item, nested = waiting.pop()
        total += 1 if nested < _MAX_NESTED else MAX_NODES + 1
        if isinstance(item, str | Text):
            total += length(item) // _CHARACTERS
        elif isinstance(item, Encoded):
            waiting.append((item.tree, nested + 1))
        elif isinstance(item, dict | list):
            waiting += [(one, nested + 1) for one in (item.values() if isinstance(item, dict) else item)]
    return total


def holds_text(value: Any, unknown: bool = False) -> bool:
    """Whether a part of a value is known only after apply; ``unknown``: whether nothing says what it will be."""
    waiting = [value]
    for _ in range(MAX_NODES):
        if not waiting:
            return False
        item = waiting.pop()
        if isinstance(item, Text):
            if item.unknowns or not unknown:
                return True
        elif isinstance(item, Encoded):
            waiting.append(item.tree)
        elif isinstance(item, dict | list):
            waiting += item.values() if isinstance(item, dict) else item
        elif isinstance(item, Object):
            return True
    return True


def plain(value: Any) -> Any:
    """A value as a configuration tree: JSON text as text, an object as unknown."""
    if isinstance(value, Encoded | dict | list) and weight(value) > MAX_NODES:
        return Text.unknown(f"the value holds more than {MAX_NODES} values")
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Encoded):
        return simple(as_text(value))
    if isinstance(value, dict | list):
        return rewritten(value, lambda _, item: _plain(item))
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
            parts[int(piece)] if index % 2 and is_count(piece) and int(piece) < len(parts) else piece
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
    whole = place.column == 1  # a text that begins a line: a heredoc's
    return lambda at: Place(place.file, place.line + at.line - 1, at.column if whole or at.line > 1 else place.column)


def map_of(items: Mapping[str, Any], place: Place) -> MapNode:
    """A mapping all of whose keys stand at one place."""
    node = MapNode(items, place)
    for key in items:
        node.keys_at[key] = node.values_at[key] = place
    return node


def uncounted_list(items: list[Any], place: Place) -> Uncounted:
    """A list of which it is not known how many items it has."""
    node = Uncounted(items, place)
    node.items_at = [place] * len(items)
    return node


def list_of(items: list[Any], place: Place) -> ListNode:
    """A list all of whose items stand at one place."""
    node = ListNode(items, place)
    node.items_at = [place] * len(items)
    return node
