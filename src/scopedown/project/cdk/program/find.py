"""From the path of a construct to the line of the app that makes it, and to the variable that holds it.

The assembly's metadata says the line (``creation_stacks``); where it does not, the line is found by name: of the
constructs that the program makes, the only one with this id, of a class that makes such a resource, inside of the class
that the construct around it is of. Where two fit, none is taken.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from scopedown.core.place import Place
from scopedown.project.cdk.constructs import construct_path, makes
from scopedown.project.cdk.creation_stacks import CreationStacks
from scopedown.project.cdk.program.files import language_of, source_files
from scopedown.project.cdk.program.model import Creation, SourceFile
from scopedown.project.model import DeclaredResource, Project

_MAX_DEPTH = 20
_STACK_DEPTH = 3
"""Ids of a path up to which the last may be made by the stack itself: ``Stage/Stack/Id``."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a construct is made. ``creation`` is what the program says there, where that is certain."""

    path: str
    place: Place
    creation: Creation | None
    by_name: bool
    """Whether the line was found by the construct's name, and is not from the assembly's metadata."""


@dataclass
class App:
    """The program of a project that is a CDK app."""

    project: Project
    _found: dict[str, Found | None] = field(default_factory=dict)

    @cached_property
    def language(self) -> str:
        """The app's language; empty where nothing says it."""
        return language_of(Path(self.project.root))

    @cached_property
    def files(self) -> Mapping[str, SourceFile]:
        """The files that make constructs, by their names."""
        return {one.name: one for one in source_files(Path(self.project.root), self.language)}

    def of(self, resource: DeclaredResource) -> Found | None:
        """Where the construct of a resource is made: its own line, and not that of a construct around it."""
        path = construct_path(resource.attributes)
        return self.find(_construct(path)) if path else None

    def around(self, path: str) -> Found | None:
        """Where a construct is made, or the nearest construct around it of which that is known."""
        segments = _construct(path).split("/")
        for length in range(len(segments), 1, -1):
            found = self.find("/".join(segments[:length]))
            if found is not None:
                return found
        return None

    def others(self, found: Found) -> tuple[str, ...]:
        """The other constructs of the same type that the same line makes."""
        return tuple(
            path for path in self._types
            if path != found.path and found.creation is not None and self._types[path] == self._types.get(found.path)
            and (other := self.find(path)) is not None and other.creation == found.creation
        )  # fmt: skip

    def find(self, path: str, depth: int = 0) -> Found | None:
        """Where the construct of a path (``Shop/Save``) is made."""
        if path not in self._found:
            self._found[path] = None  # whatever asks for itself gets nothing
            self._found[path] = self._searched(path, depth) if depth < _MAX_DEPTH else None
        return self._found[path]

    def _searched(self, path: str, depth: int) -> Found | None:
        type = self._types.get(path, "")
        id = path.rpartition("/")[2]
        place = self._stacks.place(self._folders.get(path.partition("/")[0], ""), path)
        if place is not None:
            file = self.files.get(place.file)
            here = [
                one for one in (file.creations if file else ())
                if one.place.line == place.line and one.id in (id, None) and self._makes(one.kind, type)
            ]  # fmt: skip
            exact = [one for one in here if one.place.column == place.column]
            here = exact or here
            return Found(path, place, here[0] if len(here) == 1 else None, False)
        made = self._by_name(path, id, type, depth)
        return Found(path, made.place, made, True) if made is not None else None

    def _by_name(self, path: str, id: str, type: str, depth: int) -> Creation | None:
        fitting = [one for one in self._by_id.get(id, ()) if self._makes(one.kind, type)]
        parent = path.rpartition("/")[0]
        if not fitting or not parent:
            return fitting[0] if len(fitting) == 1 else None
        above = self.find(parent, depth + 1)
        if above is not None and above.creation is not None:
            around = above.creation
            family = self._family(around.kind)
            inside = [
                one for one in fitting
                if (one.owner in family and one.scope in ("this", "self"))
                or (around.variable and one.scope == around.variable and one.owner == around.owner
                    and one.place.file == around.place.file)
            ]  # fmt: skip
            # A function outside of classes may make it, in whatever construct it is given.
            fitting = inside or [one for one in fitting if not one.owner and one.scope not in ("this", "self")]
        elif path.count("/") >= _STACK_DEPTH:
            return None  # what is around it may be of a library, and so may be what is in it
        return fitting[0] if len(fitting) == 1 else None

    def _makes(self, kind: str, type: str) -> bool:
        """Whether a class may make a resource of a type; whatever is around resources may be of any class."""
        return not type or any(makes(one, type) for one in self._family(kind))

    def _family(self, kind: str) -> set[str]:
        """A class, with those of the app that it extends, and the first of others."""
        family: set[str] = set()
        waiting = [kind]
        while waiting:
            one = waiting.pop()
            if one not in family:
                family.add(one)
                waiting += self._bases.get(one, ())
        return family

    @cached_property
    def _bases(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for file in self.files.values():
            for one in file.classes:
                found[one.name] = (*found.get(one.name, ()), *one.bases)
        return found

    @cached_property
    def _by_id(self) -> Mapping[str, list[Creation]]:
        found: defaultdict[str, list[Creation]] = defaultdict(list)
        for file in self.files.values():
            for one in file.creations:
                if one.id is not None:
                    found[one.id].append(one)
        return found

    @cached_property
    def _types(self) -> Mapping[str, str]:
        """The type of the resource that a construct is for, by the construct's path."""
        found: dict[str, str] = {}
        for resource in self.project.deployed.values():
            path = construct_path(resource.attributes)
            if path:
                found[_construct(path)] = resource.type
        return found

    @cached_property
    def _folders(self) -> Mapping[str, str]:
        """The folder of the assembly that a stack's (or a stage's) template is in, by the first id of its paths."""
        found: dict[str, str] = {}
        for resource in self.project.deployed.values():
            path = construct_path(resource.attributes)
            found.setdefault(path.partition("/")[0], posixpath.dirname(resource.place.file))
        return found

    @cached_property
    def _stacks(self) -> CreationStacks:
        return CreationStacks(Path(self.project.root))


def _construct(path: str) -> str:
    """The construct that a resource's path is of: ``Shop/Save`` for ``Shop/Save/Resource``."""
    return path.strip("/").removesuffix("/Resource")
