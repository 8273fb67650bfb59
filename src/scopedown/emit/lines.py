"""The lines that every report for people is made of. Text from a user's files is data, never markup."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.markup import escape

from scopedown.core.finding import Finding, Severity, printable
from scopedown.permissions.model import RequiredPermission
from scopedown.project.model import Function, Project

_SEVERITY = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


def print_line(console: Console, text: str) -> None:
    """One line of text, never broken by us: a terminal wraps it, and grep finds it whole."""
    console.print(text, soft_wrap=True)


def heading(project: Project) -> str:
    """What was read, in one line: of a folder elsewhere, with the path that tells it from others."""
    root = Path(project.root)
    here = Path.cwd()
    config = root / project.config
    if root.is_relative_to(here) or here.is_relative_to(root):  # a project's root may be above its configuration
        config = Path(os.path.relpath(config, here))
    facts = [project.framework, safe(config.as_posix())]
    facts += [f"stage {safe(project.stage)}"] if project.stage else []
    return f"[bold]{safe(project.service)}[/] ({', '.join(facts)}, region {safe(project.region)})"


def print_heading(project: Project, console: Console) -> None:
    """What was read, and which framework it is compiled as where several could be."""
    print_line(console, heading(project))
    if project.compiler:
        print_line(console, f"[dim]compiled as {project.compiler} does: {safe(project.compiler_reason)}[/]")


def beginning(function: Function) -> str:
    """Where a function's code begins: ``file:symbol``."""
    handler = function.handler
    if handler is None or not handler.file:
        return "no source"
    where = handler.inline.place.of_line if handler.inline else handler.file
    return f"{where}:{handler.symbol}" if handler.symbol else where


def function_heading(function: Function) -> str:
    """A function in one line: its key, where its code begins, its runtime and its role."""
    parts = [f"[bold cyan]{safe(function.key)}[/]", safe(beginning(function))]
    if function.logical_id:
        parts += [safe(function.runtime or "no runtime"), f"role {safe(function.role)}"]
    return "  ".join(parts)


Shown = TypeVar("Shown")


def drawing(shown: Iterable[Shown], draw: Callable[[Shown, Console], None]) -> Callable[[Console], None]:
    """What draws several things, with an empty line between them."""

    def draw_all(console: Console) -> None:
        for number, one in enumerate(shown):
            if number:
                console.print()
            draw(one, console)

    return draw_all


def condition_lines(permission: RequiredPermission) -> Iterator[str]:
    """The conditions of a permission, each as ``if KEY OPERATOR VALUES``."""
    for operator, keys in sorted(permission.conditions.items()):
        for key, values in sorted(keys.items()):
            yield f"if {key} {operator} {', '.join(map(str, values))}"


def print_findings(findings: Iterable[Finding], console: Console) -> None:
    """Findings one a line, below an empty line where there are any."""
    shown = [f"[{_SEVERITY[finding.severity]}]{finding.severity}[/]: {safe(str(finding))}" for finding in findings]
    if shown:
        console.print()
    for text in shown:
        print_line(console, text)


def safe(text: str) -> str:
    """Text that is printed as it is."""
    return escape(printable(text))
