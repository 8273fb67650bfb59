"""Methods that nobody calls by name: a language calls them by itself, or a class of a library does.

In: the interpreter when a handler has run, with the objects that it made. Out: their special methods (``__str__``,
``__lt__``, ``__del__``; ``toString``, ``toJSON``, setters) are run with arguments of which nothing is known, and so are
the methods of a class whose base is the language's own and calls what its subclasses define (``HTMLParser``).
"""

from __future__ import annotations

from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, ClassValue, FunctionValue, Instance, Object, Value
from scopedown.core.place import Place

MAX_OBJECTS = 3
"""So many objects of one class stand for all of it."""
_FOLLOWED = frozenset(
    {
        "__init__", "__new__", "__call__", "__init_subclass__", "__class_getitem__", "__post_init__", "__enter__",
        "__exit__", "__aenter__", "__aexit__", "__iter__", "__next__", "__aiter__", "__anext__", "__getattr__",
        "__getitem__", "__setitem__",
    }
)  # fmt: skip
"""Special methods that are run where code asks for them."""
_JAVASCRIPT = frozenset(
    {"toString", "toJSON", "valueOf", "then", "@@toPrimitive", "@@dispose", "@@asyncDispose"}
)  # fmt: skip
"""What conversions, ``JSON.stringify``, ``await`` and ``using`` call
(https://developer.mozilla.org/docs/Web/JavaScript/Reference/Operators/await#thenables)."""


def keep(run: Machine, made: Value) -> None:
    """An object was made."""
    if isinstance(made, Instance):
        kept = run.heap.objects.setdefault(id(made.cls), [])
        if len(kept) < MAX_OBJECTS:
            kept.append(made)


def keep_literal(run: Machine, made: Object) -> None:
    """An object was written that has methods of this kind."""
    if not _JAVASCRIPT.isdisjoint(made.fields):
        run.heap.literals.append(made)


def run_all(run: Machine) -> None:
    """Run what may run by itself, of every class that there are objects of, until nothing more is made."""
    done: set[int] = set()
    while True:
        waiting = [
            instance for kept in list(run.heap.objects.values()) for instance in kept if id(instance) not in done
        ]
        literals, run.heap.literals = run.heap.literals, []
        if not waiting and not literals:
            return
        for made in literals:
            for name in _JAVASCRIPT.intersection(made.fields):
                _enter(run, made.fields[name], made, run.sources.place(run.position.file))
        for instance in waiting:
            done.add(id(instance))
            _run(run, instance)


def _run(run: Machine, made: Instance) -> None:
    place = run.sources.place(made.cls.frame.file)
    asked = made.cls.frame.file not in run.found.installed and _calls_back(made.cls)
    for cls in made.cls.ancestry():
        if not isinstance(cls, ClassValue) or cls.frame.file in run.found.installed:
            continue
        for name, member in list(cls.fields.items()):
            if asked or _is_special(name):
                _enter(run, member, made, place)


def _enter(run: Machine, member: Value, this: Value, place: Place) -> None:
    if isinstance(member, FunctionValue) and id(member.function) not in run.found.functions_entered:
        run.enter(
            FunctionValue(member.function, member.frame, this, member.owner), CallSite((), {}, place, complete=False)
        )


def _is_special(name: str) -> bool:
    if name.startswith("__") and name.endswith("__"):
        return name not in _FOLLOWED
    return name in _JAVASCRIPT or name.endswith(".setter") or name == "@@hasInstance"


def _calls_back(cls: ClassValue) -> bool:
    """Whether a base of the class is one of the language's that calls what its subclasses define."""
    return any(isinstance(base, Native) and base.calls_back() for base in cls.ancestry())
