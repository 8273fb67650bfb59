"""Roles and policies whose parts are of the wrong type: what cannot be read of them is told, and the rest is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scopedown.core.text import Text
from scopedown.documents.nodes import place_of
from scopedown.project.cloudformation.stack import Stack
from scopedown.project.intrinsics import is_intrinsic
from scopedown.project.model import DeclaredResource


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
            stack.tell(
                "wrong-type",
                f"a policy of {role.logical_id} is not a mapping",
                place,
                "write a policy with PolicyName and PolicyDocument",
            )


def check_document(stack: Stack, policy: Mapping[str, Any], owner: str) -> None:
    """Tell what is wrong about a policy's document."""
    document = stack.mapping(policy, "PolicyDocument", owner)
    written = document.get("Statement")
    if isinstance(written, list):
        for index, statement in enumerate(written):
            if not isinstance(statement, Mapping | Text):
                stack.tell(
                    "wrong-type", f"a statement of {owner} is not a mapping", place_of(written, index),
                    "write a mapping with Effect, Action and Resource",
                )  # fmt: skip
    elif written is not None and not isinstance(written, Mapping | Text) and not is_intrinsic(written):
        stack.wrong(document, "Statement", owner, "a list of statements")
