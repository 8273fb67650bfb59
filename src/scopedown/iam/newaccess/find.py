"""A request inside every one of some statements and outside every one of others, or the proof that there is none.

Everything that a comparison asks comes to this. A block is escaped where *some* dimension's value is outside of it, so
each dimension gives its options (which blocks a value kills), and :func:`choose` takes one of each. What is proved is
proved by taking too much for possible; what is found is a request that the evaluator then judges.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from scopedown.iam.errors import LimitError
from scopedown.iam.newaccess.box import Box, covers_but_actions
from scopedown.iam.newaccess.budget import OF_A_BLOCK, OF_A_TEST, TOO_MANY, Budget
from scopedown.iam.newaccess.callers import DERIVED, Callers
from scopedown.iam.newaccess.choose import choose, maximal
from scopedown.iam.newaccess.keys import Held, KeyOptions, Limits, Tests, key_options
from scopedown.iam.newaccess.names import Vocabulary, bits
from scopedown.iam.newaccess.patterns import EVERYTHING, Pattern, apart, pattern
from scopedown.iam.newaccess.scenarios import (
    GENEROUS,
    OF_A_VALUE,
    Scenario,
    resources_in,
    scenarios,
    settled_by_scenarios,
)
from scopedown.iam.newaccess.texts import Part, Region, all_texts, narrowed, some_texts
from scopedown.iam.request import Caller
from scopedown.iam.satisfy import Atom
from scopedown.iam.services import RCP_SERVICES
from scopedown.iam.variables import ContextValue
from scopedown.iam.wildcard import Wild, glob

Option = tuple[int, object]
_OF_RCPS = tuple(pattern((f"{service}:", Wild.ANY)) for service in sorted(RCP_SERVICES))
COMBINATIONS = 4_096
"""Combinations of the positives' patterns that are looked at."""


