"""Kotlin source → :class:`~scopedown.source.ir.Module`, by way of tree-sitter-kotlin.

Any bytes go in; a syntax error costs only the statement it stands in and is told in ``Module.problems``. The source is
never compiled. ``classes.py`` says what becomes of a class, ``functions.py`` of a lambda, ``flow.py`` of ``when``.

Beyond the conventions of :mod:`scopedown.source.ir`:

* A function or property that extends a type is a function with the receiver ``"this"`` among whose annotations
  ``<extension>`` stands with the type.
* ``T::class`` and ``T::class.java`` are the type itself; ``Type::method`` is ``<reference>(Type, "method")``.
* ``val (a, b) = x`` takes ``<component>(x, 0)``; a ``for`` loop goes through ``<elements>(x)``.
* Named arguments are keywords. A lambda behind the parentheses is the last argument.
* Properties of a file that are computed (``by lazy``) are computed when the file is loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.kotlin import classes, expressions, flow, functions, literals, marks, types  # noqa: F401 (they lower nodes)
from scopedown.languages.kotlin.work import Work, parsed
from scopedown.source import ir
from scopedown.source.languages.class_parts import overloads
from scopedown.source.languages.size import within_bound
from scopedown.source.languages.syntax import not_read

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["lower", "parsed"]
_DECLARATIONS = ("function_declaration", "property_declaration", "identifier", *classes.DECLARATIONS)


def lower(source: bytes, file: str) -> ir.Module:
    """The intermediate form of one file; ``file`` is only carried along.

    >>> lower(b"package com.acme; class Table", "Table.kt").package
    'com.acme'
    """
    root = parsed(source).root_node
    work = Work(source)
    nodes, beyond = within_bound(root.named_children)
    package = ""
    imports: list[tuple[str, str]] = []
    opened: list[str] = []
    for node in nodes:
        if node.type == "package_header":
            package = _dotted(work, node)
        elif node.type == "import":
            _import(work, node, imports, opened)
    _declarations(work, list(nodes))
    imports += [(name, name) for name in work.qualified]
    problems = not_read(work, root, beyond, work.dropped)
    names = frozenset(work.scopes[0].names)
    return ir.Module(file, "kotlin", tuple(work.out), names, problems, package, tuple(imports), tuple(opened))


def _dotted(work: Work, node: Node) -> str:
    found = work.child(node, "qualified_identifier", "identifier")
    if found is None:
        return ""
    parts = [one for one in found.named_children if one.type == "identifier"] or [found]
    return ".".join(work.text(one) for one in parts)


def _import(work: Work, node: Node, imports: list[tuple[str, str]], opened: list[str]) -> None:
    name = _dotted(work, node)
    alias = [one for one in node.named_children if one.type in ("identifier", "import_alias")]
    if any(token.type in ("*", ".*") for token in node.children):
        opened.append(name)
    elif name:
        local = work.text(alias[-1]).removeprefix("as ").strip() if alias else name.rpartition(".")[2]
        imports.append((local, name))


def _declarations(work: Work, nodes: list[Node], depth: int = 0) -> None:
    """What stands at the top of a file: functions first, then classes, then properties and what else runs."""
    made: dict[str, list[ir.Expr]] = {}
    for node in nodes:
        if node.type == "function_declaration":
            function = functions.function(work, node, "none")
            made.setdefault(function.function.name, []).append(function)
            extends = functions.extended(node, node.child_by_field_name("name")) is not None
            if extends and "operator" in marks.words(work, node):
                work.emit(functions.perhaps(function))
    for name, same in made.items():
        work.emit(ir.Assign(ir.Name(work.bind(name), same[0].at), overloads(same), same[0].at))
    for node in nodes:
        if node.type in classes.DECLARATIONS:
            work.effect(node)
        elif node.type == "type_alias":
            _alias(work, node)
    for node in nodes:
        if node.type == "property_declaration":
            _property(work, node)
        elif node.type == "ERROR" and depth < 20:
            _declarations(work, node.named_children, depth + 1)
        elif node.type not in _DECLARATIONS and work.is_expression(node):
            work.effect(node)


def _alias(work: Work, node: Node) -> None:
    named = node.child_by_field_name("type") or work.child(node, "identifier")
    meant = types.declared(work, node)
    meant = meant.object if isinstance(meant, ir.Index) else meant
    if named is not None and isinstance(meant, ir.Name | ir.Attr):
        at = work.at(node)
        work.emit(ir.Assign(ir.Name(work.bind(work.text(named)), at), meant, at))


def _property(work: Work, node: Node) -> None:
    """A property of the file; one that extends a type, or has only a getter, is a function."""
    found, getter = classes.named_property(work, node), work.child(node, "getter")
    if found is not None and (setter := functions.setter(work, found[1], node)) is not None:
        work.emit(functions.perhaps(setter))
    if getter is None or found is None or flow.initial(work, node) is not None:
        work.effect(node)
        return
    one, name, at = found
    made = functions.accessor(work, name, getter, None, at)
    extended = functions.extension(work, node, one)
    if extended is None:
        made.function.receiver = "none"
        work.emit(ir.Assign(ir.Name(work.bind(name), at), ir.Call(made, (), (), at), at))
    else:
        made.function.annotations = (extended,)
        work.emit(ir.Assign(ir.Name(work.bind(name), at), made, at))
