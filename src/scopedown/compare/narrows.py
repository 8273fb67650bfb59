"""Does a changed role only narrow? Proved with :mod:`scopedown.iam` before a byte is written.

In: a role as it was and as it will be, what its functions need, and what they may need. Out: the reasons why the new
role is not within the old one and the certain needs that were lacking, or why something went that may be needed. No
reason is the proof. What is plainly within a statement of the old role is proved by that; conditions, NotAction and
NotResource by the exact comparison (:mod:`scopedown.compare.narrowing`). A Deny must stay as it was, since it also
limits what the policies of resources grant, and so must a statement that only the deployment decides; one on a resource
that only the deployment knows may lose actions that nothing needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scopedown.compare.doubt import Doubt
from scopedown.compare.fitted import Way, served
from scopedown.compare.grant_prefilter import surely_covered
from scopedown.compare.narrowing import can_be_judged, lost_by, wider_by
from scopedown.compare.need_index import NeedIndex
from scopedown.compare.statement import Declared, Need, shown
from scopedown.compare.subject import Subject
from scopedown.core.text import ANY, Text, Unknown
from scopedown.iam.coverage import Grant
from scopedown.iam.decided import Conditions
from scopedown.permissions.managed_policies import allowed_by, patterns
from scopedown.project.intrinsics import Scope, to_text


@dataclass(frozen=True, slots=True)
class Grants:
    """All that a role allows, as far as it is known."""

    declared: tuple[Declared, ...]
    managed: tuple[Grant, ...] = ()
    policies: tuple[str, ...] = ()
    """Its managed policies by ARN or reference, without the project's own, whose statements are among its own."""

    @staticmethod
    def of(subject: Subject) -> Grants:
        """The grants of a role."""
        policies = tuple(
            str(to_text(policy, Scope())) for policy in subject.role.managed_policies if not subject.is_declared(policy)
        )
        return Grants(subject.declared, subject.managed[0], policies)

    @property
    def allowed(self) -> tuple[Grant, ...]:
        """What its own statements allow whatever the request's context, and what managed policies allow."""
        own = (one.grant for one in self.declared if one.grant and one.grant.effect == "Allow")
        return (
            *(grant for grant in own if not grant.conditions),
            *(grant for grant in self.managed if grant.effect == "Allow"),
        )


def narrows(old: Subject, new: Subject, doubt: Doubt) -> list[str]:
    """Why a role as it will be is not proved to be a narrower form of what it was; nothing where it is.

    Both have the functions that the new one is for.
    """
    before, after = Grants.of(old), Grants.of(new)
    lacking = tuple(one.need for one in served(old) if one.way is Way.LACKING)
    reasons = [
        *_wider(old, new, before, after, lacking),
        *_lost(old, new, before, after, doubt),
        *_doubtful(before, after, doubt),
    ]
    return list(dict.fromkeys(reasons))


def _wider(old: Subject, new: Subject, before: Grants, after: Grants, lacking: Sequence[Need]) -> Iterator[str]:
    """What the new role allows that the old one did not, and the functions do not certainly lack."""
    had = {one.canonical for one in before.declared}
    known = before.allowed
    asked = NeedIndex(lacking)
    pending: list[Declared] = []
    for one in after.declared:
        if one.statement.added_by != "project" or one.written.get("Effect") == "Deny" or one.canonical in had:
            continue
        if one.grant is None and any(map(one.is_rest_of, before.declared)):
            continue
        if one.grant is None or not _plainly_within(one, known, asked):
            pending.append(one)
    if pending:
        yield from wider_by(old, new, pending, lacking)
    for policy in after.policies:
        if policy not in before.policies and not _is_frameworks(policy):
            yield f"the policy {policy} would be new"


