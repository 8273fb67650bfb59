"""The dimension of one condition key: its options beside the blocks.

Values are judged by the evaluator's own tests. Sets of values are tried where a set operator asks for the key. Of
what must hold for all values of a set only intersections matter: the largest set that keeps them is the best for
whatever wants one value more. Without a set operator every set of several values is the same (rule 47), so one is
tried, where the key may have several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scopedown.core.tables import read_rows
from scopedown.iam.condition import ContextTest
from scopedown.iam.errors import LimitError
from scopedown.iam.newaccess.budget import OF_A_TEST, TOO_MANY, Budget
from scopedown.iam.newaccess.choose import maximal
from scopedown.iam.newaccess.patterns import WORD
from scopedown.iam.newaccess.values import Wanted, values_of
from scopedown.iam.satisfy import Atom
from scopedown.iam.variables import Context, ContextValue

SEVERAL_VALUES = frozenset(row["key"] for row in read_rows(Path(__file__).with_name("several_values.tsv")))
"""In lower case; one that ends with ``/`` stands for all that begin with it."""


def may_have_several(key: str) -> bool:
    """Whether a condition key, in lower case, may have several values."""
    return key in SEVERAL_VALUES or key[: key.find("/") + 1] in SEVERAL_VALUES


Known = Mapping[str, ContextValue | None]
"""The values of policy variables; None for one that has none."""
SEVERAL: ContextValue = (WORD, f"{WORD}2")
"""A set of several values for operators that are not for sets."""
SETS = 512
"""Sets of values of one key that are tried at most."""


@dataclass(frozen=True, slots=True)
class Held:
    """The atoms of one block on a key, any of which leaves it where it does not hold."""

    atoms: tuple[Atom, ...]
    bit: int


@dataclass(frozen=True, slots=True)
class KeyOptions:
    """Options: a value, a set, or None for a key that is missing. ``complete``: whether they are all that matter."""

    options: tuple[tuple[int, ContextValue | None], ...]
    complete: bool = True
    why: str = ""
    """What stopped it where they are not."""
    more: bool = False
    """Whether the others can be found, by more work."""


class Tests:
    """The evaluator's tests of atoms, made once."""

    def __init__(self) -> None:
        self._kept: dict[Atom, ContextTest] = {}

    def of(self, atom: Atom) -> ContextTest:
        """The test of an atom."""
        found = self._kept.get(atom)
        if found is None:
            found = self._kept[atom] = atom.test()
        return found


@dataclass(frozen=True, slots=True)
class Limits:
    """Values that are of interest where not all are: a test of a key's value, and further values of a key to try."""

    fits: Callable[[str, ContextValue | None], bool]
    more: Callable[[str], Sequence[str]]


def key_options(
    key: str,
    positive: Sequence[Atom],
    blocks: Sequence[Held],
    known: Known,
    tests: Tests,
    budget: Budget,
    limits: Limits | None = None,
    *,
    every: bool = True,
) -> KeyOptions:
    """The options of a key. ``known`` fixes the keys of policy variables (a missing one is None), perhaps this one.

    Without ``every`` only those that cost little.
    """
    must = [tests.of(atom) for atom in positive]
    may = [([tests.of(atom) for atom in block.atoms], block.bit) for block in blocks]
    base = {name: value for name, value in known.items() if value is not None}

    def judged(value: ContextValue | None) -> int | None:
        """The blocks that a value leaves, or None where something that must hold does not."""
        context = dict(base)
        if value is not None:
            context[key] = value
        for test in must:
            if not test(context):
                return None
        mask = 0
        for several, bit in may:
            for test in several:
                if not test(context):
                    mask |= bit
                    break
        return mask

    if key in known:
        mask = judged(known[key])
        return KeyOptions(() if mask is None else ((mask, known[key]),))
    group = [
        *(Wanted(atom, True) for atom in dict.fromkeys(positive)),
        *(Wanted(atom, False) for atom in dict.fromkeys(atom for block in blocks for atom in block.atoms)),
    ]
    found = values_of(group, base, budget if every else None)
    values, complete, why = found.texts, found.complete, found.why
    if limits is not None:
        values = tuple(dict.fromkeys((*values, *limits.more(key))))
    out: list[tuple[int, ContextValue | None]] = []
    candidates: list[ContextValue | None] = [None, *values]
    of_sets = any(one.found.quantifier for one in group)
    if of_sets or may_have_several(key):
        candidates.append(SEVERAL)
    if of_sets:
        try:
            candidates += _sets(key, group, values, base, tests.of, budget)
        except LimitError as error:
            complete, why = False, error.message
    of_one = OF_A_TEST * (1 + len(must) + sum(len(several) for several, _ in may))
    for candidate in candidates:
        budget.take(of_one * len(candidate) if isinstance(candidate, tuple) else of_one)
        if budget.over:
            complete, why = False, TOO_MANY
            break
        if limits is not None and not limits.fits(key, candidate):
            continue
        mask = judged(candidate)
        if mask is not None:
            out.append((mask, candidate))
    return KeyOptions(tuple(maximal(out, budget)), complete, why, found.more)


def _sets(
    key: str,
    group: Sequence[Wanted],
    values: Sequence[str],
    base: Context,
    test_of: Callable[[Atom], ContextTest],
    budget: Budget,
) -> Iterator[ContextValue]:
    """The sets of values that matter: the empty one, and the closure of what is asked of all values of a set."""
    yield ("",)
    whole = (1 << len(values)) - 1
    closed = {whole}
    for one in group:
        found = one.found
        if not found.quantifier:
            continue
        budget.take(OF_A_TEST * len(values) + len(closed))
        if budget.over:
            raise LimitError(TOO_MANY)
        test = test_of(one.atom)
        inside = sum(1 << at for at, value in enumerate(values) if test({**base, key: (value,)}))
        if "" in values:  # a set of nothing but empty texts is no set: the text is judged beside another one
            bit = 1 << values.index("")
            holds = _empty_holds(test, base, key, values, found.quantifier == "ForAllValues")
            inside = inside | bit if holds else inside & ~bit
        side = inside if found.quantifier == "ForAllValues" else whole & ~inside
        closed |= {side & other for other in closed}
        if len(closed) > SETS:
            raise LimitError("the sets of values have too many combinations")
    for mask in closed:
        chosen = tuple(value for at, value in enumerate(values) if mask >> at & 1)
        if chosen:
            yield chosen


def _empty_holds(test: ContextTest, base: Context, key: str, values: Sequence[str], every: bool) -> bool:
    """Whether the empty text satisfies an operator as one value among others."""
    for beside in values:
        if beside and test({**base, key: (beside,)}) is every:
            return test({**base, key: ("", beside)})
    return False
