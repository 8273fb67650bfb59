"""Where a function's code is, as it deploys.

In: a function and the project's folder. Out: :class:`Code`: the folder that is Lambda's ``/var/task``, and the handler
in it. What the Serverless Framework packaged (``.serverless/*.zip``) is what deploys, built by the project's own
bundler, so it is taken where it is there; else the folder that the handler stands in. Of other frameworks it is what
they uploaded (:class:`Package`).
"""

from __future__ import annotations

import json
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scopedown.documents.nodes import as_map
from scopedown.project.model import Function, Project

PACKAGED = ".serverless"
"""The framework's folder of what it packaged."""
UPLOADED = "the uploaded package"
LARGEST = 1024**3
"""Bytes of an unpacked artifact beyond which it is not unpacked (Lambda's own quota is 250 MB)."""


@dataclass(frozen=True, slots=True)
class Code:
    """A function's code."""

    root: Path
    handler: str
    name: str
    """What a person knows it by."""
    is_packaged: bool = False
    layers: tuple[Path, ...] = ()
    """The folders that are ``/opt``."""


@dataclass(frozen=True, slots=True)
class Package:
    """What a function was deployed with."""

    archive: Path | str
    """The archive; a text is the code itself, as a template holds it."""
    handler: str
    layers: tuple[Path, ...] = ()
    """The archives of its layers."""


Packages = Callable[[Function, Path], Package | str]
"""From a function, and a folder for what is fetched, to its package, or to a sentence why there is none."""


class Artifacts:
    """The project's packages, each unpacked at most once, into a folder that the caller removes."""

    def __init__(self, project: Project, folder: Path, unpacked: Path, uploaded: Packages | None = None) -> None:
        self.project = project
        self.uploaded = uploaded
        self.folder = folder
        self.unpacked = unpacked
        self._roots: dict[Path, Path | str] = {}
        self._state: Mapping[str, Any] = {}
        try:
            state = json.loads((folder / PACKAGED / "serverless-state.json").read_text(encoding="utf-8"))
            self._state = state if isinstance(state, dict) else {}
        except (OSError, ValueError):
            pass

    def code_of(self, function: Function) -> Code | str:
        """The code of a function; a sentence where there is none."""
        if self.uploaded is not None:
            return self._deployed(function, self.uploaded)
        handler = function.handler
        if handler is None:
            return "its handler is unknown, because its code is a container image or elsewhere"
        layers = tuple(self.folder / layer for layer in function.layers)
        if handler.inline is not None:
            root = self._inline(function, handler.inline.text, handler.file or "index.js")
            return Code(root, handler.declared, "the template", layers=layers)
        archive = self._archive_of(function)
        if archive is not None:
            unpacked = self._unpack(archive)
            if isinstance(unpacked, str):
                return unpacked
            return Code(unpacked, handler.declared, self._named(archive), is_packaged=True, layers=layers)
        root = self.folder / handler.root
        declared = handler.declared
        is_built = function.language != "python"  # a plugin puts a wrapper in the place of a Python application
        if handler.file is not None and is_built and not _is_there(root, declared, function.language):
            # built code that is not there: the source that it is built from
            stem = posixpath.splitext(handler.file)[0]
            root, declared = (
                self.folder / handler.root,
                f"{posixpath.relpath(stem, handler.root or '.')}.{handler.symbol}",
            )
        if not _is_there(root, declared, function.language):
            return f"{handler.declared} names a file that does not exist: package or build the project first"
        return Code(root, declared, "the project's folder", layers=layers)

    def _deployed(self, function: Function, uploaded: Packages) -> Code | str:
        """The code of a function as it was uploaded."""
        package = uploaded(function, self.unpacked)
        if isinstance(package, str):
            return package
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html
        # ZipFile: the file is called index
        if isinstance(package.archive, str):
            ending = "py" if function.language == "python" else "js"
            root: Path | str = self._inline(function, package.archive, f"index.{ending}")
        else:
            root = self._unpack(package.archive)
        if isinstance(root, str):
            return root
        found = (self._unpack(one) for one in package.layers)
        layers = tuple(one for one in found if isinstance(one, Path))
        name = "the template" if isinstance(package.archive, str) else UPLOADED
        return Code(root, package.handler, name, is_packaged=True, layers=layers)

    def _inline(self, function: Function, text: str, name: str) -> Path:
        """A folder with code that stands in the template."""
        root = self.unpacked / f"inline-{function.logical_id.replace('/', '-')}"
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return root

    def _archive_of(self, function: Function) -> Path | None:
        """The archive that the framework made, or was given, for a function."""
        service = as_map(self._state.get("service"))
        of_function = as_map(as_map(service.get("functions")).get(function.key))
        whole = as_map(self._state.get("package")).get("artifact")
        named = (
            as_map(of_function.get("package")).get("artifact"),
            as_map(function.settings.get("package")).get("artifact"),
            of_function.get("artifact"),
            f"{PACKAGED}/{function.key}.zip",
            service.get("artifact"),
            f"{PACKAGED}/{whole}" if isinstance(whole, str) else None,
            f"{PACKAGED}/{self.project.service}.zip",
        )
        for name in named:
            if not isinstance(name, str) or not name.endswith(".zip"):
                continue
            for place in (self.folder / name, self.folder / PACKAGED / Path(name).name):
                if place.is_file():
                    return place
        return None

    def _unpack(self, archive: Path) -> Path | str:
        if archive not in self._roots:
            self._roots[archive] = self._unpacked(archive)
        return self._roots[archive]

    def _unpacked(self, archive: Path) -> Path | str:
        target = self.unpacked / f"package-{len(self._roots)}"
        try:
            with zipfile.ZipFile(archive) as file:
                if sum(entry.file_size for entry in file.infolist()) > LARGEST:
                    return f"{self._named(archive)} is larger than {LARGEST // 1024**2} MB unpacked"
                files = [entry for entry in file.infolist() if not entry.is_dir()]
                if not any(entry.file_size for entry in files):
                    return f"{self._named(archive)} holds {'empty files only' if files else 'no file'}"
                for entry in file.infolist():
                    placed = Path(file.extract(entry, target))
                    if (mode := entry.external_attr >> 16 & 0o777) and placed.is_file():
                        placed.chmod(mode | 0o600)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
            return f"{self._named(archive)} is broken and cannot be unpacked: {error}"
        return target

    def _named(self, archive: Path) -> str:
        return archive.relative_to(self.folder).as_posix() if archive.is_relative_to(self.folder) else archive.name


def _is_there(root: Path, declared: str, language: str | None) -> bool:
    """Whether the file that a handler names is there, as the runtime looks for it."""
    if language == "python":
        module = declared.rpartition(".")[0].lstrip("./").replace(".", "/")
        return any((root / place).is_file() for place in (f"{module}.py", f"{module}/__init__.py"))
    head, name = posixpath.split(declared)
    stem = posixpath.join(head, name.partition(".")[0])
    endings = ("", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", "/index.js")
    return any((root / f"{stem}{ending}").is_file() for ending in endings)
