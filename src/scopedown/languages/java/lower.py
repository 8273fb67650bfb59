"""Java source → :class:`~scopedown.source.ir.Module`, by way of tree-sitter-java.

Any bytes go in; a syntax error costs only the statement it stands in and is told in ``Module.problems``. The source is
never run or compiled. ``lowering.py`` says how names are kept apart, ``classes.py`` what becomes of a class.

Beyond the conventions of :mod:`scopedown.source.ir`:

* ``import static a.B.c`` binds ``c``, ``import static a.B.*`` opens ``a.B``. A type that code names by its package is
  bound under that whole name.
* A class that names no class of its file comes after those that it may need: the class that the file is named by is the
  last one.
* ``T.class`` is the type itself. ``Type::method`` is ``<reference>(Type, "method")``, a function that the language
  knows; other method references are members.
* ``Optional<T>`` is ``Index(Optional, T)``, ``T[]`` is ``Index([], T)``.
* ``new T() {{ put(…); }}`` is a function that fills the new object and is called at once. So is a ``switch`` with a
  value whose cases are more than expressions.
* A loop's condition is the first statement of its body.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from scopedown.languages.java import calls, classes, expressions, functions, literals, statements  # noqa: F401 (they lower nodes)
from scopedown.languages.java.lowering import GRAMMAR, Lowering
from scopedown.source import ir
from scopedown.source.languages.size import within_bound
from scopedown.source.languages.syntax import not_read

if TYPE_CHECKING:
    from tree_sitter import Node, Tree


def lower(source: bytes, file: str) -> ir.Module:
    """The intermediate form of one file; ``file`` is only carried along, its name tells which class is the file's.

    >>> lower(b"package com.acme; class Table {}", "Table.java").package
    'com.acme'
    """
    root = parsed(source).root_node
    work = Lowering(source)
    kept, beyond = within_bound(root.children)
    package = ""
    imports: list[tuple[str, str]] = []
    opened: list[str] = []
    classes.note_names(work, root)
    own: list[ir.Stmt] = []
    main = posixpath.basename(file).partition(".")[0]
    for child in kept:
        if child.type == "package_declaration":
            package = _dotted(work, child)
        elif child.type == "import_declaration":
            _import(work, child, imports, opened)
        elif child.type in classes.DECLARATIONS:
            made = classes.declaration(work, child)
            one = ir.Assign(ir.Name(made.definition.name, made.at), made, made.at)
            (own if made.definition.name == main else work.out).append(one)
        elif child.type == "method_declaration":
            _free_method(work, child)
        elif child.is_named:
            work.statement(child)
    body = (*work.out, *own)
    names = {one.target.id for one in body if isinstance(one, ir.Assign) and isinstance(one.target, ir.Name)}
    imports += [(name, name) for name in work.qualified]
    problems = not_read(work, root, beyond, work.dropped)
    return ir.Module(file, "java", body, frozenset(names), problems, package, tuple(imports), tuple(opened))


def parsed(source: bytes, file: str = "") -> Tree:
    """The syntax tree of one file."""
    return GRAMMAR.parsed(source)


def _dotted(work: Lowering, node: Node) -> str:
    """The name in a declaration of a package or an import, without the spaces in it."""
    named = [child for child in work.named(node) if child.type in ("scoped_identifier", "identifier")]
    if not named:
        return ""
    whole = work.source[named[-1].start_byte : named[-1].end_byte].decode("utf-8", "replace")
    return "".join(whole.split())


def _import(work: Lowering, node: Node, imports: list[tuple[str, str]], opened: list[str]) -> None:
    name = _dotted(work, node)
    if any(child.type == "asterisk" for child in node.named_children):
        opened.append(name)
    elif name:
        imports.append((name.rpartition(".")[2], name))


def _free_method(work: Lowering, node: Node) -> None:
    """A method without a class, which newer versions have (https://openjdk.org/jeps/512)."""
    made = functions.method(work, node, static=True)
    work.emit(ir.Assign(ir.Name(made.function.name, made.at), made, made.at))
