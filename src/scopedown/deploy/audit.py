"""What is there compared with what is needed: the grants that a deployment lacks, and those that nobody needs.

In: a plan, and the policies that a holder has (identity-based policies and a permissions boundary). Out: an
:class:`Audit`. Both directions are decided by :func:`scopedown.iam.coverage.covers`, for every resource that a pattern
can mean. Service control policies, session policies and resource-based policies are not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from scopedown.catalog.model import Catalog
from scopedown.core.arn import parse_arn
from scopedown.deploy.arn_formats import EVERYTHING, Formats
from scopedown.deploy.documents import documents
from scopedown.deploy.escalations import OpenWay, open_ways, relevant
from scopedown.deploy.model import Because, DeployPermission, Plan
from scopedown.deploy.target import Target
from scopedown.iam import Policy, PolicySet, Statement, parse_policy
from scopedown.iam.coverage import covers
from scopedown.iam.decided import possibly
from scopedown.iam.language import intersects
from scopedown.iam.wildcard import expand, glob, matching

BECOMING = ("iam:PassRole", "sts:AssumeRole")
"""Actions by which a holder gets a role's permissions, which AWS counts as writing
(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html)."""
MAX_SHOWN = 4
"""Actions named of a pattern; more are counted."""


class Risk(IntEnum):
    """How much a grant that nobody needs weighs: the most that its actions do, by AWS's access levels."""

    LIST = 1
    READ = 2
    TAGGING = 3
    WRITE = 4
    PERMISSIONS = 5
    EVERYTHING = 6

    @property
    def words(self) -> str:
        """What its actions do."""
        return _WORDS[self]


_WORDS = {
    Risk.LIST: "lists", Risk.READ: "reads", Risk.TAGGING: "tags", Risk.WRITE: "changes",
    Risk.PERMISSIONS: "manages permissions", Risk.EVERYTHING: "does everything",
}  # fmt: skip
_LEVELS = {"List": Risk.LIST, "Read": Risk.READ, "Tagging": Risk.TAGGING, "Write": Risk.WRITE,
           "Permissions management": Risk.PERMISSIONS}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lacking:
    """A needed action that is not allowed on all of a resource. ``part``: on some of it, it is."""

    action: str
    resource: str
    because: tuple[Because, ...]
    why: str
    part: bool = False
    tolerated: bool = False


