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

from scopedown.languages.block_names import ignored
from scopedown.languages.kotlin import flow, functions, marks, types
from scopedown.languages.kotlin.names import DELEGATE, INITIALISE
from scopedown.languages.kotlin.work import MAX_DEPTH, Scope, Work
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

DECLARATIONS: Final = frozenset({"class_declaration", "object_declaration"})
_BODIES: Final = ("class_body", "enum_class_body")


class _Parts:
    """The parts of a class that is being made."""

    __slots__ = ("constructors", "initial", "kept", "methods", "nested", "statics", "supplied", "types")

    def __init__(self) -> None:
        self.methods: dict[str, list[ir.Expr]] = {}
        self.constructors: list[ir.Expr] = []
        self.initial: list[Node] = []
        """What runs when an object is made: properties with a value, ``init`` blocks."""
        self.kept: set[str] = set()
        """Properties with a value that a getter gives."""
        self.nested: list[ir.Stmt] = []
        self.statics: list[ir.Stmt] = []
        self.types: dict[str, ir.Expr] = {}
        self.supplied: list[tuple[str, tuple[ir.Expr, ...], ir.Expr | None]] = []


def declaration(work: Work, node: Node) -> tuple[str, ir.Expr] | None:
    """A class, interface or object with its name; None where it is nested too deeply."""
    if work.too_deep(node):
        return None
    work.depth += 1
    named = node.child_by_field_name("name") or work.child(node, "identifier")
    name = work.text(named) if named is not None else "Companion"
    made = _class(work, node, name)
    work.depth -= 1
    at = made.at
    if node.type == "object_declaration":
        return name, ir.Call(made, (), (), at, new=True)
    return name, made


def object_literal(work: Work, node: Node) -> ir.Expr:
    """``object : T { … }``: one object of a class without a name."""
    if work.too_deep(node):
        return ir.Opaque((), work.at(node))
    made = _class(work, node, "<object>")
    return ir.Call(made, (), (), made.at, new=True)


def _class(work: Work, node: Node, name: str) -> ir.ClassExpr:
    at = work.at(node)
    words = marks.words(work, node)
    is_interface = any(token.type == "interface" for token in node.children)
    primary = work.child(node, "primary_constructor")
    parts = _Parts()
    with work.type(name, types.generics(work, node)):
        bases, super_call, delegates = _above(work, node)
        for body in [one for one in node.named_children if one.type in _BODIES]:
            _members(work, body, name, parts)
        _constructors(work, node, name, primary, super_call, delegates, parts)
    annotations = marks.notes(work, node)
    abstract = is_interface or bool(words & {"abstract", "sealed"})
    return ir.ClassExpr(_made(name, bases, parts, at, annotations, abstract), at)


def _made(
    name: str, bases: tuple[ir.Expr, ...], parts: _Parts, at: ir.At, annotations: tuple[ir.Expr, ...], abstract: bool
) -> ir.Class:
    statements: list[ir.Stmt] = []
    methods = {**parts.methods, **({"constructor": parts.constructors} if parts.constructors else {})}
    for method, made in methods.items():
        whole = made[0] if len(made) == 1 else ir.Overloads(tuple(made), made[0].at)
        statements.append(ir.Assign(ir.Name(method, made[0].at), whole, made[0].at))
    statements += [*parts.nested, *parts.statics]
    names = {one.target.id for one in statements if isinstance(one, ir.Assign) and isinstance(one.target, ir.Name)}
    return ir.Class(
        name, bases, tuple(statements), frozenset(names), at, types=tuple(parts.types.items()),
        supplied=tuple(parts.supplied), annotations=annotations, abstract=abstract,
    )  # fmt: skip


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
            made = functions.function(work, child, "this")
            if work.child(child, "function_body") is not None:
                parts.methods.setdefault(made.function.name, []).append(made)
                if functions.is_extension(work, child):
                    parts.statics.append(functions.perhaps(made))
                if made.function.name == "invoke":  # the operator: the object is called
                    parts.methods.setdefault("__call__", []).append(made)
            else:
                if any(one.default is not None for one in made.function.parameters):
                    parts.methods[ir.ABSTRACT + made.function.name] = [made]
                if made.function.returns is not None:
                    parts.types[f"{made.function.name}()"] = made.function.returns
        elif kind == "property_declaration":
            _property(work, child, parts)
        elif kind == "anonymous_initializer":
            parts.initial.append(child)
        elif kind in DECLARATIONS and (found := declaration(work, child)) is not None:
            at = work.at(child)
            parts.nested.append(ir.Assign(ir.Name(found[0], at), found[1], at))
        elif kind == "companion_object":
            _companion(work, child, parts)
        elif kind == "enum_entry":
            _entry(work, child, name, parts)
        elif kind == "secondary_constructor":
            parts.initial.append(child)
        elif kind == "ERROR" and work.depth < MAX_DEPTH:
            work.depth += 1
            _members(work, child, name, parts)
            work.depth -= 1


