"""The machine (``calls``) as it reads a configuration: its code runs once, in order; packages are not read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scopedown.calls.bounds import Bound
from scopedown.calls.interpreter import members, modules
from scopedown.calls.interpreter.interpret import Interpreter
from scopedown.calls.machine import Language, Machine, Written
from scopedown.calls.values import CallSite, Const, Null, Object, Sequence, UnknownValue, Value, from_text
from scopedown.catalog.load import catalog
from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.document import Files
from scopedown.documents.nodes import ListNode, MapNode
from scopedown.languages.javascript.natives import JavaScriptNative
from scopedown.project.options import Options
from scopedown.source.languages.javascript_syntax import MAX_SOURCE, SUFFIXES
from scopedown.source.resolve.node import NodeModules
from scopedown.source.sources import Sources


@dataclass(frozen=True, slots=True, eq=False)
class Package(JavaScriptNative):
    """A package, or a member of one."""

    label = "{self.name}"
    name: str
    place: Place

    def why_unknown(self) -> UnknownValue:
        """It is not read."""
        return _unread(self.name, self.place)

    def as_text(self) -> Text:
        """Nothing that is known."""
        return Text.unknown(self.why_unknown().reason, self.place)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A member is of the package, too."""
        return Package(f"{self.name}.{name}" if len(self.name) < 200 else self.name, place)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """The same by a key."""
        return self.attribute(str(key.value), run, place) if isinstance(key, Const) else self.why_unknown()

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """What code writes to it is of no interest."""

    def call(self, site: CallSite, run: Machine) -> Value:
        """Its function may change what it is given."""
        for value in site.all():
            run.escape(value, site.place)
        return _unread(f"{self.name}()", site.place)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """An object of its class."""
        return self.why_unknown()


def _unread(name: str, place: Place) -> UnknownValue:
    return UnknownValue(f"{name} is of a package, and scopedown does not run packages", place)


MAX_STEPS: Final = 200_000
MAX_MODULES: Final = 1000
_DATA: Final = (".json", ".yml", ".yaml")


class Evaluation(Interpreter):
    """The reading of a project's programs, each of which is read once. ``variables`` are what ``process.env`` holds."""

    exact = True

    def __init__(self, files: Files, options: Options, language: Language) -> None:
        sources = Sources(str(files.root.absolute()), bounded=False)
        super().__init__(sources, catalog(), {}, {}, language, lambda name: language, lambda name, spoken: None, ())
        self.files = files
        self.variables: dict[str, Value] = {name: Const(value) for name, value in options.environment.items()}
        self.places = self.written = Written()
        self._finder = NodeModules(sources.ground)

    @property
    def is_over(self) -> bool:
        """Whether the reading has taken more steps than it may."""
        return self.steps > MAX_STEPS

    def step(self) -> None:
        """Count one expression; ends the reading where there are too many."""
        self.steps += 1
        if self.is_over:
            at = self._latest or self.sources.place(self.position.file)
            raise ScopedownError(
                f"scopedown stopped reading {at.file} after {MAX_STEPS} steps", at,
                "simplify the file, or pass the framework's own template with --compiled",
            )  # fmt: skip

    def bound(self, bound: Bound, place: Place | None = None, what: str = "") -> None:
        """What is beyond a bound is not known, which says so where it is used."""

    def escape(self, value: Value, place: Place, depth: int | None = None) -> None:
        """A package is given a value, which it may change."""
        self.heap.escaped[id(value)] = value

    # files

    def name(self, path: Path) -> str:
        """A file as the machine names it."""
        return os.path.relpath(path, self.sources.root).replace(os.sep, "/")

    def import_module(self, specifier: str, place: Place, types: bool = False, member: str | None = None) -> Value:
        """What an import gives: the exports of a file, data, a module of node; packages are not read."""
        file = self._found(specifier)
        if file is not None:
            try:
                return self.load(file)
            except ScopedownError as error:
                if self.is_over:
                    raise
                return UnknownValue(error.message, error.place or place)
        known = self.position.language.standard_module(specifier)
        if known is not None:
            return known
        if specifier == "dotenv/config":
            return self.call(members.attribute(self, self.import_module("dotenv", place), "config", place), (), place)
        if specifier.startswith((".", "/")):
            return UnknownValue(f"the file {specifier} does not exist", place)
        return Package(specifier, place)

    def _found(self, specifier: str) -> str | None:
        """The local file that an import means; None where it means a package (or nothing)."""
        if "\0" in specifier or len(specifier) > 1000:
            return None
        importer = self.sources.path(self.position.file)
        path = os.path.normpath(Path(importer).parent / specifier)
        if specifier.startswith((".", "/")) and self.sources.disk.is_file(path):
            return self.name(Path(path))
        # What begins with a slash is a path of this machine here, of Lambda's in the code of functions.
        return self._finder.at(path) if specifier.startswith("/") else self._finder.resolve(specifier, importer)

    def load(self, file: str) -> Value:
        """The exports of a program, or the data of a file; raises ScopedownError where it cannot be read."""
        if file in self.heap.modules:
            return modules.load(self, file)
        path = Path(self.sources.path(file))
        at = self._latest or Place(file)
        if path.suffix in _DATA:
            document = self.files.document(path)
            return Const(None) if document is None else self.value(document.tree)
        if path.suffix not in SUFFIXES:
            return UnknownValue(f"{file} is not JavaScript or TypeScript", at)
        if len(self.heap.modules) >= MAX_MODULES:
            raise ScopedownError(f"the configuration imports more than {MAX_MODULES} files", at, "import fewer files")
        text = self.files.text(path)
        if text is None:
            raise ScopedownError(f"{file} does not exist", at, "create the file, or correct the import")
        if len(text) > MAX_SOURCE:
            raise ScopedownError(
                f"scopedown did not read {file}: it is larger than {MAX_SOURCE // 2**20} MB", at, "split the file"
            )
        self.steps += len(text) // 50
        self.sources.add_inline(file, text, Place(file, 1, 1))
        return modules.load(self, file)

    def value(self, tree: Any) -> Value:
        """A document's tree as a value that knows its places."""
        self.step()
        if isinstance(tree, MapNode | dict):
            made = Object()
            at = tree.place if isinstance(tree, MapNode) else Place("")
            self.places.made(made, at)
            for key, item in tree.items():
                made.fields[str(key)] = self.value(item)
                if isinstance(tree, MapNode):
                    key_at = tree.keys_at.get(key, at)
                    self.places.entry(made, str(key), key_at, tree.values_at.get(key, key_at))
            return made
        if isinstance(tree, list):
            items = [self.value(item) for item in tree]
            listed = Sequence(items)
            if isinstance(tree, ListNode):
                self.places.made(listed, tree.place)
                for item, at in zip(items, tree.items_at, strict=False):
                    self.places.values.setdefault(id(item), (item, at))
            return listed
        if isinstance(tree, Text):
            return from_text(tree)
        if tree is None:
            return Null()
        if isinstance(tree, str | int | float | bool):
            return Const(tree)
        return UnknownValue("its value is known only when the framework runs")
