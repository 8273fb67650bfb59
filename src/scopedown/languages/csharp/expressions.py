"""C# expressions, lowered to the intermediate form."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from scopedown.languages.csharp import addresses, calls, functions, literals, objects, operators, patterns, queries
from scopedown.languages.csharp.lowering import Handler, Lowering, Targeted, expression, opaque
from scopedown.languages.csharp.written_types import written
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


def _identifier(work: Lowering, node: Node) -> ir.Expr:
    return ir.Name(work.text(node), work.at(node))


def _this(work: Lowering, node: Node) -> ir.Expr:
    return ir.This(work.at(node))


def _base(work: Lowering, node: Node) -> ir.Expr:
    return ir.Super(work.at(node))


def _inner(work: Lowering, node: Node, expected: ir.Expr | None = None) -> ir.Expr:
    """Parentheses, ``await``, ``checked(…)``, ``ref x``: the expression inside."""
    children = work.named(node) or [one for one in node.children if one.type in ("this", "base")]
    return expression(work, children[-1], expected) if children else ir.Opaque((), work.at(node))


def _type(work: Lowering, node: Node) -> ir.Expr:
    """``typeof(T)``, and types that stand where an expression may."""
    found = written(work, node.child_by_field_name("type") if node.type == "typeof_expression" else node)
    return found if found is not None else ir.Opaque((), work.at(node))


def _reference(work: Lowering, node: Node, expected: ir.Expr | None = None) -> ir.Expr:
    """``ref x`` where it is no argument."""
    return addresses.of(work, _inner(work, node, expected))


def _cast(work: Lowering, node: Node) -> ir.Expr:
    """``(T)x``, ``x as T``."""
    of = node.child_by_field_name("type") or node.child_by_field_name("right")
    value = node.child_by_field_name("value") or node.child_by_field_name("left")
    type_ = written(work, of)
    made = expression(work, value, type_)
    return ir.Cast(made, type_, work.at(node)) if type_ is not None else made


def _conditional(work: Lowering, node: Node, expected: ir.Expr | None) -> ir.Expr:
    at = work.at(node)
    test = expression(work, node.child_by_field_name("condition"))
    then, otherwise = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
    if then is not None and then.type == "throw_expression":
        return ir.Op("and", (ir.Op("not", (test,), at), expression(work, otherwise, expected)), at)
    if otherwise is not None and otherwise.type == "throw_expression":
        return ir.Op("and", (test, expression(work, then, expected)), at)
    return ir.Cond(test, expression(work, then, expected), expression(work, otherwise, expected), at)


def _tuple(work: Lowering, node: Node) -> ir.Expr:
    items = [one.named_children[-1] for one in work.named(node) if one.type == "argument" and one.named_child_count]
    return ir.ListExpr(tuple([expression(work, one) for one in items]), work.at(node))


def _collection(work: Lowering, node: Node, expected: ir.Expr | None) -> ir.Expr:
    return objects.collection(work, node, expected)


def _with(work: Lowering, node: Node) -> ir.Expr:
    """``record with { A = x }``: its members with others in their place."""
    at = work.at(node)
    entries: list[tuple[ir.Expr | None, ir.Expr]] = []
    children = work.named(node)
    if not children:
        return ir.Opaque((), at)
    entries.append((None, expression(work, children[0])))
    for one in children[1:]:
        parts = work.named(one)
        if one.type == "with_initializer" and len(parts) == 2:
            entries.append((ir.Const(work.text(parts[0]), work.at(parts[0])), expression(work, parts[1])))
    return ir.ObjectExpr(tuple(entries), at)


def _declaration(work: Lowering, node: Node) -> ir.Expr:
    """``var x`` where a value is given out: the value is not known."""
    at = work.at(node)
    name = node.child_by_field_name("name")
    if name is None or name.type != "identifier":
        return ir.Opaque((), at)
    bound = ir.Name(work.bind(work.text(name), written(work, node.child_by_field_name("type"))), at)
    return ir.AssignExpr(bound, ir.Opaque((), at), at)


def _default(work: Lowering, node: Node) -> ir.Expr:
    return ir.Const(None, work.at(node))


@cache
def table() -> dict[str, Handler]:
    """The handlers of expressions by kind."""
    return {
        "identifier": _identifier,
        "this": _this,
        "base": _base,
        "discard": lambda work, node: ir.Opaque((), work.at(node)),
        "null_literal": literals.constant(None),
        "boolean_literal": literals.boolean,
        "integer_literal": literals.integer,
        "real_literal": literals.real,
        "character_literal": literals.string,
        "string_literal": literals.string,
        "verbatim_string_literal": literals.verbatim,
        "raw_string_literal": literals.raw,
        "interpolated_string_expression": lambda work, node: literals.interpolated(work, node, expression),
        "generic_name": _type,
        "qualified_name": _type,
        "alias_qualified_name": _type,
        "predefined_type": _type,
        "array_type": _type,
        "nullable_type": _type,
        "typeof_expression": _type,
        "member_access_expression": calls.chain,
        "invocation_expression": calls.chain,
        "element_access_expression": calls.chain,
        "conditional_access_expression": calls.chain,
        "postfix_unary_expression": calls.chain,
        "member_binding_expression": calls.chain,
        "element_binding_expression": calls.chain,
        "prefix_unary_expression": operators.prefix,
        "assignment_expression": operators.assignment,
        "is_expression": patterns.is_type,
        "is_pattern_expression": patterns.is_pattern,
        "as_expression": _cast,
        "cast_expression": _cast,
        "tuple_expression": _tuple,
        "with_expression": _with,
        "declaration_expression": _declaration,
        "default_expression": _default,
        "range_expression": opaque,
        "throw_expression": opaque,
        "sizeof_expression": opaque,
        "makeref_expression": opaque,
        "refvalue_expression": opaque,
        "reftype_expression": opaque,
        "stackalloc_expression": opaque,
        "implicit_stackalloc_expression": opaque,
        "lambda_expression": functions.lambda_,
        "anonymous_method_expression": functions.lambda_,
        "query_expression": queries.query,
        "anonymous_object_creation_expression": objects.anonymous,
        "object_creation_expression": objects.creation,
        "array_creation_expression": objects.array,
    }


@cache
def targeted() -> dict[str, Targeted]:
    """The handlers of expressions that take the type which is expected of them."""
    return {
        "parenthesized_expression": _inner,
        "await_expression": _inner,
        "checked_expression": _inner,
        "ref_expression": _reference,
        "conditional_expression": _conditional,
        "binary_expression": operators.binary,
        "switch_expression": patterns.switch_expression,
        "collection_expression": _collection,
        "implicit_object_creation_expression": objects.implicit,
        "implicit_array_creation_expression": objects.implicit_array,
        "initializer_expression": objects.initializer,
    }
