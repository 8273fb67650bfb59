"""Rust source → :class:`~scopedown.source.ir.Module`, by way of tree-sitter-rust.

Any bytes go in; a syntax error costs only the statement it stands in and is told in ``Module.problems``. The source is
never compiled. Items are in ``items.py`` and ``definitions.py``, statements and what is made of them in ``flow.py``,
expressions in ``expressions.py``, paths in ``paths.py``.

Beyond the conventions of :mod:`scopedown.source.ir`:

* Methods are ``Assign(Attr(T, name), Lambda(receiver "first"))``, functions of a type have the receiver ``"none"``. The
  variants of an enumeration are classes that derive from it (or objects, where they hold nothing), as its members.
* ``Option`` and ``Result`` are transparent: ``Some(x)``, ``Ok(x)`` and ``x?`` are ``x``, ``None`` is nothing.
* Items of a module that is written inside of the file have its name before them: ``config::load``.
* A path out of the file is one name (``store::Store``), which ``Module.imports`` leads to ``self.store.Store``.
* ``println!`` and its like are :class:`~scopedown.source.ir.Opaque` with their arguments.
* Tests (``#[cfg(test)]``) are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scopedown.languages.rust import assignments, expressions, flow, items, own_macros, paths  # noqa: F401 (they lower nodes)
from scopedown.languages.rust.work import ModuleScope, Work, parsed
from scopedown.source import ir
from scopedown.source.languages.size import within_bound
from scopedown.source.languages.syntax import not_read

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["lower", "parsed", "scope_of"]


class _RustSource(Work):
    """One file, with what its parts ask of one another."""

    __slots__ = ()

    def items(self, nodes: Sequence[Node], lazy: bool = False) -> None:
        items.all_of(self, nodes, lazy)

    def hoisted(self, nodes: Sequence[Node]) -> None:
        items.hoisted(self, nodes)

    def test(self, node: Node, captures: list[ir.Stmt]) -> ir.Expr:
        return flow.test(self, node, captures)


def lower(source: bytes, file: str) -> ir.Module:
    """The intermediate form of one file; ``file`` is only carried along.

    >>> sorted(lower(b"struct A; fn f() {}", "main.rs").locals)
    ['A', 'f']
    """
    root = parsed(source).root_node
    work = _RustSource(source)
    nodes, beyond = within_bound(root.named_children)
    own_macros.define(work, nodes)
    items.collect(work, work.root, nodes)
    items.derived(work.root)
    items.exported(work, work.root)
    items.hand_on(work, work.root)
    items.all_of(work, nodes)
    paths.note_imports(work, work.root)
    problems = not_read(work, root, beyond, work.dropped)
    return ir.Module(
        file, "rust", tuple(work.out), frozenset(work.scopes[0].names), problems,
        imports=tuple(work.imports.items()), opened=tuple(work.opened),
    )  # fmt: skip


def scope_of(source: bytes) -> ModuleScope:
    """The names of a file alone: its items, its modules and what it uses."""
    work = _RustSource(source)
    nodes, _ = within_bound(parsed(source).root_node.named_children)
    own_macros.define(work, nodes)
    items.collect(work, work.root, nodes)
    items.derived(work.root)
    items.exported(work, work.root)
    return work.root


def macro(source: bytes, name: str) -> bytes:
    """The definition of a macro, as it is written; empty where the source has none."""
    waiting = [parsed(source).root_node]
    while waiting:
        for child in waiting.pop().named_children:
            written = child.child_by_field_name("name") if child.type in ("macro_definition", "mod_item") else None
            if child.type == "macro_definition" and written is not None:
                if source[written.start_byte : written.end_byte] == name.encode():
                    return source[child.start_byte : child.end_byte]
            elif child.type in ("mod_item", "declaration_list"):
                waiting.append(child)
    return b""
