"""Ruby's methods, classes and modules, and the methods of classes that define others.

A method is a member of its class under its name; one of the class itself has ``self.`` before it, since both may have
the same name. ``initialize`` is ``constructor``, ``name=`` is ``name.setter``, ``[]`` and ``[]=`` are ``__getitem__``
and ``__setitem__``. What an object keeps is a member with its ``@``. A module is a class.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from scopedown.languages.ruby.arguments import arguments
from scopedown.languages.ruby.functions import function
from scopedown.languages.ruby.scope import BLOCK, NODES, Lowering, Scope
from scopedown.languages.ruby.targets import bind_in_class
from scopedown.source import ir
from scopedown.source.languages.front_end import Sink

if TYPE_CHECKING:
    from tree_sitter import Node

OF_CLASS: Final = "self."
"""What stands before the name of a class's own method."""
_RENAMED: Final = {"initialize": "constructor", "[]": "__getitem__", "[]=": "__setitem__"}


def member_name(name: str, of_class: bool) -> str:
    """The name under which a class keeps a method.

    >>> member_name("url=", False), member_name("call", True)
    ('url.setter', 'self.call')
    """
    if name in _RENAMED and (name != "initialize" or not of_class):
        return OF_CLASS + _RENAMED[name] if of_class else _RENAMED[name]
    if len(name) > 1 and name.endswith("=") and (name[0].isalpha() or name[0] == "_"):
        return f"{name[:-1]}.setter"
    return OF_CLASS + name if of_class else name


@NODES.statement_with_value("method")
def method(work: Lowering, node: Node, sink: Sink | None) -> None:
    """``def name … end``; its value is its name."""
    name_node = node.child_by_field_name("name")
    name = work.text(name_node) if name_node is not None else ""
    scope = work.scope
    _define(work, node, member_name(name, scope.kind == "singleton"), scope.kind == "singleton")
    if sink is not None:
        work.emit(sink(ir.Const(name, work.at(node))))


@NODES.statement_with_value("singleton_method")
def singleton_method(work: Lowering, node: Node, sink: Sink | None) -> None:
    """``def self.name … end``, ``def object.name … end``."""
    name_node, owner = node.child_by_field_name("name"), node.child_by_field_name("object")
    name, at = work.text(name_node) if name_node is not None else "", work.at(node)
    of_self = owner is None or work.kind(owner) == "self" or (
        work.kind(owner) == "constant" and work.scope.kind == "class" and work.text(owner) == work.scope.method
    )  # fmt: skip
    if of_self and work.scope.kind in ("class", "singleton"):
        _define(work, node, member_name(name, True), True)
    elif of_self or owner is None:
        _define(work, node, name, False)
        if work.scope.kind != "program":
            work.emit(ir.Assign(ir.Attr(ir.This(at), member_name(name, True), at), ir.Name(name, at), at))
    else:
        made = _lambda(work, node, name, True, "this")
        work.emit(ir.Assign(ir.Attr(work.expression(owner), member_name(name, True), at), made, at))
    if sink is not None:
        work.emit(sink(ir.Const(name, at)))


def _define(work: Lowering, node: Node, name: str, of_class: bool) -> None:
    at = work.at(node)
    inside = work.scope.kind in ("block", "lambda", "method")
    made = _lambda(work, node, name, of_class, "this" if inside else "")
    work.emit(ir.Assign(_own_target(work, name, at), made, at))
    if inside:  # it is a method of what runs the block, or of the class whose method runs
        for owner in (ir.This(at), ir.Attr(ir.This(at), "class", at)):
            work.emit(ir.Assign(ir.Attr(owner, name, at), ir.Name(name, at), at))


def _own_target(work: Lowering, name: str, at: ir.At) -> ir.Target:
    """Where a method that is defined here is kept: in the class, or, in ``class << object``, in the object."""
    owner = work.scope.owner
    return ir.Name(bind_in_class(work, name), at) if owner is None else ir.Attr(owner, name, at)


def _lambda(work: Lowering, node: Node, name: str, of_class: bool, receiver: str = "") -> ir.Expr:
    plain = name.removeprefix(OF_CLASS)
    scope = Scope("method", name if of_class else plain, of_class)
    receiver = receiver or ("this" if work.enclosing("class", "singleton") is not None else "lexical")
    parameters, inside = node.child_by_field_name("parameters"), node.child_by_field_name("body")
    return function(work, plain, scope, parameters, inside, work.at(node), receiver)


# classes


