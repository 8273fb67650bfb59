"""What every object, class, module and block of Ruby answers (https://docs.ruby-lang.org/en/3.3/Object.html,
…/Module.html, …/Proc.html)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from scopedown.calls.builtins.python_native import Function
from scopedown.calls.interpreter import dunder_methods, members
from scopedown.calls.interpreter.dispatch import on_made_code
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Sequence,
    UnknownValue,
    Value,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.ruby import program
from scopedown.languages.ruby.native import NOTHING, Method, block_of, first_of, method

OWN: Final = "self."
_DATA: Final = frozenset(
    [
        "is_a?",
        "kind_of?",
        "instance_of?",
        "respond_to?",
        "==",
        "!=",
        "===",
        "hash",
        "object_id",
        "inspect",
        "to_s",
        "instance_variables",
        "methods",
        "instance_variable_defined?",
        "public_methods",
        "to_json",
        "as_json",
        "frozen?",
        "equal?",
        "eql?",
        "<=>",
        "instance_methods",
        "method_defined?",
        "ancestors",
        "name",
        "to_str",
        "instance_method",
        "const_defined?",
        "constants",
        "<",
        "<=",
        ">",
        ">=",
        "arity",
        "parameters",
        "source_location",
        "superclass",
        "nil?",
        "present?",
        "blank?",
        "private_methods",
        "lambda?",
        "singleton_methods",
    ]
)


def object_method(value: Instance, name: str) -> Value | None:
    """A method that every object has."""
    missing = dunder_methods.defined(value.cls, "method_missing")
    if missing is not None and name not in _OBJECTS:
        bound = FunctionValue(missing.function, missing.frame, value, missing.owner)
        return Function(name, lambda site, run: _missing(bound, name, site, run), value)
    body = _OBJECTS.get(name)
    if body is not None:
        return method(value, name, body)
    return _data(value, name) if name in _DATA else None


def _missing(bound: FunctionValue, name: str, site: CallSite, run: Machine) -> Value:
    return run.enter(bound, replace(site, positional=(Const(name), *site.positional)))


def _data(value: Value, name: str) -> Value:
    return method(value, name, lambda one, site, run: UnknownValue(f"result of {name}", site.place, inert=True))


def _own(value: Value, site: CallSite, run: Machine) -> Value:
    return value


def _get(value: Value, site: CallSite, run: Machine) -> Value:
    return members.index(run, value, first_of(site), site.place)


def _set(value: Value, site: CallSite, run: Machine) -> Value:
    if len(site.positional) == 2:
        members.assign_index(run, value, site.positional[0], site.positional[1], site.place)
        return site.positional[1]
    return NOTHING


def _within(value: Value, site: CallSite, run: Machine) -> Value:
    """``instance_eval { … }``: the block runs as the object's own code."""
    block = block_of(site)
    found: Value = NOTHING
    if block is None and site.positional:
        on_made_code(run, "an eval of a text", site.place)
    for option in options(block) if block is not None else ():
        found = run.call(as_method(option, value), site.positional, site.place)
    return found


def as_method(block: Value, this: Value) -> Value:
    """A block with another present object."""
    if not isinstance(block, FunctionValue):
        return block
    owner = this.cls if isinstance(this, Instance) else this if isinstance(this, ClassValue) else block.owner
    return FunctionValue(block.function, block.frame, this, owner)


def _method(value: Value, site: CallSite, run: Machine) -> Value:
    name = first_of(site)
    if isinstance(name, Const) and isinstance(name.value, str):
        return members.attribute(run, value, name.value, site.place)
    return UnknownValue("a method", site.place)


def _define(value: Value, site: CallSite, run: Machine) -> Value:
    name, block = first_of(site), block_of(site)
    if isinstance(name, Const) and isinstance(value, Instance | ClassValue) and isinstance(block, FunctionValue):
        own = OWN if isinstance(value, ClassValue) else ""
        value.fields[f"{own}{name.value}"] = as_method(block, value)
    return name


def _extend_object(value: Value, site: CallSite, run: Machine) -> Value:
    """``object.extend(Mod)``: the object has the methods of a module."""
    for given in site.positional:
        for module in options(given):
            if isinstance(module, ClassValue) and isinstance(value, Instance):
                for name, held in module.fields.items():
                    value.fields.setdefault(name, members.bind(run, held, value, site.place))
    return value


_OBJECTS: Final[dict[str, Method]] = {
    "instance_variable_get": _get,
    "instance_variable_set": _set,
    "instance_eval": _within,
    "instance_exec": _within,
    "method": _method,
    "public_method": _method,
    "define_singleton_method": _define,
    "extend": _extend_object,
    "presence": _own,
    "to_h": lambda value, site, run: UnknownValue("a hash", site.place, inert=True),
}


# classes


def class_method(value: ClassValue, name: str, run: Machine, place: Place) -> Value | None:
    """A method that every class and module has; a constant of it that is in a file which was not loaded."""
    if name[:1].isupper():
        if program.load_declaring(run, name, value.frame.file or run.position.file):
            return value.fields.get(name)
        return None
    body = _CLASSES.get(name)
    if body is not None:
        return method(value, name, body)
    if name in _OBJECTS:
        return method(value, name, _OBJECTS[name])
    missing = members.own_member(run, value, f"{OWN}method_missing", place)
    if isinstance(missing, FunctionValue):
        bound = missing
        return Function(name, lambda site, run: _missing(bound, name, site, run), value)
    return _data(value, name) if name in _DATA else None


