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
        if not header:
            header = line.split("\t")
        else:
            yield _cells(line, header, f"{path.name}:{number}")


def _cells(line: str, header: list[str], where: str) -> dict[str, str]:
    cells = line.split("\t")
    if len(cells) > len(header):
        raise ValueError(f"{where}: {len(cells)} cells where the header has {len(header)}: {line[:60]}")
    return dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True))


class _ByType(Mapping[str, tuple[TypeRow, ...]]):
    """Rows by type, parsed when a type is asked for: a project has few of the types that the tables speak of."""

    def __init__(self) -> None:
        self._lines: dict[str, list[tuple[str, list[str], str]]] = {}
        self._rows: dict[str, tuple[TypeRow, ...]] = {}
        for path in sorted((FOLDER / "types").glob("*.tsv")):
            if path.stem not in SPECIAL:
                header: list[str] = []
                for line in path.read_text("utf-8").splitlines():
                    if line and not line.startswith("#"):
                        if header:
                            self._lines.setdefault(line[: line.find("\t")], []).append((line, header, path.name))
                        else:
                            header = line.split("\t")

    def __getitem__(self, type_name: str) -> tuple[TypeRow, ...]:
        if type_name not in self._rows:
            self._rows[type_name] = tuple(one for item in self._lines[type_name] for one in _type_rows(*item))
        return self._rows[type_name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


def _type_rows(line: str, header: list[str], file: str) -> Iterator[TypeRow]:
    """The rows of one line, which may name several actions."""
    row = _cells(line, header, file)
    phases = tuple(Phase(one) for one in row["phase"].split(","))
    for action in row["action"].split(","):
        yield TypeRow(
            row["type"], phases, action, row["when"], row["resource"], row["condition"], row["source"], file
        )  # fmt: skip


@lru_cache(maxsize=1)
def type_rows() -> Mapping[str, tuple[TypeRow, ...]]:
    """Every row of ``types/SERVICE.tsv``, by type."""
    return _ByType()


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
