"""JavaScript and TypeScript functions, methods and classes."""

from __future__ import annotations

from tree_sitter import Node

from scopedown.languages.javascript.context import NODES, Context
from scopedown.languages.javascript.patterns import bound_names, key, target, with_default
from scopedown.languages.javascript.types import annotation
from scopedown.source import ir
from scopedown.source.languages.javascript_syntax import STATIC


def _parameter(c: Context, node: Node, properties: list[ir.Stmt]) -> ir.Parameter | None:
    kind = node.type
    if kind in ("required_parameter", "optional_parameter"):
        pattern = node.child_by_field_name("pattern")
        if pattern is None or pattern.type == "this":
            return None
        value = node.child_by_field_name("value")
        default = c.expr(value) if value is not None else None
        of = annotation(c, node.child_by_field_name("type"))
        above = _decorators(c, node)
        if pattern.type == "rest_pattern":
            return ir.Parameter(target(c, pattern), kind="rest")
        to, other = with_default(c, pattern)
        if isinstance(to, ir.Name) and any(
            child.type in ("accessibility_modifier", "override_modifier", "readonly") for child in node.children
        ):
            at = c.at(pattern)
            properties.append(ir.Assign(ir.Attr(ir.This(at), to.id, at), ir.Name(to.id, at), at))
        return ir.Parameter(to, default if default is not None else other, annotation=of, decorators=above)
    if kind == "rest_pattern":
        return ir.Parameter(target(c, node), kind="rest")
    to, default = with_default(c, node)
    return ir.Parameter(to, default)


def _decorators(c: Context, node: Node) -> tuple[ir.Expr, ...]:
    """The decorators that stand inside a parameter or a field."""
    return _expressions(c, [child for child in node.named_children if child.type == "decorator"])


def _expressions(c: Context, decorators: list[Node]) -> tuple[ir.Expr, ...]:
    inner = (next((node for node in child.named_children if node.type != "comment"), None) for child in decorators)
    return tuple([c.expr(node) for node in inner if node is not None])


def _declare_parameter(c: Context, node: Node) -> None:
    pattern = node.child_by_field_name("pattern") if node.type.endswith("_parameter") else node
    for name in bound_names(c, pattern):
        c.declare(name)


def function(c: Context, node: Node, name: str, receiver: str, *, accessor: bool = False) -> ir.Lambda:
    """A function with its parameters and body, in a scope of its own."""
    at = c.at(node)
    generator = node.type.startswith("generator") or any(child.type == "*" for child in node.children)
    coroutine, c.coroutine = c.coroutine and generator, False
    with c.function():
        c.awaits = coroutine
        properties: list[ir.Stmt] = []
        single = node.child_by_field_name("parameter")
        several = node.child_by_field_name("parameters")
        nodes = [single] if single is not None else list(several.named_children) if several is not None else []
        nodes = [one for one in nodes if one.type not in ("comment", "ERROR")]
        for one in nodes:
            _declare_parameter(c, one)
        lowered_parameters = (_parameter(c, given, properties) for given in nodes)
        parameters = [parameter for parameter in lowered_parameters if parameter is not None]
        body = node.child_by_field_name("body")
        lowered: ir.Block = ()
        if body is not None and body.type == "statement_block":
            lowered = c.body(body, own=False)
        elif body is not None:
            lowered = (ir.Return(c.expr(body), c.at(body)),)
        made = ir.Function(
            name,
            tuple(parameters),
            (*properties, *lowered),
            frozenset(c.declared),
            at,
            receiver,
            accessor,
            generator and not coroutine,
        )
    return ir.Lambda(made, at)


@NODES.expression("arrow_function")
def arrow_function(c: Context, node: Node) -> ir.Expr:
    """``(a) => …``."""
    return function(c, node, "<anonymous>", "lexical")


@NODES.expression("function_expression", "generator_function")
def function_expression(c: Context, node: Node) -> ir.Expr:
    """``function name() {…}`` as a value; the name is bound where the body uses it."""
    name = node.child_by_field_name("name")
    if name is None:
        return function(c, node, "<anonymous>", "this")
    return _self_named(c, node, name, lambda: function(c, node, c.identifier(name), "this"))


def _self_named(c: Context, node: Node, name: Node, make: object) -> ir.Expr:
    """A function or class expression that may speak of itself by its own name, which nothing outside sees."""
    assert callable(make)
    text = c.identifier(name)
    body = node.child_by_field_name("body")
    if body is None or text.encode() not in c.source[body.start_byte : body.end_byte]:
        value: ir.Expr = make()
        return value
    renames = c.renames
    own = c.declare(text, block=True)
    value = ir.AssignExpr(ir.Name(own, c.at(name)), make(), c.at(node))
    c.renames = renames
    return value


def method(c: Context, node: Node) -> tuple[ir.Expr, ir.Expr]:
    """A method's name and function; a setter is named ``x.setter``, since ``x`` itself is what is read."""
    name = node.child_by_field_name("name")
    at = c.at(node)
    if name is None:
        return ir.Opaque((), at), ir.Opaque((), at)
    named = key(c, name)
    words = [child.type for child in node.children if not child.is_named]
    text = named.value if isinstance(named, ir.Const) and isinstance(named.value, str) else "<computed>"
    if isinstance(named, ir.Const) and isinstance(named.value, int | float):
        named = ir.Const(text := str(named.value), at)
    if "set" in words:
        if not isinstance(named, ir.Const):
            suffix = ir.Const(".setter", at)
            return ir.Op("+", (named, suffix), at), function(c, node, text, "this")
        return ir.Const(f"{text}.setter", at), function(c, node, text, "this")
    return named, function(c, node, text, "this", accessor="get" in words)


