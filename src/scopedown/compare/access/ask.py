"""The checks, asked of subjects: what is compared with what, and what comes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scopedown.compare.access.grants import denies, of_one_kind
from scopedown.compare.access.model import Change, Changes, Subject, is_empty, key_of
from scopedown.core.finding import ScopedownError
from scopedown.iam.document import Kind, Policy
from scopedown.iam.newaccess import Comparison, new_access
from scopedown.iam.newaccess.checks import access_not_granted, no_public_access
from scopedown.iam.newaccess.verify import Layers

NOTHING = Comparison("no new access")
LIMITS_OF_OTHERS = (Kind.SCP, Kind.RCP)
"""Kinds of a project's policies that grant nothing themselves."""
NO_LIMITS: Layers = ((),)


@dataclass(frozen=True, slots=True)
class NotGranted:
    """Actions that must not be granted on resources; no resources means any.

    >>> NotGranted.read("s3:Delete*,iam:* @ arn:aws:s3:::prod*")
    NotGranted(actions=('s3:Delete*', 'iam:*'), resources=('arn:aws:s3:::prod*',))
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...] = ()

    @staticmethod
    def read(text: str) -> NotGranted:
        """``ACTIONS[@RESOURCES]``, each comma-separated; also ``ACTIONS on RESOURCES``. Raises ScopedownError."""
        for sign in (" on ", "@"):
            actions, found, resources = text.partition(sign)
            if found:
                break
        listed = tuple(one.strip() for one in actions.split(",") if one.strip())
        for one in listed:
            if one != "*" and (":" not in one or one.endswith(":")):
                raise ScopedownError(
                    f"{one!r} is not an action", None, "write it as service:Name, for instance s3:Put*"
                )
        on = tuple(one.strip() for one in resources.split(",") if one.strip())
        if not listed and not on:
            raise ScopedownError(f"{text!r} names no action", None, "write ACTIONS@RESOURCES, for instance s3:*@*prod*")
        return NotGranted(listed, on)

    def __str__(self) -> str:
        on = f" on {', '.join(self.resources)}" if self.resources else ""
        return f"{', '.join(self.actions) or 'any action'}{on}"


def compared(old: Subject | None, new: Subject | None, names: Sequence[str], *, lost: bool = True) -> Change:
    """One subject in two states; where one is missing, it allowed nothing, or allows nothing any more."""
    one = new or old
    assert one is not None
    before, after = _layers(old, new)
    note = "" if old is not None and new is not None else "new" if new is not None else "removed"
    kind = one.kind
    shown = {**(old.shown if old is not None else {}), **(new.shown if new is not None else {})}
    unknown = _not_among(new.unknown if new is not None else (), old.unknown if old is not None else ())
    if old is not None and (new is not None or old.outlived):
        kept = (*new.unknown, *(one for one in new.may_deny if one not in new.unknown)) if new is not None else ()
        unknown += tuple(f"before: {text}" for text in _not_among(old.may_deny, kept))
    found = NOTHING if is_empty(after) else new_access(*of_one_kind(before, after), names)
    found = _granted_elsewhere(old, new, names, found)
    back = None
    if lost:
        before, after = _layers(new, old)
        back = NOTHING if is_empty(after) else new_access(*of_one_kind(before, after), names)
        back = _granted_elsewhere(new, old, names, back)
    return Change(one.name, kind, found, back, one.place, note, shown, unknown, one.folder, one.file)


def _not_among(texts: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """The texts that others do not hold as often, wherever their places are and by all that is written there."""
    left = Counter(map(key_of, others))
    found = []
    for text in texts:
        if left[key_of(text)] > 0:
            left[key_of(text)] -= 1
        else:
            found.append(text)
    return tuple(found)


def _layers(old: Subject | None, new: Subject | None) -> tuple[Layers, Layers]:
    """The layers of two states; where only the old one's own policies are not given, it is taken to allow nothing."""
    nothing = old is None or (old.open and new is not None and not new.open)
    return NO_LIMITS if nothing or old is None else old.layers, NO_LIMITS if new is None else new.layers


def _granted_elsewhere(old: Subject | None, new: Subject | None, names: Sequence[str], found: Comparison) -> Comparison:
    """What was ``found``, and what policies of the other side allow and the limits of the subject do not stop any
    more: a resource's policy and a role's limits, or an identity policy and the denies of a resource's policy.

    Both states get the grants of the new one: that these have not grown is asked of their own subject. Boundaries and
    session policies do not limit what a resource's policy grants to a session or a user by its own ARN, and only RCPs
    and endpoints limit a service and an unsigned request.
    """
    one = new or old
    found = _both(found, _directly(old, new, names))
    if one is None or not one.grants or ((old is None or new is None) and not one.outlived):
        return found
    was, now = (side.limits if side is not None else NO_LIMITS for side in (old, new))
    questions = [] if one.open else [(was, now)]  # the layers of an open one let through whatever the limits do
    if any(map(_is_boundary, (*was, *now))):
        questions.append((_without_boundary(was), _without_boundary(now)))
    for before, after in dict.fromkeys(questions):
        found = _both(found, _within(one.grants, before, after, names))
    if not found.rows:
        ends = (side.endpoint if side is not None else () for side in (old, new))
        before, after = (_of_everybody(limits, end) for limits, end in zip((was, now), ends, strict=True))
        found = _both(found, _within(one.grants, before, after, names))
    return found


