"""Why a policy must allow any resource of a kind, as a sentence.

In: an action and a resource of whose name nothing is known, whose reason lists parameters and what each was given.
Out: one sentence that names the kind of resource, each parameter, and where its value comes from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scopedown.permissions.model import Resource

_GIVEN = re.compile(r"([$\w.\[\]-]+): (.+)", re.S)
_MISSING = "no argument gives its "
_CLAUSE = re.compile(r"\b(is|are|was|has|does|did|cannot)\b")
_INSIDE = re.compile(r"\b(that|which|whose)\b")
_KIND = re.compile(r"([A-Za-z][A-Za-z-]+)[/:]")
_KINDS = {
    "db": "database",
    "dbuser": "database user",
    "apis": "API",
    "accesspoint": "access point",
    "userpool": "user pool",
}
"""Words of ARNs that are not words of English."""
_BY_SERVICE = {"s3": "bucket", "sns": "topic", "sqs": "queue"}
"""What a service's ARNs name without a word for it (Service Authorization Reference)."""


def why_open(action: str, resource: Resource) -> str:
    """The sentence about one resource.

    >>> from scopedown.core.text import Text
    >>> from scopedown.permissions.model import Certainty
    >>> why_open("s3:GetObject", Resource(Text.of("arn:aws:s3:::*"), Certainty.UNKNOWN, "Bucket: event; Key: event"))
    's3:GetObject may use any bucket, because Bucket and Key come from the event'
    """
    because = because_of(resource.reason)
    return f"{action} may use any {_kind(str(resource.arn))}" + (f", because {because}" if because else "")


def because_of(reason: str) -> str:
    """A resource's reason as clauses.

    >>> because_of("Name: result of ssm.GetParameters; no argument gives its Id; no argument gives its Version")
    'Name is the result of ssm.GetParameters and no argument gives its Id or Version'
    """
    return _listed(_clauses(reason), "and") if reason else ""


def _clauses(reason: str) -> Iterator[str]:
    given: dict[str, list[str]] = {}
    missing: list[str] = []
    others: list[str] = []
    for piece in reason.split("; "):
        found = _GIVEN.fullmatch(piece)
        if piece.startswith(_MISSING):
            missing.append(piece.removeprefix(_MISSING))
        elif found and not _is_clause(found[2]):
            given.setdefault(found[2], []).append(found[1])
        else:
            others.append(found[2] if found else piece)
    for origin, names in given.items():
        yield _said(_listed(names, "and"), origin, len(names) > 1)
    if missing:
        yield f"{_MISSING}{_listed(missing, 'or')}"
    for other in dict.fromkeys(others):
        whether = other.startswith("whether ")
        bare = other.removesuffix(" is unknown") if whether else other
        yield bare if _is_clause(other) and not whether else f"scopedown does not know {bare}"


def _said(names: str, origin: str, several: bool) -> str:
    """``Bucket comes from the event``; ``several`` names take the verb's other form."""
    if origin == "event" or origin.startswith(("event.", "event[")):
        return f"{names} {'come' if several else 'comes'} from the {origin}"
    if origin.startswith("changed "):
        return f"{names} {'are' if several else 'is'} a changed form of {origin.removeprefix('changed ')}"
    origin = re.sub(r"\bof (?=result of)", "of the ", origin)
    article = "the " if origin.startswith(("result", "value", "element", "items", "members")) else ""
    return f"{names} {'are' if several else 'is'} {article}{origin}"


def _is_clause(text: str) -> bool:
    """Whether a description has a verb outside of a relative clause."""
    verb, inside = _CLAUSE.search(text), _INSIDE.search(text)
    return verb is not None and (inside is None or verb.start() < inside.start())


def _kind(arn: str) -> str:
    """What an ARN is of: ``table``, ``state machine``; ``resource`` where it does not say so."""
    pieces = re.sub(r"\$\{[^}]*\}", "x", arn).split(":", 5)
    if len(pieces) < 6:
        return "resource"
    found = _KIND.match(pieces[5])
    if found is None:
        return _BY_SERVICE.get(pieces[2], "resource")
    return _KINDS.get(found[1]) or re.sub(r"(?<=[a-z])(?=[A-Z])|-", " ", found[1]).lower()


def _listed(words: Iterable[str], last: str) -> str:
    *others, end = words
    return f"{', '.join(others)} {last} {end}" if others else end
