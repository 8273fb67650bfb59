"""What all modules of one configuration share: its files, its bounds, and what is to be told about it.

A path in a configuration is relative to the folder that ``terraform`` runs in, the root module's. Nothing outside of
the project's repository is read, links followed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.document import Files, parse_json
from scopedown.documents.nodes import MapNode
from scopedown.project.findings import reported
from scopedown.project.options import Options
from scopedown.project.terraform.evaluate import Budget
from scopedown.project.terraform.files import module_files
from scopedown.project.terraform.json_syntax import parse_json_configuration
from scopedown.project.terraform.overrides import overridden
from scopedown.project.terraform.syntax import Body, parse
from scopedown.source.repository import boundary_of

MAX_FILES: Final = 500
"""Files of one module."""
MAX_INSTANCES: Final = 50_000
"""Resources and modules, those of ``count`` and ``for_each`` counted one by one."""
MAX_MODULES: Final = 3_000
"""Modules: one that calls itself several times would make more of them than anything can hold."""


@dataclass(slots=True)
class Context:
    """One reading. ``folder`` is the root module's."""

    files: Files
    folder: Path
    options: Options
    budget: Budget
    findings: list[Finding] = field(default_factory=list)
    up: int = 0
    """How many folders above the root module's the code and the modules that it names begin."""
    instances: int = 0
    modules: int = 0
    uncounted: dict[str, str] = field(default_factory=dict)
    """Modules and resources of which nobody knows how many there are, each with the expression that tells."""
    unread: dict[str, Place] = field(default_factory=dict)
    """Types of which something asks for an attribute that no table has, and where a resource of each is."""
    _told: set[tuple[str, str, Place]] = field(default_factory=set)
    _boundary: Path | None = None
    _bodies: dict[tuple[Path, Place | None], list[Body]] = field(default_factory=dict)

    def report(self, name: str, place: Place, /, **values: object) -> None:
        """Note a finding of ``findings.tsv``, once."""
        found = reported(name, place, **values)
        if (found.code, found.message, place) not in self._told:
            self._told.add((found.code, found.message, place))
            self.findings.append(found)

    def unknown_attribute(self, address: str, type: str, name: str, place: Place) -> Text:
        """An attribute of a resource or a data source of which nothing is known before an apply."""
        if type.startswith("aws_") and (name == "arn" or name.endswith("_arn")):
            self.unread.setdefault(type, place)
        return Text.unknown(f"{address}.{name} is known only after apply", place)

    def may_lack(self, address: str) -> list[str]:
        """The expressions that decide whether a resource is there at all; none while one deployment is read."""
        if not self.options.every_deployment:
            return []
        return [why for one, why in self.uncounted.items() if address == one or address.startswith(f"{one}.")]

    def count(self, place: Place) -> None:
        """Count an instance. Raises ScopedownError beyond :data:`MAX_INSTANCES`."""
        self.instances += 1
        if self.instances > MAX_INSTANCES:
            raise ScopedownError(
                f"the configuration makes more than {MAX_INSTANCES} resources", place, "scan the folder of one module"
            )

    def count_module(self, place: Place) -> None:
        """Count a module. Raises ScopedownError beyond :data:`MAX_MODULES`."""
        self.modules += 1
        if self.modules > MAX_MODULES:
            raise ScopedownError(
                f"the configuration calls more than {MAX_MODULES} modules", place, "scan the folder of one module"
            )

    def inside(self, path: str, place: Place) -> Path | None:
        """A path of the configuration; None (and a finding) where it leads out of the repository."""
        full = Path(os.path.normpath(self.folder / path.replace("\\", "/")))
        if "\0" not in path and self.holds(full):
            parts = os.path.relpath(full, self.folder).replace("\\", "/").split("/")
            self.up = max(self.up, next((at for at, part in enumerate(parts) if part != ".."), len(parts)))
            return full
        self._tell_outside(path, place)
        return None

    def holds(self, path: Path) -> bool:
        """Whether a path, links followed, is in the repository."""
        if self._boundary is None:
            self._boundary = boundary_of(self.folder)
        return Path(os.path.realpath(path)).is_relative_to(self._boundary)

    def _tell_outside(self, path: str, place: Place) -> None:
        self.report("terraform-outside", place, path=repr(path[:200]))

    def text(self, path: str, place: Place) -> tuple[str, str] | None:
        """A file's text, and its path below the project's folder; None where it cannot be read."""
        full = self.inside(path, place)
        try:
            text = None if full is None else self.files.text(full)
        except ScopedownError as error:
            self.findings.append(error.finding("terraform-file"))
            return None
        return None if text is None or full is None else (text, self.files.name(full))

    def bodies(self, folder: Path, at: Place) -> list[Body]:
        """The files of a module, in the order of their names; those that are broken as far as they can be read.

        A single file is a modelled module, whose text is ours: all of it stands at ``at``, where it is called.
        """
        if folder.suffix == ".tf" and folder.is_file():
            key = (folder, at)
            if key not in self._bodies:
                self._bodies[key] = [parse(folder.read_text(encoding="utf-8"), at.file, at)[0]]
            return self._bodies[key]
        if (folder, None) not in self._bodies:
            self._bodies[folder, None] = self._read(folder)
        return self._bodies[folder, None]

    def _read(self, folder: Path) -> list[Body]:
        """The files of a folder, overridden by its override files."""
        there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
        there |= {path.name for path, text in self.files.texts.items() if path.parent == folder and text is not None}
        own, overriding = module_files(sorted(there))
        if len(own) > MAX_FILES:
            self.report(
                "terraform-file number",
                Place(self.files.name(folder / own[0])),
                max_files=MAX_FILES,
                own=len(own),
                folder=self.files.name(folder),
            )
        read, overrides = (
            [body for name in names[:MAX_FILES] if (body := self.body(folder / name)) is not None]
            for names in (own, overriding)
        )
        bodies, without = overridden(read, overrides)
        for block in without:
            what = " ".join((block.type, *block.labels))
            self.report("terraform-override", block.place, what=what)
        return bodies

    def body(self, path: Path) -> Body | None:
        """One file; None where it cannot be read."""
        try:
            if (text := self._text_of(path)) is None:
                return None
            read = parse_json_configuration if path.name.endswith(".json") else parse
            body, findings = read(text, self.files.name(path))
        except ScopedownError as error:
            self.findings.append(error.finding("terraform-file"))
            return None
        self.findings += findings
        return body

    def tree(self, path: Path) -> Any:
        """The value of a file of JSON; None where it cannot be read."""
        try:
            text = self._text_of(path)
            return None if text is None else parse_json(text, self.files.name(path)).tree
        except ScopedownError as error:
            self.findings.append(error.finding("terraform-file"))
            return None

    def _text_of(self, path: Path) -> str | None:
        """The text of a file in a module's folder. Raises ScopedownError where it is no text."""
        name = self.files.name(path)
        if not self.holds(path):  # a link
            self._tell_outside(name, Place(name))
            return None
        text = self.files.text(path)
        if text is None and path.is_symlink():
            self.report("terraform-file link", Place(name), name=name)
        return text


class Resource(Protocol):
    """One instance. ``type`` is Terraform's (``aws_sqs_queue``)."""

    @property
    def context(self) -> Context:
        """What the whole configuration shares."""

    @property
    def address(self) -> str:
        """Its address (``module.api.aws_sqs_queue.q[0]``)."""

    @property
    def type(self) -> str:
        """Its type."""

    @property
    def is_data(self) -> bool:
        """Whether it is a data source."""

    @property
    def place(self) -> Place:
        """Where it is declared."""

    @property
    def id(self) -> str:
        """Its logical id in the template."""

    def argument(self, name: str) -> Any:
        """The value of an argument, or the list of the nested blocks of that name; None where there is neither."""

    def arguments(self) -> MapNode:
        """All arguments and blocks."""

    def attribute(self, name: str) -> Any:
        """What an expression gets of it."""

    def place_of(self, name: str) -> Place:
        """Where an argument stands."""

    def ignored(self) -> dict[str, Place]:
        """The arguments of which Terraform ignores changes (``lifecycle``), and where it says so; ``all`` for all."""

    def text_place(self, name: str) -> Place:
        """Where the text of an argument begins."""
