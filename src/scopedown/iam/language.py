"""Sets of texts given by patterns: which combinations of patterns some text matches, each with such a text.

All patterns run side by side as one set of positions in one integer; texts that drive them alike are one case. So a
question about infinitely many texts becomes a walk over finitely many states: nothing is sampled.

What is not known of a text (a resource's name, a region) is a *token*: one character of a private range that stands for
some text. ``*`` takes a token whole; ``?`` never does, since nobody knows how long it is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from scopedown.core.text import AnyText, Att, ImportValue, Literal, Part, Pseudo, Text, Unknown
from scopedown.iam.errors import LimitError, RequestError
from scopedown.iam.wildcard import Wild

Step = str | Wild | frozenset[str]
"""One step of a pattern: a character, a mark, or one of several characters."""
Steps = tuple[Step, ...]

STATES = 60_000
"""How many states a walk may visit before it gives up with :class:`LimitError`."""

WORK = 20_000_000
"""How much a walk may do before it gives up: pairs of states that it compares, about seven in a microsecond, and what
making a state costs, in the same unit."""
OF_A_STATE = 25
"""What making a state costs, beside some for each position in it."""

LONGEST = 2048
"""Characters of an ARN at most (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html)."""

_FIRST, _LAST = 0xF0000, 0xFFFFD
_SPARE = "xyzwqvujk0123456789abcdefghilmnoprst_XYZ~é"
"""Characters to stand for "any other" in a witness; the first that no pattern names is taken."""
_WITH_COLON = ("AWS::StackId", "AWS::NotificationARNs")


def is_token(char: str) -> bool:
    """Whether a character stands for unknown text."""
    return _FIRST <= ord(char) <= _LAST


@dataclass(slots=True)
class Tokens:
    """The tokens of one question: each part of a symbolic text and the character that stands for it."""

    chars: dict[Part, str] = field(default_factory=dict)
    colonless: set[str] = field(default_factory=set)

    def text(self, value: str | Text, *, unknown_is_any: bool) -> str:
        """A text with tokens for its unknown parts; ``AnyText`` is ``*``, and so is ``Unknown`` where asked for.

        What is required may be anything where it is unknown; what is granted counts only as far as it is known.
        """
        if isinstance(value, str):
            if any(is_token(char) for char in value):
                raise RequestError("the text has a character that scopedown uses for unknown parts")
            return value
        return "".join(self._part(part, unknown_is_any) for part in value.parts)

    def _part(self, part: Part, unknown_is_any: bool) -> str:
        if isinstance(part, Literal):
            return self.text(part.value, unknown_is_any=unknown_is_any)
        if isinstance(part, AnyText) or (unknown_is_any and isinstance(part, Unknown)):
            return "*"
        char = self.chars.get(part)
        if char is None:
            char = self.chars[part] = chr(_FIRST + len(self.chars))
            if isinstance(part, Pseudo) and part.name not in _WITH_COLON:
                self.colonless.add(char)
        return char

    def show(self, text: str) -> str:
        """A text with its tokens written as people know them."""
        names = {char: _name(part) for part, char in self.chars.items()}
        return "".join(names.get(char, char) for char in text)


def _name(part: Part) -> str:
    if isinstance(part, Att):
        return f"${{{part.id}.{part.name}}}"
    if isinstance(part, ImportValue | Unknown):
        return f"${{{part.name if isinstance(part, ImportValue) else part.reason}}}"
    return str(Text((part,)))


class Walk:
    """Patterns side by side. The first is the region: only texts that it matches are of interest.

    Raises LimitError where a pattern is longer than any ARN: each step of a walk would look at all of it.
    """

    def __init__(
        self,
        patterns: Sequence[Steps],
        colonless: frozenset[str] | set[str] = frozenset(),
        states: int = STATES,
        most: int = WORK,
    ) -> None:
        """``states``: how many it may visit; ``most``: how much it may do, and :attr:`work` says what it has done."""
        self.colonless = colonless
        self.states = states
        self.most = most
        self.work = 0
        self.named: set[str] = set()
        self.on: dict[str, int] = {}
        self.any = self.any_field = self.one = self.one_field = 0
        self.start = 0
        self.ends: list[int] = []
        self.masks: list[int] = []
        """The positions of each pattern."""
        at = 0
        for steps in patterns:
            if len(steps) > LONGEST:
                raise LimitError(f"a pattern has {len(steps):,} characters, and an ARN has at most {LONGEST:,}")
            first = at
            self.start |= 1 << at
            for step in steps:
                self._add(step, 1 << at)
                at += 1
            self.ends.append(1 << at)
            at += 1
            self.masks.append((1 << at) - (1 << first))
        self.region = self.masks[0]
        self.width = 1 + at // 1_000
        """What a step costs more because of the patterns' length."""
        self.stars = self.any | self.any_field
        self.other = next((char for char in _SPARE if char not in self.named), "\uffff")

    def _add(self, step: Step, bit: int) -> None:
        if step is Wild.ANY:
            self.any |= bit
        elif step is Wild.ANY_IN_FIELD:
            self.any_field |= bit
        elif step is Wild.ONE:
            self.one |= bit
        elif step is Wild.ONE_IN_FIELD:
            self.one_field |= bit
        elif isinstance(step, Wild):
            raise AssertionError(step)
        else:
            for char in step:
                self.on[char] = self.on.get(char, 0) | bit
                self.named.add(char)

    def _skip(self, state: int) -> int:
        while more := ((state & self.stars) << 1) & ~state:
            state |= more
        return state

    def _next(self, state: int, char: str) -> int:
        stay, move = self.any, self.on.get(char, 0)
        token = is_token(char)
        if not token:
            move |= self.one
        if char != ":" and (not token or char in self.colonless):
            stay |= self.any_field
            if not token:
                move |= self.one_field
        return self._skip((state & stay) | ((state & move) << 1))

    def _accepted(self, state: int) -> int:
        return sum(1 << number for number, end in enumerate(self.ends) if state & end)

    def classes(self) -> dict[int, str]:
        """Which combinations of patterns the region's texts match: a set of pattern numbers as bits → such a text.

        Bit 0 is the region itself, and is set in every one. Raises LimitError past :data:`STATES` states.
        """
        first = self._skip(self.start)
        came: dict[int, tuple[int, str]] = {first: (-1, "")}
        queue = deque([first])
        found: dict[int, str] = {}
        while queue:
            state = queue.popleft()
            accepted = self._accepted(state)
            if accepted & 1 and accepted not in found:
                found[accepted] = _trace(came, state)
            for char in self._relevant(state):
                after = self._next(state, char)
                self._spend(OF_A_STATE)
                if after & self.region and after not in came:
                    if len(came) >= self.states:
                        raise LimitError(f"the patterns have more than {self.states} combinations")
                    came[after] = (state, char)
                    queue.append(after)
        return found

    def least(self, more: Iterable[int], less: Iterable[int]) -> dict[int, str]:
        """The combinations that matter to whoever wants to be inside some patterns (``more``) and outside others.

        As :meth:`classes`, without those for which another is at least as far inside the first and outside the second.
        A state that has reached no more of ``less`` and no less of ``more`` than another can do whatever the other can,
        so the other need not be followed; that keeps the walk small where :meth:`classes` would be exponential.
        """
        inside = sum({self.masks[number] for number in more} | {self.region})
        outside = sum({self.masks[number] for number in less})

        def better(one: int, other: int) -> bool:
            return not (other & inside & ~one) and not (one & outside & ~other)

        first = self._skip(self.start)
        came: dict[int, tuple[int, str]] = {first: (-1, "")}
        # What is better has reached all that a state has reached of ``inside``: it is found by any bit of that, and
        # soonest by the bit that the fewest states have.
        kept: dict[int, list[int]] = {bit: [first] for bit in _bits(first & inside)}
        queue = deque([first])
        found: dict[int, str] = {}
        while queue:
            state = queue.popleft()
            accepted = self._accepted(state)
            if accepted & 1 and accepted not in found:
                found[accepted] = _trace(came, state)
            for char in self._relevant(state):
                after = self._next(state, char)
                if not after & self.region or after in came:
                    self._spend(OF_A_STATE)
                    continue
                bits = _bits(after & inside)
                rarest = min(bits, key=lambda bit: len(kept.get(bit, ())))
                like = kept.get(rarest, [])
                self._spend(OF_A_STATE + 3 * len(bits) + len(like))
                if any(better(one, after) for one in like):
                    continue
                if len(came) >= self.states:
                    raise LimitError(f"the patterns have more than {self.states} combinations")
                came[after] = (state, char)
                kept[rarest] = [one for one in like if not better(after, one)]
                for bit in bits:
                    kept.setdefault(bit, []).append(after)
                queue.append(after)
        return found

    def _spend(self, work: int) -> None:
        self.work += work * self.width
        if self.work > self.most:
            raise LimitError("the patterns have too many combinations")

    def _relevant(self, state: int) -> list[str]:
        """The characters that tell this state's patterns apart; every other one acts as "any other" does.

        Tokens are only followed where the region itself names them: elsewhere they are texts like any other.
        """
        out = [self.other, ":"]
        for char, bits in self.on.items():
            if state & bits and char != ":" and (not is_token(char) or state & bits & self.region):
                out.append(char)
        return out


def _bits(mask: int) -> list[int]:
    """The bits of a mask that are set."""
    found = []
    while mask:
        found.append(mask & -mask)
        mask &= mask - 1
    return found


def _trace(came: dict[int, tuple[int, str]], state: int) -> str:
    chars: list[str] = []
    while True:
        state, char = came[state]
        if state < 0:
            return "".join(reversed(chars))
        chars.append(char)


def intersects(first: Steps, second: Steps, colonless: frozenset[str] | set[str] = frozenset()) -> bool:
    """Whether some text is matched by both patterns."""
    return any(bits & 2 for bits in Walk([first, second], colonless).classes())
