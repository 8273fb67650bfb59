"""Packages where code runs: the files of one folder share a scope, and run together.

Each file has a scope of its own for its imports, below it is that of the package. What a file imports is run first,
whether this handler uses it or not, as Go does.
"""

from __future__ import annotations

import posixpath
import re

from scopedown.calls.machine import Activation, Machine, within
from scopedown.calls.values import Frame, ModuleValue
from scopedown.core.place import Place
from scopedown.languages.go.files import package_files
from scopedown.languages.go.lower import local_names
from scopedown.languages.go.order import ordered
from scopedown.source import ir

NAME = "go"


def begin(module: ModuleValue, run: Machine) -> None:
    """A file is about to run: its declarations are the package's."""
    package = _package(run, module.file)
    module.frame.names = frozenset()
    module.frame.parent = package.frame


def _package(run: Machine, file: str) -> ModuleValue:
    """The package of a file, under the name of its folder; another program of the folder is one by itself."""
    name = posixpath.dirname(file) + "/"
    known = run.heap.modules.get(name)
    if known is not None and not known.loading and file not in package_files(run.sources.ground, _first(run, name)):
        name = f"{file}/"
        known = run.heap.modules.get(name)
    if known is None:
        known = run.heap.modules[name] = ModuleValue(name, Frame(name, frozenset(), None, language=NAME), loading=True)
    return known


def _first(run: Machine, name: str) -> str:
    """The file of a package that ran first."""
    return next((file for file in run.heap.modules if posixpath.dirname(file) + "/" == name and file != name), name)


def package_of(module: ModuleValue) -> ModuleValue:
    """What importing a file's package gives."""
    frame = module.frame.parent
    return module if frame is None else ModuleValue(frame.file, frame)


def run_package(module: ModuleValue, body: ir.Block, run: Machine) -> None:
    """The first file of a package runs all of them."""
    frame = module.frame.parent
    package = run.heap.modules.get(frame.file) if frame is not None else None
    if frame is None or package is None or not package.loading or "<running>" in frame.names:
        return
    frame.names = frozenset({"<running>"})
    held: list[tuple[Frame, ir.Stmt]] = []
    for file in package_files(run.sources.ground, module.file):
        if file != module.file:
            run.load(file)
        loaded, lowered = run.heap.modules.get(file), run.sources.load(file)
        if loaded is not None and lowered is not None and loaded.frame.parent is frame:
            with within(run, loaded.frame):
                _bind_imports(run, loaded.frame, lowered)
            held += [(loaded.frame, statement) for statement in lowered.body]
    for scope, statement in ordered(held):
        with within(run, scope):
            run.execute(Activation(scope, False), (statement,))
    frame.names = frozenset()
    package.loading = False


def _bind_imports(run: Machine, frame: Frame, lowered: ir.Module) -> None:
    """The names of a file's imports."""
    text = ""
    for local, path in lowered.imports:
        text = text or _text(run, frame.file)
        value = run.qualified(path, _place(run, frame.file, text, path))
        if value is None or local == "_":
            continue
        guesses = local_names(path)
        if isinstance(value, ModuleValue) and local in guesses and (clause := _clause(run, path, frame.file)):
            local = clause
        frame.variables["*" if local == "." else local] = value


def _clause(run: Machine, path: str, importer: str) -> str:
    """What a package of the project calls itself."""
    named = run.sources.named(path, importer, "/")
    lowered = run.sources.load(named.file) if named is not None else None
    return lowered.package if lowered is not None else ""


def _text(run: Machine, file: str) -> str:
    return run.sources.ground.read(run.sources.path(file)) or " "


def _place(run: Machine, file: str, text: str, path: str) -> Place:
    """Where a file imports a package."""
    found = re.search(f'"{re.escape(path)}"', text)
    if found is None:
        return run.sources.place(file)
    line = text.count("\n", 0, found.start()) + 1
    return run.sources.place(file, line, found.start() - text.rfind("\n", 0, found.start()))
