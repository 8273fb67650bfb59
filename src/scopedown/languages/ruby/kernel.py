"""What Ruby code sees without defining it: functions of Kernel, classes of the core and of the standard library
(https://docs.ruby-lang.org/en/3.3/Kernel.html, https://docs.ruby-lang.org/en/3.3/standard_library_rdoc.html)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from scopedown.calls.builtins.object_effects import LibraryObject
from scopedown.calls.interpreter import dunder_methods, members
from scopedown.calls.interpreter import implicit_calls as implicit
from scopedown.calls.interpreter.dispatch import on_made_code
from scopedown.calls.interpreter.operators import percent
from scopedown.calls.interpreter.project_files import parse_yaml
from scopedown.calls.machine import Function, Machine
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Frame,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Unset,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.ruby import errors, kernel_names, objects, program, structs
from scopedown.languages.ruby.collections import BUILTINS
from scopedown.languages.ruby.environment import Files
from scopedown.languages.ruby.native import (
    NOTHING,
    Body,
    Library,
    block_of,
    first_of,
    function,
    items,
    options_of,
    run_block,
)
from scopedown.languages.ruby.targets import AS_LIST, COPY, FITS
from scopedown.source import ir

_FILES: Final = frozenset({"File", "Dir", "IO", "Pathname", "FileUtils"})
_WRITTEN_SILENT: Final = """
    puts print p pp warn sleep srand exit exit! abort trap printf putc using attr private public
    protected module_function private_constant set_trace_func freeze
"""
_SILENT: Final = _WRITTEN_SILENT.split()
_WRITTEN_UNKNOWN: Final = """
    rand gets caller caller_locations global_variables local_variables __method__ srand
"""
_UNKNOWN: Final = _WRITTEN_UNKNOWN.split()
_THROWN: Final = "<thrown>"
_WITH_BLOCK: Final = ["loop", "at_exit", "suppress", "silence_warnings"]


def builtin(name: str) -> Value | None:
    """A name that every Ruby program has."""
    if name.startswith("$"):
        return Unset(f"{name} is not set")
    if name.startswith("@@"):
        return Unset(f"{name} is not set")
    return _functions().get(name) or standard(name)


def standard(name: str) -> Value | None:
    """A class or a module of the core or of the standard library."""
    first, _, rest = name.partition("::")
    if rest:
        made = standard(first)
        return Library(name) if made is not None else None
    if first in _FILES:
        return Files(first)
    special = _classes().get(first)
    if special is not None:
        return special
    return Library(first) if kernel_names.is_core(first) else None


def _throw(site: CallSite, run: Machine) -> Value:
    """``throw :name, value``: what a ``catch`` may give."""
    held = run.heap.globals.variables
    value = site.positional[1] if len(site.positional) > 1 else NOTHING
    held[_THROWN] = join(held[_THROWN], value) if _THROWN in held else value
    return NOTHING


def _catch(site: CallSite, run: Machine) -> Value:
    """``catch(:name) { … }``: what the block gives, or what is thrown in the program."""
    found = _run_it(site, run)
    thrown = run.heap.globals.variables.get(_THROWN)
    return found if thrown is None else join(found, thrown)


@cache
def _functions() -> dict[str, Value]:
    found: dict[str, Value] = {"ENV": LibraryObject("ENV", BUILTINS.habits)}
    found |= {name: function(name, lambda site, run: NOTHING) for name in _SILENT}
    found |= {name: _data(name) for name in _UNKNOWN}
    found |= {name: function(name, _run_it) for name in _WITH_BLOCK}
    bodies: dict[str, Body] = {
        "catch": _catch,
        "throw": _throw,
        "require": program.require,
        "require_dependency": program.require,
        "require_relative": program.require_relative,
        "load": program.load,
        "include": objects.include_everywhere,
        "autoload": program.autoload,
        "lambda": lambda site, run: block_of(site) or NOTHING,
        "proc": lambda site, run: block_of(site) or NOTHING,
        "raise": errors.raised,
        "fail": errors.raised,
        "format": _format,
        "sprintf": _format,
        "Array": _array,
        AS_LIST: _as_list,
        FITS: _fits,
        COPY: lambda site, run: join(*(_copied(option, site, run) for option in options(first_of(site)))),
        "eval": _eval,
        "binding": _binding,
        **dict.fromkeys(objects.EVALUATING, _eval_alone),
        **BUILTINS.functions("kernel"),
        "open": lambda site, run: Files("File").attribute("open", run, site.place).call(site, run),  # type: ignore[attr-defined]
    }
    found |= {name: function(name, body) for name, body in bodies.items()}
    return found


def _data(name: str) -> Function:
    return function(name, lambda site, run: UnknownValue(f"result of {name}", site.place, inert=True))


def _run_it(site: CallSite, run: Machine) -> Value:
    return run_block(run, site, UnknownValue("an argument", inert=True))


def _format(site: CallSite, run: Machine) -> Value:
    template, *given = site.positional or (NOTHING,)
    if not isinstance(template, Const) or not isinstance(template.value, str):
        return UnknownValue("a formatted text", site.place)
    named = options_of(site)
    written = template.value.replace("%{", "%(").replace("}", ")s") if "%{" in template.value else template.value
    written = written.replace("%<", "%(").replace(">", ")") if "%<" in written else written
    return percent(written, named if named.fields and "%(" in written else Sequence(given))


def _array(site: CallSite, run: Machine) -> Value:
    value = first_of(site)
    if isinstance(value, Sequence):
        return value
    if isinstance(value, Const | TextValue):
        return Sequence([] if value == NOTHING else [value])
    known = items(value)
    return Sequence(known) if known is not None else Sequence([], value)


def _as_list(site: CallSite, run: Machine) -> Value:
    """What is assigned to several targets: a list, or a value that stands for a list of itself."""
    found: list[Value] = []
    for option in options(first_of(site)):
        if isinstance(option, Instance):
            made = dunder_methods.call(run, option, "to_ary", (), site.place)
            found.append(Sequence([option]) if made is None else made)
        else:
            found.append(option if isinstance(option, Sequence | UnknownValue | Library) else Sequence([option]))
    return join(*found)


def _fits(site: CallSite, run: Machine) -> Value:
    """``case value when pattern``: ``===`` of the pattern, where that is the program's own."""
    value = first_of(site)
    for pattern in site.positional[1:]:
        for option in options(pattern):
            if isinstance(option, FunctionValue):
                run.call(option, (value,), site.place)
            elif isinstance(option, Instance):
                dunder_methods.call(run, option, "===", (value,), site.place)
            elif isinstance(option, ClassValue):
                own = members.own_member(run, option, f"{objects.OWN}===", site.place)
                if own is not None:
                    run.call(own, (value,), site.place)
    return UnknownValue("a test", inert=True)


