"""What builds are told: the entry that a bundler makes a handler's file of.

Read, never run: the scripts of package.json (``esbuild src/index.ts --outfile=dist/index.js``), the configuration of
webpack, esbuild, Rollup, Vite, tsup and their like (their ``entry``, ``entryPoints`` and ``input``), and the source map
beside a bundle. Options: https://esbuild.github.io/api/, https://webpack.js.org/api/cli/, https://rollupjs.org/
command-line-interface/, https://github.com/vercel/ncc, https://babeljs.io/docs/babel-cli, https://swc.rs/docs/usage/cli;
source maps: https://tc39.es/ecma426/.
"""

from __future__ import annotations

import json
import posixpath
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scopedown.project.handler_files import Sources

if TYPE_CHECKING:
    from tree_sitter import Node

_CONFIGS: Final = tuple(
    f"{name}.{suffix}"
    for name in (
        "webpack.config", "webpack.common", "webpack.prod", "rollup.config", "esbuild", "esbuild.config", "build",
        "tsup.config", "vite.config", "rspack.config", "rolldown.config", "tsdown.config", "scripts/build",
        "scripts/esbuild", "esbuild.build",
    )
    for suffix in ("js", "ts", "mjs", "cjs", "mts")
)  # fmt: skip
_ENTRY_KEYS: Final = ("entry", "entryPoints", "entrypoints", "input", "entries")
_OUTPUT_KEYS: Final = ("outfile", "filename", "file", "entryFileNames")
_CODE: Final = (".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx")
_FOLDER_TOOLS: Final = ("babel", "swc", "tsc")
"""They write one file for each source file, under the same path below another folder."""
_BUNDLERS: Final = ("esbuild", "ncc", "tsup", "rollup", "webpack", "parcel", "bun", "microbundle", "rolldown", "tsdown")
_OUTPUT_OPTIONS: Final = frozenset(
    {
        "--outfile", "--outdir", "--out-dir", "--out", "-o", "-d", "--file", "--dir", "--dist-dir", "--output-path",
        "--outDir",
    }
)  # fmt: skip
_USUAL_NAMES: Final = ("index", "main", "bundle", "handler", "app", "lambda", "function")
"""Names that tools give the one file that they make."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that something is built of (a pattern perhaps), relative to the project; ``name``: what it is called."""

    path: str
    name: str | None = None


def entries_of(sources: Sources, output: str) -> Iterator[str]:
    """The files (with or without their ending) that a bundler may make ``output`` (without its ending) of."""
    folder = posixpath.dirname(output)
    while True:
        told = [*_of_scripts(sources, folder, output), *_of_configs(sources, folder)]
        yield from _fitting(told, output)
        if not folder:
            return
        folder = posixpath.dirname(folder)


def _fitting(entries: list[Entry], output: str) -> Iterator[str]:
    last = posixpath.basename(output)
    named = [one for one in entries if one.name is not None and ("/" + output).endswith("/" + one.name.lstrip("./"))]
    alike = [one for one in entries if "*" not in one.path and posixpath.basename(_stem(one.path)) == last]
    for group in (named, alike):
        if len({one.path for one in group}) == 1:
            yield _stem(group[0].path)
            return
        if group:  # `create` of orders, or of users: the longer end of the path tells
            best = sorted(group, key=lambda one: -_common_end(_stem(one.path), output))
            if _common_end(_stem(best[0].path), output) > _common_end(_stem(best[1].path), output):
                yield _stem(best[0].path)
            return
    for one in entries:
        if "*" in one.path:
            yield from _of_pattern(one.path, output)
    if len({one.path for one in entries}) == 1 and last in _USUAL_NAMES:
        yield _stem(entries[0].path)


def _of_pattern(pattern: str, output: str) -> Iterator[str]:
    """``src/handlers/*.ts``: the files of which the output keeps the end of the path."""
    pieces = output.split("/")
    fixed = pattern.partition("*")[0].rpartition("/")[0]
    for start in range(len(pieces)):
        candidate = posixpath.join(fixed, *pieces[start:])
        if any(fnmatchcase(candidate + ending, pattern.replace("**/", "*")) for ending in _CODE):
            yield candidate
    if pattern.endswith(tuple("*/index" + ending for ending in _CODE)):
        yield posixpath.join(fixed, pieces[-1], "index")


def _common_end(one: str, other: str) -> int:
    count = 0
    for left, right in zip(reversed(one.split("/")), reversed(other.split("/")), strict=False):
        if left != right:
            break
        count += 1
    return count


def _stem(path: str) -> str:
    stem, ending = posixpath.splitext(path)
    return stem if ending in _CODE else path


# Scripts


def _of_scripts(sources: Sources, folder: str, output: str) -> Iterator[Entry]:
    text = sources.text(posixpath.join(folder, "package.json"))
    try:
        data = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return
    scripts = data.get("scripts") if isinstance(data, dict) else None
    for script in list(scripts.values())[:200] if isinstance(scripts, dict) else ():
        if isinstance(script, str) and len(script) < 5_000:
            for words in _commands(script):
                yield from _of_command(words, folder, output)


def _commands(script: str) -> Iterator[list[str]]:
    try:
        words = shlex.split(script, posix=True)
    except ValueError:
        words = script.split()
    command: list[str] = []
    for word in words:
        if word in ("&&", "||", ";", "|", "&"):
            yield command
            command = []
        else:
            command.append(word.rstrip(";"))
    yield command


