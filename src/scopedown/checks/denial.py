"""Is it certain that a role denies a need?

Coverage alone does not say so: a condition may hold for the request, a parameter may turn out to be the very resource
of a statement, and a need on everything of a type is covered by statements that name all of that type.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from scopedown.checks.relevant import relevant
from scopedown.checks.subject import Need, Subject
from scopedown.core.text import ANY, ImportValue, Param, Part, Text
from scopedown.iam.coverage import Grant, covers
from scopedown.iam.errors import LimitError
from scopedown.permissions.forms import PSEUDO

_VARIABLE = re.compile(r"\$\{(\w+)\}")


def denied(subject: Subject, need: Need) -> bool:
    """Whether it is certain that no statement of the role covers a need, or not all of it where it is known."""
    answer = subject.covered(need)
    if answer == "yes" or (answer == "partly" and not need.known):
        return False
    held = [_unconditional(one) for one in subject.grants]
    if any(one.conditions for one in subject.grants) and _answer(need.permission.action, need.forms, held) == "yes":
        return False
    if any(_may_be(need.permission.action, form, resource, one) for one in held for resource in one.resources
           for form in need.forms):  # fmt: skip
        return False
    return str(need.arn) != "*" or not _is_every_type_covered(subject, need.permission.action, held)


def _answer(action: str, forms: Sequence[Text], grants: Sequence[Grant]) -> str:
    """The best answer for the forms of a resource."""
    try:
        found = {covers(action, form, [*relevant(action, form, grants)]).answer for form in forms}
    except LimitError:
        return "partly"
    return next((one for one in ("yes", "partly") if one in found), "no")


def _unconditional(grant: Grant) -> Grant:
    """An Allow as if its conditions held."""
    return replace(grant, conditions=()) if grant.effect == "Allow" else grant


def _may_be(action: str, form: Text, resource: str | Text, grant: Grant) -> bool:
    """Whether a parameter, or what another stack exports, may make of a need a part of what an Allow names. What both
    have is the same in both."""
    given = _given(form) ^ (_given(resource) if isinstance(resource, Text) else frozenset())
    if grant.effect != "Allow" or not given:
        return False
    named = _opened(resource, given) if isinstance(resource, Text) else resource
    return _answer(action, (_opened(form, given),), [replace(grant, resources=(named,))]) != "no"


def _given(text: Text) -> frozenset[Part]:
    return frozenset(part for part in text.parts if isinstance(part, Param | ImportValue))


def _opened(text: Text, given: frozenset[Part]) -> Text:
    return text.replace(lambda part: ANY if part in given else part)


def _is_every_type_covered(subject: Subject, action: str, grants: Sequence[Grant]) -> bool:
    """Whether the role allows an action on all resources of the types that it must name, in region and account."""
    known = subject.catalog.action(action)
    prefix = action.partition(":")[0]
    types = [subject.catalog.resource_type(prefix, name) for name in (known.required_types if known else ())]
    if not types:
        return False
    every = [subject.comparable.placed(_all_of(one.arn)) for one in types if one is not None]
    return len(every) == len(types) and all(_answer(action, (one,), grants) == "yes" for one in every)


def _all_of(pattern: str) -> Text:
    """Every ARN of a format."""
    pieces = _VARIABLE.split(pattern)
    return Text.of(*(piece if number % 2 == 0 else PSEUDO.get(piece, ANY) for number, piece in enumerate(pieces)))
