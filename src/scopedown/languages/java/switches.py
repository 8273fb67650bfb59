"""Java's ``switch``, as a statement and as an expression, and the patterns of it and of ``instanceof``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.java import functions, types
from scopedown.languages.java.lowering import NODES, Lowering
from scopedown.source import ir
from scopedown.source.languages.switch_chain import any_of, chain, groups, strip

if TYPE_CHECKING:
    from tree_sitter import Node

_Case = tuple[list[ir.Expr], bool, list[ir.Stmt]]
"""Tests, whether it is the default as well, and what runs."""


@NODES.statement("switch_expression")
def statement(work: Lowering, node: Node) -> None:
    """A switch whose value is not used."""
    at = work.at(node)
    switch, work.switch = work.switch, True
    with work.own_names():
        subject = _subject(work, node)
        cases = _cases(work, node, subject, value=False)
    work.switch = switch
    work.out.extend(_branches(node, cases, at))


@NODES.expression("switch_expression")
def expression(work: Lowering, node: Node) -> ir.Expr:
    """A switch that gives a value: a choice where every case is an expression, else a function that is called."""
    at = work.at(node)
    if _is_of_rules(node) and _is_plain(work, node):
        with work.block() as first:
            subject = _subject(work, node)
            cases = _cases(work, node, subject, value=True)
        default = next((_value(body, at) for _, other, body in cases if other), ir.Const(None, at))
        choices = [(any_of(tests, at), _value(body, at)) for tests, other, body in cases if tests and not other]
        made = _choice(choices, default, at)
        if not first or not isinstance(first[0], ir.Assign):
            return made
        kept = ir.AssignExpr(first[0].target, first[0].value, at)
        return ir.Index(ir.ListExpr((kept, made), at), ir.Const(1, at), at)
    with work.own_function() as function, work.collected() as out:
        subject = _subject(work, node)
        out.extend(_branches(node, _cases(work, node, subject, value=True), at))
        body = functions.with_outer(function, tuple(out), at)
        lowered = ir.Function("<switch>", (), body, frozenset(function.declared), at, "lexical")
    return ir.Call(ir.Lambda(lowered, at), (), (), at)


def _branches(node: Node, cases: list[_Case], at: ir.At) -> ir.Block:
    """Ifs, in which a case without an arrow runs on into the next one."""
    if _is_of_rules(node):
        made = [(tests, strip(tuple(body))[0]) for tests, other, body in cases if tests and not other]
        default = next((strip(tuple(body))[0] for _, other, body in cases if other), ())
        return chain(made, default, at)
    falling: list[tuple[ir.Expr | None, list[ir.Stmt]]] = []
    for tests, other, body in cases:
        every: list[ir.Expr | None] = [*tests, *([None] if other else [])]
        falling += [(test, []) for test in every[:-1]]
        falling += [(test, body) for test in every[-1:]]
    return chain(*groups(falling), at)


def _body(node: Node) -> list[Node]:
    body = node.child_by_field_name("body")
    kinds = ("switch_rule", "switch_block_statement_group")
    return [child for child in body.named_children if child.type in kinds] if body is not None else []


def _is_of_rules(node: Node) -> bool:
    return any(child.type == "switch_rule" for child in _body(node)[:1])


def _is_plain(work: Lowering, node: Node) -> bool:
    return all(work.named(child)[-1].type == "expression_statement" for child in _body(node) if work.named(child))


def _value(body: list[ir.Stmt], at: ir.At) -> ir.Expr:
    last = body[-1] if body else None
    return last.value if isinstance(last, ir.Return) and last.value is not None else ir.Const(None, at)


def _choice(cases: list[tuple[ir.Expr, ir.Expr]], default: ir.Expr, at: ir.At) -> ir.Expr:
    """A choice among values; halved, so that hundreds of cases are not nested hundreds deep."""
    if not cases:
        return default
    if len(cases) == 1:
        return ir.Cond(cases[0][0], cases[0][1], default, cases[0][0].at)
    middle = len(cases) // 2
    tests = [test for test, _ in cases[:middle]]
    last = cases[middle - 1][1]
    return ir.Cond(any_of(tests, at), _choice(cases[: middle - 1], last, at), _choice(cases[middle:], default, at), at)


def _subject(work: Lowering, node: Node) -> ir.Expr:
    """What is switched on: more than a name is evaluated once."""
    at = work.at(node)
    subject = work.expr(node.child_by_field_name("condition"))
    if isinstance(subject, ir.Name | ir.Const | ir.This):
        return subject
    name = ir.Name(work.fresh("switch"), at)
    work.emit(ir.Assign(name, subject, at))
    return name


def _cases(work: Lowering, node: Node, subject: ir.Expr, value: bool) -> list[_Case]:
    """The cases in order; ``value``: what they give is returned."""
    found: list[_Case] = []
    for child in _body(node):
        labels = [part for part in child.named_children if part.type == "switch_label"]
        tests = [test for label in labels for test in _tests(work, label, subject)]
        default = not tests or any(_has_default(work, label) for label in labels)
        inside = [part for part in work.named(child) if part.type != "switch_label"]
        with work.collected() as body:
            if child.type == "switch_rule":
                _rule(work, inside, value)
            else:
                work.sequence(inside)
        found.append((tests, default, body))
    return found


def _rule(work: Lowering, inside: list[Node], value: bool) -> None:
    for one in inside:
        if value and one.type == "expression_statement":
            work.emit(ir.Return(work.first(one), work.at(one)))
        elif one.type == "block":
            work.out.extend(work.body(one))
        else:
            work.statement(one)


def _has_default(work: Lowering, label: Node) -> bool:
    return any(child.type == "default" or work.text(child) == "default" for child in label.children)


def _tests(work: Lowering, label: Node, subject: ir.Expr) -> list[ir.Expr]:
    found: list[ir.Expr] = []
    guard: ir.Expr | None = None
    for child in work.named(label):
        at = work.at(child)
        if child.type == "guard":
            parts = work.named(child)
            guard = work.expr(parts[-1]) if parts else None
        elif child.type == "pattern":
            found.append(matches(work, subject, child))
        elif child.type == "identifier" and work.text(child) == "default":
            continue
        else:
            found.append(ir.Op("loosely ==", (subject, _label(work, child, subject)), at))
    if guard is not None and found:
        found[-1] = ir.Op("and", (found[-1], guard), guard.at)
    return found


def _label(work: Lowering, node: Node, subject: ir.Expr) -> ir.Expr:
    """A case's value: a bare name that the file does not know is a constant of what is switched on."""
    if node.type == "identifier":
        name = work.text(node)
        if name not in work.variables and name not in work.fields:
            return ir.Attr(subject, name, work.at(node))
    return work.expr(node)


