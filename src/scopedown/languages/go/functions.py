"""Go's functions, methods and function literals: parameters, results, bodies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scopedown.languages.go import copies, deferred, types
from scopedown.languages.go.defaults import folded
from scopedown.languages.go.scope import NODES, Lowering, Scope
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


def signature(work: Lowering, node: Node) -> ir.Function:
    """A method of an interface: a function without a body, whose first parameter is the object."""
    at = work.at(node)
    name = node.child_by_field_name("name")
    scope = Scope()
    work.scopes.append(scope)
    parameters = (ir.Parameter(ir.Name("_", at)), *_parameters(work, node.child_by_field_name("parameters")))
    returns, _ = _results(work, node.child_by_field_name("result"))
    work.scopes.pop()
    scope.hidden.add("_")
    text = work.text(name) if name is not None else ""
    return ir.Function(text, parameters, (), work.end(scope), at, "first", returns=returns)


def _of_receiver(receiver: Node) -> Iterator[Node]:
    """The names that a method gives to the type parameters of its receiver: ``T`` in ``(r *Store[T])``."""
    waiting = [(receiver, False)]
    while waiting:
        node, inside = waiting.pop()
        if inside and node.type == "type_identifier":
            yield node
        waiting += [(one, inside or node.type == "type_arguments") for one in node.named_children]


def function(work: Lowering, node: Node, name: str, receiver: Node | None = None) -> ir.Lambda:
    """A function with its body; ``receiver`` is the list that holds a method's receiver."""
    at = work.at(node)
    scope = Scope()
    work.scopes.append(scope)
    for one in work.named(given) if (given := node.child_by_field_name("type_parameters")) is not None else ():
        for type_ in one.children_by_field_name("name"):  # known here alone
            work.declare(work.text(type_), work.at(type_))
    for type_ in _of_receiver(receiver) if receiver is not None else ():
        work.declare(work.text(type_), work.at(type_))
    parameters = _parameters(work, receiver)[:1] if receiver is not None else ()
    if receiver is not None and not parameters:
        parameters = (ir.Parameter(work.declare("_", at)),)
    parameters += _parameters(work, node.child_by_field_name("parameters"))
    returns, body = _results(work, node.child_by_field_name("result"))
    block = node.child_by_field_name("body")
    if block is not None:
        body += copies.parameters(work, [receiver, node.child_by_field_name("parameters")], block)
        with work.collected() as made:
            work.sequence(work.named(block))
        body += made
    at_end = len(body) - (isinstance(body[-1], ir.Return) if body else 0)
    body[at_end:at_end] = scope.later
    after_panic = _after_panic(work, node.child_by_field_name("result")) if scope.recovers else None
    work.scopes.pop()
    function = ir.Function(
        name,
        parameters,
        deferred.around(scope, tuple(folded(body)), after_panic, at),
        work.end(scope),
        at,
        "first" if receiver is not None else "none",
        returns=returns,
    )
    return ir.Lambda(function, at)


def several(values: tuple[ir.Expr, ...], at: ir.At) -> ir.Expr:
    """Several results differ from a list, since a call may pass them all on: ``f(g())``."""
    return values[0] if len(values) == 1 else ir.Call(ir.Name("<results>", at), values, (), at)


def _after_panic(work: Lowering, node: Node | None) -> ir.Expr | None:
    """What a function with these results gives once it recovered from a panic."""
    scope = work.scopes[-1]
    if node is None:
        return None
    at = work.at(node)
    if scope.results:
        return several(tuple(scope.result(name, at) for name in scope.results), at)
    listed = node.type == "parameter_list"
    given = [one.child_by_field_name("type") for one in work.named(node)] if listed else [node]
    return several(tuple(types.zero(work, one) for one in given), at) if given else None


@NODES.expression("func_literal")
def literal(work: Lowering, node: Node) -> ir.Expr:
    """``func(…) {…}``."""
    return function(work, node, "")


def _parameters(work: Lowering, node: Node | None) -> tuple[ir.Parameter, ...]:
    found: list[ir.Parameter] = []
    for one in work.named(node) if node is not None else ():
        if one.type not in ("parameter_declaration", "variadic_parameter_declaration"):
            continue
        kind = "rest" if one.type.startswith("variadic") else "positional"
        annotation = types.expression(work, one.child_by_field_name("type"))
        names = one.children_by_field_name("name")
        if not names:
            found.append(ir.Parameter(work.declare("_", work.at(one)), None, kind, _told(annotation, kind)))
        for name in names:
            target = work.declare(work.text(name), work.at(name), annotation)
            if (variable := work.variable(work.text(name))) is not None and kind == "positional":
                variable.is_struct = copies.declared_struct(one.child_by_field_name("type"))
            found.append(ir.Parameter(target, None, kind, _told(annotation, kind)))
    return tuple(found)


def _told(annotation: ir.Expr, kind: str) -> ir.Expr | None:
    """A parameter's type; that of a variadic one is the type of each argument."""
    return ir.ListExpr((annotation,), annotation.at) if kind == "rest" else annotation


def _results(work: Lowering, node: Node | None) -> tuple[ir.Expr | None, list[ir.Stmt]]:
    """The declared type of what a function gives, several as a list, and what its named results are at first."""
    if node is None:
        return None, []
    if node.type != "parameter_list":
        return types.expression(work, node), []
    returns: list[ir.Expr] = []
    body: list[ir.Stmt] = []
    names: list[str] = []
    for one in work.named(node):
        type_ = one.child_by_field_name("type")
        annotation = types.expression(work, type_)
        for name in one.children_by_field_name("name"):
            at, text = work.at(name), work.text(name)
            names.append(text)
            target = work.declare(text, at, annotation)
            initial = types.zero(work, type_, text)
            if text != "_" and not isinstance(initial, ir.Const):
                body.append(ir.Assign(target, initial, at, annotation=annotation))
        returns += [annotation] * max(1, len(one.children_by_field_name("name")))
    work.scopes[-1].results = tuple(names)
    at = work.at(node)
    return returns[0] if len(returns) == 1 else ir.ListExpr(tuple(returns), at), body
