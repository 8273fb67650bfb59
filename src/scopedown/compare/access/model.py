"""A comparison of two states: what of each role, policy and trust policy is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from scopedown.core.place import Place
from scopedown.iam.document import Kind, Policy
from scopedown.iam.newaccess import Comparison
from scopedown.iam.newaccess.verify import Layers


class Unread(str):
    """Why a statement is not known; ``key`` is the same for the same statement at another place."""

    key: str = ""

    @classmethod
    def of(cls, why: str, key: str) -> Unread:
        """A reason with its key."""
        made = cls(why)
        made.key = key
        return made


def key_of(why: str) -> str:
    """What a reason is compared by."""
    return why.key if isinstance(why, Unread) else why


@dataclass(frozen=True, slots=True)
class Subject:
    """What is compared: the policies of a role, or a policy of a resource.

    ``layers`` must each allow (:mod:`scopedown.iam.newaccess`). ``notes`` say what of it is not known; ``shown`` maps
    texts that stand for unknown names to what a person calls them.
    """

    name: str
    kind: Kind
    layers: Layers
    place: Place | None = None
    keys: tuple[str, ...] = ()
    """By what it is found again in another state, the surest first."""
    shown: dict[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    """Why a part of it may allow more than its layers say."""
    may_deny: tuple[str, ...] = ()
    """Those of ``unknown`` that may deny something."""
    folder: str = ""
    """The folder that its places are relative to, where that is not the working directory."""
    file: str = ""
    """The file of a document."""
    grants: tuple[Policy, ...] = ()
    """What the other side may grant: policies of resources to a role, as identity policies; identity policies to a
    resource, as policies of resources."""
    limits: Layers = ((),)
    """What limits ``grants``: ``layers``, whose first has its denies only."""
    endpoint: Layers = ()
    """The layers of ``limits`` that bind services and unsigned requests too: the policy of a VPC endpoint."""
    alone: Layers = ()
    """What a resource's policy allows in its account without identity policies; empty where that is not asked."""
    directly: Layers = ()
    """What of ``alone`` neither a boundary nor a session policy limits."""
    bounded: bool = False
    """Whether the callers of ``alone`` have a boundary or a session policy."""
    open: bool = False
    """Whether the caller's own policies are not given, so that ``layers`` are what its limits let through."""
    outlived: bool = False
    """Whether what it limits is there without it: a bucket is without its policy, a role's sessions are not without
    the role."""
    given: str = ""
    """Of a subject that only names what is not compared: ``given``, ``attached`` (with a policy that is compared) or
    ``unread`` (a policy)."""
    uses: tuple[str, str] = ("", "")
    """Of a resource that runs with a role: both in words, and the role's logical id, empty for a role of others."""
    targets: tuple[str, ...] = ()
    """The resources that it is about, where it is about no others."""
    declared: frozenset[str] = frozenset()
    """All resources of its state."""


@dataclass(frozen=True, slots=True)
class Change:
    """One subject in both states; ``lost`` is what it does not allow any more (None where nobody asked)."""

    name: str
    kind: Kind
    found: Comparison
    lost: Comparison | None = None
    place: Place | None = None
    note: str = ""
    shown: dict[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    """What of the new state is not known: it counts as new access."""
    folder: str = ""
    file: str = ""

    @property
    def fails(self) -> bool:
        """Whether something is new, or may be."""
        return self.found.answer != "no new access" or bool(self.unknown)

    @property
    def answer(self) -> str:
        """The answer, with what is not known taken into account."""
        if self.found.answer == "no new access" and self.unknown:
            return "not decided"
        return self.found.answer

    @property
    def is_equal(self) -> bool:
        """Whether nothing is new and nothing is lost."""
        return not self.fails and (self.lost is None or self.lost.answer == "no new access")


@dataclass(frozen=True, slots=True)
class Changes:
    """All of two states. ``check``: what was asked (``no new access``, ``equivalent``, ``access not granted``,
    ``no public access``)."""

    changes: tuple[Change, ...]
    check: str = "no new access"
    old: str = ""
    new: str = ""
    notes: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether the check fails."""
        if self.check == "equivalent":
            return not all(change.is_equal for change in self.changes)
        return any(change.fails for change in self.changes)


def is_empty(layers: Sequence[Sequence[Policy]]) -> bool:
    """Whether a subject allows nothing, since it has no statement."""
    return not any(policy.statements for policy in (layers[0] if layers else ()))
