"""C# statements, lowered to the intermediate form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.csharp import addresses, functions, jumps, operators, patterns
from scopedown.languages.csharp.lowering import NODES, Lowering, without_value
from scopedown.languages.csharp.written_types import written
from scopedown.source import ir
from scopedown.source.languages.switch_chain import chain, strip

if TYPE_CHECKING:
    from tree_sitter import Node

ELEMENTS = "<elements>"
"""What gives the elements of a loop: of a dictionary these are pairs."""


@NODES.statement("assignment_expression")
def _assignment(work: Lowering, node: Node) -> None:
    at = work.at(node)
    made = operators.assignment(work, node)
    match made:
        case ir.AssignExpr(target=to, value=ir.Op(operator=sign, operands=(first, value))) if first is to:
            work.emit(ir.Assign(to, value, at, sign))
        case ir.AssignExpr():
            work.emit(ir.Assign(made.target, made.value, at))
        case _:
            work.emit(ir.ExprStmt(made, at))


@NODES.statement("postfix_unary_expression")
def _postfix(work: Lowering, node: Node) -> None:
    value = work.expression(node)
    if isinstance(value, ir.Opaque) and len(value.children) == 1:
        value = value.children[0]
    work.emit(ir.ExprStmt(value, work.at(node)))


@NODES.statement("variable_declaration")
def declaration(work: Lowering, node: Node) -> None:
    """``T a = x, b;``."""
    of = written(work, node.child_by_field_name("type"))
    for child in work.named(node):
        if child.type != "variable_declarator":
            continue
        at = work.at(child)
        name = child.child_by_field_name("name")
        pattern = next((one for one in child.named_children if one.type == "tuple_pattern"), None)
        value_node = initial(child)
        if value_node is not None:
            value = work.expression(value_node, of)
        else:
            value = without_value(work, of, at) or ir.Const(None, at)
        if pattern is not None:
            to = operators.target(work, pattern)
            if to is not None:
                work.emit(ir.Assign(to, value, at))
        elif name is not None:
            text = work.bind(work.text(name), of)
            addresses.note_variable(work, node.child_by_field_name("type"), text)
            work.emit(ir.Assign(ir.Name(text, at), value, at, annotation=of))


def initial(node: Node) -> Node | None:
    """What stands after ``=`` in a declarator."""
    following = False
    for child in node.children:
        if following and child.type != "comment":
            return child
        following = following or child.type == "="
    return None


@NODES.statement("local_function_statement")
def _local_function(work: Lowering, node: Node) -> None:
    name = node.child_by_field_name("name")
    if name is None:
        return
    text = work.bind(work.text(name))
    made = functions.function(work, node, text, "lexical")
    work.emit(ir.Assign(ir.Name(text, work.at(name)), made, work.at(node)))


@NODES.statement("return_statement")
def _return(work: Lowering, node: Node) -> None:
    children = work.named(node) or [one for one in node.children if one.type in ("this", "base")]
    value = work.expression(children[0], work.scope.returns) if children else None
    work.emit(ir.Return(value, work.at(node)))


@NODES.statement("yield_statement")
def _yield(work: Lowering, node: Node) -> None:
    """``yield return x``; after ``yield break`` nothing more comes."""
    work.scope.generator = True
    children = work.named(node)
    at = work.at(node)
    if children:
        work.emit(ir.ExprStmt(ir.Yield(work.expression(children[0]), at), at))
    else:
        work.emit(ir.Return(None, at))


@NODES.statement("foreach_statement")
def _foreach(work: Lowering, node: Node) -> None:
    left = node.child_by_field_name("left")
    given = work.expression(node.child_by_field_name("right"))
    iterable = ir.Call(ir.Name(ELEMENTS, given.at), (given,), (), given.at)
    to: ir.Target | None = None
    if left is not None and left.type == "identifier":
        to = ir.Name(work.bind(work.text(left), written(work, node.child_by_field_name("type"))), work.at(left))
    elif left is not None:
        to = operators.target(work, left)
    work.emit(ir.Loop(to, iterable, work.loop_body(node), work.at(node)))


@NODES.statement("try_statement")
def _try(work: Lowering, node: Node) -> None:
    body = work.body(node.child_by_field_name("body"))
    handlers: list[tuple[ir.Target | None, ir.Block]] = []
    final: ir.Block = ()
    for child in work.named(node):
        if child.type == "catch_clause":
            to: ir.Target | None = None
            with work.collected() as first:
                for part in work.named(child):
                    if part.type == "catch_declaration" and (name := part.child_by_field_name("name")) is not None:
                        to = ir.Name(work.bind(work.text(name)), work.at(name))
                    elif part.type == "catch_filter_clause":
                        work.sequence(work.named(part))
            handlers.append((to, (*first, *work.body(child.child_by_field_name("body")))))
        elif child.type == "finally_clause":
            inner = next(iter(work.named(child)), None)
            final = work.body(inner)
    work.emit(ir.Try(body, tuple(handlers), final, work.at(node)))


@NODES.statement("using_statement")
def _using(work: Lowering, node: Node) -> None:
    """``using (var a = x) …``."""
    body = node.child_by_field_name("body")
    for child in work.named(node):
        if child != body:
            work.effect(child)
    work.out.extend(work.body(body))


@NODES.statement("switch_statement")
def _switch(work: Lowering, node: Node) -> None:
    """``switch``: a chain of ifs over a held subject."""
    at = work.at(node)
    value = work.expression(node.child_by_field_name("value"))
    subject = value
    goes = jumps.goes_to_case(node)
    if goes:  # any section may be the next
        work.emit(ir.ExprStmt(value, at))
        subject = ir.Opaque((), at)
    elif not isinstance(value, ir.ListExpr):
        subject, held = patterns.held_in(work, value, at)
        if held is not None:
            work.emit(ir.ExprStmt(held, at))
    switch, work.switch = work.switch, True
    groups: list[tuple[list[ir.Expr], ir.Block]] = []
    default: ir.Block = ()
    body = node.child_by_field_name("body")
    waiting: list[ir.Expr] = []
    is_default = False
    for section in work.named(body) if body is not None else ():
        children = work.named(section)
        tested = _section_test(work, section, children, subject)
        if tested is None:
            is_default = True
        else:
            waiting.append(tested)
        inner = [one for one in children if one.type in NODES.statements and not work.is_expression(one)]
        if not inner:
            continue  # the next section is the same
        with work.collected() as out:
            work.sequence(inner)
        statements, _ = strip(tuple(out))
        if is_default:
            default = statements
        if waiting:
            groups.append((waiting, statements))
        waiting, is_default = [], False
    work.switch = switch
    chained = chain(groups, default, at)
    work.out.extend((ir.Loop(None, None, tuple(chained), at),) if goes else chained)


def _section_test(work: Lowering, section: Node, children: list[Node], subject: ir.Expr) -> ir.Expr | None:
    """The test of ``case x when y:``; None for ``default:``."""
    if any(child.type == "default" for child in section.children):
        return None
    guard = next((one for one in children if one.type == "when_clause"), None)
    pattern = children[0] if children else None
    if pattern is None:
        return ir.Opaque((), work.at(section))
    if pattern.type in patterns.PATTERNS:
        tested = patterns.test(work, pattern, subject)
    else:
        tested = ir.Op("==", (subject, work.expression(pattern)), work.at(pattern))
    return patterns.guarded(work, tested, guard)
