"""PHP's classes, interfaces, traits and enumerations.

A class is known by its whole name (``App\\Store``). Properties keep their ``$``; a trait is a base. Static methods have
their class as ``this``. The cases of an enumeration are objects of it with ``name`` and ``value``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from scopedown.languages.php.attributes import attributes
from scopedown.languages.php.calls import BACKING, HIDDEN, METHOD, class_reference, method_name
from scopedown.languages.php.functions import function, promoted
from scopedown.languages.php.scope import NODES, UNFOLLOWED, Lowering, Scope
from scopedown.languages.php.types import declared
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

_ABSTRACT: Final = frozenset({"interface_declaration", "trait_declaration"})


@NODES.statement("class_declaration", "interface_declaration", "trait_declaration", "enum_declaration")
def declaration(work: Lowering, node: Node) -> None:
    """``class Name …``."""
    name_node = node.child_by_field_name("name")
    if name_node is None:
        return
    name = work.text(name_node)
    qualified = work.own(name)
    if work.scope.kind == "program":
        _unlike_functions(work, qualified, node)
        work.bind(qualified)
    at = work.at(node)
    work.emit(ir.Assign(ir.Name(qualified, at), class_expression(work, node, name, qualified), at))
    body = node.child_by_field_name("body")
    for child in work.named(body) if body is not None and work.kind(node) == "enum_declaration" else []:
        if work.kind(child) == "enum_case":
            _object_of_case(work, qualified, child)
        elif work.kind(child) == "const_declaration":  # once more, of the cases as objects
            for name_, value in _elements(work, child):
                work.scopes.append(Scope("static", qualified))
                made = work.expression(value)
                work.scopes.pop()
                here = work.at(value)
                work.emit(ir.Assign(ir.Attr(ir.Name(qualified, here), name_, here), made, here))


def _unlike_functions(work: Lowering, qualified: str, node: Node) -> None:
    """A class and a function of one name are two things in PHP, and one here."""
    if qualified in work.scopes[0].names:
        at = work.at(node)
        what = ir.Const("a class that has the name of a function", at)
        work.emit(ir.ExprStmt(ir.Call(ir.Name(UNFOLLOWED, at), (what,), (), at), at))


def class_expression(work: Lowering, node: Node, name: str, qualified: str) -> ir.ClassExpr:
    """A class as a value."""
    at = work.at(node)
    bases: list[ir.Expr] = []
    inside: Node | None = node.child_by_field_name("body")
    above: list[ir.Expr] = []
    for child in work.named(node):
        if work.kind(child) in ("base_clause", "class_interface_clause"):
            above += [class_reference(work, one) for one in work.named(child)]
    scope = Scope("class", qualified)
    scope.trait = work.kind(node) == "trait_declaration"
    work.scopes.append(scope)
    fields: list[tuple[ir.Expr, ir.Expr | None]] = []
    types: list[tuple[str, ir.Expr]] = []
    with work.collected() as out:
        for child in work.named(inside) if inside is not None else []:
            match work.kind(child):
                case "method_declaration":
                    types += _method(work, child)
                case "property_declaration":
                    _property(work, child, fields, types)
                case "const_declaration":
                    _constants(work, child)
                case "enum_case":
                    _case(work, child)
                case "use_declaration":
                    used = [
                        class_reference(work, one)
                        for one in work.named(child)
                        if work.kind(one) in ("name", "qualified_name", "relative_name")
                    ]
                    bases += used
                    _aliases(work, child, used, _methods(work, inside))
    work.scopes.pop()
    abstract = work.kind(node) in _ABSTRACT or any(work.kind(child) == "abstract_modifier" for child in node.children)
    made = ir.Class(
        name,
        (*bases, *above),
        tuple(out),
        frozenset(scope.names),
        at,
        tuple(fields),
        types=tuple(types),
        annotations=attributes(work, node),
        abstract=abstract,
    )
    return ir.ClassExpr(made, at)


def _methods(work: Lowering, body: Node | None) -> set[str]:
    """The names of the methods that a class declares itself, as they are written."""
    return {
        work.text(name)
        for member in (work.named(body) if body is not None else [])
        if work.kind(member) == "method_declaration" and (name := member.child_by_field_name("name")) is not None
    }


def _aliases(work: Lowering, node: Node, used: list[ir.Expr], own: set[str]) -> None:
    """``use T { f as g; T::f insteadof U; }``: a method of a trait under a name, or instead of another one's; the
    class's own methods hide both."""
    for listed in work.named(node):
        for clause in work.named(listed) if work.kind(listed) == "use_list" else []:
            parts = [one for one in work.named(clause) if work.kind(one) != "visibility_modifier"]
            if not parts:
                continue
            at, owners, first = work.at(clause), used, parts[0]
            if work.kind(first) == "class_constant_access_expression" and len(work.named(first)) == 2:
                owners, first = [class_reference(work, work.named(first)[0])], work.named(first)[1]
            is_alias = work.kind(clause) == "use_as_clause"
            if is_alias and len(parts) < 2:
                continue
            name = ir.Const(method_name(work.text(first)), at)
            written = work.text(parts[1] if is_alias else first)
            if written in own:
                continue
            aimed = method_name(written)
            value = ir.Call(ir.Name(METHOD, at), (name, *owners), (), at)
            work.emit(ir.Assign(ir.Name(work.bind(aimed), at), value, at))


