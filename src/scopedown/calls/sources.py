"""Source files on demand: import specifiers to files, files to the intermediate form, each read once.

One :class:`Sources` serves every handler of a project, so a shared module is parsed once. Files are data:
nothing is imported or run. What cannot be read or parsed is a finding, and the rest goes on.

Nothing here asks the file system itself: every question goes through a :class:`~scopedown.calls.disk.Disk`, which knows
what a result depends on.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from typing import Any

from scopedown.calls import ir
from scopedown.calls.disk import MAX_BYTES, Disk, Once, TooLarge
from scopedown.core.finding import Finding
from scopedown.core.place import Place

MAX_SOURCE_BYTES = MAX_BYTES
"""Larger files are not analysed (a vendored bundle or data); they are named."""

HINT = b"scopedown:"
"""What every hint in a comment begins with."""

JS_EXTENSIONS = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts")
_TS_OF_JS = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}


def language_of(file: str) -> str | None:
    """The language that a file's name tells, or None."""
    extension = os.path.splitext(file)[1]
    if extension == ".py":
        return "python"
    return "javascript" if extension in JS_EXTENSIONS else None


class Sources:
    """The source files below (and beside) one project's folder.

    ``root`` is the project's folder, absolute. Files are named relative to it, with forward slashes (``../`` for code
    shared from outside). ``package`` is the folder below it that a function's code is packaged from, and ``layers``
    those of its layers: absolute imports are looked for there first, as Lambda does.
    """

    def __init__(self, root: str, package: str = "", layers: Sequence[str] = (), disk: Disk | None = None) -> None:
        self.root = os.path.realpath(root)
        self.disk = disk or Disk()
        self._once = Once(self.disk)
        self.layers = [self.path(layer) for layer in layers]
        """The folders of the function's layers, absolute."""
        self.package = self.path(package) if package else self.root
        """The folder that is packaged, absolute."""
        self._packaged = [self.package]
        for layer in self.layers:
            # https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
            self._packaged += [os.path.join(layer, "python"), layer]
        self._inline: dict[str, tuple[str, Place]] = {}
        self.findings: dict[str, Finding] = {}
        self.hinted: dict[str, bytes] = {}
        """The sources, of those that were read, that seem to hold hints (``hints.py``)."""

    def load(self, file: str) -> ir.Module | None:
        """The lowered module, or None (with a finding) where it cannot be read."""
        return self._once.get(("load", file), lambda: self._read(file))

    def add_inline(self, file: str, text: str, at: Place) -> None:
        """Code that a template holds, under a name of its own; ``at`` is where its first line stands."""
        self._inline[file] = text, at

    def place(self, file: str, line: int = 1, column: int = 1) -> Place:
        """A place for people: that of inline code is in its template."""
        if file in self._inline:
            at = self._inline[file][1]
            return Place(at.file, at.line + line - 1, column)
        return Place(file, line, column)

    def json(self, file: str) -> Any:
        """The data of a JSON file that code imports, or None where it is not JSON."""
        try:
            return json.loads(self.disk.read(self.path(file)))
        except (OSError, ValueError, RecursionError):
            return None

    def path(self, file: str) -> str:
        """The absolute path of a file named relative to the root."""
        return os.path.join(self.root, *file.split("/"))

    def resolve(self, specifier: str, importer: str, language: str) -> str | None:
        """The file (or Python package folder, ending in ``/``) that an import means, or None outside the project."""
        if "\0" in specifier or len(specifier) > 1000:
            return None
        key = (specifier, importer if language == "javascript" else os.path.dirname(importer), language)
        find = self._resolve_python if language == "python" else self._resolve_javascript
        return self._once.get(key, lambda: find(specifier, importer))

    def submodule(self, directory: str, name: str) -> str | None:
        """A Python package's submodule by its folder and name."""
        return self._python_at(os.path.join(self.path(directory), name))

    # reading

    def _read(self, file: str) -> ir.Module | None:
        try:
            if file in self._inline:
                source = self._inline[file][0].encode("utf-8", "surrogatepass")
            else:
                source = self.disk.read(self.path(file))
        except TooLarge as error:
            return self._fail(file, "source-too-large", f"the file has {error.size:,} bytes and is not analysed")
        except OSError as error:
            return self._fail(file, "source-unreadable", f"the file cannot be read: {error.strerror}")
        if b"\0" in source[:8192]:
            return self._fail(file, "source-binary", "the file is binary, not source code")
        if HINT in source:
            self.hinted[file] = source
        language = language_of(file)
        if language == "python":
            from scopedown.calls.languages import python

            module = python.lower(source, file)
        else:
            from scopedown.calls.languages import javascript

            module = javascript.lower(source, file)
        if module.problems:
            (line, column), message = module.problems[0]
            self.findings[file] = Finding(
                "source-syntax",
                f"{message}; what could be parsed is analysed",
                self.place(file, line, column),
                "correct the file, or move data out of it",
            )
        return module

    def _fail(self, file: str, code: str, message: str) -> ir.Module | None:
        self.findings[file] = Finding(code, message, self.place(file), "check what the handler or the import names")
        return None

    # files

    def _name(self, path: str) -> str:
        return os.path.relpath(path, self.root).replace(os.sep, "/")

    # python

    def _resolve_python(self, specifier: str, importer: str) -> str | None:
        here = os.path.dirname(self.path(importer))
        name = specifier.lstrip(".")
        dots = len(specifier) - len(name)
        parts = name.split(".") if name else []
        if dots:
            base = here
            for _ in range(dots - 1):
                base = os.path.dirname(base)
            return self._python_at(os.path.join(base, *parts))
        for base in self._python_roots(here):
            if found := self._python_at(os.path.join(base, *parts)):
                return found
        return None

    def _python_roots(self, here: str) -> Iterator[str]:
        """Where absolute imports are looked for: the package's root first, as Lambda does, then the folders on the
        way from the importing file to the project's, since projects put those on ``sys.path`` in many ways."""
        yield from self._packaged
        current = here
        while current.startswith(self.root + os.sep):
            yield current
            current = os.path.dirname(current)

    def _python_at(self, path: str) -> str | None:
        if self.disk.is_file(path + ".py"):
            return self._name(path + ".py")
        init = os.path.join(path, "__init__.py")
        if self.disk.is_file(init):
            return self._name(init)
        # A folder is a namespace package only where it holds Python: a data folder of a package's name is none.
        if self.disk.is_folder(path) and any(
            entry.endswith(".py") or "." not in entry for entry in self.disk.entries(path)
        ):
            return self._name(path) + "/"
        return None

    # javascript

    def _resolve_javascript(self, specifier: str, importer: str) -> str | None:
        here = os.path.dirname(self.path(importer))
        if specifier.startswith("/opt/"):  # where Lambda unpacks layers
            inside = specifier.split("/")[2:]
            in_layers = (self._javascript_at(os.path.join(layer, *inside)) for layer in self.layers)
            return next(filter(None, in_layers), None)
        if specifier.startswith(("./", "../", "/")) or specifier in (".", ".."):
            base = specifier if os.path.isabs(specifier) else os.path.join(here, *specifier.split("/"))
            return self._javascript_at(os.path.normpath(base))
        config = self._nearest_tsconfig(here)
        if config:
            for candidate in config.candidates(specifier):
                if found := self._javascript_at(candidate):
                    return found
        return None

    def _javascript_at(self, path: str, depth: int = 0) -> str | None:
        stem, extension = os.path.splitext(path)
        if extension in JS_EXTENSIONS or extension == ".json":
            if self.disk.is_file(path):
                return self._name(path)
            for other in _TS_OF_JS.get(extension, ()):
                if self.disk.is_file(stem + other):
                    return self._name(stem + other)
        for extension in (*JS_EXTENSIONS, ".json"):
            if self.disk.is_file(path + extension):
                return self._name(path + extension)
        if depth < 2 and self.disk.is_folder(path):
            main = self._package_main(os.path.join(path, "package.json"))
            if main and (found := self._javascript_at(os.path.normpath(os.path.join(path, main)), depth + 1)):
                return found
            for extension in JS_EXTENSIONS:
                if self.disk.is_file(os.path.join(path, "index" + extension)):
                    return self._name(os.path.join(path, "index" + extension))
        return None

    def _package_main(self, path: str) -> str | None:
        if not self.disk.is_file(path):
            return None
        try:
            data = json.loads(self.disk.read(path))
        except (OSError, ValueError, RecursionError):
            return None
        main = data.get("main") if isinstance(data, dict) else None
        return main if isinstance(main, str) else None

    def _nearest_tsconfig(self, directory: str) -> _TsConfig | None:
        return self._once.get(("tsconfig", directory), lambda: self._find_tsconfig(directory))

    def _find_tsconfig(self, directory: str) -> _TsConfig | None:
        found = None
        for name in ("tsconfig.json", "jsconfig.json"):
            path = os.path.join(directory, name)
            if self.disk.is_file(path):
                found = _TsConfig.read(path, self.disk)
                break
        parent = os.path.dirname(directory)
        if found is None and parent != directory and len(directory) > len(self.root):
            return self._nearest_tsconfig(parent)
        return found


