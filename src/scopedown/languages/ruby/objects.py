"""What every object, class, module and block of Ruby answers (https://docs.ruby-lang.org/en/3.3/Object.html,
…/Module.html, …/Proc.html)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from scopedown.calls.interpreter import dunder_methods, members, trail
from scopedown.calls.interpreter.dispatch import on_made_code
from scopedown.calls.machine import Function, Machine
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
from scopedown.languages.ruby import enumerable, hooks, program
from scopedown.languages.ruby.definitions import member_name
from scopedown.languages.ruby.native import NOTHING, Method, block_of, first_of, method

OWN: Final = "self."
_ELEMENTS: Final = {"[]": "__getitem__", "[]=": "__setitem__"}
EVALUATING: Final = frozenset(
    {"instance_eval", "instance_exec", "class_eval", "class_exec", "module_eval", "module_exec"}
)
"""Methods that run a block or a text as code of their object."""
_WRITTEN: Final = """
    to_s to_str inspect to_a to_ary to_h to_hash to_proc to_i to_int to_f to_r to_c to_sym to_path to_io to_json
    as_json to_yaml to_open encode_with init_with marshal_dump marshal_load _dump each each_pair each_entry <=> == ===
    != ! =~ !~ eql? equal? hash coerce + - * / % ** & | ^ ~ << >> < <= > >= -@ +@ succ respond_to? respond_to_missing?
    method_missing exception message full_message detailed_message backtrace initialize_copy initialize_dup
    initialize_clone deconstruct deconstruct_keys begin end size length call write pretty_print divmod
