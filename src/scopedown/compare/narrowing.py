"""The exact part of the proof that a role only narrows: conditions, NotAction and NotResource count as they are.

The role as it was, with what its functions certainly lacked, is compared with statements of the role as it will be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from scopedown.compare.access.rendered import Rendered
from scopedown.compare.access.tell import actions_and_resources
from scopedown.compare.doubt import Doubt
from scopedown.compare.grant_prefilter import given
from scopedown.compare.statement import Declared, Need
from scopedown.compare.subject import Subject
from scopedown.compare.template_inputs import may_be
from scopedown.core.text import ANY, Unknown
from scopedown.iam.document import Kind, Policy
from scopedown.iam.newaccess import new_access
from scopedown.iam.parse import parse_policy


def wider_by(old: Subject, new: Subject, statements: Sequence[Declared], lacking: Sequence[Need]) -> Iterator[str]:
    """What statements of the new role allow that the old one did not, and its functions do not certainly lack."""
    was = [*_policies(old, old.declared), *_managed(old), *(_allowed(old, need) for need in lacking)]
    rendered = Rendered(new.comparable)
    will: list[Policy] = []
    for one in statements:
        policy = rendered.policy(one.written, Kind.IDENTITY, "")
        if policy is None:
            yield f"a statement on {one.on} would be new, and scopedown does not know all of it"
        else:
            will.append(policy)
    will += _policies(new, [one for one in new.declared if one.written.get("Effect") == "Deny"])
    found = new_access([was], [will], new.catalog.action_names())
    for row in found.rows:
        yield f"{actions_and_resources(row, rendered.shown)} would be new"
    for undecided in found.undecided:
        yield f"whether something would be new cannot be decided: {undecided.reason}"


def can_be_judged(subject: Subject, one: Declared) -> bool:
    """Whether all of a statement is known before the deployment."""
    return Rendered(subject.comparable).policy(one.written, Kind.IDENTITY, "") is not None


def surely_allowed(subject: Subject, need: Need) -> bool:
    """Whether a role allows all of a need whatever the request's context, by statements of any kind."""
    if not need.known or not any(_is_exact(one) for one in subject.declared):
        return False
    was = [*_policies(subject, subject.declared), *_managed(subject)]
    names = subject.catalog.action_names()
    return new_access([was], [[_allowed(subject, need)]], names, first=True).answer == "no new access"


def replaceable(subject: Subject, doubt: Doubt) -> tuple[Declared, ...]:
    """The statements with conditions, NotAction or NotResource that what the functions need can take the place of.

    Of such a statement all is known, nothing that was not seen may need it, and each need is either allowed by the role
    whatever the context, or the statement allows none of it.
    """
    found = []
    for one in subject.declared:
        if not _is_exact(one) or doubt.why(one.actions or ("*",)) or not can_be_judged(subject, one):
            continue
        if doubt.why_key(one.actions):
            continue
        if all(surely_allowed(subject, need) or not _may_be_for(subject, one, need) for need in subject.needs):
            found.append(one)
    return tuple(found)


def _is_exact(one: Declared) -> bool:
    """Whether it is an Allow of the project's own that only the exact comparison judges."""
    return one.own and bool({"Condition", "NotAction", "NotResource"} & set(one.written))


def _may_be_for(subject: Subject, one: Declared, need: Need) -> bool:
    """Whether a statement may allow some of a need, also where two inputs of the deployment turn out to be the same."""
    if one.grant is None:
        named = (form for _, forms in one.resources for form in forms)
        return any(map(given, named)) or _is_for(subject, one, need)
    held = replace(one.grant, conditions=())
    may = subject.covered(need, (held,)) != "no" or may_be(need.permission.action, need.forms, held)
    return may or _is_for(subject, one, need)


def _is_for(subject: Subject, one: Declared, need: Need) -> bool:
    """Whether a statement allows some of a need, if its conditions hold."""
    layers = [_policies(subject, [one]), [_allowed(subject, need)]]
    return new_access([[]], layers, subject.catalog.action_names(), first=True).answer != "no new access"


def lost_by(old: Subject, new: Subject) -> Iterator[str]:
    """Needs that the old role covered whole, by statements of any kind, and the new one would not."""
    names = new.catalog.action_names()
    was = [*_policies(old, old.declared), *_managed(old)]
    will = [*_policies(new, new.declared), *_managed(new)]
    for need in new.needs:
        asked = [[_allowed(new, need)]]
        if new_access([was], asked, names, first=True).answer != "no new access":
            continue
        if new_access([will], asked, names, first=True).answer != "no new access":
            yield f"{need.function.function.key} would lose {need.permission.action} on {need.arn}"


def _policies(subject: Subject, statements: Sequence[Declared]) -> list[Policy]:
    """Statements as documents. What is not known of an Allow is left out, and what the deployment may leave out: it may
    allow nothing."""
    rendered = Rendered(subject.comparable, every_form=True)
    found = (rendered.policy(one.written, Kind.IDENTITY, "") for one in statements if not one.statement.chosen)
    return [policy for policy in found if policy is not None]


def _managed(subject: Subject) -> list[Policy]:
    """The managed policies of AWS's that a role has."""
    found = []
    for written in subject.role.managed_policies:
        arn = str(subject.comparable.canonical(written))
        known = subject.catalog.managed_policy(arn) if ":iam::aws:policy/" in arn else None
        if known is not None:
            found.append(parse_policy({"Version": "2012-10-17", "Statement": [*known.statements]}))
    return found


def _allowed(subject: Subject, need: Need) -> Policy:
    """A need as a document that allows it."""
    rendered = Rendered(subject.comparable)
    forms = [form.replace(lambda part: ANY if isinstance(part, Unknown) else part) for form in need.forms]
    resources = list(dict.fromkeys(rendered.form(form) for form in forms)) or ["*"]
    statement = {"Effect": "Allow", "Action": need.permission.action, "Resource": resources}
    return parse_policy({"Version": "2012-10-17", "Statement": statement})
