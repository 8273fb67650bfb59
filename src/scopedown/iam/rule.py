"""A statement made ready to be asked: what of it can match which action, resource and context."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from scopedown.iam.arn import resource_template
from scopedown.iam.condition import ContextTest, compile_condition
from scopedown.iam.document import Kind, Policy, Statement
from scopedown.iam.policyset import Layer
from scopedown.iam.variables import Context, Template, is_static, resolve, uses_variables
from scopedown.iam.wildcard import ANYTHING, Glob, Predicate, Wild, glob, matcher

Matches = Callable[[str, Context], bool]


class Place(NamedTuple):
    """Where a statement stands in a policy set."""

    layer: Layer
    level: int
    policy: Policy
    number: int

    @property
    def statement(self) -> Statement:
        """The statement."""
        return self.policy.statements[self.number]

    @property
    def label(self) -> str:
        """What a person calls it: the policy's name and the statement's Sid or number."""
        statement = self.statement
        name = self.policy.name or f"{self.layer.words} policy"
        return f"{name}, {'statement ' + repr(statement.sid) if statement.sid else f'statement {self.number + 1}'}"


class Rule:
    """One statement, compiled.

    ``applies(resource, context)`` tells whether resource and conditions match; the action is the index's part, the
    principal :mod:`scopedown.iam.principal`'s. The parts are made at first use: most statements of a large policy are
    never asked.
    """

    __slots__ = ("allow", "applies", "has_principal", "place", "statement")

    def __init__(self, place: Place) -> None:
        self.place = place
        self.statement = place.statement
        self.allow = self.statement.effect == "Allow"
        self.has_principal = self.statement.principal is not None or self.statement.not_principal is not None
        self.applies: Matches = self._first

    def _first(self, resource: str, context: Context) -> bool:
        self.applies = compile_statement(self.statement, self.place.policy)
        return self.applies(resource, context)


def compile_statement(statement: Statement, policy: Policy) -> Matches:
    """The test of a statement's resource and conditions."""
    resource = resource_test(statement, policy)
    conditions = condition_tests(statement, policy)
    if not conditions:
        return resource or (lambda text, context: True)
    if len(conditions) == 1:
        only = conditions[0]
        if resource is None:
            return lambda text, context: only(context)
        return lambda text, context: resource(text, context) and only(context)

    def applies(text: str, context: Context) -> bool:
        if resource is not None and not resource(text, context):
            return False
        return all(condition(context) for condition in conditions)

    return applies


def condition_tests(statement: Statement, policy: Policy) -> list[ContextTest]:
    """A test for each condition of a statement; all must hold."""
    variables = uses_variables(policy.version)
    return [compile_condition(condition, variables=variables) for condition in statement.condition]


def pads(kind: Kind) -> bool:
    """Whether a short ARN is filled up in policies of this kind (rule 28)."""
    return kind in (Kind.IDENTITY, Kind.BOUNDARY, Kind.SESSION)


def templates(patterns: Sequence[str], policy: Policy) -> list[Template]:
    """The patterns of a Resource element as the policy's kind and version read them."""
    variables = uses_variables(policy.version)
    return [resource_template(pattern, variables=variables, pad=pads(policy.kind)) for pattern in patterns]


def resource_test(statement: Statement, policy: Policy) -> Matches | None:
    """The test of a statement's resource, or None where every resource matches."""
    if statement.not_resource is not None:
        inside = _any_of(templates(statement.not_resource, policy))
        return (lambda text, context: False) if inside is None else (lambda text, context: not inside(text, context))
    if statement.resource is None:
        return None
    return _any_of(templates(statement.resource, policy))


def _any_of(patterns: list[Template]) -> Matches | None:
    """Whether one of the patterns matches; None where one is ``*``.

    What only asks for equality is looked up, what only asks for a beginning is asked in one call.
    """
    if ANYTHING in patterns:
        return None
    literals: set[str] = set()
    heads: list[str] = []
    tests: list[Predicate] = []
    open_ones: list[Template] = []
    for pattern in patterns:
        match pattern:
            case (str() as literal,):
                literals.add(literal)
            case (str() as head, Wild.ANY):
                heads.append(head)
            case _ if is_static(pattern):
                tests.append(matcher(pattern))  # type: ignore[arg-type]
            case _:
                open_ones.append(pattern)
    begins = tuple(heads)
    if not tests and not open_ones:
        if not heads:
            if len(literals) == 1:
                (only,) = literals
                return lambda text, context: text == only
            return lambda text, context: text in literals
        if not literals:
            return lambda text, context: text.startswith(begins)
        return lambda text, context: text in literals or text.startswith(begins)
    if len(tests) == 1 and not (literals or heads or open_ones):
        test = tests[0]
        return lambda text, context: test(text)

    def matches(text: str, context: Context) -> bool:
        if text in literals or text.startswith(begins):
            return True
        for test in tests:
            if test(text):
                return True
        return any(_open(pattern, text, context) for pattern in open_ones)

    return matches


def _open(pattern: Template, text: str, context: Context) -> bool:
    """Rule 35: a pattern whose variable has no value matches nothing (and in NotResource excludes nothing)."""
    resolved = resolve(pattern, context)
    return resolved is not None and matcher(resolved)(text)


def action_globs(statement: Statement) -> tuple[list[Glob], bool]:
    """The statement's action patterns in lower case, and whether they are NotAction's."""
    if statement.not_action is not None:
        return [glob(action.lower()) for action in statement.not_action], True
    return [glob(action.lower()) for action in statement.action or ()], False


def matches_action(statement: Statement, lower_action: str) -> bool:
    """Rule 21: case does not matter, ``*`` and ``?`` anywhere; NotAction is everything else."""
    patterns, complement = action_globs(statement)
    return any(matcher(pattern)(lower_action) for pattern in patterns) is not complement