def _property(work: Work, node: Node, parts: _Parts) -> None:
    """A property: computed where it is read, or a field that the constructor sets."""
    one = work.child(node, "variable_declaration")
    named = work.child(one, "identifier") if one is not None else None
    if one is None or named is None:
        return
    name, at = work.text(named), work.at(named)
    declared = types.declared(work, one)
    if declared is not None:
        parts.types[name] = declared
    getter, delegate = work.child(node, "getter"), work.child(node, "property_delegate")
    value = flow.initial(work, node)
    if (setter := functions.setter(work, name, node)) is not None:
        parts.methods[setter.function.name] = [setter]
    if getter is not None and value is not None:  # it may read the field that the value is in
        parts.methods[name] = [functions.accessor(work, name, getter, None, at)]
        parts.initial.append(node)
        parts.kept.add(name)
    elif delegate is not None and (lambda_ := _lazy(work, delegate)) is not None:
        parts.methods[name] = [functions.accessor(work, name, node, lambda_, at)]
    elif getter is not None and value is None:
        parts.methods[name] = [functions.accessor(work, name, getter, None, at)]
    elif value is not None or delegate is not None:
        parts.initial.append(node)
    elif annotations := marks.notes(work, node):
        parts.supplied.append((name, annotations, declared))


def _lazy(work: Work, delegate: Node) -> Node | None:
    """The lambda of ``lazy``."""
    inside = work.named(delegate)
    return flow.lazily(work, inside[0]) if inside else None


def _companion(work: Work, node: Node, parts: _Parts) -> None:
    """The members of a companion object, as the class's own; by the companion's name it is the class."""
    named, place = work.child(node, "identifier"), work.at(node)
    name = work.text(named) if named is not None else "Companion"
    itself = ir.Return(ir.This(place), place)
    parts.methods[name] = [ir.Lambda(ir.Function(name, (), (itself,), frozenset(), place, "this", True), place)]
    for body in [one for one in node.named_children if one.type in _BODIES]:
        for child in body.named_children:
            if child.type == "function_declaration":
                made = functions.function(work, child, "none")
                parts.methods.setdefault(made.function.name, []).append(made)
                if made.function.name == "invoke":  # ``A()`` may be a call of it
                    parts.statics.append(functions.perhaps(made))
            elif child.type == "property_declaration":
                _static(work, child, parts)
            elif child.type == "anonymous_initializer":
                with work.function() as (scope, out):
                    _block(work, child)
                at = work.at(child)
                function = ir.Function("<companion>", (), tuple(out), frozenset(scope.names), at, "lexical")
                parts.statics.append(ir.ExprStmt(ir.Call(ir.Lambda(function, at), (), (), at), at))
            elif child.type in DECLARATIONS and (found := declaration(work, child)) is not None:
                at = work.at(child)
                parts.nested.append(ir.Assign(ir.Name(found[0], at), found[1], at))


def _static(work: Work, node: Node, parts: _Parts) -> None:
    one = work.child(node, "variable_declaration")
    named = work.child(one, "identifier") if one is not None else None
    if one is None or named is None:
        return
    name, at = work.text(named), work.at(named)
    declared = types.declared(work, one)
    if (setter := functions.setter(work, name, node)) is not None:
        parts.statics.append(functions.perhaps(setter))
    getter, delegate, value = (
        work.child(node, "getter"),
        work.child(node, "property_delegate"),
        flow.initial(work, node),
    )
    if getter is not None and value is None:
        parts.methods[name] = [functions.accessor(work, name, getter, None, at)]
        return
    with work.block() as out:
        made: ir.Expr = ir.Const(None, at)
        if delegate is not None:
            made = flow.delegated(work, delegate)
        elif value is not None:
            made = work.steps.expression(work, value)
    if isinstance(made, ir.Lambda):
        made.function.name = name
    parts.statics += [*out, ir.Assign(ir.Name(name, at), made, at, annotation=declared)]


def _entry(work: Work, node: Node, name: str, parts: _Parts) -> None:
    """A constant of an enumeration."""
    named = work.child(node, "identifier")
    if named is None:
        return
    at, written = work.at(node), work.text(named)
    given, body = work.child(node, "value_arguments"), work.child(node, *_BODIES)
    positional, keywords = marks.arguments(work, given) if given is not None else ((), ())
    of: ir.Expr = ir.Name(name, at)
    if body is not None:
        own = _Parts()
        with work.type(f"<{written}>", {}):
            _members(work, body, written, own)
        of = ir.ClassExpr(_made(f"<{written}>", (of,), own, at, (), False), at)
    parts.statics.append(ir.Assign(ir.Name(written, at), ir.Call(of, positional, keywords, at, new=True), at))
    kept = ir.Attr(ir.Name(written, at), "name", at)
    parts.statics.append(ir.Assign(kept, ir.Const(written, at), at))


# making objects


