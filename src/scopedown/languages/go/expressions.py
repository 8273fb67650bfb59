"""Go's expressions: names, members, calls, operators, texts.

* Parentheses are transparent, and ``&`` of a literal; other pointers are in ``addresses.py``. A generic function with
  its types is an element of it, whose index is a list of types.
* ``x[a:b]`` is the call of the member ``[:]`` with the two bounds, None where one is not given.
* ``make`` gives an empty list or map, ``new(T)`` the zero value; ``<-c`` is an element of a channel, which is a list,
  or nothing where the channel is closed.
* A conversion to a type without a name is the value itself; to one with a name it is a call of the type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.languages.go import addresses, types
from scopedown.languages.go.scope import NODES, Lowering
from scopedown.source import ir
from scopedown.source.languages.chains import halved

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_CHAIN: Final = 1000
"""Operands of one sum that are followed."""

NODES.expression("identifier", "type_identifier", "blank_identifier", "package_identifier")(Lowering.name)


@NODES.expression(
    "qualified_type",
    "pointer_type",
    "slice_type",
    "array_type",
    "map_type",
    "channel_type",
    "function_type",
    "interface_type",
    "struct_type",
    "generic_type",
)
def _member_type(work: Lowering, node: Node) -> ir.Expr:
    """A type where an expression stands: an argument of ``make``, a type as a value."""
    return types.expression(work, node)


@NODES.expression("index_expression")
def _index(work: Lowering, node: Node) -> ir.Expr:
    operand, index = node.child_by_field_name("operand"), node.child_by_field_name("index")
    if operand is not None and index is not None and _is_instantiation(work, operand, [index]):
        return _with_types(work, work.expression(operand), [index])
    return ir.Index(work.expression(operand), work.expression(index), work.at(node))


@NODES.expression("type_instantiation_expression")
def _instantiation(work: Lowering, node: Node) -> ir.Expr:
    """``F[int, string]``."""
    parts = work.named(node)
    return _with_types(work, work.expression(parts[0] if parts else None), parts[1:])


def _with_types(work: Lowering, function: ir.Expr, given: list[Node]) -> ir.Expr:
    """A generic function with its types."""
    listed = ir.ListExpr(tuple(types.expression(work, one) for one in given), function.at)
    return ir.Index(function, listed, function.at)


def _is_instantiation(work: Lowering, operand: Node, given: list[Node]) -> bool:
    """Whether ``f[x]`` is a generic function with its types, not an element: by what is known of the names."""
    if len(given) != 1 or given[0].type not in ("identifier", "type_identifier", "type_elem", "qualified_type"):
        return len(given) > 1 or given[0].type in (
            "pointer_type", "slice_type", "map_type", "generic_type", "interface_type", "struct_type", "function_type",
        )  # fmt: skip
    name = work.text(operand)
    if operand.type in ("identifier", "type_identifier"):
        if work.is_variable(name):
            return False
        if name in work.functions:
            return True
    inner = given[0]
    while inner.type == "type_elem" and work.named(inner):
        inner = work.named(inner)[0]
    text = work.text(inner)
    if inner.type == "qualified_type" or text in types.BASIC or text in work.types:
        return True
    return inner.type not in ("identifier", "type_identifier") and inner is not given[0]


@NODES.expression("slice_expression")
def _slice(work: Lowering, node: Node) -> ir.Expr:
    at = work.at(node)
    bounds: list[ir.Expr] = []
    for field in ("start", "end"):
        bound = node.child_by_field_name(field)
        bounds.append(work.expression(bound) if bound is not None else ir.Const(None, at))
    return ir.Call(ir.Attr(work.expression(node.child_by_field_name("operand")), "[:]", at), tuple(bounds), (), at)


@NODES.expression("type_assertion_expression")
def _assertion(work: Lowering, node: Node) -> ir.Expr:
    value = work.expression(node.child_by_field_name("operand"))
    return ir.Cast(value, types.expression(work, node.child_by_field_name("type")), work.at(node))


# calls


@NODES.expression("call_expression")
def _call(work: Lowering, node: Node) -> ir.Expr:
    at, function = work.at(node), node.child_by_field_name("function")
    arguments = node.child_by_field_name("arguments")
    given = work.named(arguments) if arguments is not None else []
    if function is not None and function.type == "identifier":
        name = work.text(function)
        if name in ("make", "new") and given and not work.is_variable(name) and name not in work.functions:
            return types.zero(work, given[0]) if name == "new" else _make(work, given)
    called = work.expression(function)
    if (named := node.child_by_field_name("type_arguments")) is not None:
        called = _with_types(work, called, work.named(named))
    return ir.Call(called, tuple(_argument(work, one) for one in given), (), at)


def _argument(work: Lowering, node: Node) -> ir.Expr:
    if node.type == "variadic_argument":
        parts = work.named(node)
        return ir.Spread(work.expression(parts[0] if parts else None), work.at(node))
    return work.expression(node)


def _make(work: Lowering, given: list[Node]) -> ir.Expr:
    made = types.structure(work, types.literal_type(work, given[0]))
    at = work.at(given[0])
    if made is not None and made.type == "map_type":
        return ir.ObjectExpr((), at)
    if made is not None and made.type in ("slice_type", "channel_type"):
        return ir.ListExpr((), at)
    return types.zero(work, given[0])


@NODES.expression("type_conversion_expression")
def _conversion(work: Lowering, node: Node) -> ir.Expr:
    """``[]byte(x)``; ``f[T](x)`` and ``handlers[key](x)`` are read so too."""
    at, type_ = work.at(node), node.child_by_field_name("type")
    value = work.expression(node.child_by_field_name("operand"))
    if type_ is None or type_.type != "generic_type":
        return value
    called = type_.child_by_field_name("type")
    arguments = type_.child_by_field_name("type_arguments")
    given = work.named(arguments) if arguments is not None else []
    function = types.expression(work, called)
    if called is not None and given and not _is_instantiation(work, called, given):
        function = ir.Index(function, types.expression(work, given[0]), at)
    else:
        function = _with_types(work, function, given)
    return ir.Call(function, (value,), (), at)


# operators


@NODES.expression("unary_expression")
def _unary(work: Lowering, node: Node) -> ir.Expr:
    operator = node.child_by_field_name("operator")
    text = work.text(operator) if operator is not None else ""
    value = work.expression(node.child_by_field_name("operand"))
    at = work.at(node)
    match text:
        case "&" if (operand := node.child_by_field_name("operand")) is not None:
            return addresses.taken(work, operand, value)
        case "*":
            return addresses.read(value)
        case "+":
            return value
        case "!":
            return ir.Op("not", (value,), at)
        case "<-":
            return ir.Call(ir.Name("<received>", at), (ir.Index(value, ir.Opaque((), at), at),), (), at)
        case "-" if isinstance(value, ir.Const) and isinstance(value.value, int | float):
            return ir.Const(-value.value, at)
        case _:
            return ir.Op(text, (value,), at)


@NODES.expression("binary_expression")
def _binary(work: Lowering, node: Node) -> ir.Expr:
    """A chain of one operator is taken apart from the left: a text may have very many parts."""
    operator = node.child_by_field_name("operator")
    text = work.text(operator) if operator is not None else ""
    links: list[Node] = []
    left: Node | None = node
    while left is not None and left.type == "binary_expression" and len(links) < MAX_CHAIN:
        own = left.child_by_field_name("operator")
        if own is None or work.text(own) != text:
            break
        links.append(left)
        left = left.child_by_field_name("left")
    name = NODES.operators.get(text, text)
    if len(links) > 2 and text == "+":
        parts = [work.expression(left)]
        parts += [work.expression(link.child_by_field_name("right")) for link in reversed(links)]
        return halved("+", parts, work.at(node))
    made = work.expression(left)
    for link in reversed(links):
        made = ir.Op(name, (made, work.expression(link.child_by_field_name("right"))), work.at(link))
    return made


@NODES.expression("iota")
def _iota(work: Lowering, node: Node) -> ir.Expr:
    return work.name(node) if work.iota is None else ir.Const(work.iota, work.at(node))
