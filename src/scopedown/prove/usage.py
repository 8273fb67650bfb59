"""Which statement was used by what, which action is needed, and the reason where one is not.

In: whose policies were in force, every recorded check, and why each action is in its policy. Out: a
:class:`~.model.StatementUse` for each statement. All of it is decided by :mod:`scopedown.iam` anew, from the record:
an action is *used* where its statement alone allows a recorded request, and *needed* where a recorded request that was
allowed is denied by the same policies with the action deleted from that statement. Why no request used an action is
what put it there, held against what was run. What went wrong: denials with the grant that is missing
(:func:`denials_of`), and calls that the scan had not foreseen (:func:`unforeseen_by`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scopedown.calls.model import SdkCall
from scopedown.deploy.model import CommandCall, DeployPermission, Phase, ResourceProperty
from scopedown.documents.nodes import items_of
from scopedown.guard.model import ACCOUNT, NO_OBJECT, Decided
from scopedown.iam import Caller, Decision, Kind, PolicySet, Request, parse_policy
from scopedown.iam import compile as compile_policies
from scopedown.iam.request import derived_context
from scopedown.iam.wildcard import matching
from scopedown.permissions.model import ConfigSource, RequiredPermission
from scopedown.prove.functions.model import FunctionRun
from scopedown.prove.local_aws import Documents, Holder, policies
from scopedown.prove.model import DEPLOYING, ActionUse, Denial, StatementUse, Unforeseen
from scopedown.scan import FunctionScan, ProjectScan

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


def denials_of(
    record: Iterable[Decided], holders: Mapping[str, Holder], permissions: Sequence[DeployPermission]
) -> tuple[Denial, ...]:
    """What was denied: a holder's equal requests once, whatever asked for them. ``holders`` are by ARN."""
    tolerated = {permission.action.lower() for permission in permissions if permission.tolerated}
    found: dict[tuple[str, ...], Denial] = {}
    for one in record:
        if one.allowed:
            continue
        holder = holders.get(one.principal)
        name = holder.name if holder else one.principal or "?"
        action, resource = one.check.action, one.check.resource
        key = (name, one.operation, action, resource)
        if (known := found.get(key)) is not None:
            during = known.during if one.during in known.during else (*known.during, one.during)
            found[key] = replace(known, times=known.times + 1, during=during)
            continue
        harmless = ""
        if one.operation.endswith(NO_OBJECT):
            harmless = "the object does not exist; without this permission S3 answers 403 instead of 404"
        elif name in DEPLOYING and action.lower() in tolerated:
            harmless = "the command continues without it"
        found[key] = Denial(
            name, (one.during,), one.operation, action, resource, one.message, one.modelled, one.logical_id, 1, harmless
        )
    return tuple(found.values())


def unforeseen_by(
    record: Iterable[Decided], holders: Mapping[str, Holder], scan: ProjectScan, generated: bool
) -> tuple[Unforeseen, ...]:
    """What functions asked for and their scans had not named: the action, or the action on this resource (told by
    a denial, where what the scan generated is in force)."""
    named = {
        function.function.key: {permission.action.lower() for permission in function.permissions}
        for function in scan.functions
    }
    found: dict[Unforeseen, None] = {}
    for one in record:
        holder = holders.get(one.principal)
        if holder is None or holder.name in DEPLOYING or one.operation.endswith(NO_OBJECT):
            continue
        known = one.check.action.lower() in named.get(holder.name, set())
        if not known or (generated and not one.allowed):
            found[Unforeseen(holder.name, one.operation, one.check.action, one.check.resource, known)] = None
    return tuple(found)


GIVEN = "no command of this run asked for it"
SHOWN = 3


