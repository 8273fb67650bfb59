"""Methods that nobody calls by name: a language calls them by itself, or a class of a library does.

In: the interpreter when a handler has run, with the objects that it made. Out: their special methods (``__str__``,
``__lt__``, ``__del__``; ``toString``, ``toJSON``, setters) are run with arguments of which nothing is known, and so are
the methods of a class whose base is the language's own and calls what its subclasses define (``HTMLParser``).
"""

from __future__ import annotations

from scopedown.calls.interpreter import metaclasses
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, ClassValue, FunctionValue, Instance, Object, Sequence, Value, options
from scopedown.core.place import Place

MAX_OBJECTS = 3
"""So many objects of one class stand for all of it."""
_FOLLOWED = frozenset(
    {
        "__init__", "__new__", "__call__", "__init_subclass__", "__class_getitem__", "__post_init__", "__enter__",
        "__exit__", "__aenter__", "__aexit__", "__getattr__", "__getitem__", "__setitem__",
    }
)  # fmt: skip
"""Special methods that are run where code asks for them, unless a library has the object."""
_ITERATORS = frozenset({"__iter__", "__next__", "__aiter__", "__anext__"})
_FILES = frozenset(
    {
        "close", "flush", "read", "readable", "readall", "readinto", "readline", "seek", "seekable", "tell", "writable",
        "write",
    }
)  # fmt: skip
"""Methods that libraries call on what they take for a file (https://docs.python.org/3/library/io.html)."""
_OF_CLASSES = frozenset({"mro"})
"""What a language calls on a class (https://docs.python.org/3/reference/datamodel.html)."""
_ANSWERED = _FOLLOWED - {"__init__", "__new__", "__post_init__", "__init_subclass__"} | _ITERATORS
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
        classes, run.heap.with_metaclass = run.heap.with_metaclass, []
        if not waiting and not literals and not classes:
            return
        for cls in classes:
            _run_metaclass(run, cls)
        for made in literals:
            for name in sorted(_JAVASCRIPT.intersection(made.fields)):
                _enter(run, made.fields[name], made, run.sources.place(run.position.file))
        for instance in waiting:
            done.add(id(instance))
            _run(run, instance)


def _run(run: Machine, made: Instance) -> None:
    place = run.sources.place(made.cls.frame.file)
    is_own = made.cls.frame.file not in run.found.installed
    asked = is_own and _calls_back(made.cls)
    hooks = _hooks(run, made) if is_own else frozenset()
    hooks |= run.language(made.cls.frame.language).calls_by_itself(made)
    for cls in made.cls.ancestry():
        if not isinstance(cls, ClassValue) or cls.frame.file in run.found.installed:
            continue
        for name, member in list(cls.fields.items()):
            if asked or _is_special(name) or name in hooks:
                _enter(run, member, made, place)
    language = run.language(made.cls.frame.language)
    for name, member in list(made.fields.items()) if language.singletons else ():
        if id(made) in run.heap.handed or name.removeprefix(language.own_members) in language.called_by_itself:
            _enter(run, member, made, place)


def _run_metaclass(run: Machine, cls: ClassValue) -> None:
    """What a class, or a metaclass of the analysed code, answers for the class."""
    for name in metaclasses.ASKED:
        if (member := cls.fields.get(name)) is not None:
            _enter(run, member, cls, run.sources.place(cls.frame.file))
    meta = metaclasses.metaclass(cls)
    for one in meta.ancestry() if meta is not None else ():
        for name, member in list(one.fields.items()) if isinstance(one, ClassValue) else ():
            if _is_special(name) or name in _ANSWERED or name in _OF_CLASSES:
                _enter(run, member, cls, run.sources.place(cls.frame.file))


def _enter(run: Machine, member: Value, this: Value, place: Place) -> None:
    for one in options(member):
        if isinstance(one, FunctionValue) and id(one.function) not in run.found.functions_entered:
            method = FunctionValue(one.function, one.frame, this, one.owner)
            _escape(run, run.enter(method, CallSite((), {}, place, complete=False)), place)


def _escape(run: Machine, given: Value, place: Place) -> None:
    """What the method gives is the caller's: functions may run."""
    for one in options(given):
        for held in one.held() if isinstance(one, Sequence) else (one,):
            if isinstance(held, FunctionValue):
                run.escape(held, place)


def _is_special(name: str) -> bool:
    if name.startswith("__") and name.endswith("__"):
        return name not in _FOLLOWED
    return name in _JAVASCRIPT or name.endswith((".setter", ".deleter")) or name == "@@hasInstance"


def _hooks(run: Machine, made: Instance) -> frozenset[str]:
    """What a library calls on an object that it was given, or of which it has a base."""
    found = _FILES | _ANSWERED if id(made) in run.heap.handed else frozenset()
    for base in made.cls.ancestry():
        if isinstance(base, Native) and (names := base.methods_called(made.cls)) is not None:
            found |= names | _ANSWERED
    return found


def _calls_back(cls: ClassValue) -> bool:
    """Whether a base of the class is one of the language's that calls what its subclasses define."""
    return any(isinstance(base, Native) and base.calls_back() for base in cls.ancestry())