def matches(work: Lowering, value: ir.Expr, pattern: Node) -> ir.Expr:
    """Whether a value is what a pattern describes, whose variables are bound to it and to its parts."""
    at = work.at(pattern)
    inner = next(iter(work.named(pattern)), None) if pattern.type == "pattern" else pattern
    if inner is None or work.too_deep(pattern):
        return ir.Opaque((value,), at)
    work.depth += 1
    parts = [child for child in work.named(inner) if child.type != "modifiers"]
    of = types.type_(work, parts[0]) if parts else None
    made: ir.Expr
    if inner.type == "type_pattern" and len(parts) > 1:
        known = ir.Name(work.declare(work.text(parts[-1]), of), work.at(parts[-1]))
        held = value if of is None else ir.Cast(value, of, at)
        made = ir.Op("instanceof", (ir.AssignExpr(known, held, at), of or ir.Opaque((), at)), at)
    elif inner.type == "record_pattern":
        bound = tuple(_components(work, value, inner))
        made = ir.Op("instanceof", (value, of or ir.Opaque((), at)), at)
        if bound:
            made = ir.Op("and", (made, ir.ListExpr(bound, at)), at)
    else:
        made = ir.Op("instanceof", (value, of or ir.Opaque((), at)), at)
    work.depth -= 1
    return made


def _components(work: Lowering, value: ir.Expr, node: Node) -> list[ir.Expr]:
    """What binds the variables of a record's pattern; the parts of it are not told apart."""
    bound: list[ir.Expr] = []
    for body in node.named_children:
        if body.type != "record_pattern_body":
            continue
        for child in work.named(body):
            at = work.at(child)
            part = ir.Opaque((), at)
            if child.type == "record_pattern_component":
                names = [one for one in work.named(child) if one.type == "identifier"]
                of = types.type_(work, work.named(child)[0]) if work.named(child) else None
                if names:
                    known = ir.Name(work.declare(work.text(names[-1]), of), at)
                    bound.append(ir.AssignExpr(known, part if of is None else ir.Cast(part, of, at), at))
            elif child.type == "record_pattern":
                bound.append(matches(work, part, child))
    return bound
