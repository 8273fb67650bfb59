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
    for one in permissions:
        by_action.setdefault(one.action.lower(), []).append(one)

    def why(action: str, statement: Mapping[str, Any]) -> str:
        found = [one for one in by_action.get(action.lower(), ()) if _meets(one, statement)]
        if broken and any(_of(one, commands) for one in found):
            return f"{broken} failed before it was asked for"
        return _deployment(found, commands) if found else GIVEN

    return why


def _meets(permission: DeployPermission, statement: Mapping[str, Any]) -> bool:
    resources = statement.get("Resource", "*")
    given = {resources} if isinstance(resources, str) else set(resources)
    return bool(given & set(permission.resources)) or "*" in given or "*" in permission.resources


def _of(permission: DeployPermission, ran: set[str]) -> bool:
    """Whether a command that ran may ask for it."""
    return any(isinstance(one, ResourceProperty) or one.command in ran for one in permission.because)


def _deployment(found: Sequence[DeployPermission], ran: set[str]) -> str:
    because = [one for permission in found for one in permission.because]
    calls = [one for one in because if isinstance(one, CommandCall)]
    of_resources = [one for one in because if isinstance(one, ResourceProperty)]
    others = sorted({one.command for one in calls} - ran)
    mine = [one for one in calls if one.command in ran]
    told = []
    if others and not mine:
        told.append(f"asked by {_some(others)}, not run here")
    for one in mine[:1]:
        condition = f", where {one.when}" if one.when else ""
        told.append(f"{one.command} calls {one.call}{condition}; it took another way here")
    if of_resources:
        told.append(_resource(of_resources))
    if any(one.tolerated for one in found):
        told.append("the command goes on without it")
    return "; ".join(told) or GIVEN


def _resource(found: Sequence[ResourceProperty]) -> str:
    phases = {phase for one in found for phase in one.phases}
    names = _some(sorted({one.logical_id for one in found}))
    of = next((f"{one.property} of " for one in found if one.property), "")
    if all(one.fallback for one in found):
        return (
            f"the registry names it for {found[0].type} ({names}); our model of CloudFormation's calls does not use it"
        )
    if phases == {Phase.UPDATE}:
        return f"asked when {of}{names} changes, and only code did"
    if Phase.CREATE not in phases:
        return f"asked when {of}{names} changes or goes"
    return f"asked for {of}{names} when it is made again, changed or cleaned up after a failure"


def why_not_called(scan: FunctionScan, run: FunctionRun | None) -> Reasons:
    """The reasons of a function's policy, after the function ran (None: was not run)."""
    by_action: dict[str, list[RequiredPermission]] = {}
    for one in scan.permissions:
        by_action.setdefault(one.action.lower(), []).append(one)

    def why(action: str, statement: Mapping[str, Any]) -> str:
        because = [reason for one in by_action.get(action.lower(), ()) for reason in one.because]
        calls = [one for one in because if isinstance(one, SdkCall)]
        settings = [one for one in because if isinstance(one, ConfigSource)]
        if settings and not calls:
            return f"Lambda itself asks for it ({_some(sorted({one.setting for one in settings}))}), not the code"
        where = _some([f"{one.place.file}:{one.place.line}" for one in calls])
        if run is None or not run.ran:
            return "the function was not run" + (f": {run.why_not}" if run and run.why_not else "")
        if not calls:
            return "declared, or a hint; the events that were run did not ask for it"
        failed = next((one for one in run.events if not one.ok), None)
        if failed is not None:
            return (
                f"the call at {where} was not reached: {failed.event} ended with {failed.error_type or failed.outcome}"
            )
        return f"the call at {where} was not reached by the events that were run"

    return why


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(dict.fromkeys(names[:SHOWN]))
    return f"{shown} and {len(names) - SHOWN} more" if len(names) > SHOWN else shown
