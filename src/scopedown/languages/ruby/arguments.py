"""The arguments of Ruby's calls, and the entries of its hashes.

Pairs at the end of the arguments whose keys are symbols are keywords, as other pairs are a hash. A block goes along
under the keyword ``&``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scopedown.languages.ruby.scope import BLOCK, Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

FORWARDED = "..."
"""The name of all that a method was given, where it hands on whatever that is; its keywords have a colon more."""
Keywords = tuple[tuple[str | None, ir.Expr], ...]
Arguments = tuple[tuple[ir.Expr, ...], Keywords]


def arguments(work: Lowering, nodes: list[Node]) -> Arguments:
    """The positional arguments and the keywords among these nodes."""
    positional: list[ir.Expr] = []
    keywords: list[tuple[str | None, ir.Expr]] = []
    pairs: list[Node] = []
    block: ir.Expr | None = None
    for child in nodes:
        match work.kind(child):
            case "pair" | "hash_splat_argument":
                pairs.append(child)
            case "block_argument":
                block = _block_argument(work, child)
            case "forward_argument":
                at = work.at(child)
                uses_block(work)
                positional.append(ir.Spread(ir.Name(FORWARDED, at), at))
                keywords.append((None, ir.Name(FORWARDED + ":", at)))
                block = ir.Name(BLOCK, at)
            case _:
                positional.append(work.expression(child))
    found = list(entries(work, pairs))
    if all(_has_symbol(work, pair) for pair in pairs):
        keywords += [(None if key is None else str(getattr(key, "value", "")), value) for key, value in found]
    else:
        positional.append(ir.ObjectExpr(tuple(found), work.at(pairs[0])))
    if block is not None:
        keywords.append((BLOCK, block))
    return tuple(positional), tuple(keywords)


def _has_symbol(work: Lowering, pair: Node) -> bool:
    """Whether the key of a pair is a symbol: ``a: 1``, ``:a => 1``, ``"a": 1``."""
    key = pair.child_by_field_name("key")
    if key is None or work.kind(key) in ("hash_key_symbol", "simple_symbol"):
        return True
    plain = work.kind(key) == "string" and all(work.kind(child) == "string_content" for child in work.named(key))
    return plain and work.source[key.end_byte : key.end_byte + 1] == b":"


def entries(work: Lowering, nodes: list[Node]) -> Iterator[tuple[ir.Expr | None, ir.Expr]]:
    """The entries of a hash; a spread has no key. ``x:`` alone means the variable or the method ``x``."""
    for child in nodes:
        at = work.at(child)
        if work.kind(child) == "hash_splat_argument":
            inner = work.named(child)
            if inner:
                yield None, work.expression(inner[0])
        elif work.kind(child) == "pair":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if key is None:
                continue
            made = work.expression(key)
            if value is not None:
                yield made, work.expression(value)
            else:
                name = work.text(key)
                yield made, ir.Name(name, at) if work.is_local(name) else ir.Call(ir.Name(name, at), (), (), at)


def _block_argument(work: Lowering, node: Node) -> ir.Expr:
    """``&block``; ``&:name`` calls the method of what it is given."""
    at = work.at(node)
    inner = work.named(node)
    if not inner:
        uses_block(work)
        return ir.Name(BLOCK, at)
    if work.kind(inner[0]) != "simple_symbol":
        return work.expression(inner[0])
    item = ir.Name("item", at)
    called = ir.Call(ir.Attr(item, work.text(inner[0])[1:], at), (), (), at)
    body = (ir.Return(called, at),)
    made = ir.Function("<block>", (ir.Parameter(item),), body, frozenset({"item"}), at, "lexical")
    return ir.Lambda(made, at)


def uses_block(work: Lowering) -> None:
    """The method around uses the block that it was given."""
    scope = work.enclosing("method")
    if scope is not None:
        scope.takes_block = True
