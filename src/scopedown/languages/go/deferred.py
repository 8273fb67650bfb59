"""Go's ``defer``, and ``recover`` in what is deferred (https://go.dev/ref/spec#Defer_statements, #Handling_panics).

* A deferred call runs where it is written. One of a function literal that uses variables runs at the function's end,
  too: the variables may have got other functions and clients by then.
* A result with a name, of which the deferred call has the name, may differ from what ``return`` gives.
* Where the deferred function may recover from a panic, the function may end at any place. It then returns its results
  with names as they are, or zero values.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopedown.languages.go.scope import NODES, Lowering, Scope
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

_BUILTINS: Final = frozenset(("cap", "clear", "close", "copy", "delete", "len", "panic", "print", "println"))
_RECOVERS: Final = re.compile(r"recover(?:ed|y|ing)?\b", re.IGNORECASE)


@NODES.statement("defer_statement")
def lower(work: Lowering, node: Node) -> None:
    """``defer f()``."""
    scope = work.scopes[-1]
    for call in work.named(node):
        at, text = work.at(call), work.text(call)
        function = call.child_by_field_name("function")
        scope.changed |= {name for name in scope.results if name != "_" and re.search(rf"\b{name}\b", text)}
        scope.recovers |= _may_recover(work, function, text)
        value = work.expression(call)
        if (
            function is not None
            and function.type == "func_literal"
            and isinstance(value, ir.Call)
            and _calls_variables(work, function)
        ):
            held = ir.Name(work.hidden("deferred"), at)
            work.emit(ir.Assign(held, value.function, at))
            value = ir.Call(held, value.positional, value.keywords, at)
            scope.deferred.append(ir.ExprStmt(value, at))
        work.emit(ir.ExprStmt(value, at))


def _may_recover(work: Lowering, function: Node | None, text: str) -> bool:
    """Whether a deferred function may recover: by its text, or where it is declared by the texts of its file; one of
    another file of the package may."""
    if _RECOVERS.search(text):
        return True
    if function is None or function.type == "func_literal":
        return False
    if function.type == "identifier":
        name = work.text(function)
        if work.is_variable(name) or name in _BUILTINS:
            return False
        return work.recovers or name not in work.functions
    field = function.child_by_field_name("field")
    return work.recovers and field is not None and work.text(field) in work.methods


def _calls_variables(work: Lowering, node: Node) -> bool:
    """Whether a function literal calls a variable of the functions around it, or a member of one."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.type == "call_expression":
            called = one.child_by_field_name("function")
            while called is not None and called.type == "selector_expression":
                called = called.child_by_field_name("operand")
            if called is not None and called.type == "identifier" and work.is_variable(work.text(called)):
                return True
        waiting += one.named_children
    return False


def returned(scope: Scope, values: tuple[ir.Expr, ...]) -> tuple[ir.Expr, ...]:
    """What a function with these values in its ``return`` may give instead, by what it has deferred."""
    if not scope.changed:
        return values
    at = values[0].at
    named = tuple(scope.result(name, at) for name in scope.results)
    if len(values) != len(named):
        return named
    both = zip(scope.results, named, values, strict=True)
    return tuple(result if name in scope.changed else value for name, result, value in both)


def around(scope: Scope, body: ir.Block, results: ir.Expr | None, at: ir.At) -> ir.Block:
    """A function's body with what happens at its end; ``results`` is what it gives after a panic."""
    recovers = scope.recovers and results is not None
    if not body or not (recovers or scope.deferred):
        return body
    handlers: tuple[tuple[ir.Target | None, ir.Block], ...] = ((None, (ir.Return(results, at),)),) if recovers else ()
    held = (one.value.function for one in scope.deferred if isinstance(one.value, ir.Call))
    first = (ir.Assign(name, ir.Const(None, at), at) for name in held if isinstance(name, ir.Name))
    return (*first, ir.Try(body, handlers, tuple(scope.deferred), at))
