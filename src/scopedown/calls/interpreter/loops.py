"""Loops, and the collections that their bodies change while they are walked.

A loop over known elements runs for each of them; any other one runs twice with the variables that it changed joined.
A list of work (a body that takes from a collection and adds to it) is walked until nothing new is added to it: which
element is taken then is not known any more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from functools import lru_cache
from operator import is_
from typing import Any

from scopedown.calls.bounds import NAMED, ROUNDS
from scopedown.calls.interpreter import expressions, members
from scopedown.calls.interpreter.passages import Turn, iteration, joined
from scopedown.calls.machine import Activation, Machine, Native
from scopedown.calls.machine.records import contents
from scopedown.calls.values import (
    Const,
    Frame,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    Union,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.text import Text
from scopedown.source import ir
from scopedown.source.outline import outer_names, parts

COPIED_ITEMS = 200
"""A loop over known names with a short body runs for so many: that is how compiled modules copy their exports."""
_SHORT = 2
_DEEP = 2
"""How deep collections are looked for in what a loop's body names."""
_UNKNOWN = frozenset({UnknownValue("").fingerprint(), UnknownValue("", inert=True).fingerprint()})


def loop(run: Machine, activation: Activation, statement: ir.Loop) -> None:
    """Run a loop."""
    value = None if statement.iterable is None else expressions.evaluate(run, activation, statement.iterable)
    if statement.target is None or value is None:
        _repeat(run, activation, statement, lambda: None)
        return
    target, place = statement.target, run.place(statement.at)
    items = members.known_items(run, value, statement.keys)
    if items and len(items) <= (most := COPIED_ITEMS if _copies(statement, items) else members.PRECISE_ITEMS):
        outside, left = activation.iteration, None
        walked = 0
        while items is not None and walked < len(items) <= most:  # what the body adds is walked, too
            run.assign(activation, target, items[walked], statement.at)
            activation.iteration = iteration(run, activation.frame, outside, target)
            turn = Turn(activation)
            run.execute(activation, statement.body)
            if turn.end():
                now = activation.frame.variables
                left = dict(now) if left is None else joined(left, now)
            walked += 1
            if walked == len(items):
                items = members.known_items(run, value, statement.keys)
        activation.iteration = outside
        if left is not None:
            activation.frame.variables = joined(activation.frame.variables, left)
        if items is not None and len(items) <= most:
            return

    def bind() -> None:
        element = members.iterate(run, value, place, statement.keys)
        run.assign(activation, target, element, statement.at)

    _repeat(run, activation, statement, bind)


def maybe(run: Machine, activation: Activation, statements: ir.Block) -> bool:
    """Run a block that may run or not; whether anything changed."""
    frame = activation.frame
    before = dict(frame.variables)
    run.carried(len(before))
    run.position.conditional += 1
    turn, texts = Turn(activation), len(run.heap.changed_texts)
    ends = run.execute(activation, statements)
    run.position.conditional -= 1
    frame.variables = joined(before, frame.variables) if ends else before
    turn.end()
    changed = len(run.heap.changed_texts) > texts
    return changed or any(frame.variables.get(name) is not value for name, value in before.items())


def _repeat(run: Machine, activation: Activation, statement: ir.Loop, bind: Callable[[], None]) -> None:
    """Run a body that may run any number of times: twice, and as long as it adds to a collection that it takes from."""
    for number in range(ROUNDS.most):
        known = [(one, one.held(), _keys(one)) for one in _collections(run, activation.frame, statement)]
        bind()
        changed = maybe(run, activation, statement.body)
        has_grown = False
        for one, held, keys in known:
            if isinstance(one, Object):
                has_grown |= not keys.issuperset(_keys(one))
            elif not _are_same(held, now := one.held()) and (new := _told_apart(now) - (before := _told_apart(held))):
                has_grown |= not (_UNKNOWN & before and all(map(_is_scalar, new)))
                one.rest = join(*now)  # any of them may be the next one
                one.items.clear()
        if not has_grown and (not changed or number):
            return
    run.bound(ROUNDS, run.place(statement.at))


