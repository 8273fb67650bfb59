"""Expressions of Rust that are expressions in the intermediate form too; ``flow.py`` has what is made of statements.

``?``, ``.await``, references, casts, ``Some(x)`` and ``Ok(x)`` are transparent. An ``async`` block is a function that
is called at once, so that ``return`` in it leaves only it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.languages.rust import changes, paths, patterns, settings, types
from scopedown.languages.rust.kinds import CAST, FORCED
from scopedown.languages.rust.numbers import NUMBERS
from scopedown.languages.rust.work import NODES, Work
from scopedown.source import ir
from scopedown.source.languages.front_end import MAX_OPERANDS, negated, returned

if TYPE_CHECKING:
    from tree_sitter import Node

_LINKS: Final = frozenset({"call_expression", "field_expression", "try_expression", "await_expression"})
_TRANSPARENT_CALLS: Final = frozenset({"Some", "Ok"})
_WRAPPERS: Final = frozenset(
    {"parenthesized_expression", "reference_expression", "type_cast_expression", "mut_pattern"}
)


@NODES.expression("identifier", "self")
def _identifier(work: Work, node: Node) -> ir.Expr:
    name = work.text(node)
    if name == "None" and work.local(name) is None:
        return ir.Const(None, work.at(node))
    made = paths.expression(work, (name,), work.at(node))
    if name in work.module.units and work.local(name) is None and name not in work.scope.generics:
        return ir.Call(made, (), (), made.at, new=True)
    return made


@NODES.expression("scoped_identifier", "generic_function")
def _path(work: Work, node: Node) -> ir.Expr:
    written = paths.segments(work, node)
    if written is None:
        return work.opaque(node)
    return paths.expression(work, written, work.at(node))


@NODES.expression(*_LINKS)
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
    if len(chain) > MAX_OPERANDS:
        work.dropped = work.dropped or node
        del chain[MAX_OPERANDS:]
        made: ir.Expr = ir.Opaque((), work.at(node))
    elif chain and not work.is_expression(node):
        made = work.opaque(node)
    else:
        made = work.expression(node)
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
            return work.expression(inside)
    return work.expression(node)


@NODES.expression(*_WRAPPERS)
def _wrapper(work: Work, node: Node) -> ir.Expr:
    while (kind := work.kind(node)) in _WRAPPERS or _is_reference(work, node):
        inner = node.child_by_field_name("value") or node.child_by_field_name("body")
        if inner is None:
            inside = [one for one in work.named(node) if work.kind(one) != "mutable_specifier"]
            inner = inside[0] if inside else None
        if inner is None:
            return ir.Opaque((), work.at(node))
        if kind == "type_cast_expression":
            return _cast(work, node, work.expression(inner))
        if kind == "reference_expression" and _is_changing(node):
            return changes.taken(work, work.expression(inner))
        if kind == "unary_expression" and work.kind(inner) == "identifier" and work.text(inner).isupper():
            value = work.expression(inner)  # a static, which may be made when it is needed
            return ir.Call(ir.Name(work.outside(FORCED), value.at), (value,), (), value.at)
        node = inner
    return work.expression(node)


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


@NODES.expression("unary_expression")
def _unary(work: Work, node: Node) -> ir.Expr:
    inside = work.named(node)
    if not inside:
        return ir.Opaque((), work.at(node))
    operator = node.children[0].type
    if operator == "*":
        return _wrapper(work, node)
    value = work.expression(inside[-1])
    at = work.at(node)
    if operator == "!":
        return ir.Op("not", (value,), at)
    return negated(value, at)


@NODES.expression("array_expression")
def _array(work: Work, node: Node) -> ir.Expr:
    at = work.at(node)
    items = work.expressions(work.named(node))
    if node.child_by_field_name("length") is not None and items:
        return ir.Op("*", (ir.ListExpr(items[:1], at), items[-1]), at)
    return ir.ListExpr(items, at)


@NODES.expression("index_expression")
def _index(work: Work, node: Node) -> ir.Expr:
    inside = work.named(node)
    if len(inside) != 2:
        return work.opaque(node)
    return ir.Index(work.expression(inside[0]), work.expression(inside[1]), work.at(node))


@NODES.expression("struct_expression")
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
                entries.append((ir.Const(work.text(field), place), work.expression(value)))
        elif kind == "base_field_initializer" and (inside := work.named(child)):
            entries.append((None, ir.Spread(work.expression(inside[0]), place)))
    entries.sort(key=lambda entry: entry[0] is not None)  # what is taken over comes first
    return ir.Initialised(made, tuple(entries), at)


@NODES.expression("closure_expression")
def _closure(work: Work, node: Node) -> ir.Expr:
    at = work.at(node)
    body = node.child_by_field_name("body")
    with work.function() as (scope, out):
        parameters = _closure_parameters(work, node.child_by_field_name("parameters"), out)
        if body is not None:
            work.deliver(body, returned)
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


@NODES.expression("async_block", "gen_block", "try_block")
def _async(work: Work, node: Node) -> ir.Expr:
    """``async { … }``: it runs where it is made, since what is made is awaited or spawned."""
    at = work.at(node)
    with work.function() as (scope, out):
        for child in work.named(node):
            work.deliver(child, returned)
    function = ir.Function("<async>", (), tuple(out), frozenset(scope.names), at)
    return ir.Call(ir.Lambda(function, at), (), (), at)
