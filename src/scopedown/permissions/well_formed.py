"""The last look at an ARN before it leaves: no policy gets one that IAM refuses, or that names nothing.

Comes in: a needed permission, bound to its project. Goes out: the same, with each ARN that is none, has an empty name
in it or characters that no policy may hold turned into the narrowest pattern of its resource type, unknown, with the
reason (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from scopedown.catalog.model import Catalog, ResourceType
from scopedown.core.text import AnyText, Literal, Part, Text, Unknown
from scopedown.permissions.bind import kinds_of
from scopedown.permissions.model import Certainty, RequiredPermission, Resource
from scopedown.permissions.parameter_formats import PSEUDO
from scopedown.permissions.resources import EVERYTHING, MAX_TYPES, assess, pattern_of

_HEAD = re.compile(r"arn:[\w*?-]+:[\w*?-]+:[\w*?-]*:[\w*?-]*:", re.ASCII)
"""Partition, service, region and account; the last two may be empty."""
_REFUSED = re.compile(r"[^\t\n\r\x20-\xff]+|[\t\n\r\x7f-\x9f]+")
"""Characters that a policy may not hold (the policy grammar's string), or that no name has."""
_WILDCARDS = re.compile(r"[*?]+")
_STANDS_FOR_SOME = "\ue000"
"""What an opaque part, a wildcard or an unknown looks like while a text is compared: one character of a name."""


def well_formed(permission: RequiredPermission, catalog: Catalog) -> RequiredPermission:
    """``permission`` with resources of which each is ``*`` or an ARN that a policy may hold."""
    kinds = kinds_of(permission.action, catalog)
    found: dict[str, Resource] = {}
    for resource in permission.resources:
        one = _mended(resource, kinds)
        found.setdefault(str(one.arn), one)
    if tuple(found.values()) == permission.resources:
        return permission
    return replace(permission, resources=tuple(found.values()))


def _mended(resource: Resource, kinds: Sequence[ResourceType]) -> Resource:
    if resource.arn == EVERYTHING:
        return resource
    arn = resource.arn
    if any(isinstance(part, Literal) and _REFUSED.search(part.value) for part in arn.parts):
        arn = arn.replace(_without_refused)
        resource = assess(arn, kinds)
    why = wrong_with(arn, kinds)
    if not why:
        return resource
    said = f"{why} ({resource.reason})" if resource.reason else why
    if not kinds or len(kinds) > MAX_TYPES:
        return Resource(EVERYTHING, Certainty.UNKNOWN, said)
    kind = next((type_ for type_ in kinds if _is_of(type_, arn)), kinds[0])
    return Resource(pattern_of(kind, Unknown(said)), Certainty.UNKNOWN, said)


def wrong_with(arn: Text, kinds: Sequence[ResourceType]) -> str:
    """Why a text is no ARN of a resource; empty where nothing is wrong that can be seen.

    >>> wrong_with(Text.of("arn:aws:sqs:eu-west-1:111122223333:jobs"), ()), wrong_with(Text.of("jobs"), ())
    ('', "'jobs' is not an ARN")
    """
    shown = _shown(arn)
    first = arn.parts[0] if arn.parts else None
    if first is None:
        return "an empty text is not an ARN"
    if not isinstance(first, Literal):
        return "" if not isinstance(first, Unknown | AnyText) else f"{str(arn)!r} is not an ARN"
    opaque = any(not isinstance(part, Literal | Unknown | AnyText) for part in arn.parts)
    if not first.value.startswith("arn:"):
        return f"{str(arn)!r} is not an ARN"
    if (match := _HEAD.match(shown.replace(_STANDS_FOR_SOME, "x"))) is None:
        beginning = "".join(shown.partition(_STANDS_FOR_SOME)[:2]).replace(_STANDS_FOR_SOME, "x")
        whole = not opaque or beginning.count(":") > 5
        return f"{str(arn)!r} is not an ARN" if whole else ""
    if len(shown) == match.end():
        return f"{str(arn)!r} has no resource"
    if any(_format(kind.arn, ".+").fullmatch(shown) for kind in kinds):
        return ""
    empty = any(_format(kind.arn, ".*").fullmatch(shown) for kind in kinds)
    return f"{str(arn)!r} has an empty name in it" if empty else ""


def _shown(arn: Text) -> str:
    """The text with one character for all that is not known now; a wildcard is any text, and so that as well."""
    return "".join(
        _WILDCARDS.sub(_STANDS_FOR_SOME, part.value) if isinstance(part, Literal) else _STANDS_FOR_SOME
        for part in arn.parts
    )


def _is_of(kind: ResourceType, arn: Text) -> bool:
    return _format(kind.arn, ".*").fullmatch(_shown(arn)) is not None


@lru_cache(maxsize=4096)
def _format(pattern: str, name: str) -> re.Pattern[str]:
    """An ARN format as a pattern; the deployment's own partition, region and account may be anything, or nothing."""
    pieces = re.split(r"\$\{([^}]*)\}", pattern)
    return re.compile(
        "".join(
            re.escape(piece) if number % 2 == 0 else "[^:]*" if piece in PSEUDO else name
            for number, piece in enumerate(pieces)
        ),
        re.DOTALL,
    )


def _without_refused(part: Part) -> Part | Text:
    if not isinstance(part, Literal) or _REFUSED.search(part.value) is None:
        return part
    unknown = Unknown("it has characters that a policy may not contain")
    pieces: list[str | Part] = []
    for piece in _REFUSED.split(part.value):
        pieces += [piece, unknown]
    return Text.of(*pieces[:-1])
