"""C# functions: parameters, bodies, lambdas, local functions; and the attributes that stand above code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scopedown.languages.csharp import addresses
from scopedown.languages.csharp.calls import arguments_of_call
from scopedown.languages.csharp.lowering import NODES, Lowering, Scope
from scopedown.languages.csharp.written_types import dotted, last_name, result_of, written
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

OVERRIDES = "<override>"
"""What stands above a method that takes the place of one of a base."""
_ELSEWHERE = frozenset({"property", "field", "return", "assembly", "module", "type", "method"})
"""What an attribute can stand for other than what it stands at."""


def attributes(work: Lowering, node: Node) -> tuple[ir.Expr, ...]:
    """The attributes of a declaration, each a name or a call; ``FooAttribute`` is ``Foo``."""
    found: list[ir.Expr] = []
    for given in work.named(node):
        if given.type != "attribute_list":
            continue
        target = next((one for one in given.named_children if one.type == "attribute_target_specifier"), None)
        if target is not None and work.text(target).rstrip(": ") in _ELSEWHERE:
            continue
        for one in work.named(given):
            name = one.child_by_field_name("name")
            if one.type != "attribute" or name is None:
                continue
            at = work.at(one)
            text = dotted(work, name).rpartition(".")[2]
            if text != "Attribute":
                text = text.removesuffix("Attribute")
            listed = next((child for child in one.named_children if child.type == "attribute_argument_list"), None)
            if listed is None:
                found.append(ir.Name(text, at))
            else:
                positional, keywords = _attribute_arguments(work, listed)
                found.append(ir.Call(ir.Name(text, at), positional, keywords, at))
    return tuple(found)


def _attribute_arguments(
    work: Lowering, node: Node
) -> tuple[tuple[ir.Expr, ...], tuple[tuple[str | None, ir.Expr], ...]]:
    """The arguments of an attribute: ``[A("x", Name = "y")]``."""
    positional: list[ir.Expr] = []
    keywords: list[tuple[str | None, ir.Expr]] = []
    for one in work.named(node):
        parts = work.named(one)
        if len(parts) > 1 and parts[0].type == "identifier":
            keywords.append((work.text(parts[0]), work.expression(parts[-1])))
        elif len(parts) == 1 and parts[0].type == "assignment_expression":
            left, right = parts[0].child_by_field_name("left"), parts[0].child_by_field_name("right")
            if left is not None:
                keywords.append((work.text(left), work.expression(right)))
        elif parts:
            positional.append(work.expression(parts[-1]))
    return tuple(positional), tuple(keywords)


def parameters(work: Lowering, node: Node | None) -> list[ir.Parameter]:
    """The parameters of a list, whose names are bound in the present scope."""
    if node is None:
        return []
    if node.type == "implicit_parameter":
        return [ir.Parameter(ir.Name(work.bind(work.text(node)), work.at(node)))]
    found = [_parameter(work, child) for child in work.named(node) if child.type == "parameter"]
    if any(child.type == "params" for child in node.children):  # ``params T[] rest`` stands in the list itself
        name = next((one for one in reversed(node.children_by_field_name("name")) if one.type == "identifier"), None)
        if name is not None:
            of = written(work, node.child_by_field_name("type"))
            bound = ir.Name(work.bind(work.text(name), of), work.at(name))
            found.append(ir.Parameter(bound, kind="rest", annotation=of))
    return found


def _parameter(work: Lowering, node: Node) -> ir.Parameter:
    at = work.at(node)
    name = node.child_by_field_name("name")
    of = written(work, node.child_by_field_name("type"))
    bound = ir.Name(work.bind(work.text(name), of) if name is not None else work.hidden("parameter"), at)
    addresses.note_parameter(work, node, bound.id)
    default: ir.Expr | None = None
    following = False
    for child in node.children:
        if following and child.is_named:
            by_caller = any(last_name(one).startswith("Caller") for one in attributes(work, node))
            default = ir.Opaque((), at) if by_caller else work.expression(child, of)
            if _takes_other_default(work, node):
                default = ir.Cond(ir.Opaque((), at), default, ir.Opaque((), at), at)
            break
        following = following or child.type == "="
    kind = "rest" if "params" in work.words(node) else "positional"
    return ir.Parameter(bound, default, kind, of, attributes(work, node))


def _takes_other_default(work: Lowering, node: Node) -> bool:
    """Whether a call may take the default of a delegate, or of the method that this one overrides: that of the type by
    which the function is known where it is called."""
    declared = node.parent.parent if node.parent is not None else None
    overrides = declared is not None and "override" in work.words(declared)
    return overrides or work.delegates_have_defaults


def type_parameters(work: Lowering, node: Node) -> list[str]:
    """The names of a declaration's type parameters."""
    for child in work.named(node):
        if child.type == "type_parameter_list":
            names = (one.child_by_field_name("name") for one in work.named(child))
            return [work.text(name) for name in names if name is not None]
    return []