def _new(value: Value, site: CallSite, run: Machine) -> Value:
    return run.call_value(value, site, new=True)


def _include(value: Value, site: CallSite, run: Machine) -> Value:
    """``include Mod``: its methods are those of the class's objects, and its hook is told."""
    for given in reversed(site.positional):
        for module in options(given):
            if not isinstance(value, ClassValue):
                continue
            value.extend((module,))
            if isinstance(module, ClassValue):
                hook = module.fields.get(f"{OWN}included")
                if isinstance(hook, FunctionValue):
                    run.call(members.bind(run, hook, module, site.place), (value,), site.place)
                inner = module.fields.get("ClassMethods")  # as ActiveSupport::Concern does
                if isinstance(inner, ClassValue):
                    _add_own(value, inner)
            elif hasattr(module, "included"):
                included: Callable[[ClassValue, Machine, Place], None] = module.included
                included(value, run, site.place)
    return value


def _extend(value: Value, site: CallSite, run: Machine) -> Value:
    """``extend Mod``: its methods are those of the class itself."""
    for given in site.positional:
        for module in options(given):
            if isinstance(value, ClassValue) and isinstance(module, ClassValue):
                _add_own(value, module)
            elif isinstance(value, ClassValue) and hasattr(module, "included"):
                value.extend((module,))
    return value


def _add_own(cls: ClassValue, module: ClassValue) -> None:
    for one in module.ancestry():
        for name, held in list(one.fields.items()) if isinstance(one, ClassValue) else ():
            if isinstance(held, FunctionValue) and not name.startswith(OWN):
                cls.fields.setdefault(OWN + name, FunctionValue(held.function, held.frame, None, held.owner))


def include_everywhere(site: CallSite, run: Machine) -> Value:
    """``include Mod`` at the top of a file: every object has its methods, the module itself among them."""
    for given in site.positional:
        for module in options(given):
            if isinstance(module, ClassValue):
                _add_own(module, module)
                for name, held in list(module.fields.items()):
                    if isinstance(held, FunctionValue) and not name.startswith(OWN):
                        made = FunctionValue(held.function, held.frame, module, held.owner)
                        run.heap.globals.variables.setdefault(name, made)
    return NOTHING


def _singleton(value: Value, site: CallSite, run: Machine) -> Value:
    """``Class.instance``, where it includes Singleton: the one object."""
    if not isinstance(value, ClassValue):
        return UnknownValue("an object", site.place)
    kept = value.fields.get("self.<instance>")
    if kept is None:
        value.fields["self.<instance>"] = UnknownValue("an object that is being made", site.place)
        kept = value.fields["self.<instance>"] = run.construct(value, CallSite((), {}, site.place))
    return kept


def _constant(value: Value, site: CallSite, run: Machine) -> Value:
    name = first_of(site)
    if isinstance(name, Const) and isinstance(name.value, str):
        found = value
        for part in name.value.split("::"):
            found = members.attribute(run, found, part, site.place)
        return found
    return members.index(run, value, name, site.place)


_CLASSES: Final[dict[str, Method]] = {
    "new": _new,
    "include": _include,
    "prepend": _include,
    "extend": _extend,
    "instance": _singleton,
    "const_get": _constant,
    "class_eval": _within,
    "class_exec": _within,
    "module_eval": _within,
    "allocate": _new,
    "class_variable_get": _get,
    "class_variable_set": _set,
    "define_method": lambda value, site, run: _define_method(value, site, run),
    "instance_methods": lambda value, site, run: Sequence([], UnknownValue("a name", site.place)),
}


def _define_method(value: Value, site: CallSite, run: Machine) -> Value:
    """``define_method(name) { … }`` with a name that is computed."""
    block = block_of(site) or (site.positional[1] if len(site.positional) > 1 else None)
    if isinstance(value, ClassValue) and isinstance(block, FunctionValue):
        made = FunctionValue(replace(block.function, receiver="this"), block.frame, None, value)
        for option in options(first_of(site)):
            name = option.value if isinstance(option, Const) else f"<computed {len(value.fields)}>"
            value.fields[str(name)] = made
    return first_of(site)


# blocks


def function_method(value: FunctionValue, name: str) -> Value | None:
    """A method of a block, a lambda or a method that is a value."""
    if name in ("call", "()", "yield", "===", "[]"):
        return value
    if name in ("to_proc", "curry", "unbind"):
        return method(value, name, lambda one, site, run: value)
    if name == "bind":
        return method(value, name, lambda one, site, run: as_method(value, first_of(site)))
    if name in (">>", "<<"):
        return method(value, name, lambda one, site, run: _chained(value, first_of(site), name))
    return _data(value, name) if name in _DATA else None


def _chained(one: Value, other: Value, operator: str) -> Value:
    before, after = (one, other) if operator == ">>" else (other, one)
    return Function("a chain", lambda site, run: run.call(after, (run.call_value(before, site),), site.place))
