"""Why a function needs an action: the chain from its handler to each call, and where its resource's name comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from scopedown.calls.model import Hint, IgnoredCall, SdkCall
from scopedown.catalog.model import Catalog
from scopedown.core.text import Att, EnvVar, ImportValue, Literal, Param, Part, Pseudo, Ref, Text, Unknown
from scopedown.core.words import count
from scopedown.emit.lines import function_heading, print_line, safe
from scopedown.iam.wildcard import matching
from scopedown.permissions.model import RequiredPermission
from scopedown.permissions.require import named_by
from scopedown.project.cdk.constructs import construct_path
from scopedown.project.intrinsics import Scope, default_of
from scopedown.project.model import DeclaredResource, Function, Project
from scopedown.scan import FunctionScan, ProjectScan
from scopedown.scan.forms.open_resource import because_of

SCHEMA = "scopedown.explain/1"
MAX_DEPTH = 8
"""Variables that name variables."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation, so many steps inside."""

    depth: int
    text: str


def matches(action: str, wanted: str) -> bool:
    """Whether an action is meant by what the user wrote: an action, a pattern, or a service's prefix alone."""
    pattern = wanted.lower() if ":" in wanted else f"{wanted.lower()}:*"
    return matching(pattern)(action.lower())


Said = Callable[[ProjectScan, FunctionScan, RequiredPermission], str]
"""What logs show of a permission of a function, in words; empty where they show nothing."""


def explanations(
    scan: ProjectScan, wanted: str, facts: Catalog, said: Said | None = None
) -> Iterator[tuple[FunctionScan, list[Line]]]:
    """Every function that needs a wanted action, with the lines that say why; ``said`` adds what logs show."""
    for function in scan.functions:
        lines: list[Line] = []
        for permission in function.permissions:
            if matches(permission.action, wanted):
                lines += lines_of(permission, function.function, scan.project, facts)
                if said is not None and (use := said(scan, function, permission)):
                    lines.append(Line(1, f"by the logs: {use}"))
        for role in function.assumed:
            for permission in role.permissions:
                if matches(permission.action, wanted):
                    lines.append(Line(0, f"with the credentials of the role {role.role}:"))
                    lines += lines_of(permission, function.function, scan.project, facts)
        for ignored in function.report.ignored:
            if any(matches(action, wanted) for action in _actions(ignored, facts)):
                lines.append(Line(0, f"{ignored.name} at {ignored.place} is left out by the hint of {ignored.hint}"))
                lines.append(Line(1, ignored.reason))
        if lines:
            yield function, lines


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why functions need an action: each with its lines."""

    action: str
    scans: Sequence[ProjectScan]
    functions: Sequence[tuple[ProjectScan, FunctionScan, list[Line]]]

    @staticmethod
    def of(scans: Sequence[ProjectScan], wanted: str, facts: Catalog, said: Said | None = None) -> Explanation:
        """That of the functions of several projects."""
        found = [(scan, *one) for scan in scans for one in explanations(scan, wanted, facts, said)]
        return Explanation(wanted, scans, found)


def tree(shown: Explanation) -> dict[str, Any]:
    """One object, ``scopedown.explain/1``: each line with those that say why as its ``reasons``."""
    return {
        "schema": SCHEMA,
        "action": shown.action,
        "functions": [
            {
                "name": function.function.key,
                "coverage": function.coverage.verdict.value,
                "id": function.function.logical_id,
                "project": scan.project.config,
                "service": scan.project.service,
                "reasons": _tree(lines),
            }
            for scan, function, lines in shown.functions
        ],
    }


def _tree(lines: list[Line]) -> list[dict[str, Any]]:
    """Lines that are further inside belong to the line above them."""
    top: list[dict[str, Any]] = []
    open_ends = [top]
    for line in lines:
        one: dict[str, Any] = {"text": line.text, "reasons": []}
        del open_ends[line.depth + 1 :]
        open_ends[-1].append(one)
        open_ends.append(one["reasons"])
    return top


def _actions(call: IgnoredCall, facts: Catalog) -> Iterator[str]:
    operation = facts.operation(call.service, call.operation)
    for mapping in operation.actions if operation else ():
        yield mapping.action


def lines_of(permission: RequiredPermission, function: Function, project: Project, facts: Catalog) -> Iterator[Line]:
    """What is needed (depth 0); its reasons in their order (depth 1), each with its steps below; then its resources."""
    resources = " and ".join(str(resource.arn) for resource in permission.resources)
    yield Line(0, f"{permission.action} on {resources}")
    for reason in permission.because:
        if isinstance(reason, SdkCall):
            yield Line(1, f"{reason.place} {reason.name} ({reason.sdk})")
            if reason.path:
                yield Line(2, f"reached by {' → '.join(reason.path)}")
            for parameter, texts in named_by(reason, permission.action, facts).items():
                for text in texts:
                    yield Line(2, f"{parameter} is {text}")
                    yield from _of_text(text, function, project, 3)
        elif isinstance(reason, Hint):
            yield Line(1, f"{reason.place} a hint says: {reason.said}")
        else:
            yield Line(1, f"{reason.place} the setting {reason.setting}")
    for resource in permission.resources:
        for id in dict.fromkeys(part.id for part in resource.arn.parts if isinstance(part, Ref | Att)):
            declared = project.deployed.get(id) or project.deployed.get(_in_stack(id, function))
            if declared is not None:
                yield Line(1, _declared(id, declared))
        if resource.reason:
            yield Line(1, f"not resolved, because {because_of(resource.reason)}")


def _declared(id: str, declared: DeclaredResource) -> str:
    """A resource as it is shown: its type, its construct in a CDK app, its place."""
    path = construct_path(declared.attributes).removesuffix("/Resource")
    return f"{id} is the {declared.type} {f'{path} ' if path else ''}of {declared.place}"


def _in_stack(id: str, function: Function) -> str:
    """A logical id of the function's own stack, as the project has it."""
    return f"{function.logical_id.rpartition('/')[0]}/{id}"