def _keys(one: Sequence | Object) -> set[str | None]:
    """The keys of an object; None for any other key. A list has none."""
    return {*one.fields, *(() if one.rest is None else (None,))} if isinstance(one, Object) else set()


def _are_same(held: list[Value], now: list[Value]) -> bool:
    return len(held) == len(now) and all(map(is_, held, now))


def _told_apart(elements: list[Value]) -> set[Hashable]:
    """What tells the elements of a list apart."""
    return {option.fingerprint(2) for held in elements for option in options(held)}


def _is_scalar(key: Hashable) -> bool:
    return isinstance(key, Text) or (isinstance(key, tuple) and isinstance(key[0], type))


def _collections(run: Machine, frame: Frame, statement: ir.Loop) -> list[Sequence | Object]:
    """The collections in what a loop names, but for those to which its body only adds; outermost first."""
    found: dict[int, Sequence | Object] = {}
    waiting: deque[tuple[Value, int]] = deque()
    for root, field, is_called in _uses(statement):
        value = frame.this if root is None else _variable(frame, root)
        for option in options(value) if value is not None else ():
            if is_called:
                waiting += [(option, _DEEP)] if isinstance(option, Instance) else []
            elif field and isinstance(option, Object | Instance) and field in option.fields:
                waiting.append((option.fields[field], _DEEP))
            else:
                waiting.append((option, _DEEP))
    seen: set[int] = set()
    while waiting:
        value, depth = waiting.popleft()
        if value.is_plain or id(value) in seen:
            continue
        if len(seen) == NAMED.most:
            run.bound(NAMED, run.place(statement.at))
            break
        seen.add(id(value))
        inner: list[Value] = []
        match value:
            case Union(options=choices):
                waiting += [(choice, depth) for choice in choices]
            case Sequence():
                found[id(value)] = value
            case Object(fields=fields):
                found[id(value)] = value
                inner += fields.values()
            case Instance(fields=fields):
                inner += fields.values()
            case Native():
                inner += [part for part in contents(value) if isinstance(part, Value)]
            case FunctionValue(function=function, frame=scope, this=this):
                variables = [_variable(scope, name) for name in sorted(outer_names(function))]
                inner += [one for one in (*variables, this) if one is not None]
        if depth:
            waiting += [(one, depth - 1) for one in inner]
    return list(found.values())


def _variable(frame: Frame, name: str) -> Value | None:
    scope: Frame | None = frame
    while scope is not None:
        if name in scope.variables:
            return scope.variables[name]
        scope = scope.parent
    return None


@lru_cache(maxsize=10_000)
def _uses(statement: ir.Loop) -> tuple[tuple[str | None, str, bool], ...]:
    """The variables that a loop names (None: the present object), with the member that it names of each, and whether
    it only calls a method of it whose result it drops. Their order is the code's, since who reads them stops at a
    bound."""
    found: dict[tuple[str | None, str, bool], None] = {}
    waiting: list[Any] = [statement.iterable, statement.body]
    while waiting:
        node = waiting.pop()
        match node:
            case ir.ExprStmt(value=ir.Call(function=ir.Attr(object=ir.Name() | ir.This() as owner)) as call):
                found[owner.id if isinstance(owner, ir.Name) else None, "", True] = None
                waiting += [call.positional, [value for _, value in call.keywords]]
            case ir.ExprStmt(value=ir.Call(function=ir.Attr(object=ir.Attr(object=ir.Name() | ir.This()))) as call):
                waiting += [call.positional, [value for _, value in call.keywords]]
            case ir.Attr(object=ir.Name() | ir.This() as owner, name=name):
                found[owner.id if isinstance(owner, ir.Name) else None, name, False] = None
            case ir.Name(id=name):
                found[name, "", False] = None
            case ir.This():
                found[None, "", False] = None
            case list() | tuple():
                waiting += node
            case None | str() | int() | float() | frozenset():
                pass
            case _:
                waiting += parts(node)
    return tuple(found)


def _copies(statement: ir.Loop, items: list[Value]) -> bool:
    return len(statement.body) <= _SHORT and all(isinstance(item, Const) for item in items)
