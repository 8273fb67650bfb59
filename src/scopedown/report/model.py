"""What the page shows, as plain values: every text is as it is shown, every place is ``file:line``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a permission is needed: the call, setting or hint, and the steps by which its resource was found."""

    what: str
    steps: tuple[tuple[int, str], ...] = ()
    """(depth from 0, text): the chain of functions, then where each value comes from."""


@dataclass(frozen=True, slots=True)
class Needed:
    """Actions on resources that share their reasons. ``resources`` are (text, certainty)."""

    actions: tuple[str, ...]
    resources: tuple[tuple[str, str], ...]
    conditions: tuple[str, ...]
    origin: str
    reasons: tuple[Reason, ...]
    notes: tuple[str, ...] = ()
    """What its resources are, and why one of them is not resolved."""
    used: str = ""
    """What logs show of it, in words; empty without a table of uses."""


class Kind(StrEnum):
    """What becomes of a declared action on a resource."""

    GONE = "removed"
    NARROWED = "narrowed"
    ADDED = "added"
    UNCHANGED = "unchanged"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Change:
    """Actions on resources before, and what replaces them."""

    kind: Kind
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    instead: tuple[str, ...] = ()
    where: str = ""
    by: str = ""
    """Who declares it: ``project``, ``framework``, a managed policy's name; empty for what is added."""
    note: str = ""
    more: int = 0
    """How many resources it has beside those that are listed: of many, the first :data:`NAMES` are."""


NAMES = 12
"""Names of one kind that are shown in a row."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A function's role as declared, compared with what the function needs. ``wide_*`` count wildcard grants."""

    changes: tuple[Change, ...] = ()
    wide_before: int = 0
    wide_after: int = 0
    note: str = ""
    """Why the role is not known, or only in part."""


@dataclass(frozen=True, slots=True)
class Objection:
    """A problem that ``check`` finds, or a finding of the scan (``rule`` is then its code, ``name`` empty)."""

    rule: str
    name: str
    severity: str
    message: str
    remedy: str = ""
    where: str = ""
    functions: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    known: bool = False
    """Whether the project's baseline knows it."""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """A function's policy as text of a form (``YAML``, ``JSON``), with a sentence that says where it belongs."""

    form: str
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class FunctionPart:
    """One function. ``objections`` are numbers into the project's."""

    key: str
    handler: str
    runtime: str
    role: str
    events: tuple[str, ...]
    needed: tuple[Needed, ...]
    comparison: Comparison
    objections: tuple[int, ...]
    unresolved: tuple[str, ...]
    possible: tuple[str, ...]
    ignored: tuple[str, ...]
    coverage: str
    """How much of its code was seen: ``whole``, ``partly`` or ``not at all``."""
    not_seen: tuple[str, ...]
    assumed: tuple[tuple[str, tuple[Needed, ...]], ...]
    policies: tuple[Policy, ...]
    """Its policy in each form, the project's own first."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the graph: an ``event``, a ``function`` (``about`` is its number) or a ``resource``."""

    id: str
    kind: str
    label: str
    type: str = ""
    about: int | None = None
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """Between two nodes; ``setting`` where no call of the code makes it. ``access`` has the letters of what an edge to
    a resource does: ``r`` reads, ``w`` writes (or changes tags or permissions), ``l`` lists."""

    source: str
    target: str
    labels: tuple[str, ...]
    setting: bool = False
    access: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in the order in which they stand in their columns, from the top."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectPart:
    """One project. ``facts`` are (name, value) of its heading."""

    title: str
    facts: tuple[tuple[str, str], ...]
    functions: tuple[FunctionPart, ...]
    problems: tuple[Objection, ...]
    findings: tuple[Objection, ...]
    graph: Graph
    ignored: int = 0
    """Problems that comments leave out."""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything. ``not_read`` are projects that cannot be read, each with its reason."""

    version: str
    projects: tuple[ProjectPart, ...]
    not_read: tuple[str, ...] = ()
