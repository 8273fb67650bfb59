"""Declared types of Kotlin as expressions; type parameters are what bounds them, ``T?`` is ``T``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.languages.kotlin.work import Work
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

KINDS: Final = frozenset(
    {"user_type", "nullable_type", "function_type", "parenthesized_type", "non_nullable_type", "dynamic"}
)
WRAPPERS: Final = frozenset({"Lazy", "Deferred", "Provider", "Result", "Optional", "AtomicReference", "ThreadLocal"})
"""Types whose argument is what a program uses through them."""
_NOTHING: Final = frozenset(
    {
        "String", "Int", "Long", "Boolean", "Double", "Float", "Short", "Byte", "Char", "Unit", "Any", "Nothing",
        "Number", "CharSequence", "ByteArray",
    }
)  # fmt: skip


def of(work: Work, node: Node | None) -> ir.Expr | None:
    """A type; None where it tells nothing."""
    for _ in range(work.max_depth):
        if node is None:
            return None
        if node.type in ("nullable_type", "parenthesized_type", "non_nullable_type", "type_projection"):
            node = work.child(node, *KINDS)
        elif node.type == "user_type":
            return _user(work, node)
        else:
            return None
    return None


def declared(work: Work, node: Node) -> ir.Expr | None:
    """The type that a declaration has among its children."""
    return of(work, work.child(node, *KINDS))


def _user(work: Work, node: Node) -> ir.Expr | None:
    names = [one for one in node.named_children if one.type == "identifier"]
    if not names or work.depth >= work.max_depth:
        return None
    at = work.at(node)
    first = work.text(names[0])
    if len(names) == 1 and first in work.scope.generics:
        return work.scope.generics[first]
    if len(names) == 1 and first in _NOTHING:
        return None
    given = work.child(node, "type_arguments")
    work.depth += 1
    inside = [of(work, one) for one in work.named(given)] if given is not None else []
    work.depth -= 1
    if len(names) == 1 and first in WRAPPERS and inside:
        return inside[0]
    made = name(work, [work.text(one) for one in names], at)
    kept = [one for one in inside if one is not None]
    if not kept:
        return made
    return ir.Index(made, kept[0] if len(kept) == 1 else ir.ListExpr(tuple(kept), at), at)


def name(work: Work, parts: list[str], at: ir.At) -> ir.Expr:
    """``Outer.Inner``, or a type with its package (``com.acme.Store``)."""
    if len(parts) > 1 and parts[0][:1].islower() and work.local(parts[0]) is None:
        length = next((at for at, part in enumerate(parts, 1) if part[:1].isupper()), len(parts))
        whole = ".".join(parts[:length])
        work.qualified.setdefault(whole)
        made: ir.Expr = ir.Name(whole, at)
        rest = parts[length:]
    else:
        made, rest = ir.Name(parts[0], at), parts[1:]
    for part in rest:
        made = ir.Attr(made, part, at)
    return made


def generics(work: Work, node: Node) -> dict[str, ir.Expr | None]:
    """The type parameters of a declaration, each with its bound."""
    found: dict[str, ir.Expr | None] = {}
    listed = work.child(node, "type_parameters")
    for one in work.named(listed) if listed is not None else ():
        named = work.child(one, "identifier")
        if named is not None:
            found[work.text(named)] = declared(work, one)
    limits = work.child(node, "type_constraints")
    for one in work.named(limits) if limits is not None else ():
        named = work.child(one, "identifier")
        if named is not None and (bound := declared(work, one)) is not None:
            found[work.text(named)] = bound
    return found
