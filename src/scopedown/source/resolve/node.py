"""JavaScript and TypeScript: from an import's specifier to a file, as node, TypeScript and bundlers find it.

In: a specifier and the importing file. Out: the file's name, or None where it is no code of the project. The order is
theirs: relative paths, ``#names`` of package.json, names that tsconfig.json gives, the package's own name, packages of
the workspace. A package whose output is not built is found by its source. Reference:
https://nodejs.org/api/esm.html#resolution-algorithm, https://www.typescriptlang.org/docs/handbook/modules/reference.html
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from scopedown.source.resolve import build_output as built
from scopedown.source.resolve.aliases import Aliases
from scopedown.source.resolve.compiler_options import (
    CONFIG_NAMES,
    FURTHER_NAMES,
    CompilerOptions,
    read_compiler_options,
)
from scopedown.source.resolve.manifest import Manifest
from scopedown.source.resolve.search_path import Ground, is_installed

JS_EXTENSIONS = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts")
_TS_OF_JS = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts", ".ts"), ".cjs": (".cts", ".ts")}
_LOCAL_PLACES = ("file:", "link:", "portal:")
"""How a dependency's version says that it is a folder."""
_OTHER_NAME = re.compile(r"(?:workspace|npm):((?:@[\w.-]+/)?[A-Za-z][\w.-]*)(?:@|$)")
"""How it says that the package has another name: ``npm:@acme/store@1``."""


