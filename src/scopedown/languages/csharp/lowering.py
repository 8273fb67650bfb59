"""What the C# lowering carries along: the source, the scopes, and how deep it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from scopedown.source import ir
from scopedown.source.languages.block_statements import BlockStatements
from scopedown.source.languages.node_forms import read_nodes
from scopedown.source.languages.syntax import Grammar

if TYPE_CHECKING:
    from tree_sitter import Node

GRAMMAR: Final = Grammar("tree_sitter_c_sharp")
NODES: Final = read_nodes(__file__)
_SKIPPED = frozenset(
    {
        "comment",
        "preproc_region",
        "preproc_endregion",
        "preproc_line",
        "preproc_pragma",
        "preproc_nullable",
        "preproc_error",
        "preproc_warning",
        "preproc_define",
        "preproc_undef",
        "preproc_arg",
        "shebang_directive",
    }
)  # fmt: skip
_BRANCHES = frozenset({"preproc_if", "preproc_elif", "preproc_else"})

_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")

_STRUCTURE = re.compile(rb"\bstruct\s{1,20}(\w+)")

_DELEGATE_WITH_DEFAULT = re.compile(rb"\bdelegate\s[^;{}=]{1,400}\([^;{}=]{1,400}=")

Targeted = Callable[["Lowering", "Node", "ir.Expr | None"], ir.Expr]


def targeted(*kinds: str) -> Callable[[Targeted], Targeted]:
    """Say that a function lowers expressions of some kinds, and takes the type which is expected of them."""

    def note(function: Targeted) -> Targeted:
        NODES.expression(*kinds)(lambda work, node: function(work, node, work.expected))
        return function

    return note


class Scope:
    """The names that a function binds itself, what they are declared as, and what it gives."""

    __slots__ = ("generator", "names", "references", "returns", "types")

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.references: set[str] = set()
        """Those that are other variables: what is written to them is written there."""
        self.types: dict[str, ir.Expr] = {}
        self.returns: ir.Expr | None = None
        self.generator = False


class Lowering(BlockStatements):
    """One file on its way to the intermediate form."""

    __slots__ = ("delegates_have_defaults", "expected", "members", "receivers", "scopes", "structures")

    grammar = GRAMMAR
    nodes = NODES
    max_depth = 90
    without_effect = (ir.Const, ir.Name)

    def __init__(self, source: bytes) -> None:
        super().__init__(source)
        self.expected: ir.Expr | None = None
        """The type that is expected of the expression which is lowered next."""
        self.scopes = [Scope()]
        self.members: list[dict[str, ir.Expr]] = []
        """What the members of the enclosing classes are declared as, the innermost last."""
        self.receivers: list[ir.Expr] = []
        """What ``?.`` was written after, the innermost last."""
        self.structures = frozenset(one.decode() for one in _STRUCTURE.findall(source))
        """The names of the file's structures, whose variables are never null."""
        self.delegates_have_defaults = _DELEGATE_WITH_DEFAULT.search(source) is not None
        """Whether a call through a delegate of the file may take the delegate's default."""

    @property
    def scope(self) -> Scope:
        """The innermost scope."""
        return self.scopes[-1]

    @contextmanager
    def function(self) -> Iterator[Scope]:
        """A function's own scope around its parameters and body."""
        scope = Scope()
        self.scopes.append(scope)
        switch, self.switch = self.switch, False
        yield scope
        self.switch = switch
        self.scopes.pop()

    def plain(self, name: str) -> str:
        """``@class`` is the name ``class``, ``\\u0041`` is ``A``."""
        name = name.removeprefix("@")
        return _ESCAPED.sub(lambda found: chr(int(found[1] or found[2], 16) % 0x110000), name) if "\\" in name else name

    def raw(self, node: Node) -> str:
        """The source text of a literal, as it stands there."""
        return self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def named(self, node: Node) -> list[Node]:
        """The named children without comments; of conditional parts, those that are compiled."""
        found = node.named_children
        if any(child.type in _SKIPPED or child.type in _BRANCHES for child in found):
            return [child for child in self.flattened(found) if child.is_named]
        return found

    def words(self, node: Node) -> set[str]:
        """The modifiers and other words among the children."""
        return {self.text(child) for child in node.children if child.type == "modifier" or not child.is_named}

    def flattened(self, nodes: Iterable[Node]) -> Iterator[Node]:
        """The nodes without comments, and in place of ``#if`` what is compiled in a release: not what asks for
        ``DEBUG``. Where a condition is not known, both sides are."""
        stack = list(nodes)[::-1]
        while stack:
            node = stack.pop()
            kind = node.type
            if kind in _SKIPPED:
                continue
            if kind not in _BRANCHES:
                yield node
                continue
            condition = node.child_by_field_name("condition")
            alternative = node.child_by_field_name("alternative")
            holds = self._holds(condition)
            parts = (
                [] if holds is False else [one for one in node.named_children if one not in (condition, alternative)]
            )
            if alternative is not None and holds is not True:
                parts.append(alternative)
            stack += parts[::-1]

    def _holds(self, condition: Node | None) -> bool | None:
        """Whether a condition of ``#if`` holds in a release; None where that is not known."""
        text = "" if condition is None else "".join(self.raw(condition).split())
        return {"DEBUG": False, "!DEBUG": True, "RELEASE": True, "!RELEASE": False, "true": True, "false": False}.get(
            text
        )

    def bind(self, name: str, declared: ir.Expr | None = None) -> str:
        """Say that the innermost function has this name; gives it back."""
        scope = self.scopes[-1]
        scope.names.add(name)
        if declared is not None:
            scope.types[name] = declared
        return name

    def declared(self, name: str) -> ir.Expr | None:
        """What a variable or a member of an enclosing class is declared as, where that is written."""
        for scope in reversed(self.scopes):
            if name in scope.names:
                return scope.types.get(name)
        for members in reversed(self.members):
            if name in members:
                return members[name]
        return None

    def hidden(self, purpose: str) -> str:
        """A fresh name that no source can have."""
        self.serial += 1
        return self.bind(f"<{purpose} {self.serial}>")

    # dispatch

    def kind(self, node: Node) -> str:
        """The node's kind, of a token its text."""
        return node.type

    def is_expression(self, node: Node) -> bool:
        """Whether a node is an expression that is understood."""
        return node.type in NODES.expressions

    def missing(self, node: Node) -> ir.Expr:
        """What stands for a part that a node does not have."""
        return ir.Opaque((), (1, 1))

    def expression(self, node: Node | None, expected: ir.Expr | None = None) -> ir.Expr:
        """Any expression. ``expected`` is the type that a ``new()`` in it takes."""
        if node is None:
            return ir.Opaque((), (1, 1))
        self.expected = expected
        return super().expression(node)

    def sequence(self, nodes: Iterable[Node]) -> None:
        """The statements among these nodes, local functions first; what follows a label may run any number of times,
        in any order."""
        found = [node for node in self.flattened(nodes) if node.is_named]
        others = [node for node in found if node.type != "local_function_statement"]
        super().sequence([node for node in found if node.type == "local_function_statement"])
        starts = [position for position, node in enumerate(others) if node.type == "labeled_statement"]
        super().sequence(others[: starts[0]] if starts else others)
        parts: list[ir.Stmt] = []
        for start, end in pairwise([*starts, len(others)]):
            with self.collected() as out:
                super().sequence(others[start:end])
            at = self.at(others[start])
            parts.append(ir.If(ir.Opaque((), at), tuple(out), (), at))
        if parts:
            self.emit(ir.Loop(None, None, tuple(parts), parts[0].at))


def without_value(work: Lowering, of: ir.Expr | None, at: ir.At) -> ir.Expr | None:
    """What a variable of a structure is that is given no value: such a structure, or null where it may be null too.
    None for a variable of another type, which is null."""
    if isinstance(of, ir.Name) and of.id in work.structures:
        return ir.Cond(ir.Opaque((), at), ir.Call(of, (), (), at, new=True), ir.Const(None, at), at)
    return None
