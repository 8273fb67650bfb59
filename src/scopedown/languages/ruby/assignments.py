"""Ruby's assignments as statements: ``a = b``, ``a += b``, ``a ||= b``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.ruby import expressions
from scopedown.languages.ruby.scope import NODES, Lowering
from scopedown.languages.ruby.targets import changed, element_of_several, written
from scopedown.source import ir
from scopedown.source.languages.front_end import Sink

if TYPE_CHECKING:
    from tree_sitter import Node


@NODES.statement_with_value("assignment")
def assignment(work: Lowering, node: Node, sink: Sink | None) -> None:
    """``a = b``, ``a, b = c``."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return
    value = expressions.value_of(work, right)
    at = work.at(node)
    if sink is not None and not isinstance(value, ir.ClassExpr):
        value = work.held(value, "assigned")
    work.emit(written(work, left, value, at))
    if sink is not None:
        work.emit(sink(value if not isinstance(value, ir.ClassExpr) else ir.Const(None, at)))


@NODES.statement_with_value("operator_assignment")
def augmented(work: Lowering, node: Node, sink: Sink | None) -> None:
    """``a += b``, ``a ||= b``, ``a &&= b``."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    symbol = node.child_by_field_name("operator")
    if left is None or right is None or symbol is None:
        return
    operator, at = work.text(symbol)[:-1], work.at(node)
    is_new = work.kind(left) == "identifier" and not work.is_local(work.text(left))
    with work.collected() as out:
        value = expressions.value_of(work, right)
    before = tuple(out)
    if (several := element_of_several(work, left)) is not None:
        _augmented_element(work, several, operator, value, before, sink)
        return
    aimed, read = changed(work, left)
    if operator in ("||", "&&") and any(isinstance(one, ir.Return | ir.Raise | ir.Jump) for one in before):
        then = (*before, ir.Assign(aimed, value, at))
        work.emit(ir.If(read, then, (), at) if operator == "&&" else ir.If(read, (), then, at))
        if sink is not None:
            work.emit(sink(read))
        return
    work.out.extend(before)
    if operator in ("||", "&&"):
        empty: ir.Expr = ir.Const(None, at)
        new = value if operator == "||" else empty
        made = new if is_new else ir.Op("or" if operator == "||" else "and", (read, value), at)
        work.emit(ir.Assign(aimed, made, at))
    else:
        work.emit(ir.Assign(aimed, value, at, operator))
    if sink is not None:
        work.emit(sink(read))


def _augmented_element(
    work: Lowering, read: ir.Call, operator: str, value: ir.Expr, before: ir.Block, sink: Sink | None
) -> None:
    """``a[b, c] += d``, ``a[*b] ||= d``: methods that take several keys."""
    assert isinstance(read.function, ir.Attr)
    at, kept = read.at, ir.Name(work.hidden("element"), read.at)
    owner = work.held(read.function.object, "owner")
    keys = [
        ir.Spread(work.held(key.value, "key"), at) if isinstance(key, ir.Spread) else work.held(key, "key")
        for key in read.positional
    ]
    work.emit(ir.Assign(kept, ir.Call(ir.Attr(owner, "[]", at), tuple(keys), (), at), at))
    made = value if operator in ("||", "&&") else ir.Op(operator, (kept, value), at)
    put = ir.Call(ir.Attr(owner, "[]=", at), (*keys, kept), (), at)
    then = (*before, ir.Assign(kept, made, at), ir.ExprStmt(put, at))
    if operator == "||":
        work.emit(ir.If(kept, (), then, at))
    else:
        work.emit(ir.If(kept if operator == "&&" else ir.Const(True, at), then, (), at))
    if sink is not None:
        work.emit(sink(kept))
