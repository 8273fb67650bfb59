"""Why a request is decided as it is: for each statement what matched and what did not.

Worked out only when asked for; it tests every statement again, one element at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scopedown.core.arn import parse_arn
from scopedown.core.words import some_of
from scopedown.iam.condition import compile_condition, keys_read, qualified
from scopedown.iam.document import Condition, Effect, Statement
from scopedown.iam.folding import fold
from scopedown.iam.policyset import Layer, PolicySet, Value, binding_layers
from scopedown.iam.principal import Form, statement_form
from scopedown.iam.request import Request
from scopedown.iam.rule import Place, Rule, matches_action
from scopedown.iam.services import resource_policy_decides
from scopedown.iam.variables import ContextValue, uses_variables, variable_value


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """One condition of a statement: whether it holds, and why."""

    condition: Condition
    holds: bool
    why: str


@dataclass(frozen=True, slots=True)
class StatementResult:
    """One statement: each of its elements, and whether it counts (all match, and its policy applies to the caller)."""

    place: Place
    effect: Effect
    action: bool
    resource: bool
    principal: bool
    conditions: tuple[ConditionResult, ...]
    applies: bool
    notes: tuple[str, ...]

    @property
    def counts(self) -> bool:
        """Whether the statement has its say in the decision."""
        return self.applies and self.action and self.resource and self.principal and self.conditions_hold

    @property
    def conditions_hold(self) -> bool:
        """Whether every condition holds."""
        return all(condition.holds for condition in self.conditions)

    @property
    def reasons(self) -> tuple[str, ...]:
        """What kept the statement from counting, in words; empty where it counts."""
        out = list(self.notes)
        statement = self.place.statement
        if not self.action:
            out.append(f"the action is not among {_element(statement, 'Action')}")
        if not self.resource:
            out.append(f"the resource is not among {_element(statement, 'Resource')}")
        if not self.principal:
            out.append("the principal does not match")
        out.extend(condition.why for condition in self.conditions if not condition.holds)
        return tuple(out)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every statement's result, in the order in which AWS asks the layers."""

    statements: tuple[StatementResult, ...]

    def near(self, limit: int = 3) -> tuple[StatementResult, ...]:
        """The allowing statements that came closest to counting: their action matched, and then as much as can be."""

        def score(one: StatementResult) -> tuple[int, int]:
            return (2 * one.resource + 2 * one.principal + one.conditions_hold, -len(one.reasons))

        close = [
            statement
            for statement in self.statements
            if statement.effect == "Allow" and statement.action and not statement.counts
        ]
        return tuple(sorted(close, key=score, reverse=True)[:limit])


def _element(statement: Statement, name: str) -> str:
    values = statement.action if name == "Action" else statement.resource
    negated = statement.not_action if name == "Action" else statement.not_resource
    prefix = "everything but " if values is None else ""
    return prefix + some_of(values or negated or (), 4)


def explain(policies: PolicySet, rules: Iterable[Rule], request: Request) -> Explanation:
    """Look at every statement of a policy set for one request."""
    binds = binding_layers(request, policies)
    return Explanation(tuple(_statement(rule, request, policies, binds) for rule in rules))


def _statement(rule: Rule, request: Request, policies: PolicySet, binds: frozenset[Layer]) -> StatementResult:
    place, statement, test = rule.place, rule.statement, rule.resource
    applies = place.layer in binds
    notes = [] if applies else [_why_not_bound(place.layer)]
    notes.extend(_unresolved(rule, request))
    principal = True
    if place.policy.kind.has_principal:
        has_boundary = bool(policies.boundary) and Layer.BOUNDARY in binds
        principal = statement_form(statement, request, has_boundary=has_boundary) is not Form.NONE
    return StatementResult(
        place,
        statement.effect,
        matches_action(statement, request.lower_action),
        test is None or test(request.resource, request.keys),
        principal,
        tuple(_condition(condition, place, request) for condition in statement.condition),
        applies,
        tuple(notes),
    )


def _why_not_bound(layer: Layer) -> str:
    if layer is Layer.SCP:
        return "service control policies do not apply to this caller"
    if layer is Layer.RCP:
        return "resource control policies do not apply to this resource or caller"
    return "this caller has no such policy"


def _unresolved(rule: Rule, request: Request) -> Iterator[str]:
    for variable in rule.variables:
        if variable_value(variable, request.keys) is None:
            yield f"the variable {variable.written} has no value in this request"


def _condition(condition: Condition, place: Place, request: Request) -> ConditionResult:
    variables = uses_variables(place.policy.version)
    holds = compile_condition(condition, variables=variables)(request.keys)
    key = fold(condition.key)
    value = request.keys.get(key)
    wanted = ", ".join(condition.texts)
    if value is None or value == ():
        given = f"{condition.key} is not in the request"
    else:
        given = f"{condition.key} is {_shown(value)}"
    why = f"{condition.operator} {condition.key} [{wanted}] {'matches' if holds else 'does not match'}: {given}"
    found = qualified(condition.operator)
    if isinstance(value, tuple) and value and found and not found.quantifier and found.operator.name != "Null":
        why += ", a multivalued key, which needs ForAllValues or ForAnyValue"
    return ConditionResult(condition, holds, why)


def _shown(value: ContextValue) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_shown(one) for one in value) + "]"
    return value.decode("latin-1") if isinstance(value, bytes) else value


def missing_context(rules: Iterable[Rule], request: Request) -> tuple[str, ...]:
    """The condition keys that the statements for this action read and the request has not, as written, sorted."""
    out: dict[str, str] = {}
    for rule in rules:
        statement = rule.statement
        if not matches_action(statement, request.lower_action):
            continue
        variables = uses_variables(rule.place.policy.version)
        for condition in statement.condition:
            for key in keys_read(condition, variables=variables):
                out.setdefault(key, condition.key if key == fold(condition.key) else key)
        for variable in rule.variables:
            out.setdefault(variable.key, variable.written[2:-1].split(",")[0].strip())
    return tuple(sorted(written for key, written in out.items() if request.keys.get(key, ()) == ()))


def sides(policies: PolicySet, rules: Iterable[Rule], request: Request) -> dict[str, Value]:
    """What each policy type that grants comes to alone, by the names of the API's EvalDecisionDetails."""
    out: dict[str, Value] = {}
    counting = [statement for statement in explain(policies, rules, request).statements if statement.counts]
    for name, layer in (("IAM Policy", Layer.IDENTITY), ("Resource Policy", Layer.RESOURCE)):
        effects = {result.effect for result in counting if result.place.layer == layer}
        out[name] = "explicitDeny" if "Deny" in effects else "allowed" if "Allow" in effects else "implicitDeny"
    return out


def is_trust(request: Request) -> bool:
    """Whether the resource's policy is a role's trust policy."""
    arn = parse_arn(request.resource)
    return arn is not None and arn.service == "iam" and resource_policy_decides(request.lower_action, request.resource)
