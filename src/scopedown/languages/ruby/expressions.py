"""Ruby's expressions, for the lowering in ``lower.py``; calls are in ``calls.py``."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Final

from scopedown.languages.ruby import calls, literals
from scopedown.languages.ruby.arguments import arguments, entries
from scopedown.languages.ruby.scope import Lowering
from scopedown.languages.ruby.targets import target
from scopedown.languages.ruby.walk import apart, expression, field, opaque, valued
from scopedown.source import ir
from scopedown.source.languages.chains import associate

if TYPE_CHECKING:
    from tree_sitter import Node

_OPERATORS: Final = {"&&": "and", "and": "and", "||": "or", "or": "or"}
_NUMBERED: Final = re.compile("_[1-9]")
_PREDEFINED: Final = frozenset({"__FILE__", "__dir__", "__LINE__"})


# names


def _subshell(work: Lowering, node: Node) -> ir.Expr:
    """A command in backticks, which Kernel's method of that name runs
    (https://docs.ruby-lang.org/en/3.3/Kernel.html#method-i-60)."""
    at = work.at(node)
    return ir.Call(ir.Name("system", at), (literals.text(work, node, expression),), (), at)


def _identifier(work: Lowering, node: Node) -> ir.Expr:
    name, at = work.text(node), work.at(node)
    if work.is_local(name) or name in _PREDEFINED:
        return ir.Name(name, at)
    scope = work.scope
    if scope.kind in ("block", "lambda") and (name == "it" or _NUMBERED.fullmatch(name)):
        scope.implicit = max(scope.implicit, 1 if name == "it" else int(name[1:]))
        return ir.Name("_1" if name == "it" else name, at)
    return calls.named_alone(work, node, name)


def _constant(work: Lowering, node: Node) -> ir.Expr:
    return ir.Name(work.text(node), work.at(node))


def _scope_resolution(work: Lowering, node: Node) -> ir.Expr:
    chain: list[Node] = []
    owner: Node | None = node
    while owner is not None and work.kind(owner) == "scope_resolution":
        chain.append(owner)
        owner = owner.child_by_field_name("scope")
    made = expression(work, owner) if owner is not None else None
    for link in reversed(chain):
        name = link.child_by_field_name("name")
        if name is None:
            return ir.Opaque((), work.at(node))
        at = work.at(name)
        made = ir.Name(work.text(name), at) if made is None else ir.Attr(made, work.text(name), at)
    return made if made is not None else ir.Opaque((), work.at(node))


def _own_variable(work: Lowering, node: Node) -> ir.Expr:
    at = work.at(node)
    return ir.Attr(ir.This(at), work.text(node), at)


def _self(work: Lowering, node: Node) -> ir.Expr:
    return ir.This(work.at(node))


# structures


def _array(work: Lowering, node: Node) -> ir.Expr:
    positional, keywords = arguments(work, work.named(node))
    at = work.at(node)
    if keywords:
        entries = tuple([(None if name is None else ir.Const(name, at), value) for name, value in keywords])
        positional = (*positional, ir.ObjectExpr(entries, at))
    return ir.ListExpr(positional, at)


def _hash(work: Lowering, node: Node) -> ir.Expr:
    return ir.ObjectExpr(tuple(entries(work, work.named(node))), work.at(node))


def _splat(work: Lowering, node: Node) -> ir.Expr:
    children = work.named(node)
    return ir.Spread(expression(work, children[0]), work.at(node)) if children else ir.Opaque((), work.at(node))


# operators


def _binary(work: Lowering, node: Node) -> ir.Expr:
    """Binary operators, walked along their left side; a long run of one that is associative becomes a balanced tree."""
    spine: list[tuple[str, Node, ir.At]] = []
    while work.kind(node) == "binary":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        symbol = node.child_by_field_name("operator")
        if left is None or right is None or symbol is None:
            break
        spine.append((_OPERATORS.get(work.text(symbol), work.text(symbol)), right, work.at(node)))
        node = left
    if not spine:
        return opaque(work, node)
    first = node
    is_text = work.kind(node) in ("string", "heredoc_beginning", "chained_string")
    operands, operator, place = [expression(work, node)], "", work.at(node)
    for symbol_, right, at in reversed(spine):
        if symbol_ != operator or symbol_ not in ("+", "or", "and"):
            operands = [associate(operator, operands, place)]
            operator = symbol_
        place = at
        if symbol_ == "=~" and work.kind(first) == "regex":
            _bind_captures(work, first, at)
        if symbol_ in ("and", "or"):
            made, before = apart(work, right)
            if before:
                operands = [_branched(work, associate(operator, operands, at), operator == "and", made, before, at)]
            else:
                operands.append(made)
        elif symbol_ == "<<" or (symbol_ == "%" and is_text):  # methods of what is on the left
            one = ir.Attr(operands[0], symbol_, at)
            operands, operator = [ir.Call(one, (expression(work, right),), (), at)], ""
        else:
            operands.append(expression(work, right))
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


def _unary(work: Lowering, node: Node) -> ir.Expr:
    at = work.at(node)
    symbol = node.child_by_field_name("operator")
    written = work.text(symbol) if symbol is not None else ""
    if written == "defined?":
        return ir.Opaque((), at)
    value = field(work, node, "operand")
    if written in ("!", "not"):
        return ir.Op("not", (value,), at)
    if written == "-" and isinstance(value, ir.Const) and isinstance(value.value, int | float):
        return ir.Const(-value.value, at)
    return ir.Op(written, (value,), at)


def _conditional(work: Lowering, node: Node) -> ir.Expr:
    at, test = work.at(node), field(work, node, "condition")
    sides = [apart(work, node.child_by_field_name(name)) for name in ("consequence", "alternative")]
    (then, before_then), (otherwise, before_otherwise) = sides
    if not before_then and not before_otherwise:
        return ir.Cond(test, then, otherwise, at)
    kept = ir.Name(work.hidden("choice"), at)
    blocks = [(*before, ir.Assign(kept, made, at)) for made, before in sides]
    work.emit(ir.If(test, blocks[0], blocks[1], at))
    return kept


def _parenthesized(work: Lowering, node: Node) -> ir.Expr:
    children = work.named(node)
    if len(children) == 1:
        return expression(work, children[0])
    return valued(work, node)


def _assignment(work: Lowering, node: Node) -> ir.Expr:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return opaque(work, node)
    if work.kind(left) in ("left_assignment_list", "element_reference"):
        return valued(work, node)
    made = value_of(work, right)
    return ir.AssignExpr(target(work, left), made, work.at(node))


def value_of(work: Lowering, node: Node) -> ir.Expr:
    """What is assigned: several values are a list."""
    if work.kind(node) == "right_assignment_list":
        return ir.ListExpr(arguments(work, work.named(node))[0], work.at(node))
    made = expression(work, node)
    return ir.ListExpr((made,), made.at) if isinstance(made, ir.Spread) else made


@cache
def table() -> dict[str, Callable[[Lowering, Node], ir.Expr]]:
    """The handler of each kind of expression."""

    def constant(value: bool | None) -> Callable[[Lowering, Node], ir.Expr]:
        return lambda work, node: ir.Const(value, work.at(node))

    def name(work: Lowering, node: Node) -> ir.Expr:
        return ir.Name(work.text(node), work.at(node))

    def nothing(work: Lowering, node: Node) -> ir.Expr:
        return ir.Opaque((), work.at(node))

    handlers: dict[str, Callable[[Lowering, Node], ir.Expr]] = {
        "identifier": _identifier,
        "constant": _constant,
        "scope_resolution": _scope_resolution,
        "instance_variable": _own_variable,
        "class_variable": name,
        "global_variable": name,
        "self": _self,
        "true": constant(True),
        "false": constant(False),
        "nil": constant(None),
        "integer": literals.number,
        "float": literals.number,
        "rational": opaque,
        "complex": opaque,
        "character": literals.character,
        "string": lambda work, node: literals.text(work, node, expression),
        "delimited_symbol": lambda work, node: literals.as_symbol(literals.text(work, node, expression)),
        "chained_string": lambda work, node: literals.chained(work, node, expression),
        "heredoc_beginning": lambda work, node: literals.heredoc(work, node, expression),
        "simple_symbol": literals.symbol,
        "hash_key_symbol": literals.symbol,
        "string_array": lambda work, node: literals.words(work, node, expression),
        "symbol_array": lambda work, node: literals.words(work, node, expression),
        "regex": lambda work, node: ir.Opaque((literals.text(work, node, expression),), work.at(node)),
        "subshell": _subshell,
        "interpolation": opaque,
        "range": opaque,
        "array": _array,
        "hash": _hash,
        "splat_argument": _splat,
        "hash_splat_argument": _splat,
        "binary": _binary,
        "unary": _unary,
        "conditional": _conditional,
        "parenthesized_statements": _parenthesized,
        "assignment": _assignment,
        "call": calls.call,
        "element_reference": calls.call,
        "super": calls.bare_super,
        "yield": calls.yielded,
        "lambda": calls.arrow,
        "exceptions": nothing,
        "line": nothing,
        "file": name,
        "encoding": nothing,
    }
    return handlers
