"""What a rule is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from scopedown.core.finding import Severity
from scopedown.core.place import Place

if TYPE_CHECKING:
    from scopedown.checks.access import ProjectAccess
    from scopedown.compare.subject import Subject
    from scopedown.observe.join import Row
    from scopedown.permissions.model import RequiredPermission


@dataclass(frozen=True, slots=True)
class Example:
    """A service (its serverless.yml and its ``app.py``) on which a rule objects, or does not."""

    project: str
    code: str = "def f(event, context): pass\n"
    limits: str = ""
    """The settings file, where the rule is about its limits."""
    before: str = ""
    """The project at the commit that it is compared with."""
    used: str = ""
    """The table of uses, where the rule is about what logs show."""


SERVICE = "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions: {f: {handler: app.f}}\n"
"""The service of examples."""


def service_allowing(elements: str) -> str:
    """A service of which the function's role allows a statement of these elements, in YAML."""
    return (
        f"service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  iam: {{role: {{statements: [{{Effect: Allow, "
        f"{elements}}}]}}}}\nfunctions: {{f: {{handler: app.f}}}}\n"
    )


class Described(Protocol):
    """What forms show of the rule that a problem is of: a :class:`Rule`, or a check of policies on their own
    (:class:`scopedown.validate.model.Check`)."""

    @property
    def id(self) -> str:
        """What it is called in reports: ``SD001``, ``INVALID_ACTION``."""

    @property
    def name(self) -> str:
        """Its name in kebab case."""

    @property
    def severity(self) -> Severity:
        """How much its problems weigh."""

    @property
    def summary(self) -> str:
        """What is wrong, in a sentence."""

    @property
    def explanation(self) -> str:
        """Why that is wrong."""

    @property
    def remedy(self) -> str:
        """What to do."""

    @property
    def security(self) -> float:
        """The severity from 0 to 10 that GitHub shows for security findings."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of IAM Access Analyzer that its problems mean."""


def titled(rule: Described) -> str:
    """A rule's id and name: ``SD101 missing-permission``; of a finding of AWS's the code, which is its name too."""
    return rule.id if rule.id in rule.codes else f"{rule.id} {rule.name}"


@dataclass(frozen=True, slots=True)
class Rule:
    """``id`` is stable (``SD001``), ``name`` kebab-case; ``security`` the severity from 0 to 10 that GitHub shows for
    security findings, ``codes`` those of IAM Access Analyzer that one or another of its problems means."""

    id: str
    name: str
    severity: Severity
    summary: str
    explanation: str
    remedy: str
    bad: Example
    good: Example
    find: Callable[[Subject], Iterator[Problem]] = lambda subject: iter(())
    """What it finds in one role."""
    security: float = 0.0
    codes: tuple[str, ...] = ()
    gate: str = ""
    """The named gate that it belongs to (:mod:`scopedown.core.gates`); empty where none."""
    tells: Callable[[Subject], bool] = lambda subject: True
    """Whether enough is known of a role for the rule to say anything of it."""
    is_limit: bool = False
    """Whether it is a limit that the settings set: whatever --fail-on names, it fails the check; only none does not."""
    takes: bool = False
    """Whether it objects to rights that go too far: of what something unseen may need it says nothing."""
    after: Callable[[Sequence[Subject], Sequence[Problem]], Iterator[Problem]] = lambda subjects, problems: iter(())
    """What it finds beside of all roles of a project and what the rules find of them."""
    of_project: Callable[[ProjectAccess], Iterator[Problem]] = lambda access: iter(())
    """What it finds in all that the project grants, to functions and to others."""
    of_uses: Callable[[Subject, Sequence[Row]], Iterator[Problem]] = lambda subject, rows: iter(())
    """What it finds in the rows of a role, where the user gives a table of uses."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A change of a role's own statements: of the one at ``place``, and ``allow`` what needs a new one.

    ``actions`` has an action as it is written → what stands in its place (nothing: it goes), ``resources`` the numbers
    of the resources that go; ``rewrite`` puts what the functions need of the statement in its place.
    """

    place: Place | None = None
    actions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    resources: tuple[int, ...] = ()
    rewrite: bool = False
    allow: tuple[RequiredPermission, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that a rule objects to. ``role`` is the role's logical id, ``functions`` are those concerned; ``about``
    tells it from others of the same rule and place whatever the lines are (an action, a resource)."""

    rule: str
    message: str
    place: Place
    role: str
    functions: tuple[str, ...]
    about: str
    related: tuple[tuple[Place, str], ...] = ()
    """Further places with what is there: the call that needs a missing action."""
    fix: Fix | None = field(default=None, compare=False)
    codes: tuple[str, ...] = ()
    """The codes of IAM Access Analyzer that mean this problem, of its rule's."""
