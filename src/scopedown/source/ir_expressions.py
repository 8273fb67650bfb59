"""The intermediate form's expressions; the conventions and the face are in :mod:`scopedown.source.ir`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scopedown.source.ir import Class, Function, Target

At = tuple[int, int]


@dataclass(slots=True, eq=False)
class Const:
    """A literal; JavaScript's ``null`` and ``undefined`` are None."""

    value: str | int | float | bool | None
    at: At


@dataclass(slots=True, eq=False)
class Name:
    """A variable."""

    id: str
    at: At


@dataclass(slots=True, eq=False)
class This:
    """JavaScript's ``this`` (Python's ``self`` is an ordinary parameter)."""

    at: At


@dataclass(slots=True, eq=False)
class Super:
    """``super`` or ``super()``: the parent class's members, bound to the present object."""

    at: At


@dataclass(slots=True, eq=False)
class Attr:
    """``object.name``."""

    object: Expr
    name: str
    at: At


@dataclass(slots=True, eq=False)
class Index:
    """``object[index]``; a Python slice is an Opaque index."""

    object: Expr
    index: Expr
    at: At


@dataclass(slots=True, eq=False)
class Spread:
    """``*x`` or ``...x`` inside arguments or a list."""

    value: Expr
    at: At


@dataclass(slots=True, eq=False)
class Call:
    """A call, or a construction where ``new`` is set.

    ``keywords`` are Python's; a ``**x`` has the name None. ``decorator`` marks a decorator applied to
    its single positional argument.
    """

    function: Expr
    positional: tuple[Expr, ...]
    keywords: tuple[tuple[str | None, Expr], ...]
    at: At
    new: bool = False
    decorator: bool = False


@dataclass(slots=True, eq=False)
class Lambda:
    """A function as a value."""

    function: Function
    at: At


@dataclass(slots=True, eq=False)
class ClassExpr:
    """A class as a value."""

    definition: Class
    at: At


@dataclass(slots=True, eq=False)
class Template:
    """Text joined from parts (f-string, template literal)."""

    parts: tuple[Expr, ...]
    at: At


@dataclass(slots=True, eq=False)
class Op:
    """An operator with its operands; see the module's conventions for the names."""

    operator: str
    operands: tuple[Expr, ...]
    at: At


@dataclass(slots=True, eq=False)
class Cond:
    """``then if test else otherwise``."""

    test: Expr
    then: Expr
    otherwise: Expr
    at: At


@dataclass(slots=True, eq=False)
class ObjectExpr:
    """Entries of (key, value) in order; a spread has the key None."""

    entries: tuple[tuple[Expr | None, Expr], ...]
    at: At


@dataclass(slots=True, eq=False)
class ListExpr:
    """Items in order; a spread is a :class:`Spread`."""

    items: tuple[Expr, ...]
    at: At


@dataclass(slots=True, eq=False)
class Comprehension:
    """``[element for target in iterable if …]``; with ``key`` set, a dict comprehension."""

    element: Expr
    clauses: tuple[tuple[Target, Expr], ...]
    conditions: tuple[Expr, ...]
    at: At
    key: Expr | None = None


@dataclass(slots=True, eq=False)
class Import:
    """A module as a value; the specifier is usually a Const string. ``types``: only types of it are used, so that it is
    not there when the code runs. ``dynamic``: by JavaScript's ``import()``."""

    specifier: Expr
    at: At
    types: bool = False
    dynamic: bool = False


@dataclass(slots=True, eq=False)
class AssignExpr:
    """An assignment used as a value (``a = b``, ``:=``)."""

    target: Target
    value: Expr
    at: At


@dataclass(slots=True, eq=False)
class Yield:
    """``yield value``; ``delegate`` for ``yield from`` and ``yield*``."""

    value: Expr
    at: At
    delegate: bool = False


@dataclass(slots=True, eq=False)
class Cast:
    """A value that is said to be of a type; evaluated it is the value."""

    value: Expr
    type: Expr
    at: At


@dataclass(slots=True, eq=False)
class Shape:
    """A record type (a TypeScript interface): what its members are declared as, and the types that it extends."""

    members: tuple[tuple[str, Expr], ...]
    bases: tuple[Expr, ...]
    at: At


@dataclass(slots=True, eq=False)
class Opaque:
    """Something that cannot be expressed; its children are still evaluated."""

    children: tuple[Expr, ...]
    at: At


Expr = (
    Const
    | Name
    | This
    | Super
    | Attr
    | Index
    | Spread
    | Call
    | Lambda
    | ClassExpr
    | Template
    | Op
    | Cond
    | ObjectExpr
    | ListExpr
    | Comprehension
    | Import
    | AssignExpr
    | Yield
    | Cast
    | Shape
    | Opaque
)
