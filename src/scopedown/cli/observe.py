"""``scopedown observe``: what roles really did, by CloudTrail's logs, beside what the code needs."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from scopedown.cli.forms import format_option, show
from scopedown.cli.options import fail_on_option, shard_option
from scopedown.cli.output import output_option, require_parquet_output, write_file
from scopedown.cli.projects import PROJECT, Outcome, Request, project_options
from scopedown.cli.scanning import How, scan_options, scan_projects
from scopedown.core.finding import ScopedownError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import ModuleType

    from scopedown.core.gates import FailOn
    from scopedown.observe.reading.logs import Logs, Reader
    from scopedown.observe.reading.wanted import Wanted
    from scopedown.observe.result import Observation
    from scopedown.scan import ProjectScan

_EXAMPLES = """
\b
Examples:
  aws s3 sync s3://TRAIL/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11 logs
  scopedown observe logs --project services/orders
  scopedown observe logs --deployer "arn:aws:iam::*:user/deploy"
  aws cloudformation describe-stack-resources --stack-name orders-dev > stack.json
  scopedown observe logs --stack-resources stack.json   # exact names instead of patterns
  scopedown observe guard.jsonl                         # what scopedown guard recorded
  scopedown observe --sql athena > used.sql             # run it where the logs are
  scopedown observe --used used.csv --fail-on used-not-found,denied
"""


@click.command("observe", epilog=_EXAMPLES)
@click.argument("trail", metavar="[LOGS]...", type=click.Path(path_type=Path), nargs=-1)
@partial(project_options, paths=PROJECT)
@shard_option
@scan_options
@click.option(
    "--used", "tables", multiple=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Read a table of uses that --save-used or a query made, as CSV or Parquet; repeatable.",
)  # fmt: skip
@click.option(
    "--save-used", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write the table of uses to FILE as CSV.",
)  # fmt: skip
@click.option(
    "--engine", type=click.Choice(["python", "duckdb", "spark"]), default="python", show_default=True,
    help="What reads CloudTrail's files. duckdb and spark also read Parquet and need the extra lake; spark also needs "
    "PySpark.",
)  # fmt: skip
@click.option(
    "--sql", type=click.Choice(["athena", "trino", "spark", "duckdb"]),
    help="Print the query of the table for --used, to be run where the logs are, and end. Needs the extra lake.",
)  # fmt: skip
@click.option(
    "--table", "place", metavar="NAME", default="",
    help="The table that the query of --sql reads; for duckdb, a pattern of files.  [default: cloudtrail_logs_pp, or "
    "logs/**/*.json.gz]",
)  # fmt: skip
@click.option("--since", metavar="DATE", default="", help="Leave out records before this day (2026-11-01), in UTC.")
@click.option("--until", metavar="DATE", default="", help="Leave out records from this day on, in UTC.")
@click.option(
    "--deployer", metavar="ARN", default="",
    help="The user or role that deploys the project; its ARN may contain *. Its calls are compared with what the "
    "framework needs.",
)  # fmt: skip
@click.option("--stack-name", metavar="NAME", help="The name of the stack, if the project does not say it.")
@click.option(
    "--stack-resources", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="The output of aws cloudformation describe-stack-resources: the resources' names in the account.",
)  # fmt: skip
@fail_on_option("observe")
@click.option("--all", "all_rows", is_flag=True, help="List also the actions that these logs cannot show.")
@format_option("observation", "text, JSON (docs/json.md), or rows of many projects (docs/fleet.md).")
@output_option
def observe_command(
    trail: tuple[Path, ...], request: Request, how: How, tables: tuple[Path, ...], save_used: Path | None, engine: str,
    sql: str | None, place: str, since: str, until: str, deployer: str, stack_name: str | None,
    stack_resources: Path | None, fail_on: FailOn, all_rows: bool, form: str,
) -> None:  # fmt: skip
    """Compare what roles did, by CloudTrail's logs, with what the code needs.

    LOGS are files or folders: CloudTrail's log files, output of aws cloudtrail lookup-events, events of EventBridge,
    records of scopedown guard, or policies that iamlive wrote (with --deployer, as the actions of that user or role).
    Nothing is deleted because of it: what logs do not show may still be needed. Exit code 1: a gate of --fail-on was
    met.
    """
    from scopedown.catalog.load import catalog
    from scopedown.observe.forms import Observations
    from scopedown.observe.names import Names
    from scopedown.observe.observable import Observable
    from scopedown.observe.result import observe, wanted_of

    if not trail and not tables and not sql:
        raise ScopedownError(
            "no logs are given", remedy="name a folder with CloudTrail's files, or a table with --used"
        )
    if tables and not sql and (since or until):
        raise ScopedownError(
            "--since and --until do not apply to a table of uses", remedy="pass them when you make the table"
        )
    require_parquet_output(form)
    outcome = Outcome()
    scans = scan_projects(request, outcome, how)
    facts = catalog()
    physical, account = _physical(stack_resources) if stack_resources else (None, "")
    names = [Names(one.project, facts, stack_name, physical, account) for one in scans]
    wanted = wanted_of(scans, names, deployer, _day(since, "--since"), _day(until, "--until"))
    if sql:
        click.echo(_query(sql, wanted, scans, place), nl=False)
        return
    read = _read(trail, tables, wanted, deployer, how.jobs, _reader(engine))
    if save_used is not None:
        from scopedown.observe.reading.table import as_csv

        write_file(save_used, as_csv(read.used))
        click.echo(f"scopedown: wrote {save_used}", err=True)
    found = [
        observe(one, own, read.used, read.recorded, deployer, facts) for one, own in zip(scans, names, strict=True)
    ]
    if save_used is not None and read.used.unreadable:
        lost = len(read.used.unreadable)
        files = "1 file" if lost == 1 else f"{lost} files"
        click.echo(f"scopedown: the table lacks {files} that could not be read; download them again", err=True)
    observable = Observable(read.used.covered, facts)
    shown = Observations(read, observable, found, outcome.unread, outcome.base)
    show("observation", form, shown, all_rows=all_rows)
    outcome.name_unread()
    if _fails(found, fail_on):
        click.get_current_context().exit(1)


def _query(sql: str, wanted: Wanted, scans: Sequence[ProjectScan], place: str) -> str:
    """The query of --sql, which reads the parameters of the services that the projects call."""
    from scopedown.catalog.load import catalog

    module = _of_extra("sql")
    functions = [function for one in scans for function in one.functions]
    services = {one.action.partition(":")[0] for function in functions for one in function.permissions}
    return str(module.query(sql, wanted, catalog(), sorted(services), place))


def _reader(engine: str) -> Reader:
    """What reads CloudTrail's files."""
    if engine == "python":
        from scopedown.observe.reading.cloudtrail import read

        return read
    return cast("Reader", _of_extra(f"readers.{engine}").read)