def _copied(value: Value, site: CallSite, run: Machine) -> Value:
    """``value.dup``."""
    match value:
        case Sequence():
            return Sequence(list(value.items), value.rest)
        case Object():
            return replace(value, fields=dict(value.fields), born=run.position.conditional)
        case Instance():
            made = Instance(value.cls, dict(value.fields), run.position.conditional)
            for name in ("initialize_copy", "initialize_dup", "initialize_clone"):
                dunder_methods.call(run, made, name, (value,), site.place)
            return made
        case _:
            return value


def _eval(site: CallSite, run: Machine) -> Value:
    """Code that is a text."""
    on_made_code(run, "eval", site.place)
    return UnknownValue("what code gives that is put together while it runs", site.place)


def _binding(site: CallSite, run: Machine) -> Value:
    """What a template or an ``eval`` gets to read and write the variables here."""
    on_made_code(run, "a binding", site.place)
    return Library("a binding", is_object=True)


def _eval_alone(site: CallSite, run: Machine) -> Value:
    """``instance_eval`` of the present object: a text, or a block."""
    return _run_it(site, run) if block_of(site) is not None else _eval(site, run)


# classes


@dataclass(frozen=True, slots=True, eq=False)
class Class(Library):
    """A class or module of the library of which some functions are known."""

    functions: Mapping[str, Body] = field(default_factory=dict)
    made: Body | None = None

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A function of the class."""
        body = self.functions.get(name)
        return Function(f"{self.name}.{name}", body) if body is not None else Library.attribute(self, name, run, place)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """An object of it."""
        return Library.construct(self, site, run) if self.made is None else self.made(site, run)


class ObjectClass(Class):
    """``Object``: its constants are those of the program."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A constant of the program, or a function of the class."""
        found = run.heap.globals.variables.get(name) if name[:1].isupper() else None
        return found if found is not None else Class.attribute(self, name, run, place)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """A constant of the program is written."""
        if name[:1].isupper():
            run.heap.globals.variables[name] = value


