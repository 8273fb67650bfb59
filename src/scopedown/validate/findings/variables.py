"""Policy variables: how they are written, and where they are replaced.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scopedown.validate.document import Condition, PolicyDocument, Statement
from scopedown.validate.finders import conditions, finding, findings, statements
from scopedown.validate.values import Found, Value

_DEFAULT = re.compile(r"(?s)([^,]*), *(.*)")


@dataclass(frozen=True, slots=True)
class Variable:
    """``${key, 'default'}`` as written; ``key`` is empty where it has none, ``flaw`` is the code of what is wrong."""

    written: str
    key: str
    flaw: str = ""

    @property
    def is_escape(self) -> bool:
        """Whether it is for a character: ``${*}``, ``${?}``, ``${$}``."""
        return self.key in ("*", "?", "$")


def variables(text: str) -> Iterator[Variable]:
    """Every variable of a text.

    >>> [(one.key, one.flaw) for one in variables("${aws:username}/${}/${")]
    [('aws:username', ''), ('', 'EMPTY_VARIABLE'), ('', 'MISSING_BRACE_IN_VARIABLE')]
    """
    at = text.find("${")
    while at >= 0:
        following = text.find("${", at + 2)
        end = text.find("}", at + 2)
        if end < 0 or 0 <= following < end:
            written = text[at:] if following < 0 else text[at:following]
            yield Variable(written, "", "MISSING_BRACE_IN_VARIABLE")
        else:
            yield _variable(text[at : end + 1])
        at = following


def _variable(written: str) -> Variable:
    inner = written[2:-1]
    if not inner.strip():
        return Variable(written, "", "EMPTY_VARIABLE")
    match = _DEFAULT.fullmatch(inner)
    key, default = (match[1], match[2]) if match else (inner, None)
    if " " in key:
        return Variable(written, key, "UNSUPPORTED_SPACE_IN_VARIABLE")
    if default is not None and not (len(default) > 1 and default[0] == default[-1] == "'"):
        return Variable(written, key, "MISSING_QUOTE_IN_VARIABLE")
    return Variable(written, key)


def _texts(statement: Statement) -> Iterator[Value]:
    """The texts of a statement in which a variable has a meaning: resources, and values of conditions on text."""
    yield from (value for value in statement.resources if "${" in value.shown)
    for condition in statement.conditions:
        if condition.family in ("String", "Arn"):
            yield from (value for value in condition.values if "${" in (value.text or ""))


_FLAWS = {
    "EMPTY_VARIABLE": "{} has no name",
    "MISSING_BRACE_IN_VARIABLE": "{} has no closing brace",
    "MISSING_QUOTE_IN_VARIABLE": "the default of {} is not in single quotes",
    "UNSUPPORTED_SPACE_IN_VARIABLE": "{} has a space in its name",
}


def _with_variables(document: PolicyDocument) -> tuple[Statement, ...]:
    return document.statements if document.has_variables else ()


@findings(_with_variables, {code: (code, message) for code, message in _FLAWS.items()})
def _flawed(statement: Statement, row: tuple[str, str]) -> Iterator[Found]:
    code, message = row
    for value in _texts(statement):
        for variable in variables(value.shown):
            if variable.flaw == code:
                yield value.found(message.format(variable.written))


@finding(conditions("Numeric", "Date", "Bool", "Binary", "IpAddress", "Null"))
def invalid_variable_for_operator(condition: Condition) -> Iterator[Found]:
    for value in condition.values if condition.statement.document.has_variables else ():
        if any(variable.key for variable in variables(value.shown)):
            yield value.found(f"{condition.operator.key} does not take the variable {value.shown}")


@finding(statements())
def variable_unsupported_in_element(statement: Statement) -> Iterator[Found]:
    texts = [value for element in ("Action", "NotAction", "Sid", "Effect") for value in statement.texts(element)]
    for value in (*texts, *(principal for _, principal in statement.principals)):
        if any(variable.key for variable in variables(value.shown)):
            yield value.found(f"{value.text} has a policy variable, which is not replaced here")


@finding(statements())
def variable_unsupported_in_version(statement: Statement) -> Iterator[Found]:
    for value in _texts(statement) if not statement.document.has_variables else ():
        if any(variable.key and not variable.is_escape for variable in variables(value.shown)):
            yield value.found(f"{value.text} has a policy variable, and the version of the document has none")
