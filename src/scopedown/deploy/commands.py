"""What the commands of a framework call themselves, from ``commands/FRAMEWORK.tsv``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.deploy.arns import fill
from scopedown.deploy.conditions import conditions_of
from scopedown.deploy.model import CommandCall, DeployPermission
from scopedown.deploy.names import Namer
from scopedown.deploy.rows import CommandRow, command_rows, frameworks
from scopedown.deploy.settings import Settings
from scopedown.deploy.when import holds
from scopedown.project.model import DeclaredResource

ALL = "all"
ANY = "*"
"""What stands in a row that holds for every command."""
CHANGING = ("deploy", "rollback")
"""Commands that make and change resources; an update of a stack deletes some, and so does a failed one."""
REMOVING = ("remove", "delete", "destroy")


def commands_of(framework: str) -> tuple[str, ...]:
    """The commands that a framework's tables speak of, in order."""
    found = (name for row in command_rows(framework) for name in row.command.split(","))
    return tuple(dict.fromkeys(name for name in found if name != ANY))


def asked_commands(written: str, framework: str) -> tuple[str, ...]:
    """The commands of ``--commands``: separated by commas, a hyphen for a space allowed; ``all`` for every one.

    Raises ScopedownError for a framework or a command that no table speaks of.
    """
    if framework not in frameworks():
        raise ScopedownError(f"{framework!r} is no framework that is known", remedy=", ".join(frameworks()))
    known = commands_of(framework)
    names = [name.strip().lower() for name in written.split(",") if name.strip()]
    if ALL in names:
        return known
    found: list[str] = []
    for name in names:
        spoken = name if name in known else name.replace("-", " ")
        if spoken not in known:
            raise ScopedownError(f"{framework} has no command {name!r}", remedy=f"it has {', '.join(known)}, or all")
        found.append(spoken)
    if not found:
        raise ScopedownError("--commands names no command", remedy=f"write some of {', '.join(known)}, or all")
    return tuple(dict.fromkeys(found))


def command_permissions(
    framework: str, commands: Iterable[str], settings: Settings, namer: Namer
) -> Iterator[DeployPermission]:
    """One permission for each row that the commands and the settings ask for."""
    asked = tuple(commands)
    subject = DeclaredResource("", "", settings, Place(namer.project.config))
    for row in command_rows(framework):
        called_by = [name for name in asked if row.command == ANY or name in row.command.split(",")]
        if called_by and (told := holds(row.when, settings, namer.text)) is not None:
            yield from _permission(row, called_by, told, subject, namer)


def _permission(
    row: CommandRow, commands: list[str], told: str, subject: DeclaredResource, namer: Namer
) -> Iterator[DeployPermission]:
    resources = [arn for template in row.resource.split() for arn in fill(template, subject, namer)]
    if resources:
        because = tuple(CommandCall(name, row.call, told, row.source) for name in commands)
        yield DeployPermission(
            row.action,
            tuple(dict.fromkeys(resources)),
            because,
            conditions_of(row.condition, subject, namer),
            row.tolerated,
        )
