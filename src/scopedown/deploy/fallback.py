"""Types that the table does not speak of: what the registry's handlers may call, on the ARNs that the catalog knows.

The registry over-approximates: handlers list every action that any property may need. What of them is a wildcard or no
action at all is left out, and told. An action is limited to the resource's own ARN where the catalog says that it acts
on such a resource, to the ARN format of its resource types else, and to ``*`` where it has none. Roles are passed only
where a property names one, and that one alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scopedown.core.text import Text
from scopedown.deploy.arn_formats import PASS_ROLE
from scopedown.deploy.model import DeployPermission, Phase, ResourceProperty, Unresolved
from scopedown.deploy.names import Namer
from scopedown.project.intrinsics import is_intrinsic
from scopedown.project.model import DeclaredResource

SOURCE = "registry handlers, because the type has no table"
LINKED_ROLE = "iam:CreateServiceLinkedRole"
_ROLE = re.compile(r"arn:[\w-]+:iam::[^:]*:role/.+")


def fallback_permissions(
    resource: DeclaredResource, phases: Sequence[Phase], namer: Namer
) -> Iterator[DeployPermission | Unresolved]:
    """The handlers' actions for a resource; for a type that has none, what that means."""
    known = namer.known(resource.type)
    if known is None or not known.handlers:
        yield Unresolved(
            resource.logical_id,
            f"scopedown does not know what CloudFormation calls for {resource.type}"
            if known
            else f"{resource.type} is not a resource type",
            "the policy allows nothing for it",
            resource.place,
            "add the actions of its service yourself",
        )
        return
    found: dict[str, list[Phase]] = {}
    for phase in phases:
        for action in known.handlers.get(phase.value, ()):
            found.setdefault(action, []).append(phase)
    patterns = [action for action in found if "*" in action]
    for action, needed_in in found.items():
        fact = namer.formats.action(action)
        if fact is not None and (arns := _arns(fact.name, resource, namer)):
            because = ResourceProperty(
                resource.logical_id, resource.type, "", tuple(needed_in), SOURCE, resource.place, fallback=True
            )
            yield DeployPermission(fact.name, arns, (because,))
    left_out = f", except {' and '.join(patterns)}, which are not single actions" if patterns else ""
    yield Unresolved(
        resource.logical_id,
        f"the table has no row for {resource.type} yet",
        f"all that the registry's handlers list is allowed{left_out}",
        resource.place,
    )


def _arns(action: str, resource: DeclaredResource, namer: Namer) -> tuple[str, ...]:
    """The ARNs to which an action can be limited for a resource; none where it is not needed."""
    target = namer.target
    if action == PASS_ROLE:
        return tuple(dict.fromkeys(_roles(resource.properties, resource.logical_id, namer)))
    if action == LINKED_ROLE:
        return (f"arn:{target.partition}:iam::{target.account}:role/aws-service-role/*",)
    formats = namer.formats.of(action)
    own = namer.arn(resource) if formats else "*"
    if own != "*" and any(_is_of(own, one) for one in formats):
        return (own,)
    if own != "*" and any(_is_of(f"{own}/x", one) or _is_of(f"{own}:x", one) for one in formats):
        return (own, f"{own}/*", f"{own}:*")
    return namer.formats.patterns(action, target, target.account)


def _is_of(arn: str, arn_format: str) -> bool:
    """Whether an ARN is one of a format's."""
    pieces = re.split(r"\$\{\w+\}", arn_format)
    return re.fullmatch("[^:]*".join(re.escape(piece) for piece in pieces), arn) is not None


def _roles(tree: Any, inside: str, namer: Namer) -> Iterator[str]:
    """The roles that a value names, at whatever depth."""
    if isinstance(tree, str | Text) or is_intrinsic(tree):
        text = namer.text(tree, inside)
        if _ROLE.fullmatch(text):
            yield text
    elif isinstance(tree, Mapping):
        for name, item in tree.items():
            found = list(_roles(item, inside, namer))
            yield from found
            if not found and name.endswith(("RoleArn", "RoleARN")) and namer.text(item, inside) == "*":
                yield f"arn:{namer.target.partition}:iam::{namer.target.account}:role/*"
    elif isinstance(tree, list | tuple):
        for item in tree:
            yield from _roles(item, inside, namer)
