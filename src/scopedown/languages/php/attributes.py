"""PHP's attributes as expressions (https://www.php.net/manual/en/language.attributes.syntax.php)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.php.calls import arguments
from scopedown.languages.php.scope import Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


def attributes(work: Lowering, node: Node) -> tuple[ir.Expr, ...]:
    """``#[Route("/")]``."""
    found: list[ir.Expr] = []
    listed = node.child_by_field_name("attributes")
    for group in work.named(listed) if listed is not None else []:
        for one in work.named(group):
            parts = work.named(one)
            if not parts:
                continue
            named = ir.Name(work.qualified(work.text(parts[0])), work.at(one))
            given = one.child_by_field_name("parameters")
            if given is None and len(parts) > 1:
                given = parts[1]
            if given is None:
                found.append(named)
            else:
                positional, keywords = arguments(work, given)
                found.append(ir.Call(named, positional, keywords, work.at(one)))
    return tuple(found)
