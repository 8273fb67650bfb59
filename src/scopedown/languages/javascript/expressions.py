"""JavaScript and TypeScript expressions, lowered to the intermediate form."""

from __future__ import annotations

import re

from tree_sitter import Node

from scopedown.languages.javascript.context import NODES, Context
from scopedown.languages.javascript.functions import method
from scopedown.languages.javascript.generators import (
    SENT,
    is_mark,
    is_regenerator,
    is_sent,
    runs_coroutine,
    state_machine,
)
from scopedown.languages.javascript.known.numbers import number_literal
from scopedown.languages.javascript.patterns import key, target
from scopedown.languages.javascript.strings import string, template_parts
from scopedown.languages.javascript.types import cast
from scopedown.source import ir

LONG_CHAIN = 40
"""Operands of one ``a + b + …`` above which it is joined as text at once instead of nested."""

_OLD_OCTAL = re.compile("0[0-7]+")

_HEAD = 120
"""Bytes of a call's arguments among which ``function*`` stands where a compiler wrote the call."""


@NODES.expression("identifier", "shorthand_property_identifier", "type_identifier")
def identifier(c: Context, node: Node) -> ir.Expr:
    """A variable."""
    return ir.Name(c.variable(c.identifier(node)), c.at(node))


@NODES.expression("null")
def null(c: Context, node: Node) -> ir.Expr:
    """``null``."""
    return ir.Null(None, c.at(node))


@NODES.expression("number")
def number(c: Context, node: Node) -> ir.Expr:
    """A number; a bigint stays unknown, since it equals no number."""
    text = c.text(node)
    value = int(text, 8) if _OLD_OCTAL.fullmatch(text) else number_literal(text)
    return ir.Opaque((), c.at(node)) if value is None else ir.Const(value, c.at(node))


@NODES.expression("string")
def string_literal(c: Context, node: Node) -> ir.Expr:
    """A quoted string."""
    return ir.Const(string(c, node), c.at(node))


@NODES.expression("template_string")
def template_string(c: Context, node: Node) -> ir.Expr:
    """A template literal; one without substitutions is a constant."""
    parts = template_parts(c, node)
    if not parts:
        return ir.Const("", c.at(node))
    if len(parts) == 1 and isinstance(parts[0], ir.Const) and isinstance(parts[0].value, str):
        return parts[0]
    return ir.Template(tuple(parts), c.at(node))


@NODES.expression("regex")
def regex(c: Context, node: Node) -> ir.Expr:
    """A regular expression."""
    pattern, flags = (c.text(part) if part else "" for part in map(node.child_by_field_name, ("pattern", "flags")))
    return ir.Regex(pattern, flags, c.at(node))


@NODES.expression(
    "parenthesized_expression",
    "await_expression",
    "satisfies_expression",
    "non_null_expression",
    "instantiation_expression",
)
def inner(c: Context, node: Node) -> ir.Expr:
    """Parentheses, ``await``, casts: the expression inside; types are dropped."""
    for child in node.named_children:
        if child.type not in DROPPED:
            return c.expr(child)
    return ir.Const(None, c.at(node))


@NODES.expression("as_expression")
def as_type(c: Context, node: Node) -> ir.Expr:
    """``value as Type``."""
    parts = [child for child in node.named_children if child.type != "comment"]
    return cast(c, c.expr(parts[0]), parts[1] if len(parts) > 1 else None) if parts else ir.Const(None, c.at(node))


@NODES.expression("type_assertion")
def type_assertion(c: Context, node: Node) -> ir.Expr:
    """``<Type>value``."""
    if not node.named_child_count:
        return ir.Const(None, c.at(node))
    types = node.named_children[0]
    inside = types.named_children[0] if types.type == "type_arguments" and types.named_child_count else None
    return cast(c, c.expr(node.named_children[-1]), inside)


@NODES.expression("member_expression")
def member(c: Context, node: Node) -> ir.Expr:
    """``object.name``."""
    if c.generator is not None and is_sent(c, node):
        return ir.Name(SENT, c.at(node))
    name = node.child_by_field_name("property")
    owner = c.expr(node.child_by_field_name("object"))
    optional = node.child_by_field_name("optional_chain") is not None
    if name is None:
        return ir.Attr(owner, "", c.at(node), optional)
    return ir.Attr(owner, c.identifier(name), c.at(node), optional, c.at(name))


@NODES.expression("subscript_expression")
def subscript(c: Context, node: Node) -> ir.Expr:
    """``object[index]``."""
    owner, index = node.child_by_field_name("object"), node.child_by_field_name("index")
    if owner is not None and index is not None and owner.type == "identifier" and c.identifier(owner) == "await":
        return ir.ListExpr(_separated(c, index), c.at(node))  # the grammar reads `await [a, b].map(f)` as an element
    optional = node.child_by_field_name("optional_chain") is not None
    return ir.Index(c.expr(owner), c.expr(index), c.at(node), optional)


