"""Patterns found by the words that they ask for: of thousands, a text is only compared with those that it can match.

In: patterns as literal pieces between wildcards, each with what goes with it. Out: for a text, what goes with those of
which it has the rarest word. A word is a run of ASCII letters and digits with something else, or the end, on each side;
where a pattern has it whole between literal characters, a text without it as a word cannot match. ARNs of one account
begin alike and differ in the middle, so what they begin with tells little apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

Value = TypeVar("Value")
_WORD = re.compile("[A-Za-z0-9]+")


class Words(Generic[Value]):
    """What goes with each pattern, by the rarest word of the pattern."""

    __slots__ = ("_anywhere", "_by_word")

    def __init__(self, patterns: Iterable[tuple[Sequence[object], Value]]) -> None:
        asked = [(whole_words(pattern), value) for pattern, value in patterns]
        often = Counter(word for words, _ in asked for word in words)
        self._anywhere: list[Value] = []
        """What goes with patterns without a word."""
        self._by_word: dict[str, list[Value]] = {}
        for words, value in asked:
            if words:
                rarest = min(words, key=lambda word: (often[word], word))
                with_word = self._by_word.setdefault(rarest, [])
                if not with_word or with_word[-1] != value:
                    with_word.append(value)
            else:
                self._anywhere.append(value)

    def of(self, text: str) -> list[list[Value]]:
        """What goes with the patterns that can match a text, by the word of the text that says so.

        A value that was given with several patterns may come with several words.
        """
        found = [*filter(None, map(self._by_word.get, _WORD.findall(text)))]
        if self._anywhere:
            found.append(self._anywhere)
        return found


def whole_words(pattern: Sequence[object]) -> frozenset[str]:
    """The words that every text that a pattern matches has as words. What is no text in the pattern is a wildcard.

    >>> sorted(whole_words(("arn:aws:sqs:", None, ":jobs-a", None)))
    ['arn', 'aws', 'jobs', 'sqs']
    """
    last = len(pattern) - 1
    return frozenset(
        word[0]
        for at, piece in enumerate(pattern)
        if isinstance(piece, str)
        for word in _WORD.finditer(piece)
        if (word.start() or not at) and (word.end() < len(piece) or at == last)
    )
