"""Regular expressions that end quickly: those without groups that repeat, on short texts; others are not read.

JavaScript's notation of the pieces that are taken (classes, escapes, quantifiers, alternatives, plain groups) means the
same to Python's ``re``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from scopedown.languages.javascript.known.values import UNDEFINED, Known, Regex
from scopedown.source.known import MAX_ITEMS, Effort, NotKnown, effort_of


@lru_cache(maxsize=500)
def pattern_of(regex: Regex) -> tuple[re.Pattern[str], Effort] | None:
    """The pattern for Python, None where it may take long or means something else there.

    >>> pattern_of(Regex(r"\\\\", "g")) is not None, pattern_of(Regex("(a+)+", ""))
    (True, None)
    """
    effort = effort_of(regex.pattern) if not set(regex.flags) - set("gimsu") else None
    if effort is None or "(?P" in regex.pattern:
        return None
    flags = re.ASCII | (re.IGNORECASE if "i" in regex.flags else 0) | (re.MULTILINE if "m" in regex.flags else 0)
    pattern = regex.pattern
    if "m" not in regex.flags:
        pattern = re.sub(r"\\.|\[(?:\\.|[^\]])*\]|\$", lambda found: r"\Z" if found[0] == "$" else found[0], pattern)
    try:
        return re.compile(pattern, flags | (re.DOTALL if "s" in regex.flags else 0)), effort
    except (re.error, OverflowError, RecursionError):
        return None


def cost(regex: Regex, subject: str) -> int:
    """The units of work that a use of a pattern on a text may take; raises NotKnown where it is not read.

    >>> cost(Regex("_", "g"), "a_b")
    0
    """
    return _ready(regex, subject)[1]


def _ready(regex: Regex, subject: str) -> tuple[re.Pattern[str], int]:
    found = pattern_of(regex)
    if found is None or not _means_the_same(regex, subject):
        raise NotKnown(f"the regular expression /{regex.pattern[:60]}/ is not supported")
    return found[0], found[1].units(subject)


def _means_the_same(regex: Regex, subject: str) -> bool:
    """Spaces, the end of a line and the case of letters are Python's on these characters."""
    if not any(sign in subject for sign in "\r\u2028\u2029") and subject.isascii():
        return True
    is_plain = not any(sign in regex.pattern for sign in (".", "$", "\\s", "\\S")) and "i" not in regex.flags
    return is_plain and (not subject or max(subject) <= "\uffff")


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
            raise NotKnown("the references of this replacement are not supported")

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
    for match in _ready(regex, subject)[0].finditer(subject):
        yield _found(match)
        if "g" not in regex.flags:
            return


def first_in(regex: Regex, subject: str) -> Found | None:
    """The first place where a pattern matches."""
    match = _ready(regex, subject)[0].search(subject)
    return None if match is None else _found(match)


def match(regex: Regex, subject: str) -> list[Known] | None:
    """``subject.match(regex)``: a list, or None for JavaScript's null."""
    if "g" in regex.flags:
        return [found.text for found in all_in(regex, subject)] or None
    found = first_in(regex, subject)
    return None if found is None else [found.text, *found.groups]


def split(regex: Regex, subject: str) -> list[Known]:
    """``subject.split(regex)``."""
    pattern, _ = _ready(regex, subject)
    if pattern.groups or any(not found[0] for found in pattern.finditer(subject)):
        raise NotKnown(f"the regular expression /{regex.pattern[:60]}/ is not supported")
    return list(pattern.split(subject, maxsplit=MAX_ITEMS))
