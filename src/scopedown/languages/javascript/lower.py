"""JavaScript and TypeScript source to the intermediate form.

Lowering never fails: what the parser did not understand is left out and named in ``Module.problems``, what is nested
too deeply becomes Opaque.

The parts: ``source/languages/javascript_syntax`` (the parser), ``context`` (scopes, places, dispatch), ``expressions``,
``strings``, ``patterns``, ``functions`` (classes too), ``blocks``, ``statements``, ``switch``, ``modules``,
``generators`` (compiled ``async``), ``helpers`` (what compilers write into their output), ``typescript``, ``types``.
"""

from __future__ import annotations

from collections.abc import Sequence

from tree_sitter import Node, Tree

from scopedown.languages.javascript import (  # noqa: F401 (they lower nodes)
    blocks,
    expressions,
    modules,
    statements,
    switch,
    types,
    typescript,
)
from scopedown.languages.javascript.context import Context
from scopedown.source import ir
from scopedown.source.languages import javascript_syntax
from scopedown.source.languages.size import within_bound
from scopedown.source.languages.syntax import not_read


def lower(source: bytes, file: str) -> ir.Module:
    """Lower one file; ``file`` names it in the result and chooses the grammar by its ending."""
    source = source.removeprefix(b"\xef\xbb\xbf")
    tree, typed = javascript_syntax.parsed(source, file)
    try:
        return _lower(tree, _File(source), file, typed)
    except RecursionError:
        return _lower(tree, _Shallow(source), file, typed)


def parsed(source: bytes, file: str) -> Tree:
    """The syntax tree of one file."""
    return javascript_syntax.parsed(source, file)[0]


class _File(Context):
    """One file, with what its blocks declare."""

    __slots__ = ()

    def sequence(self, nodes: Sequence[Node], own: bool = True) -> None:
        blocks.statements(self, nodes, own)


class _Shallow(_File):
    """A file of which fewer levels are lowered, since the caller left little of Python's stack."""

    __slots__ = ()

    max_depth = 40


def _lower(tree: Tree, c: Context, file: str, typed: bool) -> ir.Module:
    root = tree.root_node
    kept, beyond = within_bound(root.named_children)
    c.sequence(kept, own=False)
    body = [*c.out, *c.trailing]
    if typed:
        body = _without_unused_imports(c, body)
    problems = (*not_read(c, root, beyond, c.dropped), *c.problems)
    return ir.Module(file, "javascript", tuple(body), frozenset(c.declared), problems)


def _without_unused_imports(c: Context, body: list[ir.Stmt]) -> list[ir.Stmt]:
    """TypeScript drops imports of which nothing is used; of those that only types use, the type can tell something."""
    kept: list[ir.Stmt] = []
    of_types: list[ir.Import] = []
    running: set[int] = set()
    for statement in body:
        name = c.elidable.get(id(statement))
        if name is not None and name not in c.used and name not in c.typed:
            continue
        kept.append(statement)
        source = _source_of(statement) if name is not None else None
        if source is not None and name in c.used:
            running.add(id(source))
        elif source is not None:
            of_types.append(source)
    for source in of_types:
        source.types = source.types or id(source) not in running
    return kept


def _source_of(statement: ir.Stmt) -> ir.Import | None:
    value = statement.value if isinstance(statement, ir.Assign) else None
    value = value.object if isinstance(value, ir.Attr) else value
    return value if isinstance(value, ir.Import) else None
