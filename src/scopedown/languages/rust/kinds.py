"""The kinds of Rust's syntax nodes by what they mean, and which items are compiled for a deployed function."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopedown.languages.rust.work import ITEMS, Work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

IMPLEMENTS: Final = "<implements>"
"""The built-in function that says that a type implements a trait."""
LAZY: Final = "<lazy>"
"""The built-in function that makes a value of a function when it is first needed."""
VARIABLE: Final = "<variable>"
"""The built-in function that reads a variable of the environment."""
CONVERTED: Final = "<converted>"
"""The built-in function that converts a value to a declared type."""
FROM_ENVIRONMENT: Final = "<from environment>"
"""The function of a structure that derived code fills it from the environment with."""
DERIVED_BUILDER: Final = "<derived builder>"
"""The built-in function that gives the builder that is derived for a structure."""
ATTRIBUTED: Final = "<attributed>"
"""The built-in function that notes a function with an attribute of a crate that is not read."""
OUTSIDE: Final = "<outside>"
"""The built-in function that stands for a crate that is not read and runs such functions."""
IS: Final = "<is>"
"""The operator that asks whether a value is of a variant."""
EVERY: Final = "<every type>"
"""What has the methods that a trait gives to all types."""
ASSIGNED: Final = "<assigned>"
"""The built-in function that puts a value into what a reference leads to."""
CAST: Final = "<as>"
"""The built-in function that makes a number of another type of a value."""
FORCED: Final = "<forced>"
"""The built-in function that gives what is behind ``*``, made now where it is made when it is needed."""
ELEMENTS: Final = "<elements>"
"""The built-in function that gives what a loop goes over: of a map its pairs."""
_TESTS: Final = re.compile(r"cfg\((?:all\()?test\b|(?:\w+::)?(?:test|rstest|bench)\b")
"""Attributes of what only tests have."""


def kept(work: Work, nodes: Sequence[Node]) -> list[Node]:
    """The items among these nodes that are compiled for the deployed function: no tests."""
    found: list[Node] = []
    skipped = False
    for node in nodes:
        kind = work.kind(node)
        if kind == "attribute_item":
            text = "".join(work.text(node).split())[2:]
            skipped = skipped or _TESTS.match(text) is not None
            continue
        if kind in ("line_comment", "block_comment"):
            continue
        if kind in ITEMS and not skipped:
            found.append(node)
        elif kind == "macro_invocation" or (kind == "expression_statement" and node.named_child_count == 1):
            macro = node if kind == "macro_invocation" else node.named_children[0]
            if work.kind(macro) == "macro_invocation" and not skipped:
                found.append(macro)
        skipped = False
    return found
