"""Classes, interfaces, objects and enumerations of Kotlin.

* The constructor takes the parameters of the primary one, keeps those that are properties, then runs what initialises
  the object in the order of the source. Without a primary constructor each other one does that by a method of its own.
* Members of a companion object are those of the class itself. ``object X`` is one object.
* A property with a getter, or one by ``lazy``, is computed where it is read. What ``by`` another delegate gives is a
  field that a container may supply.
* ``class A : T by x`` keeps ``x`` in a field, which has the members of ``T``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.languages.kotlin import flow, functions, marks, types
from scopedown.languages.kotlin.names import DELEGATE, INITIALISE
from scopedown.languages.kotlin.work import NODES, Work
from scopedown.source import ir
from scopedown.source.languages.class_parts import ClassParts
from scopedown.source.languages.front_end import ignored, lambda_

if TYPE_CHECKING:
    from tree_sitter import Node

DECLARATIONS: Final = frozenset({"class_declaration", "object_declaration"})
_BODIES: Final = ("class_body", "enum_class_body")


class _Parts(ClassParts):
    """The parts of a class that is being made."""

    __slots__ = ("initial", "kept")

    def __init__(self) -> None:
        super().__init__()
        self.initial: list[Node] = []
        """What runs when an object is made: properties with a value, ``init`` blocks."""
        self.kept: set[str] = set()
        """Properties with a value that a getter gives."""


def declaration(work: Work, node: Node) -> ir.Assign | None:
    """A class, interface or object under its name; None where it is nested too deeply."""
    if work.too_deep(node):
        return None
    work.depth += 1
    name = work.field(node, "identifier") or "Companion"
    made: ir.Expr = _class(work, node, name)
    work.depth -= 1
    at = made.at
    if node.type == "object_declaration":
        made = ir.Call(made, (), (), at, new=True)
    return ir.Assign(ir.Name(name, at), made, at)


@NODES.statement(*DECLARATIONS)
def _local(work: Work, node: Node) -> None:
    """A class in a function."""
    if (made := declaration(work, node)) is not None and isinstance(made.target, ir.Name):
        made.target.id = work.bind(made.target.id)
        work.emit(made)


@NODES.expression("object_literal")
def _object(work: Work, node: Node) -> ir.Expr:
    """``object : T { … }``: one object of a class without a name."""
    if work.too_deep(node):
        return ir.Opaque((), work.at(node))
    made = _class(work, node, "<object>")
    return ir.Call(made, (), (), made.at, new=True)


def _class(work: Work, node: Node, name: str) -> ir.ClassExpr:
    words = marks.words(work, node)
    is_interface = any(token.type == "interface" for token in node.children)
    parts = _Parts()
    with work.function(types.generics(work, node), name):
        bases, super_call, delegates = _above(work, node)
        for body in [one for one in node.named_children if one.type in _BODIES]:
            _members(work, body, name, parts)
        _constructors(work, node, super_call, delegates, parts)
    abstract = is_interface or bool(words & {"abstract", "sealed"})
    return parts.made(name, bases, work.at(node), marks.notes(work, node), abstract)


def _above(work: Work, node: Node) -> tuple[tuple[ir.Expr, ...], Node | None, list[tuple[ir.Expr, Node]]]:
    """What a class derives from, the arguments for its base's constructor, and what implements an interface for it."""
    bases: list[ir.Expr] = []
    arguments: Node | None = None
    delegates: list[tuple[ir.Expr, Node]] = []
    listed = work.child(node, "delegation_specifiers")
    for one in work.named(listed) if listed is not None else ():
        for inside in work.named(one):
            typed = inside if inside.type in types.KINDS else work.child(inside, *types.KINDS)
            made = types.of(work, typed)
            made = made.object if isinstance(made, ir.Index) else made
            if made is None:
                continue
            bases.append(made)
            if inside.type == "constructor_invocation":
                arguments = work.child(inside, "value_arguments")
            elif inside.type == "explicit_delegation":
                delegates.append((made, work.named(inside)[-1]))
    return tuple(bases), arguments, delegates


# members


def _members(work: Work, body: Node, name: str, parts: _Parts) -> None:
    for child in body.named_children:
        kind = child.type
        if kind == "function_declaration":
            _method(work, child, parts)
        elif kind == "property_declaration":
            _property(work, child, parts)
        elif kind in ("anonymous_initializer", "secondary_constructor"):
            parts.initial.append(child)
        elif kind in DECLARATIONS and (found := declaration(work, child)) is not None:
            parts.nested.append(found)
        elif kind == "companion_object":
            _companion(work, child, parts)
        elif kind == "enum_entry":
            _entry(work, child, name, parts)
        elif kind == "ERROR" and work.depth < work.max_depth:
            work.depth += 1
            _members(work, child, name, parts)
            work.depth -= 1


