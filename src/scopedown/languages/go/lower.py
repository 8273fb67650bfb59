"""Go source → :class:`~scopedown.source.ir.Module`, by way of tree-sitter-go.

Any bytes go in; a syntax error costs only what it stands in and is told in ``Module.problems``. The source is never run
or compiled. Expressions are in ``expressions.py``, statements in ``statements.py``, types in ``types.py``.

Beyond the conventions of :mod:`scopedown.source.ir`:

* The body has the package's types first, then functions, methods, variables, and last the calls of its ``init``
  functions, whose names are hidden (``<init 2>``). A method is ``Assign(Attr(Name(type), name), Lambda)``.
* ``Module.package`` is the name in the package clause. An import without a name of its own is known by what the last
  element of its path makes likely; one for its effects alone has the name ``_``, one of all names ``.``.
* ``<zero>``, called with a type, is the value of a variable that nothing was written to yet; ``<range>`` gives the
  pairs that a loop goes through; ``<results>`` puts the several results of a function together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from scopedown.languages.go import declarations, expressions, functions, literals, statements, types  # noqa: F401 (they lower nodes)
from scopedown.languages.go.scope import GRAMMAR, Lowering
from scopedown.source import ir
from scopedown.source.languages.size import within_bound
from scopedown.source.languages.syntax import not_read

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_MARK: Final = b"\xef\xbb\xbf"
"""What some editors put before a file's text; the places count without it."""
_VERSION: Final = re.compile(r"v\d+")
_TAIL: Final = re.compile(r"\.v\d+$|[.-]go$")


def lower(source: bytes, file: str) -> ir.Module:
    """The intermediate form of one file; ``file`` is only carried along.

    >>> lower(b"package main; var x = 1", "main.go").locals
    frozenset({'x'})
    """
    source = source.removeprefix(_MARK)
    root = parsed(source).root_node
    work = Lowering(source)
    kept, beyond = within_bound(root.named_children)
    _names(work, kept)
    package = ""
    imports: list[tuple[str, str]] = []
    parts: dict[str, list[ir.Stmt]] = {kind: [] for kind in ("types", "functions", "methods", "variables", "init")}
    for node in kept:
        match node.type:
            case "package_clause":
                package = work.text(work.named(node)[0]) if work.named(node) else ""
            case "import_declaration":
                _imports(work, node, imports)
            case "type_declaration":
                work.out = parts["types"]
                declarations.lower(work, node)
            case "var_declaration" | "const_declaration":
                work.out = parts["variables"]
                declarations.lower(work, node)
            case "function_declaration":
                _function(work, node, parts["functions"], parts["init"])
            case "method_declaration":
                _method(work, node, parts["methods"])
            case _:
                pass
    body = tuple(statement for part in parts.values() for statement in part)
    problems = not_read(work, root, beyond, work.dropped)
    return ir.Module(file, "go", body, _bound(body), problems, package=package, imports=tuple(imports))


def parsed(source: bytes, file: str = "") -> Tree:
    """The syntax tree of one file."""
    return GRAMMAR.parsed(source.removeprefix(_MARK))


def _names(work: Lowering, nodes: Sequence[Node]) -> None:
    """What the file's types are defined as, and what its functions are called: literals and calls depend on it."""
    known = {"function_declaration": work.functions, "method_declaration": work.methods}
    for node in nodes:
        if node.type == "type_declaration":
            for spec in work.named(node):
                name, type_ = spec.child_by_field_name("name"), spec.child_by_field_name("type")
                if name is not None and type_ is not None:
                    work.types[work.text(name)] = type_
        elif (name := node.child_by_field_name("name")) is not None and node.type in known:
            known[node.type].add(work.text(name))


def _bound(body: ir.Block) -> frozenset[str]:
    """The names that the package has from this file."""
    found: set[str] = set()
    for statement in body:
        if not isinstance(statement, ir.Assign):
            continue
        if isinstance(statement.target, ir.Name):
            found.add(statement.target.id)
        elif isinstance(statement.target, ir.ListPattern):
            found |= {item[0].id for item in statement.target.items if item and isinstance(item[0], ir.Name)}
    return frozenset(found)


def _imports(work: Lowering, node: Node, named: list[tuple[str, str]]) -> None:
    for one in work.named(node):
        for spec in work.named(one) if one.type == "import_spec_list" else (one,):
            path, name = spec.child_by_field_name("path"), spec.child_by_field_name("name")
            written = work.text(path)[1:-1] if path is not None else ""
            if not written:
                continue
            if name is None:
                named += [(one, written) for one in local_names(written)]
            else:
                named.append((work.text(name), written))


def local_names(path: str) -> tuple[str, ...]:
    """What a package is likely called by its path: the last element that is no version, without what only says that it
    is of Go; or the version.

    >>> local_names("a/dynamo/v2"), local_names("gopkg.in/yaml.v3"), local_names("a/go-redis")
    (('v2', 'dynamo'), ('yaml',), ('redis',))
    """
    versions: tuple[str, ...] = ()
    parts = [part for part in path.split("/") if part]
    if len(parts) > 1 and _VERSION.fullmatch(parts[-1]):
        versions = (parts.pop(),)
    last = _TAIL.sub("", parts[-1] if parts else path)
    return (*versions, last.removeprefix("go-").replace("-", "_") or path)


def _function(work: Lowering, node: Node, out: list[ir.Stmt], init: list[ir.Stmt]) -> None:
    name = node.child_by_field_name("name")
    text, at = work.text(name) if name is not None else "", work.at(node)
    if text == "init":
        text = work.hidden("init")
        init.append(ir.ExprStmt(ir.Call(ir.Name(text, at), (), (), at), at))
    made = functions.function(work, node, text)
    if text and text != "_":
        out.append(ir.Assign(ir.Name(text, at), made, at))


def _method(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    name, receiver = node.child_by_field_name("name"), node.child_by_field_name("receiver")
    given = work.named(receiver) if receiver is not None else []
    declared = [one for one in given if one.type == "parameter_declaration"]
    owner = types.type_name(types.expression(work, declared[0].child_by_field_name("type"))) if declared else ""
    if name is None or not owner:
        return
    at = work.at(node)
    made = functions.function(work, node, work.text(name), receiver)
    out.append(ir.Assign(ir.Attr(ir.Name(owner, at), work.text(name), at), made, at))