class NodeModules:
    """The finder for one function's code."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._disk = ground.disk
        self._aliases = Aliases(ground)

    def resolve(self, specifier: str, importer: str) -> str | None:
        """The file that an import in ``importer`` (absolute) means, among the project's own."""
        specifier = _plain(specifier)
        if not specifier:
            return None
        here = os.path.dirname(importer)
        if specifier.startswith("/"):
            return self._absolute(specifier, here)
        if specifier.startswith("."):
            return self._relative(specifier, here)
        if specifier.startswith("#") and (found := self._of_imports(specifier, here)) is not None:
            return found
        if is_installed(importer):
            return None  # what a package imports is another package
        return self._by_name(specifier, here)

    def is_own(self, specifier: str, importer: str) -> bool:
        """Whether a name is one that the project has given to its own files, whether there is such a file or not."""
        here = os.path.dirname(importer)
        workspace = self._ground.workspace
        name, _ = package_name(specifier)
        if name is None:
            return specifier.startswith(("@/", "~/", "~"))
        manifest = workspace.nearest_manifest(here)
        if manifest is not None and (
            manifest.name == name or any(_is_below(specifier, alias) for alias, _ in manifest.aliases())
        ):
            return True
        if workspace.package(name) is not None or self._by_place(name, here) is not None:
            return True
        if manifest is not None and name in manifest.dependencies():
            return False
        options = self.options(here)
        return (options is not None and options.names(specifier)) or self._aliases.names(specifier, here)

    def _absolute(self, specifier: str, here: str) -> str | None:
        """A path of the running function: in a layer, or in its code."""
        for base in self._ground.running(specifier):
            if (found := self.at(base)) is not None:
                return found
        if specifier.startswith("/opt/nodejs/"):
            # A layer that is built for its runtime keeps in the repository what /opt/nodejs is made of
            # (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-layers.html).
            inside = specifier[len("/opt/nodejs/") :]
            for layer in self._ground.layers:
                if (found := self._below(layer, inside)) is not None:
                    return found
            if (found := self._laid(inside.removeprefix("node_modules/"))) is not None:
                return found
        return self._by_options(specifier, here)

    def _laid(self, inside: str) -> str | None:
        """A file that a build lays beside the package, by its path there."""
        if inside.startswith(".."):
            return None
        places = (os.path.normpath(os.path.join(base, *inside.split("/"))) for base in self._ground.search)
        return next(filter(None, map(self.at, places)), None)

    def _relative(self, specifier: str, here: str) -> str | None:
        path = os.path.normpath(os.path.join(here, *specifier.split("/")))
        if (found := self.at(path)) is not None:
            return found
        head, in_opt, inside = specifier.partition("/opt/nodejs/")
        if in_opt and not head.strip("./"):  # the way from /var/task to a layer
            return self._absolute(in_opt + inside, here)
        below = os.path.relpath(path, self._ground.package).replace(os.sep, "/")
        if self._ground.search and (found := self._laid(below)) is not None:
            return found
        real = self._disk.real(here)  # node resolves a linked file from where it really stands
        if real != here and (found := self.at(os.path.normpath(os.path.join(real, *specifier.split("/"))))) is not None:
            return found
        beside = self.options(os.path.dirname(path))  # another project's, whose output is named
        if beside is not None and (found := next(filter(None, map(self.at, beside.sources_of(path))), None)):
            return found
        options = self.options(here)
        if options is None:
            return None
        for folder in options.root_folders:  # they are one folder in the output
            if (path + os.sep).startswith(folder + os.sep):
                inside = os.path.relpath(path, folder)
                for other in options.root_folders:
                    if (found := self.at(os.path.normpath(os.path.join(other, inside)))) is not None:
                        return found
        # A hand-written file beside generated ones, which are imported where the build puts them.
        return next(filter(None, map(self.at, options.sources_of(path))), None)

    def _of_imports(self, specifier: str, here: str) -> str | None:
        manifest = self._ground.workspace.nearest_manifest(here)
        if manifest is None:
            return None
        for target in manifest.imported(specifier, self._conditions(here)):
            if target.startswith("."):
                found = self._own(manifest.folder, target)
            else:
                found = None if target.startswith("#") else self._by_name(target, here)
            if found is not None:
                return found
        return None

    def _by_name(self, specifier: str, here: str) -> str | None:
        """Last: the package's own folder, which Lambda has in ``NODE_PATH`` (``/var/task``: so in a function's
        environment, as github.com/lambci/docker-lambda records it for nodejs8.10)."""
        if (found := self._by_options(specifier, here)) is not None:
            return found
        workspace = self._ground.workspace
        manifest = workspace.nearest_manifest(here)
        if manifest is not None and (found := self._by_alias(specifier, manifest)) is not None:
            return found
        name, subpath = package_name(specifier)
        if name is not None and manifest is not None and manifest.name == name:
            return self.in_package(manifest.folder, subpath, here)
        folder = (workspace.package(name) or self._by_place(name, here)) if name is not None else None
        if folder is not None:
            return self.in_package(folder, subpath, here)
        candidates = map(os.path.normpath, self._aliases.candidates(specifier, here))
        if (found := next(filter(None, map(self.at, candidates)), None)) is not None:
            return found
        if (found := self._laid(specifier)) is not None:
            return found
        for entry in self._ground.environment.get("NODE_PATH", "").split(":"):
            for base in self._ground.running(entry) if entry else ():
                found = self.at(os.path.join(base, *specifier.split("/"))) if not is_installed(base) else None
                if found is not None:
                    return found
        if name is None or manifest is None or name not in manifest.dependencies():
            return self.at(os.path.join(self._ground.package, *specifier.split("/")))
        return None

    def folders(self, name: str, here: str) -> Iterator[str]:
        """The folders that a name which somebody gave may mean (``@/handlers``)."""
        options = self.options(here)
        if options is not None:
            yield from map(os.path.normpath, options.candidates(name))
        yield from map(os.path.normpath, self._aliases.candidates(name, here))
        package, subpath = package_name(name)
        folder = self._ground.workspace.package(package) if package is not None else None
        if folder is not None:
            yield os.path.normpath(os.path.join(folder, subpath))
            yield os.path.normpath(os.path.join(folder, "src", subpath))

    def _by_options(self, specifier: str, here: str) -> str | None:
        options = self.options(here)
        if options is None:
            return None
        for candidate in options.candidates(specifier):
            path = os.path.normpath(candidate)
            found = self.at(path) or next(filter(None, map(self.at, self._unbuilt(path))), None)
            if found is not None:
                return found
        return None

    def _by_alias(self, specifier: str, manifest: Manifest) -> str | None:
        for name, target in manifest.aliases():
            if _is_below(specifier, name):
                inside = specifier[len(name) :].lstrip("/")
                if (found := self._own(manifest.folder, os.path.join(target, inside))) is not None:
                    return found
        return None

    def _by_place(self, name: str, here: str) -> str | None:
        """The folder that a dependency on a place (``file:../shared``) names."""
        for folder in self._ground.workspace.upwards(here):
            manifest = self._ground.workspace.manifest(folder)
            version = manifest.dependencies().get(name) if manifest is not None else None
            if version is None:
                continue
            place = next((one for one in _LOCAL_PLACES if version.startswith(one)), None)
            if place is not None or version.startswith(("./", "../")):
                written = version[len(place or "") :].removeprefix("//").replace("\\", "/")
                path = os.path.normpath(os.path.join(folder, *written.split("/")))
                return path if self._disk.is_folder(path) else None
            if (other := _OTHER_NAME.match(version)) is not None:
                return self._ground.workspace.package(other[1])
        return None

    # packages

    def in_package(self, folder: str, subpath: str, here: str, own: bool = True) -> str | None:
        """A package's file by what comes after its name. ``own``: its code is the project's, so it may not be built."""
        manifest = self._ground.workspace.manifest(folder)
        conditions = self._conditions(here) if own else ()
        targets = list(manifest.targets(subpath, conditions)) if manifest is not None else [subpath] * bool(subpath)
        if not subpath:
            targets.append("index")
        for target in targets:
            found = self._own(folder, target) if own else self._below(folder, target)
            if found is not None:
                return found
        for target in [os.path.join("src", subpath or "index"), os.path.join("lib", subpath or "index")] if own else ():
            if (found := self._below(folder, target)) is not None:
                return found
        return None

    def _own(self, folder: str, target: str) -> str | None:
        """A path in a package of ours: its source where the compiler's options say which it is, else the file itself,
        else what it is probably made of."""
        path = _joined(folder, target)
        if path is None:
            return None
        options = self.options(folder)
        if options is not None:
            for candidate in options.sources_of(path):
                if (found := self.at(os.path.normpath(candidate))) is not None:
                    return found
        return self.at(path) or next(filter(None, map(self.at, self._unbuilt(path, folder))), None)

    def _unbuilt(self, path: str, folder: str | None = None) -> Iterator[str]:
        """What an output that is not there may be made of; ``folder`` is the package's."""
        if os.path.basename(path) in built.OUTPUT_FOLDERS:
            yield os.path.join(os.path.dirname(path), "src")
            yield os.path.dirname(path)
        if folder is None:
            manifest = self._ground.workspace.nearest_manifest(os.path.dirname(path))
            folder = manifest.folder if manifest is not None else self._ground.root
        options = self.options(folder)
        if options is not None:
            yield from map(os.path.normpath, options.sources_of(path))
        below = os.path.relpath(path, folder).replace(os.sep, "/")
        for candidate in built.sources_of(below):
            yield os.path.join(folder, *candidate.split("/"))

    def _below(self, folder: str, target: str) -> str | None:
        path = _joined(folder, target)
        return None if path is None else self.at(path)

    # files

    def at(self, path: str, depth: int = 0) -> str | None:
        """The file at a path as imports write it: with or without its ending, or a folder."""
        stem, extension = os.path.splitext(path)
        if extension in JS_EXTENSIONS or extension == ".json":
            if self._disk.is_file(path):
                return self._ground.name(path)
            for other in _TS_OF_JS.get(extension, ()):
                if self._disk.is_file(stem + other):
                    return self._ground.name(stem + other)
        for extension in (*JS_EXTENSIONS, ".json"):
            if self._disk.is_file(path + extension):
                return self._ground.name(path + extension)
        if depth < 2 and self._disk.is_folder(path):
            manifest = self._ground.workspace.manifest(path)
            for target in self._mains(manifest):
                inside = _joined(path, target)
                if inside is not None and inside != path and (found := self.at(inside, depth + 1)) is not None:
                    return found
            for extension in (*JS_EXTENSIONS, ".json"):
                index = os.path.join(path, "index" + extension)
                if self._disk.is_file(index):
                    return self._ground.name(index)
        return None

    @staticmethod
    def _mains(manifest: Manifest | None) -> Iterator[str]:
        for key in ("source", "module", "main") if manifest is not None else ():
            written = manifest.data.get(key) if manifest is not None else None
            if isinstance(written, str) and written:
                yield written
                yield from built.sources_of(written.replace("\\", "/").removeprefix("./"))

    # tsconfig

    def options(self, folder: str) -> CompilerOptions | None:
        """The compiler's options for files of a folder: those nearest that say something about files."""
        return self._ground.once.get(("tsconfig", folder), lambda: self._find_options(folder))

    def _find_options(self, folder: str) -> CompilerOptions | None:
        for name in (*CONFIG_NAMES, *FURTHER_NAMES):
            path = os.path.join(folder, name)
            if self._disk.is_file(path):
                found = read_compiler_options(path, self._ground.read, self._ground.workspace.package)
                if found is not None:
                    return found
        if is_installed(folder):
            return None
        above = next((upward for upward in self._ground.workspace.upwards(folder) if upward != folder), None)
        return None if above is None else self.options(above)

    def _conditions(self, here: str) -> tuple[str, ...]:
        options = self.options(here)
        return options.conditions if options is not None else ()


