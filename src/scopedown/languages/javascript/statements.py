"""JavaScript and TypeScript statements, lowered to the intermediate form."""

from __future__ import annotations

from tree_sitter import Node

from scopedown.languages.javascript.blocks import declared_names
from scopedown.languages.javascript.context import NODES, Context
from scopedown.languages.javascript.functions import class_, decorate, function
from scopedown.languages.javascript.generators import step
from scopedown.languages.javascript.helpers import HELPERS
from scopedown.languages.javascript.patterns import bound_names, target
from scopedown.languages.javascript.types import annotation
from scopedown.source import ir


@NODES.statement("assignment_expression", "augmented_assignment_expression")
def assignment(c: Context, node: Node) -> None:
    """An assignment whose value is not used."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None:
        return
    operator: str | None = None
    if node.type == "augmented_assignment_expression":
        sign = node.child_by_field_name("operator")
        text = c.identifier(sign).removesuffix("=") if sign is not None else ""
        operator = NODES.operators.get(text, text)
    value = c.expr(right)
    to = target(c, left)
    _name_function(value, to)
    c.emit(ir.Assign(to, value, c.at(node), operator))


def _name_function(value: ir.Expr, to: ir.Target) -> None:
    """An anonymous function takes the name of what it is assigned to, as the language has it."""
    if isinstance(value, ir.Lambda) and value.function.name.startswith("<"):
        if isinstance(to, ir.Name):
            value.function.name = to.id.partition("~")[0]
        elif isinstance(to, ir.Attr):
            value.function.name = to.name
    elif isinstance(value, ir.ClassExpr) and value.definition.name.startswith("<") and isinstance(to, ir.Name):
        value.definition.name = to.id.partition("~")[0]


@NODES.statement("lexical_declaration", "variable_declaration", "using_declaration")
def declaration(c: Context, node: Node) -> None:
    """``const``, ``let``, ``var``, ``using``."""
    hoisted = node.type == "variable_declaration"
    for child in node.named_children:
        if child.type != "variable_declarator":
            continue
        name = child.child_by_field_name("name")
        if name is None:
            continue
        if name.type == "identifier" and c.identifier(name) in HELPERS:
            c.declared.discard(c.identifier(name))
            continue  # what a compiler put in: the interpreter knows it
        fresh = True
        if hoisted:
            names = list(bound_names(c, name))
            fresh = not any(one in c.declared for one in names)
            for one in names:
                c.declare(one)
            fresh = fresh and not any(one in c.renames for one in names)
        given = child.child_by_field_name("value")
        if given is None and not fresh:
            continue
        value = c.expr(given) if given is not None else ir.Const(None, c.at(child))
        to = target(c, name)
        _name_function(value, to)
        of = annotation(c, child.child_by_field_name("type"))
        c.emit(ir.Assign(to, value, c.at(child), annotation=of))


@NODES.statement("function_declaration", "generator_function_declaration")
def function_declaration(c: Context, node: Node) -> None:
    """``function f() {…}``."""
    name = node.child_by_field_name("name")
    if name is None or node.child_by_field_name("body") is None:
        return
    text = c.identifier(name)
    if text in HELPERS:
        c.declared.discard(text)
        return
    at = c.at(node)
    c.emit(ir.Assign(target(c, name), function(c, node, text, "this"), at))


@NODES.statement("class_declaration", "abstract_class_declaration")
def class_declaration(c: Context, node: Node) -> None:
    """``class C {…}`` with its decorators."""
    name = node.child_by_field_name("name")
    if name is None:
        return
    decorators = [child for child in node.named_children if child.type == "decorator"]
    parent = node.parent
    if parent is not None and parent.type == "export_statement":
        decorators = [child for child in parent.named_children if child.type == "decorator"] + decorators
    c.emit(ir.Assign(target(c, name), decorate(c, decorators, class_(c, node)), c.at(node)))


@NODES.statement("return_statement")
def return_statement(c: Context, node: Node) -> None:
    """``return x``."""
    value = next((child for child in node.named_children if child.type != "comment"), None)
    if c.generator is not None:
        step(c, node, value)
        return
    c.emit(ir.Return(c.expr(value) if value is not None else None, c.at(node)))


@NODES.statement("for_statement")
def for_statement(c: Context, node: Node) -> None:
    """``for (a; b; c)``, which may declare variables of its own."""
    with c.own_names():
        initializer = node.child_by_field_name("initializer")
        if initializer is not None and initializer.type == "lexical_declaration":
            for name in declared_names(c, initializer, "lexical_declaration"):
                c.declare(name, block=True)
        c.for_statement(node, "initializer", "condition", "increment", "body")


@NODES.statement("for_in_statement")
def for_in_statement(c: Context, node: Node) -> None:
    """``for (x of y)`` and ``for (x in y)``."""
    renames = c.renames
    iterable = c.expr(node.child_by_field_name("right"))
    left = node.child_by_field_name("left")
    kind = node.child_by_field_name("kind")
    operator = node.child_by_field_name("operator")
    if left is None:
        return
    if kind is not None:
        for name in bound_names(c, left):
            c.declare(name, block=kind.type != "var")
    to = target(c, left)
    keys = operator is not None and operator.type == "in"
    c.emit(ir.Loop(to, iterable, c.loop_body(node), c.at(node), keys))
    c.renames = renames


@NODES.statement("try_statement")
def try_statement(c: Context, node: Node) -> None:
    """``try … catch … finally``."""
    body = c.body(node.child_by_field_name("body"))
    handlers: list[tuple[ir.Target | None, ir.Block]] = []
    handler = node.child_by_field_name("handler")
    if handler is not None:
        renames = c.renames
        parameter = handler.child_by_field_name("parameter")
        for name in bound_names(c, parameter):
            c.declare(name, block=True)
        to = target(c, parameter) if parameter is not None else None
        handlers.append((to, c.body(handler.child_by_field_name("body"))))
        c.renames = renames
    finalizer = node.child_by_field_name("finalizer")
    final = c.body(finalizer.child_by_field_name("body")) if finalizer is not None else ()
    c.emit(ir.Try(body, tuple(handlers), final, c.at(node)))


@NODES.statement("with_statement")
def with_statement(c: Context, node: Node) -> None:
    """``with (x) …``: names inside it stay what they are outside, and that is reported."""
    c.problems.append((c.at(node), "scopedown does not follow the statement with"))
    value = node.child_by_field_name("object")
    if value is not None:
        c.emit(ir.ExprStmt(c.expr(value), c.at(value)))
    c.out.extend(c.body(node.child_by_field_name("body")))


@NODES.statement("ERROR")
def broken(c: Context, node: Node) -> None:
    """What the parser could not read: the parts that it did read are kept."""
    c.sequence([child for child in node.named_children if child.type not in _PARTS])


_PARTS = frozenset({"property_identifier", "identifier", "type_identifier", "statement_identifier", "string_fragment"})
