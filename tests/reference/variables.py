"""Policy variables. Source: reference_policies_variables."""

import re
from typing import Any

from reference.wildcards import Pattern, ascii_lower, literal_pieces, pieces_of

VARIABLE = re.compile(r"\$\{([^{}]*)\}")
WITH_DEFAULT = re.compile(r"(.*?), '(.*)'", re.DOTALL)

Context = dict[str, Any]


def version_has_variables(document: dict[str, Any]) -> bool:
    """Only the version 2012-10-17 knows variables; in an older or missing version they are literal text."""
    return document.get("Version") == "2012-10-17"


def lookup(context: Context, key: str) -> Any:
    """The value of a context key, None when it is not there; key names are case-insensitive."""
    for name, value in context.items():
        if ascii_lower(name) == ascii_lower(key):
            return value
    return None


def value_of(variable: str, context: Context) -> str | None:
    """What stands for `${variable}`: the value of a single-valued key, else the default, else nothing (None).

    Contested: a multivalued key "can't" be used as a variable; read as no value, with a default too, for the default is
    for a key that is not there. A set without members is a key that is not there.
    """
    default = None
    with_default = WITH_DEFAULT.fullmatch(variable)
    if with_default:
        variable, default = with_default.groups()
    value = lookup(context, variable)
    if value is None or value == []:
        return default
    return None if isinstance(value, list) else text_of(value)


def text_of(value: Any) -> str:
    """A context or policy value as the text that is compared; JSON booleans and numbers are accepted."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def resolve(text: str, context: Context, variables: bool) -> Pattern | None:
    """A text with its variables put in, as a pattern; None when a variable has no value.

    The value of a variable is literal: a star in it is a star. `${*}`, `${?}` and `${$}` are these characters.
    """
    if not variables:
        return pieces_of(text)
    pattern: Pattern = []
    done = 0
    for found in VARIABLE.finditer(text):
        pattern += pieces_of(text[done : found.start()])
        done = found.end()
        name = found.group(1)
        value = name if name in ("*", "?", "$") else value_of(name, context)
        if value is None:
            return None
        pattern += literal_pieces(value)
    return pattern + pieces_of(text[done:])


def resolve_resource(text: str, context: Context, variables: bool) -> Pattern | None:
    """The same for a Resource element, where variables stand only after the fifth colon."""
    fields = text.split(":", 5)
    if len(fields) < 6:
        return pieces_of(text)
    last = resolve(fields[5], context, variables)
    if last is None:
        return None
    return pieces_of(":".join(fields[:5]) + ":") + last
