"""The sentences that every form of the report tells, in plain text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from scopedown.core.words import count, some_of
from scopedown.prove.functions.model import FunctionRun
from scopedown.prove.model import ActionUse, Denial, Proof, StatementUse, Step

EXPLICIT = "with an explicit deny"
"""AWS's words where a policy denies, and no grant helps."""


def verdict(proof: Proof) -> str:
    """The result in one line."""
    stage = f", stage {proof.stage}" if proof.stage else ""
    where = f"{proof.service}{stage}, {proof.region}, by {proof.framework}"
    ran = sum(1 for function in proof.functions if function.ran)
    took = f"in {proof.seconds:.1f} s"
    if proof.proven and not proof.functions_proven:
        proved = f"{count(len(proof.functions), 'function')} ran"
        return f"DEPLOYMENT PROVEN, FUNCTIONS NOT PROVEN: {ran} of {proved}: {where}, {took}"
    functions = f", {ran} of {count(len(proof.functions), 'function')} ran" if proof.functions else ""
    return f"{'PROVEN' if proof.proven else 'NOT PROVEN'}: {where}{functions}, {took}"


def step_result(one: Step) -> str:
    """How a command ended."""
    if one.skipped:
        return f"not run: {one.skipped}"
    return "did not end in time" if one.code is None else "ok" if one.ok else f"exit code {one.code}"


def step_error(one: Step) -> str:
    """What the tool said of a command that failed, after the file that it names; empty where it said nothing."""
    return "" if one.ok else ": ".join(filter(None, (one.place, one.error)))


def statement_name(one: StatementUse) -> str:
    """A statement by its Sid, or by its number where it has none."""
    sid = one.statement.get("Sid")
    return f"{one.holder}: {sid if isinstance(sid, str) and sid else f'statement {one.number}'}"


def function_result(one: FunctionRun) -> str:
    """What came of a function."""
    if not one.ran:
        return f"did not run: {one.why_not}"
    bad = [event for event in one.events if not event.ok]
    told = f"ran on {count(len(one.events), 'event')} with {one.ran_with}"
    if bad:
        told += f"; {len(bad)} ended with an error, the first {_error(one)}"
    if one.refused_hosts:
        told += f"; refused: {', '.join(one.refused_hosts)}"
    return told


def _error(one: FunctionRun) -> str:
    first = next(event for event in one.events if not event.ok)
    said = ": ".join(part for part in (first.error_type or first.outcome, first.error[:160]) if part)
    return f"({first.event}) {said}"


def use_result(one: ActionUse) -> str:
    """What became of an action, in a few words."""
    if not one.used:
        return f"not used: {one.why}" + _rerun(one)
    shown = some_of(one.by)
    kind = "" if one.real else " (modelled)"
    spare = "" if one.needed else f"; not needed: {one.why}{_rerun(one)}"
    return f"used by {shown}{kind}{spare}"


def _rerun(one: ActionUse) -> str:
    return {"": "", "needed": "; run again without it: needed", "ended well": "; run again without it: all ended well"}[
        one.rerun
    ]


def rests_on(proof: Proof) -> str:
    """Which checks rest on what."""
    return (
        f"{proof.real} checks are real requests of the framework and the functions. {proof.modelled} are calls that "
        "CloudFormation would make, by scopedown's model of CloudFormation; AWS did not confirm them."
    )


def holder_summary(proof: Proof) -> Iterator[str]:
    """One line for each holder of policies."""
    holders = dict.fromkeys(statement.holder for statement in proof.statements)
    for holder in holders:
        statements = [statement for statement in proof.statements if statement.holder == holder]
        actions = [action for statement in statements for action in statement.actions]
        used = [use for use in actions if use.used]
        modelled = sum(1 for use in used if not use.real)
        needed = sum(1 for use in used if use.needed)
        yield (
            f"{holder}: {count(len(statements), 'statement')}, {count(len(actions), 'action')}: {len(used)} used "
            f"({modelled} of them by modelled calls only), {needed} needed by the record, "
            f"{len(actions) - len(used)} not used"
        )


def denied_on(denials: Iterable[Denial]) -> Iterator[tuple[list[Denial], str]]:
    """Denials of one holder on one resource together, with what helps: the one statement that is missing, or that a
    policy denies them expressly."""
    groups: dict[tuple[str, str, bool], list[Denial]] = {}
    for denial in denials:
        groups.setdefault((denial.holder, denial.resource, EXPLICIT in denial.message), []).append(denial)
    for (_, resource, is_explicit), found in groups.items():
        actions = sorted({denial.action for denial in found})
        missing = json.dumps({"Effect": "Allow", "Action": actions, "Resource": [resource]})
        yield found, f"denied {found[0].message.partition(EXPLICIT)[1]}" if is_explicit else f"missing: {missing}"


def denial_line(one: Denial) -> str:
    """A denial in one line, without its resource."""
    for_whom = f" for {one.logical_id}" if one.logical_id else ""
    model = ", by our model of CloudFormation's calls" if one.modelled else ""
    times = f", {one.times} times" if one.times > 1 else ""
    return f"{one.action} ({one.operation}{for_whom}{model}; during {', '.join(one.during)}{times})"
