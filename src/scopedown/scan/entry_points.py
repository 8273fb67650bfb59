"""The entry points of one project: each function's call report, found now or recalled from an earlier run.

What finds calls is imported where nothing can be recalled: parsers, interpreter and libraries are most of the time that
a second run would take.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from scopedown.calls.faults import report_of_fault
from scopedown.calls.model import DECLARED, CallReport
from scopedown.catalog.load import catalog as bundled_catalog
from scopedown.catalog.model import Catalog
from scopedown.core.text import Literal, Text
from scopedown.project.model import Function, Handler, Project
from scopedown.source.disk import Disk

if TYPE_CHECKING:
    from scopedown.calls.report_cache import Recall, Whereabouts
    from scopedown.source.sources import Sources

MODULE_VARIABLES = ("PYTHONPATH", "NODE_PATH")
"""Environment variables that say where modules are."""

SNAPSHOT = ("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")
"""What says that hooks around a snapshot run."""

_PAYS_OFF = 1.0
"""Seconds that the functions still to come will take, by those before them, from which on processes pay off."""

_Package = tuple[str, tuple[str, ...], tuple[tuple[str, str], ...], tuple[str, ...]]
"""How a function is packaged: from which folder, with which layers, with which variables that say where modules are,
beside which other folders."""


class Entries:
    """The functions of a project; those that are packaged alike share what was read."""

    def __init__(self, project: Project, catalog: Catalog, recall: Recall | None = None) -> None:
        self._project = project
        self._catalog = catalog
        self._recall = recall
        self._disk = Disk()
        self._sources: dict[_Package, Sources] = {}

    def reports(self, functions: Sequence[Function], jobs: int = 1) -> Iterator[CallReport]:
        """The report of each function, in order; by up to ``jobs`` processes from where that saves time.

        Each function has a handler whose source was found.
        """
        started = 0.0
        for number, function in enumerate(functions):
            if number == 1:  # the first loads what finds calls, too
                started = time.monotonic()
            elif number > 1 and jobs > 1:
                each = (time.monotonic() - started) / (number - 1)
                if each * (len(functions) - number) > _PAYS_OFF:
                    yield from self._by_processes(functions[number:], jobs)
                    return
            yield self.report(function)

    def _by_processes(self, functions: Sequence[Function], jobs: int) -> Iterator[CallReport]:
        from scopedown.workers import in_order

        if self._catalog is not bundled_catalog():  # the other processes would not have it
            yield from map(self.report, functions)
            return
        # A forked process has what was read until then; one that is started anew begins with the project alone.
        yield from in_order(_report_there, functions, jobs, partial(_take_up, self))

    def __reduce__(self) -> tuple[Any, ...]:
        return _anew, (self._project, self._recall)

    def report(self, function: Function) -> CallReport:
        """The calls that can be reached from a function's handler; a fault of scopedown on the way is in the report.

        Code that stands in the template gets a name of its own, which no file has.
        """
        try:
            return self._report(function)
        except Exception as error:
            return report_of_fault(function.key, function.place, error)

    def _report(self, function: Function) -> CallReport:
        handler = function.handler
        if handler is None or handler.file is None:
            raise ValueError(f"scopedown did not find the source of the handler of {function.key}")
        file = handler.file
        if handler.inline is not None:
            file = f"{self._project.config}#{function.logical_id}/{file}"
        package = _package(function, handler)
        environment = _environment(function)

        def find() -> CallReport:
            from scopedown.calls.find import find_calls

            sources = self._sources_of(package)
            if handler.inline is not None:
                sources.add_inline(file, handler.inline.text, handler.inline.place)
            return find_calls(sources, self._catalog, self._project.dependencies, file, handler.symbol, environment)

        if self._recall is None:
            return find()
        at = handler.inline.place if handler.inline else None
        inline = [handler.inline.text, at.file, at.line, at.column] if handler.inline and at else None
        root = os.path.realpath(self._project.root)
        # Repositories have entries of the same name: its content tells them apart, so that each keeps its own report.
        content = self._disk.digest(("read", os.path.normpath(f"{root}/{handler.file}")))
        entry = [
            package,
            self._folders,
            file,
            content,
            handler.symbol,
            inline,
            dict(self._project.dependencies),
            environment,
        ]
        return self._recall.report(self._disk, self._whereabouts, entry, find)

    @cached_property
    def _whereabouts(self) -> Whereabouts:
        from scopedown.calls.report_cache import Whereabouts

        return Whereabouts.of(os.path.realpath(self._project.root))

    @cached_property
    def _folders(self) -> list[str]:
        """The folders that the project's functions are packaged from."""
        return sorted({one.handler.root for one in self._project.functions if one.handler is not None})

    def _sources_of(self, package: _Package) -> Sources:
        if package not in self._sources:
            from scopedown.source.sources import Sources

            root, layers, variables, search = package
            self._sources[package] = Sources(
                self._project.root, root, layers, self._disk, dict(variables), search, self._folders
            )
        return self._sources[package]


def _anew(project: Project, recall: Recall | None) -> Entries:
    return Entries(project, bundled_catalog(), recall)


_taken_up: list[Entries] = []
"""In a process that helps another: the entries of the project that both work on."""


def _take_up(entries: Entries) -> None:
    _taken_up[:] = [entries]


def _report_there(function: Function) -> CallReport:
    return _taken_up[0].report(function)


def _package(function: Function, handler: Handler) -> _Package:
    known = {name: text for name, text in _environment(function).items() if name in MODULE_VARIABLES}
    return handler.root, tuple(function.layers), tuple(sorted(known.items())), function.search


def _beginning(text: Text) -> str:
    """The text with which a variable begins, as far as it is known: ``sns://``."""
    first = text.parts[0] if text.parts else None
    return "".join(first.value.split()) if isinstance(first, Literal) else ""


def _environment(function: Function) -> dict[str, str]:
    """The function's variables that are set to known text, under DECLARED the names of the others, and what Lambda sets
    where it takes a snapshot
    (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html)."""
    known = {name: text.literal for name, text in sorted(function.environment.items()) if text.literal is not None}
    if others := {name: text for name, text in sorted(function.environment.items()) if name not in known}:
        known[DECLARED] = " ".join(f"{name}={_beginning(text)}" for name, text in others.items())
    return {**known, SNAPSHOT[0]: SNAPSHOT[1]} if function.settings.get("snapStart") else known
