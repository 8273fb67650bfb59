"""Where the constructs of a CDK app are written: the templates in cdk.out are made anew by each synth.

A template says of each resource its construct's path (``Metadata``, ``aws:cdk:path``); where the app makes it,
:mod:`scopedown.project.cdk.program.find` knows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from scopedown.checks.model import Problem
from scopedown.core.place import Place
from scopedown.project.cdk.constructs import construct_path
from scopedown.project.model import Project

if TYPE_CHECKING:
    from scopedown.project.cdk.program.find import App

_SYNTHESIZED = "what was synthesized"
_BY_NAME = "what was synthesized; the line was found by the construct's name"


@dataclass
class Constructs:
    """The constructs of one app, asked for by places in its templates."""

    project: Project

    @cached_property
    def _app(self) -> App:
        from scopedown.project.cdk.program.find import App  # it loads parsers

        return App(self.project)

    def told(self, problem: Problem) -> Problem:
        """A problem as the app's author can use it: with the construct, at its line where that is known, unfixed."""
        path = self._path(problem.place)
        if not path:
            return replace(problem, fix=None)
        shown = path.strip("/").removesuffix("/Resource")
        told = replace(problem, message=f"{problem.message} (construct {shown})", fix=None)
        found = self._app.around(path)
        if found is None:
            return told
        related = (problem.place, _BY_NAME if found.by_name else _SYNTHESIZED)
        return replace(told, place=found.place, related=(*problem.related, related))

    def _path(self, place: Place) -> str:
        """The path of the construct whose resource is at a place."""
        before = (
            one
            for one in self.project.deployed.values()
            if one.place.file == place.file and one.place.line <= place.line
        )
        found = max(before, key=lambda one: one.place.line, default=None)
        return construct_path(found.attributes) if found is not None else ""
