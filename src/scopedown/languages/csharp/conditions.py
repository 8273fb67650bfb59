"""Conditional compilation as text: what ``#if`` leaves of a file, where it stands inside of a statement.

The parser reads ``#if`` between statements and members; inside of an expression it does not. There the lines that are
not compiled become blank, so that all places stay what they are. A symbol that the file does not define and that is
none of .NET's may be the project's: the line is reported where code is left out for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

_DIRECTIVE = re.compile(rb"^[ \t]*#[ \t]*(if|elif|else|endif|define|undef)\b([^\n]*)")
_TOKEN = re.compile(r"\|\||&&|[!()]|\w+|==|!=")
_DEFINED = re.compile(r"RELEASE|TRACE|NET|NETCOREAPP.*|NETSTANDARD.*|NET(?:[5-9]|\d\d)_\d.*|true")
"""Symbols that are defined where a function is built for .NET
(https://learn.microsoft.com/dotnet/csharp/language-reference/preprocessor-directives)."""
_NOT_DEFINED = re.compile(r"DEBUG|false|NETFRAMEWORK|NET\d+|WINDOWS|ANDROID|IOS|MACOS|MACCATALYST|TVOS|BROWSER")
"""Those that the same page has for other builds."""
MAX_TOKENS = 100

Defined = Mapping[str, bool]
"""What a file says of symbols by ``#define`` and ``#undef``."""


def holds(condition: str, defined: Defined = MappingProxyType({})) -> bool:
    """Whether a condition holds in a release for .NET; a symbol that nothing defines does not.

    >>> holds("NET8_0_OR_GREATER && !DEBUG"), holds("DEBUG || (NET462)")
    (True, False)
    """
    tokens = _TOKEN.findall(condition.partition("//")[0])[:MAX_TOKENS]
    value, _ = _either(tokens, 0, 0, defined)
    return value


def _is_known(condition: str, defined: Defined) -> bool:
    """Whether the file or .NET says of all symbols of a condition whether they are defined."""
    symbols = re.findall(r"\w+", condition.partition("//")[0])
    return all(one in defined or _DEFINED.fullmatch(one) or _NOT_DEFINED.fullmatch(one) for one in symbols)


def _either(tokens: list[str], at: int, depth: int, defined: Defined) -> tuple[bool, int]:
    value, at = _both(tokens, at, depth, defined)
    while at < len(tokens) and tokens[at] == "||":
        other, at = _both(tokens, at + 1, depth, defined)
        value = value or other
    return value, at


def _both(tokens: list[str], at: int, depth: int, defined: Defined) -> tuple[bool, int]:
    value, at = _one(tokens, at, depth, defined)
    while at < len(tokens) and tokens[at] == "&&":
        other, at = _one(tokens, at + 1, depth, defined)
        value = value and other
    return value, at


def _one(tokens: list[str], at: int, depth: int, defined: Defined) -> tuple[bool, int]:
    turned = False
    while at < len(tokens) and tokens[at] == "!":
        turned, at = not turned, at + 1
    if at >= len(tokens) or depth > 20:
        return turned, len(tokens)
    if tokens[at] == "(":
        value, at = _either(tokens, at + 1, depth + 1, defined)
        return value != turned, at + 1
    value = defined.get(tokens[at], _DEFINED.fullmatch(tokens[at]) is not None)
    return value != turned, at + 1


def compiled(source: bytes) -> tuple[bytes, int]:
    """The source with blanks for what is not compiled, and for the directives themselves; and the first line, from 1,
    that is left out for a symbol of which nothing is known, or 0."""
    made: list[bytes] = []
    kept: list[_Open] = []
    defined: dict[str, bool] = {}
    doubtful = 0
    for number, line in enumerate(source.split(b"\n"), 1):
        found = _DIRECTIVE.match(line)
        active = not kept or (kept[-1].around and kept[-1].part)
        if found is None:
            made.append(line if active else b" " * len(line))
            if (
                kept
                and not active
                and kept[-1].doubtful
                and line.strip()
                and not line.strip().startswith((b"//", b"#"))
            ):
                doubtful = doubtful or number
            continue
        made.append(b" " * len(line))
        word, condition = found[1], found[2].decode("utf-8", "replace")
        if word in (b"define", b"undef"):
            if active:
                defined[condition.partition("//")[0].strip()] = word == b"define"
        elif word == b"if":
            value = active and holds(condition, defined)
            known = _is_known(condition, defined)
            kept.append(_Open(active, value, value, (active and not known) or bool(kept and kept[-1].doubtful)))
        elif kept and word == b"endif":
            kept.pop()
        elif kept:
            around, done = kept[-1].around, kept[-1].done
            value = around and not done and (word == b"else" or holds(condition, defined))
            unknown = around and word != b"else" and not done and not _is_known(condition, defined)
            kept[-1] = _Open(around, value, done or value, kept[-1].doubtful or unknown)
    return b"\n".join(made), doubtful


class _Open(NamedTuple):
    """An open ``#if``: whether what is around it is compiled, this part of it, and any part so far; and whether that
    hangs on a symbol of which nothing is known."""

    around: bool
    part: bool
    done: bool
    doubtful: bool
