"""Expressions of Rust that are expressions in the intermediate form too; ``flow.py`` has what is made of statements.

``?``, ``.await``, references, casts, ``Some(x)`` and ``Ok(x)`` are transparent. An ``async`` block is a function that
is called at once, so that ``return`` in it leaves only it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Final

from scopedown.languages.block_names import returned
from scopedown.languages.rust import changes, flow, literals, macros, paths, patterns, settings, types
from scopedown.languages.rust.kinds import CAST, FORCED, JUMPS, VALUES
from scopedown.languages.rust.numbers import NUMBERS
from scopedown.languages.rust.work import MAX_CHAIN, Work
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

_LINKS: Final = frozenset({"call_expression", "field_expression", "try_expression", "await_expression"})
_TRANSPARENT_CALLS: Final = frozenset({"Some", "Ok"})
_WRAPPERS: Final = frozenset(
    {"parenthesized_expression", "reference_expression", "type_cast_expression", "const_block", "mut_pattern"}
)


def expression(work: Work, node: Node) -> ir.Expr:
    """Any expression; what nests too deep or is not understood becomes Opaque."""
    handler = table().get(work.kind(node))
    if work.too_deep(node):
        return ir.Opaque((), work.at(node))
    work.depth += 1
    made = opaque(work, node) if handler is None else handler(work, node)
    work.depth -= 1
    return made


def opaque(work: Work, node: Node) -> ir.Expr:
    """Something that is not expressed: what stands in it is evaluated."""
    known = table()
    inside = [expression(work, child) for child in work.named(node) if work.kind(child) in known]
    return ir.Opaque(tuple(inside), work.at(node))


def _identifier(work: Work, node: Node) -> ir.Expr:
    name = work.text(node)
    if name == "None" and work.local(name) is None:
        return ir.Const(None, work.at(node))
    made = paths.expression(work, (name,), work.at(node))
    if name in work.module.units and work.local(name) is None and name not in work.scope.generics:
        return ir.Call(made, (), (), made.at, new=True)
    return made


def _path(work: Work, node: Node) -> ir.Expr:
    written = paths.segments(work, node)
    if written is None:
        return opaque(work, node)
    return paths.expression(work, written, work.at(node))


def _primary(work: Work, node: Node) -> ir.Expr:
    """Calls and members; a chain of them is walked, not descended.

    A call stands where its expression begins, or at the method's name where that is on a later line.
    """
    chain: list[Node] = []
    while (kind := work.kind(node)) in _LINKS:
        inner = node.child_by_field_name("function" if kind == "call_expression" else "value")
        if inner is None:
            inner = work.named(node)[0] if kind in ("try_expression", "await_expression") and work.named(node) else None
        if inner is None:
            break
        chain.append(node)
        if kind == "call_expression" and work.kind(inner) == "generic_function":
            inner = inner.child_by_field_name("function") or inner
        node = inner
    if len(chain) > MAX_CHAIN:
        work.dropped = work.dropped or node
        del chain[MAX_CHAIN:]
        made: ir.Expr = ir.Opaque((), work.at(node))
    elif chain and work.kind(node) not in table():
        made = opaque(work, node)
    else:
        made = expression(work, node)
    for link in reversed(chain):
        kind = work.kind(link)
        if kind == "field_expression":
            field = link.child_by_field_name("field")
            if field is not None:
                made = ir.Attr(made, work.text(field), work.at(field))
        elif kind == "call_expression":
            made = _typed(work, _call(work, made, link), _turbofish(work, link))
    return made


_OF_STATE: Final = frozenset({"data", "data_opt", "data_unchecked", "get", "state", "app_data", "extension", "try_get"})
"""Methods of frameworks that give what a program put there, by its type: ``context.data::<Client>()``."""


def _typed(work: Work, value: ir.Expr, declared: ir.Expr | None) -> ir.Expr:
    """A call to which its type is given."""
    if declared is None or not isinstance(value, ir.Call):
        return value
    if isinstance(value.function, ir.Attr) and value.function.name in _OF_STATE:
        name = ir.Name(work.hidden("value"), value.at)
        work.emit(ir.Assign(name, value, value.at, annotation=declared))
        return name
    return settings.converted(value, declared)


def _turbofish(work: Work, node: Node) -> ir.Expr | None:
    """The type in ``from_env::<Config>()``; None where there is none or are several."""
    function = node.child_by_field_name("function")
    if function is None or work.kind(function) != "generic_function":
        return None
    listed = function.child_by_field_name("type_arguments")
    given = [one for one in work.named(listed) if work.kind(one) != "lifetime"] if listed is not None else []
    return types.annotation(work, given[0]) if len(given) == 1 else None


def _call(work: Work, function: ir.Expr, node: Node) -> ir.Expr:
    listed = node.child_by_field_name("arguments")
    given = tuple([_argument(work, one) for one in work.named(listed)]) if listed is not None else ()
    if isinstance(function, ir.Name) and function.id in _TRANSPARENT_CALLS and len(given) == 1:
        return given[0]
    start = work.at(node)
    at = function.at if isinstance(function, ir.Attr) and function.at[0] > start[0] else start
    return changes.after(work, ir.Call(function, given, (), at), changes.lent(work, listed))


def _argument(work: Work, node: Node) -> ir.Expr:
    """An argument of a call, which is over before what it lends is looked at again."""
    if work.kind(node) == "reference_expression" and _is_changing(node):
        inside = node.child_by_field_name("value")
        if inside is not None and work.kind(inside) in ("identifier", "field_expression"):
            return expression(work, inside)
    return expression(work, node)


def _wrapper(work: Work, node: Node) -> ir.Expr:
    while (kind := work.kind(node)) in _WRAPPERS or _is_reference(work, node):
        inner = node.child_by_field_name("value") or node.child_by_field_name("body")
        if inner is None:
            inside = [one for one in work.named(node) if work.kind(one) != "mutable_specifier"]
            inner = inside[0] if inside else None
        if inner is None:
            return ir.Opaque((), work.at(node))
        if kind == "type_cast_expression":
            return _cast(work, node, expression(work, inner))
        if kind == "reference_expression" and _is_changing(node):
            return changes.taken(work, expression(work, inner))
        if kind == "unary_expression" and work.kind(inner) == "identifier" and work.text(inner).isupper():
            value = expression(work, inner)  # a static, which may be made when it is needed
            return ir.Call(ir.Name(work.outside(FORCED), value.at), (value,), (), value.at)
        node = inner
    return expression(work, node)


def _is_changing(node: Node) -> bool:
    """Whether it is ``&mut x`` or ``&raw mut x``."""
    return any(child.type == "mutable_specifier" for child in node.children)


def _cast(work: Work, node: Node, value: ir.Expr) -> ir.Expr:
    """``x as u8``: a number that does not fit is another one then."""
    declared = node.child_by_field_name("type")
    name = work.text(declared) if declared is not None else ""
    if name not in NUMBERS:
        return value
    at = work.at(node)
    inner = node.child_by_field_name("value")
    through = (
        inner.child_by_field_name("type") if inner is not None and work.kind(inner) == "type_cast_expression" else None
    )
    if through is not None and work.kind(through) in ("pointer_type", "function_type"):
        return ir.Opaque((value,), at)  # an address
    return ir.Call(ir.Name(work.outside(CAST), at), (value, ir.Const(name, at)), (), at)


def _is_reference(work: Work, node: Node) -> bool:
    return work.kind(node) == "unary_expression" and node.children[0].type == "*"


def _unary(work: Work, node: Node) -> ir.Expr:
    inside = work.named(node)
    if not inside:
        return ir.Opaque((), work.at(node))
    operator = node.children[0].type
    if operator == "*":
        return _wrapper(work, node)
    value = expression(work, inside[-1])
    at = work.at(node)
    if operator == "!":
        return ir.Op("not", (value,), at)
    if isinstance(value, ir.Const) and isinstance(value.value, int | float) and not isinstance(value.value, bool):
        return ir.Const(-value.value, at)
    return ir.Op(operator, (value,), at)


_OPERATORS: Final = {"&&": "and", "||": "or", "==": "==", "!=": "!="}


def _binary(work: Work, node: Node) -> ir.Expr:
    """Operators, whose chains to the left are walked."""
    chain: list[tuple[str, Node, ir.At]] = []
    while work.kind(node) == "binary_expression" and len(chain) < MAX_CHAIN:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        if left is None or right is None or operator is None:
            break
        chain.append((operator.type, right, work.at(node)))
        node = left
    made = opaque(work, node) if work.kind(node) == "binary_expression" else expression(work, node)
    for written, other, at in reversed(chain):
        made = ir.Op(_OPERATORS.get(written, written), (made, expression(work, other)), at)
    return made


def _tuple(work: Work, node: Node) -> ir.Expr:
    return ir.ListExpr(tuple([expression(work, child) for child in work.named(node)]), work.at(node))


def _array(work: Work, node: Node) -> ir.Expr:
    at = work.at(node)
    items = tuple([expression(work, child) for child in work.named(node)])
    if node.child_by_field_name("length") is not None and items:
        return ir.Op("*", (ir.ListExpr(items[:1], at), items[-1]), at)
    return ir.ListExpr(items, at)


def _index(work: Work, node: Node) -> ir.Expr:
    inside = work.named(node)
    if len(inside) != 2:
        return opaque(work, node)
    return ir.Index(expression(work, inside[0]), expression(work, inside[1]), work.at(node))


def _struct(work: Work, node: Node) -> ir.Expr:
    """``T { a: x, b, ..rest }``."""
    at = work.at(node)
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    path = paths.segments(work, name) if name is not None else None
    made = ir.Call(paths.expression(work, path, at) if path else ir.Opaque((), at), (), (), at, new=True)
    entries: list[tuple[ir.Expr | None, ir.Expr]] = []
    for child in work.named(body) if body is not None else ():
        kind, place = work.kind(child), work.at(child)
        if kind == "shorthand_field_initializer" and (inside := work.named(child)):
            entries.append((ir.Const(work.text(inside[-1]), place), _identifier(work, inside[-1])))
        elif kind == "field_initializer":
            field = child.child_by_field_name("field") or child.child_by_field_name("name")
            value = child.child_by_field_name("value")
            if field is not None and value is not None:
                entries.append((ir.Const(work.text(field), place), expression(work, value)))
        elif kind == "base_field_initializer" and (inside := work.named(child)):
            entries.append((None, ir.Spread(expression(work, inside[0]), place)))
    entries.sort(key=lambda entry: entry[0] is not None)  # what is taken over comes first
    return ir.Initialised(made, tuple(entries), at)


def _closure(work: Work, node: Node) -> ir.Expr:
    at = work.at(node)
    body = node.child_by_field_name("body")
    with work.function() as (scope, out):
        parameters = _closure_parameters(work, node.child_by_field_name("parameters"), out)
        if body is not None:
            flow.deliver(work, body, returned)
    function = ir.Function("<closure>", parameters, tuple(out), frozenset(scope.names), at)
    return ir.Lambda(function, at)


def _closure_parameters(work: Work, node: Node | None, out: list[ir.Stmt]) -> tuple[ir.Parameter, ...]:
    found: list[ir.Parameter] = []
    for child in node.children if node is not None else ():
        if child.type in ("|", ","):
            continue
        declared = child.child_by_field_name("type") if work.kind(child) == "parameter" else None
        written = child.child_by_field_name("pattern") if work.kind(child) == "parameter" else child
        if written is not None and work.kind(written) not in ("line_comment", "block_comment"):
            found.append(patterns.parameter(work, written, declared, out))
    return tuple(found)


def _async(work: Work, node: Node) -> ir.Expr:
    """``async { … }``: it runs where it is made, since what is made is awaited or spawned."""
    at = work.at(node)
    with work.function() as (scope, out):
        for child in work.named(node):
            flow.deliver(work, child, returned)
    function = ir.Function("<async>", (), tuple(out), frozenset(scope.names), at)
    return ir.Call(ir.Lambda(function, at), (), (), at)


def _range(work: Work, node: Node) -> ir.Expr:
    return ir.Opaque(tuple([expression(work, child) for child in work.named(node)]), work.at(node))


def _by_statements(work: Work, node: Node) -> ir.Expr:
    """An expression that is made of statements: they come first, its value is in a variable then."""
    at = work.at(node)
    if (plain := flow.choice(work, node)) is not None:
        return plain
    name = work.hidden("value")
    flow.deliver(work, node, lambda value: ir.Assign(ir.Name(name, at), value, value.at))
    return ir.Name(name, at)


def _jump(work: Work, node: Node) -> ir.Expr:
    """``return``, ``break``, an assignment: a statement whose value nobody takes."""
    flow.effect(work, node)
    return ir.Const(None, work.at(node))


@cache
def table() -> dict[str, Callable[[Work, Node], ir.Expr]]:
    """The handler of each kind of expression."""
    handlers: dict[str, Callable[[Work, Node], ir.Expr]] = {
        "identifier": _identifier,
        "self": _identifier,
        "scoped_identifier": _path,
        "generic_function": _path,
        "call_expression": _primary,
        "field_expression": _primary,
        "try_expression": _primary,
        "await_expression": _primary,
        "unary_expression": _unary,
        "binary_expression": _binary,
        "tuple_expression": _tuple,
        "unit_expression": lambda work, node: ir.Const(None, work.at(node)),
        "array_expression": _array,
        "index_expression": _index,
        "struct_expression": _struct,
        "closure_expression": _closure,
        "async_block": _async,
        "gen_block": _async,
        "try_block": _async,
        "range_expression": _range,
        "macro_invocation": macros.expression,
        "let_condition": flow.condition,
        "let_chain": flow.condition,
    }
    for kind in literals.KINDS:
        handlers[kind] = literals.literal
    for kind in _WRAPPERS:
        handlers[kind] = _wrapper
    for kind in VALUES:
        handlers[kind] = _by_statements
    for kind in JUMPS:
        handlers[kind] = _jump
    return handlers
