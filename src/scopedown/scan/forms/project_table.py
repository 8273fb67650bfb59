"""A project as it was understood, for people: functions with their events, roles with their statements, resources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console

from scopedown.core.finding import Severity
from scopedown.core.text import Text, Unknown
from scopedown.core.words import count
from scopedown.emit.lines import drawing, function_heading, print_findings, print_heading, print_line, safe
from scopedown.project.intrinsics import Scope, is_intrinsic, to_text
from scopedown.project.model import DeclaredStatement, Event, Function, Project, Role
from scopedown.scan.forms import Projects
from scopedown.scan.forms.unresolved_values import open_values

_SHOWN = 160
"""Characters of a value that one line shows: an ARN of CloudFormation's pseudo parameters, mostly, is shorter."""


def render(shown: Projects) -> Callable[[Console], None]:
    """What prints all projects."""

    return drawing(shown.projects, print_project)


def print_project(project: Project, console: Console) -> None:
    """Print all of it."""
    print_heading(project, console)
    for function in project.functions:
        _print_function(function, console)
    for role in project.roles.values() if project.framework != "none" else ():
        _print_role(role, console)
    _print_resources(project, console)
    unresolved = open_values(project)
    if unresolved:
        console.print()
    for value in unresolved:
        print_line(
            console, f"[red]unresolved[/] {safe(value.path)}: {safe(value.reason)}  [dim]{safe(str(value.place))}[/]"
        )
    print_findings(project.findings, console)
    console.print()
    print_line(console, summary(project))


def summary(project: Project) -> str:
    """What was understood, in one line."""
    parts = [count(len(project.functions), "function")]
    if project.framework != "none":
        parts.append(count(len(project.roles), "role"))
        parts.append(f"{count(len(project.deployed), 'resource')} ({len(project.generated)} generated)")
    if unresolved := len(open_values(project)):
        parts.append(f"{unresolved} unresolved")
    told = sum(finding.severity is not Severity.NOTE for finding in project.findings)
    return ", ".join(parts + ([f"{told} to look at above"] if told else []))


def _print_function(function: Function, console: Console) -> None:
    console.print()
    print_line(console, function_heading(function))
    if str(function.name) not in (function.key, function.logical_id):
        print_line(console, f"  name {safe(str(function.name))}")
    for event in function.events:
        print_line(console, f"  on {safe(event.kind)}{safe(_settings(event))}  [dim]{safe(str(event.place))}[/]")
    for name, value in function.environment.items():
        print_line(console, f"  {safe(name)} = {safe(_short(value))}")
    for layer in function.layers:
        print_line(console, f"  layer {safe(layer)}")


def _settings(event: Event) -> str:
    """An event's settings that tell it from others of its kind."""
    settings = event.settings
    if isinstance(settings, Mapping):
        names = ("type", "method", "path", "route", "rate", "arn", "bucket", "topicName", "pool", "eventBus", "pattern")
        found = [_short(settings[name]) for name in names if settings.get(name) is not None]
        return "".join(f" {one}" for one in found[:2])
    return f" {_short(settings)}" if settings is not None else ""


def _print_role(role: Role, console: Console) -> None:
    console.print()
    if not role.declared:
        print_line(
            console,
            f"role [bold]{safe(role.id)}[/]  is outside of the project, and scopedown does not know its permissions",
        )
        return
    by = Counter(one.added_by for one in role.statements)
    named = {name: f"the {name}" if name in ("project", "framework") else name for name in by}  # else a plugin
    who = ", ".join(f"{number} of {named[name]}" for name, number in by.items()) if set(by) - {"project"} else ""
    beside = f" ({who})" if who else ""
    print_line(console, f"role [bold]{safe(role.id)}[/]  {count(len(role.statements), 'statement')}{beside}")
    for statement in role.statements:
        print_line(console, f"  {safe(_statement(statement))}  [dim]{safe(str(statement.place))}[/]")
    for policy in role.managed_policies:
        print_line(console, f"  managed policy {safe(_short(policy))}")


def _statement(declared: DeclaredStatement) -> str:
    statement = declared.statement
    does = str(statement.get("Effect", "no Effect")).lower()
    what = [f"{word} {_items(statement[word])}" for word in ("NotAction", "NotResource") if word in statement]
    resource = f" on {_items(statement['Resource'])}" if "Resource" in statement else ""
    condition = " if …" if "Condition" in statement else ""
    return f"{does} {_items(statement.get('Action', ''))}{' '.join(what)}{resource}{condition}"


def _items(value: Any) -> str:
    return ", ".join(map(_short, value)) if isinstance(value, list | tuple) else _short(value)


def _print_resources(project: Project, console: Console) -> None:
    for title, resources in (("resources", project.resources), ("generated", project.generated)):
        shown = [one for id, one in resources.items() if title == "generated" or id not in project.generated]
        if not shown:
            continue
        console.print()
        print_line(console, f"{title}:")
        width = max(len(resource.type) for resource in shown)
        for resource in shown:
            print_line(
                console,
                f"  {safe(resource.type.ljust(width))}  {safe(resource.logical_id)}  "
                f"[dim]{safe(str(resource.place))}[/]",
            )


def _short(value: Any) -> str:
    """A value on one line: an intrinsic function as text, ``?`` for what is not known, a long value cut."""
    if isinstance(value, Text):
        shown = str(value.replace(lambda part: "?" if isinstance(part, Unknown) else part))
    elif isinstance(value, Mapping):
        shown = _intrinsic(value)
    elif isinstance(value, list | tuple):
        shown = f"[{', '.join(map(_short, value))}]"
    else:
        shown = str(value)
    return shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"


def _intrinsic(value: Mapping[str, Any]) -> str:
    """An intrinsic function as the text that it gives (``${Table.Arn}``), any other mapping as it is written."""
    if is_intrinsic(value):
        text = to_text(value, Scope())
        if not text.unknowns:
            return str(text)
    return "{" + ", ".join(f"{key}: {_short(item)}" for key, item in value.items()) + "}"
