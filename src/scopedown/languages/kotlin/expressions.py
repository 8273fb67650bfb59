"""Expressions of Kotlin that are expressions in the intermediate form too; ``flow.py`` has what is made of statements.

``!!``, ``?.`` and labels are transparent. ``a to b`` is a list of the two; ``a is T``, ``a in b`` are not evaluated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.languages.kotlin import functions, marks, types
from scopedown.languages.kotlin.names import REFERENCE
from scopedown.languages.kotlin.work import NODES, Work
from scopedown.source import ir
from scopedown.source.languages.front_end import MAX_OPERANDS, negated

if TYPE_CHECKING:
    from tree_sitter import Node

_LINKS: Final = frozenset({"call_expression", "navigation_expression", "index_expression"})
_CONSTANTS: Final = {"null": None, "true": True, "false": False}
_TOPS: Final = frozenset(
    {
        "com", "org", "net", "io", "software", "java", "javax", "jakarta", "kotlin", "kotlinx", "aws", "edu", "gov",
        "dev", "me",
    }
)  # fmt: skip
"""What the names of packages begin with."""


@NODES.expression("identifier")
def _identifier(work: Work, node: Node) -> ir.Expr:
    name, at = work.text(node), work.at(node)
    if name in _CONSTANTS:
        return ir.Const(_CONSTANTS[name], at)
    if name in ("break", "continue") and work.local(name) is None:
        work.emit(ir.Jump(at))
        return ir.Const(None, at)
    return ir.Name(work.local(name) or work.outside(name), at)


@NODES.expression("this_expression")
def _this(work: Work, node: Node) -> ir.Expr:
    """``this``, ``this@Outer``."""
    at = work.at(node)
    name = work.field(node, "identifier", "label").strip("@")
    written = work.source[node.start_byte : node.end_byte].partition(b"@")[2].decode("utf-8", "replace").strip()
    kept = functions.outer_this(work, name or written)
    return ir.This(at) if kept is None else ir.Name(kept, at)


@NODES.expression(*_LINKS)
def _primary(work: Work, node: Node) -> ir.Expr:
    """Calls, members and elements; a chain of them is walked, not descended.

    A call stands where its expression begins, or at the method's name where that is on a later line.
    """
    chain: list[Node] = []
    while node.type in _LINKS or (node.type == "unary_expression" and _is_assertion(node)):
        inside = work.named(node)
        if not inside:
            break
        chain.append(node)
        node = inside[0]
    if len(chain) > MAX_OPERANDS:
        work.dropped = work.dropped or node
        del chain[MAX_OPERANDS:]
        made: ir.Expr = ir.Opaque((), work.at(node))
    else:
        made = _qualified(work, node, chain) or (work.opaque(node) if node.type in _LINKS else work.expression(node))
    for link in reversed(chain):
        made = _linked(work, made, link)
    return made


def _linked(work: Work, made: ir.Expr, link: Node) -> ir.Expr:
    at = work.at(link)
    inside = work.named(link)
    if link.type == "unary_expression":
        return made
    if link.type == "index_expression":
        keys = work.expressions(inside[1:])
        return ir.Index(made, keys[0] if len(keys) == 1 else ir.ListExpr(keys, at), at)
    if link.type == "navigation_expression":
        if len(inside) < 2:
            return made
        name, place = work.text(inside[-1]), work.at(inside[-1])
        if any(token.type == "::" for token in link.children):
            if name == "class":
                return made
            if isinstance(made, ir.This):
                return ir.Attr(made, name, place)
            return ir.Call(ir.Name(REFERENCE, at), (made, ir.Const(name, place)), (), at)
        if name in ("java", "javaObjectType", "kotlin") and any(token.type == "::" for token in inside[0].children):
            return made  # behind ``::class``
        return ir.Attr(made, name, place)
    return _call(work, made, link, at)


def _is_assertion(node: Node) -> bool:
    """``x!!``."""
    return node.children[-1].type == "!!"


def _qualified(work: Work, node: Node, chain: list[Node]) -> ir.Expr | None:
    """A class that is written with its package (``com.acme.Store()``): its links are taken off the chain."""
    if node.type != "identifier" or not work.text(node)[:1].islower() or work.local(work.text(node)) is not None:
        return None
    parts = [work.text(node)]
    for link in reversed(chain):
        inside = work.named(link)
        if link.type != "navigation_expression" or len(inside) < 2 or link.children[1].type != ".":
            return None
        parts.append(work.text(inside[-1]))
        if parts[-1][:1].isupper():
            break
    if len(parts) < 3 or not parts[-1][:1].isupper() or parts[0] not in _TOPS:
        return None
    del chain[len(chain) - (len(parts) - 1) :]
    return types.name(work, parts, work.at(node))


def _call(work: Work, function: ir.Expr, node: Node, at: ir.At) -> ir.Expr:
    """A call; a lambda behind the parentheses is its last argument, also where it is a call around the call."""
    given, trailing = work.child(node, "value_arguments"), work.child(node, "annotated_lambda")
    positional, keywords = marks.arguments(work, given)
    if trailing is not None:
        lambda_ = functions.trailing(work, trailing, functions.called(function))
        if given is None and isinstance(function, ir.Call) and _stands_alone(node):
            return ir.Call(
                function.function, (*function.positional, lambda_), function.keywords, function.at, function.new
            )
        positional = (*positional, lambda_)
    return ir.Call(function, positional, keywords, _place(function, at))


def _place(function: ir.Expr, at: ir.At) -> ir.At:
    return function.at if isinstance(function, ir.Attr) and function.at[0] > at[0] else at


def _stands_alone(node: Node) -> bool:
    """Whether what is called is a call with parentheses, whose last argument the lambda is."""
    inner = node.named_children[0] if node.named_children else None
    return inner is not None and inner.type == "call_expression" and inner.named_children[-1].type == "value_arguments"


@NODES.expression("callable_reference")
def _reference(work: Work, node: Node) -> ir.Expr:
    """``::function``, ``::Type``, ``A::class``."""
    inside = work.named(node)
    if not inside:
        return ir.Opaque((), work.at(node))
    is_type = inside[0].type in types.KINDS
    typed = types.of(work, inside[0]) if is_type else None
    if len(inside) == 1 and is_type:
        return typed or ir.Opaque((), work.at(node))
    made = typed or work.expression(inside[0])
    if len(inside) == 1:
        return made
    return ir.Call(ir.Name(REFERENCE, made.at), (made, ir.Const(work.text(inside[-1]), made.at)), (), made.at)


@NODES.expression("unary_expression")
def _unary(work: Work, node: Node) -> ir.Expr:
    if _is_assertion(node):
        return _primary(work, node)
    inside = work.named(node)
    if not inside:
        return ir.Opaque((), work.at(node))
    at, operator = work.at(node), node.children[0].type
    value = work.expression(inside[-1])
    if not {operator, node.children[-1].type}.isdisjoint({"++", "--"}):
        changed = ir.Opaque((value,), at)
        return ir.AssignExpr(value, changed, at) if isinstance(value, ir.Name | ir.Attr | ir.Index) else changed
    if operator == "-":
        return negated(value, at)
    return value if operator == "+" else ir.Op("not" if operator == "!" else operator, (value,), at)


@NODES.expression("binary_expression")
def _binary(work: Work, node: Node) -> ir.Expr:
    """Operators, of which ``a ?: b`` may leave the function."""
    if (generic := _generic_call(work, node)) is not None:
        return generic
    first, following = work.operands(node, lambda one: _generic(work, one) is not None)
    made = work.opaque(first) if len(following) >= MAX_OPERANDS else work.expression(first)
    for written, other, at in following:
        made = _elvis(work, made, other, at) if written == "?:" else work.operation(written, made, other, at)
    return made


def _elvis(work: Work, left: ir.Expr, node: Node, at: ir.At) -> ir.Expr:
    """``a ?: b``, where ``b`` may leave the function."""
    with work.block() as out:
        other = work.expression(node)
    if not out:
        return ir.Op("??", (left, other), at)
    held = ir.Name(work.hidden("value"), at)
    work.emit(ir.Assign(held, left, at))
    if not isinstance(out[-1], ir.Return | ir.Raise | ir.Jump):
        out.append(ir.Assign(held, other, at))
    work.emit(ir.If(ir.Opaque((held,), at), (), tuple(out), at))
    return held


def _generic(work: Work, node: Node) -> tuple[Node, Node] | None:
    """``mapper.readValue<Order>(body)``, which the grammar takes for two comparisons: what is called, the arguments."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None or left.type != "binary_expression":
        return None
    if right.type not in ("parenthesized_expression", "lambda_literal") or node.children[1].type != ">":
        return None
    called, typed = left.child_by_field_name("left"), left.child_by_field_name("right")
    if called is None or typed is None or left.children[1].type != "<" or typed.type != "identifier":
        return None
    is_name = called.type in ("identifier", "navigation_expression")
    return (called, right) if is_name and work.text(typed)[:1].isupper() else None


