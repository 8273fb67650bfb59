"""Text from a user's files in Markdown, as it is shown where people discuss a change."""

from __future__ import annotations

from scopedown.core.finding import printable

_MARKS = str.maketrans({
    **{mark: f"\\{mark}" for mark in "\\`*_[]#"}, **{mark: f"&#{ord(mark)};" for mark in "<>@|&"},
})  # fmt: skip


def markdown_text(text: str) -> str:
    """Text that Markdown shows as it is: no table is broken by it, and nothing in it is a mark, HTML or a mention.

    >>> markdown_text("a|b <img> @all")
    'a&#124;b &#60;img&#62; &#64;all'
    """
    return printable(text).translate(_MARKS)
