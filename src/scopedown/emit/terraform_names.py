"""Symbolic text as Terraform writes it: with the names that the files of a module have for things.

In: a project's resources, and the module whose file it is for. Out: a :class:`~scopedown.emit.terraform.Template`. What
a module has no name for is asked of ``other``; region, account and partition are data sources
(https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/caller_identity).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.core.text import AnyText, Att, EnvVar, Literal, Param, Part, Pseudo, Ref, Text, Unknown
from scopedown.emit.terraform import Code, Template
from scopedown.project.model import Project
from scopedown.project.terraform.rows import expression_of, resource_rows

SOURCES: Final = {
    "AWS::Partition": ("aws_partition", "partition"),
    "AWS::Region": ("aws_region", "id"),
    "AWS::AccountId": ("aws_caller_identity", "account_id"),
}
"""The data sources of pseudo parameters, and their attributes."""


def _current(type: str) -> str:
    return "current"


@dataclass(frozen=True)
class Names:
    """``module`` begins the addresses of the module that text is written for (``module.api.``; empty for the root).
    ``source`` gives the name of a data source of a type."""

    project: Project
    other: Callable[[Part], str | Code]
    source: Callable[[str], str] = _current
    module: str = ""

    def tree(self, tree: Any) -> Any:
        """A statement with every text in it as a template."""
        if isinstance(tree, Text):
            return self.template(tree)
        if isinstance(tree, Mapping):
            return {key: self.tree(item) for key, item in tree.items()}
        if isinstance(tree, list | tuple):
            return [self.tree(item) for item in tree]
        return tree

    def template(self, text: Text) -> Template:
        """A text."""
        pieces: list[str | Code] = []
        parts = text.parts
        while parts:
            found, count = self._attribute(parts)
            for piece in [found] if found is not None else self._pieces(parts[0]):
                if piece != "*" or not pieces or isinstance(pieces[-1], Code) or not pieces[-1].endswith("*"):
                    pieces.append(piece)
            parts = parts[count:]
        return Template(tuple(pieces))

    def expression(self, part: Part) -> Code | None:
        """What a resource, or an attribute of it, is in the module's files; None where they have no name for it."""
        if not isinstance(part, Ref | Att) or not part.id.startswith(self.module):
            return None
        resource = self.project.resource(part.id) if self.project.framework == "terraform" else None
        name = part.name if isinstance(part, Att) else "Ref"
        found = resource and expression_of(part.id[len(self.module) :], resource.type, name)
        return Code(found) if found else None

    def _attribute(self, parts: tuple[Part, ...]) -> tuple[Code | None, int]:
        """An attribute that is made of several parts (the ARN of a log group), and how many of them there are."""
        for part in parts if isinstance(parts[0], Literal) else ():
            if not isinstance(part, Ref | Att) or not part.id.startswith(self.module):
                continue
            id = part.id[len(self.module) :]
            row = resource_rows().get(id.partition(".")[0])
            for name, written in row.attributes.items() if row is not None and "|" not in id else ():
                whole = row.attribute(name, part.id) if row is not None and "{" in written else None
                if whole is not None and parts[: len(whole.parts)] == whole.parts:
                    return Code(f"{id}.{name}"), len(whole.parts)
            break
        return None, 1

    def _pieces(self, part: Part) -> list[str | Code]:
        match part:
            case Literal(value):
                return [value]
            case Pseudo(name) if name in SOURCES:
                type, attribute = SOURCES[name]
                return [Code(f"data.{type}.{self.source(type)}.{attribute}")]
            case EnvVar() | AnyText() | Unknown():
                return ["*"]
            case Param(name) if name == "terraform.workspace" or (name.startswith("var.") and not self.module):
                return [Code(name)]
            case _:
                return [self.expression(part) or self.other(part)]