@dataclass(frozen=True, slots=True)
class Beyond:
    """An action pattern of a statement that grants more than is needed.

    ``count`` actions that are not needed at all (0: the action is needed, on fewer resources); ``actions`` are some of
    them, the riskiest first. ``policy`` and ``statement`` say where it stands.
    """

    policy: str
    statement: str
    pattern: str
    resources: tuple[str, ...]
    risk: Risk
    actions: tuple[str, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Audit:
    """The comparison: ``administrator`` where everything is allowed, ``ways`` by which the holder becomes one."""

    lacking: tuple[Lacking, ...]
    beyond: tuple[Beyond, ...]
    administrator: bool = False
    ways: tuple[OpenWay, ...] = ()
    needed: int = 0
    """Actions on resources that were looked for."""

    @property
    def fails(self) -> bool:
        """Whether a deployment would fail."""
        return any(not one.tolerated for one in self.lacking)


def audit(plan: Plan, policies: PolicySet, target: Target, catalog: Catalog) -> Audit:
    """Compare. Raises :class:`~scopedown.iam.errors.LimitError` for policies too large to be decided."""
    administrator = covers(EVERYTHING, EVERYTHING, policies).answer == "yes"
    lacking = () if administrator else tuple(_lacking(plan.permissions, policies))
    needs = (
        [parse_policy(document, name="need") for document in documents(plan.permissions, 10**9)]
        if plan.permissions
        else []
    )
    needed, formats = {permission.action.lower() for permission in plan.permissions}, Formats(catalog)
    beyond = tuple(
        sorted(
            (item for policy in policies.identity for item in _beyond(policy, tuple(needs), needed, formats)),
            key=lambda one: (
                -one.risk,
                EVERYTHING not in one.resources,
                -one.count,
                one.pattern,
                one.policy,
                one.statement,
            ),
        )
    )
    ways: tuple[OpenWay, ...] = ()
    if not administrator:
        unavoidable = {one.way.name for one in open_ways(tuple(needs), target)}
        ways = tuple(one for one in open_ways(policies, target) if one.way.name not in unavoidable)
    return Audit(
        lacking, beyond, administrator, ways, sum(len(permission.resources) for permission in plan.permissions)
    )


def account_in(documents: Iterable[Mapping[str, Any]]) -> str:
    """The one account that the ARNs of policies name; empty where there are none, or several."""
    found = set(re.findall(r'"arn:[^":]*:[^":]*:[^":]*:([0-9]{12}):', repr(list(documents)).replace("'", '"')))
    return found.pop() if len(found) == 1 else ""


def _lacking(permissions: Sequence[DeployPermission], policies: PolicySet) -> Iterator[Lacking]:
    cut: dict[str, PolicySet] = {}
    seen: dict[tuple[str, str, str], Lacking | None] = {}
    for permission in permissions:
        if permission.action not in cut:
            found = relevant(policies, permission.action)
            assert isinstance(found, PolicySet)
            cut[permission.action] = found
        for resource in permission.resources:
            key = (permission.action, resource, repr(permission.conditions))
            if key not in seen:
                seen[key] = _missing(permission, resource, cut[permission.action])
                if (missing := seen[key]) is not None:
                    yield missing


def _missing(one: DeployPermission, resource: str, policies: PolicySet) -> Lacking | None:
    conditions = {
        operator: {key: list(values) for key, values in keys.items()} for operator, keys in one.conditions.items()
    }
    found = covers(one.action, resource, policies, conditions)
    if found.answer == "yes":
        return None
    why = found.witness.why if found.witness is not None else "no statement allows it"
    return Lacking(one.action, resource, one.because, why, found.answer == "partly", one.tolerated)


def _beyond(policy: Policy, needs: tuple[Policy, ...], needed: set[str], formats: Formats) -> Iterator[Beyond]:
    for number, one in enumerate(policy.statements, 1):
        if one.effect != "Allow":
            continue
        name, resources = one.sid or str(number), one.resource or (EVERYTHING,)
        if one.action is None:
            yield Beyond(policy.name or "policy", name, "NotAction", resources, Risk.EVERYTHING)
            continue
        for pattern in one.action:
            if (item := _of_pattern(pattern, one, resources, needs, needed, formats)) is not None:
                risk, actions, count, wide = item
                yield Beyond(policy.name or "policy", name, pattern, wide, risk, actions, count)


def _of_pattern(
    pattern: str,
    one: Statement,
    resources: tuple[str, ...],
    needs: tuple[Policy, ...],
    needed: set[str],
    formats: Formats,
) -> tuple[Risk, tuple[str, ...], int, tuple[str, ...]] | None:
    """Of an action pattern: the risk, actions that are not needed, their number, resources that are too wide."""
    if pattern in ("*", "*:*"):
        return Risk.EVERYTHING, (), 0, resources
    actions = _expanded(pattern, formats.catalog)
    spare = [action for action in actions if action.lower() not in needed and _can_act(action, resources, formats)]
    if spare or (actions and pattern == actions[0] and formats.action(pattern) is None):
        levels = {action: _risk(action, formats.catalog) for action in spare}
        ordered = sorted(spare, key=lambda action: (-levels[action], action))
        worst = max(levels.values(), default=Risk.LIST)
        return worst, tuple(ordered[:MAX_SHOWN]), len(spare), resources
    if not any(action.lower() in needed for action in actions):
        return None  # the pattern grants nothing at all on these resources
    wide = tuple(arn for arn in resources if not _is_needed(pattern, arn, one, needs))
    return (max(_risk(action, formats.catalog) for action in actions), (), 0, wide) if wide else None


def _can_act(action: str, resources: tuple[str, ...], formats: Formats) -> bool:
    """Whether an action acts on any such resource: what AWS limits to no resource is only ever asked for ``*``."""
    if EVERYTHING in resources or formats.action(action) is None:
        return True
    kinds = [re.sub(r"\$\{\w+\}", "*", kind) for kind in formats.of(action)]
    return any(_meet(arn, kind) for arn in resources for kind in kinds)


def _meet(arn: str, kind: str) -> bool:
    """Whether some resource fits an ARN pattern and a format, field by field: a format's variables hold no colon."""
    fields, wanted = parse_arn(arn), parse_arn(kind)
    if fields is None or wanted is None:
        return True
    return all(intersects(expand(glob(a)), expand(glob(b))) for a, b in zip(fields, wanted, strict=True))


def _is_needed(pattern: str, arn: str, one: Statement, needs: tuple[Policy, ...]) -> bool:
    """Whether all that the pattern grants on an ARN is needed, under the statement's own conditions; nothing is said of
    what cannot be decided."""
    conditions: dict[str, dict[str, object]] = {}
    for condition in one.condition:
        conditions.setdefault(condition.operator, {})[condition.key] = list(condition.texts)
    return possibly(pattern, arn, relevant(needs, pattern), conditions)


def _expanded(pattern: str, catalog: Catalog) -> list[str]:
    """The actions that AWS has of a pattern; the pattern itself, where it is none and names one."""
    prefix = pattern.partition(":")[0].lower()
    if not set(pattern) & set("*?"):
        known = catalog.action(pattern)
        return [known.name if known is not None else pattern]
    matches = matching(pattern.lower())
    if set(prefix) & set("*?"):
        return [name for name in catalog.action_names() if matches(name.lower())]
    return [action.name for action in catalog.actions_of(prefix) if matches(action.name.lower())]


def _risk(action: str, catalog: Catalog) -> Risk:
    if action in BECOMING:
        return Risk.PERMISSIONS
    known = catalog.action(action)
    levels = known.access_level.split(", ") if known is not None else []
    return max((_LEVELS.get(level, Risk.WRITE) for level in levels), default=Risk.LIST)
