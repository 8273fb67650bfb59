"""Special methods: what a language calls by itself on an object of the analysed code.

Python's ``__new__``, ``__init_subclass__``, ``__getattr__``, ``__getitem__``, ``__setitem__``, ``__exit__`` and
property setters (the member ``name.setter``, as the lowering names it). Each is tried only where the class defines it.
"""

from __future__ import annotations

from dataclasses import replace

from scopedown.calls.bounds import THROWN
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.source.outline import outer_names


def defined(cls: ClassValue, name: str) -> FunctionValue | None:
    """A method of the class or of an ancestor that is analysed, not bound."""
    for value in cls.ancestry():
        if isinstance(value, ClassValue) and (found := value.fields.get(name)) is not None:
            return found if isinstance(found, FunctionValue) else None
    return None


def call(run: Machine, this: Instance, name: str, arguments: tuple[Value, ...], place: Place) -> Value | None:
    """The result of a special method, or None where the class has none."""
    language = run.position.language
    own = (this.fields.get(language.own_members + name) or this.fields.get(name)) if language.singletons else None
    method = own if isinstance(own, FunctionValue) else defined(this.cls, name)
    if method is None:
        return None
    bound = FunctionValue(method.function, method.frame, this, method.owner)
    return run.enter(bound, CallSite(arguments, {}, place))


def new(run: Machine, cls: ClassValue, site: CallSite) -> tuple[Instance, ...]:
    """The objects that the class's own ``__new__`` gives; none where it has no such method."""
    method = defined(cls, "__new__")
    if method is None:
        return ()
    made = run.enter(FunctionValue(method.function, method.frame, cls, method.owner), site)
    for option in options(made):
        if isinstance(option, FunctionValue):
            run.escape(option, site.place)
    return tuple(option for option in options(made) if isinstance(option, Instance))


def subclassed(run: Machine, cls: ClassValue, place: Place) -> None:
    """A class has been made: ``__init_subclass__`` of its nearest ancestor runs, with the class's keywords."""
    for base in cls.ancestry():
        if base is cls or not isinstance(base, ClassValue):
            continue
        method = base.fields.get("__init_subclass__")
        if isinstance(method, FunctionValue):
            bound = FunctionValue(method.function, method.frame, cls, method.owner)
            run.enter(bound, CallSite((), cls.keywords, place))
            return


def leave(run: Machine, value: Value, place: Place) -> bool:
    """The end of a ``with`` block; whether it may suppress an error of the block."""
    suppresses = False
    for option in options(value):
        match option:
            case Instance():
                suppresses = _left(run, option, place) or suppresses
            case Native():
                suppresses = suppresses or option.suppresses()
            case _:
                suppresses = True
    return suppresses


def _left(run: Machine, value: Instance, place: Place) -> bool:
    error = UnknownValue("an error", place)
    given = [
        found
        for name in ("__exit__", "__aexit__")
        if (found := call(run, value, name, (error, error, error), place)) is not None
    ]
    if not given:
        return True
    return any(not isinstance(option, Const) or bool(option.value) for one in given for option in options(one))


def operate(run: Machine, operator: str, values: tuple[Value, ...], place: Place) -> Value | None:
    """What an object's own method makes of ``a + b``, ``a == b``, ``a in b``; None where there is no such method."""
    if len(values) != 2:
        return None
    left, right = values
    if operator in ("in", "not in") and isinstance(right, Instance):
        if (found := call(run, right, "__contains__", (left,), place)) is None:
            elements = call(run, right, "__iter__", (), place)
            found = elements or call(run, right, "__getitem__", (UnknownValue("a position", place),), place)
            found = None if found is None else UnknownValue("whether it is contained", place)
        return found
    if operator == "|" and isinstance(left, Object) and isinstance(right, Instance):
        items(run, right, place)
    name = run.position.language.operators.get(operator)
    if name is None:
        return None
    if isinstance(left, Instance) and (found := call(run, left, name, (right,), place)) is not None:
        return found
    mirrored = f"__r{name[2:]}"
    return call(run, right, mirrored, (left,), place) if isinstance(right, Instance) else None


