"""Where a function's code begins: from a handler setting to a source file of the project.

In: the project's folder, a handler as written and its runtime. Out: :class:`Found`, with the file (relative to the
folder), the exported name and the language. A handler that points into a build's output is led back to its source
(``dist/``, ``.build/``, tsconfig's ``outDir`` and ``rootDir``); nothing is built or run. Lambda's own rules: Python
splits a handler at its last dot, Node.js at the first dot of its last path segment
(https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html,
https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html).
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

_NODE_SUFFIXES: Final = (".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx")
_TYPESCRIPT: Final = (".ts", ".tsx", ".mts", ".cts")
_OUTPUT_FOLDERS: Final = (
    ".webpack/service", ".webpack", ".build", ".esbuild/.build", ".esbuild", ".dist", "dist", "build", "_build",
    "lib", "out", "target", "bin", ".serverless_plugins/build",
)  # fmt: skip
_RUNTIMES: Final = (
    ("python", "python"), ("nodejs", "javascript"), ("ruby", "ruby"), ("java", "java"), ("go", "go"),
    ("dotnet", "csharp"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A handler's place. ``file`` is None where there is no such source; ``outside``: it leaves the folder."""

    file: str | None
    symbol: str
    language: str | None
    outside: bool = False


@dataclass(slots=True)
class Sources:
    """A project's folder, asked for files; what was asked once is remembered."""

    root: Path
    _known: dict[str, bool] = field(default_factory=dict)
    _compiler: dict[str, Any] | None = None

    def exists(self, path: str) -> bool:
        """Whether a file (relative to the folder) exists."""
        if path not in self._known:
            try:
                self._known[path] = (self.root / path).is_file()
            except (OSError, ValueError):
                self._known[path] = False
        return self._known[path]

    def tsconfig(self) -> dict[str, Any]:
        """``compilerOptions`` of tsconfig.json, which may hold comments and trailing commas."""
        if self._compiler is None:
            self._compiler = _compiler_options(self.root / "tsconfig.json")
        return self._compiler


def language_of(runtime: str | None) -> str | None:
    """The language of a Lambda runtime's name; None for a custom runtime.

    >>> language_of("nodejs20.x"), language_of("python3.12"), language_of("provided.al2")
    ('javascript', 'python', None)
    """
    for prefix, language in _RUNTIMES:
        if runtime and runtime.startswith(prefix):
            return language
    return None


def find(sources: Sources, declared: str, runtime: str | None, folder: str = "") -> Found:
    """Find the source of a handler; ``folder`` is a folder inside the project that it is relative to."""
    language = language_of(runtime)
    path = _normal(posixpath.join(folder, declared.strip().lstrip("/")))
    if path.startswith("../") or path == "..":
        return Found(None, path.rpartition(".")[2], language, outside=True)
    if language in ("python", None):
        module, dot, symbol = path.rpartition(".")
        file = _python(sources, module) if dot else None
        if file is not None or language == "python":
            return Found(file, symbol, "python")
    if language in ("javascript", None):
        for base, symbol in _node_splits(path):
            file = _node(sources, base)
            if file is not None:
                return Found(file, symbol, "typescript" if file.endswith(_TYPESCRIPT) else "javascript")
        base, symbol = next(_node_splits(path), (path, ""))
        return Found(None, symbol, language)
    head, name = posixpath.split(path)
    stem, _, symbol = name.partition(".")
    if language == "ruby" and sources.exists(posixpath.join(head, f"{stem}.rb")):
        return Found(posixpath.join(head, f"{stem}.rb"), symbol.rpartition(".")[2], language)
    if language == "go":
        for candidate in (f"{path}.go", f"{path}/main.go", f"cmd/{name}/main.go", f"{name}/main.go"):
            if sources.exists(candidate):
                return Found(candidate, "main", language)
    return Found(None, path.rpartition("::")[2] or symbol, language)


def _normal(path: str) -> str:
    return posixpath.normpath(path.replace("\\", "/"))


def _python(sources: Sources, module: str) -> str | None:
    """``a/b`` or ``a.b``: the module's file, or its package's."""
    for base in dict.fromkeys((module, module.replace(".", "/"))):
        for candidate in (f"{base}.py", f"{base}/__init__.py"):
            if sources.exists(candidate):
                return candidate
    for base in _unbuilt(sources, module.replace(".", "/") if "/" not in module else module):
        for candidate in (f"{base}.py", f"{base}/__init__.py"):
            if sources.exists(candidate):
                return candidate
    return None


