"""A project beside its logs: the rows of each of its roles, and of the user who deploys it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scopedown.catalog.model import Catalog
from scopedown.compare.subject import subjects
from scopedown.deploy.commands import commands_of
from scopedown.deploy.model import DeployPermission, ResourceProperty
from scopedown.deploy.plan import plan
from scopedown.deploy.settings import framework_of
from scopedown.observe.accounts import Account, account_of, own_uses
from scopedown.observe.actions import Evidence, Observed, Unmapped, observed
from scopedown.observe.join import Class, Row, rows_of_role, unexplained, why_denied
from scopedown.observe.model import Used
from scopedown.observe.names import Names, fits, principals
from scopedown.observe.observable import Observable
from scopedown.observe.reading.wanted import Wanted
from scopedown.scan import ProjectScan

DEPLOYER = "deploying user"
_GENERATED = "-*"
"""The end of the pattern of a name that CloudFormation makes."""


@dataclass(frozen=True, slots=True)
class Whose:
    """The rows of one role, or of the deploying user. ``principal`` is the pattern of its ARN."""

    role: str
    principal: str
    functions: tuple[str, ...]
    rows: tuple[Row, ...]

    def of(self, kind: Class) -> list[Row]:
        """Its rows of one class."""
        return [row for row in self.rows if row.kind is kind]


@dataclass(frozen=True, slots=True)
class Observation:
    """All that the logs say about one project; ``unmapped`` are events of its principals that the catalog lacks.
    ``account`` is the account whose roles are the project's."""

    scan: ProjectScan
    whose: tuple[Whose, ...]
    unmapped: tuple[Unmapped, ...]
    account: Account

    @property
    def rows(self) -> Iterator[Row]:
        """The rows of every role and of the deploying user."""
        for one in self.whose:
            yield from one.rows


def wanted_of(scans: Sequence[ProjectScan], names: Sequence[Names], deployer: str, since: str, until: str) -> Wanted:
    """Which principals the readers keep: the roles of the projects, and who deploys them."""
    roles = {one for own in names for role in own.project.roles.values() for one in principals(own.role(role))}
    sessions = {own.session(one.function) for scan, own in zip(scans, names, strict=True) for one in scan.functions}
    return Wanted(tuple(sorted((roles | {deployer}) - {""})), tuple(sorted(sessions)), since, until)


def observe(
    scan: ProjectScan, names: Names, used: Used, recorded: Iterable[Observed], deployer: str, catalog: Catalog,
    every_account: bool = False,
) -> Observation:  # fmt: skip
    """The rows of a project's roles; ``deployer`` is the ARN of the user or role that deploys, with ``*``, or empty.

    Roles of the same names in another account are not the project's, except with ``every_account``. What the guard
    recorded counts: its account is none of AWS's.
    """
    seen, unmapped = observed(used, catalog)
    account = Account() if every_account else account_of(names, seen, deployer)
    seen = own_uses(seen, account, deployer)
    uses = [*seen, *recorded]
    known = account.id if account.others else scan.project.account or ""
    observable = Observable(used.covered, catalog, seen, known, len(used.unreadable))
    found = []
    for subject in subjects(scan, catalog):
        rows = rows_of_role(subject, names, uses, observable)
        found.append(Whose(subject.role.id, names.role(subject.role), subject.keys, tuple(rows)))
    if deployer:
        rows = [*_rows_of_deployer(scan, [use for use in uses if fits(deployer, use.principal)], observable, catalog)]
        found.append(Whose(DEPLOYER, deployer, (), tuple(rows)))
    return Observation(scan, tuple(found), tuple(unmapped), account)


def _rows_of_deployer(
    scan: ProjectScan, uses: Sequence[Observed], observable: Observable, catalog: Catalog
) -> Iterator[Row]:
    """What the framework's commands need beside what the deploying user did; calls that CloudFormation made with the
    user's credentials count."""
    framework = framework_of(scan.project)
    if not framework:
        return
    seen: set[int] = set()
    needed: dict[tuple[str, str], DeployPermission] = {}
    for permission in plan(scan.project, catalog, framework, commands_of(framework, scan.project.plugins)).permissions:
        for resource in permission.resources:
            needed.setdefault((permission.action, resource), permission)
    for (action, resource), permission in needed.items():
        here = [use for use in uses if use.action == action and fits(resource, use.resource)]
        seen.update(map(id, here))
        yield from _of_permission(
            permission, resource, here, observable.silence(action, scan.project.region, (resource,))
        )
    for action, resources, some in unexplained(uses, seen):
        resource = " or ".join(resources)
        if used := tuple(use for use in some if use.count and use.evidence is not Evidence.IMPLIED):
            reason = "no command of the framework needs it: a person or a plugin may have called it"
            yield Row(Class.USED_NOT_FOUND, DEPLOYER, (), action, resource, used, False, reason=reason)
        if denied := tuple(use for use in some if use.denied):
            yield Row(Class.DENIED, DEPLOYER, (), action, resource, denied, False, reason=why_denied(denied))


def _of_permission(
    permission: DeployPermission, resource: str, uses: Sequence[Observed], silence: str
) -> Iterator[Row]:
    place = next((one.place for one in permission.because if isinstance(one, ResourceProperty)), None)

    def row(kind: Class, some: Sequence[Observed], reason: str = "") -> Row:
        return Row(
            kind,
            DEPLOYER,
            (),
            permission.action,
            resource,
            tuple(some),
            True,
            None,
            _GENERATED in resource,
            reason,
            place,
        )

    if used := [use for use in uses if use.count]:
        yield row(Class.CONFIRMED, used)
    else:
        yield row(Class.NOT_OBSERVABLE if silence else Class.IDLE, (), silence)
    if denied := [use for use in uses if use.denied]:
        yield row(Class.DENIED, denied, why_denied(denied))