def _constructors(
    work: Work,
    node: Node,
    name: str,
    primary: Node | None,
    super_call: Node | None,
    delegates: list[tuple[ir.Expr, Node]],
    parts: _Parts,
) -> None:
    at = work.at(node)
    others = [one for one in parts.initial if one.type == "secondary_constructor"]
    initial = [one for one in parts.initial if one.type != "secondary_constructor"]
    has_own = primary is not None or not others
    if has_own and (primary is not None or initial or super_call is not None or delegates):
        with work.function(owner="") as (scope, out):
            given = _primary_parameters(work, primary, parts, out)
            if super_call is not None:
                positional, keywords = marks.arguments(work, super_call)
                work.emit(ir.ExprStmt(ir.Call(ir.Super(at), positional, keywords, at), at))
            _delegate(work, delegates)
            _initialise(work, initial, parts.kept)
        body = _with_this(scope, out, at)
        annotations = marks.notes(work, primary) if primary is not None else ()
        made = ir.Function("constructor", given, body, frozenset(scope.names), at, "this", annotations=annotations)
        parts.constructors.append(ir.Lambda(made, at))
    elif others and initial:
        with work.function(owner="") as (scope, out):
            _initialise(work, initial, parts.kept)
        made = ir.Function(INITIALISE, (), _with_this(scope, out, at), frozenset(scope.names), at, "this")
        parts.methods[INITIALISE] = [ir.Lambda(made, at)]
    for one in others:
        parts.constructors.append(_secondary(work, one, has_own, bool(initial)))


def _with_this(scope: Scope, out: list[ir.Stmt], at: ir.At) -> ir.Block:
    return (*functions.kept_this(scope, at), *out)


def _primary_parameters(work: Work, node: Node | None, parts: _Parts, out: list[ir.Stmt]) -> tuple[ir.Parameter, ...]:
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
        default = work.steps.expression(work, value) if value is not None else None
        target = ir.Name(work.bind(name), at)
        above = tuple(one for one in marks.notes(work, child))
        kind = "rest" if "vararg" in marks.words(work, child) else "positional"
        found.append(ir.Parameter(target, default, kind, declared, above))
        if any(token.type in ("val", "var") for token in child.children):
            if declared is not None:
                parts.types.setdefault(name, declared)
            out.append(ir.Assign(ir.Attr(ir.This(at), name, at), target, at))
    return tuple(found)


def _delegate(work: Work, delegates: list[tuple[ir.Expr, Node]]) -> None:
    for position, (_, value) in enumerate(delegates):
        at = work.at(value)
        target = ir.Attr(ir.This(at), DELEGATE.format(position), at)
        work.emit(ir.Assign(target, work.steps.expression(work, value), at))


def _initialise(work: Work, nodes: list[Node], kept: set[str]) -> None:
    for node in nodes:
        if node.type == "anonymous_initializer":
            with work.block() as out:
                _block(work, node)
            work.out.extend(out)
            continue
        one, at = work.child(node, "variable_declaration"), work.at(node)
        named = work.child(one, "identifier") if one is not None else None
        value, delegate = flow.initial(work, node), work.child(node, "property_delegate")
        if one is None or named is None:
            continue
        made = work.steps.expression(work, value) if value is not None else ir.Opaque((), at)
        declared = types.declared(work, one)
        if delegate is not None:
            made = flow.delegated(work, delegate)
        if declared is not None:
            made = ir.Cast(made, declared, at)
        if isinstance(made, ir.Lambda):
            made.function.name = work.text(named)
        field = f"<field {work.text(named)}>" if work.text(named) in kept else work.text(named)
        work.emit(ir.Assign(ir.Attr(ir.This(at), field, at), made, at))


def _block(work: Work, node: Node) -> None:
    block = work.child(node, "block")
    if block is not None:
        work.steps.statements(work, work.named(block), ignored)


def _secondary(work: Work, node: Node, has_own: bool, initialises: bool) -> ir.Expr:
    """``constructor(x: T) : this(x) { … }``."""
    at = work.at(node)
    with work.function(owner="") as (scope, out):
        given = functions.parameters(work, work.child(node, "function_value_parameters"))
        call = work.child(node, "constructor_delegation_call")
        is_super = call is not None and any(work.text(one) == "super" for one in call.children)
        if call is not None:
            listed = work.child(call, "value_arguments")
            positional, keywords = marks.arguments(work, listed) if listed is not None else ((), ())
            called: ir.Expr = ir.Super(at) if is_super else ir.Attr(ir.This(at), "constructor", at)
            work.emit(ir.ExprStmt(ir.Call(called, positional, keywords, at), at))
        if initialises and not has_own and (call is None or is_super):
            work.emit(ir.ExprStmt(ir.Call(ir.Attr(ir.This(at), INITIALISE, at), (), (), at), at))
        block = work.child(node, "block")
        if block is not None:
            work.steps.statements(work, work.named(block), ignored)
    made = ir.Function("constructor", given, _with_this(scope, out, at), frozenset(scope.names), at, "this")
    return ir.Lambda(made, at)
