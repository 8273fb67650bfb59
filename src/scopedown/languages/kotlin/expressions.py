"""Expressions of Kotlin that are expressions in the intermediate form too; ``flow.py`` has what is made of statements.

``!!``, ``?.`` and labels are transparent. ``a to b`` is a list of the two; ``a is T``, ``a in b`` are not evaluated.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Final

from scopedown.languages.kotlin import flow, functions, literals, marks, types
from scopedown.languages.kotlin.names import REFERENCE
from scopedown.languages.kotlin.work import MAX_CHAIN, Work
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

_LINKS: Final = frozenset({"call_expression", "navigation_expression", "index_expression"})


def expression(work: Work, node: Node) -> ir.Expr:
    """Any expression; what nests too deep or is not understood becomes Opaque."""
    handler = table().get(node.type)
    if work.too_deep(node):
        return ir.Opaque((), work.at(node))
    work.depth += 1
    made = opaque(work, node) if handler is None else handler(work, node)
    work.depth -= 1
    return made


def opaque(work: Work, node: Node) -> ir.Expr:
    """Something that is not expressed: what stands in it is evaluated."""
    known = table()
    return ir.Opaque(tuple([expression(work, one) for one in work.named(node) if one.type in known]), work.at(node))


_CONSTANTS: Final = {"null": None, "true": True, "false": False}


def _identifier(work: Work, node: Node) -> ir.Expr:
    name, at = work.text(node), work.at(node)
    if name in _CONSTANTS:
        return ir.Const(_CONSTANTS[name], at)
    if name in ("break", "continue") and work.local(name) is None:
        work.emit(ir.Jump(at))
        return ir.Const(None, at)
    return ir.Name(work.local(name) or work.outside(name), at)


def _this(work: Work, node: Node) -> ir.Expr:
    """``this``, ``this@Outer``."""
    at = work.at(node)
    label = work.child(node, "identifier", "label")
    name = work.text(label).strip("@") if label is not None else ""
    written = work.source[node.start_byte : node.end_byte].partition(b"@")[2].decode("utf-8", "replace").strip()
    kept = functions.outer_this(work, name or written)
    return ir.This(at) if kept is None else ir.Name(kept, at)


def _super(work: Work, node: Node) -> ir.Expr:
    return ir.Super(work.at(node))


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
    if len(chain) > MAX_CHAIN:
        work.dropped = work.dropped or node
        del chain[MAX_CHAIN:]
        made: ir.Expr = ir.Opaque((), work.at(node))
    else:
        made = _qualified(work, node, chain) or (opaque(work, node) if node.type in _LINKS else expression(work, node))
    for link in reversed(chain):
        made = _linked(work, made, link)
    return made


def _linked(work: Work, made: ir.Expr, link: Node) -> ir.Expr:
    at = work.at(link)
    inside = work.named(link)
    if link.type == "unary_expression":
        return made
    if link.type == "index_expression":
        keys = [expression(work, one) for one in inside[1:]]
        return ir.Index(made, keys[0] if len(keys) == 1 else ir.ListExpr(tuple(keys), at), at)
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
        if name in ("java", "javaObjectType", "kotlin") and _is_class(link, inside[0]):
            return made
        return ir.Attr(made, name, place)
    return _call(work, made, link, at)


def _is_class(link: Node, owner: Node) -> bool:
    """Whether ``.java`` stands behind ``::class``."""
    return any(token.type == "::" for token in owner.children)


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


_TOPS: Final = frozenset(
    {
        "com",
        "org",
        "net",
        "io",
        "software",
        "java",
        "javax",
        "jakarta",
        "kotlin",
        "kotlinx",
        "aws",
        "edu",
        "gov",
        "dev",
        "me",
    }
)
"""What the names of packages begin with."""


def _call(work: Work, function: ir.Expr, node: Node, at: ir.At) -> ir.Expr:
    """A call; a lambda behind the parentheses is its last argument, also where it is a call around the call."""
    given, trailing = work.child(node, "value_arguments"), work.child(node, "annotated_lambda")
    positional, keywords = marks.arguments(work, given) if given is not None else ((), ())
    if trailing is not None:
        lambda_ = functions.trailing(work, trailing, functions.called(function))
        if given is None and isinstance(function, ir.Call) and _stands_alone(node):
            return ir.Call(
                function.function, (*function.positional, lambda_), function.keywords, function.at, function.new
            )
        positional = (*positional, lambda_)
    if isinstance(function, ir.Attr) and function.at[0] > at[0]:
        at = function.at
    return ir.Call(function, positional, keywords, at)


def _stands_alone(node: Node) -> bool:
    """Whether what is called is a call with parentheses, whose last argument the lambda is."""
    inner = node.named_children[0] if node.named_children else None
    return inner is not None and inner.type == "call_expression" and inner.named_children[-1].type == "value_arguments"


def _reference(work: Work, node: Node) -> ir.Expr:
    """``::function``, ``::Type``."""
    inside = work.named(node)
    if len(inside) == 1 and inside[0].type in types.KINDS:  # ``A::class``
        return types.of(work, inside[0]) or ir.Opaque((), work.at(node))
    if len(inside) == 1:
        return expression(work, inside[0])
    if len(inside) > 1:
        typed = types.of(work, inside[0]) if inside[0].type in types.KINDS else None
        made = typed or expression(work, inside[0])
        return ir.Call(ir.Name(REFERENCE, made.at), (made, ir.Const(work.text(inside[-1]), made.at)), (), made.at)
    return ir.Opaque((), work.at(node))


def _parenthesized(work: Work, node: Node) -> ir.Expr:
    while node.type in ("parenthesized_expression", "labeled_expression", "annotated_expression"):
        inside = [one for one in work.named(node) if one.type not in ("label", "annotation")]
        if len(inside) != 1:
            return opaque(work, node)
        node = inside[0]
    return expression(work, node)


def _unary(work: Work, node: Node) -> ir.Expr:
    if _is_assertion(node):
        return _primary(work, node)
    inside = work.named(node)
    if not inside:
        return ir.Opaque((), work.at(node))
    at, operator = work.at(node), node.children[0].type
    value = expression(work, inside[-1])
    if "++" in (operator, node.children[-1].type) or "--" in (operator, node.children[-1].type):
        changed = ir.Opaque((value,), at)
        return ir.AssignExpr(value, changed, at) if isinstance(value, ir.Name | ir.Attr | ir.Index) else changed
    if operator == "!":
        return ir.Op("not", (value,), at)
    if operator == "-" and isinstance(value, ir.Const) and isinstance(value.value, int | float):
        return ir.Const(-value.value, at)
    return value if operator == "+" else ir.Op(operator, (value,), at)


_OPERATORS: Final = {"&&": "and", "||": "or", "===": "==", "!==": "!="}


def _binary(work: Work, node: Node) -> ir.Expr:
    """Operators, whose chains to the left are walked."""
    if (generic := _generic_call(work, node)) is not None:
        return generic
    chain: list[tuple[str, Node, ir.At]] = []
    while node.type == "binary_expression" and len(chain) < MAX_CHAIN and _generic(work, node) is None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        if left is None or right is None:
            break
        written = operator.type if operator is not None else node.children[1].type
        chain.append((written, right, work.at(node)))
        node = left
    made = (
        opaque(work, node) if node.type == "binary_expression" and len(chain) >= MAX_CHAIN else expression(work, node)
    )
    for written, other, at in reversed(chain):
        made = flow.elvis(work, made, other, at) if written == "?:" else _operated(work, written, made, other, at)
    return made


def _operated(work: Work, written: str, left: ir.Expr, node: Node, at: ir.At) -> ir.Expr:
    return ir.Op(_OPERATORS.get(written, written), (left, expression(work, node)), at)


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
    function, at = expression(work, called), work.at(node)
    if isinstance(function, ir.Attr) and function.at[0] > at[0]:
        at = function.at
    if given.type == "lambda_literal":
        return ir.Call(function, (functions.lambda_(work, given, functions.called(function)),), (), at)
    return ir.Call(function, tuple([expression(work, one) for one in work.named(given)]), (), at)


def _infix(work: Work, node: Node) -> ir.Expr:
    """``a to b``, ``a until b``: a call of a function with one argument."""
    inside, at = work.named(node), work.at(node)
    if len(inside) != 3:
        return opaque(work, node)
    name = work.text(inside[1])
    left, right = expression(work, inside[0]), expression(work, inside[2])
    if name == "to":
        return ir.ListExpr((left, right), at)
    if name in ("and", "or"):
        return ir.Op(name, (left, right), at)
    if name in ("until", "downTo", "step", "shl", "shr", "xor", "ushr"):
        return ir.Opaque((left, right), at)
    return ir.Call(ir.Attr(left, name, work.at(inside[1])), (right,), (), at)


def _as(work: Work, node: Node) -> ir.Expr:
    inside, at = work.named(node), work.at(node)
    if not inside:
        return ir.Opaque((), at)
    value = expression(work, inside[0])
    declared = types.of(work, inside[-1]) if len(inside) > 1 else None
    made = value if declared is None else ir.Cast(value, declared, at)
    if any(one.type == "as?" for one in node.children):  # null where it is of another type
        return ir.Cond(ir.Opaque((), at), made, ir.Const(None, at), at)
    return made


def _test(work: Work, node: Node) -> ir.Expr:
    """``a is T``, ``a in b``, ``a..b``: what stands in it is evaluated."""
    inside = [expression(work, one) for one in work.named(node) if one.type not in types.KINDS]
    return ir.Opaque(tuple(inside), work.at(node))


def _by_statements(work: Work, node: Node) -> ir.Expr:
    """An expression that is made of statements: they come first, its value is in a variable then."""
    at = work.at(node)
    if (plain := flow.choice(work, node)) is not None:
        return plain
    name = work.hidden("value")
    flow.deliver(work, node, lambda value: ir.Assign(ir.Name(name, at), value, value.at))
    return ir.Name(name, at)


def _jump(work: Work, node: Node) -> ir.Expr:
    """``return``, ``throw``, an assignment: a statement whose value nobody takes."""
    flow.effect(work, node)
    return ir.Const(None, work.at(node))


def _collection(work: Work, node: Node) -> ir.Expr:
    """``[a, b]`` in annotations."""
    return ir.ListExpr(tuple([expression(work, one) for one in work.named(node)]), work.at(node))


@cache
def table() -> dict[str, Callable[[Work, Node], ir.Expr]]:
    """The handler of each kind of expression."""
    handlers: dict[str, Callable[[Work, Node], ir.Expr]] = {
        "identifier": _identifier,
        "this_expression": _this,
        "super_expression": _super,
        "call_expression": _primary,
        "navigation_expression": _primary,
        "index_expression": _primary,
        "callable_reference": _reference,
        "parenthesized_expression": _parenthesized,
        "labeled_expression": _parenthesized,
        "annotated_expression": _parenthesized,
        "unary_expression": _unary,
        "binary_expression": _binary,
        "infix_expression": _infix,
        "as_expression": _as,
        "is_expression": _test,
        "in_expression": _test,
        "range_expression": _test,
        "string_literal": literals.string,
        "multiline_string_literal": literals.string,
        "character_literal": literals.character,
        "number_literal": literals.number,
        "float_literal": literals.number,
        "lambda_literal": lambda work, node: functions.lambda_(work, node, ""),
        "annotated_lambda": lambda work, node: functions.trailing(work, node, ""),
        "anonymous_function": functions.anonymous,
        "object_literal": lambda work, node: work.steps.object(work, node),
        "collection_literal": _collection,
    }
    for kind in flow.VALUES:
        handlers[kind] = _by_statements
    for kind in flow.JUMPS:
        handlers[kind] = _jump
    return handlers
