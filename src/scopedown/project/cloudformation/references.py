"""References that lead nowhere: names that a template does not declare, attributes that a type does not have.

CloudFormation refuses such a template. In: the tree, its nested stacks in it. Out: one finding a name, where it stands
first. What ``Fn::GetAtt`` gives is taken from the catalog, for the types that it knows; custom resources answer what
they like, and a stack its outputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from scopedown.catalog.load import catalog
from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.documents.nodes import MapNode, place_of
from scopedown.project.references import COMPUTED, references

_OPEN: Final = ("AWS::CloudFormation::CustomResource", "AWS::CloudFormation::Stack", "AWS::Serverless::", "Custom::")


def unknown_references(tree: MapNode) -> list[Finding]:
    """What a template refers to and does not have."""
    resources, parameters = (_names(tree, section) for section in ("Resources", "Parameters"))
    found: dict[tuple[str, str], Finding] = {}
    for section in ("Conditions", "Resources", "Outputs"):
        declared: Mapping[str, Any] = {} if section == "Conditions" else resources  # conditions see parameters alone
        for reference in references(tree.get(section), place_of(tree, section) or Place("")):
            name, attribute, place = reference.name, reference.attribute, reference.place
            if (name, "") in found or (name, attribute) in found or name.startswith("AWS::"):
                continue
            if name not in declared and (attribute or name not in parameters):
                found[name, ""] = Finding(
                    "reference-unknown", f"the template refers to {name}, which it does not declare", place,
                    "declare it, or correct the name",
                )  # fmt: skip
            elif attribute and (kind := _without(resources.get(name), attribute)):
                found[name, attribute] = Finding(
                    "attribute-unknown", f"{name} has no attribute {attribute}: {kind} does not return it", place,
                    "use an attribute that AWS documents under the type's return values",
                )  # fmt: skip
    return list(found.values())


def _names(tree: MapNode, section: str) -> Mapping[str, Any]:
    value = tree.get(section)
    return value if isinstance(value, Mapping) else {}


def _without(resource: Any, attribute: str) -> str | None:
    """The type of a resource, where it is known not to have the attribute."""
    kind = resource.get("Type") if isinstance(resource, Mapping) else None
    if not isinstance(kind, str) or kind.startswith(_OPEN):
        return None
    known = _attributes(kind)
    if not known or attribute in known or attribute == COMPUTED:
        return None
    return None if any(one.startswith(f"{attribute}.") for one in known) else kind


@lru_cache(maxsize=1024)
def _attributes(kind: str) -> frozenset[str]:
    """What ``Fn::GetAtt`` gives of a type; empty where the catalog does not know."""
    known = catalog().cloudformation_type(kind)
    return frozenset(known.attributes) if known is not None else frozenset()
