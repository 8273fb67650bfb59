"""Types that the table does not speak of: what the registry's handlers may call, on the ARNs that the catalog knows.

The registry over-approximates: handlers list every action that any property may need. What of them is wildcard or no
action at all is left out, and told. An action is limited to the resource's own ARN where the catalog says that it acts
on such a resource, and to ``*`` else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scopedown.deploy.model import DeployPermission, Phase, ResourceProperty, Unresolved
from scopedown.deploy.names import Namer
from scopedown.project.model import DeclaredResource

SOURCE = "CloudFormation registry handlers (fallback)"
PASS_ROLE = "iam:PassRole"


def fallback_permissions(
    resource: DeclaredResource, phases: Sequence[Phase], namer: Namer
) -> Iterator[DeployPermission | Unresolved]:
    """The handlers' actions for a resource; for a type that has none, what that means."""
    known = namer.known(resource.type)
    if known is None or not known.handlers:
        yield Unresolved(
            resource.logical_id,
            f"what CloudFormation calls for {resource.type} is not known" if known else f"{resource.type} is no type",
            "nothing is allowed for it",
            resource.place,
            "add the actions of its service yourself",
        )
        return
    found: dict[str, list[Phase]] = {}
    for phase in phases:
        for action in known.handlers.get(phase.value, ()):
            found.setdefault(action, []).append(phase)
    for action, needed_in in found.items():
        fact = None if "*" in action else namer.catalog.action(action)
        if fact is None:
            yield Unresolved(
                resource.logical_id, f"the registry's handlers name {action}, which is no single action",
                "it is not allowed", resource.place,
            )  # fmt: skip
            continue
        because = ResourceProperty(
            resource.logical_id, resource.type, "", tuple(needed_in), SOURCE, resource.place, fallback=True
        )
        arns = _arns(fact.name, fact.resource_types, resource, namer)
        yield DeployPermission(fact.name, arns, (because,))
    yield Unresolved(
        resource.logical_id,
        f"the table has no rows for {resource.type} yet",
        "all that the registry's handlers list is allowed",
        resource.place,
    )


def _arns(action: str, kinds: Sequence[str], resource: DeclaredResource, namer: Namer) -> tuple[str, ...]:
    """The ARNs to which an action can be limited for a resource."""
    if not kinds:
        return ("*",)
    own, prefix = namer.arn(resource), action.partition(":")[0]
    formats = [kind.arn for name in kinds if (kind := namer.catalog.resource_type(prefix, name))]
    if own != "*" and any(_is_of(own, one) for one in formats):
        return (own,)
    if own != "*" and any(_is_of(f"{own}/x", one) or _is_of(f"{own}:x", one) for one in formats):
        return (own, f"{own}/*")
    target = namer.target
    head = {"Partition": target.partition, "Region": target.region, "Account": target.account}
    return tuple(dict.fromkeys(re.sub(r"\$\{(\w+)\}", lambda m: head.get(m[1], "*"), one) for one in formats)) or ("*",)


def _is_of(arn: str, arn_format: str) -> bool:
    """Whether an ARN is one of a format's."""
    pieces = re.split(r"\$\{\w+\}", arn_format)
    return re.fullmatch("[^:]*".join(re.escape(piece) for piece in pieces), arn) is not None
