"""A proof as people read it on a terminal: what ran, what was denied, and a table of every statement."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scopedown.core.finding import printable
from scopedown.emit.lines import print_line, safe
from scopedown.prove.model import Proof, StatementUse
from scopedown.prove.report.words import (
    denial_line,
    denied_on,
    function_result,
    holder_summary,
    rests_on,
    statement_name,
    step_error,
    step_result,
    use_result,
    verdict,
)

TAIL = 12
"""Lines of a failed command's output that are shown."""


def render(proof: Proof, explain: bool = False) -> Callable[[Console], None]:
    """What prints a proof."""
    return partial(print_proof, proof, explain=explain)


def print_proof(proof: Proof, console: Console, explain: bool = False) -> None:
    """Print a proof. What was used and needed is told briefly, unless ``explain`` is set."""
    colour = "red" if not proof.proven else "green" if proof.functions_proven else "yellow"
    print_line(console, f"[bold {colour}]{safe(verdict(proof))}[/]")
    for failure in proof.failures:
        print_line(console, f"  [red]{safe(failure)}[/]")
    _steps(proof, console)
    _functions(proof, console)
    _denials(proof, console)
    console.print()
    for line in holder_summary(proof):
        print_line(console, safe(line))
    if proof.real:
        console.print(_statements(proof, explain))
    print_line(console, safe(rests_on(proof)))
    for one in proof.presupposed:
        print_line(console, safe(one))
    for one in proof.stand_ins:
        print_line(console, f"[dim]stand-in: {safe(one)}[/]")
    for note in proof.notes:
        print_line(console, f"[dim]note: {safe(note)}[/]")


def _steps(proof: Proof, console: Console) -> None:
    console.print()
    for step in proof.steps:
        colour = "dim" if step.skipped else "green" if step.ok else "red"
        seconds = f"{step.seconds:5.1f} s" if not step.skipped else "       "
        print_line(console, f"  {seconds}  {safe(step.label)}: [{colour}]{safe(step_result(step))}[/]")
        if error := step_error(step):
            print_line(console, f"           [red]{safe(error)}[/]")
        if not step.ok:
            for line in [line for line in step.output.splitlines() if line.strip()][-TAIL:]:
                print_line(console, f"           [dim]{safe(line)}[/]")
        if not step.ok and step.remedy:
            print_line(console, f"           [yellow]to do: {safe(step.remedy)}[/]")
    if proof.learned:
        why = "on, denials were only recorded, to find everything that is missing in one run"
        print_line(console, f"  [yellow]from {safe(proof.learned)} {why}[/]")


def _functions(proof: Proof, console: Console) -> None:
    if proof.functions:
        console.print()
        print_line(console, f"functions, under their {proof.function_policies} policies:")
    for function in proof.functions:
        print_line(console, f"  [bold cyan]{safe(function.function)}[/]: {safe(function_result(function))}")


def _denials(proof: Proof, console: Console) -> None:
    counted = [denial for denial in proof.denials if not denial.harmless]
    if counted:
        console.print()
        print_line(console, "[red]denied:[/]")
    for group, remedy in denied_on(counted):
        print_line(console, f"  {safe(group[0].holder)}, on {safe(group[0].resource)}")
        for denial in group:
            print_line(console, f"    {safe(denial_line(denial))}")
        print_line(console, f"    {safe(remedy)}")
    harmless = [denial for denial in proof.denials if denial.harmless]
    if harmless:
        console.print()
        print_line(console, "[dim]denied without consequence:[/]")
    for denial in harmless:
        print_line(
            console, f"  {safe(f'{denial.holder}: {denial_line(denial)} on {denial.resource}: {denial.harmless}')}"
        )
    if proof.unforeseen:
        console.print()
        print_line(
            console, "[red]called by a function but missing from its scan (an error of scopedown, please report it):[/]"
        )
    for lacks in proof.unforeseen:
        beside = " (named on other resources)" if lacks.resource_only else ""
        print_line(
            console, f"  {safe(f'{lacks.function}: {lacks.action} on {lacks.resource} ({lacks.operation})')}{beside}"
        )
    for title, names in (
        ("scopedown does not know what AWS checks for", proof.unmapped),
        ("was signed with an unknown key", proof.strange),
    ):
        for name in names:
            print_line(console, f"  [red]{title}[/] {safe(name)}")


def _statements(proof: Proof, explain: bool) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=True, header_style="bold")
    table.add_column("statement", no_wrap=True)
    table.add_column("action", overflow="fold")
    table.add_column("result", overflow="fold")
    for statement in proof.statements:
        for first, (actions, result, style) in enumerate(_rows(statement, explain)):
            name = statement_name(statement) if first == 0 else ""
            table.add_row(escape(printable(name)), escape(printable(actions)), escape(printable(result)), style=style)
    return table


def _rows(one: StatementUse, explain: bool) -> list[tuple[str, str, str]]:
    """Actions with the same result in one row; those that are used and needed together, unless all is asked for."""
    groups: dict[tuple[str, str], list[str]] = {}
    for action in one.actions:
        good = action.used and action.needed
        result = "used" if good and not explain else use_result(action)
        if good and not action.real and not explain:
            result = "used (modelled calls)"
        style = "" if good else "yellow" if action.used else "dim"
        groups.setdefault((result, style), []).append(action.action)
    return [(", ".join(actions), result, style) for (result, style), actions in groups.items()]