"""
CALLED_BY_ITSELF: Final = frozenset(_WRITTEN.split())
"""Methods that operators, conversions and the methods of other objects call
(https://docs.ruby-lang.org/en/3.3/implicit_conversion_rdoc.html, …/Comparable.html, …/Enumerable.html)."""
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
    single = value.fields.get(OWN + _ELEMENTS.get(name, name))
    if isinstance(single, FunctionValue) and name in _ELEMENTS:
        return FunctionValue(single.function, single.frame, value, single.owner)
    if name in _ELEMENTS and (own := dunder_methods.defined(value.cls, _ELEMENTS[name])) is not None:
        return FunctionValue(own.function, own.frame, value, own.owner)
    if name == "[]=":
        return method(value, name, _set)
    if (several := enumerable.method_of(value, name)) is not None:
        return several
    single = value.fields.get(f"{OWN}method_missing")
    missing = single if isinstance(single, FunctionValue) else dunder_methods.defined(value.cls, "method_missing")
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


def within(value: Value, site: CallSite, run: Machine) -> Value:
    """``instance_eval { … }``: the block runs as the object's own code."""
    block = block_of(site)
    found: Value = NOTHING
    if block is None and site.positional:
        on_made_code(run, "an eval of a text", site.place)
    for option in options(block) if block is not None else ():
        found = run.call(as_method(option, value), site.positional or (value,), site.place)
    return found


def told(cls: ClassValue, run: Machine) -> None:
    """A class has been made or opened: what its hooks and those of the class above do."""
    place = run.sources.place(cls.frame.file)
    for base in cls.bases:
        if isinstance(base, ClassValue):
            _hook(run, base, ("inherited",), cls, place)
    if (hook := members.own_member(run, cls, f"{OWN}method_added", place)) is not None:
        run.call(hook, (UnknownValue("a method's name", inert=True),), place)


def _hook(run: Machine, module: ClassValue, names: tuple[str, ...], value: Value, place: Place) -> None:
    """The hooks of a module that is taken into a class."""
    for name in names:
        if (hook := members.own_member(run, module, OWN + name, place)) is not None:
            run.call(hook, (value,), place)


def _opened(run: Machine, cls: ClassValue) -> None:
    """The ancestors of a class have changed."""
    for below in run.heap.subclasses.get(id(cls), ()):
        if below is not cls:
            below.forget_ancestry()
            _opened(run, below)


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
    name, block = first_of(site), block_of(site) or (site.positional[1] if len(site.positional) > 1 else None)
    if isinstance(name, Const) and isinstance(value, Instance | ClassValue) and isinstance(block, FunctionValue):
        own = OWN if isinstance(value, ClassValue) else ""
        value.fields[f"{own}{name.value}"] = as_method(block, value)
    return name


def _extend_object(value: Value, site: CallSite, run: Machine) -> Value:
    """``object.extend(Mod)``: the object has the methods of a module."""
    for given in site.positional:
        for module in options(given):
            if isinstance(module, ClassValue) and isinstance(value, Instance):
                for name, held in [pair for one in module.ancestry() if isinstance(one, ClassValue)
                                   for pair in one.fields.items()]:  # fmt: skip
                    value.fields.setdefault(name, members.bind(run, held, value, site.place))
                _hook(run, module, ("extend_object", "extended"), value, site.place)
    return value


_OBJECTS: Final[dict[str, Method]] = {
    "instance_variable_get": _get,
    "instance_variable_set": _set,
    "instance_eval": within,
    "instance_exec": within,
    "method": _method,
    "public_method": _method,
    "singleton_method": _method,
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
        asked = members.own_member(run, value, f"{OWN}const_missing", place)
        return None if asked is None else run.call(asked, (Const(name),), place)
    if name in hooks.TAKES_AWAY:
        trail.unsettle(run, f"calls {name}", place)
    if name in _ELEMENTS:
        return members.own_member(run, value, OWN + _ELEMENTS[name], place)
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
            _opened(run, value)
            if isinstance(module, ClassValue):
                _hook(run, module, ("append_features", "included"), value, site.place)
                inner = module.fields.get("ClassMethods")  # as ActiveSupport::Concern does
                if isinstance(inner, ClassValue):
                    _add_own(value, inner)
            elif hasattr(module, "included"):
                included: Callable[[ClassValue, Machine, Place], None] = module.included
                included(value, run, site.place)
    return value


def _prepend(value: Value, site: CallSite, run: Machine) -> Value:
    """``prepend Mod``: its methods come before those of the class."""
    for given in reversed(site.positional):
        for module in options(given):
            if isinstance(value, ClassValue) and isinstance(module, ClassValue):
                value.prepend((module,))
                _opened(run, value)
                _hook(run, module, ("prepend_features", "prepended"), value, site.place)
    return value


def _extend(value: Value, site: CallSite, run: Machine) -> Value:
    """``extend Mod``: its methods are those of the class itself."""
    for given in site.positional:
        for module in options(given):
            if isinstance(value, ClassValue) and isinstance(module, ClassValue):
                _add_own(value, module)
                _hook(run, module, ("extend_object", "extended"), value, site.place)
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
    "prepend": _prepend,
    "extend": _extend,
    "instance": _singleton,
    "const_get": _constant,
    "const_set": _set,
    "class_eval": within,
    "class_exec": within,
    "module_eval": within,
    "module_exec": within,
    "instance_method": lambda value, site, run: _unbound(value, site),
    "public_instance_method": lambda value, site, run: _unbound(value, site),
    "allocate": _new,
    "class_variable_get": _get,
    "class_variable_set": _set,
    "define_method": lambda value, site, run: _define_method(value, site, run),
    "instance_methods": lambda value, site, run: Sequence([], UnknownValue("a name", site.place)),
}


def _unbound(value: Value, site: CallSite) -> Value:
    """``instance_method(:name)``."""
    name = first_of(site)
    if isinstance(value, ClassValue) and isinstance(name, Const):
        found = dunder_methods.defined(value, member_name(str(name.value), False))
        if found is not None:
            return found
    return UnknownValue("a method", site.place)


def _define_method(value: Value, site: CallSite, run: Machine) -> Value:
    """``define_method(name) { … }`` with a name that is computed."""
    block = block_of(site) or (site.positional[1] if len(site.positional) > 1 else None)
    if isinstance(value, ClassValue) and isinstance(block, FunctionValue):
        made = FunctionValue(replace(block.function, receiver="this"), block.frame, None, value)
        for option in options(first_of(site)):
            known = isinstance(option, Const)
            name = member_name(str(option.value), False) if known else f"<computed {len(value.fields)}>"  # type: ignore[attr-defined]
            value.fields[name] = made
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
