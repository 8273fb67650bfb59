"""PHP source → :class:`~scopedown.source.ir.Module`, by way of tree-sitter-php.

Any bytes go in; a syntax error costs only the statement it stands in and is told in ``Module.problems``. The source is
never run. Expressions are in ``expressions.py``, calls in ``calls.py``, classes in ``classes.py``.

Beyond the conventions of :mod:`scopedown.source.ir`:

* A class, a function and a constant is a Name with its whole name (``App\\Store``), as the file's namespace and its
  ``use`` make it; a function or constant without a namespace may be PHP's own too. Variables and properties keep their
  ``$``, and so do the names of arguments.
* An array without keys is a list, one with keys or without elements a map. ``$a[] = b`` assigns ``<append>(a, b)``.
  ``foreach`` goes through ``<values>(a)``, or through ``<pairs>(a)`` where it has keys.
* ``__construct`` is ``constructor``, ``__invoke`` ``__call__``; ``static`` is the class that a method was called on.
* Functions and classes at the top of a file are there before its statements.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopedown.languages.php import blade, branches, calls, classes, conversions, expressions  # noqa: F401 (they lower nodes)
from scopedown.languages.php.attributes import attributes
from scopedown.languages.php.functions import function
from scopedown.languages.php.scope import GRAMMAR, NODES, SEPARATOR, UNFOLLOWED, Lowering, Scope
from scopedown.languages.php.targets import aliased, refer, target
from scopedown.source import ir
from scopedown.source.languages.size import within_bound
from scopedown.source.languages.syntax import not_read

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_UNSUPPORTED: Final = re.compile(r"declare\s*\(\s*\w+\s*=\s*[^\s()]{1,40}\s*\)")
"""A directive that PHP does not know, which it warns of and ignores (https://www.php.net/manual/en/control-structures.declare.php)."""
_HOISTED: Final = ("function_definition", "class_declaration", "interface_declaration", "trait_declaration",
                   "enum_declaration")  # fmt: skip


def lower(source: bytes, file: str) -> ir.Module:
    """The intermediate form of one file; ``file`` is carried along, and says whether it is a template of Laravel.

    >>> lower(b"<?php namespace A; class B {}", "app.php").package
    'A'
    """
    if file.endswith(blade.ENDING):
        source = blade.as_php(source)
    root = parsed(source).root_node
    work = Lowering(source)
    kept, beyond = within_bound([child for child in root.named_children if work.kind(child) not in Lowering.trivia])
    statements = _program(work, list(kept))
    problems = not_read(work, root, beyond, is_code=lambda node: bool(_UNSUPPORTED.fullmatch(work.text(node))))
    imports = tuple((name, whole) for name, whole in work.imports.items())
    return ir.Module(
        file, "php", statements, frozenset(work.scopes[0].names), problems, package=work.namespace, imports=imports
    )


def parsed(source: bytes, file: str = "") -> Tree:
    """The syntax tree of one file."""
    return GRAMMAR.parsed(source)


# namespaces


def _program(work: Lowering, nodes: list[Node]) -> ir.Block:
    """The file: what it declares first, section by section of its namespaces."""
    early: list[ir.Stmt] = []
    late: list[ir.Stmt] = []
    for namespace, section in _sections(work, nodes):
        work.namespace = namespace
        for node in section:
            if work.kind(node) == "namespace_use_declaration":
                _use(work, node)
        work.out = early
        work.sequence([node for node in section if work.kind(node) == _HOISTED[0]])
        work.sequence(_bases_first(work, [node for node in section if work.kind(node) in _HOISTED[1:]]))
        work.out = late
        work.sequence([node for node in section if work.kind(node) not in _HOISTED])
    return (*early, *late)


def _bases_first(work: Lowering, nodes: list[Node]) -> list[Node]:
    """Classes after those of them from which they derive and whose traits they use."""
    named = {work.text(name).lower(): node for node in nodes if (name := node.child_by_field_name("name")) is not None}
    ordered: list[Node] = []
    begun: set[int] = set()
    done: set[int] = set()
    for node in nodes:
        waiting = [node]
        while waiting:
            one = waiting[-1]
            found = [] if one.id in begun else [named[base] for base in _bases(work, one) if base in named]
            begun.add(one.id)
            if further := [base for base in found if base.id not in begun]:
                waiting += further
                continue
            waiting.pop()
            if one.id not in done:
                done.add(one.id)
                ordered.append(one)
    return ordered


def _bases(work: Lowering, node: Node) -> list[str]:
    inside = node.child_by_field_name("body")
    used = [one for one in work.named(inside) if work.kind(one) == "use_declaration"] if inside is not None else []
    above = [one for one in work.named(node) if work.kind(one) in ("base_clause", "class_interface_clause")]
    return [work.text(name).rpartition(SEPARATOR)[2].lower() for one in (*above, *used) for name in work.named(one)]


def _sections(work: Lowering, nodes: list[Node]) -> list[tuple[str, list[Node]]]:
    """The namespaces of a file with their statements."""
    found: list[tuple[str, list[Node]]] = [("", [])]
    for node in nodes:
        if work.kind(node) != "namespace_definition":
            found[-1][1].append(node)
            continue
        name, inside = node.child_by_field_name("name"), node.child_by_field_name("body")
        written = "".join(work.text(name).split()) if name is not None else ""
        found.append((written, work.named(inside) if inside is not None else []))
    return [section for section in found if section[1] or section[0]]


def _use(work: Lowering, node: Node) -> None:
    """``use A\\B as C;``, ``use A\\{B, C};``, ``use function A\\b;``."""
    words = {work.text(child) for child in node.children if not child.is_named}
    group = node.child_by_field_name("body")
    prefix = ""
    if group is not None:
        start = next((child for child in work.named(node) if work.kind(child) == "namespace_name"), None)
        prefix = "".join(work.text(start).split()) + SEPARATOR if start is not None else ""
    for clause in work.named(group if group is not None else node):
        if work.kind(clause) != "namespace_use_clause":
            continue
        alias = clause.child_by_field_name("alias")
        parts = [child for child in work.named(clause) if child != alias]
        if not parts:
            continue
        inner = {work.text(child) for child in clause.children if not child.is_named}
        whole = prefix + "".join(work.text(parts[0]).split()).lstrip(SEPARATOR)
        local = work.text(alias) if alias is not None else whole.rpartition(SEPARATOR)[2]
        if {"function", "const"} & (words | inner):
            work.functions[local] = whole
        else:
            work.imports[local.lower()] = whole


# statements


@NODES.statement("assignment_expression", "augmented_assignment_expression", "reference_assignment_expression")
def _assignment(work: Lowering, node: Node) -> None:
    found = expressions.assignment(work, node)
    if found is not None:
        at = work.at(node)
        work.emit(ir.Assign(found[0], aliased(work, found[0], found[1], at), at))
        if work.kind(node) == "reference_assignment_expression":
            refer(work, *found)


@NODES.statement("function_definition")
def _function(work: Lowering, node: Node) -> None:
    name_node = node.child_by_field_name("name")
    if name_node is None:
        return
    name, at = work.text(name_node), work.at(node)
    made = function(work, node, name, Scope("function"), "none", attributes(work, node))
    whole = work.own(name)
    if work.scope.kind == "program":
        work.bind(whole)
    work.emit(ir.Assign(ir.Name(whole, at), made, at))


@NODES.statement("const_declaration")
def _constants(work: Lowering, node: Node) -> None:
    for child in work.named(node):
        parts = work.named(child)
        if work.kind(child) == "const_element" and len(parts) == 2:
            at = work.at(child)
            name = work.bind(work.own(work.text(parts[0])))
            work.emit(ir.Assign(ir.Name(name, at), work.expression(parts[1]), at))


@NODES.statement("exit_statement")
def _exit(work: Lowering, node: Node) -> None:
    for child in work.named(node):
        work.statement(child)
    work.emit(ir.Raise(None, work.at(node)))


@NODES.statement("echo_statement")
def _effects(work: Lowering, node: Node) -> None:
    for child in work.named(node):
        made = work.expression(child)
        if not isinstance(made, ir.Const):
            work.emit(ir.ExprStmt(ir.Template((made,), made.at), made.at))


@NODES.statement("unset_statement")
def _unset(work: Lowering, node: Node) -> None:
    """``unset($a, $b["c"])``: a variable is null; of what has elements or members it lacks, nothing is sure."""
    for child in work.named(node):
        made, at = work.expression(child), work.at(child)
        if isinstance(made, ir.Name):
            work.emit(ir.Assign(made, ir.Const(None, at), at))
        elif isinstance(made, ir.Index):
            work.emit(ir.ExprStmt(ir.Call(ir.Name(calls.UNSET, at), (made.object, made.index), (), at), at))
        else:
            work.emit(ir.ExprStmt(made, at))


@NODES.statement("goto_statement")
def _goto(work: Lowering, node: Node) -> None:
    at = work.at(node)
    work.emit(ir.ExprStmt(ir.Call(ir.Name(UNFOLLOWED, at), (ir.Const("a goto", at),), (), at), at))


@NODES.statement("declare_statement")
def _declare(work: Lowering, node: Node) -> None:
    for child in work.named(node):
        if work.kind(child) != "declare_directive":
            work.statement(child)


@NODES.statement("function_static_declaration")
def _static(work: Lowering, node: Node) -> None:
    """``static $x = 1;``: a variable that a function keeps."""
    for child in work.named(node):
        name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
        if name is None:
            continue
        at = work.at(child)
        made = work.expression(value) if value is not None else ir.Const(None, at)
        if work.scope.kind == "program":
            work.emit(ir.Assign(target(work, name), made, at))
            continue
        work.serial += 1
        kept = f"<static {work.text(name)} {work.serial}>"
        work.scope.statics[work.text(name)] = kept
        work.scopes[0].names.add(kept)
        work.emit(ir.If(ir.Opaque((), at), (ir.Assign(ir.Name(kept, at), made, at),), (), at))


@NODES.statement("global_declaration")
def _global(work: Lowering, node: Node) -> None:
    for child in work.named(node):
        if work.kind(child) != "variable_name":
            at = work.at(child)
            what = ir.Const("a global variable with a computed name", at)
            work.emit(ir.ExprStmt(work.expression(child), at))
            work.emit(ir.ExprStmt(ir.Call(ir.Name(UNFOLLOWED, at), (what,), (), at), at))
            continue
        name = work.text(child)
        work.scope.free.add(name)
        work.scopes[0].names.add(name)