class _TsConfig:
    """``compilerOptions.baseUrl`` and ``paths`` of a tsconfig.json, through ``extends``."""

    def __init__(self, base: str, paths: dict[str, list[str]], has_base: bool) -> None:
        self.base = base
        self.paths = paths
        self.has_base = has_base

    @staticmethod
    def read(path: str, disk: Disk, depth: int = 0) -> _TsConfig | None:
        """The settings of one file, or None where it has none that matter."""
        data = _json_with_comments(path, disk)
        if not isinstance(data, dict):
            return None
        inherited = None
        extends = data.get("extends")
        if depth < 5 and isinstance(extends, str) and extends.startswith("."):
            parent = os.path.normpath(os.path.join(os.path.dirname(path), extends))
            inherited = _TsConfig.read(parent if parent.endswith(".json") else parent + ".json", disk, depth + 1)
        compiler = data.get("compilerOptions")
        compiler = compiler if isinstance(compiler, dict) else {}
        base_url, paths = compiler.get("baseUrl"), compiler.get("paths")
        if not isinstance(base_url, str) and not isinstance(paths, dict):
            return inherited
        base = os.path.dirname(path)
        if isinstance(base_url, str):
            base = os.path.normpath(os.path.join(base, base_url))
        elif inherited:
            base = inherited.base
        table = {
            str(key): [item for item in value if isinstance(item, str)]
            for key, value in (paths if isinstance(paths, dict) else {}).items()
            if isinstance(value, list)
        }
        if not table and inherited:
            table = inherited.paths
        return _TsConfig(base, table, isinstance(base_url, str) or bool(inherited and inherited.has_base))

    def candidates(self, specifier: str) -> Iterator[str]:
        """Absolute paths that a specifier may stand for, the most specific pattern first."""
        for pattern in sorted(self.paths, key=len, reverse=True):
            head, star, tail = pattern.partition("*")
            if not star:
                if specifier != pattern:
                    continue
                middle = ""
            elif specifier.startswith(head) and specifier.endswith(tail) and len(specifier) >= len(head + tail):
                middle = specifier[len(head) : len(specifier) - len(tail)]
            else:
                continue
            for target in self.paths[pattern]:
                yield os.path.normpath(os.path.join(self.base, target.replace("*", middle)))
        if self.has_base:
            yield os.path.normpath(os.path.join(self.base, specifier))


_JSON_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"?|//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/)?', re.DOTALL)
"""What is not closed reaches to the end: looking for its end once more at every character would never end."""


def _json_with_comments(path: str, disk: Disk) -> Any:
    if not disk.is_file(path):
        return None
    try:
        text = disk.read(path).decode("utf-8-sig")
        text = _JSON_TOKENS.sub(lambda match: match[0] if match[0].startswith('"') else " ", text)
        return json.loads(re.sub(r",(\s*[}\]])", r"\1", text))
    except (OSError, ValueError, RecursionError):
        return None
