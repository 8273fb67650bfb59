"""Policy variables in a text, and what is wrong with how they are written.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from scopedown.validate.document import Statement
from scopedown.validate.values import Value

_DEFAULT = re.compile(r"(?s)([^,]*), *(.*)")


class Flaw(StrEnum):
    """What may be wrong with a variable."""

    BRACE = "brace"
    EMPTY = "empty"
    SPACE = "space"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Variable:
    """``${key, 'default'}`` as written; ``key`` is empty where it has none, ``flaw`` says what is wrong with it."""

    written: str
    key: str
    flaw: Flaw | None = None

    @property
    def is_escape(self) -> bool:
        """Whether it stands for a character: ``${*}``, ``${?}``, ``${$}``."""
        return self.key in ("*", "?", "$")


def variables(text: str) -> Iterator[Variable]:
    """Every variable of a text.

    >>> [(one.key, one.flaw) for one in variables("${aws:username}/${aws:Principal Tag}/${")]
    [('aws:username', None), ('aws:Principal Tag', <Flaw.SPACE: 'space'>), ('', <Flaw.BRACE: 'brace'>)]
    """
    at = text.find("${")
    while at >= 0:
        following = text.find("${", at + 2)
        end = text.find("}", at + 2)
        if end < 0 or 0 <= following < end:
            written = text[at:] if following < 0 else text[at:following]
            yield Variable(written, "", Flaw.BRACE)
        else:
            yield _variable(text[at : end + 1])
        at = following


def _variable(written: str) -> Variable:
    inner = written[2:-1]
    if not inner.strip():
        return Variable(written, "", Flaw.EMPTY)
    match = _DEFAULT.fullmatch(inner)
    key, default = (match[1], match[2]) if match else (inner, None)
    if " " in key:
        return Variable(written, key, Flaw.SPACE)
    if default is not None and not (len(default) > 1 and default[0] == default[-1] == "'"):
        return Variable(written, key, Flaw.QUOTE)
    return Variable(written, key)


def with_variables(statement: Statement) -> Iterator[Value]:
    """The texts of a statement in which a variable has a meaning: resources, and values of conditions on text."""
    yield from (value for value in statement.resources if "${" in (value.text or ""))
    for condition in statement.conditions:
        if condition.family in ("String", "Arn"):
            yield from (value for value in condition.values if "${" in (value.text or ""))


def flawed(statement: Statement, flaw: Flaw) -> Iterator[tuple[Value, Variable]]:
    """The variables of a statement with one flaw."""
    for value in with_variables(statement):
        for variable in variables(value.text or ""):
            if variable.flaw is flaw:
                yield value, variable
