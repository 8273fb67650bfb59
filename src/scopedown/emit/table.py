"""A scan as people read it on a terminal: a table a function, then what is unresolved and not analysed."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scopedown.calls.model import SdkCall
from scopedown.permissions.model import Certainty, Origin, Reason, RequiredPermission
from scopedown.scan import FunctionScan, ProjectScan

_ORDER = {Origin.CODE: 0, Origin.HINT: 1, Origin.CONFIG: 2}
_STYLE = {Certainty.RESOLVED: "", Certainty.PATTERN: "yellow", Certainty.UNKNOWN: "red"}


def print_scan(scan: ProjectScan, console: Console, explain: bool = False) -> None:
    """Print a whole project's scan; with ``explain`` every reason and the chain of functions to each call."""
    project = scan.project
    console.print(
        f"[bold]{escape(project.service)}[/] ({project.framework}, {escape(project.config)}, "
        f"stage {escape(project.stage)}, region {escape(project.region)})"
    )
    for function in scan.functions:
        _print_function(function, console, explain)
    for finding in scan.findings:
        console.print(f"[yellow]{finding.severity}[/]: {escape(str(finding))}")


def _print_function(scan: FunctionScan, console: Console, explain: bool) -> None:
    function = scan.function
    handler = function.handler
    where = escape(f"{handler.file}:{handler.symbol}") if handler and handler.file else "no source"
    console.print()
    console.print(
        f"[bold cyan]{escape(function.key)}[/]  {where}  {escape(function.runtime or 'no runtime')}  "
        f"role {escape(function.role)}"
    )
    if scan.permissions:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
        table.add_column("  Action", overflow="fold", no_wrap=False)
        table.add_column("Resource", overflow="fold")
        table.add_column("Why", overflow="fold")
        for permission in sorted(scan.permissions, key=lambda one: (_ORDER[one.origin], one.action)):
            table.add_row(f"  {escape(permission.action)}", _resources(permission), _why(permission, explain))
        console.print(table)
    if not any(one.origin is Origin.CODE for one in scan.permissions) and handler and handler.file:
        if scan.report.files:
            console.print("  [dim]its code calls nothing that needs a permission[/]")
    for role in scan.assumed:
        actions = ", ".join(sorted({permission.action for permission in role.permissions}))
        console.print(f"  with the role [bold]{escape(str(role.role))}[/]: {escape(actions)}")
    for place, reason in unresolved(scan):
        console.print(f"  [red]unresolved[/] {escape(place)}: {escape(reason)}")
    for possible in scan.report.possible:
        console.print(
            f"  [yellow]possible[/] {possible.place}: {possible.service}.{possible.operation}, "
            f"not granted: {escape(possible.reason)}"
        )
    for reason in scan.not_analysed:
        console.print(f"  [dim]not analysed: {escape(reason)}[/]")


def unresolved(scan: FunctionScan) -> list[tuple[str, str]]:
    """(place, reason) of every resource of which nothing is known, each once."""
    found: dict[tuple[str, str], None] = {}
    for permission in scan.permissions:
        for resource in permission.resources:
            if resource.certainty is Certainty.UNKNOWN:
                for reason in permission.because:
                    found[str(reason.place), f"{permission.action}: {resource.reason}"] = None
    return list(found)


def _resources(permission: RequiredPermission) -> str:
    return "\n".join(
        f"[{style}]{text}[/]" if (style := _STYLE[resource.certainty]) else text
        for resource in permission.resources
        for text in (escape(str(resource.arn)),)
    )


def _why(permission: RequiredPermission, explain: bool) -> str:
    lines = [_reason(reason, explain) for reason in permission.because]
    lines = list(dict.fromkeys(lines))
    if not explain and len(lines) > 2:
        lines = [*lines[:2], f"and {len(lines) - 2} more"]
    return "\n".join(escape(line) for line in lines)


def _reason(reason: Reason, explain: bool) -> str:
    if isinstance(reason, SdkCall):
        text = f"{reason.place.file}:{reason.place.line} {reason.name}"
        return f"{text}, by {' → '.join(reason.path)}" if explain else text
    return f"{reason.place.file}:{reason.place.line} {reason.setting}"