@cache
def _classes() -> dict[str, Value]:
    yaml: dict[str, Body] = dict.fromkeys(("load", "safe_load", "parse"), _parse_yaml)
    yaml |= dict.fromkeys(("load_file", "safe_load_file", "unsafe_load_file"), _parse_yaml_file)
    return {
        "JSON": Class("JSON", BUILTINS.functions("JSON")),
        "YAML": Class("YAML", yaml),
        "Psych": Class("Psych", yaml),
        "Hash": Class("Hash", {"[]": lambda site, run: first_of(site)}, _new_hash),
        "Array": Class("Array", {}, _new_array),
        "Set": Class("Set", {"[]": lambda site, run: Sequence(list(site.positional))}, _new_set),
        "String": Class("String", {}, lambda site, run: first_of(site) if site.positional else Const("")),
        "OpenStruct": Class("OpenStruct", {}, lambda site, run: structs.open_struct(options_of(site))),
        "Struct": Class("Struct", {}, structs.new_struct),
        "Data": Class("Data", {"define": structs.new_struct}),
        "Bundler": Class("Bundler", {"require": program.bundler_require}),
        "Thread": Class("Thread", {}, _new_thread),
        "Kernel": Class("Kernel", {"const_get": _constant}),
        "Object": ObjectClass("Object", {"const_get": _constant}, _new_object),
        "BasicObject": Class("BasicObject", {}, _new_object),
        "Open3": Class("Open3", dict.fromkeys(("capture2", "capture2e", "capture3", "popen3", "pipeline"), _outputs)),
    }


_OBJECT: Final = ir.Class("Object", (), (), frozenset(), (1, 1))


def _new_object(site: CallSite, run: Machine) -> Value:
    """An object without a class of its own, which may be given methods."""
    frame = Frame(run.position.file, frozenset(), run.heap.globals, language=run.position.language.name)
    made = Instance(ClassValue(_OBJECT, frame, ()), born=run.position.conditional)
    implicit.keep(run, made)
    return made


def _parse_yaml(site: CallSite, run: Machine) -> Value:
    text = first_of(site)
    if isinstance(text, Const) and isinstance(text.value, str):
        return parse_yaml(text.value, site.place)
    return UnknownValue("data", site.place, inert=True)


def _parse_yaml_file(site: CallSite, run: Machine) -> Value:
    text = Files("File").attribute("read", run, site.place)
    return _parse_yaml(CallSite((run.call(text, site.positional[:1], site.place),), {}, site.place), run)


def _new_hash(site: CallSite, run: Machine) -> Value:
    """``Hash.new(default)``, ``Hash.new { |hash, key| … }``: what any key may have."""
    made = Object(born=run.position.conditional)
    if block_of(site) is not None:
        made.rest = run_block(run, site, made, UnknownValue("a key", inert=True))
    elif site.positional and not (isinstance(site.positional[0], Const) and site.positional[0].value is None):
        made.rest = site.positional[0]
    return made


def _new_array(site: CallSite, run: Machine) -> Value:
    if block_of(site) is not None:
        return Sequence([], run_block(run, site, UnknownValue("an index", inert=True)))
    if len(site.positional) == 1 and isinstance(site.positional[0], Sequence):
        return site.positional[0]
    return Sequence([], site.positional[1]) if len(site.positional) == 2 else Sequence()


def _new_set(site: CallSite, run: Machine) -> Value:
    known = items(first_of(site))
    return Sequence(known or [], None if known is not None or not site.positional else first_of(site))


def _new_thread(site: CallSite, run: Machine) -> Value:
    """A thread runs its block, and has what it gave as its value."""
    given = run_block(run, site, *site.positional)
    return Class("Thread object", {"value": lambda site, run: given})


def _constant(site: CallSite, run: Machine) -> Value:
    """``Object.const_get("Name")``."""
    name = first_of(site)
    if isinstance(name, Const) and isinstance(name.value, str):
        found: Value | None = None
        for part in name.value.removeprefix("::").split("::"):
            if found is None:
                found = run.heap.globals.variables.get(part)
                if found is None and program.load_declaring(run, part, run.position.file):
                    found = run.heap.globals.variables.get(part)
                if found is None:
                    found = run.qualified(part, site.place, is_import=False) or UnknownValue(part, site.place)
            else:
                found = run.attribute(found, part, site.place)
        return found or UnknownValue("a constant", site.place)
    classes = [one for one in run.heap.globals.variables.values() if type(one).__name__ == "ClassValue"]
    return join(*classes, UnknownValue("a constant", site.place)) if classes else UnknownValue("a constant", site.place)


def _outputs(site: CallSite, run: Machine) -> Value:
    output = BUILTINS.functions("kernel")["system"](site, run)
    return Sequence([output, output, output])
