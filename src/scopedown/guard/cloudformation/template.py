"""A template as CloudFormation takes it: its text read, its shape checked, the order and what became of its resources.

In: the text of a template (JSON or YAML, short tags in their long form). Out: a plain tree of which every section is a
mapping and every resource has a type; waves of logical ids, each after those that it refers to or depends on. What
CloudFormation refuses at once (references that lead nowhere, cycles) is a :class:`TemplateError` with its words.
Quotas: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.documents.document import parse_json, parse_yaml
from scopedown.project.references import functions, names, references

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


def depends_on(resource: Mapping[str, Any]) -> list[str]:
    """What ``DependsOn`` names."""
    given = resource.get("DependsOn") or []
    return [given] if isinstance(given, str) else [one for one in given if isinstance(one, str)]


def needs(resources: Mapping[str, Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """By logical id: the others that must be there first."""
    return {
        id: frozenset(resources) & names(one.get("Properties")).union(depends_on(one)) - {id}
        for id, one in resources.items()
    }


def waves(graph: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """Logical ids in waves, each needing only those before. Raises TemplateError for a cycle."""
    position = {id: index for index, id in enumerate(graph)}
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as error:
        names = ", ".join(sorted(set(error.args[1])))
        raise TemplateError(f"Circular dependency between resources: [{names}]") from None
    found = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=lambda id: position.get(id, -1))
        sorter.done(*ready)
        found.append([id for id in ready if id in position])
    return found


def check_references(template: Template) -> None:
    """Raise TemplateError where a name is not declared
    (in what are CloudFormation's words; unverified)."""
    parameters, resources = section(template, "Parameters"), section(template, "Resources")
    for name in ("Resources", "Outputs"):
        missing: list[str] = []
        for one in section(template, name).values():
            trees = [one.get(key) for key in ("Properties", "Value", "Export", "Metadata", "UpdatePolicy")]
            for reference in references(trees):
                id = reference.name
                if id.startswith("AWS::") or id in resources or (not reference.attribute and id in parameters):
                    continue
                if reference.attribute:
                    raise TemplateError(f"Template error: instance of Fn::GetAtt references undefined resource {id}")
                missing.append(id)
            missing += [id for id in depends_on(one) if name == "Resources" and id not in resources]
        if missing:
            raise TemplateError(
                f"Template format error: Unresolved resource dependencies [{', '.join(dict.fromkeys(missing))}] in the "
                f"{name} block of the template"
            )
    conditions = section(template, "Conditions")
    for name in ("Resources", "Outputs"):
        for one in section(template, name).values():
            wanted = one.get("Condition")
            if wanted is not None and (not isinstance(wanted, str) or wanted not in conditions):
                raise TemplateError(
                    f"Template format error: Unresolved condition dependency {wanted} in the {name} block of the "
                    "template"
                )
            for function, argument in functions(one):
                named = argument[0] if function == "Fn::If" and isinstance(argument, list) and argument else None
                if isinstance(named, str) and named not in conditions:
                    raise TemplateError(
                        f"Template error: unresolved condition dependency {named} in the {name} block of the template"
                    )
