"""Functions and lambdas of Kotlin.

A lambda has the receiver ``"lexical"``: a function that gives it an object of its own sets its ``this``. Without
parameters it has the one that is called ``it``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.block_names import ignored, returned
from scopedown.languages.kotlin import marks, types
from scopedown.languages.kotlin.names import COMPONENT, EXTENSION, PERHAPS
from scopedown.languages.kotlin.work import Scope, Work
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


def parameters(work: Work, node: Node | None) -> tuple[ir.Parameter, ...]:
    """The parameters of a function; a default stands behind its parameter."""
    found: list[ir.Parameter] = []
    many = False
    above: tuple[ir.Expr, ...] = ()
    for child in work.named(node) if node is not None else ():
        if child.type in ("parameter_modifiers", "modifiers"):
            many = any(work.text(one) == "vararg" for one in child.named_children)
            above = _annotations_in(work, child)
        elif child.type == "parameter":
            found.append(_parameter(work, child, many, above))
            many, above = False, ()
        elif found and child.type in work.steps.handled:
            default = work.steps.expression(work, child)
            last = found[-1]
            found[-1] = ir.Parameter(last.target, default, last.kind, last.annotation, last.decorators)
    return tuple(found)


def _annotations_in(work: Work, node: Node) -> tuple[ir.Expr, ...]:
    return tuple(
        made
        for one in node.named_children
        if one.type == "annotation"
        for child in work.named(one)
        if (made := types.of(work, child if child.type == "user_type" else work.child(child, "user_type"))) is not None
    )


def _parameter(work: Work, node: Node, many: bool, above: tuple[ir.Expr, ...]) -> ir.Parameter:
    named = work.child(node, "identifier")
    at = work.at(node)
    target = ir.Name(work.bind(work.text(named)) if named is not None else work.hidden("parameter"), at)
    return ir.Parameter(target, None, "rest" if many else "positional", types.declared(work, node), above)


def function(work: Work, node: Node, receiver: str) -> ir.Lambda:
    """A function that has a name; one that extends a type has the object as ``this``."""
    at = work.at(node)
    named = node.child_by_field_name("name")
    name = work.text(named) if named is not None else ""
    above = marks.notes(work, node)
    extended = _extended(work, node)
    with work.function(types.generics(work, node), name) as (scope, out):
        extended_type = types.of(work, extended) if extended is not None else None
        given = parameters(work, work.child(node, "function_value_parameters"))
        returns = _returns(work, node)
        _body(work, work.child(node, "function_body"))
    if extended is not None:
        receiver = "this"
        marked = ir.Call(ir.Name(EXTENSION, at), (extended_type,) if extended_type is not None else (), (), at)
        above = (*above, marked)
    body = (*kept_this(scope, at), *out)
    made = ir.Function(name, given, body, frozenset(scope.names), at, receiver, returns=returns, annotations=above)
    return ir.Lambda(made, at)


def _extended(work: Work, node: Node) -> Node | None:
    """The type before a function's name."""
    named = node.child_by_field_name("name")
    found = None
    for child in node.named_children:
        if named is not None and child.start_byte >= named.start_byte:
            break
        if child.type in types.KINDS:
            found = child
    return found


def _returns(work: Work, node: Node) -> ir.Expr | None:
    """The type behind a function's parameters."""
    after = False
    for child in node.named_children:
        after = after or child.type == "function_value_parameters"
        if after and child.type in types.KINDS:
            return types.of(work, child)
    return None


def _body(work: Work, node: Node | None) -> None:
    """``{ … }`` or ``= value``."""
    if node is None:
        return
    block = work.child(node, "block")
    if block is not None and not any(token.type == "=" for token in node.children):
        work.steps.statements(work, work.named(block), ignored)
    else:
        for one in work.named(node):
            work.steps.deliver(work, one, returned)


def extended_property(work: Work, node: Node) -> ir.Expr | None:
    """The mark of a property that extends a type: the type stands before its name."""
    one = work.child(node, "variable_declaration")
    for child in node.named_children:
        if one is not None and child.start_byte >= one.start_byte:
            break
        if child.type in types.KINDS:
            at, found = work.at(child), types.of(work, child)
            return ir.Call(ir.Name(EXTENSION, at), (found,) if found is not None else (), (), at)
    return None


def accessor(work: Work, name: str, node: Node, value: Node | None, at: ir.At) -> ir.Lambda:
    """A property that is computed where it is read: by its getter, or by ``lazy``."""
    with work.function() as (scope, out):
        if value is not None:  # the lambda of ``lazy``
            inside = [one for one in work.named(value) if one.type != "lambda_parameters"]
            work.steps.statements(work, inside, returned)
        else:
            _body(work, work.child(node, "function_body"))
    body = (*kept_this(scope, at), *out)
    return ir.Lambda(ir.Function(name, (), body, frozenset(scope.names), at, "this", accessor=True), at)


