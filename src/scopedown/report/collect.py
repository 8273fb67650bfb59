"""From scans and what the rules find of them to the values that the page shows.

A policy is shown in the forms that a person pastes, the project's own form first: each framework has another place
for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from scopedown.catalog.model import Catalog
from scopedown.checks.model import Problem
from scopedown.checks.registry import rules
from scopedown.checks.results import results
from scopedown.checks.run import check
from scopedown.compare.subject import subjects
from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.emit.cloudformation import plain
from scopedown.emit.json_text import folded
from scopedown.emit.lines import beginning, condition_lines
from scopedown.emit.yaml_text import dump
from scopedown.observe.said import Uses
from scopedown.permissions.merge import in_order, merge
from scopedown.permissions.model import RequiredPermission
from scopedown.project.model import Function, Project
from scopedown.report.changes import compare
from scopedown.report.graph import graph_of, told
from scopedown.report.model import FunctionPart, Needed, Objection, Policy, ProjectPart, Reason
from scopedown.report.role_before import RoleBefore
from scopedown.scan import FunctionScan, ProjectScan
from scopedown.scan.forms.coverage import sentence
from scopedown.scan.forms.explanation import Line, lines_of
from scopedown.scan.forms.report import unresolved
from scopedown.write.layout import dialect_of
from scopedown.write.model import Dialect

_IN_CDK = "Pass this document to iam.PolicyDocument.fromJson() in the stack."
_PLAIN = "The policy document as JSON."
_FUNCTIONS = f"{_PLAIN} Outside CloudFormation, replace Ref and Fn:: with ARNs."
_SHARED = "Add these statements to {} in {}. All functions on this role get them; scopedown write splits the role."


def policies(one: FunctionScan, project: Project) -> Iterator[Policy]:
    """The forms of a function's policy."""
    document = plain(one.policy)
    if project.framework not in ("cdk", "none"):
        where, tree = _yaml(document, one.function, project)
        yield Policy("YAML", where, dump(tree))
    text = f"{folded(document)}\n"
    has_functions = any(isinstance(arn, Mapping) for one in document["Statement"] for arn in one["Resource"])
    where = _IN_CDK if project.framework == "cdk" else _FUNCTIONS if has_functions else _PLAIN
    yield Policy("JSON", where, text)


def _yaml(document: Mapping[str, Any], function: Function, project: Project) -> tuple[str, dict[str, Any]]:
    """Where the YAML belongs, and its tree."""
    statements = document["Statement"]
    if function.role in project.resources:
        where = f"Paste it into an entry of Policies of the role {function.role}."
        return where, {"PolicyDocument": document}
    if project.framework == "sam":
        return f"Paste it into the Properties of {function.logical_id} in {project.config}.", {"Policies": [document]}
    if project.framework != "serverless":
        return "Paste it into an entry of Policies of the function's role.", {"PolicyDocument": document}
    own = f"Paste it into the function {function.key} in {project.config}."
    match dialect_of(project):
        case Dialect.PLUGIN:
            return own, {"iamRoleStatements": statements}
        case Dialect.V4:
            return own, {"iam": {"role": {"statements": statements}}}
        case Dialect.INLINE:
            is_old = "iamRoleStatements" in project.provider
            where = _SHARED.format("provider", project.config)
            return where, {"iamRoleStatements": statements} if is_old else {"iam": {"role": {"statements": statements}}}


def project_part(
    scan: ProjectScan,
    facts: Catalog,
    chosen: frozenset[str] | None = None,
    known: frozenset[str] = frozenset(),
    repository: Path | None = None,
    path: str = "",
    uses: Uses | None = None,
) -> ProjectPart:
    """A project's part of the page.

    ``chosen`` are the rules that count (None: all), ``known`` the fingerprints of a baseline, which are made from the
    folder of the ``repository``; ``path`` tells the project from others of one page, ``uses``
    is what logs show of its roles.
    """
    project = scan.project
    found = check(scan, facts, chosen, uses=uses)
    problems = tuple(_objections(found.problems, project, known, repository or Path(project.root)))
    by_role = {subject.role.id: RoleBefore(subject) for subject in subjects(scan, facts)}
    numbers: dict[str, list[int]] = {}
    for number, problem in enumerate(problems):
        for key in dict.fromkeys(problem.functions):
            numbers.setdefault(key, []).append(number)
    functions = tuple(
        _function(
            function, scan, by_role.get(function.function.role), numbers.get(function.function.key, ()), facts, uses
        )
        for function in scan.functions
    )  # fmt: skip
    return ProjectPart(
        _title(project, path),
        tuple(_facts(project, path)),
        functions,
        problems,
        tuple(map(finding, scan.findings)),
        graph_of(project, scan.functions, facts),
        len(found.ignored),
    )


def not_read(errors: Iterable[ScopedownError]) -> tuple[str, ...]:
    """Projects that cannot be read, one sentence each."""
    return tuple(str(error.finding("project-unreadable")) for error in errors)


