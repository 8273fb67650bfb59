"""Packages that are installed beside the project, and which of them are worth reading.

``node_modules`` (of the project, above it, in a layer), a virtual environment's or a layer's ``site-packages``, folders
that ``pip install -t`` filled. A package that imports an AWS SDK, itself or through what it depends on, may call AWS
for the handler and is read like the project's own code; any other is left out after a look at what it says of itself
(package.json, METADATA) and at a bounded part of its code.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from scopedown.source.packages import python_name
from scopedown.source.resolve.environments import ENVIRONMENTS
from scopedown.source.resolve.manifest import Manifest
from scopedown.source.resolve.node import JS_EXTENSIONS, NodeModules, package_name
from scopedown.source.resolve.python import PythonModules
from scopedown.source.resolve.search_path import Ground, is_installed

MAX_DEPTH = 3
"""How far dependencies of dependencies are followed to an SDK."""
MAX_ASKED = 300
"""Packages whose dependencies are looked at, for one that is imported."""
MAX_FILES = 80
MAX_SCANNED = 4_000_000
"""Files and bytes of one package's code that are looked through for an SDK's name."""

_NODE_SDK = re.compile(rb"""["'](?:aws-sdk|@aws-sdk/[\w.-]+)(?:/[\w./-]*)?["']""")
PYTHON_SDKS = frozenset({"boto3", "botocore", "aioboto3", "aiobotocore"})
"""AWS's SDKs for Python. They are modelled, so no copy of one is read, wherever it is (``pip install -t src``)."""
_PYTHON_SDK = re.compile(
    rb"^[ \t]*(?:import|from)[ \t]+(?:%s)\b" % "|".join(sorted(PYTHON_SDKS)).encode(), re.MULTILINE
)
_VENDORED = ("vendor", "vendored", ".vendor", "_vendor", "packages", "python_packages", "dependencies", "lib", "libs")
"""Folders that projects let pip install into (``pip install -t vendored``)."""
_NOT_CODE = ("node_modules", "test", "tests", "__pycache__")
_REQUIRES = re.compile(r"^Requires-Dist:\s*([A-Za-z0-9][\w.-]*)([^\n]*)$", re.MULTILINE)


def is_node_sdk(name: str) -> bool:
    """Whether a package is an AWS SDK for JavaScript, or a part of one."""
    return name == "aws-sdk" or name.startswith("@aws-sdk/")


class Installed:
    """The installed packages around one function's code."""

    def __init__(self, ground: Ground, node: NodeModules, python: PythonModules) -> None:
        self._ground = ground
        self._node = node
        self._python = python

    # node

    def javascript(self, specifier: str, importer: str) -> str | None:
        """The file of an installed package that an import means, where that package reaches an SDK."""
        name, subpath = package_name(specifier)
        if name is None or name.startswith("#") or is_node_sdk(name):
            return None
        here = os.path.dirname(importer)
        folder = self._folder(name, here)
        if folder is None:
            return None
        real = self._ground.disk.real(folder)
        if not is_installed(real):
            return self._node.in_package(real, subpath, here)  # a link of the package manager to a package of ours
        if not self._ground.once.get(("node sdk", folder), lambda: self._node_reaches(folder, name)):
            return None
        return self._node.in_package(real, subpath, here, own=False)

    def _folder(self, name: str, here: str) -> str | None:
        for base in self._node_folders(here):
            folder = os.path.join(base, *name.split("/"))
            if self._ground.disk.is_folder(folder):
                return folder
        return None

    def _node_folders(self, here: str) -> Iterator[str]:
        for folder in self._ground.workspace.upwards(here):
            if os.path.basename(folder) != "node_modules":
                yield os.path.join(folder, "node_modules")
        yield os.path.join(self._ground.package, "node_modules")
        for layer in self._ground.layers:
            # Where Lambda's runtimes look: https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
            yield os.path.join(layer, "nodejs", "node_modules")
            for name in self._ground.disk.entries(os.path.join(layer, "nodejs")):
                if re.fullmatch(r"node\d+", name):
                    yield os.path.join(layer, "nodejs", name, "node_modules")
            yield os.path.join(layer, "node_modules")
        for entry in self._ground.environment.get("NODE_PATH", "").split(":"):
            if entry:
                yield from self._ground.running(entry)

    def _node_reaches(self, folder: str, name: str) -> bool:
        """Whether a package, or one that it depends on, imports an SDK (or is the project's own, which is read too)."""
        manifest = self._ground.workspace.manifest(folder)
        if manifest is None:  # a bundle of a known package, that a build made; any other folder is the project's own
            from scopedown.source.packages.table import known

            row = known(name, "javascript")
            is_harmless = row is not None and row.kind == "harmless" and not row.word
            return not is_harmless or self._names_sdk(folder, JS_EXTENSIONS, _NODE_SDK)
        if manifest.data.get("private") is True:
            return True
        if any(map(is_node_sdk, manifest.dependencies("dependencies", "peerDependencies", "optionalDependencies"))):
            return True
        if self._names_sdk(folder, JS_EXTENSIONS, _NODE_SDK):
            return True
        return self._depends_on_sdk(folder, manifest)

    def _depends_on_sdk(self, folder: str, manifest: Manifest) -> bool:
        seen: set[str] = set()
        waiting = [(folder, manifest, 0)]
        while waiting and len(seen) < MAX_ASKED:
            folder, manifest, depth = waiting.pop()
            for name in manifest.dependencies("dependencies"):
                if is_node_sdk(name):
                    return True
                inner = self._folder(name, folder) if depth < MAX_DEPTH and name not in seen else None
                seen.add(name)
                found = self._ground.workspace.manifest(inner) if inner is not None else None
                if inner is not None and found is not None:
                    waiting.append((inner, found, depth + 1))
        return False

    def node_package(self, name: str, here: str) -> tuple[str, Manifest] | None:
        """The folder and the manifest of the installed package that a folder's files would import."""
        folder = self._folder(name, here)
        manifest = self._ground.workspace.manifest(folder) if folder is not None else None
        return (folder, manifest) if folder is not None and manifest is not None else None

    # python

    def python(self, specifier: str, importer: str) -> str | None:
        """The file of an installed module that an absolute import means, where its package reaches an SDK."""
        if specifier.startswith("."):
            return None
        parts = specifier.split(".")
        for base in self._python_folders(os.path.dirname(importer)):
            path = os.path.join(base, *parts)
            found = self._python.regular(path) or self._python.namespace(path)
            if found is None:
                continue
            top = os.path.join(base, parts[0])
            reaches = self._ground.once.get(("python sdk", top), lambda base=base: self._python_reaches(base, parts[0]))  # type: ignore[misc]
            return found if reaches else None
        return None

    def _python_folders(self, here: str) -> Iterator[str]:
        pieces = here.split(os.sep)
        for index, piece in enumerate(pieces):  # a package's own imports: where it is installed itself
            if piece in ("site-packages", "dist-packages"):
                yield os.sep.join(pieces[: index + 1])
        for layer in self._ground.layers:
            for start in ("python", ""):
                yield from self._site_packages(os.path.join(layer, start, "lib"))
        for base in dict.fromkeys((self._ground.package, self._ground.root)):
            for name in _VENDORED:
                yield os.path.join(base, name)
            for name in ENVIRONMENTS:
                yield from self._site_packages(os.path.join(base, name, "lib"))
                yield os.path.join(base, name, "Lib", "site-packages")

    def _site_packages(self, folder: str) -> Iterator[str]:
        for name in self._ground.disk.entries(folder):
            if re.fullmatch(r"(?:python|pypy)\d[\d.]*", name):
                yield os.path.join(folder, name, "site-packages")

    def is_distributed(self, file: str) -> bool:
        """Whether a module of the function's own folder was put there by pip (``pip install -t .``), which lists it."""
        pieces = os.path.relpath(self._ground.path(file), self._ground.package).split(os.sep)
        return pieces[0] != ".." and pieces[0].removesuffix(".py") in self._distributed(self._ground.package)

    def reaches_sdk(self, file: str) -> bool:
        """Of a file that :meth:`is_distributed`: whether its package reaches an SDK."""
        base = self._ground.package
        top = os.path.relpath(self._ground.path(file), base).split(os.sep)[0].removesuffix(".py")
        return self._ground.once.get(("python sdk", os.path.join(base, top)), lambda: self._python_reaches(base, top))

    def _python_reaches(self, base: str, name: str) -> bool:
        if name in PYTHON_SDKS:
            return False
        path = os.path.join(base, name)
        if self._ground.disk.is_folder(path):
            if self._names_sdk(path, (".py",), _PYTHON_SDK):
                return True
        elif _PYTHON_SDK.search(self._bytes(path + ".py")):
            return True
        distribution = self._distributed(base).get(name)
        seen: set[str] = set()
        waiting = [] if distribution is None else [(distribution, 0)]
        while waiting and len(seen) < MAX_ASKED:
            information, depth = waiting.pop()
            metadata = self._bytes(os.path.join(information, "METADATA"))[:200_000].decode("utf-8", "replace")
            for match in _REQUIRES.finditer(metadata):
                required = python_name(match[1])
                if required in seen or "extra ==" in match[2]:
                    continue
                seen.add(required)
                if required in PYTHON_SDKS:
                    return True
                inner = self._information(base).get(required)
                if inner is not None and depth < MAX_DEPTH:
                    waiting.append((inner, depth + 1))
        return False

    def python_distribution(self, module: str, here: str) -> tuple[str, str] | None:
        """Where the distribution of a module is installed, and its name."""
        top = module.partition(".")[0]
        for base in (*self._python_folders(here), self._ground.package):
            information = self._distributed(base).get(top)
            if information is not None:
                return base, python_name(os.path.basename(information)[: -len(".dist-info")].rpartition("-")[0])
        return None

    def python_requires(self, base: str, name: str) -> tuple[set[str], set[str]] | None:
        """What an installed distribution requires, and what it takes where it is there (extras, markers)."""
        information = self._information(base).get(name)
        if information is None:
            return None
        metadata = self._bytes(os.path.join(information, "METADATA"))[:200_000].decode("utf-8", "replace")
        needs: set[str] = set()
        uses: set[str] = set()
        for match in _REQUIRES.finditer(metadata):
            (uses if ";" in match[2] else needs).add(python_name(match[1]))
        return needs, uses - needs

    def _information(self, base: str) -> dict[str, str]:
        """The ``.dist-info`` folders of a place by the distributions' names."""
        return {
            python_name(name[: -len(".dist-info")].rpartition("-")[0]): os.path.join(base, name)
            for name in self._ground.disk.entries(base)
            if name.endswith(".dist-info")
        }

    def _distributed(self, base: str) -> dict[str, str]:
        """The modules at the top of a place that pip installed there: their names to their ``.dist-info`` folders
        (https://packaging.python.org/en/latest/specifications/recording-installed-packages/)."""
        return self._ground.once.get(("distributed", base), lambda: self._read_distributed(base))

    def _read_distributed(self, base: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for information in self._information(base).values():
            record = self._bytes(os.path.join(information, "RECORD"))[:1_000_000].decode("utf-8", "replace")
            for line in record.splitlines():
                top = line.partition(",")[0].strip('"').partition("/")[0].removesuffix(".py")
                if top and not top.endswith((".dist-info", "..")) and top != "bin":
                    found.setdefault(top, information)
        return found

    # code

    def _names_sdk(self, folder: str, endings: tuple[str, ...], pattern: re.Pattern[bytes]) -> bool:
        """Whether a bounded part of a package's files names an SDK; those nearest the top are read first."""
        files = size = 0
        waiting = [folder]
        for path in waiting:
            if len(waiting) > MAX_FILES * 4:
                break
            for name in self._ground.disk.entries(path):
                inner = os.path.join(path, name)
                if name.endswith(endings) and not name.endswith((".d.ts", ".d.mts", ".d.cts", ".min.js")):
                    content = self._bytes(inner)
                    files, size = files + 1, size + len(content)
                    if pattern.search(content):
                        return True
                    if files >= MAX_FILES or size >= MAX_SCANNED:
                        return False
                elif "." not in name and name not in _NOT_CODE and self._is_own_folder(inner):
                    waiting.append(inner)
        return False

    def _is_own_folder(self, path: str) -> bool:
        """Whether a path is a folder and no link, which could lead back."""
        return self._ground.disk.is_folder(path) and self._ground.disk.real(path) == path

    def _bytes(self, path: str) -> bytes:
        if not self._ground.disk.is_file(path):
            return b""
        try:
            return self._ground.disk.read(path)
        except OSError:
            return b""


__all__ = ["Installed", "is_node_sdk"]
