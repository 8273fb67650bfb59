"""From decisions to the least policy of each principal that made the requests.

In: :class:`~.model.Decided`, one by one. Out: for each principal the smallest policy that allows what was asked, by the
same passes that make a scan's policies (:mod:`scopedown.generate`). What was asked is taken word by word: an ARN that
was used is an ARN of the policy, also where a service made up a part of it (an API's id, a key's) and another
deployment will have another. Two things are wider, and each is told: the keys of a bucket once there are many (a
program names them itself, mostly), and, so that memory stays bounded, any action's resources under one name once there
are hundreds.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scopedown.core.text import Text
from scopedown.generate.document import generate, split
from scopedown.guard.local_names import SECRET_STAND_IN, STAND_IN
from scopedown.guard.model import Decided
from scopedown.permissions.model import Certainty, Origin, RequiredPermission, Resource

KEYS_OF_A_BUCKET = 10
"""So many different ones stand in a policy; with more it is all of the bucket's."""
RESOURCES_OF_AN_ACTION = 200
"""So many under one name (all that an ARN says but for its last part); with more it is all of them."""
CONDITIONS: Mapping[str, str] = {
    "iam:PassedToService": "StringEquals",
    "iam:PolicyARN": "ArnEquals",
    "iam:PermissionsBoundary": "ArnEquals",
    "iam:AWSServiceName": "StringEquals",
    "kms:RequestAlias": "StringEquals",
}
"""Condition keys of a request that become a condition, with its operator: those that bound what a principal can make
of an action (Service Authorization Reference, the keys of IAM and KMS). Others differ from one request to the next."""
_SESSION = re.compile(r"arn:([\w-]+):sts::(\d+):assumed-role/([^/]+)/")
_Conditions = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Learned:
    """What a principal asked, as policies; several where one is too large for IAM. ``notes`` tell what is wider or
    narrower than it looks, ``decisions`` how many checks it comes from."""

    principal: str
    policies: tuple[dict[str, Any], ...]
    notes: tuple[str, ...]
    decisions: int


@dataclass(slots=True)
class _Asked:
    """What one principal asked of one action under the same conditions: ARNs by what they are parts of."""

    by_parent: dict[str, set[str]] = field(default_factory=dict)
    widened: set[str] = field(default_factory=set)
    """What stands for many."""

    def add(self, arn: str) -> None:
        parent = parent_of(arn)
        known = self.by_parent.setdefault(parent, set())
        if f"{parent}*" in self.widened:
            return
        known.add(arn)
        is_bucket = parent.startswith("arn:aws:s3:::") and parent.endswith("/")
        if len(known) > (KEYS_OF_A_BUCKET if is_bucket else RESOURCES_OF_AN_ACTION):
            self.by_parent[parent] = {f"{parent}*"}
            self.widened.add(f"{parent}*")


class Learner:
    """Takes decisions from any thread; ``only_allowed`` leaves out what was denied, for a guard that enforced."""

    def __init__(self, only_allowed: bool = False) -> None:
        self.only_allowed = only_allowed
        self._asked: dict[str, dict[tuple[str, _Conditions], _Asked]] = {}
        self._count: dict[str, int] = {}
        self._denied: dict[str, dict[str, None]] = {}
        self._lock = threading.Lock()

    def __call__(self, one: Decided) -> None:
        """Take one decision. Requests that nobody signed have no policy."""
        who = identity_of(one.principal)
        if not who.startswith("arn:"):
            return
        with self._lock:
            self._count[who] = self._count.get(who, 0) + 1
            if self.only_allowed and not one.allowed:
                self._denied.setdefault(who, {})[one.check.action] = None
                return
            conditions = tuple(
                sorted((key, str(value)) for key, value in one.check.context.items() if key in CONDITIONS)
            )
            known = self._asked.setdefault(who, {}).setdefault((one.check.action, conditions), _Asked())
            known.add(one.check.resource)

    def learned(self) -> list[Learned]:
        """The policies of all that asked, by name."""
        with self._lock:
            return [self._of(who) for who in sorted(self._count)]

    def _of(self, who: str) -> Learned:
        asked = self._asked.get(who, {})
        permissions = [_permission(action, conditions, one) for (action, conditions), one in sorted(_pairs(asked))]
        # A statement's resources are all that generate leaves as text of its own; here every part of it is known.
        document = {
            "Version": "2012-10-17",
            "Statement": [
                {**one, "Resource": [str(arn) for arn in one["Resource"]]} for one in generate(permissions)["Statement"]
            ],
        }
        parts = split(document) if document["Statement"] else []
        wide = sorted({arn for one in asked.values() for arn in one.widened})
        notes = [f"{arn} replaces the many resources that were used" for arn in wide]
        if denied := sorted(self._denied.get(who, ())):
            notes.append(f"denied, and left out of the policy: {', '.join(denied)}")
        if len(parts) > 1:
            notes.append(f"too large for one managed policy, and therefore split into {len(parts)}")
        return Learned(who, tuple(parts), tuple(notes), self._count[who])


def _pairs(
    asked: Mapping[tuple[str, _Conditions], _Asked],
) -> list[tuple[tuple[str, _Conditions], list[str]]]:
    return [(key, sorted(arn for arns in one.by_parent.values() for arn in arns)) for key, one in asked.items()]


def _permission(action: str, conditions: _Conditions, arns: list[str]) -> RequiredPermission:
    wanted: dict[str, dict[str, tuple[str, ...]]] = {}
    for key, value in conditions:
        wanted.setdefault(CONDITIONS[key], {})[key] = (value,)
    resources = tuple(Resource(Text.of(_literal(arn)), Certainty.RESOLVED) for arn in arns)
    return RequiredPermission(action, resources, (), Origin.CODE, wanted)


def _literal(arn: str) -> str:
    """An ARN as a policy says it: what would be read as a variable is written so that it is not
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html, special characters), and what
    no request names (an id that the service is still to make) is any."""
    written = arn.replace("${", "${$}{").replace(STAND_IN, "*")
    return f"{written.removesuffix(SECRET_STAND_IN)}-??????" if written.endswith(SECRET_STAND_IN) else written


def parent_of(arn: str) -> str:
    """An ARN without its last part: ``arn:aws:s3:::bucket/`` of a key, whatever slashes that has.

    >>> parent_of("arn:aws:s3:::photos/2026/11/cat.jpg"), parent_of("arn:aws:sqs:eu-west-1:123456789012:jobs")
    ('arn:aws:s3:::photos/', 'arn:aws:sqs:eu-west-1:123456789012:')
    """
    if arn.startswith("arn:aws:s3:::") and "/" in arn:
        return arn[: arn.index("/") + 1]
    return arn[: max(arn.rfind("/"), arn.rfind(":")) + 1]


def identity_of(principal: str) -> str:
    """Whose policies a principal has: a session's are its role's (its path is not told by the session's ARN).

    >>> identity_of("arn:aws:sts::123456789012:assumed-role/app/session")
    'arn:aws:iam::123456789012:role/app'
    """
    found = _SESSION.match(principal)
    return f"arn:{found[1]}:iam::{found[2]}:role/{found[3]}" if found else principal
