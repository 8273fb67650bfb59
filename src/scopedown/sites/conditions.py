"""Which lines the project's settings rule out: those behind a condition that its environment variables decide.

Without values, it is not known which way such a condition goes. So a line is ruled out only where its test reads
nothing but variables that the project sets, and where an exit before the line does not ask whether one is missing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopedown.sites.bodies import COMMENTS, FUNCTIONS, WORD, Bodies

if TYPE_CHECKING:
    from tree_sitter import Node

_CONDITION: Final = re.compile(
    r"(?<![a-z])(?:if|elif|elsif|else_if|unless|conditional|ternary|switch|case|when|while|match)(?![a-z])"
)
_EXIT: Final = re.compile(rb"\b(?:return|raise|throw|exit|continue|break|panic|next)\b")
_OF_A_LOOP: Final = frozenset({b"continue", b"break", b"next"})
"""Exits of the loop, switch or block that is next around them, and of nothing outside of it."""
_LOOP: Final = re.compile(r"(?<![a-z])(?:for|foreach|while|until|loop|do|switch|do_block)(?![a-z])")
_NEVER_IN_LAMBDA: Final = (b"__name__", b"require.main", b"import.meta.main", b"__FILE__", b"TYPE_CHECKING")
"""Conditions that hold only where a file is started as a program, or for a type checker."""
_NEGATION: Final = re.compile(rb"!|\bnot\b")
_MISSING: Final = re.compile(
    rb"\A[\s(]*(?:!(?!=)|not\b)|\bis\s+None\b|(?<!!)==\s*(?:null|undefined|None|nil|\"\"|'')|===\s*(?:null|undefined)"
    rb"|\.nil\?|\bempty\b"
)
"""Tests that hold only where a variable is not set."""
_TEXT: Final = re.compile(rb"'[^'\n]*'|\"[^\"\n]*\"|`[^`]*`")
_COMMENT: Final = re.compile(rb"\s(?:#|//).*")
_READING: Final = frozenset(
    b"os environ get getenv process env ENV fetch System Environment GetEnvironmentVariable Getenv std var unwrap"
    b" unwrap_or unwrap_or_default as_str to_string _ENV _SERVER $_ENV $_SERVER isset empty"
    b" and or not is in if elif elsif unless switch case match when while"
    b" None null nil undefined true false True False typeof bool Boolean str String string int Number parseInt"
    b" len length lower upper strip toLowerCase toUpperCase trim downcase upcase strtolower ToLower ToUpper"
    b" equals equalsIgnoreCase Equals includes include in_array startswith endswith startsWith endsWith".split()
)
"""Words that read environment variables, and those that tests of them have."""


def is_ruled_out(bodies: Bodies, offset: int, given: tuple[bytes, ...]) -> bool:
    """Whether a condition on what the project sets (``given``: names of environment variables), or one that never
    holds in Lambda, stands around an offset or ends its function before."""
    node = bodies.root.descendant_for_byte_range(offset, offset + 1)
    inner: Node | None = None
    while node is not None and node.parent is not None:
        if _CONDITION.search(node.type):
            test = _test(node, bodies)
            if _is_never_in_lambda(node, test, inner) or _is_decided(test, bodies.source, given):
                return True
        before = node.prev_named_sibling
        for _ in range(60):
            if before is None:
                break
            if _may_end(before, bodies, given):
                return True
            before = before.prev_named_sibling
        node, inner = node.parent, node
    return False


def _test(node: Node, bodies: Bodies) -> bytes:
    """What a condition tests; its first line where the grammar does not say."""
    test = node.child_by_field_name("condition") or node.child_by_field_name("value")
    if test is not None:
        return bodies.source[test.start_byte : test.end_byte]
    return bodies.source[node.start_byte : node.end_byte].partition(b"\n")[0][:400]


def _is_never_in_lambda(node: Node, test: bytes, inner: Node | None) -> bool:
    """Whether ``inner`` is what runs where a condition holds that never does in Lambda."""
    if inner is None or not any(sign in test for sign in _NEVER_IN_LAMBDA) or _NEGATION.search(test):
        return False
    return not inner.type.startswith(("else", "elif", "elsif")) and inner != node.child_by_field_name("alternative")


def _may_end(before: Node, bodies: Bodies, given: tuple[bytes, ...]) -> bool:
    """Whether a statement may end its function, as what the project sets decides."""
    if not _CONDITION.search(before.type) or "unless" in before.type:
        return False
    test = _test(before, bodies)
    if _MISSING.search(test) or not _is_decided(test, bodies.source, given):
        return False
    return any(
        _leaves(bodies.root.descendant_for_byte_range(match.start(), match.end() - 1), before, match[0])
        for match in _EXIT.finditer(bodies.source, before.start_byte, before.end_byte)
    )


def _leaves(node: Node | None, statement: Node, word: bytes) -> bool:
    """Whether a word is an exit that leaves a statement: not that of a function or a loop inside of it, nor text."""
    while node is not None:
        kind = node.type
        if kind in FUNCTIONS or kind in COMMENTS or "string" in kind:
            return False
        if word in _OF_A_LOOP and _LOOP.search(kind):
            return False
        if node == statement:
            return True
        node = node.parent
    return False


def _is_decided(test: bytes, source: bytes, given: tuple[bytes, ...]) -> bool:
    """Whether a test reads variables that the project sets, or what is assigned from them, and nothing else."""
    if not given:
        return False
    named = {word for text in _TEXT.findall(test) for word in WORD.findall(text)}.intersection(given)
    for word in set(WORD.findall(_TEXT.sub(b" ", test))) - _READING:
        if word not in given and not _is_assigned(word, source, given):
            return False
        named.add(word)
    return bool(named)


def _is_assigned(word: bytes, source: bytes, given: tuple[bytes, ...]) -> bool:
    """Whether a variable is assigned from variables that are set, and from nothing else."""
    pattern = rb"(?<![\w.])" + re.escape(word) + rb"\s*(?::[^=\n]{1,80})?:?=(?!=)([^\n]{1,300})"
    assigned = [_COMMENT.sub(b"", match[1]) for match in re.finditer(pattern, source[:500_000])]
    return bool(assigned) and all(
        not {*WORD.findall(value)}.isdisjoint(given) and {*WORD.findall(_TEXT.sub(b" ", value))} <= {*given, *_READING}
        for value in assigned
    )
