"""``scopedown guard``: an AWS on this machine that enforces IAM, until it is told to stop."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scopedown.cli.forms import format_option, show
from scopedown.cli.options import pairs_of
from scopedown.core.finding import ScopedownError

if TYPE_CHECKING:
    from scopedown.guard.program import Options, Program

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("guard")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=4566, show_default=True, help="The port; 0 takes any free port."
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on; 0.0.0.0 makes it reachable from other machines.",
)
@click.option(
    "--record", type=_FILE, metavar="FILE", help="Write every decision to this file, as one line of JSON each."
)
@click.option(
    "--learn", is_flag=True, help="Allow everything, and print each principal's least-privilege policy at the end."
)
@click.option(
    "--policies-of", type=_FILE, metavar="FILE", help="Print the least-privilege policies of a record, and exit."
)
@click.option(
    "--admin-key",
    metavar="ID:SECRET",
    envvar="SCOPEDOWN_GUARD_ADMIN_KEY",
    show_envvar=True,
    help="The administrator's access key; random by default. Set it with the variable to keep it "
    "out of the process list.",
)
@click.option(
    "--policy", "policies", multiple=True, metavar="NAME=FILE", help="Create a user with this policy; repeatable."
)
@click.option("--enforce-only", multiple=True, metavar="NAME", help="Enforce only for this user or role; repeatable.")
@click.option("--context", "pairs", multiple=True, metavar="KEY=VALUE", help="Add a condition key to every request.")
@click.option(
    "--stack-denials-at-once",
    is_flag=True,
    help="Return a stack's denial from CreateStack and UpdateStack; AWS reports it only in the stack's events.",
)
@click.option(
    "--existing", multiple=True, metavar="NAME",
    help="Accept this id, name or ARN in templates, although the local AWS does not have it; repeatable.",
)  # fmt: skip
@format_option("learned")
@click.option("--quiet", is_flag=True, help="Do not print decisions.")
@click.pass_context
def guard_command(ctx: click.Context, /, form: str, policies_of: Path | None, quiet: bool, **options: Any) -> None:
    """Run a local AWS that authorises every request with the local IAM policies.

    Every SDK and the AWS CLI can use it: set AWS_ENDPOINT_URL and the printed access key.
    Stop it with Ctrl+C or SIGTERM.

    Exit code 0: stopped normally. Exit code 2: it could not start, or the record is incomplete.

    \b
    Examples:
      scopedown guard
      scopedown guard --policy app=policy.json --record decisions.jsonl
      scopedown guard --learn
      scopedown guard --existing sg-0123456789abcdef0
      scopedown guard --policies-of decisions.jsonl --format json
      scopedown guard --port 0 --format json --quiet
    """
    if policies_of is not None:
        _policies_of(policies_of, form)
        return
    _run(_options(**options), form, quiet)


def _options(
    *, port: int, host: str, record: Path | None, learn: bool, admin_key: str | None, policies: tuple[str, ...],
    enforce_only: tuple[str, ...],
    pairs: tuple[str, ...],
    stack_denials_at_once: bool,
    existing: tuple[str, ...],
) -> Options:  # fmt: skip
    with _extra():
        from scopedown.guard.program import Options
        from scopedown.guard.program import admin_key as key_of
    if learn and enforce_only:
        raise click.UsageError("--learn denies nothing: --enforce-only has no meaning with it")
    return Options(
        host, port, learn, record, key_of(admin_key) if admin_key else None, frozenset(enforce_only),
        dict(_policies(policies)),
        _context(pairs), stack_denials_at_once, frozenset(existing),
    )  # fmt: skip


def _policies(given: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    from scopedown.guard.program import read_policy

    for name, file in pairs_of("--policy", given, "NAME=FILE"):
        if not name.replace("-", "").replace("_", "").replace(".", "").isalnum() or len(name) > 64:
            raise click.UsageError(f"--policy: {name!r} is not a valid user name")
        yield name, read_policy(name, Path(file))


def _context(pairs: tuple[str, ...]) -> dict[str, object]:
    """A key that is given several times has several values."""
    found: dict[str, list[str]] = {}
    for key, value in pairs_of("--context", pairs):
        found.setdefault(key, []).append(value)
    return {key: values[0] if len(values) == 1 else values for key, values in found.items()}


@contextmanager
def _extra() -> Iterator[None]:
    """What is not installed is named with the way to install it."""
    try:
        yield
    except ImportError as error:
        from scopedown.core.extras import not_installed

        raise not_installed("scopedown guard", error.name, "guard") from error


def _run(options: Options, form: str, quiet: bool) -> None:
    with _extra():
        from scopedown.guard.program import Program
    ends = threading.Event()
    with _told_to_stop(ends), Program(options) as program:
        _greet(program, form)
        shown = threading.Thread(target=_show, args=(program, form, quiet, ends), name="guard-shows", daemon=True)
        shown.start()
        while not ends.wait(0.5):  # a wait without an end would not hear Ctrl+C on Windows
            pass
        shown.join(2)
    _end(program, form)


def _end(program: Program, form: str) -> None:
    """What is to be said when the last request is answered and the record is closed."""
    learned = program.learner.learned()
    if program.options.learn:
        _show_learned(learned, form)
    seen = program.recent
    if form == "text":
        from scopedown.core.words import count

        asked = count(seen.allowed + seen.denied, "decision")
        click.echo(f"scopedown: {asked}, {seen.allowed} allowed, {seen.denied} denied", err=True)
    if (record := program.record) is not None:
        click.echo(f"scopedown: {record.written} decisions are in {record.file}", err=True)
        if record.failed:
            raise ScopedownError(f"{record.file} has not all that was decided: {record.failed}")


def _show_learned(learned: Any, form: str) -> None:
    """What was learned; in JSON a line of the stream of decisions."""
    from scopedown.guard.live import policies_json

    if form == "json":
        click.echo(json.dumps(policies_json(learned), ensure_ascii=False))
    else:
        show("learned", form, learned)


@contextmanager
def _told_to_stop(ends: threading.Event) -> Iterator[None]:
    """Ctrl+C and SIGTERM (on Windows, where that is not sent, Ctrl+Break) ask for the end; a second one forces it."""
    names = [name for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)]
    before: dict[int, Any] = {}

    def stop(number: int, _frame: object) -> None:
        ends.set()
        signal.signal(number, signal.default_int_handler)

    for name in names:
        number = getattr(signal, name)
        before[number] = signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _greet(program: Program, form: str) -> None:
    from scopedown.guard.live import environment, for_bash, for_powershell
    from scopedown.guard.model import ACCOUNT, REGION
    from scopedown.guard.program import as_line, greeting

    gate = program.gate
    if form == "json":
        click.echo(as_line(greeting(program)))
        sys.stdout.flush()
        return
    mode = "allows every request and learns from it" if program.options.learn else "enforces IAM"
    click.echo(f"A local AWS that {mode}: {gate.address}, account {ACCOUNT}, {REGION}\n")
    titles = {program.admin.key_id: "the administrator, who may do everything (not recorded)"}
    for principal in (program.admin, *program.users):
        click.echo(f"{titles.get(principal.key_id, 'user ' + principal.caller.arn.rsplit('/', 1)[-1])}:")
        variables = environment(gate.address, principal)
        click.echo(f"  {(for_powershell if os.name == 'nt' else for_bash)(variables)}\n")
    click.echo("then, for instance:  aws sts get-caller-identity\n")
    sys.stdout.flush()


def _show(program: Program, form: str, quiet: bool, ends: threading.Event) -> None:
    """Print decisions until the end, in a thread that nobody waits for."""
    if quiet:
        return
    from scopedown.guard import live as report

    try:
        if form == "text" and sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
            _show_table(program, ends)
        else:
            _show_lines(program, _json_line if form == "json" else report.line, ends)
    except OSError:
        return  # the reader went away: the guard goes on


def _show_lines(program: Program, line: Callable[[Any], str], ends: threading.Event) -> None:
    last = False
    while True:
        taken, left_out = program.recent.take()
        if left_out:
            print(f"scopedown: {left_out} decisions are not shown: more came than could be read", file=sys.stderr)
        if taken:
            sys.stdout.write("".join(f"{line(one)}\n" for one in taken))
            sys.stdout.flush()
        if last:
            return
        last = ends.wait(0.2)


def _json_line(one: Any) -> str:
    from scopedown.guard.program import as_line
    from scopedown.guard.record import as_json

    return as_line(as_json(one))


def _show_table(program: Program, ends: threading.Event) -> None:
    from rich.console import Console
    from rich.live import Live

    from scopedown.guard import live as report

    console = Console(highlight=False, emoji=False)

    def draw() -> Any:
        return report.table(program.recent, min(20, console.height - 6))

    with Live(draw(), console=console, auto_refresh=False, vertical_overflow="crop") as live:
        while not ends.wait(0.25):
            live.update(draw(), refresh=True)
        live.update(draw(), refresh=True)


def _policies_of(file: Path, form: str) -> None:
    """The least policies of a record that an earlier guard wrote: of all that was asked where it learned, else of what
    was allowed."""
    with _extra():
        from scopedown.guard.learn import Learner
    from scopedown.guard.record import mode_of, read

    learner = Learner(only_allowed=mode_of(file) != "learn")
    for one in read(file):
        learner(one)
    show("learned", form, learner.learned())
