"""Names that a bundler is told to take for files: ``resolve.alias`` and its like.

Read, never run: ``alias`` (and module-resolver's ``root``) in the configuration of webpack, Babel, esbuild, Vite and
Rollup; serverless-bundle's ``custom.bundle.aliases`` and esbuild's options in serverless.yml. Reference:
https://webpack.js.org/configuration/resolve/#resolvealias, https://esbuild.github.io/api/#alias,
https://github.com/tleunen/babel-plugin-module-resolver, https://github.com/AnomalyInnovations/serverless-bundle.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scopedown.source.resolve.compiler_options import parse_loose_json
from scopedown.source.resolve.search_path import Ground

if TYPE_CHECKING:
    from tree_sitter import Node

_NAMES: Final = (
    "webpack.config", "babel.config", "esbuild.config", "esbuild", "vite.config", "rollup.config", "rspack.config",
    "tsup.config", "build",
)  # fmt: skip
_PROGRAMS: Final = tuple(f"{name}.{suffix}" for name in _NAMES for suffix in ("js", "ts", "mjs", "cjs"))
_DATA: Final = (".babelrc", ".babelrc.json", "babel.config.json", "package.json")
_SERVICES: Final = ("serverless.yml", "serverless.yaml")
_MAX_TEXT: Final = 200_000
_MAX_ALIASES: Final = 200

Alias = tuple[str, str]
"""A name (``@lib``; one that ends in ``$`` is exact) and the path that it stands for, absolute."""


class Aliases:
    """The aliases that hold for the files of a folder."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def candidates(self, specifier: str, here: str) -> Iterator[str]:
        """The paths that a specifier may stand for, the longest name first."""
        for folder in self._ground.workspace.upwards(here):
            known = self._ground.once.get(("aliases", folder), lambda folder=folder: self._of(folder))  # type: ignore[misc]
            for name, path in known:
                plain = name.removesuffix("$").removesuffix("/*").rstrip("/")
                if specifier == plain:
                    yield path
                elif specifier.startswith(plain + "/" if plain else "") and not name.endswith("$"):
                    yield os.path.join(path, specifier[len(plain) :].lstrip("/"))

    def names(self, specifier: str, here: str) -> bool:
        """Whether a specifier begins with a name that somebody gave (a root for all names is none)."""
        for folder in self._ground.workspace.upwards(here):
            known = self._ground.once.get(("aliases", folder), lambda folder=folder: self._of(folder))  # type: ignore[misc]
            for name, _ in known:
                plain = name.removesuffix("$").removesuffix("/*").rstrip("/")
                if plain and (specifier == plain or (specifier.startswith(plain + "/") and not name.endswith("$"))):
                    return True
        return False

    def _of(self, folder: str) -> tuple[Alias, ...]:
        found: list[Alias] = []
        there = frozenset(self._ground.disk.entries(folder))
        for name in filter(there.__contains__, _PROGRAMS):
            text = self._text(folder, name)
            if text is not None:
                found += _of_program(text, Path(folder, name))
        for name in filter(there.__contains__, _DATA):
            text = self._text(folder, name)
            found += _of_data(parse_loose_json(text)) if text is not None else ()
        for name in filter(there.__contains__, _SERVICES):
            text = self._text(folder, name)
            found += _of_service(text) if text is not None else ()
        whole = [
            (name, os.path.normpath(os.path.join(folder, *path.split("/")))) for name, path in found[:_MAX_ALIASES]
        ]
        return tuple(sorted(dict.fromkeys(whole), key=lambda alias: (-len(alias[0]), alias)))

    def _text(self, folder: str, name: str) -> str | None:
        text = self._ground.read(os.path.join(folder, name))
        if text is None or len(text) > _MAX_TEXT or ("alias" not in text and "module-resolver" not in text):
            return None
        return text


def _entries(written: Any) -> Iterator[Alias]:
    for one in written if isinstance(written, list) else [written]:
        for name, path in (one if isinstance(one, dict) else {}).items():
            if isinstance(name, str) and isinstance(path, str) and path.startswith("."):
                yield name, path.replace("\\", "/")


def _of_data(data: Any, depth: int = 8) -> Iterator[Alias]:
    """``alias`` and ``root`` wherever they stand in a Babel configuration."""
    if depth <= 0:
        return
    if isinstance(data, dict):
        yield from _entries(data.get("alias"))
        for root in data["root"] if isinstance(data.get("root"), list) else ():
            if isinstance(root, str):
                yield "", root.replace("\\", "/")
    for one in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _of_data(one, depth - 1)


def _of_service(text: str) -> Iterator[Alias]:
    from scopedown.core.finding import ScopedownError
    from scopedown.documents.document import parse_yaml

    try:
        tree = parse_yaml(text, "serverless.yml").tree
    except ScopedownError:
        return
    custom, build = (tree.get(key) if isinstance(tree, dict) else None for key in ("custom", "build"))
    for holder, names in ((custom, ("bundle", "esbuild")), (build, ("esbuild",))):
        for name in names:
            options = holder.get(name) if isinstance(holder, dict) else None
            for key in ("aliases", "alias"):
                yield from _entries(options.get(key)) if isinstance(options, dict) else ()


def _of_program(text: str, path: Path) -> Iterator[Alias]:
    from scopedown.source.languages.javascript_syntax import parse

    source = parse(text, path, path.name)
    waiting = [source.root]
    while waiting:
        node = waiting.pop()
        waiting += node.named_children
        if node.type != "pair":
            continue
        key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
        if key is None or value is None:
            continue
        word = _word(source.of, key)
        if word == "alias" and value.type == "object":
            for pair in value.named_children:
                name, held = pair.child_by_field_name("key"), pair.child_by_field_name("value")
                target = _path(source.of, held) if held is not None else None
                if name is not None and target is not None:
                    yield _word(source.of, name), target
        elif word in ("alias", "entries") and value.type == "array":
            yield from _found(source.of, value)
        elif word == "root" and value.type == "array":
            yield from (
                ("", target) for child in value.named_children if (target := _path(source.of, child)) is not None
            )


def _found(of: Callable[[Node], str], entries: Node) -> Iterator[Alias]:
    """``[{find: "@lib", replacement: …}]``, as Vite and Rollup's plugin write it
    (https://vite.dev/config/shared-options#resolve-alias)."""
    for entry in entries.named_children:
        held: dict[str, Node] = {}
        for pair in entry.named_children if entry.type == "object" else ():
            name, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            if name is not None and value is not None:
                held[_word(of, name)] = value
        name, value = held.get("find"), held.get("replacement")
        target = _path(of, value) if value is not None else None
        if name is not None and target is not None and name.type == "string":
            yield _word(of, name), target


def _word(of: Callable[[Node], str], node: Node) -> str:
    return of(node).strip("\"'`")


def _path(of: Callable[[Node], str], value: Node, depth: int = 2) -> str | None:
    """A path as configurations write it: text that begins with a dot, or joined to ``__dirname``."""
    if value.type == "string":
        written = _word(of, value)
        return written.replace("\\", "/") if written.startswith(".") else None
    is_call = value.type in ("call_expression", "new_expression")
    arguments = value.child_by_field_name("arguments") if is_call else None
    for child in arguments.named_children[:1] if arguments is not None and depth else ():
        if child.type == "new_expression":  # fileURLToPath(new URL("./src", import.meta.url))
            return _path(of, child, depth - 1)
    texts = [_word(of, child) for child in arguments.named_children if child.type == "string"] if arguments else []
    return "./" + "/".join(text.strip("/") for text in texts) if texts else None
