"""The files of a PHP program: what ``require`` runs, and what Composer's autoloader loads when a name is asked
(https://getcomposer.org/doc/04-schema.md#autoload)."""

from __future__ import annotations

import posixpath
from typing import Final

from scopedown.calls.interpreter import missing_modules, modules
from scopedown.calls.interpreter.project_files import TASK_ROOT
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    Const,
    External,
    Frame,
    FunctionValue,
    UnknownValue,
    Value,
    as_text,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.php import files, function_names, laravel_names, native

_CONSTANT: Final = "<constant>"
RETURNED: Final = "<returned>"
"""The name under which a file keeps what it returns."""


def require(site: CallSite, run: Machine) -> Value:
    """``require "file.php"``: the file runs, and gives what it returns."""
    found: list[Value] = []
    for option in options(next(iter(site.all()), Const(None))):
        if not (isinstance(option, Const) and isinstance(option.value, str)):
            text = as_text(option)
            _missing(run, f"a file whose name is computed ({text})" if text else "a file", site.place)
            found.append(UnknownValue("what a file returns", site.place))
            continue
        found.append(_required(run, option.value, site.place))
    return join(*found) if found else Const(None)


def include(site: CallSite, run: Machine) -> Value:
    """``include "file.php"``: the program goes on where there is no such file."""
    run.position.conditional += 1
    try:
        return require(site, run)
    finally:
        run.position.conditional -= 1


def _missing(run: Machine, what: str, place: Place) -> None:
    missing_modules.unseen(run, ("require", place), f"the code runs {what}", place, "write the name of the file")


def _required(run: Machine, path: str, place: Place) -> Value:
    if path.endswith("vendor/autoload.php"):
        for one in files.autoloaded(run.sources.ground, run.position.file):
            if one not in run.heap.modules:
                run.load(one)
        return UnknownValue("the autoloader", place, inert=True)
    if "/vendor/" in path:
        return UnknownValue("a file of a package", place, inert=True)
    file = _file_at(run, path)
    if file is None and run.position.conditional:  # it may not be there, which the program looks for first
        return UnknownValue("what a file returns", place)
    if file is None:
        missing_modules.missed(run, path.removeprefix(TASK_ROOT + "/"), None, place)
        return UnknownValue("what a file returns", place)
    run.found.imported += 1
    run.load(file)
    module = run.heap.modules.get(file)
    returned = None if module is None else module.frame.variables.get(RETURNED)
    return Const(1) if returned is None else returned


def _file_at(run: Machine, path: str) -> str | None:
    """The file of the project that stands at a path of the running code, or beside the present file."""
    ground = run.sources.ground
    if path.startswith("/"):
        candidates = list(ground.running(path))
    else:
        here = posixpath.dirname(ground.path(run.position.file))
        candidates = [posixpath.normpath(posixpath.join(here, path)), *ground.running(path)]
    for candidate in candidates:
        if candidate.endswith(".php") and ground.disk.is_file(candidate) and (file := ground.name(candidate)):
            return file
    return None


def define(site: CallSite, run: Machine) -> Value:
    """``define("TABLE", getenv("TABLE"))``: a constant for all files."""
    given = site.all()
    for option in options(given[0]) if len(given) > 1 else ():
        if isinstance(option, Const) and isinstance(option.value, str):
            run.heap.names[_CONSTANT, option.value] = given[1]
    return Const(True)


def unbound(run: Machine, frame: Frame, name: str, place: Place, own: str) -> Value | None:
    """What a whole name means: of the project, of a model, of PHP, else of a package that is not read. ``own`` is the
    namespace of the file."""
    if name in ("$router", "$app") and "routes/" in frame.file:  # Lumen and Laravel load routes with both at hand
        kind = "Illuminate\\Support\\Facades\\Route"
        return run.qualified(kind, place, is_import=False)
    if name[:1] in ("$", "<"):
        return None
    key = (frame.file, name)
    if (known := run.heap.names.get(key)) is not None:
        return known
    for constant in (name, name.rpartition("\\")[2]):
        if (written := run.heap.names.get((_CONSTANT, constant))) is not None:
            return written
    found = run.qualified(name, place, is_import=False) or native.declared(run, name)
    if found is None and "\\" in name and function_names.is_own(name.rpartition("\\")[2]) is False:
        found = native.declared(run, name.rpartition("\\")[2])
        found = found if isinstance(found, FunctionValue) else None
    if found is None and "\\" not in name and (facade := laravel_names.of_alias(name)) and _is_laravel(run, frame.file):
        found = run.qualified(facade, place, is_import=False)
    if found is None and "\\" in name and not _is_of_project(run, name) and name.rpartition("\\")[0] != own:
        package = files.package_in_lock(run.sources.ground, run.position.file, name) or files.package_of(name) or name
        modules.leave_out(run, package, place)
        found = External(name, module=True)
    if found is not None:
        run.heap.names[key] = found
    return found


def _is_laravel(run: Machine, file: str) -> bool:
    unit = run.sources.unit(file)
    return unit is not None and any(one.endswith("bootstrap/app.php") for one in unit.files)


def _is_of_project(run: Machine, name: str) -> bool:
    prefixes = files.prefixes(run.sources.ground, run.position.file)
    return any(prefix and name.startswith(prefix) for prefix, _ in prefixes)
