"""The hand-written tables of this stage, as rows. Read once, when first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scopedown.deploy.model import Phase

FOLDER = Path(__file__).parent
SPECIAL = ("names", "not_needed")
"""Tables of ``types/`` that hold no actions."""


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
    file: str


@dataclass(frozen=True, slots=True)
class NameRow:
    """How a type's resources are named.

    ``name``: the property, empty where a service makes the id; ``limit``: the most characters of a generated name, 0
    where it is never cut; ``form``: ``lower``, ``word`` (letters, digits and ``_`` alone) or empty; ``arn``: its own
    ARN's template; ``ref``: ``arn`` where ``Ref`` gives the ARN, ``id`` where it gives an id that the service makes,
    else it is the name.
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


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a tab-separated table with a header; lines that begin with ``#`` are comments.

    Raises ValueError for a row with more cells than the header, naming file and line.
    """
    header: list[str] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if not header:
            header = cells
            continue
        if len(cells) > len(header):
            raise ValueError(f"{path.name}:{number}: {len(cells)} cells where the header has {len(header)}")
        yield dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True))


@lru_cache(maxsize=1)
def type_rows() -> Mapping[str, tuple[TypeRow, ...]]:
    """Every row of ``types/SERVICE.tsv``, by type."""
    found: dict[str, list[TypeRow]] = {}
    for path in sorted((FOLDER / "types").glob("*.tsv")):
        if path.stem in SPECIAL:
            continue
        for row in read_rows(path):
            phases = tuple(Phase(one) for one in row["phase"].split(","))
            for action in row["action"].split(","):
                found.setdefault(row["type"], []).append(
                    TypeRow(
                        row["type"], phases, action, row["when"], row["resource"], row["condition"], row["source"],
                        path.name,
                    )
                )  # fmt: skip
    return {type_name: tuple(rows) for type_name, rows in found.items()}


@lru_cache(maxsize=1)
def name_rows() -> Mapping[str, NameRow]:
    """``types/names.tsv`` by type."""
    return {
        row["type"]: NameRow(
            row["type"], row["name"], int(row["limit"] or 0), row["form"], row["arn"], row["ref"], row["source"]
        )
        for row in read_rows(FOLDER / "types" / "names.tsv")
    }


@lru_cache(maxsize=1)
def not_needed() -> tuple[NotNeeded, ...]:
    """``types/not_needed.tsv``."""
    return tuple(
        NotNeeded(row["type"], row["action"], row["reason"], row["source"])
        for row in read_rows(FOLDER / "types" / "not_needed.tsv")
    )


@lru_cache(maxsize=1)
def frameworks() -> Mapping[str, FrameworkRow]:
    """``commands/frameworks.tsv`` by framework."""
    return {
        row["framework"]: FrameworkRow(
            row["framework"], tuple(row["tables"].split(",")), tuple(filter(None, row["tags"].split(","))),
            row["bucket"], row["role"], row["source"],
        )
        for row in read_rows(FOLDER / "commands" / "frameworks.tsv")
    }  # fmt: skip


@lru_cache(maxsize=8)
def command_rows(framework: str) -> tuple[CommandRow, ...]:
    """All rows of a framework's commands."""
    return tuple(
        CommandRow(
            row["command"], row["call"], row["action"], row["resource"], row["when"], row["condition"],
            row["tolerated"] == "yes", row["source"],
        )
        for table in frameworks()[framework].tables
        for row in read_rows(FOLDER / "commands" / f"{table}.tsv")
    )  # fmt: skip
