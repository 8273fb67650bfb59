"""The files of a Ruby program: what ``require`` loads, and the files that hold a name that nothing has loaded.

Ruby finds a file on its load path, to which Lambda adds the folder of the function's code and ``/opt/ruby/lib``
(https://docs.aws.amazon.com/lambda/latest/dg/ruby-layers.html). What leads to no file of the project is Ruby's own or
a gem. Names of the program are those of every file that was loaded.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from scopedown.calls.bounds import LOADED
from scopedown.calls.interpreter import missing_modules, modules, names
from scopedown.calls.interpreter.project_files import TASK_ROOT, running_path
from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.sdks.emitting import squeezed
from scopedown.calls.values import CallSite, Const, External, Frame, TextValue, UnknownValue, Value, as_text, options
from scopedown.core.place import Place
from scopedown.languages.ruby import files, kernel_names
from scopedown.languages.ruby.native import NOTHING, Body, Library, first_of

_ON_PATH: Final = ("", "lib/", "app/", "src/", "ruby/lib/", "app/lib/")
"""Where files are looked for below the folders of the code and its layers."""


_MODELLED: Final = frozenset({"aws-record", "aws-sigv4", "rack", "sinatra", "sinatra-contrib"})
_NAMES_OF: Final[dict[str, Callable[[], Mapping[str, Body]]]] = {}
"""What loading a file of a gem gives to the whole program; the models of gems say it."""


def gives_names(path: str, names_: Callable[[], Mapping[str, Body]]) -> None:
    """Loading this file of a gem gives names to the whole program."""
    _NAMES_OF[path] = names_


class Program(Native):
    """The names of the whole program: what loading any file gives."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A constant or a method of the program."""
        found = run.heap.globals.variables.get(name)
        return found if found is not None else UnknownValue(f"{name} is not defined here", place)


def require(site: CallSite, run: Machine) -> Value:
    """``require "name"``: a file of the project, Ruby's own, or a gem."""
    for option in options(first_of(site)):
        if isinstance(option, Const) and isinstance(option.value, str):
            _require(run, option.value, site.place)
        else:
            _not_known(run, option, site.place)
    return Const(True)


def _require(run: Machine, name: str, place: Place) -> None:
    if name.startswith(("/", "./", "../")):
        _load_path(run, posixpath.normpath(posixpath.join(TASK_ROOT, name)), name, place)
        return
    file = _on_load_path(run, name)
    if file is not None:
        run.found.imported += 1
        run.load(file)
    elif not files.is_standard(name):
        _gem(run, files.gem_of(name, files.gems(run.sources.ground, run.position.file)), name, place)


def _gem(run: Machine, gem: str, path: str, place: Place) -> None:
    """A gem is loaded: one of which a model knows the calls, or one that is not read."""
    if gem.startswith("aws-sdk") or gem in _MODELLED:
        run.found.sdk_files.add(run.position.file)
    else:
        modules.leave_out(run, gem, place)
    for name, body in _NAMES_OF.get(path, dict)().items():
        run.heap.globals.variables.setdefault(name, Function(name, body))


def _not_known(run: Machine, name: Value, place: Place) -> None:
    text = as_text(name) if isinstance(name, TextValue) else None
    what = f"the code requires a file whose name is computed ({text})" if text else "the code requires unknown files"
    missing_modules.unseen(run, ("require", place), what, place, "write the name of the file")


def require_relative(site: CallSite, run: Machine) -> Value:
    """``require_relative "name"``: a file beside the present one."""
    folder = posixpath.dirname(run.position.file)
    for option in options(first_of(site)):
        if not (isinstance(option, Const) and isinstance(option.value, str)):
            _not_known(run, option, site.place)
        elif option.value.startswith("/"):
            _load_path(run, posixpath.normpath(option.value), option.value, site.place)
        else:
            wanted = posixpath.normpath(posixpath.join(folder, option.value))
            file = next(_existing(run, wanted), None)
            if file is not None:
                run.found.imported += 1
                run.load(file)
            else:
                missing_modules.missed(run, option.value, None, site.place)
    return Const(True)


