"""Conditional compilation as text: what ``#if`` leaves of a file, where it stands inside of a statement.

The parser reads ``#if`` between statements and members; inside of an expression it does not. There the lines that are
not compiled become blank, so that all places stay what they are.
"""

from __future__ import annotations

import re

_DIRECTIVE = re.compile(rb"^[ \t]*#[ \t]*(if|elif|else|endif)\b([^\n]*)")
_TOKEN = re.compile(r"\|\||&&|[!()]|\w+|==|!=")
_DEFINED = re.compile(r"RELEASE|TRACE|NET|NETCOREAPP.*|NETSTANDARD.*|NET(?:[5-9]|\d\d)_\d.*|true")
"""Symbols that are defined where a function is built for .NET
(https://learn.microsoft.com/dotnet/csharp/language-reference/preprocessor-directives)."""
MAX_TOKENS = 100


def holds(condition: str) -> bool:
    """Whether a condition holds in a release for .NET; a symbol that nothing defines does not.

    >>> holds("NET8_0_OR_GREATER && !DEBUG"), holds("DEBUG || (NET462)")
    (True, False)
    """
    tokens = _TOKEN.findall(condition.partition("//")[0])[:MAX_TOKENS]
    value, _ = _either(tokens, 0, 0)
    return value


def _either(tokens: list[str], at: int, depth: int) -> tuple[bool, int]:
    value, at = _both(tokens, at, depth)
    while at < len(tokens) and tokens[at] == "||":
        other, at = _both(tokens, at + 1, depth)
        value = value or other
    return value, at


def _both(tokens: list[str], at: int, depth: int) -> tuple[bool, int]:
    value, at = _one(tokens, at, depth)
    while at < len(tokens) and tokens[at] == "&&":
        other, at = _one(tokens, at + 1, depth)
        value = value and other
    return value, at


def _one(tokens: list[str], at: int, depth: int) -> tuple[bool, int]:
    turned = False
    while at < len(tokens) and tokens[at] == "!":
        turned, at = not turned, at + 1
    if at >= len(tokens) or depth > 20:
        return turned, len(tokens)
    if tokens[at] == "(":
        value, at = _either(tokens, at + 1, depth + 1)
        return value != turned, at + 1
    return (_DEFINED.fullmatch(tokens[at]) is not None) != turned, at + 1


def compiled(source: bytes) -> bytes:
    """The source with blanks for what is not compiled, and for the directives themselves."""
    made: list[bytes] = []
    kept: list[tuple[bool, bool, bool]] = []
    """Of each open ``#if``: whether what is around it is compiled, this part of it, and any part so far."""
    for line in source.split(b"\n"):
        found = _DIRECTIVE.match(line)
        active = not kept or (kept[-1][0] and kept[-1][1])
        if found is None:
            made.append(line if active else b" " * len(line))
            continue
        made.append(b" " * len(line))
        word, condition = found[1], found[2].decode("utf-8", "replace")
        if word == b"if":
            value = active and holds(condition)
            kept.append((active, value, value))
        elif kept and word == b"endif":
            kept.pop()
        elif kept:
            around, _, done = kept[-1]
            value = around and not done and (word == b"else" or holds(condition))
            kept[-1] = (around, value, done or value)
    return b"\n".join(made)
