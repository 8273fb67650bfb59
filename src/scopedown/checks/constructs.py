"""Where the constructs of a CDK app are written: the templates in cdk.out are made anew by each synth.

A template says of each resource its construct's path (``Metadata``, ``aws:cdk:path``), and the assembly's metadata the
stack of calls that made the construct (``aws:cdk:creationStack``, as aws-cdk-lib 2.276.0 writes it for an app in
JavaScript; older ones have it with ``--debug`` as ``trace``). Schema:
https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from scopedown.checks.model import Problem
from scopedown.core.place import Place
from scopedown.documents.nodes import as_map
from scopedown.project.model import Project

_FRAME = re.compile(r"(?:^|\()(?:file://)?(?P<file>[^()]+?):(?P<line>\d+):(?P<column>\d+)\)?$")
_NOT_THE_APPS = {"node_modules", "cdk.out", ".venv", "site-packages"}
_MAX_BYTES = 50_000_000


@dataclass(slots=True)
class Constructs:
    """The constructs of one app, asked for by places in its templates."""

    project: Project
    _templates: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _stacks: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def told(self, problem: Problem) -> Problem:
        """A problem as the app's author can use it: with the construct, at its line where that is known, unfixed."""
        path = self._path(problem.place)
        if not path:
            return replace(problem, fix=None)
        shown = path.strip("/").removesuffix("/Resource")
        written = self._written(posixpath.dirname(problem.place.file), path)
        told = replace(problem, message=f"{problem.message} (construct {shown})", fix=None)
        if written is None:
            return told
        return replace(told, place=written, related=(*problem.related, (problem.place, "what was synthesized")))

    def _path(self, place: Place) -> str:
        """The path of the construct whose resource stands at a place."""
        before = (
            one
            for one in self.project.deployed.values()
            if one.place.file == place.file and one.place.line <= place.line
        )
        found = max(before, key=lambda one: one.place.line, default=None)
        if found is None:
            return ""
        resources = as_map(self._template(place.file).get("Resources"))
        resource = as_map(resources.get(found.logical_id.rpartition("/")[2]))
        path = as_map(resource.get("Metadata")).get("aws:cdk:path")
        return path if isinstance(path, str) else ""

    def _template(self, file: str) -> Mapping[str, Any]:
        if file not in self._templates:
            self._templates[file] = _read(Path(self.project.root) / file)
        return self._templates[file]

    def _written(self, folder: str, path: str) -> Place | None:
        """The line that made a construct; that of the nearest construct around it, where its own is not known."""
        if folder not in self._stacks:
            self._stacks[folder] = dict(_creations(Path(self.project.root) / folder))
        stacks = self._stacks[folder]
        segments = path.strip("/").split("/")
        for length in range(len(segments), 1, -1):
            inner = "/".join(segments[:length])
            for name in (inner, f"{inner}/Resource"):
                place = self._own_frame(stacks.get(name, []))
                if place is not None:
                    return place
        return None

    def _own_frame(self, frames: list[str]) -> Place | None:
        """The innermost call that stands in the app's own files."""
        root = Path(self.project.root).resolve()
        for frame in frames:
            match = _FRAME.search(frame)
            file = Path(match["file"]) if match else None
            if match is None or file is None or not file.is_absolute() or not file.is_relative_to(root):
                continue
            name = file.relative_to(root)
            if not _NOT_THE_APPS & set(name.parts) and file.is_file():
                return Place(name.as_posix(), int(match["line"]), int(match["column"]))
        return None


def _creations(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The stack of calls that made each construct, by its path, of all metadata of an assembly."""
    files = [_read(path) for path in sorted(folder.glob("*.metadata.json"))]
    artifacts = as_map(_read(folder / "manifest.json").get("artifacts"))
    inline = (as_map(as_map(artifact).get("metadata")) for artifact in artifacts.values())
    for metadata in (*files, *inline):
        for path, entries in metadata.items():
            for entry in entries if isinstance(entries, list) else ():
                frames = as_map(entry).get("data" if as_map(entry).get("type") == _CREATION else "trace")
                if isinstance(frames, list):
                    yield path.strip("/"), [frame for frame in frames if isinstance(frame, str)]


_CREATION = "aws:cdk:creationStack"


def _read(path: Path) -> Mapping[str, Any]:
    """A file of JSON; empty where there is none that can be read."""
    try:
        return as_map(json.loads(path.read_text("utf-8"))) if path.stat().st_size <= _MAX_BYTES else {}
    except (OSError, ValueError, RecursionError):
        return {}
