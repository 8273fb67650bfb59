"""What only TypeScript has at run time: enums and namespaces. Types leave nothing behind."""

from __future__ import annotations

from tree_sitter import Node

from scopedown.source import ir
from scopedown.source.languages.javascript_blocks import statements
from scopedown.source.languages.javascript_context import Context
from scopedown.source.languages.javascript_patterns import key, target


def enum_declaration(c: Context, node: Node, out: list[ir.Stmt]) -> None:
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
    out.append(ir.Assign(target(c, name), ir.ObjectExpr(tuple(entries), c.at(node)), c.at(node)))


def namespace(c: Context, node: Node, out: list[ir.Stmt]) -> None:
    """``namespace N { export const x = 1 }``: an object that a function called at once makes."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or body is None or name.type == "string":
        return
    at = c.at(node)
    names = c.text(name).split(".")
    trailing, c.trailing = c.trailing, []
    inner: list[ir.Stmt] = [ir.Assign(ir.Name("exports", at), ir.ObjectExpr((), at), at)]
    with c.function():
        c.declared.add("exports")
        statements(c, body.named_children, False, inner)
        inner += c.trailing
        inner.append(ir.Return(ir.Name("exports", at), at))
        made = ir.Function(names[0], (), tuple(inner), frozenset(c.declared), at, "lexical")
    c.trailing = trailing
    if len(inner) == 2:
        return  # nothing but types
    value: ir.Expr = ir.Call(ir.Lambda(made, at), (), (), at)
    for part in reversed(names[1:]):
        value = ir.ObjectExpr(((ir.Const(part, at), value),), at)
    out.append(ir.Assign(ir.Name(c.declare(names[0]), at), value, at))


def ambient(c: Context, node: Node, out: list[ir.Stmt]) -> None:
    """``declare …`` says what exists elsewhere and defines nothing."""
