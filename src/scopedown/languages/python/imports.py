"""Python's import statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.python.scope import Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


def plain(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``import a.b, c as d``."""
    for child in work.named(node):
        at = work.at(child)
        if work.kind(child) == "aliased_import":
            name, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
            if name is not None and alias is not None:
                bound = work.bind(work.text(alias))
                out.append(ir.Assign(ir.Name(bound, at), ir.Import(ir.Const(work.dotted(name), at), at), at))
            continue
        dotted = work.dotted(child)
        first = dotted.partition(".")[0]
        if first != dotted:
            out.append(ir.ExprStmt(ir.Import(ir.Const(dotted, at), at), at))
        out.append(ir.Assign(ir.Name(work.bind(first), at), ir.Import(ir.Const(first, at), at), at))


def members(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``from a import b as c``, ``from a import *``."""
    module = node.child_by_field_name("module_name")
    if module is None:
        return
    specifier = "".join(work.text(module).split())
    at = work.at(node)
    for child in node.children_by_field_name("name"):
        place = work.at(child)
        name: Node | None = child
        alias: Node | None = None
        if work.kind(child) == "aliased_import":
            name, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
        if name is None:
            continue
        wanted = work.text(name)
        bound = work.bind(work.text(alias) if alias is not None else wanted)
        value = ir.Attr(ir.Import(ir.Const(specifier, at), at), wanted, place)
        out.append(ir.Assign(ir.Name(bound, place), value, place))
    if any(work.kind(child) == "wildcard_import" for child in node.children):
        out.append(ir.ExportAll(ir.Import(ir.Const(specifier, at), at), at))
