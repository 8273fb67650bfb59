"""What is wrong with a template, or left out of its deployment: the rest of it is read all the same."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from scopedown.catalog.load import catalog
from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import MapNode, mappings, place_of
from scopedown.project.cloudformation.stack import Stack
from scopedown.project.findings import reported
from scopedown.project.intrinsics import Scope, is_intrinsic
from scopedown.project.model import DeclaredResource
from scopedown.project.references import COMPUTED, references

# Roles and policies whose parts are of the wrong type.


def check_role(stack: Stack, role: DeclaredResource) -> None:
    """Tell what is wrong about a role's properties."""
    stack.sequence(role.properties, "ManagedPolicyArns", role.logical_id)
    stack.mapping(role.properties, "AssumeRolePolicyDocument", role.logical_id)
    policies = stack.sequence(role.properties, "Policies", role.logical_id)
    for index, policy in enumerate(policies):
        if isinstance(policy, Mapping):
            check_document(stack, policy, role.logical_id)
        elif not isinstance(policy, Text):
            place = place_of(policies, index) or role.place
            stack.report("wrong-type policy", place, logical_id=role.logical_id)


def check_document(stack: Stack, policy: Mapping[str, Any], owner: str) -> None:
    """Tell what is wrong about a policy's document."""
    document = stack.mapping(policy, "PolicyDocument", owner)
    written = document.get("Statement")
    if isinstance(written, list):
        for index, statement in enumerate(written):
            if not isinstance(statement, Mapping | Text):
                stack.report("wrong-type statement", place_of(written, index), owner=owner)
    elif written is not None and not isinstance(written, Mapping | Text) and not is_intrinsic(written):
        stack.wrong(document, "Statement", owner, "a list of statements")


# Functions that a condition leaves out of the deployment, and what would bring them in.


_FUNCTIONS = ("AWS::Lambda::Function", "AWS::Serverless::Function")
_OPTIONS = {"AWS::Region": "--region REGION", "AWS::AccountId": "--account ACCOUNT"}


def left_out(id: str, type_name: str, condition: str, scope: Scope, place: Place) -> Finding | None:
    """A note about a resource whose condition is false; None where it is no function."""
    if type_name not in _FUNCTIONS:
        return None
    inputs = dict.fromkeys(_inputs(condition, scope))
    options = [
        _OPTIONS.get(name) or f"--param {name}=VALUE" for name in inputs if name in _OPTIONS or name in scope.parameters
    ]
    return reported(
        "function-left-out",
        place,
        id=id,
        condition=condition,
        remedy=f"bring it in with {' or '.join(options)}" if options else "",
    )


def _inputs(condition: str, scope: Scope) -> list[str]:
    """The parameters and pseudo parameters that decide a condition, through the conditions that it names."""
    found: list[str] = []
    wanted, seen = [condition], set()
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        tree: Any = scope.conditions.get(name)
        for node, _ in mappings(tree, None):
            if isinstance(used := node.get("Ref"), str):
                found.append(used)
            if isinstance(other := node.get("Condition"), str):
                wanted.append(other)
    return found


# References that lead nowhere: names that a template does not declare, attributes that a type does not have.
# CloudFormation refuses such a template. What ``Fn::GetAtt`` gives is taken from the catalog, for the types that it
# knows; custom resources answer what they like, and a stack its outputs.


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
                found[name, ""] = reported("reference-unknown", place, name=name)
            elif attribute and (kind := _without(resources.get(name), attribute)):
                found[name, attribute] = reported("attribute-unknown", place, name=name, attribute=attribute, kind=kind)
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
