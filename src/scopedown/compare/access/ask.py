"""The checks, asked of subjects: what is compared with what, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scopedown.compare.access.model import Change, Changes, Subject, is_empty
from scopedown.core.finding import ScopedownError
from scopedown.iam.document import Kind
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
    before: Layers = old.layers if old is not None else ((),)
    after: Layers = new.layers if new is not None else ((),)
    note = "" if old is not None and new is not None else "new" if new is not None else "removed"
    kind = one.kind
    shown = {**(old.shown if old is not None else {}), **(new.shown if new is not None else {})}
    unknown = tuple(text for text in (new.unknown if new else ()) if old is None or text not in old.unknown)
    if old is not None and (new is not None or old.outlived):
        kept = new.unknown if new is not None else ()
        unknown += tuple(f"before: {text}" for text in old.may_deny if text not in kept)
    found = NOTHING if is_empty(after) else new_access(before, after, names)
    found = _both(found, _granted_elsewhere(old, new, names))
    back = None
    if lost:
        back = NOTHING if is_empty(before) else new_access(after, before, names)
        back = _both(back, _granted_elsewhere(new, old, names))
    return Change(one.name, kind, found, back, one.place, note, shown, unknown, one.folder, one.file)


def _granted_elsewhere(old: Subject | None, new: Subject | None, names: Sequence[str]) -> Comparison:
    """What policies of the other side allow and the limits of the subject do not stop any more: a resource's policy
    and a role's limits, or an identity policy and the denies of a resource's policy.

    Both states get the grants of the new one: that these have not grown is asked of their own subject.
    """
    one = new or old
    if one is None or not one.grants or ((old is None or new is None) and not one.outlived):
        return NOTHING
    was, now = (side.limits if side is not None else NO_LIMITS for side in (old, new))
    if was == now:
        return NOTHING
    before, after = (((*one.grants, *limits[0]), *limits[1:]) for limits in (was, now))
    return new_access(before, after, names)


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
