"""A text with what stands in for it where it is empty, as Go writes that: ``if v == "" { v = d }`` is ``v = v or d``.

Go has no operator for it, so that code asks by an ``if``. Said as the operator, a variable of the environment keeps the
other text as its default, instead of being one of two texts.
"""

from __future__ import annotations

from scopedown.source import ir


def folded(statements: list[ir.Stmt]) -> list[ir.Stmt]:
    """A block with such tests put as the operator."""
    out: list[ir.Stmt] = []
    position = 0
    while position < len(statements):
        one = statements[position]
        if isinstance(one, ir.If) and (asked := _asked(one.test)) is not None:
            value, is_empty = asked
            following = statements[position + 1] if position + 1 < len(statements) else None
            returned = _returned(one, value, is_empty, following)
            if returned is not None:
                out.append(returned)
                position += 2
                continue
            out += _assigned(one, value, is_empty)
        else:
            out.append(one)
        position += 1
    return out


def _asked(test: ir.Expr) -> tuple[ir.Expr, bool] | None:
    """What is compared with the empty text, and whether the test holds where it is empty."""
    if isinstance(test, ir.Op) and test.operator in ("==", "!=") and len(test.operands) == 2:
        for value, other in (test.operands, test.operands[::-1]):
            if isinstance(other, ir.Const) and other.value == "" and _is_plain(value):
                return value, test.operator == "=="
    return None


def _is_plain(value: ir.Expr) -> bool:
    """A variable, a member, or a variable of the environment by its name."""
    match value:
        case ir.Name():
            return True
        case ir.Attr(object=owner):
            return _is_plain(owner)
        case ir.Call(function=ir.Attr(object=ir.Name(id="os"), name="Getenv"), positional=(ir.Const() | ir.Name(),)):
            return True
        case _:
            return False


def _same(one: ir.Expr | ir.Target, other: ir.Expr | ir.Target) -> bool:
    match one, other:
        case ir.Name(id=a), ir.Name(id=b):
            return a == b
        case ir.Const(value=x), ir.Const(value=y):
            return x == y
        case ir.Attr(object=a, name=b), ir.Attr(object=c, name=d):
            return b == d and _same(a, c)
        case ir.Call(function=a, positional=(b,)), ir.Call(function=c, positional=(d,)):
            return _same(a, c) and _same(b, d)
        case _:
            return False


def _or(value: ir.Expr, other: ir.Expr, at: ir.At) -> ir.Expr:
    return ir.Op("or", (value, other), at)


def _returned(one: ir.If, value: ir.Expr, is_empty: bool, following: ir.Stmt | None) -> ir.Return | None:
    """``if v != "" { return v }; return d``, ``if v == "" { return d }; return v``."""
    if one.otherwise or not isinstance(following, ir.Return) or following.value is None:
        return None
    match one.then:
        case (ir.Return(value=inner),) if inner is not None:
            if is_empty and _same(following.value, value):
                return ir.Return(_or(value, inner, one.at), one.at)
            if not is_empty and _same(inner, value):
                return ir.Return(_or(value, following.value, one.at), one.at)
    return None


def _assigned(one: ir.If, value: ir.Expr, is_empty: bool) -> list[ir.Stmt]:
    """``if v == "" { v = d }``, ``if v != "" { x = v }``, the latter with ``else { x = d }`` too."""
    filled, empty = (one.otherwise, one.then) if is_empty else (one.then, one.otherwise)
    if not filled and (set_ := _last(empty)) is not None and _same(set_.target, value):
        rest = [] if len(empty) == 1 else [ir.If(one.test, empty[:-1], (), one.at)]
        return [*rest, ir.Assign(set_.target, _or(value, set_.value, set_.at), set_.at)]
    if (set_ := _last(filled)) is None or not _same(set_.value, value) or len(filled) > 1:
        return [one]
    if not empty and isinstance(set_.target, ir.Name | ir.Attr):
        return [ir.Assign(set_.target, _or(value, set_.target, set_.at), set_.at)]
    other = _last(empty)
    if other is not None and len(empty) == 1 and _same(other.target, set_.target):
        return [ir.Assign(set_.target, _or(value, other.value, set_.at), set_.at)]
    return [one]


def _last(block: ir.Block) -> ir.Assign | None:
    """The assignment that a block ends with, the only one of its target."""
    last = block[-1] if block else None
    if not isinstance(last, ir.Assign) or last.operator is not None or not isinstance(last.target, ir.Name | ir.Attr):
        return None
    if any(not isinstance(one, ir.ExprStmt) for one in block[:-1]):
        return None
    return last
