"""Who tags through the Resource Groups Tagging API needs the tagging action of each resource's own service as well.

In: a request of ``TagResources`` or ``UntagResources``. Out: a check of the service's own action on each ARN, such as
``ec2:CreateTags`` or ``sqs:UntagQueue``
(https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagResources.html). Which action that is says
the access level Tagging of the service authorization reference: ``TagResource`` where the service has it, else the
shortest name of a tagging action.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from scopedown.catalog.load import catalog
from scopedown.core.arn import parse_arn
from scopedown.guard.context import ApiCall, check_of
from scopedown.guard.model import Check

SERVICE = "resourcegroupstaggingapi"
_VERBS = {
    "TagResources": re.compile(r"Tag|(?:Add|Create|Put)\w*Tag"),
    "UntagResources": re.compile(r"Untag|(?:Remove|Delete)\w*Tag"),
}
_BY_TYPE = {("s3", "bucket"): "s3:PutBucketTagging"}
"""Where AWS asks the same to tag and to untag
(https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketTagging.html)."""
_VARIABLE = re.compile(r"\\\$\\\{\w+\\\}")


class NoTaggingActionError(Exception):
    """The reference names no action that tags the resource."""


def tagging_checks(call: ApiCall) -> Iterator[Check]:
    """What the services of the resources ask. Raises NoTaggingActionError."""
    if call.service != SERVICE or call.operation not in _VERBS:
        return
    for arn in dict.fromkeys(call.parameters.get("ResourceARNList") or ()):
        yield check_of(call, _action(call.operation, str(arn)), str(arn))


@lru_cache(1024)
def _action(operation: str, arn: str) -> str:
    found = parse_arn(arn)
    prefix = found.service if found else ""
    kinds = _kinds(prefix, arn)
    for kind in kinds:
        if action := _BY_TYPE.get((prefix, kind)):
            return action
    verb = _VERBS[operation]
    actions = [
        action
        for action in catalog().actions_of(prefix)
        if "Tagging" in action.access_level and verb.match(action.name.partition(":")[2])
    ]
    # The reference leaves out types of services that share a prefix (the load balancers of two generations).
    names = [one.name for one in actions if kinds & set(one.resource_types)] or [one.name for one in actions]
    if not names:
        raise NoTaggingActionError(arn)
    exact = f"{prefix}:{operation.removesuffix('s')}"
    return exact if exact in names else min(names, key=lambda name: (len(name), name))


def _kinds(prefix: str, arn: str) -> set[str]:
    """The resource types that an ARN fits: types whose names have no slash or colon go before others."""
    for part in (r"[^:/]+", r".+"):
        fitting = {
            kind.name
            for kind in catalog().resource_types_of(prefix)
            if re.fullmatch(_VARIABLE.sub(part, re.escape(kind.arn)), arn)
        }
        if fitting:
            return fitting
    return set()
