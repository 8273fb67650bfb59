"""The rules that the words of ``--fail-on`` mean (:mod:`scopedown.core.gates`)."""

from __future__ import annotations

from scopedown.core.finding import ScopedownError
from scopedown.core.gates import FailOn


def failing(gates: FailOn) -> frozenset[str]:
    """The ids of the rules at which a check fails."""
    from scopedown.checks.registry import rules

    return gates.rules | {
        rule.id
        for rule in rules()
        if rule.gate in gates.names
        or (rule.is_limit and gates.names | gates.rules)
        or gates.is_grave(rule.severity)
        or (rule.gate and gates.severity is not None)
    }


def failing_findings(gates: FailOn) -> frozenset[str]:
    """The codes of the findings at which a validation of policies fails."""
    from scopedown.validate.registry import checks

    return gates.rules | {check.code for check in checks() if gates.is_grave(check.severity)}


def rules_named(command: str, word: str) -> tuple[str, ...]:
    """The ids of the rules, of ``validate`` the codes of the findings, that a word of ``--fail-on`` names."""
    if command == "validate":
        from scopedown.validate.registry import chosen

        try:
            return tuple(check.code for check in chosen((word,)))
        except ScopedownError:
            return ()
    from scopedown.checks.registry import named

    return named(word)
