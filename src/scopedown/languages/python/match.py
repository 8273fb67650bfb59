"""Python's ``match``: a chain of ifs over a held subject, with the captures as assignments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.python import expressions
from scopedown.languages.python.blocks import body
from scopedown.source import ir
from scopedown.source.languages.chains import associate, if_chain

if TYPE_CHECKING:
    from tree_sitter import Node

    from scopedown.languages.python.scope import Lowering


def lower(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """Add the statements of a ``match_statement``."""
    at = work.at(node)
    block = node.child_by_field_name("body")
    # The grammar gives a list no field, so the subjects are what comes before the body.
    asked = [child for child in work.named(node) if block is None or child.start_byte < block.start_byte]
    subjects = [expressions.expression(work, child) for child in asked if work.kind(child) != "comment"]
    if not subjects:
        return
    subject = ir.Name(work.hidden("match"), at)
    value = subjects[0] if len(subjects) == 1 else ir.ListExpr(tuple(subjects), at)
    out.append(ir.Assign(subject, value, at))
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
        return ir.Op("==", (subject, _dotted(work, parts, at)), at)
    if kind == "union_pattern":
        tests = [_pattern(work, one, subject, captures) for one in work.named(node)]
        return associate("or", tests, at) if len(tests) > 1 else ir.Opaque((), at)
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
        return _class(work, node, subject, captures)
    if kind == "splat_pattern":
        captures.extend(ir.Assign(ir.Name(work.bind(work.text(one)), at), subject, at) for one in work.named(node))
        return ir.Opaque((), at)
    if kind in ("true", "false"):
        return ir.Op("is", (subject, expressions.expression(work, node)), at)
    if kind in ("string", "concatenated_string", "integer", "float", "none"):
        return ir.Op("==", (subject, expressions.expression(work, node)), at)
    return ir.Opaque((), at)


def _items(work: Lowering, patterns: list[Node], subject: ir.Expr, captures: list[ir.Stmt], at: ir.At) -> ir.Expr:
    tests: list[ir.Expr] = [ir.Opaque((), at)]  # the length is not known
    stars = [position for position, one in enumerate(patterns) if _is_star(work, one)]
    for position, pattern in enumerate(patterns):
        after = position - len(patterns)
        if position in stars:
            bounds = (ir.Const(position, at), ir.Const(after + 1 or None, at))
            cut = ir.Call(ir.Name("slice", at), bounds, (), at)
            item: ir.Expr = ir.Call(ir.Attr(subject, "__getitem__", at), (cut,), (), at)
        else:
            item = ir.Index(subject, ir.Const(after if stars and position > stars[0] else position, at), at)
        tests.append(_pattern(work, pattern, item, captures))
    return associate("and", tests, at)


def _is_star(work: Lowering, node: Node) -> bool:
    children = work.named(node)
    return work.kind(node) == "splat_pattern" or (len(children) == 1 and work.kind(children[0]) == "splat_pattern")


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
    return associate("and", tests, at)


_WHOLE = frozenset(
    {"bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"}
)  # fmt: skip
"""Classes of which a pattern in parentheses takes the whole object
(https://docs.python.org/3/reference/compound_stmts.html#class-patterns)."""


def _class(work: Lowering, node: Node, subject: ir.Expr, captures: list[ir.Stmt]) -> ir.Expr:
    at = work.at(node)
    tests: list[ir.Expr] = [ir.Opaque((), at)]
    children = work.named(node)
    cls = _dotted(work, work.named(children[0]), at) if children else ir.Opaque((), at)
    whole = isinstance(cls, ir.Name) and cls.id in _WHOLE
    patterns = [pattern for child in children if work.kind(child) == "case_pattern" for pattern in work.named(child)]
    for position, pattern in enumerate(patterns):
        if work.kind(pattern) == "keyword_pattern" and len(parts := work.named(pattern)) == 2:
            part: ir.Expr = ir.Attr(subject, work.text(parts[0]), at)
            tests.append(_pattern(work, parts[1], part, captures))
            continue
        name = ir.Index(ir.Attr(cls, "__match_args__", at), ir.Const(position, at), at)
        part = subject if whole else ir.Call(ir.Name("getattr", at), (subject, name), (), at)
        tests.append(_pattern(work, pattern, part, captures))
    return associate("and", tests, at)


def _dotted(work: Lowering, parts: list[Node], at: ir.At) -> ir.Expr:
    """A name with members."""
    value: ir.Expr = ir.Name(work.text(parts[0]), at) if parts else ir.Opaque((), at)
    for part in parts[1:]:
        value = ir.Attr(value, work.text(part), at)
    return value
