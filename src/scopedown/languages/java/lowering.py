"""What the parts of the Java front end share: source text, scopes and the dispatch over node types.

The intermediate form has function scopes only, and one name space for members. So a variable of a block is renamed
where its function has another of that name or its class a field; and a field that is named as a method of the same file
becomes ``name~field``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from scopedown.source import ir
from scopedown.source.languages.block_statements import BlockStatements
from scopedown.source.languages.node_forms import read_nodes
from scopedown.source.languages.syntax import Grammar

if TYPE_CHECKING:
    from tree_sitter import Node

GRAMMAR: Final = Grammar("tree_sitter_java")
NODES: Final = read_nodes(__file__)


@dataclass(slots=True)
class Function:
    """A function that is being lowered: its own names, and the objects of outer classes that code in it asks for."""

    declared: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Type:
    """A class that is being lowered: its name, its members, and the function that it stands in."""

    name: str
    methods: dict[str, bool]
    """Its methods, and whether they are static."""
    fields: frozenset[str]
    types: frozenset[str]
    inside: Function | None
    static: bool = False
    """Whether the present code is static."""


class Lowering(BlockStatements):
    """One file on its way to the intermediate form."""

    __slots__ = (
        "_marks", "_undo", "both", "fields", "function", "generics", "lombok", "qualified", "receiver", "types",
        "variables",
    )  # fmt: skip

    grammar = GRAMMAR
    nodes = NODES
    max_depth = 120
    max_branches = 40
    trivia = frozenset({"line_comment", "block_comment"})
    blocks = frozenset({"block", "constructor_body"})
    without_effect = ()

    def __init__(self, source: bytes) -> None:
        super().__init__(source)
        self.lombok = b"lombok" in source
        """Whether Lombok may add to the file's classes."""
        self.function: Function | None = None
        self.types: list[Type] = []
        """The classes around the present code, outermost first."""
        self.variables: dict[str, tuple[str, ir.Expr | None]] = {}
        """The variables that are visible: under which names, and as what they are declared."""
        self.generics: dict[str, ir.Expr | None] = {}
        """Type parameters with their bounds."""
        self.fields: set[str] = set()
        """The fields of the file's classes."""
        self.both: set[str] = set()
        """Names that are fields and methods of classes of the file."""
        self.qualified: dict[str, None] = {}
        """Types that the code names by their packages."""
        self.receiver: ir.Name | None = None
        """What methods are called on that the code calls on nothing: the object that double braces fill."""
        self._undo: list[tuple[str, tuple[str, ir.Expr | None] | None]] = []
        self._marks: list[int] = []

    def expr(self, node: Node | None) -> ir.Expr:
        """Lower an expression; a missing one is null."""
        return ir.Const(None, (1, 1)) if node is None else self.expression(node)

    def missing(self, node: Node) -> ir.Expr:
        """A missing expression is null."""
        return ir.Const(None, (1, 1))

    # names

    def declare(self, name: str, of: ir.Expr | None = None, parameter: bool = False) -> str:
        """A variable of the present function; gives the name under which it is known."""
        declared = self.function.declared if self.function is not None else set()
        known = name
        if name in declared or (not parameter and name in self.fields):
            known = self.fresh(name)
        declared.add(known)
        self._undo.append((name, self.variables.get(name)))
        self.variables[name] = known, of
        return known

    def fresh(self, name: str) -> str:
        """A name that no source can have."""
        self.serial += 1
        known = f"{name}~{self.serial}"
        if self.function is not None:
            self.function.declared.add(known)
        return known

    def member(self, name: str) -> str:
        """The name under which a field is kept."""
        return f"{name}~field" if name in self.both else name

    def type_name(self, node: Node, *, name: str) -> ir.Expr:
        """A type by its full name, as ``import`` would have it."""
        self.qualified.setdefault(name)
        return ir.Name(name, self.at(node))

    def enter_block(self) -> None:
        """Variables from here on are gone after the block."""
        self._marks.append(len(self._undo))

    def leave_block(self) -> None:
        """Names mean again what they meant before the block."""
        mark = self._marks.pop()
        while len(self._undo) > mark:
            name, before = self._undo.pop()
            if before is None:
                self.variables.pop(name, None)
            else:
                self.variables[name] = before

    @contextmanager
    def own_function(self) -> Iterator[Function]:
        """A function's own scope around its parameters and body."""
        outside, switch, receiver = self.function, self.switch, self.receiver
        self.function, self.switch = Function(), False
        with self.own_names():
            yield self.function
        self.function, self.switch, self.receiver = outside, switch, receiver

    @contextmanager
    def own_type(self, of: Type) -> Iterator[None]:
        """A class's body. Its fields hide the variables of the function that it stands in."""
        function, receiver = self.function, self.receiver
        self.types.append(of)
        self.function = self.receiver = None
        with self.own_names():
            for name in of.fields & self.variables.keys():
                self._undo.append((name, self.variables.pop(name)))
            yield
        self.types.pop()
        self.function, self.receiver = function, receiver

    @contextmanager
    def static(self, static: bool) -> Iterator[None]:
        """Code of a static member, or of an object's."""
        if not self.types:
            yield
            return
        own = self.types[-1]
        before, own.static = own.static, static
        yield
        own.static = before
