"""What a known value of JavaScript is, and how it becomes text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from scopedown.documents.scalars import js_text

Known = Any
"""``str``, ``int``, ``float``, ``bool``, ``None`` (``null``), :data:`UNDEFINED`, :class:`Regex`, lists of these."""


class Undefined:
    """JavaScript's ``undefined``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "undefined"


UNDEFINED: Final = Undefined()
SPACE: Final = "\t\n\v\f\r \xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
"""What ``trim()`` and numbers take for space."""


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression as it is written: ``/pattern/flags``."""

    pattern: str
    flags: str


def text_of(value: Known) -> str:
    """A value as concatenation makes it text.

    >>> text_of(1.0), text_of(UNDEFINED), text_of([1, None, "a"]), text_of(Regex("a", "g"))
    ('1', 'undefined', '1,,a', '/a/g')
    """
    if isinstance(value, str):
        return value
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    if isinstance(value, float) and math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Regex):
        return f"/{value.pattern}/{value.flags}"
    if isinstance(value, list):
        return ",".join("" if item is None or item is UNDEFINED else text_of(item) for item in value)
    return js_text(value, null="null")


def strictly_equal(left: Known, right: Known) -> bool:
    """``left === right`` of values that are no objects.

    >>> strictly_equal(1, 1.0), strictly_equal(1, True), strictly_equal("1", 1), strictly_equal(None, UNDEFINED)
    (True, False, False, False)
    """
    if isinstance(left, bool) is not isinstance(right, bool) or isinstance(left, str) is not isinstance(right, str):
        return False
    return bool(left == right)
