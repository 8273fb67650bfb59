"""Attacks by principals that lack one right alone: everything else is allowed, so a denial is for that right.

A :class:`Row` is a request in which ``$R`` and other words stand for what the attacker may not use. Each row is asked
with several such values, by a user and by a session of a role, and once with what may be used: the control, which must
not be denied. The denial is the guard's, before moto: a request that moto does not know counts as well.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from botocore.credentials import Credentials

from attacks.operations import Attack
from attacks.wire import Answer, Wire
from attacks.world import World, arn, document, key_of, statement

_DENIALS = (b"AccessDenied", b"not authorized to perform: ", b"UnauthorizedOperation", b"does not know which action",
            b"InvalidClientTokenId", b"InvalidSignatureException", b"ExpiredToken", b"UnrecognizedClientException")  # fmt: skip


def is_denial(answer: Answer) -> bool:
    """Whether an answer says that the caller may not."""
    return answer.status == 403 or (answer.status == 400 and any(one in answer.body for one in _DENIALS))


@dataclass(frozen=True)
class Row:
    """A request. ``source``: where AWS says that the right is needed."""

    service: str
    operation: str
    parameters: Mapping[str, Any]
    source: str = ""

    def wire(self, words: Mapping[str, str]) -> Wire:
        """The request with words put in."""
        return Wire.of(self.service, self.operation, **put_in(self.parameters, words))


def put_in(value: Any, words: Mapping[str, str]) -> Any:
    """A value in whose texts words are replaced."""
    if isinstance(value, str | bytes):
        for word, by in words.items():
            value = value.replace(word, by) if isinstance(value, str) else value.replace(word.encode(), by.encode())
        return value
    if isinstance(value, Mapping):
        return {put_in(name, words): put_in(one, words) for name, one in value.items()}
    return [put_in(one, words) for one in value] if isinstance(value, list) else value


def user(world: World, *statements: dict[str, Any]) -> Credentials:
    """The key of a user with this policy; one user for each policy."""
    return _key_of_holder(world, "own-", world.guard.user, statements)


def session(world: World, *statements: dict[str, Any]) -> Credentials:
    """The key of a session of a role with this policy; one role for each policy."""
    return _key_of_holder(world, "own-s", world.guard.role, statements)


def _key_of_holder(
    world: World, prefix: str, make: Callable[..., Any], statements: Sequence[dict[str, Any]]
) -> Credentials:
    policy = document(*statements)
    name = prefix + hashlib.sha256(json.dumps(policy, sort_keys=True).encode()).hexdigest()[:12]
    if name not in world.made:
        world.made[name] = key_of(make(name, policy))
    return world.made[name]


def but(actions: str | list[str], *resources: str, **more: Any) -> list[dict[str, Any]]:
    """Statements that allow everything but some actions, and these on some resources alone."""
    everything = {"Effect": "Allow", "NotAction": actions, "Resource": "*"}
    return [everything, statement(actions, *resources, **more)] if resources else [everything]


def asked_by(key: Credentials, title: str, wire: Wire, *, control: bool = False) -> Attack:
    """A request that must be denied to who asks; a control must not."""
    return Attack(
        title, wire.service, lambda w: wire.signed(key, w.address).send(w.address), denied=not control, control=control
    )


OWN_ROLE, VICTIM_ROLE = arn("iam", "role/own-role", ""), arn("iam", "role/victim-role", "")
_ELSEWHERE = {"StringEquals": {"iam:PassedToService": "elsewhere.amazonaws.com"}}


def passing(world: World, rows: Sequence[Row]) -> Iterator[Attack]:
    """Rows that pass the role ``$R`` (``$N``: its name): by who may pass ``own-role`` alone, and by who may pass every
    role, but to a service that is none of these."""
    who = but("iam:PassRole", OWN_ROLE)
    by_user, by_role = user(world, *who), session(world, *who)
    elsewhere = user(world, *but("iam:PassRole", "*", Condition=_ELSEWHERE))
    for number, row in enumerate(rows):
        title = f"{row.service}.{row.operation} {number}"
        for role, key in (
            (VICTIM_ROLE, by_user), (VICTIM_ROLE, by_role), (arn("iam", "role/team/victim-role", ""), by_user),
            (arn("iam", "role/own-role-2", ""), by_user),
        ):  # fmt: skip
            yield asked_by(key, f"{title} {role[31:]}", row.wire({"$R": role, "$N": role.rpartition("/")[2]}))
        words = {"$R": OWN_ROLE, "$N": "own-role"}
        yield asked_by(elsewhere, f"{title} to another service", row.wire(words))
        yield asked_by(by_user, f"{title} control", row.wire(words), control=True)


def without(world: World, action: str | list[str], rows: Sequence[Row], *resources: str) -> Iterator[Attack]:
    """Rows that need an action beside their own: by who may do everything but that."""
    who = but(action, *resources)
    everything = user(world, statement("*", "*"))
    for number, row in enumerate(rows):
        title = f"{row.service}.{row.operation} without {action} {number}"
        wire = row.wire({})
        for kind, key in (("user", user(world, *who)), ("session", session(world, *who))):
            yield asked_by(key, f"{title} {kind}", wire)
        yield asked_by(everything, f"{title} control", wire, control=True)


def quiet(attack: Attack) -> Attack:
    """The same attack, of which only success counts: AWS says no with another error than a denial."""
    return replace(attack, denied=False, strict=True)
