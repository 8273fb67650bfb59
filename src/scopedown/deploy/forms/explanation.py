"""Why the Framework user needs each action: the command, or the resource with the property, and the source of the row.

Text for people, one action a paragraph. What is wider than one resource is told with the reason.

What the holder of a policy could still do is told as lines, too.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from scopedown.core.finding import printable
from scopedown.deploy.model import Because, CommandCall, DeployPermission, Plan, ResourceProperty
from scopedown.deploy.residual_access import Remains

MAX_REASONS = 6
"""Reasons told of one action on one set of ARNs; more are counted."""
MAX_LENGTH = 600
"""Characters shown of an ARN, a value or a reason: AWS takes no longer name of a function, a table or a log group, but
a project may write one of any length."""


def explanation(plan: Plan) -> Iterator[str]:
    """Lines: an action with its ARNs, then the reasons, inset. Nothing in them can break or colour a line."""
    grouped: dict[tuple[str, tuple[str, ...], str], list[DeployPermission]] = {}
    for permission in plan.permissions:
        grouped.setdefault((permission.action, permission.resources, _conditions(permission)), []).append(permission)
    for (action, resources, conditions), permissions in sorted(grouped.items()):
        yield printable(f"{action} on {' and '.join(map(_shortened, resources))}{conditions}")
        reasons = list(dict.fromkeys(_reason(because) for permission in permissions for because in permission.because))
        for reason in reasons[:MAX_REASONS]:
            yield printable(f"    {_shortened(reason)}")
        if len(reasons) > MAX_REASONS:
            yield f"    and {len(reasons) - MAX_REASONS} more reasons like these"
        if all(permission.tolerated for permission in permissions):
            yield "    the command continues without it"


def _shortened(text: str) -> str:
    """A text whose middle is left out where it is too long to be read."""
    half = MAX_LENGTH // 2
    return text if len(text) <= MAX_LENGTH else f"{text[:half]} [{len(text) - 2 * half} more characters] {text[-half:]}"


def _conditions(one: DeployPermission) -> str:
    shown = [
        f"{key} {operator} {' or '.join(map(_shortened, values))}"
        for operator, keys in one.conditions.items()
        for key, values in keys.items()
    ]
    return f", where {' and '.join(shown)}" if shown else ""


def _reason(because: Because) -> str:
    if isinstance(because, CommandCall):
        when = f", because of {because.when}" if because.when else ""
        return f"{because.command}: {because.call}{when} [{because.source}]"
    return _of_resource(because)


def _of_resource(because: ResourceProperty) -> str:
    when = f" with {because.property}" if because.property else ""
    phases = ", ".join(because.phases)
    where = f" ({because.place})" if because.place else ""
    return f"to {phases} {because.logical_id}, {because.type}{when}{where} [{because.source}]"


def unresolved_lines(plans: Iterable[Plan]) -> Iterator[str]:
    """What could not be told exactly, and where tables were read and not measured."""
    told = dict.fromkeys(str(unresolved) for plan in plans for unresolved in plan.unresolved)
    for text in told:
        yield printable(f"not resolved: {text}")


COLUMNS = 120


def remains_lines(found: Remains, whole: bool) -> Iterator[str]:
    """The answers, and the statements without a narrower form: all of them (``whole``) or their number."""
    yield "What a user with this policy can still do, according to scopedown's evaluator:"
    for answer in found.answers:
        yield from wrapped(f"- {answer}", "  ")
    if not found.wide:
        yield "No statement reaches beyond the project."
    elif whole:
        yield "Statements that reach beyond the project, because AWS offers nothing narrower:"
        for wide in found.wide:
            yield from wrapped(f"- {wide}", "  ")
    else:
        count = sum(len(wide.actions) for wide in found.wide)
        yield (
            f"{count} {'grant reaches' if count == 1 else 'grants reach'} beyond the project, because AWS offers "
            "nothing narrower; --explain lists them."
        )


def wrapped(text: str, inset: str) -> list[str]:
    """A sentence of the user's or AWS's names as lines, the further ones inset."""
    return textwrap.wrap(
        printable(text), COLUMNS, subsequent_indent=inset, break_long_words=False, break_on_hyphens=False
    )