def package_name(specifier: str) -> tuple[str | None, str]:
    """The package's name in a specifier and what follows it; (None, …) where it cannot be a package's.

    >>> package_name("@org/shared/lib/x"), package_name("@/x")
    (('@org/shared', 'lib/x'), (None, '@/x'))
    """
    pieces = specifier.split("/")
    length = 2 if specifier.startswith("@") else 1
    if len(pieces) < length or pieces[0] in ("", "@", "~", ".", "..") or any(not piece for piece in pieces[:length]):
        return None, specifier
    return "/".join(pieces[:length]), "/".join(pieces[length:])


def _is_below(specifier: str, name: str) -> bool:
    return specifier == name or specifier.startswith(name.rstrip("/") + "/")


def _plain(specifier: str) -> str:
    """A specifier without a loader's words (``./x?raw``) and with the slashes of this system."""
    if specifier.startswith((".", "\\")) or "\\" in specifier:
        specifier = specifier.replace("\\", "/")
    return specifier.partition("?")[0] if specifier.startswith((".", "/")) else specifier


def _joined(folder: str, target: str) -> str | None:
    """A path inside of a folder; None where it leaves it."""
    path = os.path.normpath(os.path.join(folder, *target.replace("\\", "/").split("/")))
    return path if path == folder or path.startswith(folder + os.sep) else None


__all__ = ["JS_EXTENSIONS", "NodeModules", "package_name"]
