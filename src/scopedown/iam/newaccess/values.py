"""Values of one condition key: one of every class that the conditions on it can tell apart.

Literals give themselves, the empty text, a fresh word and other cases; numbers and dates their thresholds and gaps;
addresses the ends of blocks. Only patterns with wildcards are walked, in the directions in which somebody wants them.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from scopedown.iam.condition import Qualified, qualified
from scopedown.iam.errors import LimitError
from scopedown.iam.folding import cases_of, fold
from scopedown.iam.language import Step, Steps
from scopedown.iam.newaccess.budget import Budget
from scopedown.iam.newaccess.patterns import WORD, Pattern, joined, pattern
from scopedown.iam.operators import read_address, read_date, read_number
from scopedown.iam.satisfy import ANY_ARN, Atom, addresses, between, in_fields
from scopedown.iam.variables import Context, Variable, resolve, template
from scopedown.iam.wildcard import Glob, Wild, expand, glob, join

FRESH_ARN = f"arn:aws:{WORD}:{WORD}:{WORD}:{WORD}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An atom, and how it is wanted: it must hold (True), or a block is left where it does not (False)."""

    atom: Atom
    holds: bool

    @property
    def found(self) -> Qualified:
        """Its operator."""
        found = qualified(self.atom.condition.operator)
        assert found is not None
        return found

    @property
    def family(self) -> str:
        """The type that its operator compares as; texts and ARNs are one."""
        family = self.found.operator.family
        return "String" if family == "Arn" else family


@dataclass(frozen=True, slots=True)
class Values:
    """The values, and whether they are one of every class; where not, finding nothing proves nothing."""

    texts: tuple[str, ...]
    complete: bool
    why: str = ""
    """What stopped it where they are not."""
    more: bool = False
    """Whether a walk finds the others."""


class _NotWalked(Exception):
    """Patterns that only a walk tells apart, where none is asked for."""


def values_of(group: Sequence[Wanted], known: Context, budget: Budget | None) -> Values:
    """The classes of one key's values. ``known`` are the values of policy variables.

    Without a budget nothing is walked: where that is needed, the values are a few that are likely to be enough.
    """
    families: dict[str, list[Wanted]] = {}
    for one in group:
        if one.family != "Null":
            families.setdefault(one.family, []).append(one)
    if not families:
        return Values((WORD, ""), True)
    out: dict[str, None] = {}
    complete, why, more = True, "", False
    for family, members in families.items():
        try:
            for text in _of_family(family, members, known, budget):
                out.setdefault(text, None)
        except _NotWalked:
            complete, more = False, True
        except LimitError as error:
            complete, why = False, error.message
    if len(families) > 1:
        # The literals of one type, spelled so that another type reads them; exact while no text has a wildcard.
        out.update(dict.fromkeys(_second_spellings(families)))
        if complete and not _exact(families, known):
            complete, why = False, f"{group[0].atom.condition.key} is compared as several types"
    out.setdefault("", None)
    return Values(tuple(out), complete, why, more)


def _exact(families: Mapping[str, Sequence[Wanted]], known: Context) -> bool:
    """Whether the values of several types together are one of every class.

    A text is read as one type alone, but for numbers and dates; as text it is compared with literals, each of which is
    tried, and so is another spelling of each value.
    """
    typed = families.keys() - {"String"}
    if "Binary" in typed or typed >= {"Numeric", "Date"}:
        return False
    texts = families.get("String", ())
    if any(has_wildcards(one.atom, known) for one in texts):
        return False
    return "IpAddress" not in typed or not any(read_address(text) for text in _texts([one.atom for one in texts]))


def _of_family(family: str, members: Sequence[Wanted], known: Context, budget: Budget | None) -> Iterator[str]:
    atoms = [one.atom for one in members]
    match family:
        case "String":
            yield from _strings(members, known, budget)
        case "Numeric":
            yield from between({read_number(text) for text in _texts(atoms)})
            yield "x"
        case "Date":
            yield from between({read_date(text) for text in _texts(atoms)})
            yield "x"
        case "Bool":
            yield from ("true", "false", WORD)
        case "IpAddress":
            yield from addresses(atoms)
        case _:
            texts = list(_texts(atoms))
            yield from texts
            yield base64.b64encode("".join(texts).encode() + b"x").decode()


def _second_spellings(families: dict[str, list[Wanted]]) -> Iterator[str]:
    taken = {text for one in families.get("String", ()) for text in one.atom.condition.texts}
    if "Bool" in families:
        yield from ("True", "FALSE", "tRUE", "fALSE", "TrUe", "FaLsE")
    for family, read in (("Numeric", read_number), ("Date", read_date)):
        for text in between({read(one) for one in _texts(w.atom for w in families.get(family, ()))}):
            yield from (text + "0" * more for more in range(3) if text + "0" * more not in taken)
    yield from (
        text for family, members in families.items() if family != "String" for text in _texts(w.atom for w in members)
    )
    if "String" in families:
        yield WORD


