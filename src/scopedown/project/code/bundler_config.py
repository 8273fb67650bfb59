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
from fnmatch import fnmatchcase
from typing import Final

from scopedown.project.code.bundlers import CODE, Entry, entries_of_configs, inside, manifest, stem
from scopedown.project.code.handler_files import Sources
from scopedown.source.resolve.build_output import is_output

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


def entries_of(sources: Sources, output: str, symbol: str) -> Iterator[str]:
    """The files (with or without their ending) that a bundler may make ``output`` (without its ending) of; ``symbol``
    is what the handler names of it."""
    folder = posixpath.dirname(output)
    while True:
        told = [*_of_scripts(sources, folder, output), *entries_of_configs(sources, folder)]
        told = told or list(_main(sources, folder, output, symbol))
        yield from _fitting(told, output)
        if not folder:
            return
        folder = posixpath.dirname(folder)


def _fitting(entries: list[Entry], output: str) -> Iterator[str]:
    last = posixpath.basename(output)
    exact = [entry for entry in entries if entry.name == output]
    named = [
        entry for entry in entries if entry.name is not None and ("/" + output).endswith("/" + entry.name.lstrip("./"))
    ]
    alike = [entry for entry in entries if "*" not in entry.path and posixpath.basename(stem(entry.path)) == last]
    for group in (exact, named, alike):
        if len({entry.path for entry in group}) == 1:
            yield stem(group[0].path)
            return
        if group:  # `create` of orders, or of users: the longer end of the path tells
            best = sorted(group, key=lambda one: -_common_end(stem(one.path), output))
            if _common_end(stem(best[0].path), output) > _common_end(stem(best[1].path), output):
                yield stem(best[0].path)
            return
    for entry in entries:
        if "*" in entry.path:
            yield from _of_pattern(entry.path, output)
    if len({entry.path for entry in entries}) == 1 and last in _USUAL_NAMES:
        yield stem(entries[0].path)


def _of_pattern(pattern: str, output: str) -> Iterator[str]:
    """``src/handlers/*.ts``: the files of which the output keeps the end of the path."""
    pieces = output.split("/")
    fixed = pattern.partition("*")[0].rpartition("/")[0]
    for start in range(len(pieces)):
        candidate = posixpath.join(fixed, *pieces[start:])
        if any(fnmatchcase(candidate + ending, pattern.replace("**/", "*")) for ending in CODE):
            yield candidate
    if pattern.endswith(tuple("*/index" + ending for ending in CODE)):
        yield posixpath.join(fixed, pieces[-1], "index")


def _common_end(one: str, other: str) -> int:
    count = 0
    for left, right in zip(reversed(one.split("/")), reversed(other.split("/")), strict=False):
        if left != right:
            break
        count += 1
    return count


# Scripts


def _main(sources: Sources, folder: str, output: str, symbol: str) -> Iterator[Entry]:
    """The ``main`` of a package whose build is not described: where it is a source that exports the symbol."""
    if not is_output(output[len(folder) + 1 :] if folder else output):
        return
    main = manifest(sources, folder).get("main")
    path = inside(folder, main) if isinstance(main, str) and main else ""
    if path and _exports(sources.text(path) or "", symbol):
        yield Entry(path)


def _of_scripts(sources: Sources, folder: str, output: str) -> Iterator[Entry]:
    scripts = manifest(sources, folder).get("scripts")
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
        elif word in ("--config", "-c"):
            position += arguments[position + 1 : position + 2] != [] and not arguments[position + 1].startswith("-")
        elif option in ("-i", "--input", "--entry") or not word.startswith("-"):
            value = value if equals else word
            if option in ("-i", "--input", "--entry") and not equals and position + 1 < len(arguments):
                position += 1
                value = arguments[position]
            inputs.append(value.replace("\\", "/"))
        position += 1
    target = inside(folder, out) if out is not None else None
    if name in _FOLDER_TOOLS:
        for input_ in inputs:
            if target is not None and output.startswith(target + "/") and not posixpath.splitext(input_)[1]:
                yield Entry(posixpath.join(inside(folder, input_), output[len(target) + 1 :]), output)
        return
    for input_ in inputs:
        if input_.endswith(CODE):
            is_file = target is not None and target.endswith(CODE)
            yield Entry(inside(folder, input_), stem(target) if is_file and target is not None else None)
            if name == "ncc" and target is not None:
                yield Entry(inside(folder, input_), posixpath.join(target, "index"))


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
    last = posixpath.basename(stem(bundle))
    same = [path for path in exporting if posixpath.basename(stem(path)) == last]
    found = same or exporting
    return found[0] if len(found) == 1 else None


def _original(sources: Sources, bundle: str, start: str, written: str) -> str | None:
    written = written.replace("\\", "/")
    folder = posixpath.dirname(bundle)
    own = re.sub(r"^webpack://[^/]*/", "", written).partition("?")[0]
    candidates = [posixpath.join(folder, start, own)]
    if own != written:  # webpack names them from the folder that it ran in
        while folder:
            folder = posixpath.dirname(folder)
            candidates.append(posixpath.join(folder, own))
    for candidate in candidates:
        path = posixpath.normpath(candidate)
        if not path.startswith(("../", "/")) and path.endswith(CODE) and sources.exists(path):
            return path
    return None


def _exports(text: str, symbol: str) -> bool:
    name = symbol.partition(".")[0]
    return "export" in text and re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", text) is not None
