"""Cases of comparisons, one JSON object a line: two documents, a check, and what must come of it.

``{"id", "kind", "check", "old", "new", "expected"}``; ``check`` is ``no-new-access``, ``equivalent``,
``no-public-access`` or ``access-not-granted: ACTIONS[@RESOURCES]``. docs/compare.md describes the shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scopedown.compare.access.ask import NotGranted, compare_documents
from scopedown.compare.access.documents import kind_of
from scopedown.compare.access.sets import layers_of, policies_of, subjects_of_set
from scopedown.iam.cases import SET_KEYS
from scopedown.iam.document import Kind
from scopedown.iam.errors import RequestError
from scopedown.iam.newaccess import Comparison, new_access
from scopedown.iam.newaccess.checks import access_not_granted, equivalent, no_public_access
from scopedown.iam.newaccess.verify import Layers, limits_alone, names_principals
from scopedown.iam.parse import parse_policy

RESULTS = ("no new access", "new access", "not decided", "equivalent")
_CHECKS = "no-new-access, equivalent, no-public-access or access-not-granted: ACTION"
_KEYS = frozenset({"id", "kind", "check", "old", "new", "expected", "note", "why", "source", "witness"})
"""What a case may have; the last four are for who reads it."""
_OF_RESOURCES = frozenset({"resource", "vpce"})
"""Parts of a set that name principals."""


def result_of(case: Mapping[str, Any], names: Sequence[str]) -> tuple[str, Comparison]:
    """A case's result, and the comparison that it rests on. Raises PolicyError or RequestError."""
    if unknown := sorted(case.keys() - _KEYS):
        raise RequestError(f"a case has no {unknown[0]!r}", remedy="take it out")
    check = case.get("check", "no-new-access")
    kind = case.get("kind")
    if kind is not None and kind not in tuple(Kind):
        raise RequestError(f"kind must be one of {', '.join(Kind)}, not {kind!r}")
    name, _, argument = str(check).partition(":")
    if name not in ("no-new-access", "equivalent", "no-public-access", "access-not-granted"):
        raise RequestError(f"check must be {_CHECKS}, not {check!r}")
    if name in ("no-new-access", "equivalent") and (with_resource := _with_resource(case, names, name)) is not None:
        return with_resource
    new = _layers(case.get("new"), kind)
    if name == "no-public-access":
        if kind == Kind.RCP or not any(map(names_principals, new[0])):
            raise RequestError("no-public-access needs a policy that names principals")
        found = no_public_access(new[0][0], names)
    elif name == "access-not-granted":
        wanted = NotGranted.read(argument.strip())
        found = access_not_granted(new, wanted.actions, wanted.resources, names)
    else:
        old = _layers(case.get("old"), kind)
        if name == "equivalent":
            both = equivalent(old, new, names)
            for found in both:
                if found.answer != "no new access":
                    return found.answer, found
            return "equivalent", both[0]
        found = new_access(old, new, names)
    return found.answer, found


def _with_resource(case: Mapping[str, Any], names: Sequence[str], check: str) -> tuple[str, Comparison] | None:
    """The result of two sets of which one has a resource's or an endpoint's policy; None for other cases."""
    sides = [case.get("old"), case.get("new")]
    if not any(isinstance(one, Mapping) and "Statement" not in one and one.keys() & _OF_RESOURCES for one in sides):
        return None
    sets = [one for one in sides if isinstance(one, Mapping) and "Statement" not in one]
    if len(sets) != 2:
        raise RequestError("a set with a resource's policy is compared with another set", remedy="give both as sets")
    old, new = (subjects_of_set(one, name) for one, name in zip(sets, ("old", "new"), strict=True))
    found: list[Comparison] = []
    for change in compare_documents(old, new, names).changes:
        found += [change.found, *([change.lost] if check == "equivalent" and change.lost is not None else [])]
    worst = next((one for word in RESULTS[1:3] for one in found if one.answer == word), found[0])
    return "equivalent" if check == "equivalent" and worst.answer == RESULTS[0] else worst.answer, worst


def _layers(data: object, kind: str | None) -> Layers:
    """The layers of a document, of a set (as docs/cases.md has it), or of nothing."""
    if data is None:
        return ((),)
    if not isinstance(data, Mapping):
        raise RequestError("old and new must be policies")
    if "Statement" not in data and data.keys() & SET_KEYS:
        if unread := sorted(data.keys() - SET_KEYS | data.keys() & _OF_RESOURCES):
            raise RequestError(f"a set of a case has no {unread[0]!r}", remedy="take it out")
        return layers_of(policies_of(data), data)
    found = Kind(kind) if kind else kind_of(data)
    return (limits_alone(found, (parse_policy(data, found),)),)
