"""``switch``: a chain of ifs, in which falling through and ``break`` are already worked out."""

from __future__ import annotations

from tree_sitter import Node

from scopedown.source import ir
from scopedown.source.languages.javascript_blocks import declared_names
from scopedown.source.languages.javascript_context import Context

_LINEAR = 8
_FALLING = 200


class SwitchBreak(ir.Jump):
    """A ``break`` that leaves a switch; none is left once the switch is lowered."""


def switch_statement(c: Context, node: Node, out: list[ir.Stmt]) -> None:
    """Lower a switch; a subject that is more than a name is evaluated once."""
    at = c.at(node)
    subject = c.expr(node.child_by_field_name("value"))
    if not isinstance(subject, ir.Name | ir.Const | ir.Attr | ir.This):
        name = ir.Name(c.declare("switch~", block=True), at)
        c.renames.pop("switch~", None)
        out.append(ir.Assign(name, subject, at))
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
                for declared in declared_names(c, one, one.type):
                    c.declare(declared, block=True)
    lowered: list[tuple[ir.Expr | None, list[ir.Stmt]]] = []
    for case, inner in zip(cases, bodies, strict=True):
        value = case.child_by_field_name("value")
        test = ir.Op("==", (subject, c.expr(value)), c.at(case)) if value is not None else None
        statements: list[ir.Stmt] = []
        for one in inner:
            c.statement(one, one.type, statements)
        lowered.append((test, statements))
    c.renames, c.switch = renames, switch
    groups, default = _groups(lowered)
    out.extend(_chain(groups, default, at))


def _groups(cases: list[tuple[ir.Expr | None, list[ir.Stmt]]]) -> tuple[list[tuple[list[ir.Expr], ir.Block]], ir.Block]:
    """Tests with the whole of what runs for them, and what runs where none holds."""
    groups: list[tuple[list[ir.Expr], ir.Block]] = []
    default: ir.Block = ()
    following: ir.Block = ()
    for test, statements in reversed(cases):
        if statements or not groups:
            own, ends = strip(tuple(statements))
            following = own if ends or len(own) > _FALLING else (*own, *following)
            shared = False
        else:
            shared = True
        if test is None:
            default = following
        elif shared and groups[-1][1] is following:
            groups[-1][0].insert(0, test)
            continue
        else:
            groups.append(([test], following))
    groups.reverse()
    return groups, default


def _chain(groups: list[tuple[list[ir.Expr], ir.Block]], default: ir.Block, at: ir.At) -> ir.Block:
    if not groups:
        return default
    if len(groups) > _LINEAR:
        # Halved, so that a switch of hundreds of cases is not nested hundreds deep.
        middle = len(groups) // 2
        tests = [test for group, _ in groups[:middle] for test in group]
        return (ir.If(_any(tests, at), _chain(groups[:middle], (), at), _chain(groups[middle:], default, at), at),)
    otherwise = default
    for tests, body in reversed(groups):
        otherwise = (ir.If(_any(tests, at), body, otherwise, tests[-1].at),)
    return otherwise


def _any(tests: list[ir.Expr], at: ir.At) -> ir.Expr:
    if len(tests) == 1:
        return tests[0]
    middle = len(tests) // 2
    return ir.Op("or", (_any(tests[:middle], at), _any(tests[middle:], at)), at)


def strip(statements: ir.Block) -> tuple[ir.Block, bool]:
    """Statements without the switch's breaks, and whether control cannot run off their end.

    What follows a conditional break moves to the side that does not break.
    """
    out: list[ir.Stmt] = []
    for position, one in enumerate(statements):
        if isinstance(one, SwitchBreak):
            return tuple(out), True
        if isinstance(one, ir.Return | ir.Raise | ir.Jump):
            out.append(one)
            return tuple(out), True
        if isinstance(one, ir.If) and _breaks((one,)):
            then, then_ends = strip(one.then)
            other, other_ends = strip(one.otherwise)
            if then_ends and other_ends:
                out.append(ir.If(one.test, then, other, one.at))
                return tuple(out), True
            rest, ends = strip(statements[position + 1 :])
            then = then if then_ends else (*then, *rest)
            other = other if other_ends else (*other, *rest)
            out.append(ir.If(one.test, then, other, one.at))
            # One side broke out, so the next case is only reached where the rest runs off its end.
            return tuple(out), ends
        if isinstance(one, ir.Try) and _breaks((one,)):
            handlers = tuple((to, strip(body)[0]) for to, body in one.handlers)
            body, body_ends = strip(one.body)
            out.append(ir.Try(body, handlers, strip(one.final)[0], one.at))
            if body_ends and statements[position + 1 :] == ():
                return tuple(out), True
            continue
        out.append(one)
    return tuple(out), False


def _breaks(statements: ir.Block) -> bool:
    """Whether a break of the switch itself stands here; loops inside have breaks of their own."""
    stack = list(statements)
    while stack:
        one = stack.pop()
        if isinstance(one, SwitchBreak):
            return True
        if isinstance(one, ir.If):
            stack += (*one.then, *one.otherwise)
        elif isinstance(one, ir.Try):
            stack += (*one.body, *one.final, *(inner for _, body in one.handlers for inner in body))
    return False
