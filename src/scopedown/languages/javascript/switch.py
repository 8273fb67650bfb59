"""``switch``: a chain of ifs, in which falling through and ``break`` are already worked out (``switch_chain.py``)."""

from __future__ import annotations

from tree_sitter import Node

from scopedown.languages.javascript.blocks import declare_in_block
from scopedown.languages.javascript.context import NODES, Context
from scopedown.source import ir
from scopedown.source.languages.switch_chain import chain, groups


@NODES.statement("switch_statement")
def switch_statement(c: Context, node: Node) -> None:
    """Lower a switch; a subject that is more than a name is evaluated once."""
    at = c.at(node)
    subject = c.expr(node.child_by_field_name("value"))
    if not isinstance(subject, ir.Name | ir.Const | ir.Attr | ir.This):
        name = ir.Name(c.declare("switch~", block=True), at)
        c.renames.pop("switch~", None)
        c.emit(ir.Assign(name, subject, at))
        subject = name
    body = node.child_by_field_name("body")
    cases = [child for child in body.named_children if child.type != "comment"] if body is not None else []
    switch, c.switch = c.switch, True
    renames = c.renames
    bodies: list[list[Node]] = []
    for case in cases:
        inner = case.children_by_field_name("body")
        bodies.append([one for one in inner if one.type != "comment"])
        for one in bodies[-1]:
            if one.type != "variable_declaration":
                declare_in_block(c, one, one.type)
    lowered: list[tuple[ir.Expr | None, list[ir.Stmt]]] = []
    for case, inner in zip(cases, bodies, strict=True):
        value = case.child_by_field_name("value")
        test = ir.Op("==", (subject, c.expr(value)), c.at(case)) if value is not None else None
        with c.collected() as statements:
            for one in inner:
                c.statement(one)
        lowered.append((test, statements))
    c.renames, c.switch = renames, switch
    c.out.extend(chain(*groups(lowered), at))
