"""Java's calls: of methods and constructors, lambdas, method references, and objects of nameless classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.java import classes, functions, types
from scopedown.languages.java.lowering import NODES, Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

REFERENCE = "<reference>"
"""The name of what makes ``Type::method`` a function: the method is static, or one of its first argument."""

_FILLING = frozenset({"put", "putAll", "add", "addAll", "set", "setProperty"})
"""Methods of collections, which code between double braces calls on the new one whatever else has such a name."""


def arguments(work: Lowering, node: Node | None) -> tuple[ir.Expr, ...]:
    """The arguments of a call."""
    return () if node is None else tuple([work.expr(child) for child in work.named(node)])


@NODES.expression("method_invocation")
def invocation(work: Lowering, node: Node) -> ir.Expr:
    """``object.method(…)``, ``method(…)``."""
    owner, name = node.child_by_field_name("object"), node.child_by_field_name("name")
    if name is None:
        return work.opaque(node)
    written = work.text(name)
    # In a chain over several lines, a call stands where its method does.
    at = work.at(name if name.start_point[0] != node.start_point[0] else node)
    function: ir.Expr
    if owner is None:
        function = _unqualified(work, written, at)
    elif any(child.type == "super" for child in node.children):
        function = ir.Attr(ir.Super(at), written, at)
    else:
        function = ir.Attr(work.expr(owner), written, at)
    return ir.Call(function, arguments(work, node.child_by_field_name("arguments")), (), at)


def _unqualified(work: Lowering, name: str, at: ir.At) -> ir.Expr:
    """A method that is called on nothing: methods have names of their own, which variables do not hide."""
    filling = name in _FILLING or not any(name in of.methods for of in work.types)
    if work.receiver is not None and filling:
        return ir.Attr(work.receiver, name, at)
    if name not in work.variables or not work.types:
        return ir.Name(name, at)
    for of in reversed(work.types):
        if name in of.methods:
            if of.methods[name]:
                return ir.Attr(ir.Name(of.name, at), name, at)
            return ir.Attr(functions.outer_this(work, of.name, at), name, at)
    own = work.types[-1]
    return ir.Attr(ir.Name(own.name, at) if own.static else ir.This(at), name, at)


@NODES.expression("explicit_constructor_invocation")
def constructor_invocation(work: Lowering, node: Node) -> ir.Expr:
    """``super(…)`` and ``this(…)``."""
    at = work.at(node)
    called = node.child_by_field_name("constructor")
    given = arguments(work, node.child_by_field_name("arguments"))
    if called is not None and called.type == "this":
        return ir.Call(ir.Attr(ir.This(at), "constructor", at), given, (), at)
    return ir.Call(ir.Super(at), given, (), at)


@NODES.expression("object_creation_expression")
def creation(work: Lowering, node: Node) -> ir.Expr:
    """``new T(…)``, ``outer.new T(…)``, ``new T(…) {…}``."""
    at = work.at(node)
    written = node.child_by_field_name("type")
    of: ir.Expr = types.type_(work, written) or ir.Opaque((), at)
    if isinstance(of, ir.Index):  # what a generic class is of does not matter to what is made
        of = of.object
    children = work.named(node)
    if children and children[0] is not written and isinstance(of, ir.Name) and _is_value(children[0], written):
        of = ir.Attr(work.expr(children[0]), of.id, at)
    given = arguments(work, node.child_by_field_name("arguments"))
    body = next((child for child in children if child.type == "class_body"), None)
    if body is None:
        return ir.Call(of, given, (), at, new=True)
    members = work.named(body)
    if members and all(member.type == "block" for member in members):
        return _filled(work, node, ir.Call(of, given, (), at, new=True), members)
    return ir.Call(classes.anonymous(work, node, body, of), given, (), at, new=True)


def _is_value(node: Node, written: Node | None) -> bool:
    return written is not None and node.end_byte < written.start_byte and node.type not in types.ANNOTATIONS


def _filled(work: Lowering, node: Node, made: ir.Expr, blocks: list[Node]) -> ir.Expr:
    """``new T() {{ put(…); }}``: a function that fills the new object and gives it back."""
    at = work.at(node)
    with work.own_function() as function:
        receiver = ir.Name(work.fresh("made"), at)
        work.receiver = receiver
        body: list[ir.Stmt] = [ir.Assign(receiver, made, at)]
        for one in blocks:
            body += work.body(one)
        body.append(ir.Return(receiver, at))
        whole = functions.with_outer(function, tuple(body), at)
        lowered = ir.Function("<filled>", (), whole, frozenset(function.declared), at, "lexical")
    return ir.Call(ir.Lambda(lowered, at), (), (), at)


@NODES.expression("method_reference")
def reference(work: Lowering, node: Node) -> ir.Expr:
    """``object::method``, ``Type::method``, ``Type::new``."""
    at = work.at(node)
    parts = work.named(node)
    if not parts:
        return ir.Opaque((), at)
    owner, last = parts[0], parts[-1]
    if any(child.type == "new" for child in node.children):
        return _making(work, owner, at)
    name = work.text(last)
    if _is_type(work, owner):
        of = types.type_(work, owner) or work.expr(owner)
        return ir.Call(ir.Name(REFERENCE, at), (of, ir.Const(name, work.at(last))), (), at)
    return ir.Attr(work.expr(owner), name, at)


def _making(work: Lowering, owner: Node, at: ir.At) -> ir.Expr:
    given = ir.Name("arguments~", at)
    of = types.type_(work, owner) or ir.Opaque((), at)
    if isinstance(of, ir.Index):
        of = of.object
    made: ir.Expr = ir.Call(of, (ir.Spread(given, at),), (), at, new=True)
    if owner.type == "array_type":
        made = ir.ListExpr((), at)
    parameter = ir.Parameter(given, kind="rest")
    function = ir.Function("<new>", (parameter,), (ir.Return(made, at),), frozenset({given.id}), at, "lexical")
    return ir.Lambda(function, at)


def _is_type(work: Lowering, node: Node) -> bool:
    if node.type in ("generic_type", "array_type", "type_identifier", "scoped_type_identifier"):
        return True
    if node.type == "field_access":
        name = node.child_by_field_name("field")
        written = work.text(name) if name is not None else ""
        return written[:1].isupper() and not (written.isupper() and len(written) > 1)
    if node.type != "identifier":
        return False
    written = work.text(node)
    return written[:1].isupper() and written not in work.variables and written not in work.fields


@NODES.expression("lambda_expression")
def lambda_(work: Lowering, node: Node) -> ir.Expr:
    """``(a, b) -> …``."""
    at = work.at(node)
    with work.own_function() as function:
        parameters = functions.parameters(work, node.child_by_field_name("parameters"))
        body = node.child_by_field_name("body")
        lowered: ir.Block = ()
        if body is not None and body.type == "block":
            lowered = work.body(body)
        elif body is not None:
            lowered = (ir.Return(work.expr(body), work.at(body)),)
        lowered = functions.with_outer(function, lowered, at)
        made = ir.Function("<lambda>", parameters, lowered, frozenset(function.declared), at, "lexical")
    return ir.Lambda(made, at)


@NODES.expression("template_expression")
def template(work: Lowering, node: Node) -> ir.Expr:
    """``STR."…"``: what the text is, whatever the processor makes of it."""
    return work.expr(node.child_by_field_name("template_argument"))
