"""The main job, stage after stage: a project in, every function's needed permissions and policy out.

``project`` gave the Project; here each function's code is searched (``calls``), its calls and settings become
required permissions (``permissions``) bound to the project's own resources, and these a policy (``generate``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from scopedown.calls.faults import report_of_fault
from scopedown.calls.model import CallReport, SdkCall
from scopedown.catalog.model import Catalog
from scopedown.core.coverage import Cause, Coverage
from scopedown.core.finding import Finding
from scopedown.core.text import Text
from scopedown.coverage import coverage_of
from scopedown.permissions.bind import bind
from scopedown.permissions.cycles import seen_from
from scopedown.permissions.encryption import key_permissions, read_back
from scopedown.permissions.from_config import from_config
from scopedown.permissions.merge import merge
from scopedown.permissions.model import RequiredPermission
from scopedown.permissions.require import require
from scopedown.permissions.well_formed import well_formed
from scopedown.project.model import Function, Project
from scopedown.scan.entry_points import Entries
from scopedown.source.language import languages

if TYPE_CHECKING:
    from scopedown.calls.report_cache import Recall
    from scopedown.catalog.newer import Models

_NONE: Final[Mapping[str, CallReport]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class AssumedRole:
    """Permissions that calls need of another role, whose credentials they use."""

    role: Text
    permissions: tuple[RequiredPermission, ...]


@dataclass(frozen=True, slots=True)
class FunctionScan:
    """One function: what its code calls and what it needs."""

    function: Function
    report: CallReport
    permissions: tuple[RequiredPermission, ...]
    assumed: tuple[AssumedRole, ...]
    not_analysed: tuple[str, ...]
    """Reasons why code was not looked into, in words."""
    findings: tuple[Finding, ...] = ()
    """What is wrong with its hints; what its code's files say is in the report."""
    coverage: Coverage = field(default_factory=Coverage)
    """How much of its code was seen."""
    in_use: tuple[tuple[str, str], ...] = ()
    """Actions that logs show in use by its role and that its code does not explain, each with what the logs show:
    ``("sqs:SendMessage", "the logs show it on arn:…:jobs, used 3 times, last 2026-11-28")``."""

    @property
    def policy(self) -> Mapping[str, Any]:
        """The smallest policy that grants its permissions, worked out at each question."""
        from scopedown.generate.document import generate

        return generate(self.permissions)

    @property
    def is_searched(self) -> bool:
        """Whether its own code was searched; a module of others' that is not there is no reason against it."""
        return not _not_searched(self.function) and not self.report.fault


@dataclass(frozen=True, slots=True)
class ProjectScan:
    """A whole project."""

    project: Project
    functions: tuple[FunctionScan, ...]
    findings: tuple[Finding, ...]


def scan(
    project: Project,
    catalog: Catalog,
    only: frozenset[str] = frozenset(),
    progress: Callable[[str], None] = lambda name: None,
    recall: Recall | None = None,
    jobs: int = 1,
    known: Mapping[str, CallReport] = _NONE,
) -> ProjectScan:
    """Scan a project's functions (all, or the named ones); ``progress`` is told each function's name first.

    What ``recall`` knows from earlier runs and is still so is not worked out again. Up to ``jobs`` processes search the
    code, where there is enough of it. The code of a function whose report is ``known``, by its key, is not searched.
    """
    chosen = [function for function in project.functions if not only or function.key in only]
    searched = [function for function in chosen if function.key not in known and not _not_searched(function)]
    reports = Entries(project, catalog, recall).reports(searched, jobs)
    models: Models | None = None
    scanned = []
    for function in chosen:
        progress(function.key)
        why = _not_searched(function)
        report = known.get(function.key, CallReport() if why else None)
        if report is None:
            report = next(reports)
            if any(one.cause is Cause.OPERATION for one in report.unseen):
                from scopedown.scan.newer_names import models_of, with_newer_names

                models = models or models_of(Path(project.root))
                report = with_newer_names(report, models, catalog)
        scanned.append(_isolated(function, report, why, project, catalog))
    findings = dict.fromkeys(project.findings)
    for one in scanned:
        findings.update(dict.fromkeys((*one.report.findings, *one.findings)))
    if not only:
        findings.update(dict.fromkeys(_unused(scanned)))
    return ProjectScan(project, tuple(scanned), tuple(findings))


def _not_searched(function: Function) -> str:
    """Why a function's code is not searched; empty where it is."""
    if function.language not in (None, "typescript") and function.language not in languages():
        return f"scopedown does not read {function.language}"
    if function.handler is None or function.handler.file is None:
        return "scopedown did not find the source of its handler"
    return "" if function.language else "scopedown does not know the language of its code"


def _isolated(
    function: Function, report: CallReport, why: str, project: Project, catalog: Catalog
) -> FunctionScan:  # fmt: skip
    """The scan of a function. A fault of scopedown on the way takes only this function's answer away."""
    try:
        return _scan_function(function, report, why or report.fault, project, catalog)
    except Exception as error:
        failed = report_of_fault(function.key, function.place, error)
        return FunctionScan(function, failed, (), (), (failed.fault,), (), coverage_of(function, failed, failed.fault))


def _scan_function(
    function: Function, report: CallReport, why: str, project: Project, catalog: Catalog
) -> FunctionScan:
    own = [call for call in report.calls if call.credentials is None]
    by_settings = from_config(function, project)
    needed = [
        *_required(own, function, project, catalog),
        *by_settings,
        *key_permissions(by_settings, project),
    ]
    findings: list[Finding] = []
    if report.hints:
        from scopedown.permissions.hints import required_by

        for hint in report.hints:
            asked, wrong = required_by(hint, function, project, catalog)
            needed += asked
            findings += wrong
    permissions = merge([seen_from(function, well_formed(permission, catalog)) for permission in needed])
    roles: dict[Text, list[SdkCall]] = {}
    for call in report.calls:
        if call.credentials is not None:
            roles.setdefault(call.credentials, []).append(call)
    assumed = tuple(
        AssumedRole(
            role, merge(well_formed(permission, catalog) for permission in _required(calls, function, project, catalog))
        )
        for role, calls in roles.items()
    )
    not_analysed = [why] if why else []
    not_analysed += [f"module {name} was not read and may call AWS" for name in report.not_analysed]
    return FunctionScan(
        function, report, permissions, assumed, tuple(not_analysed), tuple(findings),
        coverage_of(function, report, why),
    )  # fmt: skip


def _unused(scanned: Iterable[FunctionScan]) -> Iterator[Finding]:
    """The hints that come to nothing for every function: one that any of them heeds is fine."""
    reports = [one.report for one in scanned]
    heeded = {hint.place for report in reports for hint in report.hints}
    heeded |= {ignored.hint for report in reports for ignored in report.ignored}
    idle = {hint.place: hint for report in reports for hint in report.idle if hint.place not in heeded}
    for place in sorted(idle):
        yield Finding(
            "hint-unused", idle[place].message, place, "remove the hint, or move it to the call that it is about"
        )


def _required(
    calls: list[SdkCall], function: Function, project: Project, catalog: Catalog
) -> tuple[RequiredPermission, ...]:
    found = [bind(needed, function, project, catalog) for call in calls for needed in require(call, catalog)]
    return (*found, *key_permissions(found, project), *read_back(found))
