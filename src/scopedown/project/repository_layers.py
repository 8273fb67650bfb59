"""Layers that a project names by their ARN and that another project of the same repository makes.

In: a project with functions whose layers are given by an ARN or by another stack's export. Out: the same project, in
which such a layer is the folder that it is made of, where exactly one layer that the repository declares has that name
or export. Names are compared with their unknown parts (``core-${stage}``) as wildcards. The version in the ARN says
nothing about the code here, so a note says what was read.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import Finding, ScopedownError, Severity
from scopedown.core.project_names import SERVERLESS_NAMES
from scopedown.core.text import ImportValue, Literal, Text
from scopedown.documents.document import Document, Files
from scopedown.documents.nodes import as_map
from scopedown.project.code.handler_files import Sources
from scopedown.project.code.installed import holds_only_packages
from scopedown.project.code.locate import ARCHIVES
from scopedown.project.model import ForeignLayer, Function, Project
from scopedown.source.repository_tree import Tree, tree_of

MAX_LOOKED_INTO: Final = 1_000
"""Files of one repository that are looked into; where it has more, no layer is taken."""
MAX_READ: Final = 100
"""Of these, files that speak of layers and are read whole."""
_MAX_BYTES: Final = 1_000_000
_LAYER_TYPES: Final = {"AWS::Serverless::LayerVersion": "ContentUri", "AWS::Lambda::LayerVersion": "Content"}
_WILD: Final = "\0"
_VARIABLE: Final = re.compile(r"\$\{(?:[^{}]|\{[^{}]*\})*\}")
_LEAST: Final = 3
"""Known characters that a name must have to be compared."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A layer that the repository makes: its ``name`` (unknown parts as wildcards), the names under which its ARN is
    ``exported``, the absolute ``folder`` of its content (None where it is not known) and the ``file`` that says so."""

    name: str
    exported: tuple[str, ...]
    folder: str | None
    file: str


def with_own_layers(project: Project) -> Project:
    """The project with the folders of those layers that the repository makes elsewhere."""
    if not any(_wanted(layer) for function in project.functions for layer in function.foreign_layers):
        return project
    sources = Sources(Path(project.root))
    made = _made_in(sources.boundary)
    if not made:
        return project
    findings: dict[Finding, None] = {}
    functions = tuple(_with_own(function, made, sources, findings) for function in project.functions)
    return replace(project, functions=functions, findings=tuple(dict.fromkeys((*project.findings, *findings))))


def _with_own(function: Function, made: tuple[_Made, ...], sources: Sources, findings: dict[Finding, None]) -> Function:
    folders: list[str] = []
    foreign: list[ForeignLayer] = []
    for layer in function.foreign_layers:
        one = _the_one(layer, made)
        folder = sources.relative(one.folder) if one is not None and one.folder is not None else None
        is_here = folder is not None and sources.is_folder(folder)
        if one is None or folder is None or not (is_here or holds_only_packages(sources, folder)):
            foreign.append(layer)
            continue
        folders += [folder] if is_here else []
        what = f"scopedown read {folder} as the code of the layer {layer.arn}, which {sources.relative(one.file)} makes"
        remedy = "ignore this if that version was made of this code"
        findings[Finding("layer-elsewhere", what, layer.place, remedy, Severity.NOTE)] = None
    layers = tuple(dict.fromkeys((*function.layers, *folders)))
    return replace(function, layers=layers, foreign_layers=tuple(foreign))


def _wanted(layer: ForeignLayer) -> tuple[str, bool] | None:
    """The name of a layer in its ARN, or (True) the name of the export that gives the ARN; None where neither is
    known."""
    parts = layer.arn.parts
    if len(parts) == 1 and isinstance(parts[0], ImportValue):
        name, is_export = _pattern(parts[0].name), True
    else:
        pieces = _pattern(layer.arn).partition(":layer:")[2].split(":")
        name, is_export = pieces[0], False
    return (name, is_export) if len(name.replace(_WILD, "")) >= _LEAST else None


def _the_one(layer: ForeignLayer, made: tuple[_Made, ...]) -> _Made | None:
    wanted = _wanted(layer)
    if wanted is None:
        return None
    name, is_export = wanted
    fitting: dict[str | None, _Made] = {}
    for is_exact in (True, False):
        for one in made:
            names = one.exported if is_export else (one.name,)
            if any(name == own if is_exact else _fits(name, own) for own in names):
                fitting.setdefault(one.folder, one)
        if fitting:
            break
    return next(iter(fitting.values())) if len(fitting) == 1 else None


def _fits(one: str, other: str) -> bool:
    """Whether a whole name is one that a name with unknown parts may become; two of these are never compared."""
    if (_WILD in one) == (_WILD in other):
        return False
    known, wild = (other, one) if _WILD in one else (one, other)
    if len(wild.replace(_WILD, "")) < _LEAST:
        return False
    return re.fullmatch(".+".join(re.escape(piece) for piece in wild.split(_WILD)), known) is not None


def _pattern(text: Text | str) -> str:
    """A text with one mark for each run of unknown characters."""
    parts = (Literal(text),) if isinstance(text, str) else text.parts
    joined = "".join(_VARIABLE.sub(_WILD, part.value) if isinstance(part, Literal) else _WILD for part in parts)
    return re.sub(f"{_WILD}+", _WILD, joined)


# what the repository makes


def _made_in(top: str) -> tuple[_Made, ...]:
    """All layers that the project files below a folder declare; none where there are too many files to know."""
    tree = tree_of(top)
    files = list(_candidates(tree))
    if not tree.is_whole or len(files) > MAX_LOOKED_INTO:
        return ()
    found: list[_Made] = []
    read = 0
    for below in files:
        path = f"{top}/{below}"
        try:
            status = os.lstat(path)
        except OSError:
            continue
        if status.st_size > _MAX_BYTES or not _speaks_of_layers(path, status.st_mtime_ns, status.st_size):
            continue
        read += 1
        if read > MAX_READ:
            return ()
        found += _made_by(path, status.st_mtime_ns, status.st_size)
    return tuple(found)


def _candidates(tree: Tree) -> Iterator[str]:
    """The files that may be project files."""
    yield from tree.documents
    for name, paths in tree.by_name.items():
        if name.endswith(".json") and ("template" in name or name == "serverless.json"):
            yield from paths


@lru_cache(maxsize=4096)
def _speaks_of_layers(path: str, changed: int, size: int) -> bool:
    try:
        data = Path(path).read_bytes()[:_MAX_BYTES]
    except OSError:
        return False
    return b"LayerVersion" in data or (posixpath.basename(path) in SERVERLESS_NAMES and b"layers" in data)


@lru_cache(maxsize=512)
def _made_by(path: str, changed: int, size: int) -> tuple[_Made, ...]:
    """The layers that one file declares; those of one that cannot be read are not known."""
    is_named = posixpath.basename(path) in SERVERLESS_NAMES
    try:
        document = Files(Path(path).parent).document(Path(path), template=not is_named)
    except (ScopedownError, RecursionError):
        return ()
    return tuple(_declared(document, is_named)) if document is not None else ()


def _declared(document: Document, is_serverless: bool) -> Iterator[_Made]:
    tree = as_map(document.tree)
    template = as_map(tree.get("resources")) if is_serverless else tree
    exports = _exports(as_map(template.get("Outputs")))
    file = document.path.as_posix()
    for id, resource in as_map(template.get("Resources")).items():
        kind, properties = as_map(resource).get("Type"), as_map(as_map(resource).get("Properties"))
        if isinstance(kind, str) and kind in _LAYER_TYPES:
            name = properties.get("LayerName")
            default = "." if kind.startswith("AWS::Serverless") else None
            content = properties.get(_LAYER_TYPES[kind], default)
            method = as_map(as_map(resource).get("Metadata")).get("BuildMethod")
            folder = None if method == "makefile" else _folder(file, content)
            yield _Made(_name(name) if name is not None else str(id), exports.get(str(id), ()), folder, file)
    if is_serverless:
        for key, layer in as_map(tree.get("layers")).items():
            from scopedown.project.serverless.layers import layer_id

            own = as_map(layer)
            name = own.get("name") or str(key)
            yield _Made(_name(name), exports.get(layer_id(str(key)), ()), _folder(file, own.get("path")), file)


def _folder(file: str, written: Any) -> str | None:
    """The absolute folder that a layer's content is said to be in."""
    if not isinstance(written, str) or not written or "${" in written or "://" in written or "\0" in written:
        return None
    plain = written.replace("\\", "/")
    if plain.startswith("/") or plain.lower().endswith(ARCHIVES):
        return None
    return os.path.normpath(f"{posixpath.dirname(file)}/{plain}")


def _exports(outputs: Mapping[Any, Any]) -> dict[str, tuple[str, ...]]:
    """The names of exports by the logical id that their value refers to."""
    found: dict[str, tuple[str, ...]] = {}
    for output in outputs.values():
        id, name = as_map(as_map(output).get("Value")).get("Ref"), as_map(as_map(output).get("Export")).get("Name")
        if isinstance(id, str) and name is not None:
            found[id] = (*found.get(id, ()), _name(name))
    return found


def _name(written: Any) -> str:
    """A name as it is written, with marks for what is not known of it."""
    if isinstance(written, str):
        return _pattern(written)
    if isinstance(written, Mapping) and len(written) == 1:
        ((function, argument),) = written.items()
        if function == "Fn::Sub":
            argument = argument[0] if isinstance(argument, list) and argument else argument
            return _pattern(argument) if isinstance(argument, str) else _WILD
        if function == "Fn::Join" and isinstance(argument, list) and len(argument) == 2:
            between, items = argument
            if isinstance(between, str) and isinstance(items, list):
                return re.sub(f"{_WILD}+", _WILD, between.join(_name(item) for item in items[:100]))
    return _WILD
