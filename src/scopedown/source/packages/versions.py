"""Whether a declared range of versions admits a version, in the notations of npm and pip.

npm: https://github.com/npm/node-semver#ranges; pip: https://peps.python.org/pep-0440/#version-specifiers, and Poetry's
``^`` (https://python-poetry.org/docs/dependency-specification/). A range that is written otherwise (an address, a tag
but ``latest``, a folder) is none. Versions that are not a release are admitted by no range.
"""

from __future__ import annotations

import re
from typing import Final

Release = tuple[int, int, int]

_VERSION: Final = re.compile(r"^[v=]?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:\.0)*(?:\+[\w.]+)?$")
_TERM: Final = re.compile(
    r"(\^|~>|~=|~|>=|<=|===|==|!=|=|>|<)?\s*v?(\d{1,9}|[xX*])(?:\.(\d{1,9}|[xX*]))?(?:\.(\d{1,9}|[xX*]))?"
    r"((?:\.[\dxX*]+)*)([-+]?[A-Za-z][\w.+-]*|[-+][\w.+-]+)?(?=$|[\s,|])"
)
_HYPHEN: Final = re.compile(r"(\S+)\s+-\s+(\S+)")
_ANY: Final = ("", "*", "x", "X", "latest")
_MAX_RANGE: Final = 200
_END: Final = 10**9


def release(version: str) -> Release | None:
    """The three numbers of a released version; None for any other (``1.0.0-beta.1``, ``1.0rc1``).

    >>> release("1.2"), release("v1.2.3+build"), release("1.0.0-beta.1")
    ((1, 2, 0), (1, 2, 3), None)
    """
    found = _VERSION.match(version.strip())
    return None if found is None else (int(found[1]), int(found[2] or 0), int(found[3] or 0))


def series(version: Release) -> tuple[int, ...]:
    """What versions have in common that promise to be compatible: the first number that is not zero.

    >>> series((1, 2, 3)), series((0, 2, 3))
    ((1,), (0, 2))
    """
    return version[:1] if version[0] else version[:2]


def exact(wanted: str) -> Release | None:
    """The only version that a range admits, or None.

    >>> exact("1.2.3"), exact("==1.2"), exact("^1.2.3")
    ((1, 2, 3), (1, 2, 0), None)
    """
    return release(wanted.strip().lstrip("=").strip())


def admits(wanted: str, version: str) -> bool:
    """Whether a range admits a released version.

    >>> admits("^1.2.3", "1.9.0"), admits("~1.2", "1.3.0"), admits("1.x || >=3 <4", "3.1.0"), admits(">=1,<2", "1.5")
    (True, False, True, True)
    >>> admits("^0.2.3", "0.3.0"), admits("1.2.3 - 2", "2.9.9"), admits("github:a/b", "1.0.0"), admits("", "9.0.0")
    (False, True, False, True)
    """
    one = release(version)
    if one is None or len(wanted) > _MAX_RANGE:
        return False
    return any(_all(part.strip(), one) for part in wanted.split("||"))


def _all(part: str, one: Release) -> bool:
    """Whether every term of one alternative admits a version."""
    if part in _ANY:
        return True
    part = _HYPHEN.sub(r">=\1 <=\2", part)
    at = 0
    while at < len(part):
        found = _TERM.match(part, at)
        if found is None or not _term(found, one):
            return False
        at = found.end()
        while at < len(part) and part[at] in " \t,":
            at += 1
    return True


def _term(found: re.Match[str], one: Release) -> bool:
    numbers: list[int] = []
    for text in (found[2], found[3], found[4]):
        if text is None or not text.isdigit():
            break
        numbers.append(int(text))
    low = (*numbers, 0, 0, 0)[:3]
    least: Release = (low[0], low[1], low[2])
    prefix = _after(numbers)
    match found[1]:
        case "^":
            fixed = next((place for place, number in enumerate(numbers) if number), len(numbers) - 1)
            return least <= one < _after(numbers[: fixed + 1])
        case "~" | "~>":
            return least <= one < _after(numbers[:2])
        case "~=":
            return least <= one < _after(numbers[:-1])
        case ">=":
            return one >= least
        case ">":
            return one >= prefix if len(numbers) < 3 else one > least
        case "<=":
            return one < prefix
        case "<":
            return one < least
        case "!=":
            return not least <= one < prefix
        case _:
            return least <= one < prefix


def _after(numbers: list[int]) -> Release:
    """The first version that does not begin with these numbers."""
    if not numbers:
        return (_END, 0, 0)
    up = [*numbers[:-1], numbers[-1] + 1, 0, 0, 0]
    return (up[0], up[1], up[2])
