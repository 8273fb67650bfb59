"""Ways in which a holder of IAM permissions becomes more than it was given, as questions to the evaluator.

A way is a list of needs that must all be met, each by any of its actions on some resource of a pattern, under a
context. ``{account}``, ``{partition}`` and ``{region}`` are the target's, :data:`SAME` is what the need before it was
met on. The ways that need no service but IAM are those of
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html and of the action pages of
https://docs.aws.amazon.com/IAM/latest/APIReference/.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from scopedown.deploy.target import Target
from scopedown.iam.coverage import covers
from scopedown.iam.document import Policy, Statement
from scopedown.iam.errors import LimitError
from scopedown.iam.policyset import PolicySet
from scopedown.iam.wildcard import matching

Conditions = Mapping[str, Mapping[str, str]]
SAME = "{same}"
"""The resource on which the first need is met."""


@dataclass(frozen=True, slots=True)
class Need:
    """Any of these actions, on a resource of this pattern, under these conditions."""

    actions: tuple[str, ...]
    resource: str
    conditions: Conditions = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Way:
    """``told`` says what the holder does, ``remedy`` what closes the way, ``source`` where AWS says that it works."""

    name: str
    needs: tuple[Need, ...]
    told: str
    remedy: str
    source: str


@dataclass(frozen=True, slots=True)
class OpenWay:
    """A way that is open, with what opens it: one allowed action and resource for each need."""

    way: Way
    by: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"{self.way.told} ({', '.join(f'{action} on {resource}' for action, resource in self.by)})"


@cache
def ways() -> tuple[Way, ...]:
    """The ways of ``escalations.toml``."""
    written = tomllib.loads(Path(__file__).with_name("escalations.toml").read_text("utf-8"))
    return tuple(way for one in written["ways"] for way in _ways(one, written))


def _ways(one: Mapping[str, Any], written: Mapping[str, Any]) -> Iterator[Way]:
    """The ways of one entry: one, or one for each service."""
    for service, actions in written["services"].items() if one.get("services") else (("", ()),):
        needs = [
            Need(tuple(need["actions"]), written["resources"].get(need["on"], need["on"]), {
                operator: {key: value.replace("{service}", service) for key, value in keys.items()}
                for name in need.get("when", ())
                for operator, keys in written["conditions"][name].items()
            })
            for need in one["needs"]
        ]  # fmt: skip
        needs += [Need(tuple(actions), "*")] if service else []
        told = one["told"].replace("{service}", service)
        yield Way(one["name"], tuple(needs), told, one["remedy"], one["source"])


def open_ways(policies: PolicySet | Iterable[Policy], target: Target) -> list[OpenWay]:
    """The ways that these policies leave open, decided for every resource that their patterns can mean."""
    asked = policies if isinstance(policies, PolicySet) else tuple(policies)
    return [OpenWay(way, by) for way in ways() if (by := _opened_by(way, asked, target))]


def _opened_by(way: Way, policies: PolicySet | tuple[Policy, ...], target: Target) -> tuple[tuple[str, str], ...]:
    """What meets every need of a way; nothing where one is not met."""
    first, *others = way.needs
    whole = _filled(first.resource, target)
    for action in first.actions:
        if not _met(action, whole, first, policies, target):
            continue
        for resource in dict.fromkeys(_patterns(action, whole, policies)):
            if not _met(action, resource, first, policies, target):
                continue
            by = [(action, resource)]
            for need in others:
                where = resource if need.resource == SAME else _filled(need.resource, target)
                met = next((one for one in need.actions if _met(one, where, need, policies, target)), None)
                if met is None:
                    break
                by.append((met, where))
            else:
                return tuple((action, named.replace(_SOME_ACCOUNT, "*")) for action, named in by)
    return ()


def _met(action: str, resource: str, need: Need, policies: PolicySet | tuple[Policy, ...], target: Target) -> bool:
    """Whether the action is allowed on some resource of the pattern, under the need's conditions."""
    conditions = {
        operator: {key: _filled(value, target) for key, value in keys.items()}
        for operator, keys in need.conditions.items()
    }
    try:
        return covers(action, resource, relevant(policies, action), conditions).answer != "no"
    except LimitError:  # what cannot be decided may be open
        return True


def _patterns(action: str, whole: str, policies: PolicySet | tuple[Policy, ...]) -> Iterator[str]:
    """The resources of statements that allow an action: what a reader of the policy knows. ``whole`` stands for any."""
    for policy in policies.identity if isinstance(policies, PolicySet) else policies:
        for statement in policy.statements:
            named = statement.action is None or any(_matches(name.lower(), action.lower()) for name in statement.action)
            if statement.effect == "Allow" and named:
                yield from (whole if pattern == "*" else pattern for pattern in statement.resource or ("*",))


def relevant(policies: PolicySet | tuple[Policy, ...], action: str) -> PolicySet | tuple[Policy, ...]:
    """The policies with only those statements that can speak of an action, which decide alone."""
    if isinstance(policies, PolicySet):
        return replace(
            policies,
            identity=tuple(_cut(policy, action) for policy in policies.identity),
            boundary=tuple(_cut(policy, action) for policy in policies.boundary),
        )
    return tuple(cut for policy in policies if (cut := _cut(policy, action)).statements)


def _cut(policy: Policy, action: str) -> Policy:
    kept = tuple(statement for statement in policy.statements if _speaks(statement, action))
    return replace(policy, statements=kept, single_statement=False)


def _speaks(one: Statement, action: str) -> bool:
    if one.action is None:
        return True
    return any(name.lower() == action.lower() or "*" in name or "?" in name for name in one.action)


def _matches(pattern: str, text: str) -> bool:
    return matching(pattern)(text)


_SOME_ACCOUNT = "000000000000"
"""Stands for an account that is not known. A ``*`` there would also match what follows the account in an ARN."""


def _filled(text: str, target: Target) -> str:
    account = _SOME_ACCOUNT if target.account == "*" else target.account
    return text.format(partition=target.partition, account=account, region=target.region)
