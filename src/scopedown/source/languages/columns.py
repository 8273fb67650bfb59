"""Columns in characters, from a parser's columns in bytes, quick on lines of any length (a minified bundle is one)."""

from __future__ import annotations

from itertools import accumulate
from typing import Final

_STEP: Final = 256
_CONTINUATION: Final = bytes(range(0x80, 0xC0))
"""Bytes that continue a character in UTF-8."""


class Columns:
    """The columns of one source; all that it keeps is counted when it is first asked."""

    __slots__ = ("_ascii", "_before", "_source")

    def __init__(self, source: bytes) -> None:
        self._source = source
        self._ascii = source.isascii()
        self._before: list[int] | None = None

    def characters(self, start: int, end: int) -> int:
        """How many characters begin in the bytes from ``start`` to ``end``.

        >>> Columns("né".encode() * 300).characters(1, 900)
        599
        """
        if self._ascii:
            return end - start
        if end - start <= _STEP:
            return len(self._source[start:end].translate(None, _CONTINUATION))
        return self._until(end) - self._until(start)

    def _until(self, offset: int) -> int:
        source = self._source
        if self._before is None:
            steps = range(0, len(source), _STEP)
            self._before = [
                0, *accumulate(len(source[at : at + _STEP].translate(None, _CONTINUATION)) for at in steps)
            ]  # fmt: skip
        step = offset // _STEP
        return self._before[step] + len(source[step * _STEP : offset].translate(None, _CONTINUATION))