def _of_command(words: list[str], folder: str, output: str) -> Iterator[Entry]:
    tool = next((i for i, word in enumerate(words) if posixpath.basename(word) in (*_FOLDER_TOOLS, *_BUNDLERS)), None)
    if tool is None:
        return
    name, arguments = posixpath.basename(words[tool]), words[tool + 1 :]
    inputs, out = [], None
    position = 0
    while position < len(arguments):
        word = arguments[position]
        option, equals, value = word.partition("=")
        if option in _OUTPUT_OPTIONS:
            if not equals and position + 1 < len(arguments):
                position += 1
                value = arguments[position]
            out = value
        elif option in ("-i", "--input", "--entry") or not word.startswith("-"):
            value = value if equals else word
            if option in ("-i", "--input", "--entry") and not equals and position + 1 < len(arguments):
                position += 1
                value = arguments[position]
            inputs.append(value.replace("\\", "/"))
        position += 1
    target = _path(folder, out) if out is not None else None
    if name in _FOLDER_TOOLS:
        for one in inputs:
            if target is not None and output.startswith(target + "/") and not posixpath.splitext(one)[1]:
                yield Entry(posixpath.join(_path(folder, one), output[len(target) + 1 :]), output)
        return
    for one in inputs:
        if one.endswith(_CODE):
            is_file = target is not None and target.endswith(_CODE)
            yield Entry(_path(folder, one), _stem(target) if is_file and target is not None else None)
            if name == "ncc" and target is not None:
                yield Entry(_path(folder, one), posixpath.join(target, "index"))


def _path(folder: str, written: str) -> str:
    return posixpath.normpath(posixpath.join(folder, written.replace("\\", "/").lstrip("/")))


# Configurations


def _of_configs(sources: Sources, folder: str) -> Iterator[Entry]:
    for name in _CONFIGS:
        path = posixpath.join(folder, name)
        text = sources.text(path) if sources.exists(path) else None
        if text is None or len(text) > 200_000 or not any(key in text for key in _ENTRY_KEYS):
            continue
        from scopedown.project.programs.syntax import parse

        source = parse(text, Path(path), path)
        for pair in _pairs(source.root):
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            if key is None or value is None or source.of(key).strip("\"'") not in _ENTRY_KEYS:
                continue
            for entry in _of_value(source.of, value, None):
                yield Entry(_path(folder, entry.path), entry.name)


def _pairs(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "pair":
            yield node
        waiting += node.named_children


def _of_value(of: Any, value: Node, name: str | None) -> Iterator[Entry]:
    """The entries in a value: a string, a list, an object by names, a path that is put together."""
    match value.type:
        case "string" | "template_string":
            written = of(value)[1:-1]
            if written.endswith(_CODE) or written.startswith("."):
                yield Entry(written, name)
        case "array":
            for one in value.named_children:
                yield from _of_value(of, one, name)
        case "object":
            inner: dict[str, Node] = {}
            for pair in value.named_children:
                key, held = pair.child_by_field_name("key"), pair.child_by_field_name("value")
                if key is not None and held is not None:
                    inner[of(key).strip("\"'")] = held
            if "in" in inner and "out" in inner:  # esbuild's {in: 'a.ts', out: 'b'}
                yield from _of_value(of, inner["in"], of(inner["out"]).strip("\"'`"))
                return
            for word, one in inner.items():
                yield from _of_value(of, one, name if word in ("import", "filename") else word)
        case "call_expression":  # path.resolve(__dirname, 'src', 'index.ts'), glob.sync('src/*.ts')
            arguments = value.child_by_field_name("arguments")
            texts = [of(one)[1:-1] for one in arguments.named_children if one.type == "string"] if arguments else []
            joined = posixpath.join(*(text.lstrip("/") for text in texts)) if texts else ""
            if joined.endswith(_CODE):
                yield Entry(joined, name)
        case "await_expression" | "spread_element" | "parenthesized_expression" | "as_expression":
            for one in value.named_children:
                yield from _of_value(of, one, name)
        case _:
            return


# Source maps


def original_of(sources: Sources, bundle: str, symbol: str) -> str | None:
    """The source that a bundle (a file with its ending) begins with, by the map beside it; None where the sources are
    not in the project or several may be it."""
    text = sources.text(bundle + ".map")
    try:
        data = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not isinstance(listed := data.get("sources"), list):
        return None
    root = data.get("sourceRoot")
    start = root if isinstance(root, str) else ""
    own: dict[str, None] = {}
    for written in listed[:20_000]:
        if (
            isinstance(written, str)
            and "node_modules" not in written
            and (path := _original(sources, bundle, start, written))
        ):
            own[path] = None
    exporting = [path for path in own if _exports(sources.text(path) or "", symbol)]
    stem = posixpath.basename(_stem(bundle))
    same = [path for path in exporting if posixpath.basename(_stem(path)) == stem]
    found = same or exporting
    return found[0] if len(found) == 1 else None


def _original(sources: Sources, bundle: str, start: str, written: str) -> str | None:
    written = written.replace("\\", "/")
    folder = posixpath.dirname(bundle)
    inside = re.sub(r"^webpack://[^/]*/", "", written).partition("?")[0]
    candidates = [posixpath.join(folder, start, inside)]
    if inside != written:  # webpack names them from the folder that it ran in
        while folder:
            folder = posixpath.dirname(folder)
            candidates.append(posixpath.join(folder, inside))
    for candidate in candidates:
        path = posixpath.normpath(candidate)
        if not path.startswith(("../", "/")) and path.endswith(_CODE) and sources.exists(path):
            return path
    return None


def _exports(text: str, symbol: str) -> bool:
    name = symbol.partition(".")[0]
    return "export" in text and re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", text) is not None
