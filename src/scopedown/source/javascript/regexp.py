"""Regular expressions that end quickly: those without groups that repeat, on short texts; others are not read.

JavaScript's notation of the pieces that are taken (classes, escapes, quantifiers, alternatives, plain groups) means the
same to Python's ``re``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from scopedown.source.javascript.values import MAX_ITEMS, UNDEFINED, Known, NotKnown, Regex

MAX_SUBJECT: Final = 4000
MAX_PATTERN: Final = 200
MAX_UNBOUNDED: Final = 2
MAX_COST: Final = 50_000
"""Units of work that one use of a pattern may take at the worst."""
_UNIT: Final = 5000
"""Steps of the matcher that are one unit."""
_IN_CLASS: Final = r"\\(?:[dDwWsSbnrtfv]|[^\w\s]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})|[^\]\\\[]"
_TOKEN: Final = re.compile(
    r"(?P<escape>\\(?:[dDwWsSbBnrtfv]|0(?!\d)|[^\w\s]))|(?P<class>\[\^?(?:" + _IN_CLASS + r")+\])|"
    r"(?P<open>\((?:\?:)?(?!\?))|(?P<close>\))|(?P<many>[*+]\??)|(?P<few>\?\??|\{\d{1,3}(?:,\d{1,3})?\})|"
    r"(?P<plain>[^\\\[\]()*+?{}])"
)
_SETS: Final = ("--", "&&", "||", "~~")
"""What a class of Python's may mean something else by."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern for Python. ``unbounded``: how many quantifiers without an end it has; ``ways``: in how many ways its
    other quantifiers and alternatives may be combined, at the most."""

    compiled: re.Pattern[str]
    unbounded: int
    ways: int


@lru_cache(maxsize=500)
def pattern_of(regex: Regex) -> Pattern | None:
    """The pattern for Python, None where it may take long or means something else there.

    >>> pattern_of(Regex(r"\\\\", "g")) is not None, pattern_of(Regex("(a+)+", ""))
    (True, None)
    """
    if len(regex.pattern) > MAX_PATTERN or set(regex.flags) - set("gimsu"):
        return None
    position = unbounded = 0
    ways = 1
    last = ""
    while position < len(regex.pattern):
        token = _TOKEN.match(regex.pattern, position)
        if token is None:
            return None
        kind = token.lastgroup or ""
        if kind in ("many", "few") and last not in ("escape", "class", "plain"):
            return None
        if kind == "class" and any(sign in token[0] for sign in _SETS):
            return None
        unbounded += kind == "many"
        if kind == "few" or token[0] == "|":
            bounds = [int(number) for number in re.findall(r"\d+", token[0])]
            ways *= abs(bounds[-1] - bounds[0]) + 1 if bounds else 2
        last, position = kind, token.end()
    if unbounded > MAX_UNBOUNDED:
        return None
    flags = re.ASCII | (re.IGNORECASE if "i" in regex.flags else 0) | (re.MULTILINE if "m" in regex.flags else 0)
    pattern = regex.pattern
    if "m" not in regex.flags:
        pattern = re.sub(r"\\.|\[(?:\\.|[^\]])*\]|\$", lambda found: r"\Z" if found[0] == "$" else found[0], pattern)
    try:
        compiled = re.compile(pattern, flags | (re.DOTALL if "s" in regex.flags else 0))
    except (re.error, OverflowError, RecursionError):
        return None
    return Pattern(compiled, unbounded, ways)


def cost(regex: Regex, subject: str) -> int:
    """The units of work that a use of a pattern on a text may take; raises NotKnown where it is not read.

    >>> cost(Regex("_", "g"), "a_b")
    0
    """
    pattern = pattern_of(regex)
    if pattern is not None and len(subject) <= MAX_SUBJECT and _means_the_same(regex, subject):
        units: int = len(subject) ** (pattern.unbounded + 1) * pattern.ways // _UNIT
        if units <= MAX_COST:
            return units
    raise NotKnown(f"the regular expression /{regex.pattern[:60]}/ is not read")


def _means_the_same(regex: Regex, subject: str) -> bool:
    """Spaces, the end of a line and the case of letters are Python's on these characters."""
    if not any(sign in subject for sign in "\r\u2028\u2029") and subject.isascii():
        return True
    is_plain = not any(sign in regex.pattern for sign in (".", "$", "\\s", "\\S")) and "i" not in regex.flags
    return is_plain and (not subject or max(subject) <= "\uffff")


def _ready(regex: Regex, subject: str) -> re.Pattern[str]:
    cost(regex, subject)
    pattern = pattern_of(regex)
    assert pattern is not None
    return pattern.compiled


@dataclass(frozen=True, slots=True)
class Found:
    """One place in a text where something is found. ``groups`` are those of the pattern."""

    text: str
    start: int
    groups: tuple[Known, ...] = ()

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    def expanded(self, template: str) -> str:
        """What a replacement means for it: ``$$`` is a dollar, ``$&`` the text, ``$1`` a group.

        >>> Found("b", 1, ("x",)).expanded("$$-$&-$1-$2")
        '$-b-x-$2'
        """
        if "$" not in template:
            return template
        if any(sign in template for sign in ("$`", "$'", "$<")) or re.search(r"\$\d\d", template):
            raise NotKnown("a replacement with these references is not read")

        def group(reference: re.Match[str]) -> str:
            word = reference[1]
            if word in "$&":
                return "$" if word == "$" else self.text
            index = int(word)
            if not 1 <= index <= len(self.groups):
                return reference[0]
            value = self.groups[index - 1]
            return "" if value is UNDEFINED else str(value)

        return re.sub(r"\$([$&]|\d)", group, template)


def _found(match: re.Match[str]) -> Found:
    groups = tuple(UNDEFINED if group is None else group for group in match.groups())
    return Found(match[0], match.start(), groups)


def all_in(regex: Regex, subject: str) -> Iterator[Found]:
    """Every place where a pattern matches, or (without the flag ``g``) the first."""
    for match in _ready(regex, subject).finditer(subject):
        yield _found(match)
        if "g" not in regex.flags:
            return


def first_in(regex: Regex, subject: str) -> Found | None:
    """The first place where a pattern matches."""
    match = _ready(regex, subject).search(subject)
    return None if match is None else _found(match)


def match(regex: Regex, subject: str) -> list[Known] | None:
    """``subject.match(regex)``: a list, or None for JavaScript's null."""
    if "g" in regex.flags:
        return [found.text for found in all_in(regex, subject)] or None
    found = first_in(regex, subject)
    return None if found is None else [found.text, *found.groups]


def split(regex: Regex, subject: str) -> list[Known]:
    """``subject.split(regex)``."""
    pattern = _ready(regex, subject)
    if pattern.groups or pattern.match(""):
        raise NotKnown(f"the regular expression /{regex.pattern[:60]}/ is not read")
    return list(pattern.split(subject, maxsplit=MAX_ITEMS))