def _separated(c: Context, node: Node) -> tuple[ir.Expr, ...]:
    """The expressions between commas."""
    if node.type != "sequence_expression":
        return (c.expr(node),)
    return tuple(one for child in node.named_children if child.type != "comment" for one in _separated(c, child))


def arguments(c: Context, node: Node | None) -> tuple[ir.Expr, ...]:
    """Positional arguments, spreads among them."""
    if node is None:
        return ()
    return tuple([c.expr(child) for child in node.named_children if child.type != "comment"])


@NODES.expression("call_expression")
def call(c: Context, node: Node) -> ir.Expr:
    """A call; ``require("m")`` and ``import("m")`` are imports, a tagged template a call with its parts."""
    function = node.child_by_field_name("function")
    given = node.child_by_field_name("arguments")
    at = c.at(node)
    if function is None or given is None:
        return c.opaque(node)
    if given.type == "template_string":
        parts = template_parts(c, given)
        fixed = tuple(part for part in parts if isinstance(part, ir.Const))
        rest = tuple(part for part in parts if not isinstance(part, ir.Const))
        return ir.Call(c.expr(function), (ir.ListExpr(fixed, at), *rest), (), at)
    if function.type == "import":
        values = arguments(c, given)
        return _in_order((*values[1:], ir.Import(values[0], at, dynamic=True)), at) if values else ir.Opaque((), at)
    if function.type == "identifier":
        name = c.identifier(function)
        if name == "require" and "require" not in c.declared:
            values = arguments(c, given)
            return _in_order((*values[1:], ir.Import(values[0], at)), at) if values else ir.Opaque((), at)
        if name == "await":  # the grammar reads `await (x).y()` as a call of a function of that name
            return sequence(c, given)
        if name in ("__generator", "_ts_generator") and (unrolled := state_machine(c, given, at)) is not None:
            return unrolled
    elif function.type == "member_expression":
        if c.generator is not None and is_sent(c, function):
            return ir.Name(SENT, at)
        if is_mark(c, function) and len(marked := arguments(c, given)) > 0:
            return marked[0]
        if is_regenerator(c, function) and (unrolled := state_machine(c, given, at)) is not None:
            return unrolled
    if (
        b"function*" in c.source[given.start_byte : given.end_byte][:_HEAD]
        or function.type == "parenthesized_expression"
    ):
        c.coroutine = runs_coroutine(c, function)
        values = arguments(c, given)
        c.coroutine = False
        return ir.Call(c.expr(function), values, (), at)
    optional = any(child.type in ("?.", "optional_chain") for child in node.children)
    return ir.Call(c.expr(function), arguments(c, given), (), at, optional=optional)


@NODES.expression("new_expression")
def new(c: Context, node: Node) -> ir.Expr:
    """``new Class(…)``."""
    return ir.Call(
        c.expr(node.child_by_field_name("constructor")),
        arguments(c, node.child_by_field_name("arguments")),
        (),
        c.at(node),
        new=True,
    )


@NODES.expression("binary_expression")
def binary(c: Context, node: Node) -> ir.Expr:
    """``a + b`` and its like; the left spine is walked without recursion."""
    spine: list[Node] = []
    present: Node | None = node
    while present is not None and present.type == "binary_expression":
        spine.append(present)
        present = present.child_by_field_name("left")
    operators = [_operator(c, one) for one in spine]
    result = c.expr(present)
    if len(spine) > LONG_CHAIN and all(one == "+" for one in operators):
        parts = [result, *(c.expr(one.child_by_field_name("right")) for one in reversed(spine))]
        return ir.Template(tuple(parts), c.at(node))
    if len(spine) > c.max_depth:
        c.dropped = c.dropped or node
        return ir.Opaque(tuple(c.expr(one.child_by_field_name("right")) for one in reversed(spine)), c.at(node))
    for one, operator in zip(reversed(spine), reversed(operators), strict=True):
        result = ir.Op(operator, (result, c.expr(one.child_by_field_name("right"))), c.at(one))
    return result


def _operator(c: Context, node: Node) -> str:
    operator = node.child_by_field_name("operator")
    text = c.identifier(operator) if operator is not None else ""
    return NODES.operators.get(text, text)


@NODES.expression("unary_expression")
def unary(c: Context, node: Node) -> ir.Expr:
    """``!x``, ``-x``, ``typeof x``, ``void x``, ``delete x``."""
    operator = _operator(c, node)
    argument = node.child_by_field_name("argument")
    value = c.expr(argument)
    at = c.at(node)
    if operator == "void" and isinstance(value, ir.Const):
        return ir.Const(None, at)
    if operator in "!+-" and isinstance(value, ir.Const) and isinstance(value.value, int | float):
        if operator == "!":
            return ir.Const(not value.value, at)
        return ir.Const(-value.value if operator == "-" else +value.value, at)
    return ir.Op("not" if operator == "!" else operator, (value,), at)


@NODES.expression("update_expression")
def update(c: Context, node: Node) -> ir.Expr:
    """``i++``: the variable then holds a computed value."""
    argument = node.child_by_field_name("argument")
    at = c.at(node)
    if argument is None:
        return ir.Opaque((), at)
    before = node.children[0].is_named
    return ir.AssignExpr(target(c, argument), ir.Op(_operator(c, node), (c.expr(argument),), at), at, before)


