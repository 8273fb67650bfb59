"""A decision in the shape of a result of AWS's ``SimulateCustomPolicy``.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
"""

from __future__ import annotations

from scopedown.iam.decision import Decision
from scopedown.iam.policyset import Layer
from scopedown.iam.rule import Place

_SOURCES = {
    Layer.IDENTITY: "IAM Policy",
    Layer.BOUNDARY: "IAM Permissions Boundary Policy",
    Layer.RESOURCE: "Resource Policy",
    Layer.SCP: "Service Control Policy",
    Layer.RCP: "Resource Control Policy",
    Layer.VPCE: "VPC Endpoint Policy",
    Layer.SESSION: "Session Policy",
}
"""SourcePolicyType; the API documents identity, resource and boundary policies alone, the others are named alike."""


def evaluation_result(decision: Decision) -> dict[str, object]:
    """One EvaluationResult."""
    request, policies = decision.request, decision.policies
    out: dict[str, object] = {
        "EvalActionName": request.action,
        "EvalResourceName": request.resource,
        "EvalDecision": decision.value,
        "MatchedStatements": [_matched(place) for place in decision.statements],
        "MissingContextValues": list(decision.missing_context),
    }
    if policies.scp:
        out["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": decision.layer is not Layer.SCP}
    if policies.boundary:
        detail = {"AllowedByPermissionsBoundary": decision.layer is not Layer.BOUNDARY}
        out["PermissionsBoundaryDecisionDetail"] = detail
    if request.owner != request.caller.account and request.caller.account is not None:
        out["EvalDecisionDetails"] = decision.sides
    return out


def _matched(place: Place) -> dict[str, object]:
    out: dict[str, object] = {
        "SourcePolicyId": place.policy.name or f"{place.layer.name.capitalize()}Policy.1",
        "SourcePolicyType": _SOURCES[place.layer],
    }
    if (span := place.statement.span) is not None:
        out["StartPosition"] = {"Line": span.start_line, "Column": span.start_column}
        out["EndPosition"] = {"Line": span.end_line, "Column": span.end_column}
    return out
