"""Python's ``match``: a chain of ifs over a held subject, with the captures as assignments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.source import ir
from scopedown.source.languages import python_expressions as expressions
from scopedown.source.languages import python_operators as operators
from scopedown.source.languages.python_blocks import body
from scopedown.source.languages.python_scope import if_chain

if TYPE_CHECKING:
    from tree_sitter import Node

    from scopedown.source.languages.python_scope import Lowering


def lower(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """Add the statements of a ``match_statement``."""
    at = work.at(node)
    subjects = [expressions.expression(work, one) for one in node.children_by_field_name("subject")]
    if not subjects:
        return
    subject = ir.Name(work.hidden("match"), at)
    value = subjects[0] if len(subjects) == 1 else ir.ListExpr(tuple(subjects), at)
    out.append(ir.Assign(subject, value, at))
    block = node.child_by_field_name("body")
    clauses: list[tuple[ir.Block, ir.Expr, ir.Block, ir.At]] = []
    for clause in work.named(block) if block is not None else ():
        if work.kind(clause) != "case_clause":
            continue
        captures: list[ir.Stmt] = []
        patterns = [child for child in work.named(clause) if work.kind(child) == "case_pattern"]
        if len(patterns) == 1:
            test = _pattern(work, patterns[0], subject, captures)
        else:
            test = _items(work, patterns, subject, captures, work.at(clause))
        guard = clause.child_by_field_name("guard")
        parts = work.named(guard) if guard is not None else []
        before: tuple[ir.Stmt, ...] = ()
        if parts:
            # The guard sees the captures, so they come before the test.
            before, captures = tuple(captures), []
            test = ir.Op("and", (test, expressions.expression(work, parts[0])), work.at(clause))
        clauses.append((before, test, (*captures, *body(work, clause, "consequence")), work.at(clause)))
    out.extend(if_chain(clauses, ()))


def _pattern(work: Lowering, node: Node, subject: ir.Expr, captures: list[ir.Stmt]) -> ir.Expr:
    """The test that a pattern makes of ``subject``; what it captures is added to ``captures``."""
    at = work.at(node)
    kind = work.kind(node)
    if kind == "case_pattern":
        children = work.named(node)
        if not children:  # ``_`` is no named node; ``-1`` keeps its sign outside of the number
            return ir.Const(True, at)
        if len(children) == 1 and node.child_count == 1:
            return _pattern(work, children[0], subject, captures)
        return ir.Opaque((), at)
    if kind == "dotted_name":
        parts = work.named(node)
        if len(parts) == 1:
            captures.append(ir.Assign(ir.Name(work.bind(work.text(parts[0])), at), subject, at))
            return ir.Const(True, at)
        value: ir.Expr = ir.Name(work.text(parts[0]), at)
        for part in parts[1:]:
            value = ir.Attr(value, work.text(part), at)
        return ir.Op("==", (subject, value), at)
    if kind == "union_pattern":
        tests = [_pattern(work, one, subject, captures) for one in work.named(node)]
        return operators.associate("or", tests, at) if len(tests) > 1 else ir.Opaque((), at)
    if kind == "as_pattern":
        inner = work.named(node)
        test = _pattern(work, inner[0], subject, captures) if len(inner) > 1 else ir.Const(True, at)
        captures.append(ir.Assign(ir.Name(work.bind(work.text(inner[-1])), at), subject, at))
        return test
    if kind in ("list_pattern", "tuple_pattern"):
        return _items(work, work.named(node), subject, captures, at)
    if kind == "dict_pattern":
        return _dict(work, node, subject, captures)
    if kind == "class_pattern":
        _class(work, node, subject, captures)
        return ir.Opaque((), at)
    if kind == "splat_pattern":
        names = [ir.Name(work.bind(work.text(one)), at) for one in work.named(node)]
        captures.extend(ir.Assign(name, ir.Opaque((), at), at) for name in names)
        return ir.Opaque((), at)
    if kind in ("string", "concatenated_string", "integer", "float", "true", "false", "none"):
        return ir.Op("==", (subject, expressions.expression(work, node)), at)
    return ir.Opaque((), at)


def _items(work: Lowering, patterns: list[Node], subject: ir.Expr, captures: list[ir.Stmt], at: ir.At) -> ir.Expr:
    tests: list[ir.Expr] = [ir.Opaque((), at)]  # the length is not known
    for position, pattern in enumerate(patterns):
        item = ir.Index(subject, ir.Const(position, at), at)
        tests.append(_pattern(work, pattern, item, captures))
    return operators.associate("and", tests, at)


def _dict(work: Lowering, node: Node, subject: ir.Expr, captures: list[ir.Stmt]) -> ir.Expr:
    at = work.at(node)
    tests: list[ir.Expr] = [ir.Opaque((), at)]
    keys = node.children_by_field_name("key")
    values = node.children_by_field_name("value")
    for key, value in zip(keys, values, strict=False):
        item = ir.Index(subject, expressions.expression(work, key), at)
        tests.append(_pattern(work, value, item, captures))
    for child in work.named(node):
        if work.kind(child) == "splat_pattern":
            _pattern(work, child, subject, captures)
    return operators.associate("and", tests, at)


def _class(work: Lowering, node: Node, subject: ir.Expr, captures: list[ir.Stmt]) -> None:
    at = work.at(node)
    for child in work.named(node):
        for pattern in work.named(child) if work.kind(child) == "case_pattern" else ():
            if work.kind(pattern) == "keyword_pattern" and len(parts := work.named(pattern)) == 2:
                _pattern(work, parts[1], ir.Attr(subject, work.text(parts[0]), at), captures)
            else:
                _pattern(work, pattern, ir.Opaque((subject,), at), captures)
