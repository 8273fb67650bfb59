"""The hand-written tables of this stage, as rows. Read once, when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scopedown.core.tables import RowsByName, typed_rows
from scopedown.deploy.model import Phase

FOLDER = Path(__file__).parent
SPECIAL = ("names", "not_needed")
"""Tables of ``types/`` that hold no actions."""
PLUGIN = "plugins."
"""How the condition of a plugin's row begins, before the plugin's name."""
TYPE_COLUMNS = ("type", "phase", "action", "when", "resource", "condition", "source")


@dataclass(frozen=True, slots=True)
class TypeRow:
    """An action that CloudFormation takes for resources of a type. (A row of the file may name several actions.)

    ``resource``: ARN templates, separated by spaces; ``condition``: ``[Operator ]key=value`` joined by ``;``.
    """

    type: str
    phases: tuple[Phase, ...]
    action: str
    when: str
    resource: str
    condition: str
    source: str


@dataclass(frozen=True, slots=True)
class NameRow:
    """How a type's resources are named.

    ``name``: the property, empty where a service makes the id; ``limit``: the most characters of a generated name, 0
    where it is never cut; ``form``: ``lower``, ``word`` (letters, digits and ``_`` alone), ``own`` (the logical id
    without the stack's name), ``cfn`` (with ``CFN-`` before it), ``any`` (with the stack's name or without) or empty;
    ``arn``: its own ARN's template; ``ref``: ``arn`` where ``Ref`` gives the ARN, ``id`` where it gives an id that the
    service makes, else it is the name.
    """

    type: str
    name: str
    limit: int
    form: str
    arn: str
    ref: str
    source: str


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """A handler's action that no deployment needs, with the reason. ``type`` ``*`` speaks of every type."""

    type: str
    action: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class CommandRow:
    """A call that a command makes. ``command`` may name several, separated by commas."""

    command: str
    call: str
    action: str
    resource: str
    when: str
    condition: str
    tolerated: bool
    source: str

    @property
    def plugin(self) -> str:
        """The plugin of the Serverless Framework that makes the call; empty where the framework itself does."""
        first = self.when.partition(" ")[0]
        return first.removeprefix(PLUGIN) if first.startswith(PLUGIN) else ""


@dataclass(frozen=True, slots=True)
class FrameworkRow:
    """A framework whose commands are known: ``tables`` are read one after another, ``source`` says of what."""

    framework: str
    tables: tuple[str, ...]
    tags: tuple[str, ...]
    """The tags that it puts on every stack."""
    bucket: str
    """The template of the name of the bucket that it puts code into, where the project's template leaves that open."""
    role: str
    """The ARN template of a role of its own that CloudFormation acts with; empty where it acts as the caller."""
    source: str


@dataclass(frozen=True, slots=True)
class PluginRow:
    """What was read of a plugin of the Serverless Framework about its own calls of AWS.

    ``calls``: ``none``, ``rows`` (those of ``commands/plugins.tsv``) or ``open`` (no row says them). ``remains``: what
    it does that no row allows, where ``when`` holds; empty where the rows say everything.
    """

    plugin: str
    calls: str
    when: str
    remains: str
    source: str


@lru_cache(maxsize=1)
def plugin_rows() -> Mapping[str, PluginRow]:
    """``plugins.tsv`` by plugin."""
    return {row.plugin: row for row in typed_rows(FOLDER / "plugins.tsv", lambda row: PluginRow(**row))}


@lru_cache(maxsize=1)
def type_rows() -> Mapping[str, tuple[TypeRow, ...]]:
    """Every row of ``types/SERVICE.tsv``, by type."""
    paths = (path for path in sorted((FOLDER / "types").glob("*.tsv")) if path.stem not in SPECIAL)
    return RowsByName(paths, _type_rows, TYPE_COLUMNS)


def _type_rows(row: dict[str, str]) -> list[TypeRow]:
    """The rows of one line, which may name several actions."""
    phases = tuple(Phase(phase) for phase in row.pop("phase").split(","))
    return [TypeRow(phases=phases, action=action, **row) for action in row.pop("action").split(",")]


@lru_cache(maxsize=1)
def name_rows() -> Mapping[str, NameRow]:
    """``types/names.tsv`` by type."""
    return {row.type: row for row in typed_rows(FOLDER / "types" / "names.tsv", _name)}


def _name(row: dict[str, str]) -> NameRow:
    limit = int(row.pop("limit") or 0)
    return NameRow(limit=limit, **row)


@lru_cache(maxsize=1)
def not_needed() -> tuple[NotNeeded, ...]:
    """``types/not_needed.tsv``."""
    return tuple(typed_rows(FOLDER / "types" / "not_needed.tsv", lambda row: NotNeeded(**row)))


@lru_cache(maxsize=1)
def frameworks() -> Mapping[str, FrameworkRow]:
    """``commands/frameworks.tsv`` by framework."""
    return {row.framework: row for row in typed_rows(FOLDER / "commands" / "frameworks.tsv", _framework)}


def _framework(row: dict[str, str]) -> FrameworkRow:
    tables, tags = tuple(row["tables"].split(",")), tuple(filter(None, row["tags"].split(",")))
    return FrameworkRow(row["framework"], tables, tags, row["bucket"], row["role"], row["source"])


@lru_cache(maxsize=8)
def command_rows(framework: str) -> tuple[CommandRow, ...]:
    """All rows of a framework's commands."""
    paths = (FOLDER / "commands" / f"{table}.tsv" for table in frameworks()[framework].tables)
    return tuple(row for path in paths for row in typed_rows(path, _command))


def _command(row: dict[str, str]) -> CommandRow:
    tolerated = row.pop("tolerated") == "yes"
    return CommandRow(tolerated=tolerated, **row)