def _generic_call(work: Work, node: Node) -> ir.Expr | None:
    found = _generic(work, node)
    if found is None:
        return None
    called, given = found
    function = work.expression(called)
    at = _place(function, work.at(node))
    if given.type == "lambda_literal":
        return ir.Call(function, (functions.literal(work, given, functions.called(function)),), (), at)
    return ir.Call(function, work.expressions(work.named(given)), (), at)


@NODES.expression("infix_expression")
def _infix(work: Work, node: Node) -> ir.Expr:
    """``a to b``, ``a until b``: a call of a function with one argument."""
    inside, at = work.named(node), work.at(node)
    if len(inside) != 3:
        return work.opaque(node)
    name = work.text(inside[1])
    left, right = work.expression(inside[0]), work.expression(inside[2])
    if name == "to":
        return ir.ListExpr((left, right), at)
    if name in ("and", "or"):
        return ir.Op(name, (left, right), at)
    if name in ("until", "downTo", "step", "shl", "shr", "xor", "ushr"):
        return ir.Opaque((left, right), at)
    return ir.Call(ir.Attr(left, name, work.at(inside[1])), (right,), (), at)


@NODES.expression("as_expression")
def _as(work: Work, node: Node) -> ir.Expr:
    inside, at = work.named(node), work.at(node)
    if not inside:
        return ir.Opaque((), at)
    value = work.expression(inside[0])
    declared = types.of(work, inside[-1]) if len(inside) > 1 else None
    made = value if declared is None else ir.Cast(value, declared, at)
    if any(one.type == "as?" for one in node.children):  # null where it is of another type
        return ir.Cond(ir.Opaque((), at), made, ir.Const(None, at), at)
    return made
