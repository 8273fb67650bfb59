"""Ruby's methods, blocks and lambdas as functions: their parameters, and what they give back.

The value of the last statement is what a function gives. A ``return`` in a block leaves the method around it: the
method keeps what was returned so under a hidden name, and may give that too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.ruby.arguments import FORWARDED
from scopedown.languages.ruby.scope import BLOCK, Lowering, Scope
from scopedown.languages.ruby.targets import target
from scopedown.source import ir
from scopedown.source.languages.front_end import returned

if TYPE_CHECKING:
    from tree_sitter import Node


def function(
    work: Lowering, name: str, scope: Scope, parameters: Node | None, inside: Node | None, at: ir.At, receiver: str
) -> ir.Expr:
    """A function as a value."""
    work.scopes.append(scope)
    with work.collected() as before:
        found, block_name = _parameters(work, parameters, scope)
    if scope.kind == "method":
        scope.escapes = f"<returned {len(work.scopes)}>"
    sink = None if name == "constructor" else returned
    statements = work.body(inside, sink)
    if scope.implicit and not found:
        names = [f"_{number}" for number in range(1, scope.implicit + 1)]
        scope.names.update(names)
        found = [ir.Parameter(ir.Name(one, at)) for one in names]
    if block_name or (scope.kind == "method" and scope.takes_block):
        scope.names.add(BLOCK)
        found.append(ir.Parameter(ir.Name(BLOCK, at), ir.Const(None, at), "keyword"))
    if block_name:
        before.append(ir.Assign(ir.Name(block_name, at), ir.Name(BLOCK, at), at))
    found.sort(key=lambda one: one.kind == "keywords")  # the block is taken before what takes all keywords
    work.scopes.pop()
    if scope.escapes in scope.names:
        kept = ir.Name(scope.escapes, at)
        before.append(ir.Assign(kept, ir.Const(None, at), at))
        statements = _with_escape(statements, kept, at)
    made = ir.Function(name, tuple(found), (*before, *statements), frozenset(scope.names), at, receiver)
    return ir.Lambda(made, at)


def _with_escape(statements: ir.Block, kept: ir.Name, at: ir.At) -> ir.Block:
    """What a block may have returned comes before the method's last statement, which returns otherwise."""
    maybe = ir.If(ir.Op("!=", (kept, ir.Opaque((), at)), at), (ir.Return(kept, at),), (), at)
    return (*statements[:-1], *_before_last(statements[-1:], maybe))


def _before_last(last: ir.Block, maybe: ir.If) -> ir.Block:
    match last:
        case (ir.Return(value=value, at=at),) if value is not None and not isinstance(value, ir.Name | ir.Const):
            held = ir.Name("<last>", at)
            return (ir.Assign(held, value, at), maybe, ir.Return(held, at))
        case _:
            return (maybe, *last)


def _parameters(work: Lowering, node: Node | None, scope: Scope) -> tuple[list[ir.Parameter], str]:
    """The parameters, and the name of the one that takes the block. Their names are bound in the present scope."""
    found: list[ir.Parameter] = []
    keywords: list[tuple[ir.Expr | None, ir.Expr]] = []
    block_name = ""
    own = node.children_by_field_name("locals") if node is not None else []
    scope.names.update(work.text(child) for child in own)  # |a; b|
    for child in work.named(node) if node is not None else ():
        if child in own:
            continue
        kind, at = work.kind(child), work.at(child)
        name_node = child if kind == "identifier" else child.child_by_field_name("name")
        name = work.text(name_node) if name_node is not None else ""
        if name:
            scope.names.add(name)
        bound = ir.Name(name, at)
        value = child.child_by_field_name("value")
        match kind:
            case "identifier":
                found.append(ir.Parameter(bound))
                scope.parameters.append(bound)
            case "optional_parameter":
                found.append(ir.Parameter(bound, work.expression(value) if value is not None else None))
                scope.parameters.append(bound)
            case "keyword_parameter":
                found.append(ir.Parameter(bound, None if value is None else work.expression(value), "keyword"))
                keywords.append((ir.Const(name, at), bound))
            case "splat_parameter":
                bound = ir.Name(name or work.hidden("rest"), at)
                found.append(ir.Parameter(bound, None, "rest"))
                scope.parameters.append(ir.Spread(bound, at))
            case "hash_splat_parameter":
                bound = ir.Name(name or work.hidden("keywords"), at)
                found.append(ir.Parameter(bound, None, "keywords"))
                keywords.append((None, bound))
            case "block_parameter":
                block_name = name
                scope.takes_block = True
            case "forward_parameter":
                found.append(ir.Parameter(ir.Name(FORWARDED, at), None, "rest"))
                found.append(ir.Parameter(ir.Name(FORWARDED + ":", at), None, "keywords"))
                scope.names.update((FORWARDED, FORWARDED + ":"))
            case "destructured_parameter":
                found.append(ir.Parameter(target(work, child)))
    if node is not None and len(node.children) > 2 and work.text(node.children[-2]) == ",":  # |a, | takes a list apart
        found.append(ir.Parameter(ir.Name(work.hidden("rest"), work.at(node)), None, "rest"))
    if keywords:
        scope.parameters.append(ir.ObjectExpr(tuple(keywords), work.at(node) if node is not None else (1, 1)))
    return found, block_name
