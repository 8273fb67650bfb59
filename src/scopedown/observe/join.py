"""What functions need and roles grant, beside what the logs show: one row for each action on a resource.

======================  ==================================================================================
confirmed               needed and used
idle                    needed, never used, although the logs would show it
not observable          needed or granted, and the logs cannot show it: nothing is said of its use
used, not found         used, and the code does not show why: a person, another program, or a gap of the analysis
removable               granted, neither needed nor used, although the logs would show it
denied                  asked for and denied
======================  ==================================================================================

Nothing here takes a right away: deleting follows from the code and what was seen of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from scopedown.compare.statement import Need, shown
from scopedown.compare.subject import Subject
from scopedown.core.place import Place
from scopedown.iam.coverage import Grant
from scopedown.iam.decided import possibly, surely
from scopedown.iam.wildcard import matching
from scopedown.observe.actions import Evidence, Observed
from scopedown.observe.names import Names, fits, principals
from scopedown.observe.observable import Observable


class Class(StrEnum):
    """What a row is."""

    CONFIRMED = "confirmed"
    IDLE = "idle"
    NOT_OBSERVABLE = "not observable"
    USED_NOT_FOUND = "used, not found"
    REMOVABLE = "removable"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Row:
    """One action on a resource, of a role or of the deploying user.

    ``resource`` is what the project says (``${TodosTable.Arn}``), or what the log has; ``uses`` are what the logs show
    of it; ``functions`` are the functions that need it, or those that the sessions of its uses name. ``reason`` says
    why a row is what it is, in words. ``needed`` and ``granted`` are None where that is not known.
    """

    kind: Class
    role: str
    functions: tuple[str, ...]
    action: str
    resource: str
    uses: tuple[Observed, ...] = ()
    needed: bool | None = True
    granted: bool | None = None
    by_pattern: bool = False
    """Whether the log's ARN was found in the project by the pattern of a generated name."""
    reason: str = ""
    place: Place | None = None

    @property
    def last(self) -> str:
        """When it was used for the last time; empty where it never was."""
        return max((use.last for use in self.uses if use.count), default="")

    @property
    def count(self) -> int:
        """How often it was used; a row of denials does not repeat the uses that another row has."""
        return 0 if self.kind is Class.DENIED else sum(use.count for use in self.uses)

    @property
    def denied(self) -> int:
        """How often it was denied, in a row of denials."""
        return sum(use.denied for use in self.uses) if self.kind is Class.DENIED else 0


def rows_of_role(subject: Subject, names: Names, uses: Iterable[Observed], observable: Observable) -> list[Row]:
    """The rows of one role, from all that was observed: those of its needs first, in their order."""
    pattern = names.role(subject.role)
    own = [use for use in uses if pattern and any(fits(one, use.principal) for one in principals(pattern))]
    unknown = "" if pattern else "the project does not say which role it is"
    region = subject.scan.project.region
    found: list[Row] = []
    seen: set[int] = set()
    for action, resource, needs in _by_resource(subject.needs):
        patterns = list(dict.fromkeys(one for need in needs for form in need.forms for one in names.patterns(form)))
        here = [use for use in own if use.action == action and any(fits(one, use.resource) for one in patterns)]
        seen.update(map(id, here))
        found += _of_need(
            subject, names, needs, action, resource, here, unknown or observable.silence(action, region, patterns)
        )
    found += _of_rest(subject, names, own, seen)
    found += _of_grants(subject, names, own, observable, region, unknown)
    return found


def _by_resource(needs: Sequence[Need]) -> Iterator[tuple[str, str, list[Need]]]:
    """Needs of one action on one resource, of however many functions."""
    found: dict[tuple[str, str], list[Need]] = {}
    for need in needs:
        found.setdefault((need.permission.action, str(need.arn)), []).append(need)
    for (action, resource), some in found.items():
        yield action, resource, some


def _of_need(
    subject: Subject,
    names: Names,
    needs: Sequence[Need],
    action: str,
    resource: str,
    uses: Sequence[Observed],
    silence: str,
) -> Iterator[Row]:
    functions = tuple(dict.fromkeys(need.function.function.key for need in needs))
    because = needs[0].permission.because
    place = because[0].place if because else None
    granted = _granted(subject, needs)
    by_pattern = all(names.is_by_pattern(need.forms[0]) for need in needs)

    def row(kind: Class, some: Sequence[Observed], reason: str = "") -> Row:
        return Row(
            kind, subject.role.id, functions, action, resource, tuple(some), True, granted, by_pattern, reason, place
        )

    used = [use for use in uses if use.count]
    if used:
        yield row(Class.CONFIRMED, used)
    elif silence:
        yield row(Class.NOT_OBSERVABLE, (), silence)
    else:
        yield row(Class.IDLE, ())
    if denied := [use for use in uses if use.denied]:
        yield row(Class.DENIED, denied, why_denied(denied))


