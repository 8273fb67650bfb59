"""C# statements, lowered to the intermediate form."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from scopedown.languages.csharp import addresses, functions, jumps, operators, patterns
from scopedown.languages.csharp.lowering import (
    Lowering,
    Statement,
    expression,
    is_expression,
    without_value,
)
from scopedown.languages.csharp.written_types import written
from scopedown.source import ir
from scopedown.source.languages.chains import Branch, if_chain
from scopedown.source.languages.switch_chain import SwitchBreak, chain, strip

if TYPE_CHECKING:
    from tree_sitter import Node

ELEMENTS = "<elements>"
"""What gives the elements of a loop: of a dictionary these are pairs."""


def block(work: Lowering, nodes: Iterable[Node]) -> ir.Block:
    """The statements among these nodes, local functions first."""
    out: list[ir.Stmt] = []
    if work.depth >= work.limit:
        return ()
    work.depth += 1
    found = [node for node in work.flattened(nodes) if node.is_named]
    for node in found:
        if node.type == "local_function_statement":
            statement(work, node, out)
    others = [node for node in found if node.type != "local_function_statement"]
    if any(node.type == "labeled_statement" for node in others):
        _segments(work, others, out)
    else:
        for node in others:
            statement(work, node, out)
    work.depth -= 1
    return tuple(out)


def statement(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """One statement; of what the parser could not read, the parts that it did read."""
    handler = work.statements.get(node.type)
    if handler is not None:
        if work.depth >= work.limit:
            work.too_deep(node)
            return
        work.depth += 1
        handler(work, node, out)
        work.depth -= 1
    elif node.type == "ERROR":
        out.extend(block(work, node.children))
    elif is_expression(work, node):
        effect(work, node, out)


def nested(work: Lowering, node: Node | None) -> ir.Block:
    """A block, or a single statement that stands where a block may."""
    if node is None:
        return ()
    return block(work, node.children if node.type == "block" else [node])


def effect(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """An expression whose value is not used."""
    at = work.at(node)
    if node.type == "assignment_expression":
        made = operators.assignment(work, node)
        match made:
            case ir.AssignExpr(target=to, value=ir.Op(operator=sign, operands=(first, value))) if first is to:
                out.append(ir.Assign(to, value, at, sign))
            case ir.AssignExpr():
                out.append(ir.Assign(made.target, made.value, at))
            case _:
                out.append(ir.ExprStmt(made, at))
        return
    value = expression(work, node)
    if node.type == "postfix_unary_expression" and isinstance(value, ir.Opaque) and len(value.children) == 1:
        value = value.children[0]
    if not isinstance(value, ir.Name | ir.Const):
        out.append(ir.ExprStmt(value, at))


def _expression(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    for child in work.named(node):
        effect(work, child, out)


def _block(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    out.extend(block(work, node.children))


def _inside(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``lock``, ``checked``, ``unsafe``, ``fixed``, labels: what stands in them."""
    children = work.named(node)
    if node.type == "labeled_statement":
        children = children[1:]
    for child in children:
        if child.type == "variable_declaration":
            declaration(work, child, out)
        elif child.type in work.statements:
            statement(work, child, out)
        elif is_expression(work, child):
            effect(work, child, out)