def _of_text(text: Text, function: Function, project: Project, depth: int) -> Iterator[Line]:
    """Where the parts of a value come from that are not written out."""
    for part in dict.fromkeys(text.parts):
        said = _of_part(part, function, project)
        if said:
            yield Line(depth, said)
        value = function.environment.get(part.name) if isinstance(part, EnvVar) else None
        if value is not None and depth < MAX_DEPTH:
            yield from _of_text(value, function, project, depth + 1)


def _of_part(part: Part, function: Function, project: Project) -> str:
    match part:
        case EnvVar(name, default):
            value = function.environment.get(name)
            if value is not None:
                return f"the environment variable {name} is set to {value}"
            otherwise = f"; the code falls back to {default}" if default is not None else ""
            return f"the environment variable {name} is not set in the project{otherwise}"
        case Ref(id) | Att(id, _):
            declared = project.deployed.get(id)
            return _declared(id, declared) if declared else f"{id} is not declared"
        case Param(name):
            usual = default_of(Scope.of(project).parameters.get(name), part)
            return f"{name} is a parameter of the template" + (f", by default {usual}" if usual != part else "")
        case ImportValue(name):
            return f"it is what another stack exports as {name}"
        case Unknown(reason, place):
            return f"not known: {reason}" + (f" ({place})" if place else "")
        case Literal() | Pseudo() | _:
            return ""


def render(shown: Explanation) -> Callable[[Console], None] | Iterator[str]:
    """What prints the lines, or that no function needs the action."""

    def draw(console: Console) -> None:
        for number, (_, function, lines) in enumerate(shown.functions):
            if number:
                console.print()
            print_line(console, function_heading(function.function))
            for line in lines:
                print_line(console, f"{'  ' * (line.depth + 1)}{safe(line.text)}")

    return draw if shown.functions else _none(shown)


def _none(shown: Explanation) -> Iterator[str]:
    unseen = sum(not function.coverage.is_whole for scan in shown.scans for function in scan.functions)
    left = f", but scopedown did not read all code of {count(unseen, 'function')} (scopedown scan shows why)"
    yield f"no function needs {shown.action}{left if unseen else ''}"
