"""Values that are code, or that code made: scopes, functions, classes, their objects, modules, unseen things.

The face of this and of ``plain.py`` is :mod:`scopedown.calls.values`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from scopedown.calls.values.plain import Value

if TYPE_CHECKING:
    from scopedown.source import ir


@dataclass(slots=True, eq=False)
class Frame:
    """A scope: the variables of one module, class body or function activation.

    ``names`` are the scope's own names; others belong to ``parent``. ``version`` grows whenever a variable
    changes, so that memoised calls notice.
    """

    file: str
    names: frozenset[str]
    parent: Frame | None
    this: Value | None = None
    variables: dict[str, Value] = field(default_factory=dict)
    version: int = 0
    owner: ClassValue | None = None
    language: str = ""
    is_class: bool = False
    is_program: bool = False
    """Of a module: it is run as a program (``__main__``), not imported."""
    arguments: Value | None = None
    """What a function of JavaScript was given (``arguments``)."""
    taken: list[tuple[str, Value]] | None = None
    """The values that its variables took since a block began that control may leave anywhere (``passages.py``)."""
    function: ir.Function | None = None
    """Whose activation it is, where it is one."""

    @property
    def of_program(self) -> bool:
        """Whether its code is of the file that is run as a program, not of a module that is imported."""
        scope = self
        while (outer := scope.enclosing) is not None:
            scope = outer
        return scope.is_program

    @property
    def enclosing(self) -> Frame | None:
        """The scope around it in its file; None of a module's own."""
        return self.parent if self.parent is not None and self.parent.file == self.file else None


@dataclass(slots=True, eq=False)
class FunctionValue(Value):
    """A function of the analysed code with the scope it closes over, perhaps bound to an object."""

    function: ir.Function
    frame: Frame
    this: Value | None = None
    owner: ClassValue | None = None

    def fingerprint(self, depth: int = 4) -> Hashable:
        return ("function", id(self.function), id(self.frame), self.frame.version, id(self.this))


@dataclass(slots=True, eq=False)
class ClassValue(Value):
    """A class of the analysed code; ``bases`` may hold :class:`Native` values (a library's class)."""

    definition: ir.Class
    frame: Frame
    bases: tuple[Value, ...]
    fields: dict[str, Value] = field(default_factory=dict)
    keywords: Mapping[str, Value] = field(default_factory=dict)
    first: tuple[Value, ...] = ()
    """Modules whose members come before its own (Ruby's ``prepend``)."""
    _ancestry: tuple[Value, ...] = ()

    def ancestry(self) -> tuple[Value, ...]:
        """This class and its bases, depth first; natives and unknowns among them as they are."""
        if not self._ancestry:
            match self.bases:
                case (ClassValue() as base,) if base._ancestry and self._adds_only_itself(base):
                    self._ancestry = (self, *base._ancestry)
                case _:
                    self._ancestry = tuple(self._linearized())
        return self._ancestry

    def _adds_only_itself(self, base: ClassValue) -> bool:
        return not self.first and not any(value is self for value in base._ancestry)

    def extend(self, bases: tuple[Value, ...]) -> None:
        """The class has further bases, which come before those that it has."""
        added = tuple(base for base in bases if not any(base is known for known in self.bases))
        if added and not any(base is self for base in added):
            self.bases = (*added, *self.bases)
            self._ancestry = ()

    def prepend(self, modules: tuple[Value, ...]) -> None:
        """Modules whose members come before its own."""
        added = tuple(one for one in modules if not any(one is known for known in (*self.first, self)))
        self.first = (*added, *self.first)
        self._ancestry = ()

    def forget_ancestry(self) -> None:
        """What it derives from has changed."""
        self._ancestry = ()

    def _linearized(self) -> Iterable[Value]:
        seen: set[int] = set()
        opened: set[int] = set()
        stack: list[Value] = [self]
        while stack:
            one = stack.pop(0)
            if id(one) in seen:
                continue
            if isinstance(one, ClassValue) and one.first and id(one) not in opened:
                opened.add(id(one))
                stack[:0] = [*one.first, one]
                continue
            seen.add(id(one))
            yield one
            if isinstance(one, ClassValue):
                stack[:0] = one.bases


@dataclass(slots=True, eq=False)
class Instance(Value):
    """An object made from a class of the analysed code."""

    cls: ClassValue
    fields: dict[str, Value] = field(default_factory=dict)
    born: int = 0

    is_settled: ClassVar[bool] = True

    def fingerprint(self, depth: int = 4) -> Hashable:
        if depth <= 0:
            return id(self)
        return (
            "instance",
            id(self.cls),
            tuple(self.fields),
            tuple([value.fingerprint(depth - 1) for value in self.fields.values()]),
        )


@dataclass(slots=True, eq=False)
class External(Value):
    """Something from a module that is not analysed: the module, a member, what a call of it gave back.

    ``captured`` holds the values that were handed to it (handlers registered on an app, a wrapped
    function): whoever uses the external runs them. See the escape rule in ``interpret.py``.
    """

    origin: str
    captured: list[Value] = field(default_factory=list)
    receiver: External | None = None
    """What it is a member of, or, for a call's result, the object that was called."""
    module: bool = False
    called: bool = False
    """Whether it is what a call gave back."""

    def fingerprint(self, depth: int = 4) -> Hashable:
        root = self.root
        if root.captured or self.captured:
            return ("external", self.origin, id(root))
        return ("external", self.origin, self.called)

    @property
    def is_plain(self) -> bool:
        """Where it holds nothing that could run."""
        return not self.captured and not self.root.captured

    @property
    def root(self) -> External:
        """The module or object at the start of the chain of members."""
        one = self
        while one.receiver is not None:
            one = one.receiver
        return one


@dataclass(slots=True, eq=False)
class ModuleValue(Value):
    """A module of the analysed code; a Python namespace package has no frame of its own file."""

    file: str
    frame: Frame
    directory: str | None = None
    """The folder in which a Python package's submodules are looked for."""
    loading: bool = False


@dataclass(slots=True, eq=False)
class SuperValue(Value):
    """``super``: the members of ``owner``'s bases, bound to ``this``."""

    owner: ClassValue
    this: Value
