"""JavaScript and TypeScript source to the intermediate form.

Lowering never fails: what the parser did not understand is left out and named in ``Module.problems``, what is nested
too deeply becomes Opaque.

The parts: ``javascript_syntax`` (the parser), ``javascript_context`` (scopes, places, dispatch), ``_expressions``,
``_strings``, ``_patterns``, ``_functions`` (classes too), ``_blocks``, ``_statements``, ``_switch``, ``_modules``,
``_generators`` (compiled ``async``), ``_helpers`` (what compilers write into their output) and ``typescript``.
"""

from __future__ import annotations

from tree_sitter import Tree

from scopedown.source import ir
from scopedown.source.languages.javascript_blocks import statements
from scopedown.source.languages.javascript_context import MAX_DEPTH, Context
from scopedown.source.languages.javascript_expressions import EXPRESSIONS
from scopedown.source.languages.javascript_statements import STATEMENTS
from scopedown.source.languages.javascript_syntax import parsed
from scopedown.source.languages.size import within_bound
from scopedown.source.languages.syntax import not_read

_FEW = 40
"""Levels that are lowered where the caller left little of Python's stack."""


def lower(source: bytes, file: str) -> ir.Module:
    """Lower one file; ``file`` names it in the result and chooses the grammar by its ending."""
    source = source.removeprefix(b"\xef\xbb\xbf")
    tree, typed = parsed(source, file)
    try:
        return _lower(tree, source, file, typed, MAX_DEPTH)
    except RecursionError:
        return _lower(tree, source, file, typed, _FEW)


def _lower(tree: Tree, source: bytes, file: str, typed: bool, depth: int) -> ir.Module:
    c = Context(source, EXPRESSIONS, STATEMENTS, depth)
    body: list[ir.Stmt] = []
    root = tree.root_node
    kept, beyond = within_bound(root.named_children)
    c.problems += not_read(c, root, beyond)
    statements(c, kept, False, body)
    body += c.trailing
    if typed:
        body = _without_unused_imports(c, body)
    return ir.Module(file, "javascript", tuple(body), frozenset(c.declared), tuple(c.problems))


def _without_unused_imports(c: Context, body: list[ir.Stmt]) -> list[ir.Stmt]:
    """TypeScript drops imports of which nothing is used; of those that only types use, the type can tell something."""
    kept: list[ir.Stmt] = []
    types: list[ir.Import] = []
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
            types.append(source)
    for source in types:
        source.types = source.types or id(source) not in running
    return kept


def _source_of(statement: ir.Stmt) -> ir.Import | None:
    value = statement.value if isinstance(statement, ir.Assign) else None
    value = value.object if isinstance(value, ir.Attr) else value
    return value if isinstance(value, ir.Import) else None