def _plainly_within(one: Declared, known: Sequence[Grant], lacking: NeedIndex) -> bool:
    """Whether each action on each resource of a statement is within one that has no conditions, or is lacked."""
    conditions: Any = one.written.get("Condition")
    return all(
        _within(action, forms, known, conditions)
        or any(_is_need(action, forms, need) for need in lacking.near((action,), forms))
        for action in one.actions
        for _, forms in one.resources
    )


def _is_frameworks(policy: str) -> bool:
    return ":policy/service-role/AWSLambda" in policy


def _lost(old: Subject, new: Subject, before: Grants, after: Grants, doubt: Doubt) -> Iterator[str]:
    """Needs that the old role covered and the new one would not, and statements that only stay or go as a whole."""
    had, has = {_key(one): one for one in old.needs}, {_key(one): one for one in new.needs}
    for key, need in has.items():
        was = old.covered(had[key]) if key in had else "no"
        now = new.covered(need)
        if was != now and (was == "yes" or (was == "partly" and now == "no")):
            yield f"{need.function.function.key} would lose {need.permission.action} on {need.arn}"
    there = {one.canonical for one in after.declared}
    gone: list[Declared] = []
    for one in before.declared:
        decided = one.written.get("Effect") == "Allow" and not one.statement.chosen
        plain = one.grant is not None and not one.grant.conditions and one.written.get("Effect") == "Allow"
        if one.statement.added_by == "project" and not plain and one.canonical not in there:
            patterns_ = one.actions or ("*",)
            rest = {action for each in after.declared if each.is_rest_of(one) for action in each.actions}
            if one.is_plain and all(map(old.is_unused, {*one.actions} - rest)):
                continue
            if not decided or doubt.why(patterns_) or not can_be_judged(old, one):
                yield f"a statement on {one.on or 'other resources'} would be removed that scopedown cannot judge"
            else:
                gone.append(one)
    if gone:
        yield from lost_by(old, new)
    for policy in before.policies:
        if policy not in after.policies:
            grants = allowed_by(policy.replace("${AWS::Partition}", "aws"))
            if grants is None:
                yield f"the policy {policy} would be removed, and scopedown does not know what it allows"
            elif any(grant.effect == "Deny" for grant in grants):
                yield f"the policy {policy} would be removed, and it denies something"


def _key(need: Need) -> tuple[str, str, str]:
    return need.function.function.key, need.permission.action, str(need.arn)


def _doubtful(before: Grants, after: Grants, doubt: Doubt) -> Iterator[str]:
    """Rights that would go, and that something which was not seen may need."""
    if not (doubt.needs or doubt.sites or doubt.keys):
        return
    known = after.allowed
    for one in before.declared:
        if one.statement.added_by == "project" and one.grant is not None and one.grant in before.allowed:
            for pattern in one.actions:
                for action in (pattern,) if doubt.why_unseen(pattern) else (*doubt.named(pattern),):
                    for item, forms in one.resources:
                        if not _within(action, forms, known):
                            why = doubt.why(action) or doubt.why_key(action)
                            yield f"{action} on {shown(item)} would be removed: {why}"
    for grant in before.managed:
        for action in () if grant in after.managed else patterns((grant,)):
            resources = ("*",) if grant.but_resources else grant.resources
            if (why := doubt.why(action)) and not all(_within(action, (one,), known) for one in resources):
                yield f"{action} of a managed policy would be removed: {why}"


def _within(
    action: str, forms: Iterable[str | Text], grants: Sequence[Grant], conditions: Conditions | None = None
) -> bool:
    """Whether grants surely allow all of an action on a resource, in one of the ways to say it."""
    return any(surely_covered(action, form, grants, conditions) for form in forms)


def _is_need(action: str, forms: Sequence[Text], need: Need) -> bool:
    if need.permission.action.lower() != action.lower():
        return False
    needed = tuple(form.replace(lambda part: ANY if isinstance(part, Unknown) else part) for form in need.forms)
    return any(form in needed for form in forms) or _within(action, forms, (Grant("Allow", (action,), needed),))
