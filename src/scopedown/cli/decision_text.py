"""Decisions in words, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scopedown.iam import Decision, Layer
from scopedown.iam.decision import evaluation_result, layer_words
from scopedown.iam.explain import StatementResult
from scopedown.iam.questions import missing
from scopedown.iam.services import refused

_HEADS = {"allowed": "allowed", "implicitDeny": "denied (implicitly)", "explicitDeny": "denied (explicitly)"}


def as_text(decisions: Sequence[Decision], notes: Sequence[str]) -> Iterator[str]:
    """The lines of all decisions, then the notes."""
    for number, decision in enumerate(decisions):
        if number:
            yield ""
        yield from decision_lines(decision)
    yield from (f"note: {note}" for note in notes)


def as_json(decisions: Sequence[Decision], notes: Sequence[str]) -> dict[str, object]:
    """All decisions as one object, which also has the answer of AWS's simulator."""
    values = {decision.value for decision in decisions}
    worst = next(value for value in ("explicitDeny", "implicitDeny", "allowed") if value in values)
    return {
        "schema": "scopedown.simulate/1",
        "decision": worst,
        "results": [decision_json(decision) for decision in decisions],
        "EvaluationResults": [evaluation_result(decision) for decision in decisions],
        "IsTruncated": False,
        "notes": list(notes),
    }


def decision_lines(decision: Decision) -> Iterator[str]:
    """What was decided, by which statement, what came close, and what would change it."""
    request = decision.request
    never = refused(request.action, request.resource)
    head = "refused by AWS" if never is not None and decision.allowed else _HEADS[decision.value]
    yield f"{head}: {request.action} on {request.resource} for {request.caller.arn}"
    place = decision.decided_by
    if never is not None:
        yield f"  no policy can allow it: {never.reason} (AWS answers {never.code}; {never.source})"
    if decision.allowed:
        yield f"  {place.label} allows it" if place else f"  {_unasked(decision)}"
        return
    if place is not None:
        yield f"  {place.label} ({layer_words(decision)}) denies it"
        yield from _conditions(decision)
    else:
        level = f" at level {decision.level + 1}" if decision.layer is Layer.SCP else ""
        yield f"  no {layer_words(decision)} policy{level} allows it".replace("boundary policy", "boundary")
    near = (
        [result for result in decision.explanation.near() if result.place.layer == decision.layer]
        if place is None
        else []
    )
    for result in near:
        yield f"  closest: {result.place.label}: {'; '.join(result.reasons)}"
    if never is None and (changes := missing(request, decision.policies)):
        yield "  to allow it: " + "; ".join(str(change) for change in changes)
    if keys := decision.missing_context:
        yield "  condition keys asked for and not given: " + ", ".join(keys)
    yield f"  AWS would say: {decision.message}"


def _unasked(decision: Decision) -> str:
    if decision.request.lower_action == "sts:getcalleridentity":
        return "this action needs no permission"
    return "the root user needs no identity-based policy"


def _conditions(decision: Decision) -> Iterator[str]:
    place = decision.decided_by
    for statement in decision.explanation.statements:
        if statement.place is place:
            for result in statement.conditions:
                yield f"    {result.why}"


def decision_json(decision: Decision) -> dict[str, object]:
    """A decision with everything that explains it."""
    request = decision.request
    place = decision.decided_by
    return {
        "action": request.action,
        "resource": request.resource,
        "principal": request.caller.arn,
        "decision": decision.value,
        "blockedBy": layer_words(decision) or None,
        "level": decision.level if decision.layer in (Layer.SCP, Layer.RCP) else None,
        "decidedBy": place.label if place else None,
        "message": decision.message or None,
        "missingContext": list(decision.missing_context),
        "refusedByAws": never.reason if (never := refused(request.action, request.resource)) else None,
        "needed": [str(change) for change in missing(request, decision.policies)],
        "statements": [_statement(statement) for statement in decision.explanation.statements],
    }


def _statement(one: StatementResult) -> dict[str, object]:
    return {
        "statement": one.place.label,
        "layer": one.place.layer.words,
        "effect": one.effect,
        "matches": one.counts,
        "action": one.action,
        "resource": one.resource,
        "principal": one.principal,
        "conditions": [{"holds": result.holds, "why": result.why} for result in one.conditions],
        "reasons": list(one.reasons),
    }