def why_not_deployed(permissions: Sequence[DeployPermission], ran: Iterable[str], broken: str = "") -> Reasons:
    """The reasons of the deployment's policy, after these commands ran; ``broken`` is the step that failed."""
    commands = set(ran)
    by_action: dict[str, list[DeployPermission]] = {}
    for permission in permissions:
        by_action.setdefault(permission.action.lower(), []).append(permission)

    def why(action: str, statement: Mapping[str, Any]) -> str:
        found = [permission for permission in by_action.get(action.lower(), ()) if _meets(permission, statement)]
        if broken and any(_of(permission, commands) for permission in found):
            return f"{broken} failed before it was asked for"
        return _deployment(found, commands) if found else GIVEN

    return why


def _meets(permission: DeployPermission, statement: Mapping[str, Any]) -> bool:
    resources = statement.get("Resource", "*")
    given = {resources} if isinstance(resources, str) else set(resources)
    return bool(given & set(permission.resources)) or "*" in given or "*" in permission.resources


def _of(permission: DeployPermission, ran: set[str]) -> bool:
    """Whether a command that ran may ask for it."""
    return any(isinstance(call, ResourceProperty) or call.command in ran for call in permission.because)


def _deployment(found: Sequence[DeployPermission], ran: set[str]) -> str:
    because = [one for permission in found for one in permission.because]
    calls = [call for call in because if isinstance(call, CommandCall)]
    of_resources = [property_ for property_ in because if isinstance(property_, ResourceProperty)]
    others = sorted({call.command for call in calls} - ran)
    mine = [call for call in calls if call.command in ran]
    told = []
    if others and not mine:
        told.append(f"asked by {_some(others)}, not run here")
    for call in mine[:1]:
        condition = f", where {call.when}" if call.when else ""
        told.append(f"{call.command} calls {call.call}{condition}; it did not do so in this run")
    if of_resources:
        told.append(_resource(of_resources))
    if any(one.tolerated for one in found):
        told.append("the command continues without it")
    return "; ".join(told) or GIVEN


def _resource(found: Sequence[ResourceProperty]) -> str:
    phases = {phase for property_ in found for phase in property_.phases}
    names = _some(sorted({property_.logical_id for property_ in found}))
    of = next((f"{property_.property} of " for property_ in found if property_.property), "")
    if all(property_.fallback for property_ in found):
        return (
            f"the registry names it for {found[0].type} ({names}); our model of CloudFormation's calls does not use it"
        )
    if phases == {Phase.UPDATE}:
        return f"needed when {of}{names} changes, and only code changed"
    if Phase.CREATE not in phases:
        return f"needed when {of}{names} changes or is removed"
    return f"needed for {of}{names} when it is created again, changed or cleaned up after a failure"


def why_not_called(scan: FunctionScan, run: FunctionRun | None) -> Reasons:
    """The reasons of a function's policy, after the function ran (None: was not run)."""
    by_action: dict[str, list[RequiredPermission]] = {}
    for permission in scan.permissions:
        by_action.setdefault(permission.action.lower(), []).append(permission)

    def why(action: str, statement: Mapping[str, Any]) -> str:
        because = [reason for permission in by_action.get(action.lower(), ()) for reason in permission.because]
        calls = [call for call in because if isinstance(call, SdkCall)]
        settings = [source for source in because if isinstance(source, ConfigSource)]
        if settings and not calls:
            return (
                f"Lambda itself asks for it ({_some(sorted({setting.setting for setting in settings}))}), not the code"
            )
        where = _some([f"{call.place.file}:{call.place.line}" for call in calls])
        if run is None or not run.ran:
            return "the function was not run" + (f": {run.why_not}" if run and run.why_not else "")
        if not calls:
            return "from a setting or a hint; the events that were run did not use it"
        failed = next((event for event in run.events if not event.ok), None)
        if failed is not None:
            return (
                f"the call at {where} was not reached: {failed.event} ended with {failed.error_type or failed.outcome}"
            )
        return f"the call at {where} was not reached by the events that were run"

    return why


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(dict.fromkeys(names[:SHOWN]))
    return f"{shown} and {len(names) - SHOWN} more" if len(names) > SHOWN else shown
