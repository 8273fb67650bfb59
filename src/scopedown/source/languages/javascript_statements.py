"""JavaScript and TypeScript statements, lowered to the intermediate form."""

from __future__ import annotations

from tree_sitter import Node

from scopedown.source import ir
from scopedown.source.languages import javascript_modules as modules
from scopedown.source.languages.javascript_blocks import block, declared_names
from scopedown.source.languages.javascript_blocks import statements as lower_statements
from scopedown.source.languages.javascript_context import Context
from scopedown.source.languages.javascript_expressions import OPERATORS
from scopedown.source.languages.javascript_functions import class_, decorate, function
from scopedown.source.languages.javascript_generators import step
from scopedown.source.languages.javascript_helpers import HELPERS
from scopedown.source.languages.javascript_patterns import bound_names, target
from scopedown.source.languages.javascript_switch import switch_statement
from scopedown.source.languages.switch_chain import SwitchBreak
from scopedown.source.languages.syntax import labelled
from scopedown.source.languages.typescript import ambient, enum_declaration, namespace
from scopedown.source.languages.typescript_types import alias, annotation, interface


def expression_statement(c: Context, node: Node, out: list[ir.Stmt]) -> None:
    """An expression for its effect; assignments and sequences become statements."""
    for child in node.named_children:
        if child.type != "comment":
            effect(c, child, out)


def effect(c: Context, node: Node, out: list[ir.Stmt]) -> None:
    """One expression whose value is not used."""
    kind = node.type
    if kind in ("assignment_expression", "augmented_assignment_expression"):
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None:
            return
        operator: str | None = None
        if kind == "augmented_assignment_expression":
            sign = node.child_by_field_name("operator")
            text = c.identifier(sign).removesuffix("=") if sign is not None else ""
            operator = OPERATORS.get(text, text)
        value = c.expr(right)
        to = target(c, left)
        _name_function(value, to)
        out.append(ir.Assign(to, value, c.at(node), operator))
    elif kind == "sequence_expression" or kind == "parenthesized_expression":
        for child in node.named_children:
            effect(c, child, out)
    elif kind in ("internal_module", "module"):
        namespace(c, node, out)
    elif kind not in ("string", "comment"):
        out.append(ir.ExprStmt(c.expr(node), c.at(node)))


def _name_function(value: ir.Expr, to: ir.Target) -> None:
    """An anonymous function takes the name of what it is assigned to, as the language has it."""
    if isinstance(value, ir.Lambda) and value.function.name.startswith("<"):
        if isinstance(to, ir.Name):
            value.function.name = to.id.partition("~")[0]
        elif isinstance(to, ir.Attr):
            value.function.name = to.name
    elif isinstance(value, ir.ClassExpr) and value.definition.name.startswith("<") and isinstance(to, ir.Name):
        value.definition.name = to.id.partition("~")[0]


def declaration(c: Context, node: Node, out: list[ir.Stmt]) -> None:
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
        out.append(ir.Assign(to, value, c.at(child), annotation=of))


def function_declaration(c: Context, node: Node, out: list[ir.Stmt]) -> None:
    """``function f() {…}``."""
    name = node.child_by_field_name("name")
    if name is None or node.child_by_field_name("body") is None:
        return
    text = c.identifier(name)
    if text in HELPERS:
        c.declared.discard(text)
        return
    at = c.at(node)
    out.append(ir.Assign(target(c, name), function(c, node, text, "this"), at))


def class_declaration(c: Context, node: Node, out: list[ir.Stmt]) -> None:
    """``class C {…}`` with its decorators."""
    name = node.child_by_field_name("name")
    if name is None:
        return
    decorators = [child for child in node.named_children if child.type == "decorator"]
    parent = node.parent
    if parent is not None and parent.type == "export_statement":
        decorators = [child for child in parent.named_children if child.type == "decorator"] + decorators
    out.append(ir.Assign(target(c, name), decorate(c, decorators, class_(c, node)), c.at(node)))


def return_statement(c: Context, node: Node, out: list[ir.Stmt]) -> None:
    """``return x``."""
    value = next((child for child in node.named_children if child.type != "comment"), None)
    if c.generator is not None:
        step(c, node, value, out)
        return
    out.append(ir.Return(c.expr(value) if value is not None else None, c.at(node)))


def throw_statement(c: Context, node: Node, out: list[ir.Stmt]) -> None:
    """``throw x``."""
    value = next((child for child in node.named_children if child.type != "comment"), None)
    out.append(ir.Raise(c.expr(value) if value is not None else None, c.at(node)))


def if_statement(c: Context, node: Node, out: list[ir.Stmt]) -> None:
    """``if``; ``else if`` is nested."""
    test = c.expr(node.child_by_field_name("condition"))
    then = block(c, node.child_by_field_name("consequence"))
    alternative = node.child_by_field_name("alternative")
    otherwise: ir.Block = ()
    if alternative is not None:
        inner = next((child for child in alternative.named_children if child.type != "comment"), None)
        otherwise = block(c, inner)
    out.append(ir.If(test, then, otherwise, c.at(node)))


def _loop_body(c: Context, node: Node) -> ir.Block:
    switch, c.switch = c.switch, False
    body = block(c, node.child_by_field_name("body"))
    c.switch = switch
    return body