@NODES.expression("assignment_expression")
def assignment(c: Context, node: Node) -> ir.Expr:
    """``a = b`` as a value."""
    value = c.expr(node.child_by_field_name("right"))
    left = node.child_by_field_name("left")
    return ir.AssignExpr(target(c, left), value, c.at(node)) if left is not None else value


@NODES.expression("augmented_assignment_expression")
def augmented(c: Context, node: Node) -> ir.Expr:
    """``a += b`` as a value."""
    left = node.child_by_field_name("left")
    at = c.at(node)
    if left is None:
        return ir.Opaque((), at)
    operator = _operator(c, node).removesuffix("=")
    value = ir.Op(
        NODES.operators.get(operator, operator), (c.expr(left), c.expr(node.child_by_field_name("right"))), at
    )
    return ir.AssignExpr(target(c, left), value, at)


@NODES.expression("ternary_expression")
def ternary(c: Context, node: Node) -> ir.Expr:
    """``a ? b : c``."""
    return ir.Cond(
        c.expr(node.child_by_field_name("condition")),
        c.expr(node.child_by_field_name("consequence")),
        c.expr(node.child_by_field_name("alternative")),
        c.at(node),
    )


@NODES.expression("sequence_expression")
def sequence(c: Context, node: Node) -> ir.Expr:
    """``a, b``: the last value; the others are evaluated where they are more than constants."""
    items = tuple(c.expr(child) for child in node.named_children if child.type != "comment")
    return _in_order(items, c.at(node)) if items else ir.Const(None, c.at(node))


def _in_order(items: tuple[ir.Expr, ...], at: ir.At) -> ir.Expr:
    before = [item for item in items[:-1] if not isinstance(item, ir.Const)]
    if not before:
        return items[-1]
    return ir.Index(ir.ListExpr((*before, items[-1]), at), ir.Const(len(before), at), at)


@NODES.expression("object")
def object_(c: Context, node: Node) -> ir.Expr:
    """An object literal; a getter is a function marked as accessor."""
    entries: list[tuple[ir.Expr | None, ir.Expr]] = []
    for child in node.named_children:
        kind = child.type
        if kind == "pair":
            name = child.child_by_field_name("key")
            if name is not None:
                entries.append((key(c, name), c.expr(child.child_by_field_name("value"))))
        elif kind == "shorthand_property_identifier":
            text, at = c.identifier(child), c.at(child)
            entries.append((ir.Const(text, at), ir.Name(c.variable(text), at)))
        elif kind == "spread_element":
            entries.append((None, inner(c, child)))
        elif kind == "method_definition":
            entries.append(method(c, child))
    return ir.ObjectExpr(tuple(entries), c.at(node))


@NODES.expression("array")
def array(c: Context, node: Node) -> ir.Expr:
    """An array literal; holes are left out only where they stand at the end."""
    items: list[ir.Expr] = []
    gap = True
    for child in node.children[1:-1]:
        if child.type == ",":
            if gap:
                items.append(ir.Const(None, c.at(child)))
            gap = True
        elif child.type != "comment":
            items.append(c.expr(child))
            gap = False
    return ir.ListExpr(tuple(items), c.at(node))


@NODES.expression("spread_element")
def spread(c: Context, node: Node) -> ir.Expr:
    """``...x``."""
    return ir.Spread(inner(c, node), c.at(node))


@NODES.expression("yield_expression")
def yield_(c: Context, node: Node) -> ir.Expr:
    """``yield x``, ``yield* x``."""
    if c.awaits:
        return inner(c, node)
    if not node.named_child_count and not _in_generator(node):
        return ir.Name(c.variable("yield"), c.at(node))  # outside of generators, sloppy code may use it as a name
    delegate = any(child.type == "*" for child in node.children)
    return ir.Yield(inner(c, node), c.at(node), delegate)


def _in_generator(node: Node) -> bool:
    outer = node.parent
    while outer is not None and "function" not in outer.type and outer.type != "method_definition":
        outer = outer.parent
    return outer is not None and any(child.type == "*" for child in outer.children)


@NODES.expression("nested_identifier")
def nested_identifier(c: Context, node: Node) -> ir.Expr:
    """``a.b`` where TypeScript's grammar names it so."""
    parts = [child for child in node.named_children if child.type != "comment"]
    result = c.expr(parts[0])
    for part in parts[1:]:
        result = ir.Attr(result, c.identifier(part), c.at(node))
    return result


@NODES.expression("meta_property")
def meta_property(c: Context, node: Node) -> ir.Expr:
    """``import.meta`` is a name of the module; ``new.target`` tells nothing."""
    return ir.Name("import.meta", c.at(node)) if c.text(node) == "import.meta" else ir.Opaque((), c.at(node))


DROPPED = frozenset(
    {"comment", "type_annotation", "type_arguments", "type_parameters", "predefined_type", "type_identifier"}
)
