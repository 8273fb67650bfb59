"""Source that the grammar does not read although it is right: a declaration before a brace on the same line.

``class A { val x = 1 }`` is parsed as ``class A { val x = 1;}``, which has the same places. That is done only where the
source as it stands has errors, and kept only where it then has fewer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopedown.source.languages.syntax import parsed_or_none

if TYPE_CHECKING:
    from tree_sitter import Node, Parser, Tree

_BEFORE_BRACE: Final = re.compile(rb"(?<=[^\s{;]) \}")


def repaired(source: bytes, tree: Tree, parser: Parser) -> Tree:
    """The better one of two readings."""
    other = parsed_or_none(parser, _BEFORE_BRACE.sub(b";}", source))
    return other if other is not None and broken(other.root_node) < broken(tree.root_node) else tree


def broken(root: Node) -> int:
    """How many bytes could not be read."""
    found = 0
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            found += node.end_byte - node.start_byte + 1
        elif node.has_error:
            waiting.extend(node.children)
    return found