class NotDecidedError(Exception):
    """Neither a request nor a proof; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Found:
    """A request without its action."""

    resource: str
    context: Mapping[str, ContextValue]
    caller: Caller | None


@dataclass(frozen=True, slots=True)
class Group:
    """Actions that the same blocks hold: their set, or the text of one that AWS does not have."""

    blocks: tuple[Box, ...]
    mask: int = 0
    future: str = ""


@dataclass(slots=True)
class _Keys:
    """The options of condition keys."""

    names: list[str] = field(default_factory=list)
    dimensions: list[Sequence[Option]] = field(default_factory=list)
    doubts: dict[int, str] = field(default_factory=dict)
    """What keys whose options are not all known may kill, and why they are not."""
    more: bool = False
    """Whether the others can be found, by more work."""

    @property
    def impossible(self) -> bool:
        """Whether no option of a key is known."""
        return not all(self.dimensions)


class Finder:
    """The questions of one comparison; what one of them makes ready the next one uses."""

    def __init__(
        self, vocabulary: Vocabulary, callers: Callers | None, budget: Budget, limits: Limits | None = None
    ) -> None:
        self.vocabulary = vocabulary
        self.callers = callers
        self.limits = limits
        self.tests = Tests()
        self.budget = budget
        self._patterns: dict[Box, tuple[Pattern, ...]] = {}
        self._keys: dict[tuple[object, ...], KeyOptions] = {}

    def groups(self, positive: Sequence[Box], blocks: Sequence[Box], *, least: bool) -> list[Group]:
        """The known actions inside every positive statement, by the blocks that hold them, fewest blocks first.

        With ``least`` only those whose blocks are no superset of another group's: enough to find one request. Raises
        :class:`NotDecidedError`.
        """
        mask = self.vocabulary.all
        for box in positive:
            mask &= box.mask
        if not mask:
            return []
        always = [at for at, box in enumerate(blocks) if not mask & ~box.mask]
        of_action: dict[int, int] = {}
        for at, box in enumerate(blocks):
            inside = mask & box.mask
            if inside and inside != mask:
                self.budget.take(OF_A_TEST * inside.bit_count())
                if self.budget.over:
                    raise NotDecidedError(TOO_MANY)
                for number in bits(inside):
                    of_action[number] = of_action.get(number, 0) | 1 << at
        by_blocks: dict[int, int] = {}
        rest = mask
        for number, held in of_action.items():
            by_blocks[held] = by_blocks.get(held, 0) | 1 << number
            rest &= ~(1 << number)
        if rest:
            by_blocks[0] = rest
        chosen = sorted(by_blocks, key=int.bit_count)
        if least:
            kept: list[int] = []
            for held in chosen:
                self.budget.take(len(kept))
                if not any(held | other == held for other in kept):
                    kept.append(held)
            chosen = kept
        constant = tuple(blocks[at] for at in always)
        return [Group((*constant, *(blocks[at] for at in bits(held))), by_blocks[held]) for held in chosen]

    def future(self, positive: Sequence[Box], blocks: Sequence[Box]) -> Iterator[Group]:
        """Actions that no list has yet, of the positives' patterns with wildcards. Raises LimitError."""
        regions = [(("*",), box.actions) if box.but_actions else (box.actions, ()) for box in positive]
        parts = [
            Part(tuple(pattern(glob(one)) for one in box.actions), box.but_actions, 1 << at)
            for at, box in enumerate(blocks)
        ]
        plain = {
            one
            for box in blocks
            if not box.but_actions and not box.of_rcp and covers_but_actions(box, positive[0])
            for one in box.actions
        }
        for chosen in product(*(inside for inside, _ in regions)):
            if self.budget.over:
                raise LimitError(TOO_MANY)
            if "*" in plain or not plain.isdisjoint(chosen) or all("*" not in one and "?" not in one for one in chosen):
                continue
            inside = [pattern(glob("*:*" if one == "*" else one)) for one in chosen]
            avoid = tuple(pattern(glob(one)) for _, avoid in regions for one in avoid)
            rcps = sum(part.bit for part, box in zip(parts, blocks, strict=True) if box.of_rcp)
            if not rcps and not any(box.of_rcp for box in positive):
                yield from self._future(Region(narrowed(inside, self.budget), avoid), parts, blocks, 0)
                continue
            for service in _OF_RCPS:
                if not any(apart(one, service) for one in inside):
                    within = narrowed([*inside, service], self.budget)
                    yield from self._future(Region(within, avoid), parts, blocks, 0)
            if not any(box.of_rcp for box in positive):
                elsewhere = Region(narrowed(inside, self.budget), (*avoid, *_OF_RCPS))
                yield from self._future(elsewhere, parts, blocks, rcps)

    def _future(self, region: Region, parts: Sequence[Part], blocks: Sequence[Box], dead: int) -> Iterator[Group]:
        """The groups of one region, in which the ``dead`` blocks hold nothing."""
        texts = some_texts(region, parts, self.budget)
        options = texts.options if texts.settled else all_texts(region, parts, self.budget)
        for killed, text in options:
            held = tuple(box for at, box in enumerate(blocks) if not (killed | dead) >> at & 1)
            yield Group(held, 0, text)

    def solve(
        self, positive: Sequence[Box], blocks: Sequence[Box], within: Sequence[Pattern] | None = None
    ) -> Found | None:
        """A resource, a context and a caller inside every positive statement and outside every block.

        All of them are taken to hold the action. ``within`` limits the resource to the first statement's patterns that
        are given. Raises :class:`NotDecidedError`.
        """
        if any(covers_but_actions(block, box) for block in blocks for box in positive):
            return None
        keys = frozenset().union(*(box.variables for box in (*positive, *blocks)))
        if not keys:
            return self._static(positive, blocks, {}, within)
        given = scenarios(keys, positive, blocks, self.callers, self.budget)
        for scenario in given.scenarios:
            found = self._static(positive, blocks, scenario, within)
            if found is not None:
                return found
        if given.complete and settled_by_scenarios(keys, positive, blocks):
            return None
        if self._static(positive, blocks, GENEROUS, within) is None:
            return None
        raise NotDecidedError(f"the policy variable{'s' if len(keys) > 1 else ''} {', '.join(sorted(keys))}")

    def _static(
        self,
        positive: Sequence[Box],
        blocks: Sequence[Box],
        scenario: Scenario,
        within: Sequence[Pattern] | None,
    ) -> Found | None:
        """The same with the values of all variables known."""
        if self.budget.over:
            raise NotDecidedError(TOO_MANY)
        self.budget.take(OF_A_BLOCK * len(blocks))
        generous = scenario is GENEROUS
        if generous:
            blocks = [box for box in blocks if not any(atom.open for atom in box.atoms)]
        people = self._people(positive, blocks, scenario, generous)
        doubt = self._doubt_of_people(positive, blocks)
        if people is not None and not people:
            if doubt:
                raise NotDecidedError(doubt)
            return None
        parts = [self._part(box, 1 << at, scenario) for at, box in enumerate(blocks)]
        regions: Iterable[Region | None] = self._regions(positive, scenario, within)
        stuck = ""
        for every in (False, True):  # first what costs little: nearly always that is enough
            keys = self._keys_of(positive, blocks, scenario, generous, every=every)
            if keys is None:
                return None
            stuck, left = "", list[Region | None]()
            for region in regions:
                if self.budget.over:
                    raise NotDecidedError(TOO_MANY)
                if region is None:
                    chosen, why = None, "the statements' resources have too many combinations"
                else:
                    chosen, why = self._in_region(region, parts, keys, people, walk=every or not keys.more)
                if chosen is not None:
                    return self._found(chosen, keys.names, people is not None, scenario)
                if why:
                    stuck = why
                    left.append(region)
            if not left or not keys.more:
                break
            regions = left
        if stuck or doubt:
            raise NotDecidedError(stuck or doubt)
        return None

    def _doubt_of_people(self, positive: Sequence[Box], blocks: Sequence[Box]) -> str:
        """Why callers beside the candidates may matter; empty where none does."""
        if self.callers is None or not self.callers.doubt:
            return ""
        boxes = (*positive, *blocks)
        return self.callers.doubt if any(atom.key in DERIVED for box in boxes for atom in box.atoms) else ""

    def _in_region(
        self, region: Region, parts: Sequence[Part], keys: _Keys, people: Sequence[Option] | None, *, walk: bool
    ) -> tuple[list[object] | None, str]:
        """A choice in one region; where there is none, why it is not known that there is none, empty where it is."""
        full = (1 << len(parts)) - 1
        others = [] if people is None else [people]
        try:
            texts = some_texts(region, parts, self.budget)
            options, settled = texts.options, texts.settled
            while True:
                if options and not keys.impossible:
                    chosen = choose([options, *keys.dimensions, *others], full, self.budget)
                    if chosen is not None:
                        return chosen, ""
                if settled:
                    if not options or not keys.doubts:
                        return None, ""
                    doubtful = [((mask, None),) for mask in keys.doubts]
                    known = [one for one in keys.dimensions if one]
                    may_be = choose([options, *known, *doubtful, *others], full, self.budget)
                    return None, next(iter(keys.doubts.values())) if may_be is not None else ""
                if not walk:
                    return None, TOO_MANY
                options, settled = all_texts(region, parts, self.budget), True
        except LimitError as error:
            self.budget.hard -= 1
            return None, error.message

    def _found(self, chosen: Sequence[object], names: Sequence[str], people: bool, scenario: Scenario) -> Found:
        context: dict[str, ContextValue] = {key: value for key, value in scenario.items() if value is not None}
        for name, value in zip(names, chosen[1:], strict=False):
            if value is None:
                context.pop(name, None)
            else:
                context[name] = value  # type: ignore[assignment]
        caller = None
        if people:
            assert self.callers is not None
            number = chosen[1 + len(names)]
            assert isinstance(number, int)
            candidate = self.callers.candidates[number]
            caller = candidate.caller
            context = {key: value for key, value in context.items() if key not in DERIVED} | dict(candidate.keys)
        return Found(str(chosen[0]), context, caller)

    def _keys_of(
        self, positive: Sequence[Box], blocks: Sequence[Box], scenario: Scenario, generous: bool, *, every: bool
    ) -> _Keys | None:
        """The options of all keys; None where one of them has none."""
        must: dict[str, list[Atom]] = {}
        may: dict[str, list[Held]] = {}
        tied = DERIVED if self.callers is not None else frozenset()
        for box in positive:
            for atom in box.atoms:
                if atom.key not in tied and not (generous and atom.open):
                    must.setdefault(atom.key, []).append(atom)
        for at, box in enumerate(blocks):
            of_key: dict[str, list[Atom]] = {}
            for atom in box.atoms:
                if atom.key not in tied:
                    of_key.setdefault(atom.key, []).append(atom)
            for key, atoms in of_key.items():
                may.setdefault(key, []).append(Held(tuple(atoms), 1 << at))
        keys = _Keys()
        for key in dict.fromkeys((*must, *may)):
            options = self._options(key, must.get(key, ()), may.get(key, ()), scenario, every=every)
            if not options.options and options.complete:
                return None
            if not options.complete:
                keys.doubts[sum(held.bit for held in may.get(key, ()))] = options.why or TOO_MANY
                keys.more = keys.more or options.more
            keys.names.append(key)
            keys.dimensions.append(options.options)
        return keys

    def _options(
        self, key: str, must: Sequence[Atom], may: Sequence[Held], scenario: Scenario, *, every: bool
    ) -> KeyOptions:
        asked = (key, tuple(must), tuple(may), tuple(scenario.items()))
        found = self._keys.get((*asked, False))
        if found is not None and (found.complete or not found.more or not every):
            return found
        found = self._keys.get((*asked, every))
        if found is None:
            found = self._keys[*asked, every] = key_options(
                key, must, may, scenario, self.tests, self.budget, self.limits, every=every
            )
        return found

    def _people(
        self, positive: Sequence[Box], blocks: Sequence[Box], scenario: Scenario, generous: bool
    ) -> list[Option] | None:
        """The options of the caller; None where the policies name no principals."""
        callers = self.callers
        if callers is None:
            return None
        inside = callers.all
        for box in positive:
            inside &= callers.named_by(box) if generous else callers.holding(box, scenario, self.tests)
        if not generous:
            for key, value in scenario.items():
                if key in DERIVED:
                    inside &= sum(1 << at for at, one in enumerate(callers.candidates) if one.value(key) == value)
        masks = dict.fromkeys(bits(inside), 0)
        for at, box in enumerate(blocks):
            held = callers.holding(box, scenario, self.tests)
            for number in masks:
                if not held >> number & 1:
                    masks[number] |= 1 << at
        return list(maximal([(mask, number) for number, mask in masks.items()], self.budget))

    def _part(self, box: Box, bit: int, scenario: Scenario) -> Part:
        patterns, complement = self._resources(box, scenario, block=True)
        return Part(patterns, complement, bit)

    def _resources(self, box: Box, scenario: Scenario, *, block: bool) -> tuple[tuple[Pattern, ...], bool]:
        if not box.resources:
            return (EVERYTHING,), False
        if box.variables:
            self.budget.take(OF_A_VALUE * len(box.resources))
            return resources_in(box, scenario, block=block), box.but_resources
        found = self._patterns.get(box)
        if found is None:
            found = self._patterns[box] = resources_in(box, {}, block=block)
        return found, box.but_resources

    def _regions(
        self, positive: Sequence[Box], scenario: Scenario, within: Sequence[Pattern] | None
    ) -> Iterator[Region | None]:
        """One pattern of each positive at a time; None past the bound."""
        lists: list[tuple[Pattern, ...]] = []
        avoid: list[Pattern] = []
        for number, box in enumerate(positive):
            patterns, complement = self._resources(box, scenario, block=False)
            if complement:
                avoid += patterns
                lists.append((EVERYTHING,))
            else:
                lists.append(tuple(within) if within is not None and not number else patterns)
        for number, chosen in enumerate(product(*lists)):
            if number >= COMBINATIONS:
                yield None
                return
            yield Region(narrowed(chosen, self.budget), tuple(dict.fromkeys(avoid)))
