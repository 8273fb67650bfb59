"""Evaluation where part of the context is not known: allowed, denied, or "depends on", with what it depends on.

Every way in which the unknown conditions can come out together is followed through the same decision that
:mod:`scopedown.iam.evaluation` makes; ways that no context can bring about are left out. So "allowed" means under every
value of the unknown keys.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from scopedown.iam.condition import keys_read
from scopedown.iam.document import Condition
from scopedown.iam.errors import LimitError
from scopedown.iam.evaluation import Compiled, compiled, settle
from scopedown.iam.folding import fold
from scopedown.iam.policyset import PolicySet, Value
from scopedown.iam.request import Request
from scopedown.iam.rule import Place, Rule
from scopedown.iam.satisfy import TRIES, Atom, satisfiable
from scopedown.iam.variables import ContextValue, uses_variables


@dataclass(frozen=True, slots=True)
class Dependence:
    """A condition of a statement that is not known, or ``None`` for a resource whose variable is not known."""

    place: Place
    condition: Condition | None

    def __str__(self) -> str:
        if self.condition is None:
            return f"{self.place.label}: the resource has an unknown variable"
        values = ", ".join(self.condition.texts)
        return f"{self.place.label}: {self.condition.operator} {self.condition.key} [{values}]"


@dataclass(frozen=True, slots=True)
class PartialDecision:
    """``value`` is ``allowed``, ``denied`` or ``depends``.

    ``outcomes`` has each value that can come out with unknown keys that bring it about (a key left out is missing), and
    ``depends_on`` what was looked at on the way; it is empty where nothing unknown matters.
    """

    value: Literal["allowed", "denied", "depends"]
    outcomes: dict[Value, dict[str, ContextValue]]
    depends_on: tuple[Dependence, ...]


class _Open(Exception):
    """A statement is asked for whose answer is not settled yet."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule


def evaluate_partially(request: Request, policies: PolicySet, unknown: Iterable[str] | None = None) -> PartialDecision:
    """Decide with these condition keys unknown (a name ending in ``/*`` means all tags of it).

    ``unknown`` None takes every key for unknown that the request does not give. A given key that is also named as
    unknown is unknown. Raises :class:`~scopedown.iam.errors.LimitError` where too many ways would have to be followed.
    """
    return _Search(compiled(policies), request, unknown).run()


def may_be_allowed(request: Request, policies: PolicySet) -> bool:
    """Whether some context allows a request, with every condition key unknown that it does not give.

    As :func:`evaluate_partially` says it, without a look at the ways that are left once one is found.
    """
    search = _Search(compiled(policies), request, None, "allowed")
    search.run()
    return "allowed" in search.outcomes


class _Search:
    def __init__(
        self, compiled: Compiled, request: Request, unknown: Iterable[str] | None, wanted: Value | None = None
    ) -> None:
        self.wanted = wanted
        self.compiled = compiled
        self.request = request
        self.unknown = None if unknown is None else [fold(key) for key in unknown]
        self.found = compiled.index.find(request.lower_action)
        self.outcomes: dict[Value, dict[str, ContextValue]] = {}
        self.depends: dict[Dependence, None] = {}
        self.atoms: dict[Rule, tuple[Atom, ...] | bool] = {}
        self.tries = 0

    def run(self) -> PartialDecision:
        self._follow({}, [])
        allowed = "allowed" in self.outcomes
        denied = bool(self.outcomes.keys() - {"allowed"})
        if allowed and denied:
            return PartialDecision("depends", self.outcomes, tuple(self.depends))
        return PartialDecision("allowed" if allowed else "denied", self.outcomes, tuple(self.depends))

    def _follow(self, answers: dict[Rule, bool], literals: list[tuple[Atom, bool]]) -> None:
        """Decide with the answers so far; where one is missing, go on with each that some context gives."""
        self.tries += 1
        if self.tries > TRIES:
            raise LimitError("the unknown conditions have too many combinations")
        context = satisfiable(literals)
        if context is None:
            return

        def match(rule: Rule) -> bool:
            settled = self._settled(rule)
            if isinstance(settled, bool):
                return settled
            if rule not in answers:
                raise _Open(rule)
            return answers[rule]

        try:
            outcome = settle(self.request, self.compiled.policies, self.found, match)
        except _Open as question:
            rule = question.rule
            atoms = self._settled(rule)
            assert not isinstance(atoms, bool)
            self._note(rule, atoms)
            self._follow({**answers, rule: True}, [*literals, *((atom, True) for atom in atoms)])
            for number, atom in enumerate(atoms):  # the first that fails, so that no way is followed twice
                if self.wanted in self.outcomes:
                    return
                before = [(one, True) for one in atoms[:number]]
                self._follow({**answers, rule: False}, [*literals, *before, (atom, False)])
            return
        self.outcomes.setdefault(outcome.value, context)

    def _note(self, rule: Rule, atoms: tuple[Atom, ...]) -> None:
        for atom in atoms:
            condition = None if atom.key == _RESOURCE.lower() else atom.condition
            self.depends.setdefault(Dependence(rule.place, condition))

    def _settled(self, rule: Rule) -> tuple[Atom, ...] | bool:
        """What of a statement is open, or the answer where nothing is."""
        if rule not in self.atoms:
            self.atoms[rule] = self._open_parts(rule)
        return self.atoms[rule]

    def _open_parts(self, rule: Rule) -> tuple[Atom, ...] | bool:
        statement, policy = rule.statement, rule.place.policy
        variables = uses_variables(policy.version)
        parts: list[Atom] = []
        if any(self._is_unknown(variable.key) for variable in rule.variables):
            parts.append(_resource_atom(rule))
        else:
            test = rule.resource
            if test is not None and not test(self.request.resource, self.request.keys):
                return False
        for condition in statement.condition:
            atom = Atom(condition, variables)
            if any(self._is_unknown(key) for key in keys_read(condition, variables=variables)):
                parts.append(atom)
            elif not atom.test()(self.request.keys):
                return False
        return tuple(parts) if parts else True

    def _is_unknown(self, key: str) -> bool:
        if self.unknown is None:
            return key not in self.request.keys
        return any(key == name or (name.endswith("/*") and key.startswith(name[:-1])) for name in self.unknown)


_RESOURCE = "(resource)"


def _resource_atom(rule: Rule) -> Atom:
    """A resource with an unknown variable as an atom that may come out either way."""
    names = "".join(f"${{{variable.key}}}" for variable in rule.variables)
    shown = " ".join((*(rule.statement.resource or ()), *(rule.statement.not_resource or ())))
    return Atom(Condition("StringLike", _RESOURCE, (shown + names,)), True)