def _method(work: Work, node: Node, parts: _Parts) -> None:
    made = functions.function(work, node, "this")
    name = made.function.name
    if work.child(node, "function_body") is not None:
        parts.method(made)
        if functions.extended(node, node.child_by_field_name("name")) is not None:
            parts.statics.append(functions.perhaps(made))
        if name == "invoke":  # the operator: the object is called
            parts.method(made, "__call__")
        return
    if any(one.default is not None for one in made.function.parameters):
        parts.methods[ir.ABSTRACT + name] = [made]
    if made.function.returns is not None:
        parts.types[f"{name}()"] = made.function.returns


def named_property(work: Work, node: Node) -> tuple[Node, str, ir.At] | None:
    """The variable of a property, with its name and where that stands."""
    one = work.child(node, "variable_declaration")
    named = work.child(one, "identifier") if one is not None else None
    return (one, work.text(named), work.at(named)) if one is not None and named is not None else None


def _property(work: Work, node: Node, parts: _Parts) -> None:
    """A property: computed where it is read, or a field that the constructor sets."""
    if (found := named_property(work, node)) is None:
        return
    one, name, at = found
    declared = types.declared(work, one)
    if declared is not None:
        parts.types[name] = declared
    getter, delegate = work.child(node, "getter"), work.child(node, "property_delegate")
    value = flow.initial(work, node)
    if (setter := functions.setter(work, name, node)) is not None:
        parts.methods[setter.function.name] = [setter]
    lazy = flow.lazily(work, delegate) if delegate is not None else None
    if getter is not None and (value is not None or lazy is None):
        parts.methods[name] = [functions.accessor(work, name, getter, None, at)]
        if value is not None:  # the getter may read the field that the value is in
            parts.initial.append(node)
            parts.kept.add(name)
    elif lazy is not None:
        parts.methods[name] = [functions.accessor(work, name, node, lazy, at)]
    elif value is not None or delegate is not None:
        parts.initial.append(node)
    elif annotations := marks.notes(work, node):
        parts.supplied.append((name, annotations, declared))


def _companion(work: Work, node: Node, parts: _Parts) -> None:
    """The members of a companion object, as the class's own; by the companion's name it is the class."""
    name, place = work.field(node, "identifier") or "Companion", work.at(node)
    itself = ir.Return(ir.This(place), place)
    parts.methods[name] = [lambda_(name, (), (itself,), (), place, "this", accessor=True)]
    for child in [one for body in node.named_children if body.type in _BODIES for one in body.named_children]:
        at = work.at(child)
        if child.type == "function_declaration":
            made = functions.function(work, child, "none")
            parts.method(made)
            if made.function.name == "invoke":  # ``A()`` may be a call of it
                parts.statics.append(functions.perhaps(made))
        elif child.type == "property_declaration":
            _static(work, child, parts)
        elif child.type == "anonymous_initializer":
            with work.function() as (scope, out):
                _block(work, child)
            function = lambda_("<companion>", (), out, scope.names, at, "lexical")
            parts.statics.append(ignored(ir.Call(function, (), (), at)))
        elif child.type in DECLARATIONS and (found := declaration(work, child)) is not None:
            parts.nested.append(found)


def _static(work: Work, node: Node, parts: _Parts) -> None:
    if (found := named_property(work, node)) is None:
        return
    one, name, at = found
    if (setter := functions.setter(work, name, node)) is not None:
        parts.statics.append(functions.perhaps(setter))
    getter, value = work.child(node, "getter"), flow.initial(work, node)
    if getter is not None and value is None:
        parts.methods[name] = [functions.accessor(work, name, getter, None, at)]
        return
    declared = types.declared(work, one)
    with work.block() as out:
        made = flow.given(work, value, work.child(node, "property_delegate"), name) or ir.Const(None, at)
    parts.statics += [*out, ir.Assign(ir.Name(name, at), made, at, annotation=declared)]


def _entry(work: Work, node: Node, name: str, parts: _Parts) -> None:
    """A constant of an enumeration."""
    at, written = work.at(node), work.field(node, "identifier")
    if not written:
        return
    body = work.child(node, *_BODIES)
    positional, keywords = marks.arguments(work, work.child(node, "value_arguments"))
    of: ir.Expr = ir.Name(name, at)
    if body is not None:
        own = _Parts()
        with work.function(owner=f"<{written}>"):
            _members(work, body, written, own)
        of = own.made(f"<{written}>", (of,), at, (), False)
    parts.statics.append(ir.Assign(ir.Name(written, at), ir.Call(of, positional, keywords, at, new=True), at))
    kept = ir.Attr(ir.Name(written, at), "name", at)
    parts.statics.append(ir.Assign(kept, ir.Const(written, at), at))


