"""Options that several commands have: --fail-on (gates), --used (what logs show of roles) and --shard (the part of many
projects that one of several machines reads).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from scopedown.core import gates
from scopedown.core.finding import ScopedownError
from scopedown.core.gates import DEFAULTS, NAMED, WITH_RULES, WITH_SEVERITIES, FailOn, names_of

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from scopedown.core.place import Place
    from scopedown.observe.said import Uses
    from scopedown.scan import ProjectScan

Command = TypeVar("Command", bound=Callable[..., Any])


def bundled(command: Command, name: str, kind: type, options: Sequence[Callable[[Any], Any]]) -> Command:
    """Give a command options that arrive as the one argument ``name``: a ``kind``, a dataclass whose fields are their
    values. The values of other options that are fields of it are put there, too."""

    @wraps(command)
    def collected(*arguments: Any, **values: Any) -> Any:
        fields = {one.name: values.pop(one.name) for one in dataclass_fields(kind) if one.name in values}
        return command(*arguments, **{name: kind(**fields)}, **values)

    made: Any = collected
    for option in reversed(options):
        made = option(made)
    return made  # type: ignore[no-any-return]


def pairs_of(
    option: str, given: Iterable[str], form: str = "KEY=VALUE", empty: bool = False
) -> Iterator[tuple[str, str]]:  # fmt: skip
    """What a repeatable option of a ``form`` gives. Raises UsageError for what has no name, or no value unless that may
    be ``empty``."""
    for pair in given:
        name, equals, value = pair.partition("=")
        if not name or not equals or not (value or empty):
            raise click.UsageError(f"{option} takes {form}, not {pair!r}")
        yield name, value


def fail_on_option(command: str, note: str = "") -> Callable[[Command], Command]:
    """The option with the gates of a command; its value is a :class:`~scopedown.core.gates.FailOn`."""
    meanings = "; ".join(f"{gate.name}: {gate.fails}" for gate in NAMED if command in gate.commands)
    severities = "; error, warning or note: a problem of at least that severity" if command in WITH_SEVERITIES else ""
    rules = "; a rule id: SD201, SD2" if command in WITH_RULES else ""
    return click.option(
        "--fail-on", metavar="GATE,…", default=DEFAULTS[command], show_default=True,
        callback=partial(_read, command), shell_complete=partial(_completed, command),
        help=f"{note}Exit 1 at any of these, comma-separated. {meanings}{severities}{rules}; none: never fail.",
    )  # fmt: skip


def fail_on(command: str, words: Iterable[str], place: Place | None = None) -> FailOn:
    """What the words mean for a command. Raises ScopedownError for a word that it does not take."""
    return gates.fail_on(command, words, partial(_rules_named, command), place)


def _rules_named(command: str, word: str) -> tuple[str, ...]:
    from scopedown.checks.gates import rules_named  # with all rules, which most words do not ask for

    return rules_named(command, word)


def _read(command: str, ctx: click.Context, param: click.Parameter, value: str) -> FailOn:
    return fail_on(command, value.split(","))


def _completed(command: str, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The words that the last of the list may become."""
    from click.shell_completion import CompletionItem

    before, comma, last = incomplete.rpartition(",")
    return [CompletionItem(f"{before}{comma}{one}") for one in names_of(command) if one.startswith(last)]


def used_option(command: Command) -> Command:
    """Give a command the option; its value is the file of a table, or None."""
    return click.option(
        "--used", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
        help="A table of uses that scopedown observe --save-used made: says what was used, and when for the last time.",
    )(command)  # fmt: skip


def uses_of(file: Path | None, scans: Sequence[ProjectScan], deployer: str = "") -> Uses | None:
    """What a table shows of the roles of projects; None without a table. Raises ScopedownError."""
    if file is None:
        return None
    from scopedown.catalog.load import catalog
    from scopedown.observe.names import Names
    from scopedown.observe.reading.table import read_table
    from scopedown.observe.result import observe
    from scopedown.observe.said import Uses

    facts, table = catalog(), read_table(file)
    found = [observe(scan, Names(scan.project, facts), table, (), deployer, facts) for scan in scans]
    for line in dict.fromkeys(one.account.said for one in found if one.account.said):
        click.echo(f"scopedown: {line}", err=True)
    return Uses(found)


MAX_SHARDS = 100_000
"""More shards than anybody has machines: AWS Batch starts at most 10,000 for one array job
(https://docs.aws.amazon.com/batch/latest/userguide/array_jobs.html)."""

_SHARD = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class Shard:
    """The ``number``-th of ``count`` shards, counted from 1."""

    number: int
    count: int

    def has(self, path: Path, root: Path) -> bool:
        """Whether a project belongs to this shard.

        A hash of its path below ``root`` decides, so that a new project moves no other one, and every machine decides
        alike wherever its checkout is.

        >>> [number for number in (1, 2, 3) if Shard(number, 3).has(Path("a/shop/serverless.yml"), Path("a"))]
        [1]
        """
        below = path.relative_to(root) if path != root and path.is_relative_to(root) else Path(path.name)
        digest = hashlib.blake2b(below.as_posix().encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return int.from_bytes(digest, "big") % self.count == self.number - 1


def shard_option(command: Command) -> Command:
    """Give a command that reads many projects the option."""
    return click.option(
        "--shard", metavar="I/N", callback=_shard,
        help="With --recursive: read only the I-th of N parts of the projects, counted from 1 (docs/fleet.md).",
    )(command)  # fmt: skip


def _shard(context: click.Context, parameter: click.Parameter, value: str | None) -> Shard | None:
    if value is None:
        return None
    found = _SHARD.fullmatch(value)
    remedy = "write --shard I/N, for example --shard 1/8 to --shard 8/8"
    if found is None:
        raise ScopedownError(f"--shard {value!r} is not a part of projects", remedy=remedy)
    number, count = int(found[1]), int(found[2])
    if not 1 <= number <= count <= MAX_SHARDS:
        raise ScopedownError(f"--shard {value} is not one of the shards 1/{count} to {count}/{count}", remedy=remedy)
    return Shard(number, count)


def require_actions(wanted: str) -> None:
    """Raise where the data has no action that is meant by an action, a pattern of actions, or a service's prefix.

    Raises ScopedownError that suggests known names; an operation (``s3.HeadObject``) is answered with its actions.
    """
    from scopedown.catalog import AWS_DATA
    from scopedown.catalog.load import SqliteCatalog, catalog
    from scopedown.catalog.lookup import did_you_mean, look_up
    from scopedown.iam.wildcard import matching

    known = cast(SqliteCatalog, catalog())
    pattern = (wanted if ":" in wanted else f"{wanted}:*").lower()
    if any(map(matching(pattern), map(str.lower, known.action_names()))):
        return
    data = look_up(known, wanted) or {}
    if data.get("kind") == "operation":
        actions = ", ".join(one["action"] for one in data["actions"])
        remedy = f"name its action, {actions}" if actions else "it needs no permission"
        raise ScopedownError(f"{wanted} is an operation, not an action", remedy=remedy)
    if data.get("kind") == "service" and data["prefix"]:
        raise ScopedownError(f"no action begins with {wanted}:", remedy=f"write {data['prefix']} for this service")
    kind = "operation" if "." in wanted and ":" not in wanted else "action"
    shown = wanted if wanted and " " not in wanted else repr(wanted)
    what = f"matches {shown}" if "*" in wanted or "?" in wanted else f"is named {shown}"
    raise ScopedownError(
        f"no {kind} {what} in AWS's data of {AWS_DATA}",
        remedy=did_you_mean(known, wanted) or "look names up with scopedown catalog",
    )