def augmented(run: Machine, operator: str, left: Value, right: Value, place: Place) -> Value | None:
    """What an object's own method makes of ``left += right``; None where there is no such method."""
    name = run.position.language.operators.get(operator)
    found = None
    if isinstance(left, Instance) and name is not None and name.startswith("__"):
        found = call(run, left, f"__i{name[2:]}", (right,), place)
    return found if found is not None else operate(run, operator, (left, right), place)


def items(run: Machine, value: Instance, place: Place) -> Value | None:
    """An item of a mapping of the analysed code (``keys`` and ``__getitem__``), as ``**value`` asks for it."""
    if defined(value.cls, "__getitem__") is None or (keys := call(run, value, "keys", (), place)) is None:
        return None
    key = keys.element() if isinstance(keys, Sequence) else UnknownValue("a key", place)
    return call(run, value, "__getitem__", (key,), place)


def has_instance(run: Machine, cls: ClassValue, value: Value, place: Place) -> Value | None:
    """``value instanceof cls`` where the class answers itself (``static [Symbol.hasInstance]``)."""
    method = defined(cls, "@@hasInstance")
    if method is None:
        return None
    return run.enter(FunctionValue(method.function, method.frame, cls, method.owner), CallSite((value,), {}, place))


def throw(run: Machine, value: Value) -> None:
    """A value is thrown: one with code in it (a client, an object with methods of its own) may be used where it is
    caught."""
    for option in options(value):
        if _has_code(option) and not any(option is other for other in run.heap.thrown):
            if len(run.heap.thrown) < THROWN.most:
                run.heap.thrown.append(option)
            else:
                run.bound(THROWN)


def caught(run: Machine, place: Place) -> Value:
    """What a handler gets: an error of which nothing is known, or anything that was thrown with code in it."""
    return join(UnknownValue("an error", place, inert=bool(run.heap.thrown)), *run.heap.thrown)


def _has_code(value: Value) -> bool:
    if _is_client(value) or isinstance(value, FunctionValue):
        return True
    if isinstance(value, Instance):
        for cls in value.cls.ancestry():
            for name, member in cls.fields.items() if isinstance(cls, ClassValue) else ():
                if isinstance(member, FunctionValue) and not name.startswith("__") and name != "constructor":
                    return True
    if isinstance(value, Instance | Object):
        fields = [option for field in value.fields.values() for option in options(field)]
        held = [*fields, *(item for one in fields if isinstance(one, Sequence) for item in one.items)]
        return any(isinstance(one, FunctionValue | Instance) or _is_client(one) for one in held)
    return False


def _is_client(value: Value) -> bool:
    return isinstance(value, Native) and value.service_of_client() is not None


def missing(run: Machine, this: Instance, name: str, place: Place) -> Value | None:
    """A member that only ``__getattr__`` can give."""
    if name.startswith("__"):
        return None
    return call(run, this, "__getattr__", (Const(name),), place)


def may_be_refused(cls: ClassValue, name: str) -> bool:
    """Whether a property names ``AttributeError``, so that ``__getattr__`` may be asked for it
    (https://docs.python.org/3/reference/datamodel.html#object.__getattr__)."""
    if defined(cls, "__getattr__") is None:
        return False
    getter = defined(cls, name)
    return getter is not None and getter.function.accessor and "AttributeError" in outer_names(getter.function)


def asked(run: Machine, this: Instance, name: str, place: Place) -> Value | None:
    """What an object's own ``__getattribute__`` gives; None where it has none, or asks for what the object has."""
    if name.startswith("__") or defined(this.cls, "__getattribute__") is None or id(this) in run.heap.answering:
        return None
    run.heap.answering.add(id(this))
    try:
        found = call(run, this, "__getattribute__", (Const(name),), place)
        return None if found is None else join(found, run.attribute(this, name, place))
    finally:
        run.heap.answering.discard(id(this))


def keep_binding(result: Value, decorated: Value) -> Value:
    """What a decorator made of a method is a method too: it is bound, and read, as that was."""
    if not (isinstance(result, FunctionValue) and isinstance(decorated, FunctionValue)):
        return result
    own, old = result.function, decorated.function
    receiver = old.receiver if own.receiver == "none" and old.receiver in ("first", "class") else own.receiver
    if (receiver, own.accessor or old.accessor) == (own.receiver, own.accessor):
        return result
    changed = replace(own, receiver=receiver, accessor=own.accessor or old.accessor)
    return FunctionValue(changed, result.frame, result.this, result.owner)