def for_statement(c: Context, node: Node, out: list[ir.Stmt]) -> None:
    """``for (a; b; c)``: what the increment changes is a computed value throughout the body."""
    renames = c.renames
    at = c.at(node)
    initializer = node.child_by_field_name("initializer")
    if initializer is not None and initializer.type == "lexical_declaration":
        for name in declared_names(c, initializer, "lexical_declaration"):
            c.declare(name, block=True)
    if initializer is not None and initializer.type != "empty_statement":
        c.statement(initializer, initializer.type, out)
    body: list[ir.Stmt] = []
    for increment in node.children_by_field_name("increment"):
        parts = increment.named_children if increment.type == "sequence_expression" else [increment]
        for part in parts:
            effect(c, part, body)
    condition = node.child_by_field_name("condition")
    if condition is not None and condition.is_named and condition.type != "empty_statement":
        effect(c, condition, body)
    out.append(ir.Loop(None, None, (*body, *_loop_body(c, node)), at))
    c.renames = renames


def for_in_statement(c: Context, node: Node, out: list[ir.Stmt]) -> None:
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
    out.append(ir.Loop(to, iterable, _loop_body(c, node), c.at(node), keys))
    c.renames = renames


def while_statement(c: Context, node: Node, out: list[ir.Stmt]) -> None:
    """``while`` and ``do … while``; the condition is evaluated with the body."""
    condition = node.child_by_field_name("condition")
    test: ir.Block = ()
    if condition is not None:
        test = (ir.ExprStmt(c.expr(condition), c.at(condition)),)
    body = _loop_body(c, node)
    whole = (*body, *test) if node.type == "do_statement" else (*test, *body)
    out.append(ir.Loop(None, None, whole, c.at(node)))


def try_statement(c: Context, node: Node, out: list[ir.Stmt]) -> None:
    """``try … catch … finally``."""
    body = block(c, node.child_by_field_name("body"))
    handlers: list[tuple[ir.Target | None, ir.Block]] = []
    handler = node.child_by_field_name("handler")
    if handler is not None:
        renames = c.renames
        parameter = handler.child_by_field_name("parameter")
        for name in bound_names(c, parameter):
            c.declare(name, block=True)
        to = target(c, parameter) if parameter is not None else None
        handlers.append((to, block(c, handler.child_by_field_name("body"))))
        c.renames = renames
    finalizer = node.child_by_field_name("finalizer")
    final = block(c, finalizer.child_by_field_name("body")) if finalizer is not None else ()
    out.append(ir.Try(body, tuple(handlers), final, c.at(node)))


def jump(c: Context, node: Node, out: list[ir.Stmt]) -> None:
    """``break`` and ``continue``; in a state machine they move between steps and mean nothing here."""
    at = c.at(node)
    if node.type == "break_statement" and c.switch and node.child_by_field_name("label") is None:
        out.append(SwitchBreak(at))
    elif c.generator is None:
        out.append(ir.Jump(at))


def labeled_statement(c: Context, node: Node, out: list[ir.Stmt]) -> None:
    """``label: …``."""
    body = node.child_by_field_name("body")
    if body is not None:
        inside: list[ir.Stmt] = []
        c.statement(body, body.type, inside)
        out.extend(labelled(body, tuple(inside), c.at(node)))


def statement_block(c: Context, node: Node, out: list[ir.Stmt]) -> None:
    """``{ … }``."""
    lower_statements(c, node.named_children, True, out)


def with_statement(c: Context, node: Node, out: list[ir.Stmt]) -> None:
    """``with (x) …``: names inside it stay what they are outside, and that is reported."""
    c.problems.append((c.at(node), "scopedown does not follow the statement with"))
    value = node.child_by_field_name("object")
    if value is not None:
        out.append(ir.ExprStmt(c.expr(value), c.at(value)))
    out.extend(block(c, node.child_by_field_name("body")))


def broken(c: Context, node: Node, out: list[ir.Stmt]) -> None:
    """What the parser could not read: the parts that it did read are kept."""
    lower_statements(c, [child for child in node.named_children if child.type not in _PARTS], True, out)


def nothing(c: Context, node: Node, out: list[ir.Stmt]) -> None:
    """Comments, types, empty statements."""


_PARTS = frozenset({"property_identifier", "identifier", "type_identifier", "statement_identifier", "string_fragment"})

STATEMENTS = {
    "expression_statement": expression_statement,
    "lexical_declaration": declaration,
    "variable_declaration": declaration,
    "using_declaration": declaration,
    "function_declaration": function_declaration,
    "generator_function_declaration": function_declaration,
    "class_declaration": class_declaration,
    "abstract_class_declaration": class_declaration,
    "return_statement": return_statement,
    "throw_statement": throw_statement,
    "if_statement": if_statement,
    "for_statement": for_statement,
    "for_in_statement": for_in_statement,
    "while_statement": while_statement,
    "do_statement": while_statement,
    "switch_statement": switch_statement,
    "try_statement": try_statement,
    "break_statement": jump,
    "continue_statement": jump,
    "labeled_statement": labeled_statement,
    "statement_block": statement_block,
    "with_statement": with_statement,
    "import_statement": modules.import_statement,
    "export_statement": modules.export_statement,
    "import_alias": modules.import_alias,
    "enum_declaration": enum_declaration,
    "internal_module": namespace,
    "module": namespace,
    "ambient_declaration": ambient,
    "interface_declaration": interface,
    "type_alias_declaration": alias,
    "function_signature": nothing,
    "empty_statement": nothing,
    "debugger_statement": nothing,
    "comment": nothing,
    "html_comment": nothing,
    "hash_bang_line": nothing,
    "ERROR": broken,
}