def _granted(subject: Subject, needs: Sequence[Need]) -> bool | None:
    """Whether the role allows needs; None where that is not certain."""
    answers = {subject.covered(need) for need in needs}
    if answers == {"yes"}:
        return True
    return False if answers == {"no"} and subject.complete else None


def _of_rest(subject: Subject, names: Names, uses: Sequence[Observed], seen: set[int]) -> Iterator[Row]:
    """What was used or denied, and nothing that is known needs it."""
    grants = [_deployed(grant, names) for grant in subject.grants]
    for action, resources, some in unexplained(uses, seen):
        sessions = tuple(sorted({use.session for use in some if use.session}))
        granted: bool | None = None
        if all(surely(action, one, grants) for one in resources):
            granted = True
        elif not any(possibly(action, one, grants) for one in resources):
            granted = False
        resource = " or ".join(resources)
        if used := tuple(use for use in some if use.count and use.evidence is not Evidence.IMPLIED):
            reason = _origin(subject, action, used)
            yield Row(Class.USED_NOT_FOUND, subject.role.id, sessions, action, resource, used, False, granted,
                      reason=reason)  # fmt: skip
        if denied := tuple(use for use in some if use.denied):
            reason = why_denied(denied)
            yield Row(Class.DENIED, subject.role.id, sessions, action, resource, denied, False, granted,
                      reason=reason)  # fmt: skip


def unexplained(
    uses: Iterable[Observed], seen: set[int]
) -> Iterator[tuple[str, tuple[str, ...], tuple[Observed, ...]]]:
    """What no need explains: an action, the resource (or those of which it was on one), and its uses.

    ``seen`` are the ids of the uses that a need explains. A use of which the log does not say on which of several
    resources it was is explained by a need of any of them.
    """
    alternatives: dict[tuple[object, ...], list[Observed]] = {}
    found: dict[tuple[str, tuple[str, ...]], list[Observed]] = {}
    for use in uses:
        if use.one_of:
            whose = use.principal, use.session, use.account, use.region
            alternatives.setdefault((*whose, use.via, use.event, use.action, use.one_of), []).append(use)
        elif id(use) not in seen:
            found.setdefault((use.action, (use.resource,)), []).append(use)
    for some in alternatives.values():
        if not any(id(use) in seen for use in some):
            most = max(some, key=lambda use: use.count + use.denied)
            found.setdefault((most.action, most.one_of), []).append(most)
    for (action, resources), some in found.items():
        yield action, resources, tuple(some)


def _of_grants(
    subject: Subject, names: Names, uses: Sequence[Observed], observable: Observable, region: str, unknown: str
) -> Iterator[Row]:
    """What the project's own statements allow, nothing needs, and nobody used."""
    for one in subject.declared:
        if not one.judged:
            continue
        for action in one.actions:
            if not subject.is_unused(action):
                continue
            is_action = matching(action.lower())
            asked = [use for use in uses if is_action(use.action.lower())]
            for item, forms in one.resources:
                patterns = [names.pattern(form) for form in forms]
                if any(fits(pattern, use.resource) for pattern in patterns for use in asked):
                    continue
                silence = unknown or observable.silence_of(action, region, patterns)
                kind = Class.NOT_OBSERVABLE if silence else Class.REMOVABLE
                yield Row(kind, subject.role.id, subject.keys, action, shown(item), (), False, True, False, silence,
                          one.statement.place)  # fmt: skip


def _deployed(grant: Grant, names: Names) -> Grant:
    """A grant with the names that its resources bear in the account."""
    resources = (one if isinstance(one, str) else names.pattern(one) for one in grant.resources)
    return replace(grant, resources=tuple(resources))


def why_denied(uses: Sequence[Observed]) -> str:
    """The kind of policy that denied, in AWS's words; empty where no message says it."""
    return next((use.denied_by for use in uses if use.denied_by), "")


def _origin(subject: Subject, action: str, uses: Sequence[Observed]) -> str:
    """Where a use that the code does not explain may come from."""
    via = sorted({use.via for use in uses if use.via})
    if via:
        return f"{', '.join(via)} asked with the role's credentials"
    doubt = subject.doubt.why(action)
    if doubt:
        return f"the code was not seen whole: {doubt}"
    names = {use.session for use in uses}
    if names == {""}:
        return (
            "the session belongs to none of the project's functions, so a person or another program may have used the "
            "role"
        )
    return "the code that was read does not show this call"
