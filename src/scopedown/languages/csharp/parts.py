"""Partial classes: what several files say of one class."""

from __future__ import annotations

from scopedown.calls.machine import Machine
from scopedown.calls.values import ClassValue
from scopedown.languages.csharp.declarations import PARTIAL
from scopedown.source import ir


def join(cls: ClassValue, run: Machine) -> None:
    """Each part of a class has the members of the others, as if it derived from them."""
    file = cls.frame.file
    if not any(isinstance(one, ir.Name) and one.id == PARTIAL for one in cls.definition.annotations):
        return
    unit, module = run.sources.unit(file), run.sources.load(file)
    name = cls.definition.name
    if unit is None or module is None or name not in module.locals:
        return
    for other in unit.declared.get(name, ()):
        beside = run.sources.load(other) if other != file else None
        if beside is None or name not in beside.locals:
            continue
        if {beside.package, *beside.packages}.isdisjoint((module.package, *module.packages)):
            continue
        run.load(other)
        made = run.heap.modules[other].frame.variables.get(name)
        if isinstance(made, ClassValue):
            _link(cls, made)
            _link(made, cls)


def _link(cls: ClassValue, other: ClassValue) -> None:
    if all(base is not other for base in cls.bases):
        cls.bases = (other, *cls.bases)
    cls._ancestry = ()