@NODES.statement_with_value("class", "module")
def class_(work: Lowering, node: Node, sink: Sink | None) -> None:
    """``class Name < Base … end``, ``module Name … end``."""
    name_node, above = node.child_by_field_name("name"), node.child_by_field_name("superclass")
    if name_node is None:
        return
    at = work.at(node)
    bases: tuple[ir.Expr, ...] = ()
    if above is not None:
        bases = tuple([work.expression(child) for child in work.named(above)])
    written: ir.Expr = ir.Name(work.text(name_node), at)
    if work.kind(name_node) == "scope_resolution":
        written = work.expression(name_node)
    name = written.id if isinstance(written, ir.Name) else getattr(written, "name", "")
    if isinstance(written, ir.Name):
        bind_in_class(work, name)
    made = class_expression(work, name, bases, node.child_by_field_name("body"), at)
    if isinstance(written, ir.Name | ir.Attr):
        work.emit(ir.Assign(written, made, at))
        if sink is not None:
            work.emit(sink(ir.Const(None, at)))


def class_expression(
    work: Lowering,
    name: str,
    bases: tuple[ir.Expr, ...],
    inside: Node | None,
    at: ir.At,
    block: Node | None = None,
) -> ir.ClassExpr:
    """A class as a value; the body of one that is a block sees the names around it, and is given the class."""
    scope = Scope("class", name)
    scope.is_open = block is not None
    work.scopes.append(scope)
    statements = work.body(inside)
    given = block.child_by_field_name("parameters") if block is not None else None
    for child in work.named(given)[:1] if given is not None else ():
        if work.kind(child) == "identifier":
            scope.names.add(work.text(child))
            statements = (ir.Assign(ir.Name(work.text(child), at), ir.This(at), at), *work.body(inside))
    work.scopes.pop()
    return ir.ClassExpr(ir.Class(name, bases, statements, frozenset(scope.names | scope.members), at), at)


@NODES.statement_with_value("singleton_class")
def singleton_class(work: Lowering, node: Node, sink: Sink | None) -> None:
    """``class << self … end``: methods of the class itself."""
    scope = Scope("singleton")
    outer = work.scope
    of, at = node.child_by_field_name("value"), work.at(node)
    if of is not None and work.kind(of) != "self":
        scope.owner = work.held(work.expression(of), "owner")
    elif outer.kind not in ("class", "singleton"):
        scope.owner = ir.This(at)
    work.scopes.append(scope)
    inside = node.child_by_field_name("body")
    for child in work.named(inside) if inside is not None else []:
        work.statement(child)
    work.scopes.pop()
    if scope.owner is None:
        outer.members.update(scope.names | scope.members)


# methods that define methods


def attributes(work: Lowering, names: list[str], reads: bool, writes: bool, at: ir.At) -> None:
    """``attr_reader``, ``attr_writer``, ``attr_accessor``."""
    of_class = work.scope.kind == "singleton"
    for name in names:
        kept = ir.Attr(ir.This(at), f"@{name}", at)
        if reads:
            _add(work, member_name(name, of_class), (), (ir.Return(kept, at),), at)
        if writes:
            value = ir.Name("value", at)
            _add(work, f"{name}.setter", (ir.Parameter(value),), (ir.Assign(kept, value, at),), at)


def _add(work: Lowering, name: str, parameters: tuple[ir.Parameter, ...], block: ir.Block, at: ir.At) -> None:
    names = frozenset(one.name for one in parameters if one.name is not None)
    made = ir.Function(name.removeprefix(OF_CLASS), parameters, block, names, at, "this")
    work.emit(ir.Assign(_own_target(work, name, at), ir.Lambda(made, at), at))


def forward(work: Lowering, name: str, called: ir.Expr, at: ir.At) -> None:
    """A method that hands on to another whatever it is given."""
    rest, keywords, block = (ir.Name(one, at) for one in ("<rest>", "<keywords>", BLOCK))
    parameters = (
        ir.Parameter(rest, None, "rest"),
        ir.Parameter(block, ir.Const(None, at), "keyword"),
        ir.Parameter(keywords, None, "keywords"),
    )
    call = ir.Call(called, (ir.Spread(rest, at),), ((None, keywords), (BLOCK, block)), at)
    _add(work, member_name(name, work.scope.kind == "singleton"), parameters, (ir.Return(call, at),), at)


@NODES.statement_with_value("alias")
def alias(work: Lowering, node: Node, sink: Sink | None) -> None:
    """``alias new old``."""
    new, old = node.child_by_field_name("name"), node.child_by_field_name("alias")
    if new is not None and old is not None:
        _alias(work, work.text(new).lstrip(":"), work.text(old).lstrip(":"), work.at(node))


