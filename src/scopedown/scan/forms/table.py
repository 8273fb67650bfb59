"""A scan as people read it on a terminal: a table a function, then what is unresolved and not analysed.

Permissions that share their resources and their reasons stand in one row; on a narrow terminal a row is a paragraph.
Text from a user's files is printed as data: no markup, and no escape sequence, takes effect.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scopedown.calls.model import Hint, SdkCall
from scopedown.catalog.load import catalog
from scopedown.catalog.model import Catalog
from scopedown.core.coverage import Cause, Unseen, Verdict
from scopedown.core.finding import Severity, printable
from scopedown.core.words import count, some_of
from scopedown.emit.lines import (
    condition_lines,
    drawing,
    function_heading,
    print_findings,
    print_heading,
    print_line,
    safe,
)
from scopedown.permissions.merge import in_order
from scopedown.permissions.model import Certainty, ConfigSource, Origin, Reason, RequiredPermission, Resource
from scopedown.permissions.require import named_by
from scopedown.project.model import Project
from scopedown.scan import FunctionScan, ProjectScan
from scopedown.scan.forms import Scans
from scopedown.scan.forms.allowed_today import allowed_today
from scopedown.scan.forms.coverage import MAX_ACTIONS, sentence
from scopedown.scan.forms.report import open_places, origin_of

_STYLE = {Certainty.RESOLVED: "", Certainty.PATTERN: "yellow", Certainty.UNKNOWN: "red"}
MAX_REASONS = 2
"""Reasons shown in a row without ``explain``; more are counted."""
MAX_UNSEEN = 8
"""Parts of a function's code that were not seen and are shown without ``explain``; more are counted."""
MIN_WIDTH = 120
"""Columns of a terminal below which rows are paragraphs: three columns would be a letter mill."""


def render(shown: Scans, explain: bool = False, everything: bool = False) -> Callable[[Console], None]:
    """What prints all projects."""

    return drawing(shown.scans, lambda scan, console: print_scan(scan, console, explain, everything))


def print_scan(scan: ProjectScan, console: Console, explain: bool = False, everything: bool = False) -> None:
    """Print a whole project's scan; with ``explain`` every reason and the chain of functions to each call, and with
    ``everything`` the rows that functions have for their logs."""
    print_heading(scan.project, console)
    for function in scan.functions:
        _print_function(function, scan.project, console, explain, everything)
    print_findings(scan.findings, console)
    console.print()
    if explain and (harmless := sorted({name for one in scan.functions for name in one.report.harmless})):
        said = (
            "1 package that cannot call AWS was"
            if len(harmless) == 1
            else f"{len(harmless)} packages that cannot call AWS were"
        )
        print_line(console, f"[dim]{said} not read: {safe(', '.join(harmless))}[/]")
    hidden = sum(of_logs(permission) for one in scan.functions for permission in one.permissions)
    print_line(console, summary(scan) + ("; --all shows the rows for logs" if hidden and not everything else ""))


def of_logs(permission: RequiredPermission) -> bool:
    """Whether a permission is for the function's own log group, which nearly every function has."""
    reasons = permission.because
    return permission.origin is Origin.CONFIG and all(
        isinstance(reason, ConfigSource) and reason.setting == "logs" for reason in reasons
    )


def summary(scan: ProjectScan) -> str:
    """What was found, in one line."""
    origins = Counter(permission.origin for function in scan.functions for permission in function.permissions)
    parts = [f"{count(origins[Origin.CODE], 'permission')} from code", f"{origins[Origin.CONFIG]} from settings"]
    parts += [f"{origins[Origin.HINT]} from hints"] if origins[Origin.HINT] else []
    counted = (
        (sum(len(unresolved(function)) for function in scan.functions), "{} unresolved"),
        (sum(len(function.report.possible) for function in scan.functions), "{} possible"),
        (_verdicts(scan, Verdict.PARTLY), "{} seen partly"),
        (_verdicts(scan, Verdict.NONE), "{} not seen"),
        (sum(finding.severity is not Severity.NOTE for finding in scan.findings), "{} to look at above"),
    )
    parts += [words.format(number) for number, words in counted if number]
    return f"{count(len(scan.functions), 'function')}: {', '.join(parts)}"


def _verdicts(scan: ProjectScan, verdict: Verdict) -> int:
    return sum(function.coverage.verdict is verdict for function in scan.functions)


