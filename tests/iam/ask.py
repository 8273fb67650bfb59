"""Short ways to ask for a decision, so that a test is one sentence."""

from __future__ import annotations

from typing import Any

from scopedown.iam import Caller, Decision, Kind, PolicySet, Request, evaluate, parse_policy
from scopedown.iam.cases import read_case

Json = dict[str, Any]
HOME, AWAY = "111122223333", "444455556666"
ALICE = f"arn:aws:iam::{HOME}:user/alice"
ROLE = f"arn:aws:iam::{HOME}:role/app"
SESSION = f"arn:aws:sts::{HOME}:assumed-role/app/s1"
FEDERATED = f"arn:aws:sts::{HOME}:federated-user/alice"
ROOT = f"arn:aws:iam::{HOME}:root"
STRANGER = f"arn:aws:iam::{AWAY}:user/x"
OBJECT = "arn:aws:s3:::b/k"


def policy(*statements: Json, version: str | None = "2012-10-17") -> Json:
    return {**({"Version": version} if version else {}), "Statement": list(statements)}


def allow(action: Any = "*", resource: Any = "*", **more: Any) -> Json:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "*", resource: Any = "*", **more: Any) -> Json:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def when(**conditions: Json) -> Json:
    """An allow of everything under conditions; ``__`` in a name is the colon of a set operator."""
    return allow(Condition={name.replace("__", ":"): block for name, block in conditions.items()})


EVERYTHING = policy(allow())


def decide(
    action: str = "s3:GetObject",
    target: str = OBJECT,
    principal: str = ALICE,
    account: str | None = HOME,
    context: Json | None = None,
    request: Json | None = None,
    **policies: Any,
) -> Decision:
    """The decision under these policies, each as a case file has it."""
    asked = {
        "action": action,
        "resource": target,
        "principal": principal,
        "context": context or {},
        **(request or {}),
    }
    if account:
        asked["resource_account"] = account
    return read_case({"request": asked, "policies": policies, "expected": "Allowed"}).decide()


def value(*statements: Json, version: str | None = "2012-10-17", resource: str = OBJECT, **more: Any) -> str:
    """The decision's value under one identity policy of these statements."""
    return decide(target=resource, identity=[policy(*statements, version=version)], **more).value


def allowed(*statements: Json, **more: Any) -> bool:
    return value(*statements, **more) == "allowed"


def holds(operator: str, key: str, wanted: Any, given: Any = None, *, version: str | None = "2012-10-17") -> bool:
    """Whether one condition holds; ``given`` None leaves the key out, a dict is a whole context."""
    context = given if isinstance(given, dict) else {} if given is None else {key: given}
    return allowed(allow(Condition={operator: {key: wanted}}), context=context, version=version)


def identity(*statements: Json, version: str = "2012-10-17") -> PolicySet:
    return PolicySet(identity=(parse_policy(policy(*statements, version=version), Kind.IDENTITY, name="p"),))


def ask(policies: PolicySet, action: str = "s3:GetObject", resource: str = OBJECT, **context: Any) -> Decision:
    return evaluate(Request(Caller.of(ALICE), action, resource, HOME, context), policies)
