"""One template while it is read: its resources, what names in it mean, and what is to be told about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.core.text import Att, Ref, Text
from scopedown.documents.nodes import place_of
from scopedown.project.cloudformation.template import Template
from scopedown.project.findings import reported
from scopedown.project.intrinsics import Scope, is_intrinsic, to_text, with_defaults
from scopedown.project.model import DeclaredResource, Tree

FUNCTION: Final = "AWS::Lambda::Function"
_POINTING: Final = {"AWS::Lambda::Alias": "FunctionName", "AWS::Lambda::Version": "FunctionName"}
"""Types that stand for a function, and the property that says for which."""


@dataclass(slots=True)
class Stack:
    """A template whose conditions are decided as far as they can be; ``resources`` are those that it deploys."""

    template: Template
    resources: dict[str, DeclaredResource]
    scope: Scope
    findings: list[Finding] = field(default_factory=list)
    _names: dict[str, str] | None = None

    @property
    def place(self) -> Place:
        """The template's beginning: where a thing stands whose place nobody knows."""
        return Place(self.template.file)

    def report(self, name: str, place: Place | None, /, **values: object) -> None:
        """Note a finding of ``findings.tsv``."""
        self.findings.append(reported(name, place or self.place, **values))

    def text(self, tree: Tree) -> Text:
        """A value of the template as text."""
        return to_text(tree, self.scope)

    def known(self, tree: Tree) -> Text:
        """A value as it deploys by default: parameters at their defaults."""
        return with_defaults(to_text(tree, self.scope), self.scope)

    def of_type(self, *types: str) -> Iterator[DeclaredResource]:
        """The resources of these types, in the template's order."""
        return (resource for resource in self.resources.values() if resource.type in types)

    def functions_in(self, tree: Tree) -> list[str]:
        """The logical ids of the functions that a value names: by reference, by an alias, in an ARN, by name."""
        if tree is None:
            return []
        text = self.text(tree)
        found = [
            id for part in text.parts if isinstance(part, Ref | Att) and (id := self._function(part.id)) is not None
        ]
        if not found and text.parts:
            written = str(text)
            name = written.partition(":function:")[2].partition(":")[0].partition("/")[0] or written
            if (id := self._by_name().get(name)) is not None:
                found.append(id)
        return list(dict.fromkeys(found))

    def _function(self, id: str, depth: int = 0) -> str | None:
        resource = self.resources.get(id)
        if resource is None or depth > 5:
            return None
        if resource.type == FUNCTION:
            return id
        pointing = _POINTING.get(resource.type)
        if pointing is None:
            return None
        for part in self.text(resource.properties.get(pointing)).parts:
            if isinstance(part, Ref | Att) and (found := self._function(part.id, depth + 1)) is not None:
                return found
        return None

    def _by_name(self) -> dict[str, str]:
        """Functions by the names that the template gives them."""
        if self._names is None:
            self._names = {}
            for resource in self.of_type(FUNCTION):
                name = resource.properties.get("FunctionName")
                if name is not None and not (text := self.text(name)).unknowns:
                    self._names.setdefault(str(text), resource.logical_id)
        return self._names

    def referenced(self, tree: Tree) -> DeclaredResource | None:
        """The declared resource that a value names by a reference alone, or as the only one in a text."""
        ids = {part.id for part in self.text(tree).parts if isinstance(part, Ref | Att)} if tree is not None else set()
        return self.resources.get(ids.pop()) if len(ids) == 1 else None

    def mapping(self, holder: Mapping[str, Any], key: str, owner: str) -> Mapping[str, Any]:
        """A property that must be a mapping; empty (and a finding) where it is something else."""
        value = holder.get(key)
        if isinstance(value, Mapping) and not is_intrinsic(value):
            return value
        if value is not None and not isinstance(value, Text) and not is_intrinsic(value):
            self.wrong(holder, key, owner, "a mapping")
        return {}

    def sequence(self, holder: Mapping[str, Any], key: str, owner: str) -> list[Any]:
        """A property that must be a list; empty (and a finding) where it is something else."""
        value = holder.get(key)
        if isinstance(value, list):
            return value
        if value is not None and not isinstance(value, Text) and not is_intrinsic(value):
            self.wrong(holder, key, owner, "a list")
        return []

    def wrong(self, holder: Mapping[str, Any], key: str, owner: str, wanted: str) -> None:
        """Tell that a property is of the wrong type."""
        self.report("wrong-type value", place_of(holder, key) or place_of(holder), owner=owner, key=key, wanted=wanted)
