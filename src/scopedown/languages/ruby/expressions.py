"""Ruby's expressions, for the lowering in ``lower.py``; calls are in ``calls.py``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopedown.languages.ruby import calls, literals
from scopedown.languages.ruby.arguments import arguments, entries
from scopedown.languages.ruby.scope import NODES, Lowering
from scopedown.languages.ruby.targets import target
from scopedown.source import ir
from scopedown.source.languages.chains import associate

if TYPE_CHECKING:
    from tree_sitter import Node

_NUMBERED: Final = re.compile("_[1-9]")
_PREDEFINED: Final = frozenset({"__FILE__", "__dir__", "__LINE__"})


# names


@NODES.expression("subshell")
def _subshell(work: Lowering, node: Node) -> ir.Expr:
    """A command in backticks, which Kernel's method of that name runs
    (https://docs.ruby-lang.org/en/3.3/Kernel.html#method-i-60)."""
    at = work.at(node)
    return ir.Call(ir.Name("system", at), (literals.text(work, node),), (), at)


@NODES.expression("identifier")
def _identifier(work: Lowering, node: Node) -> ir.Expr:
    name, at = work.text(node), work.at(node)
    if work.is_local(name) or name in _PREDEFINED:
        return ir.Name(name, at)
    scope = work.scope
    if scope.kind in ("block", "lambda") and (name == "it" or _NUMBERED.fullmatch(name)):
        scope.implicit = max(scope.implicit, 1 if name == "it" else int(name[1:]))
        return ir.Name("_1" if name == "it" else name, at)
    return calls.named_alone(work, node, name)


@NODES.expression("scope_resolution")
def _scope_resolution(work: Lowering, node: Node) -> ir.Expr:
    chain: list[Node] = []
    owner: Node | None = node
    while owner is not None and work.kind(owner) == "scope_resolution":
        chain.append(owner)
        owner = owner.child_by_field_name("scope")
    made = work.expression(owner) if owner is not None else None
    for link in reversed(chain):
        name = link.child_by_field_name("name")
        if name is None:
            return ir.Opaque((), work.at(node))
        at = work.at(name)
        made = ir.Name(work.text(name), at) if made is None else ir.Attr(made, work.text(name), at)
    return made if made is not None else ir.Opaque((), work.at(node))


@NODES.expression("instance_variable")
def _own_variable(work: Lowering, node: Node) -> ir.Expr:
    at = work.at(node)
    return ir.Attr(ir.This(at), work.text(node), at)


# structures


@NODES.expression("array")
def _array(work: Lowering, node: Node) -> ir.Expr:
    positional, keywords = arguments(work, work.named(node))
    at = work.at(node)
    if keywords:
        entries = tuple([(None if name is None else ir.Const(name, at), value) for name, value in keywords])
        positional = (*positional, ir.ObjectExpr(entries, at))
    return ir.ListExpr(positional, at)


@NODES.expression("hash")
def _hash(work: Lowering, node: Node) -> ir.Expr:
    return ir.ObjectExpr(tuple(entries(work, work.named(node))), work.at(node))


@NODES.expression("splat_argument", "hash_splat_argument")
def _splat(work: Lowering, node: Node) -> ir.Expr:
    children = work.named(node)
    return ir.Spread(work.expression(children[0]), work.at(node)) if children else ir.Opaque((), work.at(node))


# operators


@NODES.expression("binary")
def _binary(work: Lowering, node: Node) -> ir.Expr:
    """Binary operators, walked along their left side; a long run of one that is associative becomes a balanced tree."""
    spine: list[tuple[str, Node, ir.At]] = []
    while work.kind(node) == "binary":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        symbol = node.child_by_field_name("operator")
        if left is None or right is None or symbol is None:
            break
        spine.append((NODES.operators.get(work.text(symbol), work.text(symbol)), right, work.at(node)))
        node = left
    if not spine:
        return work.opaque(node)
    first = node
    is_text = work.kind(node) in ("string", "heredoc_beginning", "chained_string")
    operands, operator, place = [work.expression(node)], "", work.at(node)
    for symbol_, right, at in reversed(spine):
        if symbol_ != operator or symbol_ not in ("+", "or", "and"):
            operands = [associate(operator, operands, place)]
            operator = symbol_
        place = at
        if symbol_ == "=~" and work.kind(first) == "regex":
            _bind_captures(work, first, at)
        if symbol_ in ("and", "or"):
            made, before = work.apart(right)
            if before:
                operands = [_branched(work, associate(operator, operands, at), operator == "and", made, before, at)]
            else:
                operands.append(made)
        elif symbol_ == "<<" or (symbol_ == "%" and is_text):  # methods of what is on the left
            one = ir.Attr(operands[0], symbol_, at)
            operands, operator = [ir.Call(one, (work.expression(right),), (), at)], ""
        else:
            operands.append(work.expression(right))
    return associate(operator, operands, place)


_CAPTURE: Final = re.compile(r"\(\?<([a-z_]\w*)>")


def _bind_captures(work: Lowering, regex: Node, at: ir.At) -> None:
    """``/(?<name>…)/ =~ text`` assigns variables
    (https://docs.ruby-lang.org/en/3.3/Regexp.html#class-Regexp-label-Named+Captures)."""
    for name in dict.fromkeys(_CAPTURE.findall(work.text(regex))):
        work.emit(ir.Assign(ir.Name(work.bind(name), at), ir.Opaque((), at), at))


def _branched(work: Lowering, test: ir.Expr, holds: bool, made: ir.Expr, before: ir.Block, at: ir.At) -> ir.Expr:
    """``test and …``, ``test or …`` with statements on the right (``return``, ``next``): they run where the test says
    so."""
    kept = ir.Name(work.hidden("choice"), at)
    work.emit(ir.Assign(kept, test, at))
    then = (*before, ir.Assign(kept, made, at))
    work.emit(ir.If(kept, then, (), at) if holds else ir.If(kept, (), then, at))
    return kept


@NODES.expression("unary")
def _unary(work: Lowering, node: Node) -> ir.Expr:
    at = work.at(node)
    symbol = node.child_by_field_name("operator")
    written = work.text(symbol) if symbol is not None else ""
    if written == "defined?":
        return ir.Opaque((), at)
    value = work.part(node, "operand")
    if written in ("!", "not"):
        return ir.Op("not", (value,), at)
    if written == "-" and isinstance(value, ir.Const) and isinstance(value.value, int | float):
        return ir.Const(-value.value, at)
    return ir.Op(written, (value,), at)


@NODES.expression("conditional")
def _conditional(work: Lowering, node: Node) -> ir.Expr:
    at, test = work.at(node), work.part(node, "condition")
    sides = [work.apart(node.child_by_field_name(name)) for name in ("consequence", "alternative")]
    (then, before_then), (otherwise, before_otherwise) = sides
    if not before_then and not before_otherwise:
        return ir.Cond(test, then, otherwise, at)
    kept = ir.Name(work.hidden("choice"), at)
    blocks = [(*before, ir.Assign(kept, made, at)) for made, before in sides]
    work.emit(ir.If(test, blocks[0], blocks[1], at))
    return kept


@NODES.expression("parenthesized_statements")
def _parenthesized(work: Lowering, node: Node) -> ir.Expr:
    children = work.named(node)
    if len(children) == 1:
        return work.expression(children[0])
    return work.kept_value(node)


@NODES.expression("assignment")
def _assignment(work: Lowering, node: Node) -> ir.Expr:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return work.opaque(node)
    if work.kind(left) in ("left_assignment_list", "element_reference"):
        return work.kept_value(node)
    made = value_of(work, right)
    return ir.AssignExpr(target(work, left), made, work.at(node))


def value_of(work: Lowering, node: Node) -> ir.Expr:
    """What is assigned: several values are a list."""
    if work.kind(node) == "right_assignment_list":
        return ir.ListExpr(arguments(work, work.named(node))[0], work.at(node))
    made = work.expression(node)
    return ir.ListExpr((made,), made.at) if isinstance(made, ir.Spread) else made