def setter(work: Work, name: str, node: Node) -> ir.Lambda | None:
    """What a write to a property runs, as a method that the language calls by itself; None where it has none."""
    written = work.child(node, "setter")
    body = work.child(written, "function_body") if written is not None else None
    if written is None or body is None:
        return None
    at = work.at(written)
    with work.function() as (scope, out):
        named = next((one for one in _identifiers(written) if one.end_byte <= body.start_byte), None)
        given = ir.Parameter(ir.Name(work.bind(work.text(named) if named is not None else "value"), at))
        _body(work, body)
    body_ = (*kept_this(scope, at), *out)
    return ir.Lambda(ir.Function(f"__set {name}__", (given,), body_, frozenset(scope.names), at, "this"), at)


def is_extending_operator(work: Work, node: Node) -> bool:
    """Whether a function is an operator that extends a type."""
    return "operator" in marks.words(work, node) and _extended(work, node) is not None


def is_extension(work: Work, node: Node) -> bool:
    """Whether a function extends a type."""
    return _extended(work, node) is not None


def perhaps(made: ir.Lambda) -> ir.Stmt:
    """Says that a function may run where no call of it is written."""
    return ir.ExprStmt(ir.Call(ir.Name(PERHAPS, made.at), (made,), (), made.at), made.at)


def _identifiers(node: Node) -> list[Node]:
    waiting, found = list(node.named_children), []
    while waiting:
        one = waiting.pop(0)
        if one.type == "identifier":
            found.append(one)
        elif one.type != "function_body":
            waiting = [*one.named_children, *waiting]
    return found


def anonymous(work: Work, node: Node) -> ir.Expr:
    """``fun(x: T): R { … }``."""
    at = work.at(node)
    with work.function() as (scope, out):
        given = parameters(work, work.child(node, "function_value_parameters"))
        _body(work, work.child(node, "function_body"))
    return ir.Lambda(ir.Function("<function>", given, tuple(out), frozenset(scope.names), at, "lexical"), at)


def called(function_: ir.Expr) -> str:
    """What a lambda is handed to, by which ``return@NAME`` and ``this@NAME`` mean it."""
    match function_:
        case ir.Name(id=name) | ir.Attr(name=name):
            return name
        case ir.Call(function=inner):
            return called(inner)
        case _:
            return ""


def trailing(work: Work, node: Node, of: str) -> ir.Expr:
    """A lambda behind a call."""
    inside = work.child(node, "lambda_literal")
    return lambda_(work, inside, of) if inside is not None else ir.Opaque((), work.at(node))


def lambda_(work: Work, node: Node, of: str) -> ir.Expr:
    """``{ a, b -> … }``; its last expression is its value."""
    at = work.at(node)
    listed = work.child(node, "lambda_parameters")
    with work.function(owner=of) as (scope, out):
        given: list[ir.Parameter] = []
        for child in work.named(listed) if listed is not None else ():
            if child.type == "variable_declaration":
                given.append(ir.Parameter(variable(work, child), annotation=types.declared(work, child)))
            elif child.type == "multi_variable_declaration":
                held = ir.Name(work.hidden("argument"), work.at(child))
                take_apart(work, child, held)
                given.append(ir.Parameter(held))
        if listed is None:
            given.append(ir.Parameter(ir.Name(work.bind("it"), at), ir.Const(None, at)))
        statements = [one for one in work.named(node) if one.type != "lambda_parameters"]
        work.steps.statements(work, statements, returned)
    function_ = ir.Function("<lambda>", tuple(given), tuple(out), frozenset(scope.names), at, "lexical")
    return ir.Lambda(function_, at)


def variable(work: Work, node: Node) -> ir.Name:
    """The variable of a declaration, bound in the present block."""
    named = work.child(node, "identifier")
    name = work.text(named) if named is not None else "_"
    return ir.Name(work.hidden("unused") if name == "_" else work.bind(name), work.at(node))


def take_apart(work: Work, node: Node, value: ir.Expr) -> None:
    """``(a, b)``: each is a component of a value."""
    for position, child in enumerate(one for one in work.named(node) if one.type == "variable_declaration"):
        named = work.child(child, "identifier")
        if named is None or work.text(named) == "_":
            continue
        at = work.at(child)
        part = ir.Call(ir.Name(COMPONENT, at), (value, ir.Const(position, at)), (), at)
        work.emit(ir.Assign(variable(work, child), part, at, annotation=types.declared(work, child)))


# this


def outer_this(work: Work, label: str) -> str | None:
    """The variable that keeps the object that ``this@LABEL`` means; None where it is the present one.

    The object of a class is the present one in its methods; a lambda inside of one may have its own.
    """
    if not label:
        return None
    scopes = work.scopes
    for position in range(len(scopes) - 1, -1, -1):
        if scopes[position].owner == label:
            break
    else:
        return None
    # the function in which the object is the present one: the next one inside, of a class; itself, of a lambda
    holder = scopes[min(position + 1, len(scopes) - 1)] if _is_class(scopes, position) else scopes[position]
    if holder is scopes[-1]:
        return None
    name = holder.outer_this.get(label)
    if name is None:
        name = holder.outer_this[label] = f"<this {label}>"
        holder.names.add(name)
    return name


def _is_class(scopes: list[Scope], position: int) -> bool:
    return scopes[position].owner[:1].isupper()


def kept_this(scope: Scope, at: ir.At) -> tuple[ir.Stmt, ...]:
    """What keeps the present object for the lambdas inside of a function."""
    return tuple(ir.Assign(ir.Name(name, at), ir.This(at), at) for name in scope.outer_this.values())