def _within(grants: Sequence[Policy], was: Layers, now: Layers, names: Sequence[str]) -> Comparison:
    """What grants allow in some limits, and did not in others."""
    if was == now:
        return NOTHING
    return new_access(*of_one_kind(*(((*grants, *first), *more) for first, *more in (was, now))), names)


def _directly(old: Subject | None, new: Subject | None, names: Sequence[str]) -> Comparison:
    """What a resource's policy grants more directly: to a role, which needs no identity policy then, instead of to its
    account; to a session or a user, which no boundary and no session policy limits then."""
    if new is None or not new.alone:
        return NOTHING
    before = old.alone if old is not None and old.alone else NO_LIMITS
    found = NOTHING if before == new.alone else new_access(before, new.alone, names)
    if old is not None and old.bounded and old.directly != new.directly:
        found = _both(found, new_access(old.directly or NO_LIMITS, new.directly, names))
    return found


def _is_boundary(layer: Sequence[Policy]) -> bool:
    return any(policy.kind in (Kind.BOUNDARY, Kind.SESSION) for policy in layer)


def _without_boundary(limits: Layers) -> Layers:
    """Limits of which boundaries and session policies only deny."""
    first, *more = limits
    kept = denies(policy for layer in limits if _is_boundary(layer) for policy in layer)
    own = tuple(first) if not _is_boundary(first) else ()
    rcps = tuple(policy for policy in first if policy.kind is Kind.RCP and policy not in own and policy not in kept)
    return ((*own, *kept, *rcps), *(tuple(layer) for layer in more if not _is_boundary(layer)))


def _of_everybody(limits: Layers, endpoint: Layers) -> Layers:
    """The limits that services and unsigned requests have, too."""
    return (tuple(policy for policy in limits[0] if policy.kind is Kind.RCP), *endpoint)


def _both(one: Comparison, other: Comparison) -> Comparison:
    rows = dict.fromkeys(row.place.statement for row in one.rows)
    more = tuple(row for row in other.rows if row.place.statement not in rows)
    return Comparison.of((*one.rows, *more), tuple(dict.fromkeys((*one.undecided, *other.undecided))))


def compare_documents(
    old: Sequence[Subject], new: Sequence[Subject], names: Sequence[str], check: str = "no new access"
) -> Changes:
    """Two files of policies. Raises ScopedownError where they are not of one kind."""
    changes = []
    for principals in (False, True):
        before, after = (
            next((one for one in side if one.kind.has_principal is principals), None) for side in (old, new)
        )
        if before is None and after is None:
            continue
        if (before is None or after is None) and len(old) == len(new) == 1:
            raise _different(old[0], new[0])
        if before is not None and after is not None and (before.kind is Kind.RCP) is not (after.kind is Kind.RCP):
            raise _different(before, after)
        changes.append(compared(before, after, names))
    return Changes(tuple(changes), check, old[0].name if old else "", new[0].name)


def _different(old: Subject, new: Subject) -> ScopedownError:
    return ScopedownError(
        f"{old.name} is {_words(old.kind)} and {new.name} is {_words(new.kind)}",
        None,
        "compare two policies of one kind, or name the kind with --kind",
    )


def _words(kind: Kind) -> str:
    article = "an" if kind.words[0] in "aeiou" else "a"
    return f"{article} {kind.words} policy"


def granted(subjects: Sequence[Subject], wanted: Sequence[NotGranted], names: Sequence[str]) -> Changes:
    """Whether subjects grant what must not be granted."""
    changes = [
        _of_one(subject, f"{subject.name}: {one}", found)
        for subject in subjects
        if not subject.keys or subject.kind not in LIMITS_OF_OTHERS  # a document is asked itself
        for one in wanted
        for found in [access_not_granted(subject.layers, one.actions, one.resources, names)]
    ]
    return Changes(tuple(changes), "access not granted", "", ", ".join(subject.name for subject in subjects))


def public(subjects: Sequence[Subject], names: Sequence[str]) -> Changes:
    """Whether the policies of resources let anybody in. Raises ScopedownError where none is a resource's."""
    changes = list(_public(subjects, names))
    if not changes:
        raise ScopedownError(
            "no policy names a principal, so none can be public", None, "give a resource's policy or a trust policy"
        )
    return Changes(tuple(changes), "no public access", "", ", ".join(subject.name for subject in subjects))


def _public(subjects: Sequence[Subject], names: Sequence[str]) -> Iterator[Change]:
    for subject in subjects:
        if subject.kind.has_principal and subject.kind is not Kind.RCP:
            for policy in subject.layers[0]:
                if policy.kind is Kind.RCP:
                    continue
                found = no_public_access(policy, names)
                yield _of_one(subject, subject.name, found)


def _of_one(subject: Subject, name: str, found: Comparison) -> Change:
    """What was found of a subject that is compared with nothing."""
    return Change(
        name, subject.kind, found, None, subject.place, "", subject.shown, subject.unknown, subject.folder, subject.file
    )
