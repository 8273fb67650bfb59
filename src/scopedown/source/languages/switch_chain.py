"""``switch`` as a chain of ifs, for the languages in which a case runs on into the next one."""

from __future__ import annotations

from scopedown.source import ir
from scopedown.source.languages.chains import halved

_LINEAR = 8
_FALLING = 200


class SwitchBreak(ir.Jump):
    """A ``break`` that leaves a switch; none is left once the switch is lowered."""


def groups(cases: list[tuple[ir.Expr | None, list[ir.Stmt]]]) -> tuple[list[tuple[list[ir.Expr], ir.Block]], ir.Block]:
    """Tests with the whole of what runs for them, and what runs where none holds."""
    made: list[tuple[list[ir.Expr], ir.Block]] = []
    default: ir.Block = ()
    following: ir.Block = ()
    for test, statements in reversed(cases):
        if statements or not made:
            own, ends = strip(tuple(statements))
            following = own if ends or len(own) > _FALLING else (*own, *following)
            shared = False
        else:
            shared = True
        if test is None:
            default = following
        elif shared and made[-1][1] is following:
            made[-1][0].insert(0, test)
            continue
        else:
            made.append(([test], following))
    made.reverse()
    return made, default


def chain(groups: list[tuple[list[ir.Expr], ir.Block]], default: ir.Block, at: ir.At) -> ir.Block:
    """The ifs of groups that exclude one another."""
    if not groups:
        return default
    if len(groups) > _LINEAR:
        # Halved, so that a switch of hundreds of cases is not nested hundreds deep.
        middle = len(groups) // 2
        tests = [test for group, _ in groups[:middle] for test in group]
        return (ir.If(any_of(tests, at), chain(groups[:middle], (), at), chain(groups[middle:], default, at), at),)
    otherwise = default
    for tests, body in reversed(groups):
        otherwise = (ir.If(any_of(tests, at), body, otherwise, tests[-1].at),)
    return otherwise


def any_of(tests: list[ir.Expr], at: ir.At) -> ir.Expr:
    """One test that holds where any of several does."""
    return halved("or", tests, at)


def strip(statements: ir.Block) -> tuple[ir.Block, bool]:
    """Statements without the switch's breaks, and whether control cannot run off their end.

    What follows a conditional break moves to the side that does not break.
    """
    out: list[ir.Stmt] = []
    for position, one in enumerate(statements):
        if isinstance(one, SwitchBreak):
            return tuple(out), True
        if isinstance(one, ir.Return | ir.Raise | ir.Jump):
            out.append(one)
            return tuple(out), True
        if isinstance(one, ir.If) and _breaks((one,)):
            then, then_ends = strip(one.then)
            other, other_ends = strip(one.otherwise)
            if then_ends and other_ends:
                out.append(ir.If(one.test, then, other, one.at))
                return tuple(out), True
            rest, ends = strip(statements[position + 1 :])
            then = then if then_ends else (*then, *rest)
            other = other if other_ends else (*other, *rest)
            out.append(ir.If(one.test, then, other, one.at))
            # One side broke out, so the next case is only reached where the rest runs off its end.
            return tuple(out), ends
        if isinstance(one, ir.Try) and _breaks((one,)):
            handlers = tuple((to, strip(body)[0]) for to, body in one.handlers)
            body, body_ends = strip(one.body)
            out.append(ir.Try(body, handlers, strip(one.final)[0], one.at))
            if body_ends and statements[position + 1 :] == ():
                return tuple(out), True
            continue
        out.append(one)
    return tuple(out), False


def _breaks(statements: ir.Block) -> bool:
    """Whether a break of the switch itself stands here; loops inside have breaks of their own."""
    stack = list(statements)
    while stack:
        one = stack.pop()
        if isinstance(one, SwitchBreak):
            return True
        if isinstance(one, ir.If):
            stack += (*one.then, *one.otherwise)
        elif isinstance(one, ir.Try):
            stack += (*one.body, *one.final, *(inner for _, body in one.handlers for inner in body))
    return False
