"""HTML whose texts cannot be anything but text: an element's children are escaped unless they are elements themselves.

Characters that a reader would not see as they are (control characters, marks that turn the direction of text around)
are shown as their escapes, so that a name looks like what it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from scopedown.core.finding import printable


class Html(str):
    """Text that is HTML already; only this module makes any."""

    __slots__ = ()


Child = Html | str | int | None | Iterable["Child"]

_VOID = frozenset({"input", "meta", "br"})


def el(tag: str, attributes: Mapping[str, str | int | bool] | None = None, *children: Child) -> Html:
    """An element. An attribute that is True has no value, one that is False is left out.

    >>> el("p", {"title": '"'}, "<b>", el("br"))
    '<p title="&quot;">&lt;b&gt;<br></p>'
    """
    said = "".join(
        f" {name}" if value is True else f' {name}="{escape(text(str(value)))}"'
        for name, value in (attributes or {}).items()
        if value is not False
    )
    if tag in _VOID:
        return Html(f"<{tag}{said}>")
    return Html(f"<{tag}{said}>{join(children)}</{tag}>")


def join(children: Iterable[Child]) -> Html:
    """Elements and texts one after another."""
    return Html("".join(map(_child, children)))


def text(said: str) -> str:
    """Text in which every character can be seen; line breaks stay."""
    return "\n".join(map(printable, said.split("\n")))


def data(value: Any) -> Html:
    """JSON in a script element: nothing in it ends the element, begins a comment, or is a line's end to a script."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Html(re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", written))


def raw(asset: str) -> Html:
    """A file of ours that is HTML, CSS or a script itself; never what comes from a project."""
    return Html(asset)


def _child(child: Child) -> str:
    if isinstance(child, Html):
        return child
    if child is None:
        return ""
    if isinstance(child, str | int):
        return escape(text(str(child)), quote=False)  # a quotation mark is text here
    return join(child)


def table(titles: Sequence[str], rows: Child, kind: str, sorted_by: str = "") -> Html:
    """A table that a narrow window scrolls by itself; ``sorted_by`` is the title of the column whose numbers fall."""
    heads = [
        el("th", {"scope": "col", "aria-sort": "descending" if title == sorted_by else False}, title)
        for title in titles
    ]  # fmt: skip
    head = el("thead", {}, el("tr", {}, heads))
    return el("div", {"class": "scrolls"}, el("table", {"class": kind}, head, el("tbody", {}, rows)))
