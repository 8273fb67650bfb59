"""An audit as text, and as JSON (``scopedown.deploy-policy-audit/1``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from scopedown.core.finding import printable
from scopedown.core.words import count
from scopedown.deploy.audit import Audit, Beyond, Lacking
from scopedown.deploy.model import Because, CommandCall

SCHEMA = "scopedown.deploy-policy-audit/1"


def audit_lines(found: Audit, who: str, project: str, used: Callable[[str], str] = lambda pattern: "") -> Iterator[str]:
    """Lines for people: what is lacking first, then what is too much, the riskiest first; ``used`` says what logs show
    of a pattern of actions."""
    yield printable(f"{who}, compared with what {project} needs ({found.needed} grants)")
    if found.administrator:
        yield "It is an administrator, and this project does not need one. To print the policy that it needs, run"
        yield "scopedown deploy-policy without --audit."
    failing = [one for one in found.lacking if not one.tolerated]
    tolerated = [one for one in found.lacking if one.tolerated]
    if failing:
        yield f"missing, so a command would fail ({count(len(failing), 'grant')}):"
        yield from _grouped(failing)
    else:
        yield "missing: nothing; every requested command would be allowed"
    if tolerated:
        yield f"missing, but the commands continue without it ({count(len(tolerated), 'grant')}):"
        yield from _grouped(tolerated)
    for way in found.ways:
        yield printable(f"not needed, and lets it become administrator: {way}")
    if found.beyond:
        yield f"not needed ({len(found.beyond)}), the riskiest first:"
        for one in found.beyond:
            use = used(one.pattern)
            yield f"  {_beyond(one)}" + (f" (by the logs: {use})" if use else "")
    else:
        yield "not needed: nothing"


def audit_report(found: Audit, who: str, project: str) -> dict[str, Any]:
    """The same as one object."""
    return {
        "schema": SCHEMA,
        "holder": who,
        "project": project,
        "needed": found.needed,
        "administrator": found.administrator,
        "lacking": [
            {
                "action": one.action,
                "resource": one.resource,
                "partly": one.part,
                "tolerated": one.tolerated,
                "why": one.why,
                "failsAt": [_at(because) for because in one.because],
            }
            for one in found.lacking
        ],
        "ways": [
            {
                "name": way.way.name,
                "told": way.way.told,
                "by": [{"action": action, "resource": resource} for action, resource in way.by],
                "remedy": way.way.remedy,
                "source": way.way.source,
            }
            for way in found.ways
        ],
        "beyond": [
            {
                "policy": one.policy,
                "statement": one.statement,
                "pattern": one.pattern,
                "resources": list(one.resources),
                "risk": one.risk.name.lower(),
                "notNeeded": one.count,
                "actions": list(one.actions),
            }
            for one in found.beyond
        ],
    }


def _grouped(lacking: list[Lacking]) -> Iterator[str]:
    """One line for an action that is lacking for one reason, with a resource and the number of the others."""
    groups: dict[tuple[str, str, bool], list[Lacking]] = {}
    for one in lacking:
        groups.setdefault((one.action, one.why, one.part), []).append(one)
    if len(groups) < len(lacking):
        yield f"  ({count(len(groups), 'row')}: grants of one action with one reason are shown together)"
    for (action, why, part), several in groups.items():
        one = several[0]
        resources = len({other.resource for other in several}) - 1
        reasons = sum(len(other.because) for other in several) - 1
        more = f" and {resources} more" if resources else ""
        yield printable(f"  {action} on {'all of ' if part else ''}{one.resource}{more}")
        also = f", and {count(reasons, 'more reason')}" if reasons > 0 else ""
        yield printable(f"    {_at(one.because[0])}{also} ({why})" if one.because else f"    {why}")


def _at(because: Because) -> str:
    """Where the deployment fails."""
    if isinstance(because, CommandCall):
        return f"{because.command} would fail at {because.call}"
    when = f" with {because.property}" if because.property else ""
    return f"CloudFormation would fail to {' or '.join(because.phases)} {because.logical_id}, {because.type}{when}"


def _beyond(one: Beyond) -> str:
    where = (
        f"[{one.risk.name.lower()}] {one.policy}, statement {one.statement}: {one.pattern} on {_some(one.resources)}"
    )
    if one.count:
        more = f" and {one.count - len(one.actions)} more" if one.count > len(one.actions) else ""
        if one.actions == (one.pattern,):
            return printable(f"{where}: no command needs it")
        noun = "action" if one.count == 1 else "actions"
        return printable(f"{where}: {one.count} {noun} that no command needs, {', '.join(one.actions)}{more}")
    if one.risk.name == "EVERYTHING":
        return printable(f"{where}: every action that AWS has")
    return printable(f"{where}: needed, but on fewer resources")


def _some(resources: tuple[str, ...]) -> str:
    more = f" and {len(resources) - 2} more" if len(resources) > 3 else ""
    return f"{', '.join(resources[: 2 if more else 3])}{more}"
