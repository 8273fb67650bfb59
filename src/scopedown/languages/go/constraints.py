"""Which files Go's build for Lambda takes: those for Linux on one of its processors, by their names and their first
comments (https://pkg.go.dev/cmd/go#hdr-Build_constraints)."""

from __future__ import annotations

import re
from typing import Final

_SYSTEMS: Final = frozenset(
    ("aix", "android", "darwin", "dragonfly", "freebsd", "illumos", "ios", "js", "netbsd", "openbsd", "plan9",
     "solaris", "wasip1", "windows", "zos")
)  # fmt: skip
"""Systems other than Lambda's (``go tool dist list``)."""
_PROCESSORS: Final = frozenset(
    ("386", "arm", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le", "riscv64", "s390x", "wasm")
)
"""Processors other than Lambda's."""
_TRUE: Final = frozenset({"linux", "unix", "amd64", "arm64", "gc", "lambda", "lambda.norpc", "prod", "production"})
"""Tags that a build for Lambda has, or may well be given."""
_EXPRESSION: Final = re.compile(rb"(?m)^//go:build\s+([^\r\n]+)")
_OLDER: Final = re.compile(rb"(?m)^//\s*\+build\s+([^\r\n]+)")
_TOKEN: Final = re.compile(r"&&|\|\||!|\(|\)|[\w.]+")
_CLAUSE: Final = re.compile(rb"(?m)^package\s")
MAX_TOKENS: Final = 100


def is_built(name: str, text: bytes) -> bool:
    """Whether a file belongs to the build.

    >>> is_built("store_windows.go", b""), is_built("store.go", b"//go:build !ignore\\n\\npackage store")
    (False, True)
    """
    if name.endswith("_test.go"):
        return False
    for part in name.removesuffix(".go").split("_")[1:][-2:]:
        if part in _SYSTEMS or part in _PROCESSORS:
            return False
    clause = _CLAUSE.search(text)
    head = text[: clause.start()] if clause is not None else text[:4096]
    if (found := _EXPRESSION.search(head)) is not None:
        return _holds(found[1].decode("utf-8", "replace"))
    return all(
        any(all(_word(word) for word in choice.split(",")) for choice in line.decode("utf-8", "replace").split())
        for line in _OLDER.findall(head)
    )


def _word(word: str) -> bool:
    return not _tag(word[1:]) if word.startswith("!") else _tag(word)


def _tag(tag: str) -> bool:
    return tag in _TRUE or tag.startswith("go1.")


def _holds(expression: str) -> bool:
    """A boolean expression of tags; one that is too long or wrong holds."""
    tokens = _TOKEN.findall(expression)[:MAX_TOKENS]
    held, rest = _either(tokens, 0)
    return held if rest >= len(tokens) else True


def _either(tokens: list[str], at: int) -> tuple[bool, int]:
    held, at = _both(tokens, at)
    while at < len(tokens) and tokens[at] == "||":
        other, at = _both(tokens, at + 1)
        held = held or other
    return held, at


def _both(tokens: list[str], at: int) -> tuple[bool, int]:
    held, at = _one(tokens, at)
    while at < len(tokens) and tokens[at] == "&&":
        other, at = _one(tokens, at + 1)
        held = held and other
    return held, at


def _one(tokens: list[str], at: int) -> tuple[bool, int]:
    if at >= len(tokens):
        return True, at + 1
    if tokens[at] == "!":
        held, at = _one(tokens, at + 1)
        return not held, at
    if tokens[at] == "(":
        held, at = _either(tokens, at + 1)
        return held, at + 1
    return _tag(tokens[at]), at + 1
