"""Why an action of a policy was used by no request: what put it there, held against what was run.

In: an action, the reasons that the plan or the scan gives for it, what ran. Out: one sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scopedown.calls.model import SdkCall
from scopedown.deploy.model import CommandCall, DeployPermission, Phase, ResourceProperty
from scopedown.permissions.model import ConfigSource, RequiredPermission
from scopedown.prove.functions.model import FunctionRun
from scopedown.prove.usage import Reasons
from scopedown.scan import FunctionScan

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
