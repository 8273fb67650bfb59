"""What the C# lowering carries along: the source, the scopes, and how deep it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scopedown.source import ir
from scopedown.source.languages.syntax import SourceText

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_DEPTH = 90
"""Nesting that is followed: each level costs some of Python's thousand frames."""
MAX_LINKS = 400
"""Links of ``a.b().c[d]…``, and operands of one ``a + b + …``, that are followed."""

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

Handler = Callable[["Lowering", "Node"], ir.Expr]
Targeted = Callable[["Lowering", "Node", "ir.Expr | None"], ir.Expr]
Statement = Callable[["Lowering", "Node", "list[ir.Stmt]"], None]


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


class Lowering(SourceText):
    """One file on its way to the intermediate form."""

    __slots__ = (
        "block",
        "delegates_have_defaults",
        "depth",
        "expressions",
        "limit",
        "members",
        "problems",
        "receivers",
        "scopes",
        "serial",
        "statements",
        "structures",
        "switches",
        "targeted",
    )

    def __init__(
        self,
        source: bytes,
        expressions: dict[str, Handler],
        targeted: dict[str, Targeted],
        statements: dict[str, Statement],
        block: Callable[[Lowering, Iterable[Node]], ir.Block],
        limit: int,
    ) -> None:
        super().__init__(source)
        self.expressions = expressions
        self.targeted = targeted
        """The handlers of expressions that take the type which is expected of them."""
        self.statements = statements
        self.block = block
        """Lowers the statements among some nodes."""
        self.limit = limit
        self.scopes = [Scope()]
        self.members: list[dict[str, ir.Expr]] = []
        """What the members of the enclosing classes are declared as, the innermost last."""
        self.receivers: list[ir.Expr] = []
        """What ``?.`` was written after, the innermost last."""
        self.switches = False
        """Whether a ``break`` leaves a switch here."""
        self.problems: list[tuple[ir.At, str]] = []
        self.depth = 0
        self.serial = 0
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
        switches, self.switches = self.switches, False
        yield scope
        self.switches = switches
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

    def too_deep(self, node: Node) -> None:
        """Say once that something was nested too deeply to be lowered."""
        message = "the code is nested too deeply; scopedown did not read the inner part"
        if all(one != message for _, one in self.problems):
            self.problems.append((self.at(node), message))

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


def opaque(work: Lowering, node: Node) -> ir.Expr:
    """What cannot be expressed: the expressions in it are still evaluated."""
    at = work.at(node)
    if work.depth >= work.limit:
        return ir.Opaque((), at)
    inside = [expression(work, one) for one in work.named(node) if is_expression(work, one)]
    return ir.Opaque(tuple(inside), at)


def is_expression(work: Lowering, node: Node) -> bool:
    """Whether a node is an expression that is understood."""
    return node.type in work.expressions or node.type in work.targeted


def expression(work: Lowering, node: Node | None, expected: ir.Expr | None = None) -> ir.Expr:
    """Any expression; what nests too deep or is not understood becomes Opaque. ``expected`` is the type that a
    ``new()`` in it takes."""
    if node is None:
        return ir.Opaque((), (1, 1))
    if work.depth >= work.limit:
        work.too_deep(node)
        return ir.Opaque((), work.at(node))
    kind = node.type
    work.depth += 1
    if (targeted := work.targeted.get(kind)) is not None:
        made = targeted(work, node, expected)
    else:
        made = work.expressions.get(kind, opaque)(work, node)
    work.depth -= 1
    return made


def without_value(work: Lowering, of: ir.Expr | None, at: ir.At) -> ir.Expr | None:
    """What a variable of a structure is that is given no value: such a structure, or null where it may be null too.
    None for a variable of another type, which is null."""
    if isinstance(of, ir.Name) and of.id in work.structures:
        return ir.Cond(ir.Opaque((), at), ir.Call(of, (), (), at, new=True), ir.Const(None, at), at)
    return None


def joined(operator: str, tests: list[ir.Expr], at: ir.At) -> ir.Expr:
    """Operands of one operator, nested evenly."""
    if len(tests) == 1:
        return tests[0]
    middle = len(tests) // 2
    return ir.Op(operator, (joined(operator, tests[:middle], at), joined(operator, tests[middle:], at)), at)
