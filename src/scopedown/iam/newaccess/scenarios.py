"""Policy variables: the values that are tried, and when trying them proves that there is no other.

In a scenario every variable has one value, or none, so all is static. A request in any scenario is one. That there is
none is proved where every occurrence stands in a simple place: the fresh word is then the most general value, since
whatever matches it matches any other in its place. Otherwise :data:`GENEROUS` takes a variable for anything where a
request wants to be inside and for nothing where it wants to be outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

from scopedown.iam.condition import qualified
from scopedown.iam.newaccess.box import Box
from scopedown.iam.newaccess.budget import Budget
from scopedown.iam.newaccess.callers import DERIVED, Callers
from scopedown.iam.newaccess.patterns import WORD, Pattern, pattern
from scopedown.iam.newaccess.values import globs_of, literal_of, variables_in
from scopedown.iam.satisfy import Atom
from scopedown.iam.variables import Template, Variable, resolve
from scopedown.iam.wildcard import Glob, Wild, join

Scenario = Mapping[str, "str | None"]
GENEROUS: Scenario = MappingProxyType({"": None})
"""No scenario: every variable is whatever a request wants it to be."""

VALUES = 14
"""Values of one variable that are tried."""
_LETTERS = "zxqjwkvyZXQJWKVY0123456789~^"
"""Letters of fresh words, the first that no pattern has."""
SCENARIOS = 512
"""Scenarios that are tried."""
OF_A_PLACE = 100
"""The work of looking for what a template takes from a text."""
OF_A_VALUE = 20
"""The work of putting a value into a template."""


@dataclass(frozen=True, slots=True)
class Scenarios:
    """The scenarios, and whether no candidate was left out."""

    scenarios: tuple[Scenario, ...]
    complete: bool


def scenarios(
    keys: frozenset[str], positive: Sequence[Box], blocks: Sequence[Box], callers: Callers | None, budget: Budget
) -> Scenarios:
    """What the variables may be: missing, a fresh word, what conditions compare them with, what templates take."""
    lists: list[list[str | None]] = []
    ordered = sorted(keys)
    words = _fresh_words(len(ordered), (*positive, *blocks))
    complete = words is not None
    for number, key in enumerate(ordered):
        if callers is not None and key in DERIVED:
            found: dict[str | None, None] = dict.fromkeys(
                str(value) if value is not None else None for value in (one.value(key) for one in callers.candidates)
            )
        else:
            fresh = words[number] if words is not None else f"{WORD}{number}"
            found = dict.fromkeys((fresh, None))
            found.update(dict.fromkeys(_compared(key, (*positive, *blocks))))
            found.update(dict.fromkeys(_taken(key, (*positive, *blocks), budget)))
        complete = complete and len(found) <= VALUES
        lists.append(list(found)[:VALUES])
    out = []
    for number, values in enumerate(product(*lists)):
        if number >= SCENARIOS:
            complete = False
            break
        out.append(MappingProxyType(dict(zip(ordered, values, strict=True))))
    return Scenarios(tuple(out), complete)


def _fresh_words(count: int, boxes: Sequence[Box]) -> list[str] | None:
    """Words of letters that no pattern has: only a star takes them. None where the policies use every letter."""
    used = {
        letter
        for box in boxes
        for text in (
            *(part for one in box.resources for part in one if isinstance(part, str)),
            *(text for atom in box.atoms for text in atom.condition.texts),
        )
        for letter in text
    }
    free = [letter for letter in _LETTERS if letter not in used]
    return [letter * 5 for letter in free[:count]] if len(free) >= count else None


def _compared(key: str, boxes: Sequence[Box]) -> Iterator[str]:
    """Values that conditions on a key name, and on keys that are compared with it."""
    beside = {atom.key for box in boxes for atom in box.atoms if any(one.key == key for one in variables_in(atom))}
    for box in boxes:
        for atom in box.atoms:
            if atom.key == key or atom.key in beside:
                for one in globs_of(atom, {}):
                    literal = literal_of(one)
                    yield literal if literal is not None else pattern(one).generic
                if atom.key == key:
                    yield ""


def _taken(key: str, boxes: Sequence[Box], budget: Budget) -> Iterator[str]:
    """What a template takes for a variable from the generic texts of other patterns."""
    templates = [one for box in boxes for one in box.resources]
    texts = dict.fromkeys(_generic(one) for one in templates)
    for template in templates:
        for at, part in enumerate(template):
            if not (isinstance(part, Variable) and part.key == key):
                continue
            head, tail = _opened(template[:at]), _opened(template[at + 1 :])
            budget.take(OF_A_PLACE * len(texts))
            if budget.over:
                return
            for text in texts:
                yield from _between(text, head, tail)


def _between(text: str, head: Glob, tail: Glob) -> Iterator[str]:
    """What may stand between a beginning and an end of a text that match, the shortest first; at most four."""
    begins, ends = pattern(head).matches, pattern(tail).matches
    firsts = [at for at in range(len(text) + 1) if begins(text[:at])]
    lasts = [at for at in range(len(text) + 1) if ends(text[at:])]
    pairs = sorted((last - first, first, last) for first in firsts for last in lasts if first < last)
    yield from dict.fromkeys(text[first:last] for _, first, last in pairs[:4])


def _generic(template: Template) -> str:
    return pattern(tuple(WORD if isinstance(part, Variable) else part for part in template)).generic


def _opened(template: Template) -> Glob:
    return join(Wild.ANY if isinstance(part, Variable) else part for part in template)


def resources_in(box: Box, scenario: Scenario, *, block: bool) -> tuple[Pattern, ...]:
    """A statement's patterns in a scenario; without a value for its variable a pattern matches nothing."""
    known = {key: value for key, value in scenario.items() if value is not None}
    out: list[Pattern] = []
    for template in box.resources:
        if scenario is GENEROUS and any(isinstance(part, Variable) for part in template):
            # Inside is wanted of a positive's Resource and of a block's NotResource, outside of the other two.
            if block is box.but_resources:
                out.append(pattern(_opened(template)))
            continue
        parts = resolve(template, known)
        if parts is not None:
            out.append(pattern(parts))
    return tuple(dict.fromkeys(out))


