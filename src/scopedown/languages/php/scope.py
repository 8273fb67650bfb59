"""What the lowering of PHP carries along: the source, the scopes, the names that the file imports, and the depth."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from scopedown.source import ir
from scopedown.source.languages.syntax import SourceText

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_DEPTH: Final = 100
"""Nesting that is followed: each level costs up to five Python frames of the thousand there are."""
TRIVIA: Final = frozenset({"comment", "empty_statement", "php_tag", "php_end_tag", ""})
"""Kinds of nodes that are no code."""
UNFOLLOWED: Final = "<unfollowed>"
"""The function of the language that says what scopedown does not follow."""
SEPARATOR: Final = "\\"


class Scope:
    """The variables that the program, a function or a class binds itself.

    ``kind`` is ``program``, ``function``, ``method``, ``static``, ``closure`` or ``class``.
    """

    __slots__ = (
        "aliases",
        "class_name",
        "free",
        "generator",
        "hooked",
        "kind",
        "loose",
        "names",
        "parent_name",
        "statics",
        "trait",
    )

    def __init__(self, kind: str, class_name: str = "") -> None:
        self.kind = kind
        self.names: set[str] = set()
        self.free: set[str] = set()
        """Variables of an outer scope that are written here (``global $x``, ``use (&$x)``)."""
        self.class_name = class_name
        """The qualified name of the class whose code it is."""
        self.parent_name: ir.Expr | None = None
        self.generator = False
        self.aliases: dict[str, list[ir.Target]] = {}
        """What else a variable is (``$a = &$b``): a write to it is one to each of them."""
        self.loose: set[str] = set()
        """Variables that other code may write to through a reference, at any time."""
        self.trait = False
        """Whether it is code of a trait, which is of any class that uses the trait."""
        self.hooked = ""
        """The property whose hook it is, which reads and writes the value that is kept there."""
        self.statics: dict[str, str] = {}
        """Variables that a function keeps between its calls, by the names under which the program has them."""


class Lowering(SourceText):
    """One file on its way to the intermediate form."""

    __slots__ = ("blocks", "depth", "expressions", "functions", "imports", "namespace",
                 "scopes", "serial", "statements")  # fmt: skip

    def __init__(
        self,
        source: bytes,
        kinds: tuple[str, ...],
        expressions: dict[str, Callable[[Lowering, Node], ir.Expr]],
        statements: dict[str, Callable[[Lowering, Node], None]],
    ) -> None:
        super().__init__(source, kinds)
        self.expressions = expressions
        self.statements = statements
        self.scopes = [Scope("program")]
        self.blocks: list[list[ir.Stmt]] = []
        """The blocks that are being lowered, the innermost last: a statement inside of an expression goes before it."""
        self.namespace = ""
        self.imports: dict[str, str] = {}
        """Classes and namespaces by the names (in small letters) that the file gives them."""
        self.functions: dict[str, str] = {}
        """Functions and constants by the names that the file gives them."""
        self.depth = 0
        self.serial = 0

    @property
    def scope(self) -> Scope:
        """The innermost scope."""
        return self.scopes[-1]

    def emit(self, statement: ir.Stmt) -> None:
        """Put a statement at the end of the present block."""
        self.blocks[-1].append(statement)

    def named(self, node: Node) -> list[Node]:
        """The children that are code."""
        return [child for child in node.named_children if self.kind(child) not in TRIVIA]

    def bind(self, name: str) -> str:
        """Say that the innermost scope has this variable; gives it back."""
        self.scopes[-1].names.add(name)
        return name

    def variable(self, name: str) -> str:
        """The name of a variable: one that a function keeps is the program's."""
        for scope in reversed(self.scopes):
            if name in scope.statics:
                return scope.statics[name]
            if scope.kind != "closure" or name in scope.names:
                break
        return name

    def hidden(self, purpose: str) -> str:
        """A fresh name that no source can have."""
        self.serial += 1
        return self.bind(f"<{purpose} {self.serial}>")

    # names of classes and functions

    def qualified(self, written: str) -> str:
        """A class's whole name (https://www.php.net/manual/en/language.namespaces.rules.php)."""
        written = "".join(written.split())
        if written.startswith(SEPARATOR):
            return written[1:]
        first, separator, rest = written.partition(SEPARATOR)
        if first.lower() == "namespace" and separator:
            return self.own(rest)
        imported = self.imports.get(first.lower())
        return imported + separator + rest if imported is not None else self.own(written)

    def qualified_function(self, written: str) -> str:
        """A function's or a constant's whole name; one without a namespace may be PHP's own as well."""
        if SEPARATOR in written:
            return self.qualified(written)
        return self.functions.get(written) or self.own(written)

    def own(self, name: str) -> str:
        """A name of the file's namespace."""
        return f"{self.namespace}{SEPARATOR}{name}" if self.namespace else name