# making objects


def _constructors(
    work: Work, node: Node, super_call: Node | None, delegates: list[tuple[ir.Expr, Node]], parts: _Parts
) -> None:
    at = work.at(node)
    primary = work.child(node, "primary_constructor")
    others = [one for one in parts.initial if one.type == "secondary_constructor"]
    initial = [one for one in parts.initial if one.type != "secondary_constructor"]
    has_own = primary is not None or not others
    if has_own and (primary is not None or initial or super_call is not None or delegates):
        with work.function() as (scope, out):
            given = _primary_parameters(work, primary, parts)
            if super_call is not None:
                work.emit(ignored(ir.Call(ir.Super(at), *marks.arguments(work, super_call), at)))
            _delegate(work, delegates)
            _initialise(work, initial, parts.kept)
        above = marks.notes(work, primary) if primary is not None else ()
        body = functions.with_this(scope, out, at)
        parts.constructors.append(lambda_("constructor", given, body, scope.names, at, "this", annotations=above))
    elif others and initial:
        with work.function() as (scope, out):
            _initialise(work, initial, parts.kept)
        body = functions.with_this(scope, out, at)
        parts.methods[INITIALISE] = [lambda_(INITIALISE, (), body, scope.names, at, "this")]
    for one in others:
        parts.constructors.append(_secondary(work, one, has_own, bool(initial)))


def _primary_parameters(work: Work, node: Node | None, parts: _Parts) -> list[ir.Parameter]:
    """The parameters of the primary constructor; those with ``val`` or ``var`` are properties."""
    found: list[ir.Parameter] = []
    listed = work.child(node, "class_parameters") if node is not None else None
    for child in work.named(listed) if listed is not None else ():
        named = work.child(child, "identifier")
        if child.type != "class_parameter" or named is None:
            continue
        name, at = work.text(named), work.at(named)
        declared = types.declared(work, child)
        value = flow.initial(work, child)
        default = work.expression(value) if value is not None else None
        target = ir.Name(work.bind(name), at)
        kind = "rest" if "vararg" in marks.words(work, child) else "positional"
        found.append(ir.Parameter(target, default, kind, declared, marks.notes(work, child)))
        if any(token.type in ("val", "var") for token in child.children):
            if declared is not None:
                parts.types.setdefault(name, declared)
            work.emit(ir.Assign(ir.Attr(ir.This(at), name, at), target, at))
    return found


def _delegate(work: Work, delegates: list[tuple[ir.Expr, Node]]) -> None:
    for position, (_, value) in enumerate(delegates):
        at = work.at(value)
        target = ir.Attr(ir.This(at), DELEGATE.format(position), at)
        work.emit(ir.Assign(target, work.expression(value), at))


def _initialise(work: Work, nodes: list[Node], kept: set[str]) -> None:
    for node in nodes:
        if node.type == "anonymous_initializer":
            with work.block() as out:
                _block(work, node)
            work.out.extend(out)
        elif (found := named_property(work, node)) is not None:
            one, name, _ = found
            at, declared = work.at(node), types.declared(work, one)
            made = flow.given(work, flow.initial(work, node), work.child(node, "property_delegate"), name)
            made = made if made is not None else ir.Opaque((), at)
            if declared is not None:
                made = ir.Cast(made, declared, at)
            work.emit(ir.Assign(ir.Attr(ir.This(at), f"<field {name}>" if name in kept else name, at), made, at))


def _block(work: Work, node: Node) -> None:
    block = work.child(node, "block")
    if block is not None:
        work.statements(work.named(block), ignored)


def _secondary(work: Work, node: Node, has_own: bool, initialises: bool) -> ir.Expr:
    """``constructor(x: T) : this(x) { … }``."""
    at = work.at(node)
    with work.function() as (scope, out):
        given = functions.parameters(work, node)
        call = work.child(node, "constructor_delegation_call")
        is_super = call is not None and any(work.text(one) == "super" for one in call.children)
        if call is not None:
            called: ir.Expr = ir.Super(at) if is_super else ir.Attr(ir.This(at), "constructor", at)
            work.emit(ignored(ir.Call(called, *marks.arguments(work, work.child(call, "value_arguments")), at)))
        if initialises and not has_own and (call is None or is_super):
            work.emit(ignored(ir.Call(ir.Attr(ir.This(at), INITIALISE, at), (), (), at)))
        _block(work, node)
    return lambda_("constructor", given, functions.with_this(scope, out, at), scope.names, at, "this")
