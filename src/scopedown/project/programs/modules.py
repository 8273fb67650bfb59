"""Files that programs import: found as node and TypeScript find them, read once, and what they export.

A name that is imported is read when it is used, so files that import each other do no harm, and what nothing uses is
not read at all. Packages are not read.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import MapNode, clone
from scopedown.project.programs import imports, node, statements
from scopedown.project.programs.scope import Imported, Module, Scope
from scopedown.project.programs.values import External, Record, Value, unknown_of
from scopedown.source.javascript.values import UNDEFINED
from scopedown.source.languages.javascript_syntax import MAX_SOURCE, SUFFIXES, parse

if TYPE_CHECKING:
    from scopedown.project.programs.scope import Evaluator

MAX_MODULES: Final = 1000
_DATA: Final = (".json", ".yml", ".yaml")


def find(e: Evaluator, specifier: str, importer: Path) -> Path | None:
    """The local file that an import means; None where it means a package (or nothing)."""
    if "\0" in specifier or len(specifier) > 1000:
        return None
    exact = os.path.normpath(importer.parent / specifier)
    if specifier.startswith((".", "/")) and e.ground.disk.is_file(exact):
        return Path(exact)
    # What begins with a slash is a path of this machine here, of Lambda's in the code of functions.
    found = e.finder.at(exact) if specifier.startswith("/") else e.finder.resolve(specifier, str(importer))
    return Path(e.ground.path(found)) if found is not None else None


def load(e: Evaluator, path: Path, at: Place) -> Module:
    """A program, its statements read; raises ScopedownError where the file cannot be read."""
    if path in e.modules:
        return e.modules[path]
    name = e.files.name(path)
    if len(e.modules) >= MAX_MODULES:
        raise ScopedownError(f"the configuration imports more than {MAX_MODULES} files", at, "import fewer files")
    text = e.files.text(path)
    if text is None:
        raise ScopedownError(f"{name} does not exist", at, "create the file, or correct the import")
    if len(text) > MAX_SOURCE:
        raise ScopedownError(
            f"scopedown did not read {name}: it is larger than {MAX_SOURCE // 2**20} MB", at, "split the file"
        )
    e.charge(at, len(text) // 50)
    source = parse(text, path, name)
    module = Module(source)
    e.modules[path] = module
    scope = Scope(module, is_function=True)
    exports = Record(None, source.place(source.root))
    module.own.put("exports", exports, exports.place, exports.place)
    scope.names.update(module=module.own, exports=exports)
    e.charge(exports.place, source.root.descendant_count // 20)
    body = source.root.named_children
    for statement in body:  # imports come first, wherever they stand
        if statement.type == "import_statement":
            imports.import_statement(e, statement, scope)
    statements.hoist(e, body, scope)
    for statement in body:
        if statement.type != "import_statement":
            statements.statement(e, statement, scope)
    return module


# What a file gives


def imported(e: Evaluator, wanted: Imported, at: Place) -> Value:
    """What an imported name stands for."""
    path = find(e, wanted.specifier, wanted.module.source.path)
    if path is None:
        return _package(e, wanted.specifier, wanted.name, at)
    try:
        if path.suffix in _DATA:
            value = _data(e, path)
            if wanted.name in ("default", "*"):
                return value
            return value.get(wanted.name, UNDEFINED) if isinstance(value, MapNode) else UNDEFINED
        if path.suffix not in SUFFIXES:
            return Text.unknown(f"{e.files.name(path)} is not JavaScript or TypeScript", at)
        module = load(e, path, at)
        if wanted.name == "*":
            return namespace(e, module)
        return exported(e, module, wanted.name, at, frozenset())
    except ScopedownError as error:
        return _refused(e, error, at)


def _refused(e: Evaluator, error: ScopedownError, at: Place) -> Text:
    if e.is_over:
        raise error
    return Text.unknown(error.message, error.place or at)


def exported(e: Evaluator, module: Module, name: str, at: Place, seen: frozenset[int]) -> Value:
    """One export of a program (``default`` too)."""
    known = module.exports.get(name)
    if isinstance(known, Imported):
        return imported(e, known, at)
    if known is not None:
        scope, local = known
        value = scope.names.get(local)
        if isinstance(value, Imported):
            return imported(e, value, at)
        if local in scope.names:
            return value
        return Text.unknown(f"{name} of {module.source.file} has no value yet, because the files import each other", at)
    if name != "default":
        for star in module.stars:
            path = find(e, star, module.source.path)
            if path is not None and path.suffix in SUFFIXES and len(seen) < 50 and id(module) not in seen:
                value = exported(e, load(e, path, at), name, at, seen | {id(module)})
                if value is not UNDEFINED:
                    return value
    assigned = module.own.get("exports", UNDEFINED)
    if isinstance(assigned, MapNode) and (name != "default" or "default" in assigned):
        return assigned.get(name, UNDEFINED) if name in assigned else _missing(assigned)
    if name == "default" and not module.exports:
        return assigned
    return unknown_of(assigned) or UNDEFINED


def _missing(holder: MapNode) -> Value:
    return Text((holder.rest,)) if isinstance(holder, Record) and holder.rest is not None else UNDEFINED


def namespace(e: Evaluator, module: Module, seen: frozenset[int] = frozenset()) -> Value:
    """All exports of a program as one object, or what it gives to ``module.exports``."""
    assigned = module.own.get("exports", UNDEFINED)
    if not module.exports and not module.stars:
        return assigned
    at = module.source.place(module.source.root)
    made = Record(assigned if isinstance(assigned, MapNode) else None, at)
    for star in module.stars:
        path = find(e, star, module.source.path)
        if path is None or path.suffix not in SUFFIXES or id(module) in seen or len(seen) >= 50:
            made.rest = made.rest or Text.unknown(f"scopedown cannot tell what {star} exports", at).unknowns[0]
            continue
        inner = namespace(e, load(e, path, at), seen | {id(module)})
        for key, value in inner.items() if isinstance(inner, MapNode) else ():
            if key != "default":
                made.put(key, value, at, at)
    for name in module.exports:
        made.put(name, exported(e, module, name, at, seen), at, at)
    return made


def required(e: Evaluator, arguments: list[Value], module: Module, at: Place, *, dynamic: bool = False) -> Value:
    """``require('./x')`` (``dynamic``: ``await import('./x')``)."""
    specifier = arguments[0] if arguments else UNDEFINED
    if not isinstance(specifier, str):
        return unknown_of(specifier) or Text.unknown("the name of the imported module is unknown", at)
    path = find(e, specifier, module.source.path)
    if path is None:
        return _package(e, specifier, "*", at)
    try:
        if path.suffix in _DATA:
            return _data(e, path)
        if path.suffix not in SUFFIXES:
            return Text.unknown(f"{e.files.name(path)} is not JavaScript or TypeScript", at)
        loaded = load(e, path, at)
        value = namespace(e, loaded)
        if dynamic and not loaded.exports and isinstance(value, MapNode) and "default" not in value:
            given = Record(value, at)
            given.put("default", value, at, at)
            return given
        return value
    except ScopedownError as error:
        return _refused(e, error, at)


def _data(e: Evaluator, path: Path) -> Value:
    document = e.files.document(path)
    return UNDEFINED if document is None else clone(document.tree)


def _package(e: Evaluator, specifier: str, name: str, at: Place) -> Value:
    found = node.module(e, specifier)
    if found is not None:
        return found if name in ("*", "default") else found.get(name, UNDEFINED)
    if specifier.startswith((".", "/")):
        return Text.unknown(f"the file {specifier} does not exist", at)
    return External(specifier if name in ("*", "default") else f"{specifier}.{name}", at)
