"""The main job, stage after stage: a project in, every function's needed permissions and policy out.

``project`` gave the Project; here each function's code is searched (``calls``), its calls and settings become
required permissions (``permissions``) bound to the project's own resources, and these a policy (``generate``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport, SdkCall
from scopedown.calls.sources import MODULE_VARIABLES, Sources
from scopedown.catalog.model import Catalog
from scopedown.core.finding import Finding
from scopedown.core.text import Text
from scopedown.generate.document import generate
from scopedown.permissions.bind import bind
from scopedown.permissions.from_config import from_config
from scopedown.permissions.merge import merge
from scopedown.permissions.model import RequiredPermission
from scopedown.permissions.require import require
from scopedown.permissions.stacks import seen_from
from scopedown.project.model import Function, Handler, Project

ANALYSED = ("python", "javascript", "typescript")
"""Languages whose code is searched for calls."""


@dataclass(frozen=True, slots=True)
class AssumedRole:
    """Permissions that calls need of another role, whose credentials they use."""

    role: Text
    permissions: tuple[RequiredPermission, ...]


@dataclass(frozen=True, slots=True)
class FunctionScan:
    """One function: what its code calls, what it needs and the policy that grants exactly that."""

    function: Function
    report: CallReport
    permissions: tuple[RequiredPermission, ...]
    assumed: tuple[AssumedRole, ...]
    policy: Mapping[str, Any]
    not_analysed: tuple[str, ...]
    """Reasons why code was not looked into, in words."""
    findings: tuple[Finding, ...] = ()
    """What is wrong with its hints; what its code's files say is in the report."""


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
) -> ProjectScan:
    """Scan a project's functions (all, or the named ones); ``progress`` is told each function's name first."""
    sources = _ProjectSources(project.root)
    scanned = []
    for function in project.functions:
        if only and function.key not in only:
            continue
        progress(function.key)
        scanned.append(_scan_function(function, project, sources, catalog))
    findings = dict.fromkeys(project.findings)
    for one in scanned:
        findings.update(dict.fromkeys((*one.report.findings, *one.findings)))
    if not only:
        findings.update(dict.fromkeys(_unused(scanned)))
    return ProjectScan(project, tuple(scanned), tuple(findings))


@dataclass(slots=True)
class _ProjectSources:
    """The source files of a project: functions that are packaged alike share what was read."""

    root: str
    _by_package: dict[tuple[object, ...], Sources] = field(default_factory=dict)

    def of(self, function: Function, handler: Handler) -> Sources:
        variables = {name: function.environment.get(name) for name in MODULE_VARIABLES}
        paths = {name: text.literal for name, text in variables.items() if text is not None and text.literal}
        key = (handler.root, *function.layers, *sorted(paths.items()))
        if key not in self._by_package:
            self._by_package[key] = Sources(self.root, handler.root, function.layers, environment=paths)
        return self._by_package[key]


def _scan_function(function: Function, project: Project, files: _ProjectSources, catalog: Catalog) -> FunctionScan:
    report, not_analysed = CallReport(), []
    handler = function.handler
    if handler is None or handler.file is None:
        not_analysed.append("its handler's source was not found")
    elif function.language not in ANALYSED:
        not_analysed.append(f"code in {function.language or 'an unknown language'} is not analysed")
    else:
        sources, file = files.of(function, handler), handler.file
        if handler.inline is not None:
            file = f"{project.config}#{function.logical_id}/{handler.file}"
            sources.add_inline(file, handler.inline.text, handler.inline.place)
        report = find_calls(sources, catalog, project.dependencies, file, handler.symbol)
    own = [call for call in report.calls if call.credentials is None]
    needed = [*_required(own, function, project, catalog), *from_config(function, project)]
    findings: list[Finding] = []
    if report.hints:
        from scopedown.permissions.hints import required_by

        for hint in report.hints:
            asked, wrong = required_by(hint, function, project, catalog)
            needed += asked
            findings += wrong
    permissions = merge([seen_from(function, one) for one in needed])
    roles: dict[Text, list[SdkCall]] = {}
    for call in report.calls:
        if call.credentials is not None:
            roles.setdefault(call.credentials, []).append(call)
    assumed = tuple(
        AssumedRole(role, merge(_required(calls, function, project, catalog))) for role, calls in roles.items()
    )
    not_analysed += [f"module {name} is not part of the project" for name in report.not_analysed]
    return FunctionScan(
        function, report, permissions, assumed, generate(permissions), tuple(not_analysed), tuple(findings)
    )


def _unused(scanned: Iterable[FunctionScan]) -> Iterator[Finding]:
    """The hints that come to nothing for every function: one that any of them heeds is fine."""
    reports = [one.report for one in scanned]
    heeded = {hint.place for report in reports for hint in report.hints}
    heeded |= {ignored.hint for report in reports for ignored in report.ignored}
    idle = {hint.place: hint for report in reports for hint in report.idle if hint.place not in heeded}
    for place in sorted(idle):
        yield Finding("hint-unused", idle[place].message, place, "remove the hint, or move it to what it is about")


def _required(
    calls: list[SdkCall], function: Function, project: Project, catalog: Catalog
) -> tuple[RequiredPermission, ...]:
    return tuple(bind(needed, function, project, catalog) for call in calls for needed in require(call, catalog))
