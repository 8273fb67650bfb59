"""Conditions as a set of contexts: is there a context in which these hold and those do not?

Each key is looked at alone. The values that its conditions can tell apart are finitely many classes (texts by the
patterns they match, numbers and dates by the thresholds between which they lie, addresses by the ends of the blocks),
and one value of each is tried with the evaluator's own tests. So a "no" holds for every context there is.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from scopedown.iam.condition import ContextTest, compile_condition, qualified
from scopedown.iam.document import Condition
from scopedown.iam.errors import LimitError
from scopedown.iam.folding import cases_of, fold
from scopedown.iam.language import Steps, Walk
from scopedown.iam.operators import read_date, read_network, read_number
from scopedown.iam.variables import Context, ContextValue, Variable, resolve, template
from scopedown.iam.wildcard import Glob, Wild, expand, glob, join

TRIES = 20_000
"""How many combinations of conditions are looked at before :class:`LimitError`."""


@dataclass(frozen=True, slots=True)
class Atom:
    """One condition as it is read in its policy."""

    condition: Condition
    variables: bool

    @property
    def key(self) -> str:
        """The condition key in lower case."""
        return fold(self.condition.key)

    @property
    def open(self) -> bool:
        """Whether a variable stands in its values: then it may hold or not, whatever its own key is."""
        found = qualified(self.condition.operator)
        return bool(
            found
            and self.variables
            and found.operator.templated
            and any(
                isinstance(part, Variable) for text in self.condition.texts for part in template(text, wildcards=False)
            )
        )

    def test(self) -> ContextTest:
        """The evaluator's own test."""
        return compile_condition(self.condition, variables=self.variables)


Literal = tuple[Atom, bool]
"""An atom that must hold, or must not."""


def satisfiable(literals: Sequence[Literal], known: Context | None = None) -> dict[str, ContextValue] | None:
    """A context in which every literal is as wanted, or None where there is none.

    ``known`` fixes keys. Raises :class:`LimitError` where one key is compared as several types at once.
    """
    by_key: dict[str, list[Literal]] = {}
    wanted: dict[Atom, bool] = {}
    for atom, value in literals:
        if wanted.setdefault(atom, value) is not value:
            return None
        if not atom.open:
            by_key.setdefault(atom.key, []).append((atom, value))
    out: dict[str, ContextValue] = dict(known or {})
    for key, group in by_key.items():
        tests = [(atom.test(), value) for atom, value in group]
        fixed = known.get(key) if known else None
        options: Iterator[ContextValue | None] | Sequence[ContextValue] = (fixed,) if fixed else _contexts(group)
        for option in options:
            context: dict[str, ContextValue] = {} if option is None else {key: option}
            if all(test(context) is value for test, value in tests):
                out.update(context)
                break
        else:
            return None
    return out


def _contexts(group: Sequence[Literal]) -> Iterator[ContextValue | None]:
    """Every case of one key: missing, one value of each class, and the sets that can matter.

    A set is tried only where a set operator asks for the key. The largest set of values that each satisfy whatever must
    hold for all is enough: a smaller one can only lose a value that something else needs.
    """
    yield None
    values = list(dict.fromkeys(["", *_values([atom for atom, _ in group])]))
    yield from values
    for_all, sets = [], False
    for atom, wanted in group:
        found = qualified(atom.condition.operator)
        if found is None or not found.quantifier:
            continue
        sets = True
        if (found.quantifier == "ForAllValues") is wanted:
            for_all.append((atom.test(), wanted))
    if not sets:
        return
    yield ("",)
    for value in values:
        yield (value,)
    kept = tuple(
        value for value in values if all(test({group[0][0].key: (value,)}) is wanted for test, wanted in for_all)
    )
    if kept:
        yield kept


def _values(atoms: Sequence[Atom]) -> list[str]:
    families: dict[str, list[Atom]] = {}
    for atom in atoms:
        found = qualified(atom.condition.operator)
        if found and found.operator.family != "Null":
            family = "String" if found.operator.family == "Arn" else found.operator.family
            families.setdefault(family, []).append(atom)
    if len(families) > 1:
        raise LimitError(f"{atoms[0].condition.key} is compared as both {' and '.join(sorted(families))}")
    for family, members in families.items():
        match family:
            case "String":
                return _texts(members)
            case "Numeric":
                return [*between({read_number(text) for text in _all_texts(members)}), "x"]
            case "Date":
                return [*between({read_date(text) for text in _all_texts(members)}), "x"]
            case "Bool":
                return ["true", "false", "x"]
            case "IpAddress":
                return addresses(members)
            case _:
                return [*_all_texts(members), base64.b64encode(b"".join(_raw(members)) + b"x").decode()]
    return ["x"]


def _all_texts(atoms: Sequence[Atom]) -> list[str]:
    return [text for atom in atoms for text in atom.condition.texts]


