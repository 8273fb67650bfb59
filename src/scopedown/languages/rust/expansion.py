"""Macros that a program defines with ``macro_rules!``: a call is replaced by what its first fitting rule makes of it
(https://doc.rust-lang.org/reference/macros-by-example.html).

Tokens are matched and put together as text, which is then parsed as any source. Names that an expansion makes stay in
its block. What stands in it has the place of the call.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

MAX_TOKENS: Final = 20_000
"""Tokens of one expansion."""
MAX_NESTED: Final = 60
"""Groups in groups that are read."""

_TOKEN: Final = re.compile(
    r"""(?P<space>(?:\s+|//[^\n]*|/\*.*?\*/)+)
    |(?P<text>b?r(\#*)".*?"\3|b?"(?:\\.|[^"\\])*"|b?'(?:\\.[^']*|[^'\\])')
    |(?P<lifetime>'[A-Za-z_]\w*)
    |(?P<number>\d[\w]*(?:\.\d[\w]*)?)
    |(?P<name>\$?(?:r\#)?[^\W\d]\w*)
    |(?P<mark>=>|->|::|&&|\|\||==|!=|<=|>=|\.\.=?|.)""",
    re.VERBOSE | re.DOTALL,
)
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_OPERATORS: Final = frozenset({"*", "+", "?"})


@dataclass(slots=True)
class Token:
    """A token, or a group in brackets with what is in it; ``spaced``: blanks come before it."""

    text: str
    kind: str
    spaced: bool
    inside: list[Token] = field(default_factory=list)

    @property
    def is_group(self) -> bool:
        """Whether it is a group."""
        return self.kind == "group"


Bound = list[Token] | list[dict[str, "Bound"]]
"""What a variable stands for: tokens, or what its repetitions stand for."""
Variables = dict[str, "Bound"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a macro."""

    pattern: list[Token]
    body: list[Token]


def tokens(text: str) -> list[Token]:
    """The tokens of a text in groups.

    >>> [one.text for one in tokens("f(a, b) => {}")]
    ['f', '(', '=>', '{']
    """
    stack: list[list[Token]] = [[]]
    closing: list[str] = []
    spaced, count = False, 0
    for match in _TOKEN.finditer(text):
        kind, written = match.lastgroup or "mark", match[0]
        if kind == "space":
            spaced = True
            continue
        count += 1
        if count > MAX_TOKENS:
            break
        if kind == "mark" and written in _CLOSING and len(closing) < MAX_NESTED:
            group = Token(written, "group", spaced)
            stack[-1].append(group)
            stack.append(group.inside)
            closing.append(_CLOSING[written])
        elif closing and kind == "mark" and written == closing[-1]:
            closing.pop()
            stack.pop()
        else:
            stack[-1].append(Token(written, kind, spaced))
        spaced = False
    return stack[0]


def written(items: Sequence[Token]) -> str:
    """Tokens as text again."""
    parts: list[str] = []
    for one in items:
        if one.spaced or (parts and parts[-1][-1:].isalnum() and one.kind in ("name", "number", "text")):
            parts.append(" ")
        parts.append(one.text)
        if one.is_group:
            parts.append(written(one.inside))
            parts.append(_CLOSING[one.text])
    return "".join(parts)


def rule(pattern: str, body: str) -> Rule:
    """A rule of its two texts, each in brackets."""
    return Rule(_content(tokens(pattern)), _content(tokens(body)))


def _content(items: list[Token]) -> list[Token]:
    return items[0].inside if len(items) == 1 and items[0].is_group else items


def expand(rules: Sequence[Rule], given: str) -> str | None:
    """What a call with these arguments (without their brackets) becomes; None where no rule fits."""
    items = tokens(given)
    for one in rules:
        found = _match(one.pattern, items, 0)
        if found is not None and found[1] == len(items):
            try:
                made = _transcribed(_apart(one.body, found[0]), found[0], [MAX_TOKENS])
            except _TooLong:
                return None
            return written(made)
    return None


def _apart(body: list[Token], variables: Variables) -> list[Token]:
    """The body, in which its own variables have other names than those in what the call gives it
    (https://doc.rust-lang.org/reference/macros-by-example.html#hygiene)."""
    own = _declared(body)
    return _renamed(body, own & _written_names(variables)) if own else body


def _declared(body: Sequence[Token]) -> set[str]:
    found: set[str] = set()
    for at, one in enumerate(body):
        if one.is_group:
            found |= _declared(one.inside)
        elif one.text in ("let", "for"):
            after = at + 2 if _is_mark(body, at + 1, "mut") else at + 1
            if after < len(body) and body[after].kind == "name" and not body[after].text[:1].isupper():
                found.add(body[after].text)
    return found


def _written_names(held: Variables) -> set[str]:
    found: set[str] = set()
    waiting: list[Token | Variables] = [held]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [each for bound in one.values() for each in bound]
        elif one.is_group:
            waiting += one.inside
        elif one.kind == "name":
            found.add(one.text)
    return found


def _renamed(body: Sequence[Token], names: set[str]) -> list[Token]:
    if not names:
        return list(body)
    made: list[Token] = []
    for at, one in enumerate(body):
        is_own = one.kind == "name" and one.text in names and not (at and body[at - 1].text == ".")
        text = f"{one.text}__own" if is_own else one.text
        made.append(Token(text, one.kind, one.spaced, _renamed(one.inside, names)))
    return made


class _TooLong(Exception):
    """An expansion is longer than any that is made on purpose."""


# matching


def _match(pattern: Sequence[Token], items: Sequence[Token], at: int) -> tuple[Variables, int] | None:
    """What the variables of a pattern stand for, and where the items after it begin."""
    variables: Variables = {}
    position = 0
    while position < len(pattern):
        one = pattern[position]
        if one.kind == "name" and one.text[:1] == "$" and _is_mark(pattern, position + 1, ":"):
            fragment = pattern[position + 2].text if position + 2 < len(pattern) else ""
            end = _fragment(fragment, items, at)
            if end is None:
                return None
            taken = list(items[at:end])
            if fragment == "expr" and len(taken) > 1:
                taken = [Token("(", "group", True, taken)]
            variables[one.text[1:]] = taken
            at, position = end, position + 3
        elif one.text == "$" and position + 1 < len(pattern) and pattern[position + 1].is_group:
            inside = pattern[position + 1].inside
            separator, operator, position = _repetition(pattern, position + 2)
            rounds, at = _rounds(inside, separator, operator, items, at)
            if operator == "+" and not rounds:
                return None
            for name in _names(inside):
                variables[name] = [{name: held[name]} for held in rounds if name in held]
        elif at >= len(items) or items[at].text != one.text or items[at].is_group != one.is_group:
            return None
        elif one.is_group:
            found = _match(one.inside, items[at].inside, 0)
            if found is None or found[1] != len(items[at].inside):
                return None
            variables |= found[0]
            at, position = at + 1, position + 1
        else:
            at, position = at + 1, position + 1
    return variables, at


def _is_mark(items: Sequence[Token], at: int, text: str) -> bool:
    return at < len(items) and items[at].text == text


def _repetition(items: Sequence[Token], at: int) -> tuple[str | None, str, int]:
    """The separator and the operator behind ``$(…)``, and where what follows begins."""
    if at < len(items) and items[at].text in _OPERATORS:
        return None, items[at].text, at + 1
    if at + 1 < len(items) and items[at + 1].text in _OPERATORS:
        return items[at].text, items[at + 1].text, at + 2
    return None, "*", at


def _rounds(
    inside: Sequence[Token], separator: str | None, operator: str, items: Sequence[Token], at: int
) -> tuple[list[Variables], int]:
    rounds: list[Variables] = []
    while at < len(items):
        start = at
        if rounds and separator is not None:
            if items[at].text != separator:
                break
            at += 1
        found = _match(inside, items, at)
        if found is None or found[1] == start:
            return rounds, start
        rounds.append(found[0])
        at = found[1]
        if operator == "?":
            break
    return rounds, at


def _names(pattern: Sequence[Token]) -> list[str]:
    """The variables of a pattern."""
    found: list[str] = []
    for position, one in enumerate(pattern):
        if one.is_group:
            found += _names(one.inside)
        elif one.kind == "name" and one.text[:1] == "$" and _is_mark(pattern, position + 1, ":"):
            found.append(one.text[1:])
    return found


_OF_TYPES: Final = frozenset({",", ";", "=>", "=", "|", ":", "as", "where"})
_ENDS: Final = {
    "expr": frozenset({",", ";", "=>"}), "stmt": frozenset({",", ";", "=>"}), "meta": frozenset({",", ";"}),
    "pat": frozenset({",", "=>", "=", "if", "in"}), "pat_param": frozenset({",", "=>", "=", "|", "if", "in"}),
    "ty": _OF_TYPES, "path": _OF_TYPES, "item": frozenset(),
}  # fmt: skip
"""The tokens that may follow a fragment, at which it ends (…/macros-by-example.html#follow-set-ambiguity-restrictions).
"""


def _fragment(kind: str, items: Sequence[Token], at: int) -> int | None:
    """Where a fragment ends that begins at an item; None where there is none."""
    if kind == "vis":
        if not _is_mark(items, at, "pub"):
            return at
        return at + 2 if at + 1 < len(items) and items[at + 1].text == "(" else at + 1
    if at >= len(items):
        return None
    one = items[at]
    if kind == "ident":
        return at + 1 if one.kind == "name" else None
    if kind == "lifetime":
        return at + 1 if one.kind == "lifetime" else None
    if kind == "tt":
        return at + 1
    if kind == "block":
        return at + 1 if one.text == "{" else None
    if kind == "literal":
        if one.text == "-" and at + 1 < len(items) and items[at + 1].kind == "number":
            return at + 2
        return at + 1 if one.kind in ("text", "number") or one.text in ("true", "false") else None
    ends, angles, end = _ENDS.get(kind, _ENDS["expr"]), 0, at
    generic = kind in ("ty", "path")
    while end < len(items):
        mark = items[end].text
        if mark == "<" and (generic or (end > at and items[end - 1].text == "::")):
            angles += 1
        elif mark == ">" and angles:
            angles -= 1
        elif (not angles and mark in ends) or (not angles and generic and mark in ("{", ">")):
            break
        end += 1
    return end if end > at else None


# putting together


def _transcribed(body: Sequence[Token], variables: Variables, left: list[int]) -> list[Token]:
    """The body with what its variables stand for."""
    made: list[Token] = []
    position = 0
    while position < len(body):
        one = body[position]
        left[0] -= 1
        if left[0] < 0:
            raise _TooLong
        position += 1
        if one.is_group:
            made.append(Token(one.text, "group", one.spaced, _transcribed(one.inside, variables, left)))
        elif one.text == "$crate":
            made.append(Token("crate", "name", one.spaced))
        elif one.kind == "name" and one.text[:1] == "$" and one.text[1:] in variables:
            held = [each for each in variables[one.text[1:]] if isinstance(each, Token)]
            left[0] -= len(held)
            if held:
                first = held[0]
                made += [Token(first.text, first.kind, one.spaced, first.inside), *held[1:]]
        elif one.text == "$" and position < len(body) and body[position].is_group:
            inside = body[position].inside
            separator, _, position = _repetition(body, position + 1)
            made += _repeated(inside, separator, variables, left)
        else:
            made.append(one)
    return made


def _repeated(inside: list[Token], separator: str | None, variables: Variables, left: list[int]) -> list[Token]:
    rounds: list[Variables] = []
    for name in _used(inside):
        for at, held in enumerate(variables.get(name, ())):
            if isinstance(held, dict):
                if at == len(rounds):
                    rounds.append({})
                rounds[at] |= held
    made: list[Token] = []
    for at, held in enumerate(rounds):
        if at and separator is not None:
            made.append(Token(separator, "mark", True))
        made += _transcribed(inside, {**variables, **held}, left)
    return made


def _used(body: Sequence[Token]) -> list[str]:
    found: list[str] = []
    for one in body:
        if one.is_group:
            found += _used(one.inside)
        elif one.kind == "name" and one.text[:1] == "$":
            found.append(one.text[1:])
    return found
