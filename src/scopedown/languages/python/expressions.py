"""Python expressions, targets, parameters and arguments for the lowering in ``python.py``."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from scopedown.languages.python import operators, strings
from scopedown.languages.python.scope import Lowering, Scope
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

_WRAPPERS = {"parenthesized_expression", "await", "type", "as_pattern_target", "parenthesized_list_splat"}
"""Kinds that mean what their only child means."""

MAX_CHAIN = 400
"""Links of ``a.b().c[d]…`` that are followed."""


def expression(work: Lowering, node: Node) -> ir.Expr:
    """Any expression; what nests too deep or is not understood becomes Opaque."""
    handler = work.expressions.get(work.kind(node))
    if handler is None:
        return _opaque(work, node)
    if work.too_deep(node):
        return ir.Opaque((), work.at(node))
    work.depth += 1
    made = handler(work, node)
    work.depth -= 1
    return made


def _opaque(work: Lowering, node: Node) -> ir.Expr:
    at = work.at(node)
    if node.named_child_count == 0 or work.too_deep(node):
        return ir.Opaque((), at)
    work.depth += 1
    made = tuple([expression(work, child) for child in work.named(node) if work.kind(child) in work.expressions])
    work.depth -= 1
    return ir.Opaque(made, at)


def _identifier(work: Lowering, node: Node) -> ir.Expr:
    return ir.Name(work.text(node), work.at(node))


def _wrapper(work: Lowering, node: Node) -> ir.Expr:
    children = work.named(node)
    while len(children) == 1 and work.kind(node := children[0]) in _WRAPPERS:
        children = work.named(node)
    if len(children) != 1:
        return _opaque(work, node)
    return expression(work, children[0])


def _primary(work: Lowering, node: Node) -> ir.Expr:
    """Attributes, subscripts and calls; a chain of them is walked, not descended.

    A call stands where its expression begins, or at the method's name where that is on a later line.
    """
    chain: list[tuple[str, Node, list[Node]]] = []
    while (kind := work.kind(node)) in ("attribute", "call", "subscript"):
        children = node.children
        if not children:
            break
        chain.append((kind, node, children))
        node = children[0]
    if len(chain) > MAX_CHAIN:
        del chain[MAX_CHAIN:]
        made: ir.Expr = ir.Opaque((), work.at(node))
    else:
        made = expression(work, node)
    for kind, link, children in reversed(chain):
        at = work.at(link)
        last = children[-1]
        if kind == "attribute":
            made = ir.Attr(made, work.text(last), work.at(last))
        elif kind == "call":
            later = isinstance(made, ir.Attr) and made.at[0] > at[0]
            made = _call(work, made, last, made.at if later else at)
        else:
            made = _subscript(work, made, link, at)
    return made


def _subscript(work: Lowering, owner: ir.Expr, node: Node, at: ir.At) -> ir.Expr:
    """``owner[index]``; a slice is the call ``owner.__getitem__(slice(…))``, which text and lists understand."""
    found = [child for child in node.children_by_field_name("subscript") if work.kind(child) != "comment"]
    if len(found) != 1:
        return ir.Index(owner, ir.ListExpr(tuple([expression(work, child) for child in found]), at), at)
    if work.kind(found[0]) != "slice":
        return ir.Index(owner, expression(work, found[0]), at)
    bounds: list[ir.Expr] = [ir.Const(None, at)]
    for child in found[0].children:
        if work.kind(child) in work.expressions:
            bounds[-1] = expression(work, child)
        elif work.text(child) == ":":
            bounds.append(ir.Const(None, at))
    cut = ir.Call(ir.Name("slice", at), tuple(bounds), (), at)
    return ir.Call(ir.Attr(owner, "__getitem__", at), (cut,), (), at)


def _call(work: Lowering, function: ir.Expr, node: Node, at: ir.At) -> ir.Expr:
    if work.kind(node) == "generator_expression":
        return ir.Call(function, (expression(work, node),), (), at)
    positional, keywords = arguments(work, node)
    if isinstance(function, ir.Name) and function.id == "super":
        return ir.Super(at)
    return ir.Call(function, positional, keywords, at)


def arguments(work: Lowering, node: Node) -> tuple[tuple[ir.Expr, ...], tuple[tuple[str | None, ir.Expr], ...]]:
    """The positional and the keyword arguments of an ``argument_list``."""
    positional: list[ir.Expr] = []
    keywords: list[tuple[str | None, ir.Expr]] = []
    for child in work.named(node):
        kind = work.kind(child)
        if kind == "keyword_argument":
            parts = work.named(child)
            if len(parts) == 2:
                keywords.append((work.text(parts[0]), expression(work, parts[1])))
        elif kind == "dictionary_splat":
            parts = work.named(child)
            if parts:
                keywords.append((None, expression(work, parts[0])))
        else:
            positional.append(expression(work, child))
    return tuple(positional), tuple(keywords)


def _splat(work: Lowering, node: Node) -> ir.Expr:
    children = work.named(node)
    return ir.Spread(expression(work, children[0]), work.at(node)) if children else ir.Opaque((), work.at(node))


def sequence(work: Lowering, node: Node) -> ir.Expr:
    """A list, tuple, set, or expressions with commas between them."""
    return ir.ListExpr(tuple([expression(work, child) for child in work.named(node)]), work.at(node))


def _dictionary(work: Lowering, node: Node) -> ir.Expr:
    entries: list[tuple[ir.Expr | None, ir.Expr]] = []
    for child in work.named(node):
        parts = work.named(child)
        kind = work.kind(child)
        if kind == "pair" and len(parts) == 2:
            entries.append((expression(work, parts[0]), expression(work, parts[1])))
        elif kind == "dictionary_splat" and parts:
            entries.append((None, expression(work, parts[0])))
    return ir.ObjectExpr(tuple(entries), work.at(node))


def _comprehension(work: Lowering, node: Node) -> ir.Expr:
    clauses: list[tuple[ir.Target, ir.Expr]] = []
    conditions: list[ir.Expr] = []
    body: Node | None = None
    for child in work.named(node):
        kind = work.kind(child)
        if kind == "for_in_clause":
            left, right = child.child_by_field_name("left"), child.child_by_field_name("right")
            if left is not None and right is not None:
                iterable = expression(work, right)
                clauses.append((target(work, left), iterable))
        elif kind == "if_clause":
            conditions.extend([expression(work, one) for one in work.named(child)])
        elif body is None:
            body = child
    at = work.at(node)
    if body is None:
        return ir.Opaque((), at)
    key: ir.Expr | None = None
    if work.kind(body) == "pair" and len(parts := work.named(body)) == 2:
        key, element = expression(work, parts[0]), expression(work, parts[1])
    else:
        element = expression(work, body)
    lazy = work.kind(node) == "generator_expression"
    return ir.Comprehension(element, tuple(clauses), tuple(conditions), at, key, lazy)


def _conditional(work: Lowering, node: Node) -> ir.Expr:
    children = work.named(node)
    if len(children) != 3:
        return _opaque(work, node)
    then, test, otherwise = children
    return ir.Cond(expression(work, test), expression(work, then), expression(work, otherwise), work.at(node))


def _named_expression(work: Lowering, node: Node) -> ir.Expr:
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name is None or value is None:
        return _opaque(work, node)
    made = expression(work, value)
    return ir.AssignExpr(target(work, name), made, work.at(node))


def _assignment_value(work: Lowering, node: Node) -> ir.Expr:
    """An assignment where only broken source has one."""
    right = node.child_by_field_name("right")
    return expression(work, right) if right is not None else ir.Opaque((), work.at(node))


def _as_pattern(work: Lowering, node: Node) -> ir.Expr:
    children = work.named(node)
    return expression(work, children[0]) if children else ir.Opaque((), work.at(node))


def _lambda(work: Lowering, node: Node) -> ir.Expr:
    at = work.at(node)
    receiver = "first" if work.scope.kind == "class" else "none"
    scope = Scope("function")
    found = parameters(work, node.child_by_field_name("parameters"), scope)
    body = node.child_by_field_name("body")
    work.scopes.append(scope)
    value = expression(work, body) if body is not None else ir.Const(None, at)
    work.scopes.pop()
    block = (ir.Return(value, value.at),)
    function = ir.Function("<lambda>", found, block, frozenset(scope.names), at, receiver, generator=scope.generator)
    return ir.Lambda(function, at)


def _yield(work: Lowering, node: Node) -> ir.Expr:
    work.scope.generator = True
    children = work.named(node)
    at = work.at(node)
    value = expression(work, children[0]) if children else ir.Const(None, at)
    delegate = len(node.children) > 1 and work.text(node.children[1]) == "from"
    return ir.Yield(value, at, delegate)


def _slice(work: Lowering, node: Node) -> ir.Expr:
    return ir.Opaque(tuple([expression(work, child) for child in work.named(node)]), work.at(node))


def _generic_type(work: Lowering, node: Node) -> ir.Expr:
    """``list[int]`` in an annotation reads like a subscript."""
    children = work.named(node)
    if len(children) != 2:
        return _opaque(work, node)
    inside = [expression(work, child) for child in work.named(children[1])]
    at = work.at(node)
    index = inside[0] if len(inside) == 1 else ir.ListExpr(tuple(inside), at)
    return ir.Index(expression(work, children[0]), index, at)


def annotation(work: Lowering, node: Node) -> ir.Expr:
    """A type annotation as an expression."""
    return expression(work, node)


def target(work: Lowering, node: Node) -> ir.Target:
    """What is assigned to; names in it are bound in the present scope."""
    at = work.at(node)
    kind = work.kind(node)
    while kind in _WRAPPERS and len(children := work.named(node)) == 1:
        node = children[0]
        kind = work.kind(node)
    if kind == "identifier":
        return ir.Name(work.bind(work.text(node)), at)
    if kind in ("attribute", "subscript"):
        made = _primary(work, node)
        if isinstance(made, ir.Attr | ir.Index):
            return made
        if isinstance(made, ir.Call) and isinstance(made.function, ir.Attr):  # ``a[1:2] = b``
            return ir.Index(made.function.object, made.positional[0], at)
    if kind in ("pattern_list", "tuple_pattern", "list_pattern", "tuple", "list", "expression_list"):
        items: list[tuple[ir.Target, ir.Expr | None] | None] = []
        after: list[ir.Target] = []
        rest: ir.Target | None = None
        if work.too_deep(node):
            return ir.Name(work.hidden("deep"), at)
        work.depth += 1
        for child in work.named(node):
            if work.kind(child) in ("list_splat_pattern", "list_splat"):
                inner = work.named(child)
                rest = target(work, inner[0]) if inner else None
            elif rest is not None:
                after.append(target(work, child))
            else:
                items.append((target(work, child), None))
        work.depth -= 1
        return ir.ListPattern(tuple(items), rest, at, tuple(after))
    return ir.Name(work.hidden("target"), at)


def parameters(work: Lowering, node: Node | None, scope: Scope) -> tuple[ir.Parameter, ...]:
    """The parameters; their names are bound in ``scope``, their defaults belong to the present one."""
    found: list[ir.Parameter] = []
    kind_after = "positional"
    for child in work.named(node) if node is not None else ():
        kind = work.kind(child)
        if kind == "keyword_separator":
            kind_after = "keyword"
            continue
        if kind == "positional_separator":
            continue
        name: Node | None = child
        note = default = None
        if kind in ("default_parameter", "typed_default_parameter"):
            name = child.child_by_field_name("name")
            value = child.child_by_field_name("value")
            default = expression(work, value) if value is not None else None
        if kind in ("typed_parameter", "typed_default_parameter"):
            type_node = child.child_by_field_name("type")
            note = annotation(work, type_node) if type_node is not None else None
            if kind == "typed_parameter":
                name = work.named(child)[0] if work.named(child) else None
        if name is None:
            continue
        form = kind_after
        if work.kind(name) == "list_splat_pattern":
            form, kind_after = "rest", "keyword"
        elif work.kind(name) == "dictionary_splat_pattern":
            form = "keywords"
        if form in ("rest", "keywords"):
            inner = work.named(name)
            if not inner:
                continue
            name = inner[0]
        work.scopes.append(scope)
        bound = target(work, name)
        work.scopes.pop()
        found.append(ir.Parameter(bound, default, form, note))
    return tuple(found)


@cache
def table() -> dict[str, Callable[[Lowering, Node], ir.Expr]]:
    """The handler of each kind of expression."""

    def constant(value: bool | None) -> Callable[[Lowering, Node], ir.Expr]:
        return lambda work, node: ir.Const(value, work.at(node))

    handlers: dict[str, Callable[[Lowering, Node], ir.Expr]] = {
        "identifier": _identifier,
        "attribute": _primary,
        "call": _primary,
        "subscript": _primary,
        "string": lambda work, node: strings.string(work, node, expression),
        "concatenated_string": lambda work, node: strings.concatenated(work, node, expression),
        "integer": strings.integer,
        "float": strings.floating,
        "true": constant(True),
        "false": constant(False),
        "none": constant(None),
        "ellipsis": lambda work, node: ir.Opaque((), work.at(node)),
        "list": sequence,
        "tuple": sequence,
        "set": sequence,
        "expression_list": sequence,
        "pattern_list": sequence,
        "dictionary": _dictionary,
        "list_comprehension": _comprehension,
        "set_comprehension": _comprehension,
        "dictionary_comprehension": _comprehension,
        "generator_expression": _comprehension,
        "binary_operator": lambda work, node: operators.binary(work, node, expression),
        "boolean_operator": lambda work, node: operators.binary(work, node, expression),
        "comparison_operator": lambda work, node: operators.comparison(work, node, expression),
        "not_operator": lambda work, node: operators.negation(work, node, expression),
        "unary_operator": lambda work, node: operators.unary(work, node, expression),
        "conditional_expression": _conditional,
        "named_expression": _named_expression,
        "assignment": _assignment_value,
        "as_pattern": _as_pattern,
        "lambda": _lambda,
        "yield": _yield,
        "list_splat": _splat,
        "dictionary_splat": _splat,
        "slice": _slice,
        "generic_type": _generic_type,
        "union_type": _opaque,
        "constrained_type": _opaque,
        "member_type": _opaque,
    }
    for kind in _WRAPPERS:
        handlers[kind] = _wrapper
    return handlers
