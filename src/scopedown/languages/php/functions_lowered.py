"""Functions that the lowering of PHP calls for what the language does (``clone``, ``unset``), and PHP's own that make
objects of classes by their names."""

from __future__ import annotations

from dataclasses import replace

from scopedown.calls.interpreter import dunder_methods, implicit_calls
from scopedown.calls.interpreter.dispatch import HINT
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Instance,
    Object,
    Sequence,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.coverage import Cause, Unseen
from scopedown.languages.php import computed
from scopedown.languages.php.native import NOTHING, class_named, first_of


def register_class(site: CallSite, run: Machine) -> Value:
    """``stream_wrapper_register("name", "Class")``: PHP makes objects of the class and calls its methods."""
    for value in site.all():
        for option in options(value):
            if isinstance(option, Const) and isinstance(option.value, str):
                cls = class_named(run, option.value, site.place)
                if isinstance(cls, ClassValue):
                    run.escape(cls, site.place)
    return Const(True)


def unserialize(site: CallSite, run: Machine) -> Value:
    """An object of any class comes of it, whose ``__wakeup`` runs."""
    run.heap.names[computed.COMPUTED] = Const(True)
    return UnknownValue("an object that is read from data", site.place)


# what the lowering calls


def loose(site: CallSite, run: Machine) -> Value:
    """A value that may be written through a reference."""
    return join(first_of(site), UnknownValue("a variable that is written through a reference", site.place, inert=True))


def clone(site: CallSite, run: Machine) -> Value:
    """``clone $object``: another object with the same members, whose ``__clone`` runs."""
    found: list[Value] = []
    for option in options(first_of(site)):
        match option:
            case Instance():
                made = replace(option, fields=dict(option.fields), born=run.position.conditional)
                implicit_calls.keep(run, made)
                dunder_methods.call(run, made, "__clone", (), site.place)
                found.append(made)
            case Object():
                found.append(replace(option, fields=dict(option.fields)))
            case _:
                found.append(option)
    return join(*found)


def method(site: CallSite, run: Machine) -> Value:
    """The method of a trait, of no object yet."""
    name, *owners = site.all()
    found = [
        method
        for owner in owners
        for one in options(owner)
        if isinstance(one, ClassValue) and isinstance(name, Const)
        if (method := dunder_methods.defined(one, str(name.value))) is not None
    ]
    return join(*found) if found else UnknownValue("a method of a trait", site.place)


def unset(site: CallSite, run: Machine) -> Value:
    """``unset($a["key"])``: the array may be shorter; an object is asked."""
    given = site.all()
    for option in options(given[0]):
        if isinstance(option, Object | Sequence):
            gone = UnknownValue("an element", site.place, inert=True)
            option.rest = gone if option.rest is None else join(option.rest, gone)
        elif isinstance(option, Instance):
            dunder_methods.call(run, option, "offsetUnset", given[1:], site.place)
    return NOTHING


def unfollowed(site: CallSite, run: Machine) -> Value:
    """What no front end follows: the code is not seen whole."""
    named = first_of(site)
    what = f"scopedown does not follow {named.value if isinstance(named, Const) else 'a statement'}"
    run.found.unseen.setdefault(("unfollowed", site.place), Unseen(Cause.DISPATCH, what, site.place, remedy=HINT))
    return NOTHING
