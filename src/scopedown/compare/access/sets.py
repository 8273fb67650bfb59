"""Sets of policies: what all layers together allow, and what each of them limits.

A set is of one caller and of one resource, which may be of the same account or of another. A request is allowed

- by the caller's layers (identity, boundary, session, SCPs, endpoint): in another account with the resource's policy,
- in the same account by the resource's policy alone, inside boundary and session policy where it names a role, and
  outside of them where it names a session or a user, or everybody,
- for a service and an unsigned request, by the resource's policy and the endpoint's,

and never where a statement denies it. Each of these ways is compared separately; together they prove the whole.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scopedown.compare.access.grants import (
    EVERYTHING,
    OF_ANY_IDENTITY,
    OF_ANY_RESOURCE,
    as_identity,
    denies,
    granted_alone,
    granted_directly,
    of_anybody,
    of_everybody,
    with_boundary,
)
from scopedown.compare.access.model import Subject
from scopedown.core.place import Place
from scopedown.iam.cases import SET_KEYS, read_policies
from scopedown.iam.document import Kind, Policy
from scopedown.iam.errors import RequestError
from scopedown.iam.newaccess.verify import Layers, limits_alone
from scopedown.iam.policyset import PolicySet
from scopedown.iam.request import Caller, Request

_OF_CALLERS = frozenset({"identity", "groups", "boundary", "session", "scp", "vpce"})


def subjects_of_set(data: Mapping[str, Any], name: str) -> list[Subject]:
    """What a set says of a caller and of a resource. Raises RequestError for a key that no set has."""
    unknown = data.keys() - SET_KEYS - {"name"}
    if unknown:
        known = ", ".join(sorted(SET_KEYS))
        raise RequestError(f"a set of policies has no {min(unknown)!r}", Place(name), f"it has {known}")
    policies = policies_of(data)
    found: list[Subject] = []
    if data.keys() & _OF_CALLERS or policies.resource is not None:
        found.append(_of_caller(policies, data, name))
    if policies.resource is not None:
        found.append(_of_resource(policies, data, name))
    return found or [Subject(name, Kind.RCP, (limits_alone(Kind.RCP, _rcps(policies)),))]


def _of_caller(policies: PolicySet, data: Mapping[str, Any], name: str) -> Subject:
    rcps = _rcps(policies)
    own = _has_own(data)
    layers = layers_of(policies, data) if data.keys() & _OF_CALLERS else ((EVERYTHING, *rcps),)
    limits: Layers = ((*denies(policies.identity), *rcps), *(layers[1:] if own else layers))
    grants: tuple[Policy, ...] = (OF_ANY_RESOURCE,)
    if policies.resource is not None:
        grants = (as_identity(granted_alone(policies.resource), with_denies=True),)
    return Subject(
        name, Kind.IDENTITY, layers, grants=grants, limits=limits, endpoint=_endpoint(policies), open=not own
    )


def _of_resource(policies: PolicySet, data: Mapping[str, Any], name: str) -> Subject:
    assert policies.resource is not None
    rcps = _rcps(policies)
    policy = with_boundary(policies.resource) if policies.boundary else policies.resource
    return Subject(
        f"{name}, resource policy",
        policy.kind,
        ((policy, *rcps),),
        grants=of_anybody(policies.identity) if _has_own(data) else (OF_ANY_IDENTITY,),
        limits=((*denies((policy,)), *rcps),),
        outlived=True,
        alone=((granted_alone(policy), *rcps),),
        directly=((granted_directly(policy), *rcps),),
        bounded=_is_bounded(policies),
    )


def policies_of(data: Mapping[str, Any]) -> PolicySet:
    """The policies of a set; all of its groups count."""
    groups = data.get("groups")
    caller = replace(Caller.anonymous(), groups=tuple(groups) if isinstance(groups, Mapping) else ())
    return read_policies(data, Request(caller, "s3:GetObject"))


def layers_of(policies: PolicySet, data: Mapping[str, Any]) -> tuple[tuple[Policy, ...], ...]:
    """The layers of a set that must each allow: identity, boundary, session, every level of SCPs, and the endpoint.

    Where ``data``, the set as it is written, has no identity policies, its limits are compared: they are limits of
    policies that allow everything. With identity policies, a level of SCPs that only denies allows nothing. RCPs, which
    only deny, are put to the first layer.
    """
    rcps = _rcps(policies)
    more: list[tuple[Policy, ...]] = []
    if policies.boundary:
        more.append(policies.boundary)
    if policies.session is not None:
        more.append(policies.session)
    own = _has_own(data)
    more += (level if own else limits_alone(Kind.SCP, level) for level in policies.scp)
    more += _endpoint(policies)
    if own:
        return ((*policies.identity, *rcps), *more)
    if more:
        return ((*more[0], *rcps), *more[1:])
    return (limits_alone(Kind.RCP, rcps),)


def _has_own(data: Mapping[str, Any]) -> bool:
    return bool(data.keys() & {"identity", "groups"})


def _is_bounded(policies: PolicySet) -> bool:
    return bool(policies.boundary) or policies.session is not None


def _rcps(policies: PolicySet) -> tuple[Policy, ...]:
    return tuple(policy for level in policies.rcp for policy in level)


def _endpoint(policies: PolicySet) -> tuple[tuple[Policy, ...], ...]:
    if policies.vpce is None:
        return ()
    policy = with_boundary(policies.vpce) if policies.boundary else policies.vpce
    return ((of_everybody(policy),),)