def unresolved(scan: FunctionScan) -> list[tuple[str, str]]:
    """(place, reason) of every resource of which nothing is known, each once."""
    return list(dict.fromkeys((place.of_line, why) for place, why in open_places(scan.permissions)))


def _print_function(
    scan: FunctionScan, project: Project, console: Console, explain: bool, everything: bool
) -> None:  # fmt: skip
    function = scan.function
    listed = [one for one in scan.permissions if everything or not of_logs(one)]
    console.print()
    print_line(
        console,
        function_heading(function)
        + (f"  made at {safe(function.place.of_line)}" if project.framework == "cdk" else "")
        + ("  [dim]+ logs[/]" if len(listed) < len(scan.permissions) else ""),
    )
    if listed:
        shown = rows(listed, explain)
        if console.width >= MIN_WIDTH:
            console.print(_table(shown, console.width))
        else:
            for row in shown:
                _paragraph(row, console)
    from_code = any(one.origin is not Origin.CONFIG for one in scan.permissions)
    if not from_code and not scan.report.ignored and scan.coverage.is_whole:
        console.print("  [dim]its code calls nothing that needs a permission[/]")
    if today := allowed_today(scan, project):
        print_line(console, f"  [dim]{safe(today)}[/]")
    for role in scan.assumed:
        actions = ", ".join(sorted({permission.action for permission in role.permissions}))
        print_line(console, f"  with the role [bold]{safe(str(role.role))}[/]: {safe(actions)}")
    for place, reason in unresolved(scan):
        print_line(console, f"  [red]unresolved[/] {safe(place)}: {safe(reason)}")
    for possible in scan.report.possible:
        print_line(
            console,
            f"  [yellow]possible[/] {safe(str(possible.place))}: {possible.service}.{possible.operation}, "
            f"not granted: {safe(possible.reason)}",
        )
    for left_out in scan.report.ignored:
        where = f"{left_out.name} at {left_out.place}"
        print_line(console, f"  [dim]left out by a hint[/] {safe(where)}: {safe(left_out.reason)}")
    _print_unseen(scan, explain, console)
    _print_sites(scan, explain, console)


def _print_sites(scan: FunctionScan, explain: bool, console: Console) -> None:
    """The lines that name an operation and were not seen to run: their number, or each of them."""
    sites = scan.report.sites
    if not sites:
        return
    actions = sorted({action for site in sites for action in site.may_call})
    words = "line that names an operation was" if len(sites) == 1 else "lines that name operations were"
    what = f"{len(sites)} {words} not seen to run; rights to {some_of(actions, MAX_ACTIONS)} are kept"
    print_line(console, f"  [dim]{safe(what)}[/]")
    for site in sites if explain else ():
        print_line(console, f"    [dim]{safe(f'{site.place}: {site.word}')}[/]")


def _print_unseen(scan: FunctionScan, explain: bool, console: Console) -> None:
    """What was not seen: each sentence once for a file, and a few of them, unless all are asked for."""
    alike: dict[object, list[Unseen]] = {}
    for one in scan.coverage.unseen:
        key = len(alike) if explain or one.place is None else (one.place.file, sentence(one), one.remedy)
        alike.setdefault(key, []).append(one)
    for one, *others in list(alike.values())[: None if explain else MAX_UNSEEN]:
        at = f"{one.place}: " if one.place is not None and not scan.coverage.nothing else ""
        more = f"; so at {count(len(others), 'more place')} of the file" if others else ""
        print_line(console, f"  [yellow]not seen[/] {safe(at + sentence(one) + more)}")
        if one.remedy and (explain or one.cause is Cause.OPERATION):  # which lists the names that it may have meant
            print_line(console, f"    {safe(one.remedy)}")
    if not explain and (left := len(alike) - MAX_UNSEEN) > 0:
        print_line(console, f"  [yellow]not seen[/] {count(left, 'more part')} of its code (--explain shows all)")


@dataclass(slots=True)
class Row:
    """Actions that share their resources and reasons."""

    resources: tuple[Resource, ...]
    conditions: tuple[str, ...]
    why: tuple[str, ...]
    actions: list[str] = field(default_factory=list)


