"""At what a command fails: the words of ``--fail-on`` and of the setting ``fail-on``, the same for every command.

A word is a named gate (:data:`NAMED`), a severity (problems of that severity or a greater one, and what ``missing`` and
``admin`` name), a rule (by id, name, or the beginning of an id), or ``none``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from scopedown.core.finding import ScopedownError, Severity
from scopedown.core.place import Place


@dataclass(frozen=True, slots=True)
class Named:
    """A gate that has a name: when it fails, and the commands that have it."""

    name: str
    fails: str
    commands: tuple[str, ...]


NAMED = (
    Named("missing", "something needed will be denied", ("check", "prove", "deploy-policy")),
    Named("admin", "a role or user has administrator rights", ("check", "deploy-policy")),
    Named("unseen", "code of a function was not read or run", ("check", "scan", "prove")),
    Named("unresolved", "a variable of the project file is not resolved", ("scan",)),
    Named("left", "a part of the change is left to write by hand", ("write",)),
    Named("pending", "the files would change", ("write",)),
    Named("used-not-found", "a role used what its code does not show", ("check", "observe")),
    Named("denied", "a request was denied", ("check", "observe")),
)
"""One row, one gate. A rule says with ``Rule.gate`` that it belongs to one."""

DEFAULTS = {
    "check": "missing,admin",
    "scan": "none",
    "prove": "missing,unseen",
    "deploy-policy": "missing,admin",
    "write": "left",
    "validate": "error",
    "observe": "none",
}
"""Command → its gates where nothing is said."""
WITH_SEVERITIES = ("check", "scan", "validate")
WITH_RULES = ("check", "validate")
_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True, slots=True)
class FailOn:
    """What a run fails at. ``severity`` is the least one; ``rules`` are ids."""

    names: frozenset[str] = frozenset()
    severity: Severity | None = None
    rules: frozenset[str] = frozenset()

    def is_grave(self, severity: Severity) -> bool:
        """Whether a finding of a severity fails the run."""
        return self.severity is not None and _SEVERITIES.index(severity) <= _SEVERITIES.index(self.severity)


def names_of(command: str) -> tuple[str, ...]:
    """Every word that a command takes, but for rules."""
    named = tuple(gate.name for gate in NAMED if command in gate.commands)
    return (*named, *(map(str, _SEVERITIES) if command in WITH_SEVERITIES else ()), "none")


def fail_on(
    command: str, words: Iterable[str], rules_of: Callable[[str], tuple[str, ...]], place: Place | None = None
) -> FailOn:
    """What the words mean for a command. ``rules_of`` gives the ids of the rules that a word names.

    Raises ScopedownError for a word that the command does not take.

    >>> sorted(fail_on("check", ["missing", "SD201"], lambda word: (word,)).rules)
    ['SD201']
    """
    names: set[str] = set()
    severities: list[Severity] = []
    rules: set[str] = set()
    given = [word.strip() for word in words]
    for word in given:
        if word in _SEVERITIES and command in WITH_SEVERITIES:
            severities.append(Severity(word))
        elif word in names_of(command):
            names.add(word)
        elif command in WITH_RULES and (ids := rules_of(word)):
            rules.update(ids)
        else:
            raise ScopedownError(f"{command} has no gate {word!r}", place, _remedy(command, word))
    if not given or ("none" in names and len(given) > 1):
        message = "--fail-on names no gate" if not given else "'none' is given together with gates"
        raise ScopedownError(message, place, "name gates, or none alone")
    return FailOn(frozenset(names - {"none"}), max(severities, key=_SEVERITIES.index, default=None), frozenset(rules))


def _remedy(command: str, word: str) -> str:
    from difflib import get_close_matches

    known = names_of(command)
    others = next((gate.commands for gate in NAMED if gate.name == word), ())
    if others:
        return f"{word} is a gate of {' and '.join(others)}; {command} takes {', '.join(known)}"
    close = get_close_matches(word.lower(), known, n=1)
    listed = ", or a type or code of AWS's" if command == "validate" else ", or a rule as scopedown rule lists it"
    rules = listed if command in WITH_RULES else ""
    return f"did you mean {close[0]}?" if close else f"name one of {', '.join(known)}{rules}"
