"""A role that may do everything."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.access import EVERYTHING, ProjectAccess
from scopedown.checks.access_problems import problem
from scopedown.checks.model import Example, Problem, Rule, service_allowing
from scopedown.compare.statement import shown
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.permissions.managed_policies import allowed_by, everywhere

_ALL = (*EVERYTHING, "iam:*")
"""By what their holder can do everything or become whoever can."""


def find(subject: Subject) -> Iterator[Problem]:
    """Statements that allow every action on everything, and the managed policies that come to the same."""
    for one in subject.declared:
        everything = any(action in EVERYTHING for action in one.actions)
        if (
            one.own
            and everything
            and "Condition" not in one.written
            and any(str(f[0]) == "*" for _, f in one.resources)
        ):
            yield Problem(
                RULE.id, "this allows every action on every resource", subject.place_of(one), subject.role.id,
                subject.keys, "*", codes=RULE.codes,
            )  # fmt: skip
    for policy in subject.role.managed_policies:
        name = shown(policy)
        grants = everywhere(allowed_by(str(subject.comparable.declares(policy)[0])) or ())
        if any(grant.but_actions or set(grant.actions) & {*_ALL} for grant in grants):
            place = subject.role.place or subject.functions[0].function.place
            yield Problem(
                RULE.id, f"{subject.role.id} has {name.rsplit('/', 1)[-1]}", place, subject.role.id, subject.keys, name
            )


def of_project(access: ProjectAccess) -> Iterator[Problem]:
    """The same of roles that no function has, and of users, groups and policies."""
    for granted in access.without_functions:
        comes_to_all = granted.managed and (granted.all_but or not {*granted.actions}.isdisjoint(_ALL))
        if granted.is_everywhere and (granted.is_everything or comes_to_all):
            what = f"has {granted.managed.name}" if granted.managed else "allows every action on every resource"
            words = f"{granted.subject.name} {what}; no function uses it"
            yield problem(RULE.id, access, granted.subject, granted.policy, words, "*")


_SERVICE = service_allowing("Action: ACTION, Resource: '*'")
RULE = Rule(
    id="SD207",
    name="administrator",
    severity=Severity.ERROR,
    summary="A role, user or policy may do everything in the account.",
    explanation="Anyone who can make its holder (a function, a container, a pipeline) send a request owns the account: "
    "they can read, change and delete everything, and create users.",
    remedy="Allow only what is needed. For functions, scopedown scan shows it and scopedown write writes it.",
    bad=Example(_SERVICE.replace("ACTION", "'*'")),
    good=Example(_SERVICE.replace("ACTION", "'sqs:ListQueues'")),
    find=find,
    of_project=of_project,
    gate="admin",
    security=9.0,
    codes=("PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE", "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE"),
)
