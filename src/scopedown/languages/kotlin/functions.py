"""Functions and lambdas of Kotlin.

A lambda has the receiver ``"lexical"``: a function that gives it an object of its own sets its ``this``. Without
parameters it has the one that is called ``it``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.kotlin import marks, types
from scopedown.languages.kotlin.names import COMPONENT, EXTENSION, PERHAPS
from scopedown.languages.kotlin.work import NODES, Scope, Work
from scopedown.source import ir
from scopedown.source.languages.front_end import call_of, ignored, lambda_, returned

if TYPE_CHECKING:
    from tree_sitter import Node


def parameters(work: Work, node: Node) -> list[ir.Parameter]:
    """The parameters of a function; a default stands behind its parameter."""
    found: list[ir.Parameter] = []
    many = False
    above: tuple[ir.Expr, ...] = ()
    listed = work.child(node, "function_value_parameters")
    for child in work.named(listed) if listed is not None else ():
        if child.type in ("parameter_modifiers", "modifiers"):
            many = any(work.text(one) == "vararg" for one in child.named_children)
            above = marks.names(work, child)
        elif child.type == "parameter":
            name = work.field(child, "identifier")
            target = ir.Name(work.bind(name) if name else work.hidden("parameter"), work.at(child))
            kind = "rest" if many else "positional"
            found.append(ir.Parameter(target, None, kind, types.declared(work, child), above))
            many, above = False, ()
        elif found and work.is_expression(child):
            found[-1].default = work.expression(child)
    return found


def function(work: Work, node: Node, receiver: str) -> ir.Lambda:
    """A function that has a name; one that extends a type has the object as ``this``."""
    at = work.at(node)
    named = node.child_by_field_name("name")
    name = work.text(named) if named is not None else ""
    above = marks.notes(work, node)
    with work.function(types.generics(work, node), name) as (scope, out):
        extended = extension(work, node, named)
        given = parameters(work, node)
        returns = _returns(work, node)
        _body(work, work.child(node, "function_body"))
    if extended is not None:
        receiver, above = "this", (*above, extended)
    return lambda_(name, given, with_this(scope, out, at), scope.names, at, receiver, returns, above)


def extension(work: Work, node: Node, named: Node | None) -> ir.Expr | None:
    """The mark of a function or a property that extends a type, which stands before its name; None of any other."""
    typed = extended(node, named)
    if typed is None:
        return None
    found = types.of(work, typed)
    return call_of(EXTENSION, (found,) if found is not None else (), work.at(node))


def extended(node: Node, named: Node | None) -> Node | None:
    """The type that a function or a property extends."""
    before = [one for one in node.named_children if named is None or one.start_byte < named.start_byte]
    return next((one for one in reversed(before) if one.type in types.KINDS), None)


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
    block = work.child(node, "block") if node is not None else None
    if block is not None and node is not None and not any(token.type == "=" for token in node.children):
        work.statements(work.named(block), ignored)
    else:
        for one in work.named(node) if node is not None else ():
            work.deliver(one, returned)


def accessor(work: Work, name: str, node: Node, value: Node | None, at: ir.At) -> ir.Lambda:
    """A property that is computed where it is read: by its getter, or by ``lazy``."""
    with work.function() as (scope, out):
        if value is not None:  # the lambda of ``lazy``
            _lambda_body(work, value)
        else:
            _body(work, work.child(node, "function_body"))
    return lambda_(name, (), with_this(scope, out, at), scope.names, at, "this", accessor=True)


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
    return lambda_(f"__set {name}__", (given,), with_this(scope, out, at), scope.names, at, "this")


def perhaps(made: ir.Lambda) -> ir.Stmt:
    """Says that a function may run where no call of it is written."""
    return ignored(call_of(PERHAPS, (made,), made.at))


def _identifiers(node: Node) -> list[Node]:
    waiting, found = list(node.named_children), []
    while waiting:
        one = waiting.pop(0)
        if one.type == "identifier":
            found.append(one)
        elif one.type != "function_body":
            waiting = [*one.named_children, *waiting]
    return found


@NODES.expression("anonymous_function")
def anonymous(work: Work, node: Node) -> ir.Expr:
    """``fun(x: T): R { … }``."""
    with work.function() as (scope, out):
        given = parameters(work, node)
        _body(work, work.child(node, "function_body"))
    return lambda_("<function>", given, out, scope.names, work.at(node), "lexical")


def called(function_: ir.Expr) -> str:
    """What a lambda is handed to, by which ``return@NAME`` and ``this@NAME`` mean it."""
    while isinstance(function_, ir.Call):
        function_ = function_.function
    match function_:
        case ir.Name(id=name) | ir.Attr(name=name):
            return name
        case _:
            return ""


@NODES.expression("annotated_lambda")
def trailing(work: Work, node: Node, of: str = "") -> ir.Expr:
    """A lambda behind a call."""
    inside = work.child(node, "lambda_literal")
    return literal(work, inside, of) if inside is not None else ir.Opaque((), work.at(node))


@NODES.expression("lambda_literal")
def literal(work: Work, node: Node, of: str = "") -> ir.Expr:
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
        _lambda_body(work, node)
    return lambda_("<lambda>", given, with_this(scope, out, at), scope.names, at, "lexical")


def _lambda_body(work: Work, node: Node) -> None:
    work.statements([one for one in work.named(node) if one.type != "lambda_parameters"], returned)


def variable(work: Work, node: Node) -> ir.Name:
    """The variable of a declaration, bound in the present block."""
    name = work.field(node, "identifier") or "_"
    return ir.Name(work.hidden("unused") if name == "_" else work.bind(name), work.at(node))


def take_apart(work: Work, node: Node, value: ir.Expr) -> None:
    """``(a, b)``: each is a component of a value."""
    for position, child in enumerate(one for one in work.named(node) if one.type == "variable_declaration"):
        if work.field(child, "identifier") not in ("", "_"):
            at = work.at(child)
            part = call_of(COMPONENT, (value, ir.Const(position, at)), at)
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
    is_class = label[:1].isupper()
    holder = scopes[min(position + 1, len(scopes) - 1)] if is_class else scopes[position]
    if holder is scopes[-1]:
        return None
    name = holder.outer_this.get(label)
    if name is None:
        name = holder.outer_this[label] = f"<this {label}>"
        holder.names.add(name)
    return name


def with_this(scope: Scope, out: list[ir.Stmt], at: ir.At) -> ir.Block:
    """A function's statements, after what keeps the present object for the lambdas inside of it."""
    return (*(ir.Assign(ir.Name(name, at), ir.This(at), at) for name in scope.outer_this.values()), *out)
