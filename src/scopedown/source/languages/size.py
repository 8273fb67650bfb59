"""How much of one file is analysed: a table of a million numbers is data, whatever its file is called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_NODES: Final = 1_000_000
"""Syntax nodes of a file that are analysed; a statement that goes beyond them, and all after it, is not."""


def within_bound(statements: Sequence[Node], bound: int = MAX_NODES) -> tuple[Sequence[Node], Node | None]:
    """The statements that are analysed, and the first one that is not."""
    left = bound
    for position, node in enumerate(statements):
        left -= node.descendant_count
        if left < 0:
            return statements[:position], node
    return statements, None
