"""What Ruby assigns to: variables, members, elements, and several of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.languages.ruby.scope import Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


def target(work: Lowering, node: Node) -> ir.Target:
    """What is assigned to; the names of variables in it are bound."""
    at = work.at(node)
    kind = work.kind(node)
    match kind:
        case "identifier":
            return ir.Name(work.bind(work.text(node)), at)
        case "constant" | "class_variable":
            return ir.Name(bind_in_class(work, work.text(node)), at)
        case "global_variable":
            return ir.Name(work.text(node), at)
        case "left_assignment_list" | "destructured_left_assignment" | "destructured_parameter":
            return pattern(work, work.named(node), at)
    if work.depth < work.max_depth and kind in ("instance_variable", "call", "element_reference", "scope_resolution"):
        made = work.expression(node)
        if isinstance(made, ir.Call) and isinstance(made.function, ir.Attr) and not made.positional:
            made = made.function
        if isinstance(made, ir.Attr | ir.Index):
            return made
    return ir.Name(work.hidden("target"), at)


def element_of_several(work: Lowering, node: Node) -> ir.Call | None:
    """``a[b, c]``, ``a[*b]``: the call of the method that takes the keys; None for a single one."""
    if work.kind(node) != "element_reference" or work.depth >= work.max_depth:
        return None
    keys = [child for child in work.named(node) if child != node.child_by_field_name("object")]
    if len(keys) == 1 and work.kind(keys[0]) not in ("splat_argument", "pair", "hash_splat_argument"):
        return None
    made = work.expression(node)
    return made if isinstance(made, ir.Call) and isinstance(made.function, ir.Attr) else None


def written(work: Lowering, node: Node, value: ir.Expr, at: ir.At) -> ir.Stmt:
    """The assignment of a value; ``a[b, c] = value`` calls a method."""
    several = element_of_several(work, node)
    if several is not None and isinstance(several.function, ir.Attr):
        put = ir.Attr(several.function.object, "[]=", at)
        return ir.ExprStmt(ir.Call(put, (*several.positional, value), several.keywords, at), at)
    if work.kind(node) == "left_assignment_list" and not isinstance(value, ir.ListExpr):
        value = ir.Call(ir.Name(AS_LIST, at), (value,), (), at)
    return ir.Assign(target(work, node), value, at)


FITS: Final = "<fits>"
"""The function that asks the patterns of ``when`` whether a value fits."""
COPY: Final = "<copy>"
"""The function that ``dup`` and ``clone`` are."""
AS_LIST: Final = "<list>"
"""The function that makes a list of a value that is assigned to several targets."""


def changed(work: Lowering, node: Node) -> tuple[ir.Target, ir.Expr]:
    """What ``a.b += 1`` changes, and what it was; what is in it is lowered once, whatever its depth."""
    aimed = target(work, node)
    if isinstance(aimed, ir.Name):
        return aimed, ir.Name(aimed.id, work.at(node))
    if isinstance(aimed, ir.Attr) and work.kind(node) == "call":
        return aimed, ir.Call(aimed, (), (), work.at(node))
    return aimed, aimed if isinstance(aimed, ir.Attr | ir.Index) else ir.Opaque((), work.at(node))


def bind_in_class(work: Lowering, name: str) -> str:
    """A constant or a variable of the class belongs to the class in whose body it is written; elsewhere it is one that
    the whole program sees."""
    if work.scope.kind in ("class", "singleton"):
        work.scope.members.add(name)
    return name


def pattern(work: Lowering, nodes: list[Node], at: ir.At) -> ir.Target:
    """``a, (b, c), *d, e``."""
    if work.depth >= work.max_depth:
        return ir.Name(work.hidden("deep"), at)
    work.depth += 1
    items: list[tuple[ir.Target, ir.Expr | None] | None] = []
    after: list[ir.Target] = []
    rest: ir.Target | None = None
    for node in nodes:
        if work.kind(node) in ("rest_assignment", "splat_parameter"):
            inner = work.named(node)
            rest = target(work, inner[0]) if inner else ir.Name(work.hidden("rest"), work.at(node))
        elif rest is None:
            items.append((target(work, node), None))
        else:
            after.append(target(work, node))
    work.depth -= 1
    return ir.ListPattern(tuple(items), rest, at, tuple(after))
