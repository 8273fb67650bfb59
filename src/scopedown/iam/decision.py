"""What a request comes to, and everything that can be asked about it afterwards.

A decision holds no more than its value, the layer that blocked and the statement that decided; the rest is worked out
when it is asked for.

A decision is also given in the shape of a result of AWS's ``SimulateCustomPolicy``. Source:
https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
"""

from __future__ import annotations

from typing import Protocol

from scopedown.iam.errors import access_denied
from scopedown.iam.explain import Explanation, explain, is_trust, missing_context, sides
from scopedown.iam.index import Index
from scopedown.iam.policyset import Layer, PolicySet, Value
from scopedown.iam.request import Request
from scopedown.iam.rule import Place, Rule


class Asked(Protocol):
    """What was asked: the policies, and their statements made ready."""

    policies: PolicySet
    index: Index


class Decision:
    """The answer to one request.

    ``value`` is ``allowed``, ``explicitDeny`` or ``implicitDeny``; ``layer`` the kind of policy that blocked (None
    where allowed), ``level`` its level where the layer has several.
    """

    __slots__ = ("_compiled", "_rule", "layer", "level", "request", "value")

    def __init__(
        self,
        compiled: Asked,
        request: Request,
        value: Value,
        layer: Layer | None,
        rule: Rule | None,
        level: int = 0,
    ) -> None:
        self._compiled = compiled
        self.request = request
        self.value = value
        self.layer = layer
        self._rule = rule
        self.level = level

    def __repr__(self) -> str:
        by = f" by {self.layer.words}" if self.layer is not None else ""
        return f"<Decision {self.value}{by}>"

    @property
    def allowed(self) -> bool:
        """Whether the request goes through."""
        return self.value == "allowed"

    @property
    def policies(self) -> PolicySet:
        """The policies that were asked."""
        return self._compiled.policies

    @property
    def sides(self) -> dict[str, Value]:
        """Across accounts: what the caller's identity policies and the resource's policy say, each alone."""
        return sides(self.policies, self._compiled.index.rules, self.request)

    @property
    def decided_by(self) -> Place | None:
        """The statement that decided: the deny, or the allow that sufficed; None for an implicit deny."""
        return self._rule.place if self._rule else None

    @property
    def explanation(self) -> Explanation:
        """For each statement what matched and what did not, and why."""
        return explain(self.policies, self._compiled.index.rules, self.request)

    @property
    def statements(self) -> tuple[Place, ...]:
        """Every statement that matched and speaks for the decision: all denies, or all allows."""
        effect = "Deny" if self.value == "explicitDeny" else "Allow"
        if self.value == "implicitDeny":
            return ()
        return tuple(
            statement.place
            for statement in self.explanation.statements
            if statement.counts and statement.effect == effect
        )

    @property
    def missing_context(self) -> tuple[str, ...]:
        """The condition keys, as written, that statements for this action ask for and the request does not have."""
        return missing_context(self._compiled.index.rules, self.request)

    @property
    def message(self) -> str:
        """AWS's access-denied sentence, or nothing where the request is allowed."""
        if self.layer is None:
            return ""
        explicit = self.value == "explicitDeny"
        return access_denied(
            self.request.caller.arn, self.request.action, self.request.resource, layer_words(self), explicit=explicit
        )


def layer_words(decision: Decision) -> str:
    """AWS's words for the policies that blocked; a role's own policy is its trust policy."""
    if decision.layer is Layer.RESOURCE and is_trust(decision.request):
        return "role trust"
    return decision.layer.words if decision.layer is not None else ""


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
