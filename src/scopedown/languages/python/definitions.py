"""Python's functions and classes, as assignments of values; decorators are calls around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.python import expressions
from scopedown.languages.python.blocks import body
from scopedown.languages.python.scope import Lowering, Scope
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

_STATIC = {"staticmethod": "none", "classmethod": "class"}
_ACCESSORS = {"property", "cached_property", "abstractproperty", "lazy_property", "reify"}
_CLASS_RECEIVERS = {"__new__", "__init_subclass__", "__class_getitem__"}


def plain(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """A function or class without decorators."""
    _define(work, node, [], out)


def decorated(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """A function or class under decorators."""
    definition = node.child_by_field_name("definition")
    if definition is not None:
        decorators = [child for child in work.named(node) if work.kind(child) == "decorator"]
        _define(work, definition, decorators, out)


def _define(work: Lowering, node: Node, decorators: list[Node], out: list[ir.Stmt]) -> None:
    """A function or class with its decorators, as an assignment."""
    name_node = node.child_by_field_name("name")
    name = work.text(name_node) if name_node is not None else ""
    at = work.at(node)
    applied: list[ir.Expr] = []
    receiver, accessor, member = "", False, name
    for decorator in decorators:
        parts = work.named(decorator)
        value = expressions.expression(work, parts[0]) if parts else ir.Opaque((), at)
        plain = value.id if isinstance(value, ir.Name) else value.name if isinstance(value, ir.Attr) else ""
        if plain in _STATIC and isinstance(value, ir.Name):
            receiver = _STATIC[plain]
        elif plain in _ACCESSORS and work.scope.kind == "class":
            accessor = True
        elif isinstance(value, ir.Attr) and isinstance(value.object, ir.Name) and value.object.id == name:
            member = f"{name}.{value.name}" if value.name in ("setter", "deleter") else name
            accessor = accessor or value.name == "getter"
        else:
            applied.append(value)
    if work.kind(node) == "class_definition":
        made = _class(work, node, name)
    else:
        made = _lambda(work, node, name, receiver, accessor)
    for value in reversed(applied):
        made = ir.Call(value, (made,), (), value.at, decorator=True)
    work.bind(member)
    out.append(ir.Assign(ir.Name(member, at), made, at))


def _lambda(work: Lowering, node: Node, name: str, receiver: str, accessor: bool) -> ir.Expr:
    if not receiver and work.scope.kind == "class":
        receiver = "class" if name in _CLASS_RECEIVERS else "first"
    at = work.at(node)
    given = node.child_by_field_name("return_type")
    returns = expressions.annotation(work, given) if given is not None else None
    scope = Scope("function")
    parameters = expressions.parameters(work, node.child_by_field_name("parameters"), scope)
    work.scopes.append(scope)
    statements = body(work, node)
    work.scopes.pop()
    names = frozenset(scope.names - scope.free)
    made = ir.Function(
        name,
        parameters,
        statements,
        names,
        at,
        receiver or "none",
        accessor,
        scope.generator,
        returns,
    )
    return ir.Lambda(made, at)


def _class(work: Lowering, node: Node, name: str) -> ir.Expr:
    at = work.at(node)
    bases: tuple[ir.Expr, ...] = ()
    keywords: tuple[tuple[str | None, ir.Expr], ...] = ()
    superclasses = node.child_by_field_name("superclasses")
    if superclasses is not None:
        bases, keywords = expressions.arguments(work, superclasses)
    scope = Scope("class")
    work.scopes.append(scope)
    statements = body(work, node)
    work.scopes.pop()
    made = ir.Class(name, bases, statements, frozenset(scope.names - scope.free), at, keywords=keywords)
    return ir.ClassExpr(made, at)
