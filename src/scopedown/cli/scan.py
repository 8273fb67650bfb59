"""``scopedown scan``: the permissions that each function needs."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place

if TYPE_CHECKING:
    from scopedown.project.load import Options
    from scopedown.scan import ProjectScan

MIN_COLUMNS = 40
"""A table is never narrower, whatever COLUMNS says."""
_REGION = re.compile(r"[a-z0-9-]+")
_ACCOUNT = re.compile(r"[0-9]{12}")
"""Both stand in ARNs, where a ``*`` would grant what nobody asked for."""

_EXAMPLES = """
\b
Examples:
  scopedown scan                                  # the project in this folder, as tables
  scopedown scan --explain --function create      # one function, with every reason
  scopedown scan --format yaml                    # statements to paste into serverless.yml
  scopedown scan services --recursive --format json > scan.json
  scopedown scan --stage prod --param-file values.yml
"""


@click.command(epilog=_EXAMPLES)
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--recursive", is_flag=True, help="Every project under PATH, in one process.")
@click.option("--stage", help="As the framework's --stage.")
@click.option("--region", help="As the framework's --region; it replaces AWS::Region in ARNs.")
@click.option("--account", help="The 12 digit account id; it replaces AWS::AccountId in ARNs.")
@click.option("--param", "params", multiple=True, metavar="KEY=VALUE", help="A value of ${param:KEY}; repeatable.")
@click.option(
    "--param-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="YAML of values that only AWS knows: {'ssm:/path': value, 'cf:stack.Output': value, 's3:bucket/key': value}.",
)
@click.option("--function", "functions", multiple=True, metavar="NAME", help="Only this function; repeatable.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "yaml", "json"]),
    default="table",
    show_default=True,
    help="Tables to read, statements to paste, or JSON (docs/json.md).",
)
@click.option("--explain", is_flag=True, help="Every reason, with the chain of functions to each call.")
@click.option("--strict", is_flag=True, help="Exit 2 where a variable of the project file could not be resolved.")
def scan_command(
    path: Path,
    recursive: bool,
    stage: str | None,
    region: str | None,
    account: str | None,
    params: tuple[str, ...],
    param_file: Path | None,
    functions: tuple[str, ...],
    form: str,
    explain: bool,
    strict: bool,
) -> None:
    """Work out the permissions that each function of the project in PATH needs.

    PATH is a project's folder or its configuration file. The code and the configuration are read, never run.
    """
    from scopedown.catalog.load import catalog
    from scopedown.project.load import NotAwsError, find_projects, load_project
    from scopedown.scan import scan

    options = _options(stage, region, account, params, param_file)
    errors: list[ScopedownError] = []
    scans: list[ProjectScan] = []
    others = 0
    with _progress() as progress:
        paths = find_projects(path) if recursive and path.is_dir() else [path]
        if not paths:
            raise ScopedownError(
                f"no project was found under {path}", remedy="name a folder that holds a serverless.yml"
            )
        known: set[str] = set()
        for number, one in enumerate(paths, 1):
            prefix = f"{number}/{len(paths)} {one.parent.name} " if recursive else ""
            try:
                project = load_project(one, options)
                known.update(function.key for function in project.functions)
                if not recursive:
                    _require_functions(functions, known)
                scans.append(scan(project, catalog(), frozenset(functions), partial(progress, prefix)))
            except NotAwsError:
                if not recursive:
                    raise
                others += 1
            except ScopedownError as error:
                if not recursive:
                    raise
                errors.append(_below(error, one, path))
    _require_functions(functions, known)
    _print(form, scans, errors, path if recursive else None, others, explain)
    unresolved = any(finding.code.startswith("variable") for one in scans for finding in one.findings)
    if strict and unresolved:
        click.get_current_context().exit(2)


def _below(error: ScopedownError, config: Path, base: Path) -> ScopedownError:
    """The error of one of several projects, its place named from the folder that was scanned."""
    file = (config.parent / (error.place.file if error.place else config.name)).absolute()
    name = file.relative_to(base.absolute()) if file.is_relative_to(base.absolute()) else file
    place = Place(name.as_posix(), error.place.line, error.place.column) if error.place else Place(name.as_posix())
    return ScopedownError(error.message, place, error.remedy)


def _options(
    stage: str | None, region: str | None, account: str | None, params: tuple[str, ...], param_file: Path | None
) -> Options:
    from scopedown.project.load import Options, read_values

    if region is not None and not _REGION.fullmatch(region):
        raise ScopedownError(f"{region!r} is no region", remedy="write --region as AWS does: us-east-1")
    if account is not None and not _ACCOUNT.fullmatch(account):
        raise ScopedownError(f"{account!r} is no account id", remedy="an account id has 12 digits")
    given: dict[str, str] = {}
    for item in params:
        key, equals, value = item.partition("=")
        if not equals:
            raise ScopedownError(f"--param {item} has no '='", remedy="write --param KEY=VALUE")
        given[key] = value
    values = read_values(param_file) if param_file else {}
    return Options(
        stage=stage, region=region, account=account, params=given, values=values, environment=dict(os.environ)
    )


def _require_functions(names: tuple[str, ...], known: set[str]) -> None:
    for name in names:
        if name not in known:
            has = f"it has {', '.join(sorted(known))}" if known else "it has no functions"
            raise ScopedownError(f"no function is named {name!r}", remedy=has)


def _print(
    form: str, scans: list[ProjectScan], errors: list[ScopedownError], base: Path | None, others: int, explain: bool
) -> None:
    if form == "json":
        from scopedown.emit.report import report, reports

        shown = reports(scans, errors, base.resolve()) if base else report(scans[0])
        click.echo(json.dumps(shown, indent=2, ensure_ascii=not _prints_unicode()))
    elif form == "yaml":
        from scopedown.emit.statements import statements_yaml

        for one in scans:
            click.echo(statements_yaml(one), nl=False)
    else:
        click.echo(_tables(scans, explain), nl=False)
    for error in errors:
        click.echo(f"not read: {error.finding('project-unreadable')}", err=True)
    if base and form != "json":
        functions = sum(len(one.functions) for one in scans)
        click.echo(
            f"\n{len(scans)} projects read, {len(errors)} not read, {others} of other clouds, {functions} functions",
            err=form == "yaml",
        )


def _prints_unicode() -> bool:
    return (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") == "utf8"


def _tables(scans: list[ProjectScan], explain: bool) -> str:
    """The scans as tables: as wide as the terminal (elsewhere COLUMNS, or 140), coloured on a terminal only."""
    from rich.console import Console

    from scopedown.emit.table import print_scan

    terminal = sys.stdout.isatty()
    plain = not terminal or bool(os.environ.get("NO_COLOR"))
    columns = os.environ.get("COLUMNS", "")
    # On a terminal rich asks it; a COLUMNS that is no width (0, or a digit that int refuses) would print nothing.
    given = int(columns) if columns.isdecimal() and len(columns) < 6 else 0
    width = max(given, MIN_COLUMNS) if given else None if terminal else 140
    # Without emoji=False, rich makes a picture of the :secret: in an ARN.
    console = Console(
        highlight=False, emoji=False, width=width, color_system=None if plain else "auto", force_terminal=terminal,
        _environ={name: value for name, value in os.environ.items() if name != "COLUMNS"},
    )  # fmt: skip
    with console.capture() as shown:
        for number, one in enumerate(scans):
            if number:
                console.print()
            print_scan(one, console, explain)
    text = shown.get()
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines()) if plain else text


@contextmanager
def _progress() -> Iterator[Callable[[str, str], None]]:
    """Tell what is being done once the work takes over a second; on a terminal's stderr only."""
    started = time.monotonic()
    shown = False

    def tell(prefix: str, name: str) -> None:
        nonlocal shown
        if sys.stderr.isatty() and time.monotonic() - started > 1:
            shown = True
            sys.stderr.write(f"\r\x1b[2K{(prefix + name)[:70]}")
            sys.stderr.flush()

    try:
        yield tell
    finally:
        if shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
