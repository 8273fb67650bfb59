"""What differs between a stack and what it is to become: resource by resource, before anything is done.

In: a stack, what is desired. Out: the changes that a change set shows, and whether there is any. The same comparison of
properties is made again while the stack is brought there, then with every value known.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.guard.cloudformation.driver import AsCaller, Driver
from scopedown.guard.cloudformation.engine import Engine
from scopedown.guard.cloudformation.external_values import AroundStack
from scopedown.guard.cloudformation.functions import LATER, Scope, evaluate
from scopedown.guard.cloudformation.model import Change, Desired, Stack
from scopedown.guard.cloudformation.template import Made, TemplateError, needs, section, waves

STACK_TAGS: Final = "stack tags"
"""Stands among the names of changed properties where the stack's tags changed."""
DELETION: Final = ("Delete", "Retain", "Snapshot", "RetainExceptOnCreate")
SNAPSHOTS: Final = ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::Neptune::DBCluster")
"""Types that leave a snapshot where no DeletionPolicy is written: a cluster, and an instance of no cluster
(https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html)."""


@dataclass(frozen=True)
class Wanted:
    """One resource of the template, its functions evaluated; dynamic references stand in ``declared`` as written."""

    id: str
    type: str
    declared: dict[str, Any]
    deletion_policy: str
    update_replace_policy: str
    metadata: Any
    needs: frozenset[str]


def scope_of(stack: Stack, desired: Desired, around: AroundStack, planning: bool = False) -> Scope:
    """What names mean in a stack's template."""
    pseudo = {
        "AWS::AccountId": stack.account, "AWS::Region": stack.region, "AWS::Partition": "aws",
        "AWS::URLSuffix": "amazonaws.com", "AWS::StackName": stack.name, "AWS::StackId": stack.id,
        "AWS::NotificationARNs": list(desired.notifications),
    }  # fmt: skip
    template = desired.template
    made = dict(stack.made) if planning else stack.made
    return Scope(
        pseudo, around, desired.values, section(template, "Mappings"), section(template, "Conditions"),
        frozenset(section(template, "Resources")), made, planning,
    )  # fmt: skip


def active(desired: Desired, scope: Scope) -> dict[str, Mapping[str, Any]]:
    """The resources that the conditions let be. Raises TemplateError."""
    return {
        id: one for id, one in section(desired.template, "Resources").items()
        if "Condition" not in one or scope.truth(one["Condition"])
    }  # fmt: skip


def wanted(id: str, resource: Mapping[str, Any], needed: frozenset[str], scope: Scope) -> Wanted:
    """A resource, evaluated. Raises TemplateError and DeniedError."""
    type = resource["Type"]
    properties = evaluate(resource.get("Properties") or {}, scope)
    policies = []
    for name in ("DeletionPolicy", "UpdateReplacePolicy"):
        policy = evaluate(resource.get(name), scope)
        if policy is not None and policy not in DELETION:
            raise TemplateError(f"Template error: Unrecognized {name} {policy} for resource {id}")
        left = type in SNAPSHOTS and "DBClusterIdentifier" not in (properties or {})
        policies.append(policy or ("Snapshot" if left and name == "DeletionPolicy" else "Delete"))
    if not isinstance(properties, dict):
        raise TemplateError(f"Template format error: [/Resources/{id}/Properties] 'Object' was expected.")
    return Wanted(id, type, properties, policies[0], policies[1], resource.get("Metadata"), needed)


def note(made: Made, one: Wanted, desired: Desired) -> None:
    """What a template says of a resource beside its properties."""
    made.deletion_policy, made.update_replace_policy = one.deletion_policy, one.update_replace_policy
    made.declared = one.declared
    made.metadata, made.needs, made.stack_tags = one.metadata, one.needs, dict(desired.tags)


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> frozenset[str]:
    """The names of the properties that differ."""
    return frozenset(name for name in {*one, *other} if one.get(name) != other.get(name))


def retyped(stack: Stack, desired: Desired) -> None:
    """Raise TemplateError where a resource that exists would get another type."""
    resources = section(desired.template, "Resources")
    found = [id for id, made in stack.made.items() if id in resources and resources[id]["Type"] != made.type]
    if found:
        raise TemplateError(
            "Update of resource type is not permitted. The new template modifies resource type of the following "
            f"resources: [{', '.join(found)}]"
        )


def changes_of(engine: Engine, stack: Stack, desired: Desired, hands: AsCaller) -> tuple[Change, ...]:
    """All changes, in the template's order. Raises TemplateError."""
    retyped(stack, desired)
    scope = scope_of(stack, desired, AroundStack(engine, hands), planning=True)
    resources = active(desired, scope)
    graph = needs(resources)
    found: dict[str, Change] = {}
    for wave in waves(graph):
        for id in wave:
            made = stack.made.get(id)
            one = wanted(id, resources[id], graph[id], scope)
            if made is None:
                found[id] = Change("Add", id, one.type)
            elif (change := _modified(engine.driver(one.type), made, one, desired.tags)) is not None:
                found[id] = change
                if change.replacement == "True" and isinstance(scope.made, dict):
                    del scope.made[id]  # what refers to it will know only later
    gone = [Change("Remove", id, made.type, made.physical) for id, made in stack.made.items() if id not in resources]
    return (*gone, *(found[id] for id in resources if id in found))


def _modified(driver: Driver | None, made: Made, one: Wanted, tags: Mapping[str, str]) -> Change | None:
    changed = differing(made.declared, one.declared)
    scope = [name for name, here in (
        ("Properties", bool(changed - {"Tags"})),
        ("Tags", bool(changed & {"Tags"}) or dict(tags) != made.stack_tags),
        ("Metadata", made.metadata != one.metadata),
        ("DeletionPolicy", made.deletion_policy != one.deletion_policy),
        ("UpdateReplacePolicy", made.update_replace_policy != one.update_replace_policy),
    ) if here]  # fmt: skip
    if not scope:
        return None
    by = changed & driver.replaced_by if driver else frozenset()
    certain = any(not _is_later(one.declared.get(name)) for name in by)
    replacement = "False" if not by else "True" if certain else "Conditional"
    return Change("Modify", one.id, one.type, made.physical, replacement, tuple(sorted(changed)), tuple(scope))


def _is_later(value: Any) -> bool:
    return LATER in json.dumps(value, default=str)


def is_same(stack: Stack, desired: Desired, changes: tuple[Change, ...]) -> bool:
    """Whether a stack is already what is desired: what it makes, tells and notifies."""
    before = stack.deployed
    return (
        not changes and before.tags == desired.tags and before.notifications == desired.notifications
        and section(before.template, "Outputs") == section(desired.template, "Outputs")
        and not _told(stack, desired)
    )  # fmt: skip


def _told(stack: Stack, desired: Desired) -> bool:
    """Whether an output is filled by a parameter that changed."""
    used = json.dumps(section(desired.template, "Outputs")) if desired.values != stack.deployed.values else ""
    return any(f'"{name}"' in used or f"${{{name}}}" in used for name in differing(
        stack.deployed.values, desired.values))  # fmt: skip
