"""The functions of a module and the calls in each, read from its syntax without running it.

In: a lowered module. Out: an :class:`Outline`. It tells what a run did not reach: which functions were never entered,
and which calls of those that were entered were never evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from scopedown.source import ir

Inside = tuple[int, "Inside"] | None
"""The identity of a node, and the same of what encloses it."""


def ids(inside: Inside) -> Iterator[int]:
    """The identities from the inside out."""
    while inside is not None:
        one, inside = inside
        yield one


@dataclass(slots=True)
class Declared:
    """One function: the names that code reaches it by (none: it is written where it is used), and the calls in it.

    ``calls`` are (call, what encloses it up to the function's body), so that a call in code that a test leaves out can
    be recognised. ``function`` is None for the top level of the module.
    """

    function: ir.Function | None
    names: frozenset[str]
    aliases: frozenset[str] = frozenset()
    """Further names, under which code keeps the function: variables, members, :data:`RETURNED` for lists."""
    calls: list[tuple[ir.Call, Inside]] = field(default_factory=list)
    outer: ir.Function | None = None
    """The function that it is written in."""


RETURNED = "<returned>"
"""A name of functions that another function makes and gives back or keeps: any call of a value that is not known may be
one of them."""


@dataclass(slots=True)
class Outline:
    """The functions of a module, its top level first."""

    declared: list[Declared]
    data: frozenset[str] = frozenset()
    """Names of which every binding in the module is a collection of the language."""


def outline(module: ir.Module) -> Outline:
    """The outline of a module."""
    top = Declared(None, frozenset())
    found = Outline([top])
    collections: set[str] = set()
    others: set[str] = set()
    kept: dict[str, frozenset[str]] = {}
    waiting: list[tuple[Any, Declared, frozenset[str], Inside]] = [(module.body, top, frozenset(), None)]
    while waiting:
        node, owner, names, inside = waiting.pop()
        if names and isinstance(node, ir.Name):
            kept[node.id] = kept.get(node.id, frozenset()) | names
        if type(node) in _LEAVES:
            continue
        if isinstance(node, tuple):
            waiting += [(one, owner, names, inside) for one in node]
            continue
        match node:
            case ir.Function():
                named = names | ({node.name} if node.name and node.name[0] != "<" else frozenset())
                if named and owner.function is not None:
                    named |= {RETURNED}
                inner = Declared(node, named, outer=owner.function)
                others.update(_bound(node))
                found.declared.append(inner)
                waiting += [(parameter.default, owner, frozenset(), inside) for parameter in node.parameters]
                waiting += [(parameter.target, owner, frozenset(), inside) for parameter in node.parameters]
                waiting.append((node.body, inner, frozenset(), None))
                continue
            case ir.Call():
                owner.calls.append((node, (id(node), inside)))
            case ir.Assign(target=ir.Name(id=name)) | ir.AssignExpr(target=ir.Name(id=name)):
                (collections if _is_collection(node.value) else others).add(name)
        if type(node) in _BINDING:
            others.update(_bound(node))
        inside = (id(node), inside)
        waiting += [(child, owner, hint, inside) for child, hint in _children(node, names)]
    for declared in found.declared:
        declared.aliases = frozenset(alias for name in declared.names for alias in kept.get(name, ()))
    if not _COLLECTIONS & (collections | others):
        found.data = frozenset(collections - others)
    return found


def changed_inside(function: ir.Function) -> frozenset[str]:
    """The variables of a function that functions written in it assign to."""
    found: set[str] = set()
    nothing: frozenset[str] = frozenset()
    waiting: list[tuple[Any, bool, frozenset[str]]] = [(function.body, False, nothing)]
    waiting += [(parameter.default, False, nothing) for parameter in function.parameters]
    while waiting:
        node, is_inner, hidden = waiting.pop()
        if type(node) in _LEAVES:
            continue
        if isinstance(node, tuple):
            waiting += [(one, is_inner, hidden) for one in node]
            continue
        if isinstance(node, ir.Function):
            is_inner, hidden = True, hidden | node.locals
        elif isinstance(node, ir.Class):
            is_inner = False  # what its body assigns are its members
        elif is_inner:
            found.update(name for name in _assigned(node) if name not in hidden)
        waiting += [(child, is_inner, hidden) for child in parts(node)]
    return frozenset(found)


@lru_cache(maxsize=10_000)
def changes_others(function: ir.Function) -> bool:
    """Whether a function calls anything, or assigns to anything but its own variables."""
    for node in _nodes(function.body):
        match node:
            case ir.Call():
                return True
            case ir.Assign(target=target) | ir.AssignExpr(target=target):
                if not isinstance(target, ir.Name) or target.id not in function.locals:
                    return True
            case _:
                pass
    return False


@lru_cache(maxsize=10_000)
def has(expression: ir.Expr, kind: type[ir.Call | ir.AssignExpr]) -> bool:
    """Whether there is a node of a kind in an expression."""
    return any(isinstance(node, kind) for node in _nodes(expression))


def names_in(expression: ir.Expr) -> set[str]:
    """The variables and members that an expression names."""
    found: set[str] = set()
    for node in _nodes(expression):
        match node:
            case ir.Name(id=name) | ir.Attr(name=name) | ir.Index(index=ir.Const(value=str() as name)):
                found.add(name)
            case _:
                pass
    return found


def _assigned(node: Any) -> Iterator[str]:
    match node:
        case ir.Assign(target=ir.Name(id=name)) | ir.AssignExpr(target=ir.Name(id=name)):
            yield name
        case _:
            yield from _bound(node)


def _is_collection(value: Any) -> bool:
    return isinstance(value, ir.Call) and value.new and getattr(value.function, "id", None) in _COLLECTIONS


def _bound(node: Any) -> Iterator[str]:
    """The names that a node binds in any other way than by a plain assignment."""
    match node:
        case ir.Loop(target=target) | ir.With(target=target):
            targets = [target]
        case ir.Try(handlers=handlers):
            targets = [target for target, _ in handlers]
        case ir.ObjectPattern(entries=entries, rest=rest):
            targets = [*(target for _, target, _ in entries), rest]
        case ir.ListPattern(items=items, rest=rest, after=after):
            targets = [*(item[0] for item in items if item is not None), rest, *after]
        case ir.Function(parameters=parameters):
            targets = [parameter.target for parameter in parameters]
        case _:
            return
    yield from (target.id for target in targets if isinstance(target, ir.Name))


def _children(node: Any, names: frozenset[str]) -> Iterator[tuple[Any, frozenset[str]]]:
    """What a node holds, each with the names under which a function in it is reached."""
    nothing: frozenset[str] = frozenset()
    match node:
        case ir.Attr(object=owner):
            yield owner, nothing
        case ir.Call():  # what wraps a function hands it on under the same name
            yield node.function, nothing
            for argument in node.positional:
                yield argument, names
            for name, argument in node.keywords:
                yield argument, names | ({name} if name else nothing)
        case ir.Assign(target=target, value=value) | ir.AssignExpr(target=target, value=value):
            yield target, nothing
            yield value, _named(target)
        case ir.ObjectExpr(entries=entries):
            for key, value in entries:
                yield key, nothing
                match key:
                    case ir.Const(value=str() as written):
                        yield value, frozenset({written})
                    case _:
                        yield value, names | {"*"}
        case ir.Lambda(function=function):
            yield function, names
        case ir.Return(value=ir.Call(function=ir.Attr()) as value):  # what a method is handed is not given back
            yield value, nothing
        case ir.Return(value=value) | ir.Raise(value=value):
            yield value, frozenset({RETURNED})
        case ir.ClassExpr(definition=definition):
            yield definition.bases, nothing
            yield definition.body, nothing
            for member, initial in definition.fields:
                yield initial, _named(member)
        case ir.ListExpr(items=items):
            for item in items:
                yield item, frozenset({RETURNED}) if isinstance(item, ir.Name) else nothing
        case ir.Cond() | ir.Op() | ir.Cast():
            for child in parts(node):
                yield child, names
        case _:
            for child in parts(node):
                yield child, nothing


@lru_cache(maxsize=10_000)
def outer_names(function: ir.Function) -> frozenset[str]:
    """The names in a function, and in those inside of it, that may be variables of what encloses it."""
    found: set[str] = set()
    waiting: list[Any] = [function.parameters, function.body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ir.Name):
            found.add(node.id)
        elif not isinstance(node, _DATA):
            waiting += parts(node)
    return frozenset(found) - function.locals


def _named(target: Any) -> frozenset[str]:
    match target:
        case ir.Name(id=name) | ir.Attr(name=name):
            return frozenset({name})
        case ir.Index(index=ir.Const(value=str() as name)):
            return frozenset({name})
        case ir.Index():
            return frozenset({"*"})
        case _:
            return frozenset()


def _nodes(root: Any) -> Iterator[Any]:
    """A node and all that is in it."""
    waiting: list[Any] = [root]
    while waiting:
        node = waiting.pop()
        yield node
        if type(node) not in _LEAVES:
            waiting += parts(node)


def parts(node: Any) -> Iterator[Any]:
    """The nodes in a node, whatever holds them."""
    if isinstance(node, tuple):
        yield from node
        return
    kind: Any = type(node)
    for name in _slots(kind):
        value = getattr(node, name)
        if not isinstance(value, _DATA):
            yield value


@cache
def _slots(kind: type) -> tuple[str, ...]:
    """Where nodes of a kind may hold others."""
    return tuple(name for name in getattr(kind, "__slots__", ()) if name not in _NO_CODE)


_COLLECTIONS = frozenset({"Map", "Set", "WeakMap", "WeakSet", "URLSearchParams", "Headers", "FormData"})
"""Classes of JavaScript whose objects have methods that are named as those of a document client."""
_NO_CODE = frozenset({"at", "name_at", "operator", "annotation", "type"})
_DATA = (str, int, float, frozenset, type(None))
_BINDING = frozenset({ir.Loop, ir.With, ir.Try, ir.ObjectPattern, ir.ListPattern})
_LEAVES = frozenset({type(None), str, int, float, bool, ir.Name, ir.Const, ir.Regex, ir.This, ir.Super})
