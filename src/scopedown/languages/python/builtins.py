"""What Python itself brings: its built-in names, its standard library, and the methods of its plain values.

The interpreter asks here last: a project's own names and modules and the models of SDKs and libraries come first.
Names and modules of the standard library come from :data:`sys.stdlib_module_names` of the running Python, with those
that older versions had.
"""

from __future__ import annotations

import sys
from functools import cache

from scopedown.calls.interpreter import construction
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    SuperValue,
    TextValue,
    Value,
)
from scopedown.core.place import Place
from scopedown.languages.python import (
    callables,
    collections,
    globals,
    import_functions,
    objects,
    standard,
    sys_module,
    urls,
)
from scopedown.languages.python.collections import library
from scopedown.languages.python.natives import Function, function, silent

_FORMER = {
    "ConfigParser", "Queue", "StringIO", "__builtin__", "asynchat", "asyncore", "cPickle", "cStringIO", "cgi",
    "commands", "crypt", "distutils", "httplib", "imghdr", "imp", "pipes", "sets", "smtpd", "telnetlib", "thread",
    "urllib2", "urlparse",
}  # fmt: skip
"""Modules that earlier Pythons had."""


@cache
def _names() -> dict[str, Value]:
    return {
        **globals.table(),
        "dir": function("dir", objects.names_of),
        "__import__": Function("__import__", import_functions.import_by_name),
    }


def builtin(name: str) -> Value | None:
    """A built-in name, or None where Python has none of it."""
    return _names().get(name)


def module(name: str) -> Value | None:
    """A module of the standard library, or None where it has none of this name."""
    for known in (standard.table(), callables.table(), sys_module.table()):
        if (found := known.get(name)) is not None:
            return found
    if (found := urls.table().get(name)) is not None:
        return found
    root = name.partition(".")[0]
    return library(name) if root in sys.stdlib_module_names or root in _FORMER else None


universal = objects.universal


def method(value: Value, name: str, run: Machine, place: Place) -> Value | None:
    """A member that the language gives to a plain value, or None."""
    match value:
        case Const(str()) | TextValue():
            if name in ("value", "_value_"):  # a member of an enum is represented by its value
                return value
            return collections.BUILTINS.member(value, name, run, place)
        case Object():
            return collections.BUILTINS.member(value, name, run, place)
        case Sequence():
            if name in ("__enter__", "__aenter__", "__next__", "__anext__"):  # a generator
                return Function(name, lambda site, run: value.element())
            if name in ("__exit__", "__aexit__"):
                return silent(name)
            return collections.BUILTINS.member(value, name, run, place)
        case Const():
            return value if name in ("value", "_value_") and value.value is not None else None
        case FunctionValue():
            if name in ("__wrapped__", "__func__", "__call__", "func", "value", "_value_"):
                return value
            return Const(value.function.name) if name in ("__name__", "__qualname__") else None
        case Instance():
            if name == "__class__":
                return value.cls
            if name == "__dict__":
                return Object(value.fields, born=value.born)
            return globals.base_member(value, name)
        case ClassValue():
            if name in ("__name__", "__qualname__"):
                return Const(value.definition.name)
            if name == "__match_args__":
                return Sequence([Const(field) for field in construction.annotated_names(value)])
            if name == "__subclasses__":
                return Function(name, lambda site, run: Sequence(list(run.heap.subclasses.get(id(value), ()))))
            return globals.base_member(value, name)
        case SuperValue():
            return globals.base_member(value, name)
        case _:
            return None
