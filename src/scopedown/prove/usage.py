"""Which statement was used by what, which action is needed, and the reason where one is not.

In: whose policies were in force, every recorded check, and why each action is in its policy. Out: a
:class:`~.model.StatementUse` for each statement. All of it is decided by :mod:`scopedown.iam` anew, from the record:
an action is *used* where its statement alone allows a recorded request, and *needed* where a recorded request that was
allowed is denied by the same policies with the action deleted from that statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scopedown.documents.nodes import items_of
from scopedown.guard.model import ACCOUNT, Decided
from scopedown.iam import Caller, Decision, Kind, PolicySet, Request, parse_policy
from scopedown.iam import compile as compile_policies
from scopedown.iam.context import derived_context
from scopedown.iam.wildcard import matching
from scopedown.prove.local_aws import Documents, Holder, policies
from scopedown.prove.model import ActionUse, StatementUse

Reasons = Callable[[str, Mapping[str, Any]], str]
"""From an action and its statement to why no request used it."""
TWICE = "another statement allows the same requests"


@dataclass(frozen=True, slots=True)
class Asked:
    """Equal checks: the request that is decided again, and what asked for it."""

    request: Request
    allowed: bool
    by: tuple[str, ...]
    real: int
    modelled: int


_TRUST = parse_policy(
    {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": ["sts:AssumeRole", "sts:TagSession"]},
    ]},
    Kind.TRUST,
)  # fmt: skip
"""A role's trust policy that leaves it to the account's policies who may assume it, as those that cdk makes do."""


def evaluator(documents: Documents) -> Callable[[Request], Decision]:
    """What policies alone say of a request. A role is assumed only where its trust policy allows it too: it did, where
    the record says that it was."""
    identity = policies(documents)
    usual = compile_policies(PolicySet(identity=identity))
    trusting = compile_policies(PolicySet(identity=identity, resource=_TRUST))
    return lambda one: (trusting if one.action.lower().startswith("sts:") else usual).evaluate(one)


def request_of(one: Decided, caller: Caller) -> Request:
    """The request that a record tells of."""
    context = dict(one.check.context)
    if one.via:
        context |= {"aws:CalledVia": [one.via], "aws:ViaAWSService": "true"}
    resource = one.check.resource
    return Request(caller, one.check.action, resource, context=derived_context(caller, resource, context))


def asked(record: Iterable[Decided], caller: Caller) -> list[Asked]:
    """The record without what is in it more than once."""
    groups: dict[str, list[Decided]] = {}
    for one in record:
        key = repr(
            (one.check.action, one.check.resource, sorted(one.check.context.items(), key=str), one.via, one.allowed)
        )
        groups.setdefault(key, []).append(one)
    found = []
    for same in groups.values():
        modelled = sum(1 for one in same if one.modelled)
        by = tuple(dict.fromkeys(one.during for one in same))
        found.append(Asked(request_of(same[0], caller), same[0].allowed, by, len(same) - modelled, modelled))
    return found


def uses(holder: Holder, record: Iterable[Decided], reasons: Reasons) -> Iterator[StatementUse]:
    """The use of every statement of a holder's policies."""
    requests = asked(record, holder.caller)
    for name, document in holder.documents.items():
        for number, statement in enumerate(items_of(document["Statement"])):
            alone = evaluator({name: {**document, "Statement": [statement]}})
            denies = statement.get("Effect") == "Deny"
            seen = [
                request for request in requests if request.allowed != denies and _speaks(alone(request.request), denies)
            ]
            actions = [
                _use(holder, name, number, statement, action, seen, reasons)
                for action in items_of(statement.get("Action"))
            ]
            yield StatementUse(holder.name, name, number + 1, statement, tuple(actions))


def allowed_elsewhere(holder: Holder, record: Iterable[Decided]) -> tuple[str, ...]:
    """What a holder asked for, was allowed, and its own policies do not allow: a resource's policy did, or AWS asks for
    no permission."""
    whole = evaluator(holder.documents)
    found = (one.request for one in asked(record, holder.caller) if one.allowed)
    return tuple(
        dict.fromkeys(f"{request.action} on {request.resource}" for request in found if not whole(request).allowed)
    )


def _use(
    holder: Holder, name: str, number: int, statement: Mapping[str, Any], action: str, seen: Sequence[Asked],
    reasons: Reasons,
) -> ActionUse:  # fmt: skip
    fits = matching(action.lower())
    mine = [one for one in seen if fits(one.request.action.lower())]
    if not mine:
        return ActionUse(action, why=reasons(action, statement))
    if statement.get("Effect") == "Deny":
        return ActionUse(action, *_counted(mine), needed=True)
    rest = evaluator(reduced(holder.documents, {(name, number, action)}))
    needed = any(not rest(one.request).allowed for one in mine)
    return ActionUse(action, *_counted(mine), needed, why="" if needed else TWICE)


def _speaks(alone: Decision, denies: bool) -> bool:
    """Whether a statement by itself says yes, or by itself says no."""
    return alone.value == ("explicitDeny" if denies else "allowed")


def _counted(mine: Sequence[Asked]) -> tuple[int, int, tuple[str, ...]]:
    by = tuple(dict.fromkeys(label for one in mine for label in one.by))
    return sum(one.real for one in mine), sum(one.modelled for one in mine), by


def reduced(documents: Documents, deleted: set[tuple[str, int, str]]) -> dict[str, dict[str, Any]]:
    """The documents without these (name, statement's number from 0, action); a statement without actions goes."""
    found = {}
    for name, document in documents.items():
        statements = []
        for number, statement in enumerate(items_of(document["Statement"])):
            actions = [one for one in items_of(statement.get("Action")) if (name, number, one) not in deleted]
            if actions or "Action" not in statement:
                statements.append({**statement, "Action": actions} if "Action" in statement else statement)
        found[name] = {**document, "Statement": statements}
    return found
