"""Modules whose name is computed: ``require("./handlers/" + name)``, ``import_module(f"handlers.{name}")``.

Every module is loaded that the name may mean, in the folder that its known part names, and the value has the members of
all of them. Where no folder is known, or one holds too many modules, a part of the code was not seen.
"""

from __future__ import annotations

from collections.abc import Iterable

from scopedown.calls.bounds import LISTED
from scopedown.calls.interpreter.dispatch import HINT
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    ClassValue,
    Const,
    Frame,
    FunctionValue,
    Instance,
    ModuleValue,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    as_text,
    join,
    options,
)
from scopedown.core.coverage import Cause, Unseen
from scopedown.core.place import Place
from scopedown.core.text import EnvVar, Literal, Text
from scopedown.source.resolve.listing import Listing, Pieces

_TASK_ROOT = "/var/task"


def import_any(run: Machine, specifier: Value, place: Place, dynamic: bool = False) -> Value:
    """The value of an import whose specifier is any value; ``dynamic``: by ``import()``, which gives a namespace."""
    found: list[Value] = []
    for option in options(specifier):
        if isinstance(option, Const) and isinstance(option.value, str):
            value = run.import_module(option.value, place)
            found.append(namespace(value) if dynamic else value)
        elif not isinstance(option, Const):
            found += _computed(run, option, place, dynamic)
    return merged(found) if found else UnknownValue("a module whose name is computed", place)


def _computed(run: Machine, specifier: Value, place: Place, dynamic: bool) -> list[Value]:
    pieces = pieces_of(run, specifier)
    if len(pieces) == 1 and pieces[0] is not None:
        value = run.import_module(pieces[0], place)
        return [namespace(value) if dynamic else value]
    at, search = run.position, tuple(run.heap.search)
    listing = run.sources.listed(pieces, at.file, at.language.name, search) if pieces else None
    values = load_all(run, listing, pieces, place)
    return [namespace(one) for one in values] if dynamic else values


def import_path(run: Machine, path: Value, place: Place) -> Value:
    """The modules that the file at a path of the running function may be."""
    found: list[Value] = []
    for option in options(path):
        pieces = pieces_of(run, option)
        found += load_all(run, run.sources.listed_at(pieces, run.position.language.name), pieces, place)
    return merged(found)


def load_all(run: Machine, listing: Listing | None, pieces: Pieces, place: Place) -> list[Value]:
    """The modules of a listing; what it lacks is a part of the code that was not seen."""
    if listing is None or not listing.files or not listing.is_whole:
        name = "".join("…" if piece is None else piece for piece in pieces) or "…"
        if listing is None or not listing.files:
            what = f"scopedown cannot tell which module {name} loads"
        else:
            what = f"{name} may load more modules than the {len(listing.files)} that scopedown read"
        is_data = pieces and (pieces[-1] or "").endswith(".json")
        if not is_data and not run.sources.is_installed(run.position.file):
            run.found.unseen.setdefault((Cause.DISPATCH, place), Unseen(Cause.DISPATCH, what, place, remedy=HINT))
        if listing is None or not listing.files:
            return [UnknownValue("a module whose name is computed", place)]
    return [load_file(run, file) for file in listing.files]


def load_file(run: Machine, file: str) -> Value:
    """A module by its file; Python runs the packages above it first."""
    if run.position.language.packages_run_first and file not in run.heap.modules:
        above = run.sources.package_above(file)
        if above is not None and above.endswith("/__init__.py") and above not in run.heap.modules:
            load_file(run, above)
    return run.load(file)


def pieces_of(run: Machine, name: Value) -> Pieces:
    """The parts of a name; variables of the function's environment that are set to text are known."""
    text = as_text(name) if isinstance(name, TextValue | Const) or not isinstance(name, UnknownValue) else None
    return _pieces(run, text) if text is not None else (None,)


def _pieces(run: Machine, text: Text) -> Pieces:
    found: list[str | None] = []
    for part in text.parts:
        known: str | None = None
        if isinstance(part, Literal):
            known = part.value
        elif isinstance(part, EnvVar):
            known = _TASK_ROOT if part.name == "LAMBDA_TASK_ROOT" else run.environment.get(part.name)
        if known is not None and found and found[-1] is not None:
            found[-1] += known
        elif known is not None or not found or found[-1] is not None:
            found.append(known)
    return tuple(found)


def listed_names(run: Machine, package: ModuleValue) -> list[tuple[str, Value]]:
    """The modules that ``from package import *`` loads because ``__all__`` lists them; any of the package, where what
    it lists is computed."""
    every = package.frame.variables.get("__all__")
    if package.directory is None or not isinstance(every, Sequence | UnknownValue):
        return []
    held = every.held() if isinstance(every, Sequence) else [every]
    names = {value.value for value in held if isinstance(value, Const) and isinstance(value.value, str)}
    if any(not isinstance(value, Const) for value in held):
        names |= set(run.sources.submodules(package.directory))
    wanted = sorted(names - package.frame.variables.keys())
    if len(wanted) > LISTED.most:
        run.bound(LISTED, run.sources.place(package.file), package.directory)
        wanted = wanted[: LISTED.most]
    files = {name: run.sources.submodule(package.directory, name) for name in wanted}
    return [(name, run.load(file)) for name, file in files.items() if file is not None]


# values


def merged(values: Iterable[Value]) -> Value:
    """One value that has the members of all: of modules and of what they export as objects; other exports are
    alternatives."""
    objects: list[Object] = []
    modules: list[ModuleValue] = []
    others: list[Value] = []
    for value in values:
        for option in options(value):
            if isinstance(option, Object):
                objects.append(option)
            elif isinstance(option, ModuleValue):
                modules.append(option)
            elif not (isinstance(option, Const) and option.value is None):
                others.append(option)
    if len(objects) > 1:
        rests = [object_.rest for object_ in objects if object_.rest is not None]
        objects = [Object(_joined(object_.fields for object_ in objects), join(*rests) if rests else None)]
    if len(modules) > 1:
        frame = Frame(modules[0].file, frozenset(), None, language=modules[0].frame.language)
        frame.variables.update(_joined(module.frame.variables for module in modules))
        modules = [ModuleValue(modules[0].file, frame)]
    return join(*objects, *modules, *others)


def _joined(tables: Iterable[dict[str, Value]]) -> dict[str, Value]:
    found: dict[str, list[Value]] = {}
    for table in tables:
        for name, value in table.items():
            found.setdefault(name, []).append(value)
    return {name: join(*held) for name, held in found.items()}


def namespace(value: Value) -> Value:
    """What ``import()`` gives of a module: of CommonJS, its exports are ``default`` as well
    (https://nodejs.org/api/esm.html#commonjs-namespaces)."""
    return join(*(_namespace(option) for option in options(value)))


def _namespace(value: Value) -> Value:
    if isinstance(value, Object):
        if "default" in value.fields or value.rest is not None:
            return value
        return Object({**value.fields, "default": value})
    return Object({"default": value}) if isinstance(value, FunctionValue | ClassValue | Instance) else value
