"""The parts of a class that is being lowered, and the class that they make."""

from __future__ import annotations

from scopedown.source import ir


def overloads(functions: list[ir.Expr]) -> ir.Expr:
    """One function, or several of one name."""
    return functions[0] if len(functions) == 1 else ir.Overloads(tuple(functions), functions[0].at)


class ClassParts:
    """What was found in a class so far."""

    __slots__ = ("constructors", "fields", "methods", "nested", "statics", "supplied", "types")

    def __init__(self) -> None:
        self.methods: dict[str, list[ir.Expr]] = {}
        self.constructors: list[ir.Expr] = []
        self.nested: list[ir.Stmt] = []
        """The classes in it."""
        self.statics: list[ir.Stmt] = []
        """What sets its static members, in order."""
        self.fields: list[tuple[ir.Expr, ir.Expr | None]] = []
        self.types: dict[str, ir.Expr] = {}
        """What its members are declared as."""
        self.supplied: list[tuple[str, tuple[ir.Expr, ...], ir.Expr | None]] = []
        """Fields without a value that have annotations."""

    def method(self, made: ir.Lambda, name: str = "") -> None:
        """A further method, by its own name or another."""
        self.methods.setdefault(name or made.function.name, []).append(made)

    def early(self) -> int:
        """How many of the statics come before the classes in it."""
        return 0

    def made(
        self, name: str, bases: tuple[ir.Expr, ...], at: ir.At, annotations: tuple[ir.Expr, ...], abstract: bool
    ) -> ir.ClassExpr:
        """The class: its methods, then the classes in it, then its statics."""
        methods = {**self.methods, **({"constructor": self.constructors} if self.constructors else {})}
        early = self.early()
        statements: list[ir.Stmt] = [
            *(ir.Assign(ir.Name(one, made[0].at), overloads(made), made[0].at) for one, made in methods.items()),
            *self.statics[:early], *self.nested, *self.statics[early:],
        ]  # fmt: skip
        names = {one.target.id for one in statements if isinstance(one, ir.Assign) and isinstance(one.target, ir.Name)}
        definition = ir.Class(
            name, bases, tuple(statements), frozenset(names), at, tuple(self.fields), types=tuple(self.types.items()),
            supplied=tuple(self.supplied), annotations=annotations, abstract=abstract,
        )  # fmt: skip
        return ir.ClassExpr(definition, at)