def _hooks(work: Lowering, name: str, node: Node) -> None:
    """``public $x { get => …; set { … } }``: what reading and writing the property calls
    (https://www.php.net/manual/en/language.oop5.property-hooks.php)."""
    at = work.at(node)
    kinds = set()
    for hook in work.named(node):
        name_node = next((one for one in work.named(hook) if work.kind(one) == "name"), None)
        inside = hook.child_by_field_name("body")
        if work.kind(hook) != "property_hook" or name_node is None or inside is None:
            continue
        kind = work.text(name_node).lower()
        kinds.add(kind)
        scope = Scope("method")
        scope.hooked = name
        made = function(work, hook, name if kind == "get" else f"{name}.setter", scope, "this")
        own = made.function
        last = own.body[-1] if own.body else None
        if work.kind(inside) != "compound_statement" and kind == "set" and isinstance(last, ir.Return):
            kept = ir.Assign(ir.Attr(ir.This(at), name + BACKING, at), last.value or ir.Const(None, at), at)
            own = replace(own, body=(*own.body[:-1], kept))
        if kind == "set" and not own.parameters:
            given = ir.Parameter(ir.Name("$value", at))
            own = replace(own, parameters=(given,), locals=own.locals | {"$value"})
        if kind == "get":
            hidden = ir.Lambda(own, at)
            work.emit(ir.Assign(ir.Name(work.bind(f"__get {name}__"), at), hidden, at))
            own = replace(own, accessor=True)
        work.emit(ir.Assign(ir.Name(work.bind(own.name), at), ir.Lambda(own, at), at))
    if "set" not in kinds:
        written = ir.Assign(ir.Attr(ir.This(at), name + BACKING, at), ir.Name("$value", at), at)
        plain = ir.Function(
            f"{name}.setter", (ir.Parameter(ir.Name("$value", at)),), (written,), frozenset({"$value"}), at, "this"
        )
        work.emit(ir.Assign(ir.Name(work.bind(plain.name), at), ir.Lambda(plain, at), at))
    if "get" not in kinds:
        read = ir.Return(ir.Attr(ir.This(at), name + BACKING, at), at)
        getter = ir.Function(name, (), (read,), frozenset(), at, "this", True)
        work.emit(ir.Assign(ir.Name(work.bind(name), at), ir.Lambda(getter, at), at))


