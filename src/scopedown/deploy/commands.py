"""What the commands of a framework call themselves, from ``commands/FRAMEWORK.tsv``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.words import some_of
from scopedown.deploy.model import CommandCall, DeployPermission, Unresolved
from scopedown.deploy.names import Namer
from scopedown.deploy.row_permissions import allowed
from scopedown.deploy.rows import command_rows, frameworks
from scopedown.deploy.settings import Settings
from scopedown.deploy.when import holds
from scopedown.project.model import DeclaredResource

ALL = "all"
ANY = "*"
"""What stands in a row that holds for every command."""
CHANGING = ("deploy", "rollback", "bootstrap")
"""Commands that make and change resources; an update of a stack deletes some, and so does a failed one."""
REMOVING = ("remove", "delete", "destroy")


def commands_of(framework: str, plugins: Collection[str] = ()) -> tuple[str, ...]:
    """The commands that a framework's tables speak of, in order; those that only its plugins add, for these plugins."""
    rows = (row for row in command_rows(framework) if not row.plugin or row.plugin in plugins)
    found = (name for row in rows for name in row.command.split(","))
    return tuple(dict.fromkeys(name for name in found if name != ANY))


def asked_commands(written: str, framework: str, plugins: Collection[str] = ()) -> tuple[str, ...]:
    """The commands of ``--commands``: separated by commas, a hyphen for a space allowed; ``all`` for every one.

    Raises ScopedownError for a framework, or a command that no table speaks of.
    """
    if framework not in frameworks():
        raise ScopedownError(f"{framework!r} is not a known framework", remedy=", ".join(frameworks()))
    known = commands_of(framework, plugins)
    spoken = {_plain(name): name for name in known}
    names = [name.strip().lower() for name in written.split(",") if name.strip()]
    if ALL in names:
        return known
    found: list[str] = []
    for name in names:
        if _plain(name) not in spoken:
            raise ScopedownError(f"{framework} has no command {name!r}", remedy=f"it has {', '.join(known)}, or all")
        found.append(spoken[_plain(name)])
    if not found:
        raise ScopedownError("--commands is empty", remedy=f"write some of {', '.join(known)}, or all")
    return tuple(dict.fromkeys(found))


def _plain(command: str) -> str:
    """A command without what people write in several ways: ``create_domain``, ``create-domain``."""
    return re.sub("[-_]", " ", command).lower()


def command_permissions(
    framework: str, commands: Iterable[str], settings: Settings, namer: Namer
) -> Iterator[DeployPermission | Unresolved]:
    """One permission for each row that the commands and the settings ask for, and what of them is not known."""
    asked = tuple(commands)
    subject = DeclaredResource("", "", settings, Place(namer.project.config))
    open_arns: dict[str, dict[str, None]] = {}
    for row in command_rows(framework):
        called_by = [name for name in asked if row.command == ANY or name in row.command.split(",")]
        told = holds(row.when, settings, namer.text) if called_by else None
        if told is None:
            continue
        found = allowed(row.action, row.resource, row.condition, subject, namer)
        for reason in found.reasons:
            open_arns.setdefault(reason, {}).update(dict.fromkeys(found.arns))
        if found.arns:
            because = tuple(CommandCall(name, row.call, told, row.source) for name in called_by)
            yield DeployPermission(row.action, found.arns, because, found.conditions, row.tolerated)
    for reason, arns in open_arns.items():
        yield Unresolved("settings", reason, f"the commands are allowed on {some_of(arns)}")
