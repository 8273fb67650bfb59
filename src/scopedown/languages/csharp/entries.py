"""What Lambda calls: the method of a class that it makes without arguments, or the start of a program."""

from __future__ import annotations

from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, ClassValue, FunctionValue, ModuleValue, Value, options
from scopedown.languages.csharp.lower import MAIN


def entry(run: Machine, file: str, symbol: str) -> Value | None:
    """The value that is called for a symbol: ``Namespace.Class::Method``, or the function of the statements at the top
    of a file. Without a symbol the program starts."""
    module = run.heap.modules.get(file)
    if not isinstance(module, ModuleValue):
        return None
    if symbol in ("", MAIN):
        return _program(run, module)
    written, _, method = symbol.partition("::")
    cls = _class(module, written)
    if cls is None or not method:
        return None
    return _method(run, cls, method, file)


def _program(run: Machine, module: ModuleValue) -> Value | None:
    main = module.frame.variables.get(MAIN)
    if main is not None:
        return main
    for value in module.frame.variables.values():
        if isinstance(value, ClassValue) and "Main" in value.fields:
            return _method(run, value, "Main", module.file)
    return None


def _class(module: ModuleValue, written: str) -> ClassValue | None:
    """A class by its name in a namespace, or inside of another class."""
    parts = written.split(".")
    for start in range(len(parts) - 1, -1, -1):
        value: Value | None = module.frame.variables.get(parts[start])
        for name in parts[start + 1 :]:
            value = value.fields.get(name) if isinstance(value, ClassValue) else None
        if isinstance(value, ClassValue):
            return value
    return None


def _method(run: Machine, cls: ClassValue, name: str, file: str) -> Value | None:
    """A method of a new object, or of the class where it is static."""
    place = run.sources.place(file, *cls.definition.at)
    owner: Value = cls
    found = members.member_of_class(run, cls, name, cls, place)
    if found is None:
        return None
    functions = [option for option in options(found) if isinstance(option, FunctionValue)]
    if not functions or any(option.function.receiver == "this" for option in functions):
        owner = run.construct(cls, CallSite((), {}, place))
    return members.attribute(run, owner, name, place)