def rows(permissions: Iterable[RequiredPermission], explain: bool = False) -> list[Row]:
    """The rows of a function's table: code first, then settings, by action."""
    facts = catalog()
    found: dict[object, Row] = {}
    for permission in in_order(permissions):
        why = tuple(dict.fromkeys(_reason(reason, permission.action, facts, explain) for reason in permission.because))
        if not explain and len(why) > MAX_REASONS:
            why = (*why[:MAX_REASONS], f"and {len(why) - MAX_REASONS} more (--explain)")
        shown = tuple((str(resource.arn), resource.certainty) for resource in permission.resources)
        conditions = tuple(condition_lines(permission))
        key = (permission.origin, shown, conditions, why)
        row = found.setdefault(key, Row(permission.resources, conditions, why))
        if permission.action not in row.actions:
            row.actions.append(permission.action)
    return list(found.values())


def _table(shown: list[Row], width: int) -> Table:
    """Actions are not broken; reasons take at most two fifths of the line, and resources the rest."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    action = max(len(name) for row in shown for name in row.actions) + 2
    why = min(max((len(line) for row in shown for line in row.why), default=0), width * 2 // 5)
    resource = max(width - action - why - 6, 20)
    for title in ("  Action", "Resource", "Why"):
        table.add_column(title, overflow="fold")
    for row in shown:
        table.add_row(
            "\n".join(f"  {safe(name)}" for name in row.actions),
            "\n".join([*(_resource(one, resource) for one in row.resources), *_conditions(row, resource)]),
            "\n".join(escape(line) for text in row.why for line in wrapped(printable(text), why, " ")),
        )
    return table


def _paragraph(row: Row, console: Console) -> None:
    """A row on lines of its own: the actions, then what they act on, then why."""
    width = console.width - 4
    lines = [f"  {line}" for line in wrapped(", ".join(row.actions), width, " ")]
    about = [*(_resource(resource, width) for resource in row.resources), *_conditions(row, width)]
    about += [f"[dim]{escape(line)}[/]" for text in row.why for line in wrapped(printable(text), width, " ")]
    lines += [f"    {line}" for text in about for line in text.split("\n")]
    print_line(console, "\n".join(lines))


def _resource(resource: Resource, width: int) -> str:
    text = escape("\n".join(wrapped(printable(str(resource.arn)), width, ":/")))
    style = _STYLE[resource.certainty]
    return f"[{style}]{text}[/]" if style else text


def _conditions(row: Row, width: int) -> list[str]:
    return [f"[dim]{escape(line)}[/]" for text in row.conditions for line in wrapped(printable(text), width, " ")]


def wrapped(text: str, width: int, marks: str) -> Iterator[str]:
    """Lines of at most ``width`` characters, broken after one of ``marks`` where there is one outside of ``${}``;
    lines after the first are indented.

    >>> list(wrapped("arn:aws:logs:${AWS::Region}:1:log-group:/aws/lambda/a", 24, ":/"))
    ['arn:aws:logs:', '  ${AWS::Region}:1:', '  log-group:/aws/lambda/', '  a']
    """
    indent = ""
    while len(text) > (room := max(width - len(indent), 1)):
        cut, depth = 0, 0
        for position, character in enumerate(text[:room], 1):
            depth += (character == "{") - (character == "}")
            if character in marks and depth <= 0 and text[position] not in marks:
                cut = position
        cut = cut or room
        yield indent + text[:cut].rstrip(" ")
        text, indent = text[cut:].lstrip(" "), "  "
    yield indent + text


def _reason(reason: Reason, action: str, facts: Catalog, explain: bool) -> str:
    where = reason.place.of_line
    if isinstance(reason, Hint):
        return f"{where} a hint ({reason.said})" if explain else f"{where} a hint"
    if not isinstance(reason, SdkCall):
        return f"{where} {reason.setting}"
    text = f"{where} {reason.name}"
    named = {
        parameter: " or ".join(dict.fromkeys(map(origin_of, texts)))
        for parameter, texts in named_by(reason, action, facts).items()
    }
    if explain:
        text += f" ({', '.join(f'{name} from {origin}' for name, origin in named.items())})" if named else ""
        return f"{text}, by {' → '.join(reason.path)}" if reason.path else text
    variables = dict.fromkeys(origin for origin in named.values() if origin.startswith("env:"))
    return f"{text} ({', '.join(variables)})" if variables else text