def _method(work: Lowering, node: Node) -> list[tuple[str, ir.Expr]]:
    name_node = node.child_by_field_name("name")
    if name_node is None or node.child_by_field_name("body") is None:
        return []
    name, at = method_name(work.text(name_node)), work.at(node)
    static = any(work.kind(child) == "static_modifier" for child in node.children)
    types = promoted(work, node) if name == "constructor" else []
    parameters = node.child_by_field_name("parameters")
    for child in work.named(parameters) if name == "constructor" and parameters is not None else []:
        hooks = next((one for one in work.named(child) if work.kind(one) == "property_hook_list"), None)
        own = child.child_by_field_name("name")
        if hooks is not None and own is not None:
            _hooks(work, work.text(own).lstrip("&"), hooks)
    notes = attributes(work, node)
    if {work.text(child).lower() for child in node.children} & {"private", "protected"}:
        notes = (*notes, ir.Name(HIDDEN, at))
    made = function(work, node, name, Scope("static" if static else "method"), "this", notes)
    work.emit(ir.Assign(ir.Name(work.bind(name), at), made, at))
    return types


def _property(
    work: Lowering, node: Node, fields: list[tuple[ir.Expr, ir.Expr | None]], types: list[tuple[str, ir.Expr]]
) -> None:
    static = any(work.kind(child) == "static_modifier" for child in node.children)
    note = declared(work, node.child_by_field_name("type"))
    for child in work.named(node):
        if work.kind(child) != "property_element":
            continue
        name_node, value = child.child_by_field_name("name"), child.child_by_field_name("default_value")
        if name_node is None:
            continue
        name, at = work.text(name_node), work.at(child)
        made = work.expression(value) if value is not None else None
        hooks = next((one for one in work.named(node) if work.kind(one) == "property_hook_list"), None)
        if hooks is not None:
            _hooks(work, name, hooks)
            name += BACKING
        if static:
            work.emit(ir.Assign(ir.Name(work.bind(name), at), made or ir.Const(None, at), at, annotation=note))
        elif made is not None:
            fields.append((ir.Const(name, at), made))
        if note is not None:
            types.append((name, note))


def _elements(work: Lowering, node: Node) -> list[tuple[str, Node]]:
    """The names of constants, and their values."""
    found = [work.named(child) for child in work.named(node) if work.kind(child) == "const_element"]
    return [(work.text(parts[0]), parts[1]) for parts in found if len(parts) == 2]


def _constants(work: Lowering, node: Node) -> None:
    methods = _methods(work, node.parent)
    for name, value in _elements(work, node):
        at = work.at(value)
        if name in methods:
            what = ir.Const("a constant that has the name of a method", at)
            work.emit(ir.ExprStmt(ir.Call(ir.Name(UNFOLLOWED, at), (what,), (), at), at))
        work.emit(ir.Assign(ir.Name(work.bind(name), at), work.expression(value), at))


def _object_of_case(work: Lowering, enumeration: str, node: Node) -> None:
    """A case is an object of its enumeration, whose methods it has; inside of the class it is a plain one."""
    name_node, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name_node is None:
        return
    name, at = work.text(name_node), work.at(node)
    given = work.expression(value) if value is not None else ir.Const(name, at)
    case = ir.Attr(ir.Name(enumeration, at), name, at)
    work.emit(ir.Assign(case, ir.Call(ir.Name(enumeration, at), (), (), at, new=True), at))
    work.emit(ir.Assign(ir.Attr(case, "$name", at), ir.Const(name, at), at))
    work.emit(ir.Assign(ir.Attr(case, "$value", at), given, at))


def _case(work: Lowering, node: Node) -> None:
    name_node, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name_node is None:
        return
    name, at = work.text(name_node), work.at(node)
    given = work.expression(value) if value is not None else ir.Const(name, at)
    entries = ((ir.Const("name", at), ir.Const(name, at)), (ir.Const("value", at), given))
    work.emit(ir.Assign(ir.Name(work.bind(name), at), ir.ObjectExpr(entries, at), at))
