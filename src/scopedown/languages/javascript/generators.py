"""``async`` functions compiled for old engines: the state machines of TypeScript and regenerator, undone.

TypeScript's ``__generator(this, function (s) { switch (s.label) { case 0: … return [4, x]; case 1: y = s.sent(); } })``
and regenerator's ``wrap(function (s) { while (1) switch (s.prev = s.next) { … } })`` become their statements in order:
what is yielded is kept in a variable, from which the next step takes it.
"""

from __future__ import annotations

from tree_sitter import Node

from scopedown.languages.javascript.context import Context
from scopedown.source import ir

SENT = "~sent"
"""The variable that holds what a state machine yielded last."""


COROUTINES = frozenset({"__awaiter", "__async", "_asyncToGenerator", "co", "co.wrap", "Promise.coroutine"})
"""Functions that run a generator as an ``async`` function: in it, ``yield`` is ``await``."""
_LONG = 60


def runs_coroutine(c: Context, function: Node) -> bool:
    """Whether a call's function takes a generator that stands for an ``async`` function."""
    if function.end_byte - function.start_byte > _LONG:
        return False
    name = c.text(function)
    return name in COROUTINES or "asyncToGenerator" in name or name.endswith("luebird.coroutine")


def is_regenerator(c: Context, function: Node) -> bool:
    """``regeneratorRuntime.wrap`` in its spellings (``_regenerator.default.wrap``, ``_regeneratorRuntime().wrap``,
    ``_regenerator().w``)."""
    return _of_regenerator(c, function, ("wrap", "w"))


def is_mark(c: Context, function: Node) -> bool:
    """``regeneratorRuntime.mark`` (``_regenerator().m``), which gives back the function that it is given."""
    return _of_regenerator(c, function, ("mark", "m"))


def _of_regenerator(c: Context, function: Node, names: tuple[str, ...]) -> bool:
    name = function.child_by_field_name("property")
    return (
        name is not None
        and function.end_byte - function.start_byte <= _LONG
        and c.identifier(name) in names
        and "egenerator" in c.text(function)
    )


def is_sent(c: Context, member: Node) -> bool:
    """``state.sent`` of the state machine that is being undone."""
    owner, name = member.child_by_field_name("object"), member.child_by_field_name("property")
    return (
        owner is not None
        and name is not None
        and owner.type == "identifier"
        and c.identifier(name) in ("sent", "v")
        and c.identifier(owner) == c.generator
    )


def state_machine(c: Context, arguments: Node, at: ir.At) -> ir.Expr | None:
    """A call of a function with the state machine's steps in order, or None where this is not one."""
    function = next((node for node in arguments.named_children if node.type == "function_expression"), None)
    body = function.child_by_field_name("body") if function is not None else None
    parameters = function.child_by_field_name("parameters") if function is not None else None
    if body is None or parameters is None or not parameters.named_child_count:
        return None
    state = c.identifier(parameters.named_children[0])
    before: list[Node] = []
    switch: Node | None = None
    for child in body.named_children:
        switch = _switch(child)
        if switch is not None:
            break
        before.append(child)
    cases = switch.child_by_field_name("body") if switch is not None else None
    value = switch.child_by_field_name("value") if switch is not None else None
    if cases is None or value is None or state not in c.text(value):
        return None
    with c.function(), c.collected() as steps:
        c.declared |= {SENT, state}
        c.generator = state
        c.sequence(before, own=False)
        for case in cases.named_children:
            inner = [node for node in case.children_by_field_name("body") if node.type != "comment"]
            c.sequence(inner, own=False)
        made = ir.Function("<async>", (), tuple(steps), frozenset(c.declared), at, "lexical")
    return ir.Call(ir.Lambda(made, at), (), (), at)


def _switch(node: Node) -> Node | None:
    """The switch itself, or inside regenerator's ``while (1)``."""
    while node.type in ("while_statement", "statement_block", "labeled_statement"):
        inner = node.child_by_field_name("body") or (node.named_children[0] if node.named_child_count else None)
        if inner is None:
            return None
        node = inner
    return node if node.type == "switch_statement" else None


def step(c: Context, node: Node, value: Node | None) -> None:
    """A ``return`` inside a state machine: a yield, a true return, or a jump to another step."""
    at = c.at(node)
    if value is None:
        return
    if value.type == "array":  # TypeScript: [4, yielded], [5, delegated], [2, returned], [3, next step], [7]
        items = [child for child in value.named_children if child.type != "comment"]
        code = c.text(items[0]) if items else ""
        if code in ("4", "5") and len(items) > 1:
            c.emit(ir.Assign(ir.Name(SENT, at), c.expr(items[1]), at))
        elif code == "2":
            result = c.expr(items[1]) if len(items) > 1 else None
            c.emit(ir.If(ir.Opaque((), at), (ir.Return(result, at),), (), at))
        return
    if value.type == "call_expression":  # regenerator: return state.abrupt("return", value), return state.stop()
        function = value.child_by_field_name("function")
        given = value.child_by_field_name("arguments")
        if function is not None and function.type == "member_expression" and given is not None:
            owner, name = function.child_by_field_name("object"), function.child_by_field_name("property")
            if owner is not None and name is not None and c.identifier(owner) == c.generator:
                items = [child for child in given.named_children if child.type != "comment"]
                if len(items) > 1 and (c.identifier(name) == "abrupt" or c.text(items[0]) == "2"):
                    result = c.expr(items[1])
                    c.emit(ir.If(ir.Opaque((), at), (ir.Return(result, at),), (), at))
                return
    c.emit(ir.Assign(ir.Name(SENT, at), c.expr(value), at))