def _alias(work: Lowering, new: str, old: str, at: ir.At) -> None:
    name, known = (member_name(one, work.scope.kind == "singleton") for one in (new, old))
    if work.scope.kind not in ("class", "singleton") or known in work.scope.members:
        work.emit(ir.Assign(ir.Name(bind_in_class(work, name), at), ir.Name(known, at), at))
    else:
        forward(work, new, ir.Attr(ir.This(at), old, at), at)


def _target(name: str, at: ir.At) -> ir.Expr:
    """What ``to: :client`` or ``:@client`` names."""
    if name.startswith("@"):
        return ir.Attr(ir.This(at), name, at)
    if name == "class":
        return ir.Attr(ir.This(at), name, at)
    if name[:1].isupper():
        return ir.Name(name, at)
    return ir.Call(ir.Name(name, at), (), (), at)


def _accessors(reads: bool, writes: bool) -> Callable[[Lowering, list[str], dict[str, str], ir.At], None]:
    return lambda work, names, options, at: attributes(work, names, reads, writes, at)


def _alias_method(work: Lowering, names: list[str], options: dict[str, str], at: ir.At) -> None:
    if len(names) == 2:
        _alias(work, names[0], names[1], at)


def _delegate(work: Lowering, names: list[str], options: dict[str, str], at: ir.At) -> None:
    """``delegate :a, :b, to: :client`` (https://api.rubyonrails.org/classes/Module.html#method-i-delegate)."""
    if (to := options.get("to")) is not None:
        for name in names:
            forward(work, name, ir.Attr(_target(to, at), name, at), at)


def _delegators(work: Lowering, names: list[str], options: dict[str, str], at: ir.At) -> None:
    """``def_delegators :@client, :a, :b`` (https://docs.ruby-lang.org/en/3.3/Forwardable.html)."""
    for name in names[1:]:
        forward(work, name, ir.Attr(_target(names[0], at), name, at), at)


def _delegator(work: Lowering, names: list[str], options: dict[str, str], at: ir.At) -> None:
    """``def_delegator :@client, :method, :name``."""
    if len(names) > 1:
        forward(work, names[-1], ir.Attr(_target(names[0], at), names[1], at), at)


_DEFINING: Final[dict[str, Callable[[Lowering, list[str], dict[str, str], ir.At], None]]] = {
    "attr_reader": _accessors(True, False),
    "attr": _accessors(True, False),
    "attr_writer": _accessors(False, True),
    "attr_accessor": _accessors(True, True),
    "alias_method": _alias_method,
    "delegate": _delegate,
    "def_delegators": _delegators,
    "def_instance_delegators": _delegators,
    "def_delegator": _delegator,
    "def_instance_delegator": _delegator,
}
_VISIBILITY: Final = frozenset({
    "private", "public", "protected", "module_function", "private_class_method", "public_class_method",
    "private_constant", "public_constant",
})  # fmt: skip


def in_class(work: Lowering, name: str, node: Node) -> bool:
    """A call in the body of a class that defines methods, or says who may call them; False where it is none."""
    given = node.child_by_field_name("arguments")
    inside = work.named(given) if given is not None else []
    if name in _VISIBILITY:
        for child in inside:
            if work.kind(child) not in ("simple_symbol", "string", "array"):
                work.statement(child)
        return True
    if name == "define_method" and inside:
        return _define_method(work, inside, node)
    handler = _DEFINING.get(name)
    if handler is None:
        return False
    positional, keywords = arguments(work, inside)
    names = [one.value for one in positional if isinstance(one, ir.Const) and isinstance(one.value, str)]
    options = {
        key: value.value
        for key, value in keywords
        if key is not None and isinstance(value, ir.Const) and isinstance(value.value, str)
    }
    handler(work, names, options, work.at(node))
    return True


def _define_method(work: Lowering, inside: list[Node], node: Node) -> bool:
    """``define_method(:name) { … }``, where the name is written."""
    named, block = work.expression(inside[0]), node.child_by_field_name("block")
    if block is None or not isinstance(named, ir.Const) or not isinstance(named.value, str):
        return False
    if work.scope.names or work.scope.is_open:
        return False  # the block may use variables around it
    of_class = work.scope.kind == "singleton"
    name = member_name(named.value, of_class)
    scope = Scope("method", named.value, of_class)
    parameters, code = block.child_by_field_name("parameters"), block.child_by_field_name("body")
    at = work.at(node)
    made = function(work, named.value, scope, parameters, code, at, "this")
    work.emit(ir.Assign(_own_target(work, name, at), made, at))
    return True
