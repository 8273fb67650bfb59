"""Policy variables: ``${aws:username}``, defaults and escapes.

Rules 29 to 35. A text is cut into pieces once; resolving puts one request's values in.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scopedown.iam.folding import fold
from scopedown.iam.wildcard import Glob, Wild, glob, join

ContextValue = str | bytes | tuple[str | bytes, ...]
Context = Mapping[str, ContextValue]
"""Condition keys in lower case → one value, or a tuple where the key is multivalued."""


@dataclass(frozen=True, slots=True)
class Variable:
    """``${key}`` or ``${key, 'default'}``; the key is in lower case (rule 31)."""

    key: str
    default: str | None = None
    written: str = ""


Template = tuple[str | Wild | Variable, ...]
"""A glob that may hold variables."""


def uses_variables(version: str | None) -> bool:
    """Rule 29: only Version 2012-10-17 has variables; in 2008-10-17, or with none given, ``${…}`` is literal text."""
    return version == "2012-10-17"


def template(text: str, *, wildcards: bool) -> Template:
    """Cut a text at its variables.

    ``${*}``, ``${?}`` and ``${$}`` are those characters, literally (rule 33). With ``wildcards`` false (StringEquals),
    ``*`` and ``?`` are literal too. An opening that is never closed is literal text.
    """
    if "${" not in text:
        return glob(text) if wildcards else join((text,))
    parts: list[str | Wild | Variable] = []
    at = 0
    while True:
        start = text.find("${", at)
        end = text.find("}", start + 2) if start >= 0 else -1
        if end < 0:
            rest = text[at:]
            break
        parts.extend(glob(text[at:start]) if wildcards else (text[at:start],))
        inner = text[start + 2 : end]
        parts.append(inner if inner in ("*", "?", "$") else _variable(inner, text[start : end + 1]))
        at = end + 1
    parts.extend(glob(rest) if wildcards else (rest,))
    return tuple(_merged(parts))


def _merged(parts: Iterable[str | Wild | Variable]) -> Iterable[str | Wild | Variable]:
    literal = ""
    for part in parts:
        if isinstance(part, str):
            literal += part
            continue
        if literal:
            yield literal
            literal = ""
        yield part
    if literal:
        yield literal


def _variable(inner: str, written: str) -> Variable:
    """Rule 32: the default stands after comma and space, in single quotes; written otherwise it is part of the name."""
    name, comma, rest = inner.partition(", ")
    if comma and len(rest) >= 2 and rest[0] == "'" and rest[-1] == "'":
        return Variable(fold(name.strip()), rest[1:-1], written)
    return Variable(fold(inner.strip()), None, written)


def is_static(parts: Template) -> bool:
    """Whether no variable stands in the template."""
    return not any(isinstance(part, Variable) for part in parts)


def variable_value(variable: Variable, context: Context) -> str | None:
    """The text that stands for a variable in one request, or None where it has no value.

    Rule 31: only a single-valued key has one; a multivalued key gives none, and not its default either, since the
    default is for a key that is not there.
    """
    value = context.get(variable.key)
    if value is None or value == ():
        return variable.default
    return value if isinstance(value, str) else None


def resolve(parts: Template, context: Context) -> Glob | None:
    """The template with one request's values, or None where a variable has none (rule 35: then it matches nothing).

    Rule 34 (contested; AWS's page on variables does not say, and its examples read so): the value of a variable is
    literal, a ``*`` in it is no wildcard.
    """
    out: list[str | Wild] = []
    for part in parts:
        if isinstance(part, Variable):
            value = variable_value(part, context)
            if value is None:
                return None
            out.append(value)
        else:
            out.append(part)
    return join(out)