def _existing(run: Machine, wanted: str) -> Iterator[str]:
    """The file of the project under a name with or without its ending."""
    ground = run.sources.ground
    for name in (wanted, f"{wanted}.rb"):
        path = ground.path(name)
        if name.endswith((".rb", ".ru")) and ground.disk.is_file(path) and ground.name(path) is not None:
            yield name


def _load_path(run: Machine, path: str, written: str, place: Place) -> None:
    """A file where Lambda has it."""
    unit = run.sources.unit(run.position.file)
    for file in unit.files if unit is not None else ():
        if running_path(run.sources, file) in (path, f"{path}.rb"):
            run.found.imported += 1
            run.load(file)
            return
    missing_modules.missed(run, written, None, place)


def _on_load_path(run: Machine, name: str) -> str | None:
    """The file of the project that a name on the load path leads to; the only one that ends so, where it is none."""
    unit = run.sources.unit(run.position.file)
    if unit is None or not re.fullmatch(r"[\w./-]+", name):
        return None
    wanted = name if name.endswith((".rb", ".ru")) else f"{name}.rb"
    ground = run.sources.ground
    for root in unit.roots:
        for below in _ON_PATH:
            path = posixpath.join(root, below + wanted)
            if ground.disk.is_file(path) and (file := ground.name(path)) is not None:
                return file
    if files.is_standard(name) or name in files.gems(ground, run.position.file):
        return None
    ends = [file for file in unit.files if file.endswith("/" + wanted)]
    return ends[0] if len(ends) == 1 else None


def load(site: CallSite, run: Machine) -> Value:
    """``load "file.rb"``."""
    return require(site, run)


def autoload(site: CallSite, run: Machine) -> Value:
    """``autoload :Name, "file"``: the file is loaded when the name is asked; here, at once."""
    if len(site.positional) == 2:
        return require(CallSite(site.positional[1:], {}, site.place), run)
    return NOTHING


def bundler_require(site: CallSite, run: Machine) -> Value:
    """``Bundler.require``: every gem of the Gemfile."""
    for gem in files.declared_gems(run.sources.ground, run.position.file):
        _gem(run, gem, gem, site.place)
    return NOTHING


# names that nothing has loaded


def unbound(run: Machine, frame: Frame, name: str, place: Place) -> Value | None:
    """What a name means in a file of the project that was not loaded: autoloaders load it when it is asked."""
    if not load_declaring(run, name, frame.file):
        return _of_gem(run, name, frame.file, place) if name[:1].isupper() else None
    scope: Frame | None = frame
    while scope is not None:
        if (value := scope.variables.get(name)) is not None:
            return value
        if (value := names.implicit(run, scope, name, place)) is not None:
            return value
        scope = scope.parent
    return run.heap.globals.variables.get(name)


def _of_gem(run: Machine, name: str, file: str, place: Place) -> Value | None:
    """A constant that a gem of the project is named after: what it gives is the gem's."""
    if kernel_names.is_core(name) or run.model(name) is not None:
        return None
    letters = squeezed(name)
    known = {*files.gems(run.sources.ground, file), *run.found.harmless, *run.found.left_out}
    fitting = sorted((gem for gem in known if squeezed(gem).startswith(letters)), key=len)
    if not fitting or len(letters) < 2:
        return None
    _gem(run, fitting[0], fitting[0], place)
    return Library(name) if fitting[0] in run.found.harmless else External(name, module=True)


def load_declaring(run: Machine, name: str, importer: str) -> bool:
    """Load the files that declare a name; whether there was one that was not loaded."""
    unit = run.sources.unit(importer)
    found = [file for file in unit.declared.get(name, ()) if file not in run.heap.modules] if unit is not None else []
    if not found:
        return False
    wanted = files.snake_case(name)
    named = [file for file in found if posixpath.basename(file) == f"{wanted}.rb"]
    near = sorted(named or found, key=lambda file: -len(posixpath.commonpath([_folder(file), _folder(importer)])))
    for file in near[: LOADED.most]:
        run.load(file)
    if len(near) > LOADED.most:
        run.bound(LOADED, what=name)
    return True


def _folder(file: str) -> str:
    return "./" + posixpath.dirname(file)
