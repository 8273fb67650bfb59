"""A template as CloudFormation takes it: its text read, its shape checked, and what became of its resources.

In: the text of a template (JSON or YAML, short tags in their long form). Out: a plain tree of which every section is a
mapping and every resource has a type; what CloudFormation refuses at once is a :class:`TemplateError` with its words.
Quotas: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.documents.document import parse_json, parse_yaml

Template = Mapping[str, Any]

SECTIONS: Final = frozenset({
    "AWSTemplateFormatVersion", "Conditions", "Description", "Globals", "Hooks", "Mappings", "Metadata", "Outputs",
    "Parameters", "Resources", "Rules", "Transform",
})  # fmt: skip
MOST: Final = {"Resources": 500, "Outputs": 200, "Parameters": 200, "Mappings": 200}
"""How many members a section may have."""


@dataclass
class Made:
    """A resource that exists: what ``Ref`` and ``Fn::GetAtt`` give, and the properties that it was made with.

    ``declared`` are the properties with dynamic references as the template writes them. ``open``: a stand-in that
    answers any attribute, as a custom resource's function would.
    """

    physical: str
    attributes: dict[str, Any] = field(default_factory=dict)
    type: str = ""
    properties: dict[str, Any] = field(default_factory=dict)
    declared: dict[str, Any] = field(default_factory=dict)
    deletion_policy: str = "Delete"
    update_replace_policy: str = "Delete"
    metadata: Any = None
    stack_tags: dict[str, str] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    open: bool = False


class TemplateError(Exception):
    """Something in a template, or in a resource's properties, that CloudFormation or the resource's handler refuses."""


class HalfMadeError(TemplateError):
    """A resource that failed while it was created and is there all the same: the rollback deletes ``made``."""

    def __init__(self, message: str, made: Made) -> None:
        super().__init__(message)
        self.made = made


class NoExportError(TemplateError):
    """A value that no stack exports."""


def read(text: str) -> dict[str, Any]:
    """A template's tree. Raises TemplateError."""
    is_json = text.lstrip()[:1] == "{"
    try:
        document = parse_json(text, "template") if is_json else parse_yaml(text, "template", template=True)
    except ScopedownError as error:
        at = f" (line {error.place.line}, column {error.place.column})" if error.place and error.place.line else ""
        raise TemplateError(f"Template format error: {'JSON' if is_json else 'YAML'} not well-formed.{at}") from None
    tree = plain(document.tree)
    if not isinstance(tree, dict):
        raise TemplateError("Template format error: unsupported structure.")
    return tree


def plain(tree: Any) -> Any:
    """A tree without places, so that it can be compared, dumped and changed."""
    if isinstance(tree, Mapping):
        return {str(key): plain(value) for key, value in tree.items()}
    return [plain(item) for item in tree] if isinstance(tree, list) else tree


def checked(tree: Mapping[str, Any]) -> Template:
    """The template, of a shape that the other modules rely on. Raises TemplateError."""
    if strange := sorted(set(tree) - SECTIONS):
        raise TemplateError(f"Invalid template property or properties [{', '.join(strange)}]")
    found = {name: value for name, value in tree.items() if value is not None}
    for name in ("Conditions", "Mappings", "Outputs", "Parameters", "Resources"):
        if not isinstance(found.get(name, {}), Mapping):
            raise TemplateError(f"Template format error: {name} must be an object.")
        if len(found.get(name, {})) > (most := MOST.get(name, 10_000)):
            raise TemplateError(
                f"Template format error: Number of {name.lower()}, {len(found[name])}, is greater than maximum "
                f"allowed, {most}"
            )
    if not found.get("Resources"):
        raise TemplateError("Template format error: At least one Resources member must be defined.")
    for name in ("Outputs", "Parameters", "Resources"):
        for id, one in found.get(name, {}).items():
            _member(name, id, one)
    return found


def _member(section: str, id: str, one: Any) -> None:
    """One parameter, resource or output."""
    if id.startswith("Fn::ForEach::"):
        return
    if not isinstance(one, Mapping):
        raise TemplateError(f"Template format error: [/{section}/{id}] Every {section} member must be an object.")
    if not id.isalnum():
        raise TemplateError(
            f"Template format error: {section.removesuffix('s')} name {id} is non alphanumeric."
        )  # fmt: skip
    wanted = "Value" if section == "Outputs" else "Type"
    if wanted not in one:
        raise TemplateError(f"Template format error: [/{section}/{id}] Every {section} object must contain a {wanted} "
                            "member.")  # fmt: skip
    if section == "Outputs":
        return
    if not isinstance(one["Type"], str):
        raise TemplateError(f"Template format error: [/{section}/{id}/Type] 'String' was expected.")
    if section == "Resources" and one["Type"].count("::") < 1:
        raise TemplateError(f"Template format error: Unrecognized resource types: [{one['Type']}]")
    if not isinstance(one.get("Properties") or {}, Mapping):
        raise TemplateError(f"Template format error: [/{section}/{id}/Properties] 'Object' was expected.")


def section(template: Template, name: str) -> Mapping[str, Any]:
    """A section; empty where there is none."""
    found: Mapping[str, Any] = template.get(name) or {}
    return found