def settled_by_scenarios(keys: frozenset[str], positive: Sequence[Box], blocks: Sequence[Box]) -> bool:
    """Whether the scenarios are all that matter: every occurrence stands in a simple place."""
    boxes = (*positive, *blocks)
    for box in boxes:
        templated = any(isinstance(part, Variable) for one in box.resources for part in one)
        if templated and (box.but_resources or (box in positive and len(positive) > 1)):
            return False
        if any(part in (Wild.ONE, Wild.ONE_IN_FIELD) for one in box.resources for part in one):
            return False
    compared: dict[str, list[tuple[Box, Atom]]] = {}
    for box in boxes:
        for atom in box.atoms:
            compared.setdefault(atom.key, []).append((box, atom))
    for key, atoms in compared.items():
        open_ones = [one for one in atoms if one[1].open]
        if key in keys and (open_ones or not all(_is_literal(atom) for _, atom in atoms)):
            return False
        if open_ones:
            if not all(_equals(atom) for _, atom in atoms):
                return False
            if any(_mixed(atom) for _, atom in open_ones):
                return False
            if sum(1 for box, _ in atoms if box in positive) > 1:
                return False
    return True


def _is_literal(atom: Atom) -> bool:
    found = qualified(atom.condition.operator)
    return (
        found is not None
        and not found.quantifier
        and found.operator.family in ("String", "Null")
        and all(literal_of(one) is not None for one in globs_of(atom, {}))
    )


def _equals(atom: Atom) -> bool:
    found = qualified(atom.condition.operator)
    return found is not None and not found.quantifier and found.operator.name in ("StringEquals", "Null")


def _mixed(atom: Atom) -> bool:
    """Whether a value is more than one variable alone, so that two texts may be one in several ways."""
    return any(
        text.count("${") > 1 or not (text.startswith("${") and text.endswith("}"))
        for text in atom.condition.texts
        if "${" in text
    )