def _node_splits(path: str) -> Iterator[tuple[str, str]]:
    """Lambda splits at the first dot of the last segment; bundlers at the last one."""
    head, name = posixpath.split(path)
    stem, dot, symbol = name.partition(".")
    if dot:
        yield posixpath.join(head, stem), symbol
        stem, _, symbol = name.rpartition(".")
        if "." in stem:
            yield posixpath.join(head, stem), symbol


def _node(sources: Sources, base: str) -> str | None:
    for place in (base, *_unbuilt(sources, base)):
        for suffix in _NODE_SUFFIXES:
            if sources.exists(place + suffix):
                return place + suffix
        for suffix in _NODE_SUFFIXES:
            if sources.exists(f"{place}/index{suffix}"):
                return f"{place}/index{suffix}"
    return None


def _unbuilt(sources: Sources, base: str) -> Iterator[str]:
    """Where the source of a file in a build's output may stand."""
    options = sources.tsconfig()
    out = _normal(str(options.get("outDir") or "")) if options.get("outDir") else ""
    if out and out != "." and (base + "/").startswith(f"{out}/"):
        rest = base[len(out) + 1 :]
        root = _normal(str(options.get("rootDir") or "."))
        yield _normal(posixpath.join(root, rest))
        yield _normal(posixpath.join("src", rest))
        yield rest
    for folder in _OUTPUT_FOLDERS:
        if base.startswith(f"{folder}/"):
            rest = base[len(folder) + 1 :]
            yield rest
            yield posixpath.join("src", rest)
    if options:
        yield posixpath.join("src", base)


def _compiler_options(path: Path) -> dict[str, Any]:
    try:
        if not path.is_file() or path.stat().st_size > 200_000:
            return {}
        text = path.read_text("utf-8-sig")
    except (OSError, ValueError):
        return {}
    # What is not closed reaches to the end: looking for its end once more at every character would never end.
    text = re.sub(
        r'("(?:\\.|[^"\\\n])*"?)|//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/)?',
        lambda match: match[1] or "",
        text,
        flags=re.DOTALL,
    )
    text = re.sub(r'("(?:\\.|[^"\\\n])*"?)|,(\s*[}\]])', lambda match: match[1] or match[2], text)
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    options = loaded.get("compilerOptions") if isinstance(loaded, dict) else None
    return options if isinstance(options, dict) else {}


# Images

_FROM: Final = re.compile(r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)", re.IGNORECASE | re.MULTILINE)
_CMD: Final = re.compile(r"^[ \t]*(CMD|ENTRYPOINT)[ \t]+(.+)$", re.IGNORECASE | re.MULTILINE)
_COPY: Final = re.compile(r"^[ \t]*(?:COPY|ADD)[ \t]+(?:--\S+[ \t]+)*(.+)$", re.IGNORECASE | re.MULTILINE)
_BASES: Final = (
    ("python", "python3.x"), ("nodejs", "nodejs"), ("node:", "nodejs"), ("ruby", "ruby"), ("java", "java"),
    ("go:", "go"), ("golang", "go"), ("dotnet", "dotnet"),
)  # fmt: skip
"""What a base image's name tells of its runtime."""


def find_in_image(
    sources: Sources, folder: str, dockerfile: str, command: list[str] | None
) -> tuple[str, Found] | None:
    """The handler of an image that is built from ``folder``: (as its command names it, its place); None: none."""
    name = _normal(posixpath.join(folder, dockerfile))
    try:
        text = (sources.root / name).read_text("utf-8", "replace")[:200_000] if sources.exists(name) else ""
        text = text.replace("\\\n", " ")
    except (OSError, ValueError):
        text = ""
    base = (_FROM.findall(text) or [""])[-1].lower()
    runtime = next((value for word, value in _BASES if word in base), None)
    if command is None:
        commands = [match[2].strip() for match in _CMD.finditer(text) if match[1].upper() == "CMD"]
        command = _words(commands[-1]) if commands else []
    handler = next((word for word in reversed(command) if re.fullmatch(r"[\w./-]+\.[\w.]+", word)), None)
    if handler is None:
        return None
    folders = [folder]
    for match in _COPY.finditer(text):
        for source in _words(match[1])[:-1]:
            inside = _normal(posixpath.join(folder, source.rstrip("*").lstrip("/")))
            folders.append(inside if not posixpath.splitext(inside)[1] else posixpath.dirname(inside))
    first: Found | None = None
    for place in dict.fromkeys(folders):
        found = find(sources, handler, runtime, place)
        first = first or found
        if found.file is not None:
            return handler, found
    return (handler, first) if first else None


def _words(text: str) -> list[str]:
    """A Dockerfile's arguments, in JSON or as words."""
    try:
        loaded = json.loads(text)
        if isinstance(loaded, list):
            return [str(item) for item in loaded]
    except ValueError:
        pass
    return text.split()
