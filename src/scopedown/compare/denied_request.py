"""One request that a role denies, as AWS would get it: the proof of a "will be denied".

References become names, what the code leaves open becomes ``example``, and :func:`scopedown.iam.evaluate` decides it
against the role's statements with the same names in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from scopedown.compare.arn_normalization import ACCOUNT, Comparable
from scopedown.compare.statement import Need
from scopedown.compare.subject import Subject
from scopedown.core.text import AnyText, Att, EnvVar, ImportValue, Literal, Param, Part, Pseudo, Ref, Text, Unknown
from scopedown.iam import Caller, PolicyError, PolicySet, Request, RequestError, evaluate, parse_policy
from scopedown.iam.coverage import Grant
from scopedown.iam.wildcard import among

_EXAMPLE = "example"


def denied_request(subject: Subject, need: Need, grants: Iterable[Grant]) -> str:
    """The resource of a request that a need makes and these grants do not allow; empty where none is found."""
    names = subject.comparable
    action = need.permission.action
    service = action.partition(":")[0]
    resource = next((arn for arn in (_concrete(form, names, service, True) for form in need.forms) if arn), "")
    statements = [*_statements(grants, names, action)]
    if not resource:
        return ""
    account = subject.scan.project.account or ACCOUNT
    try:
        policy = parse_policy({"Version": "2012-10-17", "Statement": statements}) if statements else None
        request = Request(Caller.role_session(account, "role", "session"), action, resource)
        decided = evaluate(request, PolicySet(identity=(policy,) if policy is not None else ()))
    except (PolicyError, RequestError):
        return ""
    return "" if decided.value == "allowed" else resource


def _statements(grants: Iterable[Grant], names: Comparable, action: str) -> Iterator[dict[str, object]]:
    """What grants say of one action."""
    service = action.partition(":")[0]
    for grant in grants:
        if among(grant.actions, action.lower()) is grant.but_actions:
            continue
        resources = [
            text if isinstance(text, str) else _concrete(text, names, service, False) for text in grant.resources
        ]
        if grant.effect == "Deny" and grant.conditions:
            continue  # its conditions may not hold
        if found := [text for text in dict.fromkeys(resources) if text]:
            yield {
                "Effect": grant.effect,
                "Action": action,
                "NotResource" if grant.but_resources else "Resource": found,
            }


def _concrete(text: Text, names: Comparable, service: str, is_need: bool) -> str:
    """A text with names in the place of references: ``example`` for what a need leaves open, ``*`` for a grant."""
    if str(text) == "*":
        return "*"
    found = "".join(_name(part, at, names, service, is_need) for at, part in enumerate(text.parts))
    return found if found.startswith("arn:") or (found == "*" and not is_need) else ""


def _name(part: Part, at: int, names: Comparable, service: str, is_need: bool) -> str:
    match part:
        case Literal(value):
            return value.replace("*", _EXAMPLE).replace("?", "x") if is_need else value
        case AnyText() | Unknown():
            return _EXAMPLE if is_need else "*"
        case Ref(id) | Att(id) if at == 0:
            return _arn(id, names, service)
        case Ref(id) | Att(id):
            return id.rpartition("/")[2]
        case Pseudo(name) | Param(name) | ImportValue(name) | EnvVar(name):
            return str(name)
        case _:
            assert_never(part)


def _arn(id: str, names: Comparable, service: str) -> str:
    """The ARN that a resource of the project would have."""
    for said in names.said(id):
        if said.parts and isinstance(said.parts[0], Literal) and said.parts[0].value.startswith("arn:"):
            return "".join(_name(part, at + 1, names, service, True) for at, part in enumerate(said.parts))
    project = names.project
    where = f"{project.region}:{project.account or ACCOUNT}"
    return f"arn:{project.partition or 'aws'}:{service}:{where}:{id.rpartition('/')[2]}"
