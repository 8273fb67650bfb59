"""What only TypeScript has at run time: enums and namespaces. Types leave nothing behind."""

from __future__ import annotations

from tree_sitter import Node

from scopedown.languages.javascript.context import NODES, Context
from scopedown.languages.javascript.patterns import key, target
from scopedown.source import ir


@NODES.statement("enum_declaration")
def enum_declaration(c: Context, node: Node) -> None:
    """``enum E { A = 'a', B }``: an object; members without a value count on from the last number."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or body is None:
        return
    entries: list[tuple[ir.Expr | None, ir.Expr]] = []
    count: int | None = 0
    for child in body.named_children:
        if child.type == "comment":
            continue
        at = c.at(child)
        if child.type == "enum_assignment":
            member = child.child_by_field_name("name")
            value = c.expr(child.child_by_field_name("value"))
            if member is None:
                continue
            entries.append((key(c, member), value))
            known = isinstance(value, ir.Const) and isinstance(value.value, int)
            count = int(value.value or 0) + 1 if known and isinstance(value, ir.Const) else None
        else:
            entries.append((key(c, child), ir.Const(count, at) if count is not None else ir.Opaque((), at)))
            count = count + 1 if count is not None else None
    c.emit(ir.Assign(target(c, name), ir.ObjectExpr(tuple(entries), c.at(node)), c.at(node)))


@NODES.statement("internal_module", "module")
def namespace(c: Context, node: Node) -> None:
    """``namespace N { export const x = 1 }``: an object that a function called at once makes."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or body is None or name.type == "string":
        return
    at = c.at(node)
    names = c.text(name).split(".")
    trailing, c.trailing = c.trailing, []
    with c.function(), c.collected() as inner:
        c.emit(ir.Assign(ir.Name("exports", at), ir.ObjectExpr((), at), at))
        c.declared.add("exports")
        c.sequence(body.named_children, own=False)
        inner += c.trailing
        inner.append(ir.Return(ir.Name("exports", at), at))
        made = ir.Function(names[0], (), tuple(inner), frozenset(c.declared), at, "lexical")
    c.trailing = trailing
    if len(inner) == 2:
        return  # nothing but types
    value: ir.Expr = ir.Call(ir.Lambda(made, at), (), (), at)
    for part in reversed(names[1:]):
        value = ir.ObjectExpr(((ir.Const(part, at), value),), at)
    c.emit(ir.Assign(ir.Name(c.declare(names[0]), at), value, at))
