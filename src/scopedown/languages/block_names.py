"""Names of blocks, for languages in which each block has its own and every expression may be made of statements.

Kotlin and Rust: the front end writes the statements of a block to ``out``, and a name that an inner block has again
gets another identifier, since the intermediate form's scopes are functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from scopedown.source import ir
from scopedown.source.languages.valued_statements import ValuedStatements


class FunctionNames:
    """The names of one function: those of the intermediate form, and of each block how its source calls them."""

    __slots__ = ("blocks", "free", "names")

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.free: set[str] = set()
        """Names that the code before has used for what is outside of the function."""
        self.blocks: list[dict[str, str]] = [{}]


ScopeT = TypeVar("ScopeT", bound=FunctionNames)


class BlockNames(ValuedStatements, Generic[ScopeT]):
    """The statements and names of the present block of one file."""

    __slots__ = ("scopes",)

    def __init__(self, source: bytes, outermost: ScopeT) -> None:
        super().__init__(source)
        self.scopes = [outermost]

    @property
    def scope(self) -> ScopeT:
        """The innermost function."""
        return self.scopes[-1]

    @contextmanager
    def within(self, scope: ScopeT) -> Iterator[tuple[ScopeT, list[ir.Stmt]]]:
        """A function, or a class's body: its scope, and the statements that are made in it."""
        outer, self.out = self.out, []
        self.scopes.append(scope)
        yield scope, self.out
        self.scopes.pop()
        self.out = outer

    def enter_block(self) -> None:
        """Names from here on hide those around the block."""
        self.scope.blocks.append({})

    def leave_block(self) -> None:
        """The block's names are gone."""
        self.scope.blocks.pop()

    def bind(self, name: str) -> str:
        """Say that the innermost block has this name; gives its identifier."""
        scope = self.scope
        if len(self.scopes) == 1 and len(scope.blocks) == 1:
            scope.names.add(name)
            return name
        known = scope.blocks[-1].get(name)
        if known is None:
            known = name
            if name in scope.free or any(name in block for block in scope.blocks[:-1]):
                self.serial += 1
                known = f"{name}'{self.serial}"
            scope.blocks[-1][name] = known
            scope.names.add(known)
        return known

    def local(self, name: str) -> str | None:
        """The identifier of a variable by its name in the source; None where no function around has it."""
        for scope in reversed(self.scopes):
            for block in reversed(scope.blocks):
                if (known := block.get(name)) is not None:
                    return known
        return None

    def outside(self, name: str) -> str:
        """A name that no function around has: a variable that is called so later is another one."""
        for scope in self.scopes:
            scope.free.add(name)
        return name

    def hidden(self, purpose: str) -> str:
        """A fresh name that no source can have."""
        self.serial += 1
        name = f"<{purpose} {self.serial}>"
        self.scope.names.add(name)
        return name
