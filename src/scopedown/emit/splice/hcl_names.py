"""What a text of HCL names, and where: read through once, for the many addresses that are looked for."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

_RUN: Final = re.compile(r"[\w.-]+")
_PARTS: Final = 4
"""Parts of an address that is looked for (``data.aws_iam_policy_document.read``); longer ones are searched for."""
_ADDRESS: Final = re.compile(rf"[\w-]+(?:\.[\w-]+){{0,{_PARTS - 1}}}")


class HclNames:
    """``code`` has no comments; ``blocks`` are the file's, each with where it starts and ends, in any order.

    >>> names = HclNames("a = b.c.d + b.c", [("first", 0, 9), ("second", 9, 15)])
    >>> names.users("b.c"), names.users("b"), names.users("c.d")
    (['first', 'second'], ['first', 'second'], [])
    """

    def __init__(self, code: str, blocks: Iterable[tuple[str, int, int]]) -> None:
        self._code = code
        self._blocks = sorted((start, end, address) for address, start, end in blocks)
        self._starts = [start for start, _, _ in self._blocks]

    def users(self, address: str) -> list[str]:
        """The blocks that name something, each as often as it does; an empty text for what is in none."""
        if _ADDRESS.fullmatch(address) is not None:
            return [self._block_at(at) for at in self._places.get(address, ())]
        word = re.compile(rf"(?<![\w.-]){re.escape(address)}(?![\w-])")
        return [self._block_at(match.start()) for match in word.finditer(self._code)]

    @cached_property
    def _places(self) -> Mapping[str, list[int]]:
        """Where each address of few parts begins: what is written, and each part of it up to a dot."""
        found: dict[str, list[int]] = {}
        for match in _RUN.finditer(self._code):
            parts = match[0].split(".", _PARTS)
            for count in range(1, min(len(parts), _PARTS) + 1):
                found.setdefault(".".join(parts[:count]), []).append(match.start())
        return found

    def _block_at(self, at: int) -> str:
        index = bisect_right(self._starts, at) - 1
        return self._blocks[index][2] if index >= 0 and at < self._blocks[index][1] else ""
