"""PHP's declared types as expressions (https://www.php.net/manual/en/language.types.declarations.php)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.php.scope import Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


def declared(work: Lowering, node: Node | None) -> ir.Expr | None:
    """The type under a declaration; None where it is none of a class."""
    if node is None or work.depth >= work.max_depth:
        return None
    kind = work.kind(node)
    if kind == "named_type" or kind in ("name", "qualified_name", "relative_name"):
        name = work.text(node)
        if name.lower() in ("self", "static"):
            return ir.Name(work.scope.class_name, work.at(node)) if work.scope.class_name else None
        return ir.Name(work.qualified(name), work.at(node))
    if kind in ("optional_type", "union_type", "intersection_type", "disjunctive_normal_form_type", "type_list"):
        work.depth += 1
        found = [one for child in work.named(node) if (one := declared(work, child)) is not None]
        work.depth -= 1
        if not found:
            return None
        return found[0] if len(found) == 1 else ir.Op("|", tuple(found), work.at(node))
    return None