def finding(one: Finding) -> Objection:
    """A finding of the scan."""
    return Objection(one.code, "", one.severity.value, one.message, one.remedy, _at(one.place))


def _title(project: Project, path: str) -> str:
    """The service's name; where that is a variable of which no value is known, the folder."""
    return project.service if _is_named(project) else path if path not in ("", ".") else project.config


def _is_named(project: Project) -> bool:
    return bool(project.service) and "${" not in project.service


def _facts(project: Project, path: str) -> Iterator[tuple[str, str]]:
    yield "project", f"{path}/{project.config}" if path not in ("", ".") else project.config
    if project.service and not _is_named(project):
        yield "service", f"{project.service} (not resolved)"
    yield "framework", project.framework
    if project.compiler:
        yield "compiled as", f"{project.compiler} ({project.compiler_reason})"
    if project.stage:
        yield "stage", project.stage
    yield "region", project.region


def _objections(
    problems: Sequence[Problem], project: Project, known: frozenset[str], repository: Path
) -> Iterator[Objection]:
    """Problems with places as the scan has them; a baseline's fingerprints are made from the repository's folder."""
    by_id = {rule.id: rule for rule in rules()}
    for one, told_ in zip(problems, results(problems, project, repository), strict=True):
        rule = by_id[one.rule]
        related = tuple(f"{_at(place)}: {what}" for place, what in one.related)
        yield Objection(
            rule.id, rule.name, rule.severity.value, one.message, rule.remedy, _at(one.place), one.functions, related,
            told_.fingerprint in known, one.role,
        )  # fmt: skip


def _function(
    one: FunctionScan,
    scan: ProjectScan,
    role: RoleBefore | None,
    problems: Iterable[int],
    facts: Catalog,
    uses: Uses | None = None,
) -> FunctionPart:
    function, report = one.function, one.report
    return FunctionPart(
        function.key,
        beginning(function),
        function.runtime or "",
        function.role,
        tuple(str(told(event, scan.project)) for event in function.events),
        _needed(one.permissions, function, scan.project, facts, uses),
        compare(role, one),
        tuple(problems),
        tuple(f"{said['file']}:{said['line']}: {said['reason']}" for said in unresolved(one.permissions)),
        tuple(f"{_at(call.place)}: {call.service}.{call.operation}: {call.reason}" for call in report.possible),
        tuple(
            f"{_at(call.place)}: {call.name}: {call.reason} (hint at {_at(call.hint)})" for call in report.ignored
        ),
        one.coverage.verdict.value,
        tuple(f"{_at(part.place)}: {sentence(part)}" if part.place else sentence(part) for part in one.coverage.unseen),
        tuple((str(role.role), _needed(role.permissions, function, scan.project, facts)) for role in one.assumed),
        tuple(policies(one, scan.project)),
    )  # fmt: skip


def _needed(
    permissions: Iterable[RequiredPermission],
    function: Function,
    project: Project,
    facts: Catalog,
    uses: Uses | None = None,
) -> tuple[Needed, ...]:
    """Permissions by origin and action, those with the same resources and reasons in one."""
    found: dict[object, list[str]] = {}
    rows: dict[object, Needed] = {}
    for permission in in_order(merge(permissions)):
        reasons, notes = _why(list(lines_of(permission, function, project, facts)), len(permission.because))
        row = Needed(
            (),
            tuple((str(resource.arn), resource.certainty.value) for resource in permission.resources),
            tuple(condition_lines(permission)),
            permission.origin.value,
            reasons,
            notes,
            _use(uses, permission, function, project),
        )
        rows[row] = row
        found.setdefault(row, []).append(permission.action)
    return tuple(replace(row, actions=tuple(found[key])) for key, row in rows.items())


def _use(uses: Uses | None, permission: RequiredPermission, function: Function, project: Project) -> str:
    """What logs show of a permission."""
    if uses is None:
        return ""
    return uses.said(project, function.role, permission.action, (str(one.arn) for one in permission.resources))


def _why(lines: list[Line], count: int) -> tuple[tuple[Reason, ...], tuple[str, ...]]:
    """The first ``count`` lines of depth 1 begin a reason each, the others are notes on the resources."""
    reasons: list[tuple[str, list[tuple[int, str]]]] = []
    notes: list[str] = []
    for line in lines:
        if line.depth == 1 and len(reasons) < count:
            reasons.append((line.text, []))
        elif line.depth == 1:
            notes.append(line.text)
        elif line.depth > 1 and reasons:
            reasons[-1][1].append((line.depth - 2, line.text))
    said = {text for _, steps in reasons for _, text in steps}
    return tuple(Reason(what, tuple(steps)) for what, steps in reasons), tuple(
        note for note in notes if note not in said
    )


def _at(place: Place | None) -> str:
    return place.of_line if place else ""
