"""The configurations of bundlers, read statically: what they make which file of.

In: a folder. Out: an :class:`Entry` for each file that webpack, esbuild, Rollup, Vite, tsup or their like are given
there as ``entry``, ``entryPoints`` or ``input``, with the file made of it where ``output`` or ``outfile`` names one
(https://webpack.js.org/configuration/output/, https://esbuild.github.io/api/#outfile,
https://rollupjs.org/configuration-options/#output-file). A configuration is known by the beginning of its name, in the
folder itself or in ``config/``, ``scripts/`` or ``build/``, or by a script of package.json that names it.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scopedown.project.code.handler_files import Sources

if TYPE_CHECKING:
    from tree_sitter import Node

CODE: Final = (".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx")
_NAMES: Final = re.compile(
    r"^(?:(?:webpack|rollup|esbuild|vite|tsup|rspack|rolldown|tsdown)\b[\w.-]*|build)\.(?:js|ts|mjs|cjs|mts|cts)$"
)
_FOLDERS: Final = ("", "config", "scripts", "build")
_ENTRY_KEYS: Final = ("entry", "entryPoints", "entrypoints", "input", "entries")
_NAMED_BY: Final = re.compile(r"(?:--config|-c)[= ]+([\w./-]+\.(?:js|ts|mjs|cjs|mts|cts))(?!\S)")
_MOST: Final = 20
"""Configurations of one folder that are read."""
_MOST_ENTRIES: Final = 2_000
_LARGEST: Final = 200_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that something is built of (a pattern perhaps), relative to the project; ``name``: what it is called."""

    path: str
    name: str | None = None


def stem(path: str) -> str:
    """A path without the ending of code."""
    start, ending = posixpath.splitext(path)
    return start if ending in CODE else path


def inside(folder: str, written: str) -> str:
    """A path as a configuration of ``folder`` writes it, relative to the project."""
    return posixpath.normpath(posixpath.join(folder, written.replace("\\", "/").lstrip("/")))


def manifest(sources: Sources, folder: str) -> Mapping[str, Any]:
    """What a folder's package.json holds; nothing where there is none, or a broken one."""
    try:
        data = json.loads(sources.text(posixpath.join(folder, "package.json")) or "{}")
    except (ValueError, RecursionError):
        data = None
    return data if isinstance(data, dict) else {}


def entries_of_configs(sources: Sources, folder: str) -> Iterator[Entry]:
    """What the configurations of a folder say."""
    yield from sources.once(
        ("bundlers", folder), lambda: list(dict.fromkeys(_entries(sources, folder)))[:_MOST_ENTRIES]
    )


def _entries(sources: Sources, folder: str) -> Iterator[Entry]:
    for path in list(dict.fromkeys(_configs(sources, folder)))[:_MOST]:
        text = sources.text(path)
        if text is None or len(text) > _LARGEST or not any(key in text for key in _ENTRY_KEYS):
            continue
        from scopedown.source.languages.javascript_syntax import parse

        source = parse(text, Path(path), path)
        where = _Where(folder, posixpath.dirname(path), source.of)
        for pair in _pairs(source.root):
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            if key is None or value is None or source.of(key).strip("\"'") not in _ENTRY_KEYS:
                continue
            made = where.output(pair.parent)
            try:
                found = list(where.entries(value, None))
            except RecursionError:  # nobody writes such a configuration
                continue
            plain = [one for one in found if one.name is None]
            for entry in found:
                if made is not None and plain and entry is plain[-1]:  # of a list, webpack exports what the last does
                    yield Entry(entry.path, made)
                else:
                    yield entry


def _configs(sources: Sources, folder: str) -> Iterator[str]:
    scripts = manifest(sources, folder).get("scripts")
    for script in list(scripts.values())[:200] if isinstance(scripts, dict) else ():
        for written in _NAMED_BY.findall(script[:5_000]) if isinstance(script, str) else ():
            yield inside(folder, written)
    for below in _FOLDERS:
        inner = posixpath.join(folder, below) if below else folder
        for name in sources.entries(inner or "."):
            if _NAMES.match(name):
                yield posixpath.join(inner, name)


def _pairs(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "pair":
            yield node
        waiting += node.named_children


@dataclass(frozen=True, slots=True)
class _Where:
    """A configuration: ``folder`` is where its tool runs, ``own`` where it stands, ``of`` gives a node's text."""

    folder: str
    own: str
    of: Any

    def entries(self, value: Node, name: str | None) -> Iterator[Entry]:
        """The entries in a value: a string, a list, an object by names, a path that is put together."""
        match value.type:
            case "string" | "template_string":
                written = self.of(value)[1:-1]
                if written.endswith(CODE) or written.startswith("."):
                    yield Entry(inside(self.folder, written), name)
            case "array":
                for one in value.named_children:
                    yield from self.entries(one, name)
            case "object":
                inner = self._members(value)
                if "in" in inner and "out" in inner:  # esbuild's {in: 'a.ts', out: 'b'}
                    yield from self.entries(inner["in"], self.of(inner["out"]).strip("\"'`"))
                    return
                for word, one in inner.items():
                    yield from self.entries(one, name if word in ("import", "filename") else word)
            case "call_expression":  # path.resolve(__dirname, 'src', 'index.ts'), glob.sync('src/*.ts')
                joined = self._joined(value)
                if joined is not None and joined.endswith(CODE):
                    yield Entry(joined, name)
            case "await_expression" | "spread_element" | "parenthesized_expression" | "as_expression":
                for one in value.named_children:
                    yield from self.entries(one, name)
            case _:
                return

    def output(self, holder: Node | None) -> str | None:
        """The one file (without its ending) that the object of an entry says is made; None where names decide."""
        if holder is None or holder.type != "object":
            return None
        members = self._members(holder)
        if (file := members.get("outfile")) is not None:
            return self._file(self._path(file))
        output = members.get("output")
        if output is None or output.type != "object":
            return None
        inner = self._members(output)
        if (file := inner.get("file")) is not None:
            return self._file(self._path(file))
        name, folder = inner.get("filename"), inner.get("path")
        if name is None or name.type != "string" or (written := self._file(self.of(name)[1:-1])) is None:
            return None
        below = self._path(folder) if folder is not None else None
        return inside(below, written) if below is not None else written

    @staticmethod
    def _file(path: str | None) -> str | None:
        return stem(path) if path is not None and path.endswith(CODE) and "[" not in path and "$" not in path else None

    def _path(self, value: Node) -> str | None:
        if value.type == "string":
            return inside(self.folder, self.of(value)[1:-1])
        return self._joined(value) if value.type == "call_expression" else None

    def _joined(self, call: Node) -> str | None:
        """``path.resolve(__dirname, 'dist')``: from the configuration's own folder, else from where its tool runs."""
        arguments = call.child_by_field_name("arguments")
        if arguments is None:
            return None
        texts = [self.of(child)[1:-1].lstrip("/") for child in arguments.named_children if child.type == "string"]
        is_own = any(self.of(child) == "__dirname" for child in arguments.named_children)
        return inside(self.own if is_own else self.folder, posixpath.join(*texts)) if texts else None

    def _members(self, value: Node) -> Mapping[str, Node]:
        found: dict[str, Node] = {}
        for pair in value.named_children:
            key, held = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            if key is not None and held is not None:
                found[self.of(key).strip("\"'")] = held
        return found
