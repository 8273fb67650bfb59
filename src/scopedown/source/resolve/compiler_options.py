"""What a tsconfig.json (or jsconfig.json) says about files: names for them, where sources stand, where output goes.

In: a path and a way to read files. Out: :class:`CompilerOptions`, ``extends`` followed. All paths in it are whole, in
the terms of the path that was given. Reference: https://www.typescriptlang.org/tsconfig/ and
https://code.visualstudio.com/docs/languages/jsconfig.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from scopedown.documents.nodes import as_list

CONFIG_NAMES: Final = ("tsconfig.json", "jsconfig.json")

FURTHER_NAMES: Final = (
    "tsconfig.base.json", "tsconfig.app.json", "tsconfig.lib.json", "tsconfig.build.json", ".swcrc",
)  # fmt: skip
"""Files that say the same to one tool: Nx (https://nx.dev/concepts/typescript-project-linking), Angular, Nest, and SWC,
which has the settings under ``jsc`` (https://swc.rs/docs/configuration/compilation#jscpaths)."""

Read = Callable[[str], str | None]
"""The text of the file at a path, or None where there is none to read."""

Packages = Callable[[str], str | None]
"""The folder of the repository's own package of a name, or None."""

_CHAIN: Final = 8
"""How many files may extend one another."""
_PARENTS: Final = 12
"""How many folders upwards a configuration from a package is looked for."""

_JSON_TOKENS: Final = re.compile(r'"(?:[^"\\]|\\.)*"?|//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/)?', re.DOTALL)
"""What is not closed reaches to the end: looking for its end once more at every character would never end."""
_TRAILING: Final = re.compile(r'("(?:[^"\\]|\\.)*"?)|,(\s*[}\]])', re.DOTALL)


def parse_loose_json(text: str) -> Any:
    """JSON that may hold comments and trailing commas; None where it is not even that.

    >>> parse_loose_json('{"a": ["x//y",], /* why */}')
    {'a': ['x//y']}
    """
    text = _JSON_TOKENS.sub(lambda match: match[0] if match[0].startswith('"') else " ", text.removeprefix("\ufeff"))
    try:
        return json.loads(_TRAILING.sub(lambda match: match[1] or match[2], text))
    except (ValueError, RecursionError):
        return None


@dataclass(frozen=True, slots=True)
class CompilerOptions:
    """The settings that name files.

    ``paths``: patterns with at most one ``*`` and the paths that each stands for, in order. ``base``: where plain names
    start (``baseUrl``). ``root_folders``: folders that are one in the output (``rootDirs``). ``root`` and ``out``:
    ``rootDir`` and ``outDir``. ``included``: the folders that ``include`` and ``files`` begin with.
    """

    folder: str
    base: str | None = None
    paths: tuple[tuple[str, tuple[str, ...]], ...] = ()
    root_folders: tuple[str, ...] = ()
    root: str | None = None
    out: str | None = None
    included: tuple[str, ...] = ()
    conditions: tuple[str, ...] = field(default=())
    """``customConditions``: conditions of ``exports`` that this project sets."""

    def candidates(self, specifier: str) -> Iterator[str]:
        """The paths that a specifier may stand for, those of the most exact pattern first
        (https://www.typescriptlang.org/docs/handbook/modules/reference.html#paths)."""
        found: list[tuple[int, str, tuple[str, ...]]] = []
        for pattern, targets in self.paths:
            head, star, tail = pattern.partition("*")
            if not star:
                if specifier == pattern:
                    found.append((len(pattern) + 1_000_000, "", targets))
            elif specifier.startswith(head) and specifier.endswith(tail) and len(specifier) >= len(head) + len(tail):
                found.append((len(head), specifier[len(head) : len(specifier) - len(tail)], targets))
        for _, middle, targets in sorted(found, key=lambda one: -one[0]):
            for target in targets:
                yield posixpath.normpath(target.replace("*", middle, 1))
        if self.base is not None:
            yield posixpath.normpath(posixpath.join(self.base, specifier))

    def names(self, specifier: str) -> bool:
        """Whether ``paths`` has a pattern for a specifier that begins with a name (``*`` alone says nothing)."""
        for pattern, _ in self.paths:
            head, star, tail = pattern.partition("*")
            if specifier == pattern or (star and head and specifier.startswith(head) and specifier.endswith(tail)):
                return True
        return False

    def sources_of(self, output: str) -> Iterator[str]:
        """The paths that a path in the output (``outDir``) may be made of; none for a path outside of it."""
        if self.out is None or self.out == self.folder or not _below(output, self.out):
            return
        inside = posixpath.relpath(output, self.out)
        # Without rootDir it is the folder that all sources have in common, which `include` tells at best.
        roots = [self.root] if self.root is not None else [*self.included, self.folder]
        for root in dict.fromkeys((*roots, posixpath.join(self.folder, "src"), self.folder)):
            yield posixpath.normpath(posixpath.join(root, inside))


def read_compiler_options(path: str, read: Read, packages: Packages | None = None) -> CompilerOptions | None:
    """The options of the file at ``path``; None where it cannot be read or says nothing about files. ``packages``:
    where those of the repository stand, which ``extends`` may name."""
    found = _read(path, read, _CHAIN, packages)
    if found is None:
        return None
    return None if found == CompilerOptions(found.folder) else _configured(found, posixpath.dirname(path))


def _read(path: str, read: Read, left: int, packages: Packages | None = None) -> CompilerOptions | None:
    text = read(path) if left else None
    data = parse_loose_json(text) if text is not None else None
    if not isinstance(data, dict):
        return None
    folder = posixpath.dirname(path)
    options = CompilerOptions(folder)
    extends = data.get("extends")
    for parent in extends if isinstance(extends, list) else [extends]:
        above = _parent(parent, folder, read, left - 1, packages) if isinstance(parent, str) else None
        if above is not None:
            options = _over(options, above)
    options = _over(options, _own(data, folder, options.base))
    if not options.paths and left == _CHAIN:
        # A "solution" file only refers to those that have the options (Vite and Nx make such).
        for one in as_list(data.get("references"))[:10]:
            target = one.get("path") if isinstance(one, dict) else None
            if not isinstance(target, str) or not target.endswith(".json"):
                continue
            referred = _read(_join(folder, target), read, left - 1, packages)
            if referred is not None and referred.folder == folder:
                options = _over(referred, options)
    return options


def _parent(written: str, folder: str, read: Read, left: int, packages: Packages | None) -> CompilerOptions | None:
    written = written.replace("\\", "/")
    if written.startswith((".", "/")):
        file = _join(folder, written)
        return next((found for one in _files(file) if (found := _read(one, read, left, packages)) is not None), None)
    pieces = written.split("/")
    length = 2 if written.startswith("@") else 1
    own = packages("/".join(pieces[:length])) if packages is not None else None
    if own is not None:
        base = posixpath.join(own, *pieces[length:]) if pieces[length:] else posixpath.join(own, "tsconfig.json")
        for one in (*_files(base), posixpath.join(base, "tsconfig.json")):
            if (found := _read(one, read, left, packages)) is not None:
                return found
    for _ in range(_PARENTS):  # a package's configuration, where node would find it
        base = posixpath.join(folder, "node_modules", written)
        for one in (*_files(base), posixpath.join(base, "tsconfig.json")):
            if (found := _read(one, read, left, packages)) is not None:
                return found
        above = posixpath.dirname(folder)
        if above == folder:
            break
        folder = above
    return None


def _files(path: str) -> tuple[str, ...]:
    return (path,) if path.endswith(".json") else (path + ".json", path)


def _own(data: dict[str, Any], folder: str, inherited_base: str | None) -> CompilerOptions:
    compiler = data.get("compilerOptions") or data.get("jsc")
    compiler = compiler if isinstance(compiler, dict) else {}

    def at(name: str) -> str | None:
        written = compiler.get(name)
        return _join(folder, written) if isinstance(written, str) and written else None

    base = at("baseUrl")
    start = base or inherited_base or folder
    written = compiler.get("paths")
    paths = tuple(
        (str(pattern), tuple(_join(start, target) for target in targets if isinstance(target, str)))
        for pattern, targets in (written if isinstance(written, dict) else {}).items()
        if isinstance(targets, list)
    )
    included = [one for key in ("include", "files") for one in as_list(data.get(key)) if isinstance(one, str)]
    return CompilerOptions(
        folder,
        base,
        paths,
        tuple(_join(folder, one) for one in as_list(compiler.get("rootDirs")) if isinstance(one, str)),
        at("rootDir"),
        at("outDir"),
        tuple(dict.fromkeys(_join(folder, _fixed_part(one)) for one in included[:50])),
        tuple(one for one in as_list(compiler.get("customConditions")) if isinstance(one, str)),
    )


def _over(below: CompilerOptions, above: CompilerOptions) -> CompilerOptions:
    """``below`` with what ``above`` sets."""
    return CompilerOptions(
        above.folder,
        above.base or below.base,
        above.paths or below.paths,
        above.root_folders or below.root_folders,
        above.root or below.root,
        above.out or below.out,
        above.included or below.included,
        above.conditions or below.conditions,
    )


def _configured(options: CompilerOptions, folder: str) -> CompilerOptions:
    """``${configDir}`` is the folder of the file that was asked for."""

    def put(path: str) -> str:
        head, found, tail = path.partition("${configDir}")
        return posixpath.normpath(posixpath.join(folder, tail.lstrip("/"))) if found else head

    def maybe(path: str | None) -> str | None:
        return None if path is None else put(path)

    return replace(
        options,
        folder=folder,
        base=maybe(options.base),
        paths=tuple((pattern, tuple(map(put, targets))) for pattern, targets in options.paths),
        root_folders=tuple(map(put, options.root_folders)),
        root=maybe(options.root),
        out=maybe(options.out),
        included=tuple(map(put, options.included)),
    )


def _join(folder: str, written: str) -> str:
    return posixpath.normpath(posixpath.join(folder, written.replace("\\", "/")))


def _fixed_part(pattern: str) -> str:
    """The folder that a pattern of ``include`` begins with."""
    pieces = pattern.replace("\\", "/").split("/")
    fixed = next((i for i, piece in enumerate(pieces) if "*" in piece or "?" in piece), len(pieces))
    if fixed == len(pieces) and posixpath.splitext(pieces[-1])[1]:
        fixed -= 1
    return "/".join(pieces[:fixed]) or "."


def _below(path: str, folder: str) -> bool:
    return folder in ("", ".") or path.startswith(folder.rstrip("/") + "/")
