"""Members whose name is computed: every one that it may be.

In: a value and a key of which only a part is known (``"do_" + event["op"]``), or nothing. Out: the functions and
clients among the value's members whose names fit. A client's own methods cannot be listed so; which service it is of is
noted as a part of the code that was not seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    ModuleValue,
    Object,
    Union,
    UnknownValue,
    Value,
    as_text,
    join,
    options,
)
from scopedown.catalog.action_patterns import of_service
from scopedown.core.coverage import Cause, Unseen
from scopedown.core.place import Place
from scopedown.core.text import Literal

_LIBRARIES = re.compile(r"scopedown\.(?:calls\.(?:libraries|sdks)\.|languages\.\w+\.(?:library_|sdk))")
"""The modules whose objects are those of an SDK or a library."""
HINT = "add a comment that lists what the code needs: # scopedown: needs ACTION on TARGET"


def fitting(names: Iterable[str], key: Value) -> list[str]:
    """The names that a key may be, in order.

    >>> fitting(["do_get", "help"], UnknownValue("event"))
    ['do_get', 'help']
    """
    text = as_text(key)
    if text is None:
        return list(names)
    pattern = "".join(re.escape(part.value) if isinstance(part, Literal) else ".*" for part in text.parts)
    fits = re.compile(pattern, re.DOTALL).fullmatch
    return [name for name in names if fits(name)]


def keys_apart(key: Value) -> list[Value]:
    """What a key may be: of those of which no letter is known, one stands for all.

    >>> len(keys_apart(join(UnknownValue("event"), UnknownValue("data", inert=True), Const("name"))))
    2
    """
    anything: Value | None = None
    found: list[Value] = []
    for option in options(key):
        text = None if isinstance(option, Native) and option.as_key() is not None else as_text(option)
        if text is None or any(isinstance(part, Literal) for part in text.parts):
            found.append(option)
        elif anything is None:
            anything = option
            found.append(option)
    return found


def members_named(run: Machine, value: Value, key: Value, read: Callable[[str], Value]) -> Value | None:
    """What a member of an object, a class or a module may be; None where no function and no client fits. ``read`` gives
    one of its members by name."""
    found: list[Value] = []
    prefix = run.position.language.own_members
    for name in fitting((name.removeprefix(prefix) for name in names_of(value)), key):
        if name.startswith("__") or name == "constructor":
            continue
        member = read(name)
        if any(isinstance(option, FunctionValue | ClassValue | Native | Instance) for option in options(member)):
            found.append(member)
    run.steps += len(found)
    return join(*found) if found else None


def names_of(value: Value) -> list[str]:
    """The names of the members that a value is known to have."""
    match value:
        case Instance():
            inherited = [name for one in value.cls.ancestry() if isinstance(one, ClassValue) for name in one.fields]
            return list(dict.fromkeys([*value.fields, *inherited]))
        case ClassValue():
            classes = (one for one in value.ancestry() if isinstance(one, ClassValue))
            return list(dict.fromkeys(name for class_ in classes for name in class_.fields))
        case ModuleValue():
            return [name for name in value.frame.variables if name != "*"]
        case Object():
            return list(value.fields)
        case _:
            return []


def on_client(run: Machine, client: Value, what: str, place: Place) -> None:
    """A client of an SDK is used in a way that is not followed: any operation of its service may be called."""
    for option in options(client):
        service = option.service_of_client() if isinstance(option, Native) else None
        if service is not None:
            on_service(run, service, what, place)


def on_service(run: Machine, service: str, what: str, place: Place) -> None:
    """The same of a client of a service; ``*`` is any service."""
    named = "of AWS" if service == "*" else f"of {service}"
    may_call = of_service(run.catalog, service)
    unseen = Unseen(Cause.DISPATCH, f"an SDK client {named} {what}", place, may_call, HINT)
    run.found.unseen.setdefault((service, place), unseen)


def on_member(run: Machine, value: Native, place: Place) -> None:
    """An SDK's or a library's object is asked for a member by a name that is not known."""
    if value.service_of_client() is not None:
        on_client(run, value, "calls a method whose name is computed", place)
    elif _LIBRARIES.match(type(value).__module__):
        what = f"the code reads a member of {value.describe()} whose name is computed"
        run.found.unseen.setdefault(("member", place), Unseen(Cause.DISPATCH, what, place, remedy=HINT))


def _ancestry(value: Value) -> tuple[Value, ...]:
    cls = value.cls if isinstance(value, Instance) else value
    return cls.ancestry() if isinstance(cls, ClassValue) else ()


def on_made_code(run: Machine, what: str, place: Place) -> None:
    """Code that is put together while the program runs (``eval``) may call anything."""
    unseen = Unseen(Cause.DISPATCH, f"{what} runs code that is built at run time", place, remedy=HINT)
    run.found.unseen.setdefault(("eval", place), unseen)


def computed(run: Machine, value: Value, key: Value, place: Place) -> Value:
    """``value[key]`` or ``getattr(value, key)`` with a key that is not known whole."""
    if isinstance(value, Union):
        return join(*(computed(run, option, key, place) for option in value.options))
    for one in (value, *_ancestry(value)):
        if isinstance(one, Native):
            on_member(run, one, place)
    known = members_named(run, value, key, lambda name: run.attribute(value, name, place))
    if known is not None:
        return known
    return UnknownValue("a computed member", place, inert=isinstance(value, Const))
