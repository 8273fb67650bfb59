"""In which order the declarations of a package run, over all of its files
(https://go.dev/ref/spec#Package_initialization).

Types come first, then functions and methods, then variables in their order, each after those that its value depends
on, also through the functions that it calls; last the calls of ``init``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from scopedown.source import ir

Where = TypeVar("Where")
Declared = tuple[Where, ir.Stmt]

_DATA = (str, int, float, bool, frozenset, type(None))
MAX_SAME = 20
"""Declarations of one name that are looked at; files for other systems may have it too."""


def ordered(statements: Sequence[Declared[Where]]) -> list[Declared[Where]]:
    """The statements of a package's files in the order in which they run."""
    types = [one for one in statements if _is(one[1], ir.ClassExpr)]
    functions = [one for one in statements if _is(one[1], ir.Lambda) and isinstance(_target(one[1]), ir.Name)]
    methods = [one for one in statements if _is(one[1], ir.Lambda) and isinstance(_target(one[1]), ir.Attr)]
    initial = [one for one in statements if isinstance(one[1], ir.ExprStmt)]
    taken = {id(one[1]) for one in (*types, *functions, *methods, *initial)}
    variables = [one for one in statements if id(one[1]) not in taken]
    graph = _Graph((*types, *functions, *methods, *variables))
    done: set[int] = set()
    first = list(graph.after([*types], done, lambda statement: _bases(statement)))
    # An alias of a type is written like a variable; a base that is one runs before its class.
    done |= {id(one[1]) for one in (*functions, *methods)}
    rest = list(graph.after(variables, done, _names))
    return [*first, *functions, *methods, *rest, *initial]


def _is(statement: ir.Stmt, kind: type) -> bool:
    return isinstance(statement, ir.Assign) and isinstance(statement.value, kind)


def _target(statement: ir.Stmt) -> ir.Target | None:
    return statement.target if isinstance(statement, ir.Assign) else None


class _Graph:
    """The declarations of a package by their names; those of methods are ``.name``."""

    def __init__(self, statements: Sequence[Declared[Any]]) -> None:
        self._named: dict[str, list[Declared[Any]]] = {}
        self._needs: dict[int, frozenset[str]] = {}
        for one in statements:
            for name in _declared(one[1]):
                same = self._named.setdefault(name, [])
                if name != "_" and len(same) < MAX_SAME:  # ``var _ I = x`` declares nothing
                    same.append(one)

    def after(self, wanted: Sequence[Declared[Any]], done: set[int], needs: Any) -> Iterator[Declared[Any]]:
        """The wanted statements, each after what it needs that is not done; what is done is passed through."""
        passed: set[int] = set()
        for start in wanted:
            waiting: list[tuple[Declared[Any], bool]] = [(start, False)]
            while waiting:
                one, ready = waiting.pop()
                key = id(one[1])
                if ready:
                    if key not in done:
                        done.add(key)
                        yield one
                    continue
                if key in passed:
                    continue
                passed.add(key)
                waiting.append((one, True))
                if key not in self._needs:
                    self._needs[key] = needs(one[1])
                found = [other for name in sorted(self._needs[key]) for other in self._named.get(name, ())]
                waiting += [(other, False) for other in reversed(found) if id(other[1]) not in passed]
        self._needs.clear()


def _declared(statement: ir.Stmt) -> Iterator[str]:
    match _target(statement):
        case ir.Name(id=name):
            yield name
        case ir.Attr(name=name):
            yield f".{name}"
        case ir.ListPattern(items=items):
            yield from (item[0].id for item in items if item is not None and isinstance(item[0], ir.Name))
        case _:
            pass


def _bases(statement: ir.Stmt) -> frozenset[str]:
    """The names that a type is defined by; a variable's, where it is an alias of a type."""
    if isinstance(statement, ir.Assign) and isinstance(statement.value, ir.ClassExpr):
        return _names(statement.value.definition.bases)
    return _names(statement)


def _names(node: Any) -> frozenset[str]:
    """The names that stand in a node, and those of the members that it reads."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple):
            waiting += one
        elif isinstance(one, ir.Name):
            found.add(one.id)
        elif not isinstance(one, _DATA):
            if isinstance(one, ir.Attr):
                found.add(f".{one.name}")
            waiting += [getattr(one, name) for name in type(one).__slots__ if name != "at"]
    return frozenset(found)
