"""A statement made ready to be asked: what of it can match which action, resource and context."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from scopedown.iam.arn import resource_template
from scopedown.iam.condition import ContextTest, compile_condition
from scopedown.iam.document import Kind, Policy, Statement
from scopedown.iam.folding import fold
from scopedown.iam.policyset import Layer
from scopedown.iam.variables import Context, Template, Variable, is_static, resolve, uses_variables
from scopedown.iam.wildcard import ANYTHING, Glob, Predicate, Wild, glob, matcher
from scopedown.iam.words import Words

Matches = Callable[[str, Context], bool]
MANY = 8
"""How many of a kind are from which on a look-up by the words of the resource pays."""


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

    __slots__ = ("_resource", "_templates", "_variables", "allow", "applies", "has_principal", "place", "statement")

    def __init__(self, place: Place) -> None:
        self.place = place
        self.statement = place.statement
        self.allow = self.statement.effect == "Allow"
        self.has_principal = self.statement.principal is not None or self.statement.not_principal is not None
        self.applies: Matches = self._first
        self._templates: list[Template] | None = None
        self._variables: tuple[Variable, ...] | None = None
        self._resource: list[Matches | None] = []  # empty until it is asked for

    def _first(self, resource: str, context: Context) -> bool:
        self.applies = _both(self.resource, condition_tests(self.statement, self.place.policy))
        return self.applies(resource, context)

    @property
    def templates(self) -> list[Template]:
        """The patterns of Resource or NotResource (of which a statement has one at most), as its policy reads them."""
        if self._templates is None:
            statement, policy = self.statement, self.place.policy
            variables, pad = uses_variables(policy.version), pads(policy.kind)
            written = statement.resource or statement.not_resource or ()
            self._templates = [resource_template(pattern, variables=variables, pad=pad) for pattern in written]
        return self._templates

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The policy variables that stand in the patterns."""
        if self._variables is None:
            self._variables = tuple(part for one in self.templates for part in one if isinstance(part, Variable))
        return self._variables

    @property
    def resource(self) -> Matches | None:
        """The test of the resource, or None where every resource matches."""
        if not self._resource:
            self._resource.append(self._resource_test())
        return self._resource[0]

    def _resource_test(self) -> Matches | None:
        if self.statement.not_resource is not None:
            inside = _any_of(self.templates)
            return lambda text, context: inside is not None and not inside(text, context)
        return _any_of(self.templates) if self.statement.resource is not None else None


def _both(resource: Matches | None, conditions: list[ContextTest]) -> Matches:
    """The test of a statement's resource and conditions."""
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


def _any_of(patterns: list[Template]) -> Matches | None:
    """Whether one of the patterns matches; None where one is ``*``.

    What only asks for equality is looked up, what only asks for a beginning is asked in one call; of many patterns only
    those are asked that can match by their words.
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
    if len(heads) + len(tests) + len(open_ones) > MANY:
        return _any_of_many(literals, [one for one in patterns if len(one) != 1 or one[0] not in literals])
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


def _any_of_many(literals: set[str], patterns: list[Template]) -> Matches:
    """As :func:`_any_of`, for the hundreds of patterns that a statement of a large project has."""
    tests = Words((pattern, _test(pattern)) for pattern in patterns)
    return lambda text, context: (
        text in literals or any(test(text, context) for some in tests.of(text) for test in some)
    )


def _test(pattern: Template) -> Matches:
    if not is_static(pattern):
        return lambda text, context: _open(pattern, text, context)
    static = matcher(pattern)  # type: ignore[arg-type]
    return lambda text, context: static(text)


def _open(pattern: Template, text: str, context: Context) -> bool:
    """Rule 35: a pattern whose variable has no value matches nothing (and in NotResource excludes nothing)."""
    resolved = resolve(pattern, context)
    return resolved is not None and matcher(resolved)(text)


def action_globs(statement: Statement) -> tuple[list[Glob], bool]:
    """The statement's action patterns in lower case, and whether they are NotAction's."""
    if statement.not_action is not None:
        return [glob(fold(action)) for action in statement.not_action], True
    return [glob(fold(action)) for action in statement.action or ()], False


def matches_action(statement: Statement, lower_action: str) -> bool:
    """Rule 21: case does not matter, ``*`` and ``?`` anywhere; NotAction is everything else."""
    patterns, complement = action_globs(statement)
    return any(matcher(pattern)(lower_action) for pattern in patterns) is not complement
