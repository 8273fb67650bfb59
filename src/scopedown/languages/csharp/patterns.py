"""C# patterns: the test that a pattern makes of a value, with what it declares as assignments in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.csharp.lowering import NODES, Lowering, targeted
from scopedown.languages.csharp.operators import target
from scopedown.languages.csharp.written_types import written
from scopedown.source import ir
from scopedown.source.languages.chains import halved

if TYPE_CHECKING:
    from tree_sitter import Node

PATTERNS = frozenset(
    {
        "constant_pattern",
        "declaration_pattern",
        "recursive_pattern",
        "parenthesized_pattern",
        "var_pattern",
        "type_pattern",
        "list_pattern",
        "relational_pattern",
        "negated_pattern",
        "and_pattern",
        "or_pattern",
        "discard",
    }
)  # fmt: skip
_LINEAR = 8
"""Arms of a switch that nest; more are halved."""


@NODES.expression("is_expression")
def is_type(work: Lowering, node: Node) -> ir.Expr:
    """``x is T``."""
    return ir.Opaque((work.expression(node.child_by_field_name("left")),), work.at(node))


@NODES.expression("is_pattern_expression")
def is_pattern(work: Lowering, node: Node) -> ir.Expr:
    """``x is pattern``."""
    at = work.at(node)
    value = work.expression(node.child_by_field_name("expression"))
    pattern = node.child_by_field_name("pattern")
    if pattern is None:
        return ir.Opaque((value,), at)
    subject, held = held_in(work, value, at)
    tested = test(work, pattern, subject)
    return tested if held is None else ir.Op("and", (held, tested), at)


def held_in(work: Lowering, value: ir.Expr, at: ir.At) -> tuple[ir.Expr, ir.Expr | None]:
    """A value that can be named again and again, and the assignment that makes it so."""
    if isinstance(value, ir.Name | ir.Const | ir.This):
        return value, None
    name = ir.Name(work.hidden("subject"), at)
    return name, ir.AssignExpr(name, value, at)


def test(work: Lowering, node: Node, subject: ir.Expr) -> ir.Expr:
    """The test that a pattern makes of ``subject``."""
    at = work.at(node)
    if work.too_deep(node):
        return ir.Opaque((), at)
    work.depth += 1
    made = _test(work, node, subject, at)
    work.depth -= 1
    return made


def _test(work: Lowering, node: Node, subject: ir.Expr, at: ir.At) -> ir.Expr:
    kind = node.type
    children = work.named(node)
    if kind == "discard":
        return ir.Const(True, at)
    if kind == "constant_pattern":
        return _constant(work, children[0] if children else None, subject, at)
    if kind == "parenthesized_pattern" and children:
        return test(work, children[0], subject)
    if kind == "negated_pattern" and children:
        return ir.Op("not", (test(work, children[-1], subject),), at)
    if kind in ("and_pattern", "or_pattern"):
        return _sides(work, node, subject, kind, at)
    if kind in ("declaration_pattern", "var_pattern"):
        return _declaration(work, node, subject, at)
    if kind == "recursive_pattern":
        return _recursive(work, node, subject, at)
    if kind == "list_pattern":
        items = [one for one in children if one.type in PATTERNS]
        tests = [test(work, one, ir.Opaque((), at)) for one in items]
        return halved("and", [ir.Opaque((subject,), at), *tests], at)
    if kind == "relational_pattern":
        return ir.Opaque((subject, *(work.expression(one) for one in children)), at)
    return ir.Opaque((subject,), at)


def _sides(work: Lowering, node: Node, subject: ir.Expr, kind: str, at: ir.At) -> ir.Expr:
    """``a or b or c``, walked from the right."""
    tests: list[ir.Expr] = []
    left: Node | None = node
    while left is not None and left.type == kind:
        right = left.child_by_field_name("right")
        if right is not None:
            tests.append(test(work, right, subject))
        left = left.child_by_field_name("left")
    if left is not None:
        tests.append(test(work, left, subject))
    tests.reverse()
    return halved("or" if kind == "or_pattern" else "and", tests, at) if tests else ir.Opaque((subject,), at)


def _constant(work: Lowering, node: Node | None, subject: ir.Expr, at: ir.At) -> ir.Expr:
    """A constant, or a type that is written like one."""
    if node is None:
        return ir.Opaque((subject,), at)
    if node.type == "tuple_expression" and isinstance(subject, ir.ListExpr):
        items = [one.named_children[-1] for one in work.named(node) if one.named_child_count]
        pairs = zip(items, subject.items, strict=False)
        tests = [ir.Op("==", (other, work.expression(item)), at) for item, other in pairs]
        return halved("and", [*tests], at) if tests else ir.Opaque((subject,), at)
    value = work.expression(node)
    if isinstance(value, ir.Const):
        return ir.Op("==", (subject, value), at)
    if isinstance(value, ir.Name | ir.Attr):
        return ir.Opaque((subject,), at)  # a constant by name, or a type
    return ir.Opaque((subject, value), at)


def _declaration(work: Lowering, node: Node, subject: ir.Expr, at: ir.At) -> ir.Expr:
    """``T x``, ``var x``, ``var (a, b)``."""
    of = written(work, node.child_by_field_name("type"))
    name = node.child_by_field_name("name") or next(iter(work.named(node)[-1:]), None)
    if name is None:
        return ir.Opaque((subject,), at)
    taken: ir.Expr | None
    if name.type == "identifier":
        bound = ir.Name(work.bind(work.text(name), of), work.at(name))
        value = subject if of is None else ir.Cast(subject, of, at)
        taken = ir.AssignExpr(bound, value, at)
    else:
        to = target(work, name)
        taken = ir.AssignExpr(to, subject, at) if isinstance(to, ir.ListPattern) else None
    if taken is None:
        return ir.Opaque((subject,), at)
    return ir.Opaque((taken,), at)  # what is taken may be 0 or null


def _recursive(work: Lowering, node: Node, subject: ir.Expr, at: ir.At) -> ir.Expr:
    """``T (a, b) { C: d } x``."""
    tests: list[ir.Expr] = [ir.Opaque((subject,), at)]
    for child in work.named(node):
        if child.type == "property_pattern_clause":
            tests += [_property(work, one, subject) for one in work.named(child)]
        elif child.type == "positional_pattern_clause":
            for position, one in enumerate(work.named(child)):
                inner = next((part for part in work.named(one) if part.type in PATTERNS), None)
                if inner is not None:
                    item = ir.Index(subject, ir.Const(position, at), at)
                    tests.append(test(work, inner, item))
    name = node.child_by_field_name("name")
    if name is not None and name.type == "identifier":
        of = written(work, node.child_by_field_name("type"))
        bound = ir.Name(work.bind(work.text(name), of), work.at(name))
        value = subject if of is None else ir.Cast(subject, of, at)
        tests.append(ir.AssignExpr(bound, value, at))
    return halved("and", tests, at)


def _property(work: Lowering, node: Node, subject: ir.Expr) -> ir.Expr:
    """``A.B: pattern`` of a property pattern."""
    at = work.at(node)
    parts = work.named(node)
    if len(parts) < 2:
        return ir.Opaque((), at)
    owner = subject
    for name in work.raw(parts[0]).split(".")[:MAX_NAMES]:
        owner = ir.Attr(owner, name.strip(), at)
    return test(work, parts[-1], owner)


MAX_NAMES = 8
"""Parts of the name in a property pattern that are followed."""


@targeted("switch_expression")
def switch_expression(work: Lowering, node: Node, expected: ir.Expr | None) -> ir.Expr:
    """``x switch { a => b, … }``: a chain of conditions."""
    at = work.at(node)
    children = work.named(node)
    if not children:
        return ir.Opaque((), at)
    value = work.expression(children[0])
    subject, held = (value, None) if isinstance(value, ir.ListExpr) else held_in(work, value, at)
    arms: list[tuple[ir.Expr, ir.Expr]] = []
    for arm in children[1:]:
        parts = work.named(arm)
        if arm.type != "switch_expression_arm" or len(parts) < 2:
            continue
        tested = test(work, parts[0], subject)
        guard = next((one for one in parts if one.type == "when_clause"), None)
        if guard is not None:
            tested = ir.Op("and", (tested, _guard(work, guard)), work.at(arm))
        if parts[-1].type != "throw_expression":
            arms.append((tested, work.expression(parts[-1], expected)))
    if not arms:
        return ir.Opaque((value,), at)
    made = _chain(arms, at)
    return made if held is None else ir.Index(ir.ListExpr((held, made), at), ir.Const(1, at), at)


def _guard(work: Lowering, node: Node) -> ir.Expr:
    inside = work.named(node)
    return work.expression(inside[0]) if inside else ir.Opaque((), work.at(node))


def guarded(work: Lowering, tested: ir.Expr, guard: Node | None) -> ir.Expr:
    """A test with its ``when``."""
    return tested if guard is None else ir.Op("and", (tested, _guard(work, guard)), work.at(guard))


def _chain(arms: list[tuple[ir.Expr, ir.Expr]], at: ir.At) -> ir.Expr:
    if len(arms) > _LINEAR:
        middle = len(arms) // 2
        tests = halved("or", [tested for tested, _ in arms[:middle]], at)
        return ir.Cond(tests, _chain(arms[:middle], at), _chain(arms[middle:], at), at)
    tested, value = arms[-1]
    made = value if isinstance(tested, ir.Const) else ir.Op("and", (ir.Opaque((tested,), at), value), at)
    for tested, value in reversed(arms[:-1]):
        made = ir.Cond(tested, value, made, at)
    return made
