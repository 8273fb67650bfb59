"""A denial, explained: what AWS says, whose it is in the project, and what to do about it; as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scopedown.core.place import place_json
from scopedown.denied.advice import Advice
from scopedown.denied.whereabouts import Function, Step

SCHEMA = "scopedown.denied/1"
_MOST = 5


@dataclass(frozen=True, slots=True)
class Explained:
    """An advice with what the project says of it. ``role_statement`` is what the role needs by the project's own names,
    where its functions need the action."""

    advice: Advice
    functions: tuple[Function, ...] = ()
    steps: tuple[Step, ...] = ()


def as_text(found: Sequence[Explained]) -> Iterator[str]:
    """The lines of all denials."""
    for number, one in enumerate(found):
        if number:
            yield ""
        yield from lines(one)


def lines(one: Explained) -> Iterator[str]:
    """The text of one denial."""
    advice, denial = one.advice, one.advice.denial
    who = denial.caller or "a caller that AWS does not name"
    what = denial.action or f"the operation {denial.operation or 'that the message is about'}"
    yield f"{who} was denied {what}" + (f" on {denial.resource}" if denial.resource else "")
    if denial.logical_id:
        yield f"  at: {denial.logical_id} ({denial.resource_type}), in a {denial.form}"
    elif denial.form != "sentence":
        yield f"  read from: a {denial.form}"
    yield f"  denied by: {_by(advice)}"
    for function in one.functions[:_MOST]:
        sure = "function" if function.certain else "function that needs it"
        yield f"  {sure}: {function.function.function.key} ({function.function.function.place})"
        for words, place in list(function.reasons)[:_MOST]:
            yield f"    {words} at {place.of_line}"
        if not function.needs:
            yield "    scopedown found no call in its code that needs this action"
    for step in one.steps[:_MOST]:
        yield f"  deployment: {step.words}" + (f" ({step.place})" if step.place else "")
    if advice.statement is not None:
        yield f"  add to {_where(one)}:"
        yield f"    {json.dumps(advice.statement)}"
    for note in advice.notes:
        yield f"  note: {note}"
    if advice.never is not None:
        yield f"  no policy can allow this: {advice.never.reason} ({advice.never.source})"
    elif advice.afterwards:
        yield f"  afterwards: {advice.afterwards}"


def _by(advice: Advice) -> str:
    denial = advice.denial
    if advice.never is not None:
        return "AWS itself"
    if denial.explicit:
        named = denial.policy or (f"{denial.kind.words} policy" if denial.kind else "a policy that AWS does not name")
        return f"a statement with Deny in {named}".replace("boundary policy", "boundary")
    if denial.kind is None:
        return "no statement that AWS names"
    return f"no {denial.kind.words} policy allows it".replace("boundary policy", "boundary")


def _where(one: Explained) -> str:
    """Where the statement goes, as exactly as it is known."""
    certain = [function for function in one.functions if function.certain]
    if certain and one.advice.mendable:
        role = certain[0].subject.role
        at = f" ({role.place})" if role.place else ""
        return f"the role of {certain[0].function.function.key}, {role.id}{at}"
    if one.steps and one.advice.mendable:
        return "the policy of the user or role that deploys (scopedown deploy-policy prints all of it)"
    return one.advice.holder


def as_json(found: Sequence[Explained]) -> dict[str, Any]:
    """The JSON of ``--format json``."""
    return {"schema": SCHEMA, "denials": [_object(one) for one in found]}


def _object(one: Explained) -> dict[str, Any]:
    advice, denial = one.advice, one.advice.denial
    return {
        "caller": denial.caller,
        "action": denial.action,
        "operation": denial.operation,
        "resource": denial.resource,
        "policyType": str(denial.kind) if denial.kind else None,
        "explicit": denial.explicit,
        "policy": denial.policy,
        "form": denial.form,
        "logicalId": denial.logical_id,
        "functions": [
            {
                "name": function.function.function.key,
                "certain": function.certain,
                "role": function.subject.role.id,
                "place": place_json(function.function.function.place),
                "reasons": [{"what": words, **place_json(place)} for words, place in function.reasons],
            }
            for function in one.functions
        ],
        "steps": [{"what": step.words, **(place_json(step.place) if step.place else {})} for step in one.steps],
        "addTo": _where(one) if advice.statement is not None else None,
        "statement": advice.statement,
        "afterwards": advice.afterwards,
        "identityPolicyHelps": advice.mendable,
        "neverAllowed": {"why": advice.never.reason, "source": advice.never.source} if advice.never else None,
        "notes": list(advice.notes),
    }