def decorate(c: Context, decorators: list[Node], value: ir.Expr) -> ir.Expr:
    """A value within its decorators, the last one innermost."""
    for decorator in reversed(decorators):
        inner = next((child for child in decorator.named_children if child.type != "comment"), None)
        if inner is not None:
            value = ir.Call(c.expr(inner), (value,), (), c.at(decorator), decorator=True)
    return value


def class_(c: Context, node: Node) -> ir.ClassExpr:
    """A class: methods and static fields are its body, instance fields stand apart."""
    name = node.child_by_field_name("name")
    bases: list[ir.Expr] = []
    for child in node.named_children:
        if child.type == "class_heritage":
            extends = [one for one in child.named_children if one.type not in ("implements_clause", "comment")]
            for extend in extends[:1]:
                value = extend.child_by_field_name("value") if extend.type == "extends_clause" else extend
                if value is not None:
                    bases.append(c.expr(value))
    body: list[ir.Stmt] = []
    fields: list[tuple[ir.Expr, ir.Expr | None]] = []
    types: list[tuple[str, ir.Expr]] = []
    supplied: list[tuple[str, tuple[ir.Expr, ...], ir.Expr | None]] = []
    names: set[str] = set()
    pending: list[Node] = []
    members = node.child_by_field_name("body")
    for child in members.named_children if members is not None else ():
        kind = child.type
        if kind == "decorator":
            pending.append(child)
            continue
        if kind == "method_definition":
            pending += [one for one in child.named_children if one.type == "decorator"]
            named, made = method(c, child)
            if _is_static(child) and isinstance(named, ir.Const) and not str(named.value).startswith("@@"):
                named = ir.Const(f"{STATIC}{named.value}", named.at)
            _member(c, named, decorate(c, pending, made), names, body)
        elif kind in ("field_definition", "public_field_definition"):
            _field(c, child, pending, names, body, fields)
            declared = child.child_by_field_name("name")
            of = annotation(c, child.child_by_field_name("type"))
            if declared is not None and of is not None:
                types.append((c.text(declared), of))
            above = (*_expressions(c, pending), *_decorators(c, child))
            if declared is not None and above and child.child_by_field_name("value") is None:
                supplied.append((c.text(declared), above, of))
        elif kind == "class_static_block":
            inner = child.child_by_field_name("body")
            if inner is not None:
                body += c.body(inner)
        if kind != "comment":
            pending = []
    return ir.ClassExpr(
        ir.Class(
            c.identifier(name) if name is not None else "<class>",
            tuple(bases),
            tuple(body),
            frozenset(names),
            c.at(node),
            tuple(fields),
            types=tuple(types),
            supplied=tuple(supplied),
        ),
        c.at(node),
    )


def _is_static(member: Node) -> bool:
    """Whether a member is a method of the class itself, and no accessor."""
    words = {child.type for child in member.children}
    return "static" in words and words.isdisjoint({"get", "set"})


def _member(c: Context, named: ir.Expr, value: ir.Expr, names: set[str], body: list[ir.Stmt]) -> None:
    """A member of the class itself; one with a computed name is written to it."""
    if isinstance(named, ir.Const) and isinstance(named.value, str):
        names.add(named.value)
        body.append(ir.Assign(ir.Name(named.value, named.at), value, named.at))
    else:
        body.append(ir.Assign(ir.Index(ir.This(named.at), named, named.at), value, named.at))


def _field(
    c: Context,
    node: Node,
    decorators: list[Node],
    names: set[str],
    body: list[ir.Stmt],
    fields: list[tuple[ir.Expr, ir.Expr | None]],
) -> None:
    name = node.child_by_field_name("property") or node.child_by_field_name("name")
    if name is None:
        return
    named = key(c, name)
    value = node.child_by_field_name("value")
    for decorator in [*decorators, *(child for child in node.named_children if child.type == "decorator")]:
        inner = next((child for child in decorator.named_children if child.type != "comment"), None)
        if inner is not None:
            body.append(ir.ExprStmt(c.expr(inner), c.at(decorator)))
    static = any(child.type == "static" for child in node.children)
    if value is None and (not static or node.child_by_field_name("type") is not None):
        return  # what it is declared as says more
    lowered = c.expr(value) if value is not None else ir.Const(None, c.at(node))
    if isinstance(lowered, ir.Lambda) and lowered.function.name.startswith("<") and isinstance(named, ir.Const):
        lowered.function.name = str(named.value)
    if static:
        _member(c, named, lowered, names, body)
    else:
        if not isinstance(named, ir.Const):  # computed once, with the class
            body.append(ir.ExprStmt(named, c.at(node)))
        fields.append((named, lowered))


@NODES.expression("class")
def class_expression(c: Context, node: Node) -> ir.Expr:
    """``class Name {…}`` as a value."""
    decorators = [child for child in node.named_children if child.type == "decorator"]
    name = node.child_by_field_name("name")
    if name is None:
        return decorate(c, decorators, class_(c, node))
    return _self_named(c, node, name, lambda: decorate(c, decorators, class_(c, node)))