def _of_extra(name: str) -> ModuleType:
    """A module that needs the extra lake. Raises ScopedownError where it is not installed."""
    from importlib import import_module

    try:
        return import_module(f"scopedown.observe.lake.{name}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("scopedown"):
            raise
        raise ScopedownError(
            f"the extra lake is not installed (there is no {error.name})",
            remedy='install it: pip install "scopedown[lake]"',
        ) from None


def _read(
    trail: tuple[Path, ...], tables: Sequence[Path], wanted: Wanted, deployer: str, jobs: int | None, reader: Reader
) -> Logs:
    """The logs and tables, with progress."""
    from scopedown.cli.terminal import progress
    from scopedown.observe.in_use import require_read
    from scopedown.observe.reading.logs import read_logs
    from scopedown.observe.reading.table import read_table
    from scopedown.workers import usable_cpus

    with progress() as tell:
        read = read_logs(
            trail, wanted, jobs or usable_cpus(), deployer,
            lambda done, of: tell(f"{min(done + 1, of)}/{of} ", "files of logs"), reader,
        )  # fmt: skip
    if trail:
        require_read(read)
    for table in tables:
        read.used.add(read_table(table))
    return read


def _day(text: str, option: str) -> str:
    """A day as the time at which it begins. Raises ScopedownError for what is no day."""
    from datetime import date

    if not text:
        return ""
    try:
        return f"{date.fromisoformat(text).isoformat()}T00:00:00Z"
    except ValueError:
        raise ScopedownError(f"{option} {text!r} is not a day", remedy="write it as 2026-11-28") from None


def _physical(file: Path) -> tuple[Mapping[str, str], str]:
    """Logical id → physical id, of what ``describe-stack-resources`` or ``list-stack-resources`` printed, and the
    account in the stack's id, which the first of them prints."""
    from scopedown.core.place import Place
    from scopedown.observe.accounts import owner

    remedy = "give the output of aws cloudformation describe-stack-resources"
    try:
        data = json.loads(file.read_bytes())
        rows = data.get("StackResources") or data["StackResourceSummaries"]
        ids = {str(row["LogicalResourceId"]): str(row.get("PhysicalResourceId") or "") for row in rows}
        return ids, next((owner(str(row["StackId"])) for row in rows if row.get("StackId")), "")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ScopedownError("does not list the resources of a stack", Place(str(file)), remedy) from None


def _fails(found: Sequence[Observation], fail_on: FailOn) -> bool:
    """Whether a gate was met."""
    from scopedown.observe.join import Class

    gates = {"used-not-found": Class.USED_NOT_FOUND, "denied": Class.DENIED}
    kinds = {gates[name] for name in fail_on.names}
    return any(row.kind in kinds for one in found for row in one.rows)