def _texts(atoms: Iterable[Atom]) -> Iterator[str]:
    return chain.from_iterable(atom.condition.texts for atom in atoms)


def globs_of(atom: Atom, known: Context) -> list[Glob]:
    """An atom's values as patterns, with the values of variables in them; what a missing one leaves matches nothing."""
    found = qualified(atom.condition.operator)
    assert found is not None
    out: list[Glob] = []
    for text in atom.condition.texts:
        if atom.variables and "${" in text:
            parts = resolve(template(text, wildcards=found.operator.wildcards), known)
            if parts is not None:
                out.append(parts)
        else:
            out.append(glob(text) if found.operator.wildcards else join((text,)))
    return out


def has_wildcards(atom: Atom, known: Context) -> bool:
    """Whether a pattern of an atom has a wildcard, once its variables have their values."""
    return any(isinstance(part, Wild) for one in globs_of(atom, known) for part in one)


def literal_of(parts: Glob) -> str | None:
    """The text of a pattern without wildcards."""
    return None if any(isinstance(part, Wild) for part in parts) else "".join(map(str, parts))


def _strings(members: Sequence[Wanted], known: Context, budget: Budget | None) -> Iterator[str]:
    """Values of texts and ARNs."""
    literals: dict[str, None] = {}
    folded: dict[str, None] = {}
    walked: list[tuple[Steps, Wanted]] = []
    arns = False
    for one in members:
        operator = one.found.operator
        arns = arns or operator.family == "Arn"
        for parts in globs_of(one.atom, known):
            text = literal_of(parts)
            if text is not None:
                literals.setdefault(text, None)
                if operator.name.endswith("IgnoreCase"):
                    folded.setdefault(fold(text), None)
            elif operator.family == "Arn":
                walked.append((in_fields(parts), one))
            else:
                walked.append((expand(parts), one))
    if not walked:
        yield WORD
        yield from literals
        for text in folded:
            yield from _other_cases(text, literals)
        if arns:
            yield FRESH_ARN
        return
    yield from literals
    if budget is None:
        yield from _likely(members, known)
        raise _NotWalked
    yield from _walked(walked, literals, folded, arns, budget)


def _likely(members: Sequence[Wanted], known: Context) -> Iterator[str]:
    """A text of each pattern, and texts of all that are wanted to match at once."""
    yield WORD
    must: list[Pattern] = []
    wished: list[Pattern] = []
    for one in members:
        found = [pattern(glob) for glob in globs_of(one.atom, known) if literal_of(glob) is None]
        yield from (glob.generic for glob in found)
        if not one.found.operator.negated if one.holds else one.found.operator.negated:
            (must if one.holds else wished).extend(found)
    chosen = must[:1]
    for others in (must, wished, [*chosen, *wished], [*must, *wished]):
        if together := joined([*dict.fromkeys(others)]):
            yield together
    for wish in wished if chosen else ():
        if together := joined([*chosen, wish]):
            yield together


def _other_cases(text: str, literals: dict[str, None]) -> Iterator[str]:
    """A spelling of a text that no literal has, where there is one."""
    yield text
    for other in (text.upper() if text.isascii() else text, text.swapcase() if text.isascii() else text):
        if other not in literals:
            yield other
            return
    for at, char in enumerate(text):
        for other in cases_of(char) - {char}:
            if (changed := text[:at] + other + text[at + 1 :]) not in literals:
                yield changed
                return


def _walked(
    walked: Sequence[tuple[Steps, Wanted]],
    literals: dict[str, None],
    folded: dict[str, None],
    arns: bool,
    budget: Budget,
) -> Iterator[str]:
    """Values where patterns have wildcards: as far inside as is wanted, and as far outside."""
    numbers: dict[Steps, int] = {(Wild.ANY,): 0}
    more: set[int] = set()
    less: set[int] = set()

    def note(steps: Steps, one: Wanted | None) -> None:
        number = numbers.setdefault(steps, len(numbers))
        both = one is None or bool(one.found.quantifier)
        if both or (one is not None and one.holds is not one.found.operator.negated):
            more.add(number)
        if both or (one is not None and one.holds is one.found.operator.negated):
            less.add(number)

    for steps, one in walked:
        note(steps, one)
    for text in literals:
        note(tuple(text), None)
    for text in folded:
        note(tuple(_either(char) for char in text), None)
    if arns:
        note(ANY_ARN, None)
    note((Wild.ONE, Wild.ANY), None)  # the empty text is null to some operators, and in a class of its own
    yield from budget.least(list(numbers), more, less)


def _either(char: str) -> Step:
    both = cases_of(char)
    return char if len(both) < 2 else both


def variables_in(atom: Atom) -> list[Variable]:
    """The policy variables in an atom's values."""
    if not atom.open:
        return []
    return [
        part for text in atom.condition.texts for part in template(text, wildcards=False) if isinstance(part, Variable)
    ]
