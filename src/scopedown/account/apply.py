"""Managed policies made and changed in an account, in two steps: what would change, and then the change itself.

What scopedown made carries the tag :data:`TAG`; nothing else is changed, detached or deleted. A policy keeps its four
newest versions beside the new one (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any, Literal

from scopedown.account.session import code_of, told
from scopedown.core.finding import ScopedownError

TAG = "scopedown:project"
"""The tag's key; its value is the project, its stage and its region."""
VERSIONS = 5
ATTACHED = 10
"""Managed policies that a user or a role may have (a quota that an account can have raised)."""
Kind = Literal["user", "role"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A managed policy as it shall be; ``attached``: to the holder (a boundary is not)."""

    name: str
    description: str
    document: Mapping[str, Any]
    attached: bool = True


@dataclass(frozen=True, slots=True)
class Holder:
    """The user or the role that shall hold the policies."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """One step: ``create``, ``update``, ``attach`` or ``detach`` of the policy with this ARN, or nothing (``keep``)."""

    what: Literal["create", "update", "attach", "detach", "keep"]
    arn: str
    wanted: Wanted | None = None
    before: Mapping[str, Any] | None = None
    oldest: str = ""
    """The version that has to go for a new one to have room."""


@dataclass(frozen=True, slots=True)
class Changes:
    """All steps for one holder, in order."""

    holder: Holder
    project: str
    steps: tuple[Change, ...]

    @property
    def any(self) -> bool:
        """Whether anything would change."""
        return any(step.what != "keep" for step in self.steps)


def changes(
    session: Any, holder: Holder, wanted: Iterable[Wanted], project: str, partition: str, new: bool = False
) -> Changes:
    """What would change. Only reads. ``new``: the holder is made first and has nothing yet.

    Raises ScopedownError where the holder does not exist, or a policy of a wanted name is not of scopedown's making.
    """
    iam = session.client("iam")
    policies = list(wanted)
    with told("ask for the account"):
        sts = session.client("sts", region_name=session.region_name or "us-east-1")
        account = sts.get_caller_identity()["Account"]
    attached = [] if new else _attached(iam, holder)
    steps: list[Change] = []
    arns = {policy.name: f"arn:{partition}:iam::{account}:policy/{policy.name}" for policy in policies}
    for policy in policies:
        with told(f"read the policy {policy.name}"):
            steps.append(_of_policy(iam, arns[policy.name], policy, project))
        if policy.attached and arns[policy.name] not in attached:
            steps.append(Change("attach", arns[policy.name]))
    for arn in attached:
        if arn not in arns.values() and not arn.startswith(f"arn:{partition}:iam::aws:"):
            with told(f"read the tags of {arn}"):
                if _project(iam, arn) == project:
                    steps.append(Change("detach", arn))
    more = sum(step.what == "attach" for step in steps) - sum(step.what == "detach" for step in steps)
    if more > 0 and len(attached) + more > ATTACHED:
        raise ScopedownError(
            f"the {holder.kind} {holder.name} would have {len(attached) + more} managed policies, and AWS allows "
            f"{ATTACHED}",
            remedy="detach some of them, or ask AWS for a higher quota",
        )
    return Changes(holder, project, tuple(steps))


def difference(found: Changes) -> Iterator[str]:
    """The steps as lines for people, with what of documents changes."""
    who = f"{found.holder.kind} {found.holder.name}"
    for step in found.steps:
        match step.what:
            case "create":
                yield f"create the managed policy {step.arn}"
                yield from _diff({}, step)
            case "update":
                gone = f", and delete its oldest version {step.oldest}" if step.oldest else ""
                yield f"make a new version of {step.arn} the default{gone}"
                yield from _diff(step.before or {}, step)
            case "attach":
                yield f"attach {step.arn} to the {who}"
            case "detach":
                yield f"detach {step.arn}, which scopedown made for this project, from the {who}"
            case "keep":
                yield f"{step.arn} is up to date"


def apply(session: Any, found: Changes) -> Iterator[str]:
    """Do the steps, one after another, and tell each that is done. Raises ScopedownError at the first that fails."""
    iam = session.client("iam")
    argument = {f"{found.holder.kind.capitalize()}Name": found.holder.name}
    for step in found.steps:
        if step.what == "keep":
            continue
        with told(f"{step.what} {step.arn}"):
            if step.what == "create":
                assert step.wanted is not None
                iam.create_policy(
                    PolicyName=step.wanted.name, Description=step.wanted.description,
                    PolicyDocument=_compact(step.wanted.document), Tags=[{"Key": TAG, "Value": found.project}],
                )  # fmt: skip
            elif step.what == "update":
                assert step.wanted is not None
                if step.oldest:
                    iam.delete_policy_version(PolicyArn=step.arn, VersionId=step.oldest)
                iam.create_policy_version(
                    PolicyArn=step.arn, PolicyDocument=_compact(step.wanted.document), SetAsDefault=True
                )
            else:
                getattr(iam, f"{step.what}_{found.holder.kind}_policy")(PolicyArn=step.arn, **argument)
        yield f"{_DONE[step.what]} {step.arn}"


_DONE = {"create": "created", "update": "updated", "attach": "attached", "detach": "detached"}


def _of_policy(iam: Any, arn: str, wanted: Wanted, project: str) -> Change:
    try:
        policy = iam.get_policy(PolicyArn=arn)["Policy"]
    except Exception as error:
        if code_of(error) == "NoSuchEntity":
            return Change("create", arn, wanted)
        raise
    if _project(iam, arn) != project:
        raise ScopedownError(
            f"{arn} already exists, and scopedown did not make it for {project}",
            remedy=f"delete it, or tag it {TAG}={project} to let scopedown manage it",
        )
    current = policy["DefaultVersionId"]
    before = iam.get_policy_version(PolicyArn=arn, VersionId=current)["PolicyVersion"]["Document"]
    if json.dumps(before, sort_keys=True) == json.dumps(wanted.document, sort_keys=True):
        return Change("keep", arn, wanted, before)
    versions = [one for page in iam.get_paginator("list_policy_versions").paginate(PolicyArn=arn)
                for one in page["Versions"]]  # fmt: skip
    spare = sorted(
        (version for version in versions if not version["IsDefaultVersion"]), key=lambda one: _number(one["VersionId"])
    )
    oldest = str(spare[0]["VersionId"]) if len(versions) >= VERSIONS and spare else ""
    return Change("update", arn, wanted, before, oldest)


def _attached(iam: Any, holder: Holder) -> list[str]:
    argument = {f"{holder.kind.capitalize()}Name": holder.name}
    with told(f"read the policies of the {holder.kind} {holder.name}"):
        pages = iam.get_paginator(f"list_attached_{holder.kind}_policies").paginate(**argument)
        return [str(one["PolicyArn"]) for page in pages for one in page["AttachedPolicies"]]


def _project(iam: Any, arn: str) -> str:
    tags = iam.list_policy_tags(PolicyArn=arn)["Tags"]
    return next((str(tag["Value"]) for tag in tags if tag["Key"] == TAG), "")


def _number(version: str) -> int:
    return int(version.removeprefix("v")) if version.removeprefix("v").isdecimal() else 0


def _compact(document: Mapping[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"))


def _diff(before: Mapping[str, Any], one: Change) -> Iterator[str]:
    assert one.wanted is not None
    old = json.dumps(before, indent=2).splitlines() if before else []
    new = json.dumps(one.wanted.document, indent=2).splitlines()
    yield from (f"    {line}" for line in list(unified_diff(old, new, lineterm="", n=2))[2:])
