"""C# source → :class:`~scopedown.source.ir.Module`, by way of tree-sitter-c-sharp.

Any bytes go in; a syntax error costs only the statement that it stands in and is told in ``Module.problems``. The
source is never run or compiled. Statements are in ``statements.py``, expressions in ``expressions.py``, types and their
members in ``declarations.py``.

Beyond the conventions of :mod:`scopedown.source.ir`:

* Types stand in the module's body in an order in which bases come first. Static fields whose value is no literal, and
  static constructors, are the method ``<static>`` of their class, which the module calls after all types are there.
* Statements at the top of a file are the function ``<Main>$``, as the compiler has it. Nothing calls it here.
* An auto-property is a field; a getter with code is an accessor, a setter with code the member ``name.setter``.
  An indexer is ``__getitem__`` and ``__setitem__``.
* The parameters of a primary constructor are fields. With one, the constructor sets the fields' values.
* Type arguments of a call are keywords: ``f<A, B>(x)`` has ``<0>`` and ``<1>``, ``new C<A>()`` has ``<C 0>``. A generic
  function takes them as parameters; in a generic class the type's name is an accessor that reads them.
* ``new()`` is the declared type where that is written, else a list or an object of what is in its initialiser.
* A loop goes through ``<elements>(x)``, which gives the pairs of a dictionary.
* ``x ?? throw …`` is ``x``. ``d.TryGetValue(k, out v)`` sets ``v`` to ``d[k]``; any other ``out`` is unknown.
* Parts of a partial class in one file, and classes of one name with other type parameters, are one class.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from scopedown.languages.csharp import (  # noqa: F401 (they lower nodes)
    conditions,
    declarations,
    expressions,
    jumps,
    literals,
    objects,
    queries,
    statements,
)
from scopedown.languages.csharp.lowering import GRAMMAR, NODES, Lowering
from scopedown.languages.csharp.written_types import dotted
from scopedown.source import ir
from scopedown.source.languages.size import within_bound
from scopedown.source.languages.syntax import not_read

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

MAIN = "<Main>$"
"""The function of the statements at the top of a file."""

IMPLICIT = (
    "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading",
    "System.Threading.Tasks", "System.Net.Http.Json", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting",
    "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing", "Microsoft.Extensions.Configuration",
    "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
)  # fmt: skip
"""Namespaces that the SDKs open where ``ImplicitUsings`` is set
(https://learn.microsoft.com/dotnet/core/project-sdk/overview#implicit-using-directives). Where it is not, code that
compiles names nothing of them without a ``using``."""

_OF_FILE = re.compile(rb"(?m)^#:[^\n]*")
"""What a program of one file says of its packages (https://learn.microsoft.com/dotnet/core/sdk/file-based-apps)."""
_NAMESPACES = frozenset({"namespace_declaration", "file_scoped_namespace_declaration"})


def lower(source: bytes, file: str) -> ir.Module:
    """The intermediate form of one file; ``file`` is only carried along.

    >>> lower(b"namespace A.B; class C { }", "C.cs").package
    'A.B'
    """
    source = source.removeprefix(b"\xef\xbb\xbf")
    if source.startswith(b"#"):
        source = _OF_FILE.sub(lambda found: b" " * len(found[0]), source)
    tree = parsed(source)
    left_out = 0
    if tree.root_node.has_error and b"#if" in source:
        whole, doubtful = conditions.compiled(source)
        again = parsed(whole)
        if not again.root_node.has_error:
            tree, source, left_out = again, whole, doubtful
    try:
        made = _lower(tree, Lowering(source), file)
    except RecursionError:
        made = _lower(tree, _Shallow(source), file)
    if left_out:
        said = ((left_out, 1), "#if may leave out this code; scopedown did not read it")
        made = dataclasses.replace(made, problems=(said, *made.problems))
    return made


def parsed(source: bytes, file: str = "") -> Tree:
    """The syntax tree of one file."""
    return GRAMMAR.parsed(source)


class _Shallow(Lowering):
    """A file of which fewer levels are lowered, since the caller left little of Python's stack."""

    __slots__ = ()

    max_depth = 30


def _lower(tree: Tree, work: Lowering, file: str) -> ir.Module:
    root = tree.root_node
    parts = _Parts(work)
    kept, beyond = within_bound(root.children)
    parts.read(list(kept))
    body: list[ir.Stmt] = []
    names = declarations.types(work, parts.types, body)
    if parts.statements:
        body.append(_main(work, parts.statements))
        names = names | {MAIN}
    problems = not_read(work, root, beyond, work.dropped)
    opened = (*parts.enclosing(), *parts.opened, *IMPLICIT)
    return ir.Module(
        file, "csharp", tuple(body), frozenset(names), problems, parts.package, tuple(parts.imports),
        tuple(dict.fromkeys(opened)), tuple(one for one in parts.with_types if one != parts.package),
    )  # fmt: skip


def _main(work: Lowering, nodes: list[Node]) -> ir.Assign:
    """The statements at the top of a file, as a function."""
    at = work.at(nodes[0])
    with work.function() as scope:
        scope.names.add("args")
        with work.collected() as out:
            work.sequence(nodes)
        body = tuple(out)
        parameters = (ir.Parameter(ir.Name("args", at)),)
        function = ir.Function(MAIN, parameters, body, frozenset(scope.names), at)
    return ir.Assign(ir.Name(MAIN, at), ir.Lambda(function, at), at)


class _Parts:
    """What stands at the top of a file and in its namespaces."""

    def __init__(self, work: Lowering) -> None:
        self._work = work
        self.package = ""
        self.imports: list[tuple[str, str]] = []
        self.opened: list[str] = []
        self.types: list[Node] = []
        self.with_types: dict[str, None] = {}
        """The namespaces of the types; empty is the global one."""
        self.statements: list[Node] = []
        self._namespaces: list[str] = []

    def read(self, nodes: list[Node]) -> None:
        """Sort the nodes of a file by what they are; a namespace in a namespace is read after it."""
        waiting = [(nodes, "")]
        while waiting:
            some, namespace = waiting.pop(0)
            for node in self._work.flattened(some):
                kind = node.type
                if kind == "using_directive":
                    self._using(node)
                elif kind in _NAMESPACES:
                    inner = self._namespace(node, namespace)
                    if kind == "file_scoped_namespace_declaration":
                        namespace = inner
                    body = node.child_by_field_name("body")
                    waiting.append((body.children if body is not None else node.children, inner))
                elif kind in declarations.TYPES:
                    self.package = self.package or namespace
                    self.with_types[namespace] = None
                    self.types.append(node)
                elif kind == "global_statement":
                    self.statements.extend(node.children)
                elif kind == "ERROR":
                    waiting.insert(0, (node.children, namespace))
                elif kind in NODES.statements and kind not in NODES.expressions:
                    self.statements.append(node)

    def enclosing(self) -> list[str]:
        """The namespaces around and beside the file's own, whose names it sees."""
        found: dict[str, None] = {}
        for namespace in self._namespaces:
            while namespace:
                found[namespace] = None
                namespace = namespace.rpartition(".")[0]
        return [one for one in found if one != self.package]

    def _namespace(self, node: Node, above: str) -> str:
        name = node.child_by_field_name("name")
        own = dotted(self._work, name) if name is not None else ""
        whole = f"{above}.{own}" if above and own else own or above
        if whole:
            self._namespaces.append(whole)
        return whole

    def _using(self, node: Node) -> None:
        """``using A.B;``, ``using static A.B.C;``, ``using X = A.B.C;``."""
        alias = node.child_by_field_name("name")
        named = [one for one in self._work.named(node) if one != alias]
        if not named:
            return
        meant = dotted(self._work, named[-1])
        if alias is not None:
            self.imports.append((self._work.text(alias), meant))
        elif meant:
            self.opened.append(meant)
