"""Patterns with ``*`` and ``?``, matched in linear time.

A :data:`Glob` is a tuple of literal strings and :class:`Wild` marks. Text becomes a glob once; :func:`matcher` turns
the glob into the cheapest predicate that decides it. No predicate backtracks: a pattern such as ``*a*a*a*`` stays
linear in the text it is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import Enum
from functools import lru_cache

from scopedown.iam.folding import fold


class Wild(Enum):
    """What stands for unknown characters."""

    ANY = "*"
    """Any characters, none too."""
    ONE = "?"
    """Exactly one character."""
    ANY_IN_FIELD = "*:"
    """Any characters but the colon: inside a field of an ARN."""
    ONE_IN_FIELD = "?:"
    """Exactly one character that is not a colon."""


Glob = tuple[str | Wild, ...]
Predicate = Callable[[str], bool]

ANYTHING: Glob = (Wild.ANY,)


def join(parts: Iterable[str | Wild]) -> Glob:
    """The same glob with adjacent literals merged, empty ones dropped and repeated stars made one."""
    out: list[str | Wild] = []
    for part in parts:
        if isinstance(part, str):
            if not part:
                continue
            if out and isinstance(last := out[-1], str):
                out[-1] = last + part
                continue
        elif part in (Wild.ANY, Wild.ANY_IN_FIELD) and out and out[-1] == part:
            continue
        out.append(part)
    return tuple(out)


def glob(text: str) -> Glob:
    """Plain text with ``*`` and ``?`` as a glob; every other character is literal.

    >>> glob("s3:Get*")
    ('s3:Get', <Wild.ANY: '*'>)
    """
    if "?" not in text:  # most patterns: cheap to cut at the stars
        head, *rest = text.split("*")
        parts: list[str | Wild] = [head]
        for piece in rest:
            parts += (Wild.ANY, piece)
        return join(parts)
    return join(Wild(char) if char in "*?" else char for char in text)


def show(pattern: Glob) -> str:
    """A glob as a policy would write it (a literal ``*`` shows as ``${*}``)."""
    return "".join(
        part.value[0] if isinstance(part, Wild) else part.replace("*", "${*}").replace("?", "${?}") for part in pattern
    )


def matcher(pattern: Glob) -> Predicate:
    """A predicate that tells whether a whole text is matched by the glob."""
    match pattern:
        case ():
            return lambda text: not text
        case (str() as literal,):
            return lambda text: text == literal
        case (Wild.ANY,):
            return lambda text: True
        case (str() as head, Wild.ANY):
            return lambda text: text.startswith(head)
        case (Wild.ANY, str() as tail):
            return lambda text: text.endswith(tail)
        case (Wild.ANY, str() as middle, Wild.ANY):
            return lambda text: middle in text
        case (str() as head, Wild.ANY, str() as tail):
            least = len(head) + len(tail)
            return lambda text: len(text) >= least and text.startswith(head) and text.endswith(tail)
    return _positions(pattern) if Wild.ANY_IN_FIELD in pattern else _expression(pattern)


@lru_cache(maxsize=16384)
def among(patterns: tuple[str, ...], action: str) -> bool:
    """Whether an action, in lower case, is one of some pattern's: managed policies of AWS's have thousands."""
    return any(matching(fold(pattern))(action) for pattern in patterns)


@lru_cache(maxsize=16384)
def matching(pattern: str) -> Predicate:
    """A predicate for a pattern as a policy writes it. Actions are compared in lower case, on both sides.

    >>> matching("s3:get*")("s3:getobject"), matching("s3:[a-z]*")("s3:getobject")
    (True, False)
    """
    return matcher(glob(pattern))


def _expression(pattern: Glob) -> Predicate:
    """As a regular expression in which every part between two stars is found once, leftmost, and kept.

    Leftmost is always right: what follows is a star, which can take whatever a later match would have skipped. The
    atomic groups say so to the engine, which therefore never tries again.
    """
    pieces: list[str] = [""]
    for part in pattern:
        if part is Wild.ANY:
            pieces.append("")
        elif part is Wild.ONE:
            pieces[-1] += "."
        elif part is Wild.ONE_IN_FIELD:
            pieces[-1] += "[^:]"
        else:
            pieces[-1] += re.escape(str(part))
    if len(pieces) == 1:
        source = pieces[0]
    else:
        head, *middle, tail = pieces
        source = head + "".join(f"(?>.*?{piece})" for piece in middle if piece) + ".*" + tail
    compiled: list[Callable[[str], object]] = []  # filled at first use: most patterns of a policy are never asked

    def matches(text: str) -> bool:
        if not compiled:
            compiled.append(re.compile(source, re.DOTALL).fullmatch)
        return compiled[0](text) is not None

    return matches


def _positions(pattern: Glob) -> Predicate:
    """As a set of positions held in one integer, for globs whose stars differ (some may not cross a colon)."""
    steps = expand(pattern)
    stay_any = stay_field = move_any = move_field = 0
    on: dict[str, int] = {}
    for at, step in enumerate(steps):
        bit = 1 << at
        if step is Wild.ANY:
            stay_any |= bit
        elif step is Wild.ANY_IN_FIELD:
            stay_field |= bit
        elif step is Wild.ONE:
            move_any |= bit
        elif step is Wild.ONE_IN_FIELD:
            move_field |= bit
        else:
            on[str(step)] = on.get(str(step), 0) | bit
    stars = stay_any | stay_field
    end = 1 << len(steps)

    def skip(state: int) -> int:
        """Also the positions after every star that is reached: a star may take nothing."""
        while more := ((state & stars) << 1) & ~state:
            state |= more
        return state

    def matches(text: str) -> bool:
        state = skip(1)
        for char in text:
            stay, move = stay_any, move_any | on.get(char, 0)
            if char != ":":
                stay |= stay_field
                move |= move_field
            state = skip((state & stay) | ((state & move) << 1))
            if not state:
                return False
        return bool(state & end)

    return matches


def expand(pattern: Glob) -> tuple[str | Wild, ...]:
    """The glob one character or mark at a time."""
    out: list[str | Wild] = []
    for part in pattern:
        if isinstance(part, Wild):
            out.append(part)
        else:
            out.extend(part)
    return tuple(out)
