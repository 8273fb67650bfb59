"""From what ``cdk synth`` staged back to the source that it was made of.

A staged folder is a copy: the folder of the project that holds the handler's file with the same bytes at the same path
is its source. A bundle (esbuild) says itself what it was made of: in its source map, or in the comments that head its
modules, the entry being the last; a minified one without a map is found by the name that ``NodejsFunction`` looks for
(``stack.function-id.ts``), or by its strings, where one file alone exports the handler and has all of its strings in
the bundle. The app's own folder is searched first, then the repository around it (``packages/iac`` beside
``packages/server``). What is not found is analysed as it was staged.
Source of the naming: aws-cdk-lib 2, ``aws-lambda-nodejs``, the property ``entry``; of the comments: esbuild's output.
"""

from __future__ import annotations

import json
import os
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from scopedown.project.code.handlers import Sources, find
from scopedown.source.repository import boundary_of
from scopedown.source.repository_tree import CDK_OUTPUT, SKIPPED_FOLDERS

_MAX_FILES: Final = 20_000
_MAX_BYTES: Final = 8 * 1024 * 1024
_COMPARED: Final = 100
_CODE: Final = (".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx", ".py")
_NODE: Final = (".ts", ".js", ".mts", ".mjs", ".cts", ".cjs", ".tsx")
_STRING: Final = re.compile(r"""["']([^"'`\\\n]{4,200})["']""")
_COMPARED_FILES: Final = 500
_COMPARED_STRINGS: Final = 40
"""Bounds of what is compared: looking for every string of every file in a bundle of megabytes would take minutes."""
_COMMENT: Final = re.compile(r"^// ([^\s:*?\"<>|]{1,300}\.[cm]?[jt]sx?)$", re.MULTILINE)
_MAP: Final = re.compile(r"^//# sourceMappingURL=(\S{1,300})\s*\Z", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    """Where code comes from: the folder that was staged, or the entry that was bundled; both relative to the root.

    ``is_staged``: neither was found, and what was staged stands for its source.
    """

    folder: str
    entry: str | None = None
    is_staged: bool = False


def _seen_from(folder: str, path: str) -> str:
    """A path of the repository, relative to a folder of it (``../server/src/a.ts``)."""
    return posixpath.relpath(path, folder) if folder else path


@dataclass(slots=True)
class Originals:
    """The project's own files, outside of what tools write, asked for the sources of assets."""

    root: Path
    output: str
    """The assembly's folder, relative to the root."""
    sources: Sources
    _by_name: dict[str, list[str]] | None = None
    _around: Originals | None = None
    """The same for the whole repository, where the app is a part of one; made when it is asked for."""
    _found: dict[tuple[str, str, str], Source] = field(default_factory=dict)

    def source_of(self, staged: str, handler: str, runtime: str | None, construct: str) -> Source:
        """The source of a staged folder; ``construct`` is the function's path in the app."""
        key = (staged, handler, construct)
        if key not in self._found:
            self._found[key] = self._search(staged, handler, runtime, construct)
        return self._found[key]

    def _search(self, staged: str, handler: str, runtime: str | None, construct: str) -> Source:
        file = find(self.sources, handler, runtime, staged, anywhere=False).file
        if file is None or not file.startswith(staged + "/"):
            return Source(staged)
        inner = file[len(staged) + 1 :]
        symbol = posixpath.basename(handler).partition(".")[2]
        for searched, above in self._searched():
            copied = searched._copied(posixpath.join(above, staged), inner)
            if copied is not None:
                return Source(_seen_from(above, copied))
            bundle = posixpath.join(above, file)
            entry = None if inner.endswith(".py") else searched._entry(bundle, symbol, construct)
            if entry is not None:
                return Source(staged, _seen_from(above, entry))
        return Source(staged, is_staged=True)

    def folder_of(self, staged: str) -> str:
        """The folder that a staged one (a layer's) is a copy of; itself where there is none in the repository."""
        code = next((inner for inner in self._inside(staged) if inner.endswith(_CODE)), None)
        for searched, above in self._searched() if code is not None else ():
            copied = searched._copied(posixpath.join(above, staged), code or "")
            if copied is not None:
                return _seen_from(above, copied)
        return staged

    def _searched(self) -> Iterator[tuple[Originals, str]]:
        """Where sources are looked for: the app's folder, then the repository, each with the app's path in it."""
        yield self, ""
        own = Path(os.path.realpath(self.root))
        top = self._around.root if self._around is not None else boundary_of(own)
        if top == own or not own.is_relative_to(top):
            return
        above = own.relative_to(top).as_posix()
        if self._around is None:
            self._around = Originals(top, posixpath.join(above, self.output), Sources(top))
        yield self._around, above

    def _copied(self, staged: str, inner: str) -> str | None:
        """The folder that the staged one is a copy of: of several, the one that shares most of its files."""
        content = self._bytes(f"{staged}/{inner}")
        if not content:
            return None
        folders = [
            path[: -len(inner)].rstrip("/")
            for path in self._named(posixpath.basename(inner))
            if (path == inner or path.endswith(f"/{inner}")) and self._bytes(path) == content
        ]
        if len(folders) < 2 or len(folders) > _COMPARED:
            return folders[0] if folders else None
        others = list(self._inside(staged))[:_COMPARED]
        return max(folders, key=lambda folder: sum(self._same(staged, folder, other) for other in others))

    def _same(self, staged: str, folder: str, inner: str) -> bool:
        mine = self._bytes(posixpath.join(folder, inner))
        return mine is not None and mine == self._bytes(f"{staged}/{inner}")

    def _inside(self, staged: str) -> Iterator[str]:
        top = self.root / staged
        for folder, folders, names in os.walk(top, followlinks=False):
            folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
            for name in sorted(names):
                yield Path(os.path.relpath(Path(folder) / name, top)).as_posix()

    # Bundles

    def _entry(self, file: str, symbol: str, construct: str) -> str | None:
        """The source file that a bundle's handler is exported by."""
        text = (self._bytes(file) or b"").decode("utf-8", "replace")
        # In a bundle the entry's module comes last; in its map the entry's exports come first.
        for written in (self._mapped(file, text), _COMMENT.findall(text)[::-1]):
            own = [path for path in written if "node_modules/" not in path]
            files = [self._project_file(path) for path in own]
            if files and files[0] is not None:  # else the entry is not here, whatever of what it imports is
                return next((one for one in files if one is not None and self._exports(one, symbol)), files[0])
        id = construct.removesuffix("/Resource").rpartition("/")[2]
        named = [path for suffix in _NODE if id for path in self._ending(f".{id}{suffix}")]
        if len(named) == 1:
            return named[0]
        return self._by_strings(text, symbol)

    def _exports(self, file: str, symbol: str) -> bool:
        text = (self._bytes(file) or b"").decode("utf-8", "replace")
        name = re.escape(symbol)
        return re.search(rf"^export\b[^\n]*\b{name}\b|\bexports\.{name}\b", text, re.MULTILINE) is not None

    def _by_strings(self, bundle: str, symbol: str) -> str | None:
        """The one file that exports the handler and whose strings are all in the bundle, more of them than others'."""
        scores: dict[str, int] = {}
        exporting = [path for path in self._ending("", _NODE)[:_COMPARED_FILES] if self._exports(path, symbol)]
        for path in exporting[:_COMPARED]:
            text = (self._bytes(path) or b"")[:200_000].decode("utf-8", "replace")
            strings = {one for one in _STRING.findall(text) if not one.startswith(".")}
            longest = sorted(strings, key=len, reverse=True)[:_COMPARED_STRINGS]
            if len(strings) > 1 and all(one in bundle for one in longest):
                scores[path] = len(strings)
        most = max(scores.values(), default=0)
        best = [path for path, score in scores.items() if score == most]
        return best[0] if len(best) == 1 else None

    def _mapped(self, file: str, text: str) -> list[str]:
        """The sources of a bundle's source map, as paths relative to the root (or to whatever it was bundled in)."""
        match = _MAP.search(text)
        if match is None or match[1].startswith("data:"):
            return []
        content = self._bytes(posixpath.normpath(posixpath.join(posixpath.dirname(file), match[1])))
        try:
            sources = json.loads(content or b"{}").get("sources")
        except (ValueError, RecursionError, AttributeError):
            return []
        folder = posixpath.dirname(file)
        return [
            posixpath.normpath(posixpath.join(folder, source))
            for source in (sources if isinstance(sources, list) else [])
            if isinstance(source, str)
        ]

    def _project_file(self, path: str) -> str | None:
        """A file that a bundle names: relative to the root, or to a folder inside or around it. Of one around it the
        whole path must be the file's: ``packages/server/src/index.ts`` is not the ``src/index.ts`` of packages/iac."""
        parts = [part for part in path.split("/") if part not in ("", ".", "..")]
        if parts[:1] == ["asset-input"]:
            parts = parts[1:]
        inner = "/".join(parts)
        files = [one for one in self._named(parts[-1] if parts else "") if one == inner or one.endswith(f"/{inner}")]
        if inner in files:
            return inner
        if len(files) == 1:
            return files[0]
        root = Path(os.path.realpath(self.root)).as_posix()
        around = (one for one in self._named(parts[-1] if parts else "") if inner.endswith(f"/{one}"))
        return next((one for one in around if not files and f"{root}/{one}".endswith(f"/{inner}")), None)

    # The project's files

    def _named(self, name: str) -> list[str]:
        if self._by_name is None:
            self._by_name = {}
            count = 0
            for folder, folders, names in os.walk(self.root, followlinks=False):
                here = Path(os.path.relpath(folder, self.root)).as_posix()
                here = "" if here == "." else here
                folders[:] = sorted(
                    one
                    for one in folders
                    if one not in SKIPPED_FOLDERS and posixpath.join(here, one) != self.output and one != CDK_OUTPUT
                )
                for one in sorted(names):
                    if one.endswith(_CODE):
                        self._by_name.setdefault(one, []).append(posixpath.join(here, one))
                        count += 1
                if count > _MAX_FILES:
                    break
        return self._by_name.get(name, [])

    def _ending(self, suffix: str, kinds: tuple[str, ...] = ("",)) -> list[str]:
        self._named("")
        names = self._by_name or {}
        return [path for name in names if name.endswith(suffix) and name.endswith(kinds) for path in names[name]]

    def _bytes(self, path: str) -> bytes | None:
        try:
            full = self.root / path
            if not full.is_file() or full.stat().st_size > _MAX_BYTES:
                return None
            return full.read_bytes()
        except (OSError, ValueError):
            return None
