"""What the record says went wrong: denials with the grant that is missing, and calls that the scan had not foreseen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from scopedown.deploy.model import DeployPermission
from scopedown.guard.model import NO_OBJECT, Decided
from scopedown.prove.local_aws import Holder
from scopedown.prove.model import DEPLOYING, Denial, Unforeseen
from scopedown.scan import ProjectScan


def denials_of(
    record: Iterable[Decided], holders: Mapping[str, Holder], permissions: Sequence[DeployPermission]
) -> tuple[Denial, ...]:
    """What was denied: a holder's equal requests once, whatever asked for them. ``holders`` are by ARN."""
    tolerated = {permission.action.lower() for permission in permissions if permission.tolerated}
    found: dict[tuple[str, ...], Denial] = {}
    for one in record:
        if one.allowed:
            continue
        holder = holders.get(one.principal)
        name = holder.name if holder else one.principal or "?"
        action, resource = one.check.action, one.check.resource
        key = (name, one.operation, action, resource)
        if (known := found.get(key)) is not None:
            during = known.during if one.during in known.during else (*known.during, one.during)
            found[key] = replace(known, times=known.times + 1, during=during)
            continue
        harmless = ""
        if one.operation.endswith(NO_OBJECT):
            harmless = "the object does not exist; without this permission S3 answers 403 instead of 404"
        elif name in DEPLOYING and action.lower() in tolerated:
            harmless = "the command continues without it"
        found[key] = Denial(
            name, (one.during,), one.operation, action, resource, one.message, one.modelled, one.logical_id, 1, harmless
        )
    return tuple(found.values())


def unforeseen_by(
    record: Iterable[Decided], holders: Mapping[str, Holder], scan: ProjectScan, generated: bool
) -> tuple[Unforeseen, ...]:
    """What functions asked for and their scans had not named: the action, or the action on this resource (told by
    a denial, where what the scan generated is in force)."""
    named = {
        function.function.key: {permission.action.lower() for permission in function.permissions}
        for function in scan.functions
    }
    found: dict[Unforeseen, None] = {}
    for one in record:
        holder = holders.get(one.principal)
        if holder is None or holder.name in DEPLOYING or one.operation.endswith(NO_OBJECT):
            continue
        known = one.check.action.lower() in named.get(holder.name, set())
        if not known or (generated and not one.allowed):
            found[Unforeseen(holder.name, one.operation, one.check.action, one.check.resource, known)] = None
    return tuple(found)