def _raw(atoms: Sequence[Atom]) -> Iterator[bytes]:
    for text in _all_texts(atoms):
        yield text.encode()


def between(points: set[Decimal | None]) -> list[str]:
    """Every threshold and a value in each gap; written with a fraction, so that no date is taken for a year."""
    known = sorted(point for point in points if point is not None)
    if not known:
        return ["0.0"]
    values = [known[0] - 1, known[-1] + 1, *known]
    values += [(low + high) / 2 for low, high in pairwise(known)]
    return [text if "." in (text := f"{value:f}") else text + ".0" for value in values]


def addresses(atoms: Sequence[Atom]) -> list[str]:
    """The ends of all blocks and what lies just outside of them, and what is no address."""
    from ipaddress import IPv4Address, IPv6Address

    out: dict[str, None] = {"x": None}
    for version, size in ((4, 32), (6, 128)):
        make = IPv4Address if version == 4 else IPv6Address
        points = {0}
        for text in _all_texts(atoms):
            network = read_network(text)
            if network and network[0] == version:
                points |= {network[1] - 1, network[1], network[2], network[2] + 1}
        out.update((str(make(point)), None) for point in sorted(points) if 0 <= point < 1 << size)
    return list(out)


ANY_ARN: Steps = (*"arn:", *(step for _ in range(4) for step in (Wild.ANY_IN_FIELD, ":")), Wild.ANY)


def _texts(atoms: Sequence[Atom]) -> list[str]:
    patterns: list[Steps] = [(Wild.ANY,), ()]
    for atom in atoms:
        found = qualified(atom.condition.operator)
        assert found is not None
        for text in atom.condition.texts:
            parts = _pattern(text, atom, wildcards=found.operator.wildcards)
            if found.operator.family == "Arn":
                patterns.append(in_fields(parts))
            elif found.operator.name.endswith("IgnoreCase"):
                patterns.append(tuple(_either(step) for step in expand(parts)))
            else:
                patterns.append(expand(parts))
    if _has_arn(atoms):
        patterns.append(ANY_ARN)
    unique = list(dict.fromkeys(patterns))
    return list(Walk(unique).classes().values())


def _has_arn(atoms: Sequence[Atom]) -> bool:
    return any((found := qualified(atom.condition.operator)) and found.operator.family == "Arn" for atom in atoms)


def _pattern(text: str, atom: Atom, *, wildcards: bool) -> Glob:
    if atom.variables and "${" in text:
        resolved = resolve(template(text, wildcards=wildcards), {})
        return resolved if resolved is not None else ()
    return glob(text) if wildcards else join((text,))


def _either(step: str | Wild) -> str | Wild | frozenset[str]:
    if isinstance(step, Wild):
        return step
    both = cases_of(step)
    return step if len(both) < 2 else both


def in_fields(parts: Glob) -> Glob:
    """ArnLike's reading: in the first five fields no wildcard takes a colon."""
    colons = 0
    out: list[str | Wild] = []
    for step in expand(parts):
        if step == ":":
            colons += 1
        elif isinstance(step, Wild) and colons < 5 and parts != (Wild.ANY,):
            step = Wild.ANY_IN_FIELD if step is Wild.ANY else Wild.ONE_IN_FIELD
        out.append(step)
    return tuple(out)


def escape(
    region: Sequence[Literal], blocks: Sequence[Sequence[Atom]], known: Context | None = None
) -> dict[str, ContextValue] | None:
    """A context of the region in which each block (a conjunction) has an atom that does not hold; None where none is.

    A block without atoms always holds, so nothing escapes it.
    """
    tries = 0

    def search(literals: list[Literal], left: Sequence[Sequence[Atom]]) -> dict[str, ContextValue] | None:
        nonlocal tries
        tries += 1
        if tries > TRIES:
            raise LimitError("the conditions have too many combinations")
        context = satisfiable(literals, known)
        if context is None or not left:
            return context
        for atom in left[0]:
            found = search([*literals, (atom, False)], left[1:])
            if found is not None:
                return found
        return None

    return search(list(region), sorted(blocks, key=len))


def atoms_of(conditions: Sequence[Condition], *, variables: bool) -> tuple[Atom, ...]:
    """The conditions of a statement as atoms."""
    return tuple(Atom(condition, variables) for condition in conditions)


def conditions_from(block: Mapping[str, Mapping[str, object]]) -> tuple[Condition, ...]:
    """Conditions from IAM's shape: operator → condition key → a value or a list of them."""
    out: list[Condition] = []
    for operator, keys in block.items():
        for key, values in keys.items():
            several = tuple(values) if isinstance(values, list | tuple) else (values,)
            out.append(Condition(operator, key, several, not isinstance(values, list | tuple)))
    return tuple(out)