def _local(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    for child in work.named(node):
        if child.type == "variable_declaration":
            declaration(work, child, out)


def declaration(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
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
            value = expression(work, value_node, of)
        else:
            value = without_value(work, of, at) or ir.Const(None, at)
        if pattern is not None:
            to = operators.target(work, pattern)
            if to is not None:
                out.append(ir.Assign(to, value, at))
        elif name is not None:
            text = work.bind(work.text(name), of)
            addresses.note_variable(work, node.child_by_field_name("type"), text)
            out.append(ir.Assign(ir.Name(text, at), value, at, annotation=of))


def initial(node: Node) -> Node | None:
    """What stands after ``=`` in a declarator."""
    following = False
    for child in node.children:
        if following and child.type != "comment":
            return child
        following = following or child.type == "="
    return None


def _local_function(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    name = node.child_by_field_name("name")
    if name is None:
        return
    text = work.bind(work.text(name))
    made = functions.function(work, node, text, "lexical")
    out.append(ir.Assign(ir.Name(text, work.at(name)), made, work.at(node)))


def _return(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    children = work.named(node) or [one for one in node.children if one.type in ("this", "base")]
    value = expression(work, children[0], work.scope.returns) if children else None
    out.append(ir.Return(value, work.at(node)))


def _yield(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``yield return x``; after ``yield break`` nothing more comes."""
    work.scope.generator = True
    children = work.named(node)
    at = work.at(node)
    if children:
        out.append(ir.ExprStmt(ir.Yield(expression(work, children[0]), at), at))
    else:
        out.append(ir.Return(None, at))


def _throw(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    children = work.named(node)
    out.append(ir.Raise(expression(work, children[0]) if children else None, work.at(node)))


def _break(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    at = work.at(node)
    out.append(SwitchBreak(at) if work.switches else ir.Jump(at))


def _segments(work: Lowering, nodes: list[Node], out: list[ir.Stmt]) -> None:
    """The statements of a block with labels: what follows a label may run any number of times, in any order."""
    starts = [position for position, node in enumerate(nodes) if node.type == "labeled_statement"]
    for node in nodes[: starts[0]]:
        statement(work, node, out)
    found: list[ir.Stmt] = []
    for start, end in zip(starts, [*starts[1:], len(nodes)], strict=True):
        segment: list[ir.Stmt] = []
        for node in nodes[start:end]:
            statement(work, node, segment)
        at = work.at(nodes[start])
        found.append(ir.If(ir.Opaque((), at), tuple(segment), (), at))
    out.append(ir.Loop(None, None, tuple(found), work.at(nodes[starts[0]])))


def _jump(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    out.append(ir.Jump(work.at(node)))


def _if(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``if … else if … else``: a chain is walked."""
    branches: list[Branch] = []
    rest: Node | None = node
    while rest is not None and rest.type == "if_statement":
        test = expression(work, rest.child_by_field_name("condition"))
        branches.append(((), test, nested(work, rest.child_by_field_name("consequence")), work.at(rest)))
        rest = rest.child_by_field_name("alternative")
    out.extend(if_chain(branches, nested(work, rest)))


def _loop_body(work: Lowering, node: Node | None) -> ir.Block:
    switches, work.switches = work.switches, False
    made = nested(work, node)
    work.switches = switches
    return made


def _while(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``while`` and ``do … while``; the condition is evaluated with the body."""
    condition = node.child_by_field_name("condition")
    test: list[ir.Stmt] = []
    if condition is not None:
        effect(work, condition, test)
    body = _loop_body(work, node.child_by_field_name("body"))
    whole = (*body, *test) if node.type == "do_statement" else (*test, *body)
    out.append(ir.Loop(None, None, whole, work.at(node)))


def _for(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``for (a; b; c)``: what the increment changes is a computed value throughout the body."""
    first = node.child_by_field_name("initializer")
    if first is not None and first.type == "variable_declaration":
        declaration(work, first, out)
    elif first is not None and is_expression(work, first):
        effect(work, first, out)
    body: list[ir.Stmt] = []
    for update in node.children_by_field_name("update"):
        if update.is_named:
            effect(work, update, body)
    condition = node.child_by_field_name("condition")
    if condition is not None:
        effect(work, condition, body)
    body.extend(_loop_body(work, node.child_by_field_name("body")))
    out.append(ir.Loop(None, None, tuple(body), work.at(node)))


def _foreach(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    left = node.child_by_field_name("left")
    given = expression(work, node.child_by_field_name("right"))
    iterable = ir.Call(ir.Name(ELEMENTS, given.at), (given,), (), given.at)
    to: ir.Target | None = None
    if left is not None and left.type == "identifier":
        to = ir.Name(work.bind(work.text(left), written(work, node.child_by_field_name("type"))), work.at(left))
    elif left is not None:
        to = operators.target(work, left)
    out.append(ir.Loop(to, iterable, _loop_body(work, node.child_by_field_name("body")), work.at(node)))


def _try(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    body = nested(work, node.child_by_field_name("body"))
    handlers: list[tuple[ir.Target | None, ir.Block]] = []
    final: ir.Block = ()
    for child in work.named(node):
        if child.type == "catch_clause":
            to: ir.Target | None = None
            first: list[ir.Stmt] = []
            for part in work.named(child):
                if part.type == "catch_declaration" and (name := part.child_by_field_name("name")) is not None:
                    to = ir.Name(work.bind(work.text(name)), work.at(name))
                elif part.type == "catch_filter_clause":
                    _expression(work, part, first)
            handlers.append((to, (*first, *nested(work, child.child_by_field_name("body")))))
        elif child.type == "finally_clause":
            inner = next(iter(work.named(child)), None)
            final = nested(work, inner)
    out.append(ir.Try(body, tuple(handlers), final, work.at(node)))


def _using(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``using (var a = x) …``."""
    body = node.child_by_field_name("body")
    for child in work.named(node):
        if child == body:
            continue
        if child.type == "variable_declaration":
            declaration(work, child, out)
        elif is_expression(work, child):
            effect(work, child, out)
    out.extend(nested(work, body))


def _switch(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``switch``: a chain of ifs over a held subject."""
    at = work.at(node)
    value = expression(work, node.child_by_field_name("value"))
    subject = value
    goes = jumps.goes_to_case(node)
    if goes:  # any section may be the next
        out.append(ir.ExprStmt(value, at))
        subject = ir.Opaque((), at)
    elif not isinstance(value, ir.ListExpr):
        subject, held = patterns.held_in(work, value, at)
        if held is not None:
            out.append(ir.ExprStmt(held, at))
    switches, work.switches = work.switches, True
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
        inner = [one for one in children if one.type in work.statements or one.type == "ERROR"]
        if not inner:
            continue  # the next section is the same
        statements, _ = strip(block(work, inner))
        if is_default:
            default = statements
        if waiting:
            groups.append((waiting, statements))
        waiting, is_default = [], False
    work.switches = switches
    chained = chain(groups, default, at)
    out.extend((ir.Loop(None, None, tuple(chained), at),) if goes else chained)


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
        tested = ir.Op("==", (subject, expression(work, pattern)), work.at(pattern))
    return patterns.guarded(work, tested, guard)


def _ignore(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    return


@cache
def table() -> dict[str, Statement]:
    """The handlers of statements by kind."""
    return {
        "expression_statement": _expression,
        "block": _block,
        "local_declaration_statement": _local,
        "local_function_statement": _local_function,
        "return_statement": _return,
        "yield_statement": _yield,
        "throw_statement": _throw,
        "break_statement": _break,
        "continue_statement": _jump,
        "goto_statement": jumps.goto,
        "if_statement": _if,
        "while_statement": _while,
        "do_statement": _while,
        "for_statement": _for,
        "foreach_statement": _foreach,
        "try_statement": _try,
        "using_statement": _using,
        "switch_statement": _switch,
        "lock_statement": _inside,
        "checked_statement": _inside,
        "unsafe_statement": _inside,
        "fixed_statement": _inside,
        "labeled_statement": _inside,
        "empty_statement": _ignore,
    }