def bind_type_parameters(
    work: Lowering, node: Node, scope: Scope, at: ir.At
) -> tuple[list[ir.Parameter], list[ir.Stmt]]:
    """The type arguments of a call as parameters, and their names in the function."""
    taken: list[ir.Parameter] = []
    named: list[ir.Stmt] = []
    for position, name in enumerate(type_parameters(work, node)):
        given = ir.Name(f"<{position}>", at)
        scope.names |= {name, given.id}
        taken.append(ir.Parameter(given, kind="keyword"))
        named.append(ir.Assign(ir.Name(name, at), given, at))
    return taken, named


def body(work: Lowering, node: Node, returns: ir.Expr | None = None, gives: bool = True) -> ir.Block:
    """The statements of a declaration's body; ``gives``: an expression as its body is what it returns."""
    block = node.child_by_field_name("body")
    if block is None:
        block = next((one for one in node.named_children if one.type in ("block", "arrow_expression_clause")), None)
    if block is None:
        return ()
    if block.type == "block":
        return work.body(block)
    inner = block
    if block.type == "arrow_expression_clause":
        inside = work.named(block) or [one for one in block.children if one.type in ("this", "base")]
        if not inside:
            return ()
        inner = inside[0]
    at = work.at(inner)
    if inner.type == "throw_expression":
        return (ir.Raise(work.expression(inner), at),)
    value = work.expression(inner, returns)
    return (ir.Return(value, at),) if gives else (ir.ExprStmt(value, at),)


@NODES.expression("lambda_expression", "anonymous_method_expression")
def lambda_(work: Lowering, node: Node) -> ir.Expr:
    """``x => …``, ``(a, b) => { … }``, ``delegate (int x) { … }``."""
    at = work.at(node)
    with work.function() as scope:
        taken = parameters(work, node.child_by_field_name("parameters"))
        statements = body(work, node)
        made = ir.Function(
            "<lambda>", tuple(taken), statements, frozenset(scope.names), at, "lexical", generator=scope.generator
        )
    return ir.Lambda(made, at)


def function(work: Lowering, node: Node, name: str, receiver: str, first: tuple[ir.Stmt, ...] = ()) -> ir.Lambda:
    """A method or a local function; ``first`` are statements before its own."""
    at = work.at(node)
    returns = written(work, node.child_by_field_name("returns") or node.child_by_field_name("type"))
    with work.function() as scope:
        scope.returns = result_of(returns)
        generic, named = bind_type_parameters(work, node, scope, at)
        taken = parameters(work, node.child_by_field_name("parameters"))
        statements = body(work, node, scope.returns)
        made = ir.Function(
            name, (*taken, *generic), (*named, *first, *statements), frozenset(scope.names), at, receiver,
            generator=scope.generator, returns=returns, annotations=(*attributes(work, node), *_overriding(work, node)),
        )  # fmt: skip
    return ir.Lambda(made, at)


def _overriding(work: Lowering, node: Node) -> Iterator[ir.Expr]:
    if "override" in work.words(node):
        yield ir.Name(OVERRIDES, work.at(node))


__all__ = ["arguments_of_call", "attributes", "body", "function", "lambda_", "parameters", "type_parameters"]
