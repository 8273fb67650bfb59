"""The tables of libraries, as rows: ``rows/NAME.tsv``, one file a library, which ``library_objects.py`` interprets.

A file begins with ``# key: value`` lines: ``title`` (what it is), ``language``, ``packages`` (as code imports them,
separated by spaces) and ``source`` (the sources that were read, with their version); ``calls: none`` where the packages
call nothing and run nothing that they are handed; ``types: none`` where an object made without arguments calls what one
that is only known by its type need not. Then a table with these columns.

``on``         the package, or ``<Kind>``, the objects that a row makes; several separated by spaces
``member``     what is read or called there: ``a.b`` is read, ``a.b()`` called or made with ``new``, ``()`` the thing
               itself called, ``[]`` an element; ``*`` any one name, ``**.Name()`` a name in any module of the package;
               several separated by spaces
``keeps``      what the object remembers from its arguments: ``table=$0.name``; ``~create=$0.create`` what the whole
               library does; ``$1[]!table=$0`` what other objects do (here, each of the list) from now on
``gives``      what comes back: ``<Kind>``, ``self``, ``list <Kind>``, ``list self``, ``call EXPRESSION`` (the result of
               calling a function with the same arguments), ``make EXPRESSION`` (with the object itself),
               ``decorator`` (one without effect on calls), or an expression; empty: unknown
``call``       operations, ``service.Operation``, separated by commas
``arguments``  their parameters, ``Path=EXPRESSION``; the path as in the catalog's resource parameters
               (``RequestItems.*`` are the keys of a mapping); ``Path?=`` leaves it out where the value is missing
``when``       a condition (:mod:`scopedown.core.conditions`) with expressions for paths; empty: always
``source``     where the library says so: its file, or its documentation

Rows for the same member all count. Expressions are described in ``library_expressions.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from scopedown.calls.libraries.library_expressions import Condition, Expression, condition, expression
from scopedown.core.tables import typed_rows

FOLDER = Path(__file__).parent / "rows"
COLUMNS = ("on", "member", "keeps", "gives", "call", "arguments", "when", "source")


@dataclass(frozen=True, slots=True)
class Member:
    """One alternative of ``member``: a path of names, whether it is called, and whether any module may have it."""

    path: tuple[str, ...]
    called: bool
    anywhere: bool = False

    def matches(self, path: tuple[str, ...]) -> bool:
        """Whether a path of names is meant."""
        if self.anywhere:
            path = path[-len(self.path) :]
        return len(path) == len(self.path) and all(
            own in ("*", name) for own, name in zip(self.path, path, strict=True)
        )

    def begins_with(self, path: tuple[str, ...]) -> bool:
        """Whether the path leads towards the member."""
        if self.anywhere or len(path) >= len(self.path):
            return False
        return all(own in ("*", name) for own, name in zip(self.path, path, strict=False))

    @property
    def weight(self) -> int:
        """How exactly it names what it means: rows that name a member come before those for any."""
        return sum(name != "*" for name in self.path)


@dataclass(frozen=True, slots=True)
class Argument:
    """A parameter of the operation: its path, the value, and whether it may be left out."""

    path: tuple[str, ...]
    value: Expression
    optional: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One row for one member."""

    member: Member
    keeps: tuple[tuple[Expression | None, str, Expression], ...]
    """What remembers (None: the object itself), the name, and the value."""
    gives: str
    calls: tuple[tuple[str, str], ...]
    arguments: tuple[Argument, ...]
    when: Condition
    source: str


@dataclass(frozen=True, slots=True)
class LibraryTable:
    """One library. ``rows`` are by package or kind."""

    name: str
    title: str
    language: str
    packages: tuple[str, ...]
    source: str
    silent: bool
    """It calls nothing."""
    typed: bool
    """One of its classes, as the type of something, says enough of it."""
    rows: Mapping[str, tuple[Row, ...]] = field(hash=False)

    def found(self, on: str, path: tuple[str, ...], called: bool) -> tuple[Row, ...]:
        """The rows for a member; where some name it, those for any name do not count."""
        rows = [row for row in self.rows.get(on, ()) if row.member.called is called and row.member.matches(path)]
        most = max((row.member.weight for row in rows), default=0)
        return tuple(row for row in rows if row.member.weight == most)

    def leads_on(self, on: str, path: tuple[str, ...]) -> bool:
        """Whether some member lies behind a path."""
        return any(row.member.begins_with(path) for row in self.rows.get(on, ()))


def headers(path: Path) -> dict[str, str]:
    """The ``# key: value`` lines at the start of a table."""
    found: dict[str, str] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("# "):
                break
            key, _, value = line[2:].strip().partition(": ")
            found[key] = f"{found[key]} {value}" if key in found else value
    return found


@cache
def packages(language: str) -> Mapping[str, Path]:
    """The tables of a language by the packages that they answer for; only their first lines are read."""
    found: dict[str, Path] = {}
    for path in sorted(FOLDER.glob("*.tsv")):
        about = headers(path)
        if about["language"] == language:
            found |= dict.fromkeys(about["packages"].split(), path)
    return found


def described(name: str, language: str, separator: str) -> LibraryTable | None:
    """The table of the package that a module name begins with, the longest name first; None where there is none."""
    tables = packages(language)
    parts = name.split(separator)
    for length in range(len(parts), 0, -1):
        if (path := tables.get(separator.join(parts[:length]))) is not None:
            return table(path)
    return None


@cache
def table(path: Path) -> LibraryTable:
    """A library's table, read whole. Raises TableError for one that is not well formed."""
    about = headers(path)
    rows: dict[str, list[Row]] = {}
    for made in typed_rows(path, _rows, COLUMNS):
        for on, row in made:
            rows.setdefault(on, []).append(row)
    return LibraryTable(
        path.stem,
        about["title"],
        about["language"],
        tuple(about["packages"].split()),
        about["source"],
        about.get("calls") == "none",
        about.get("types") != "none",
        {on: tuple(found) for on, found in rows.items()},
    )


def _rows(cells: Mapping[str, str]) -> list[tuple[str, Row]]:
    """The rows of one line, each with what it is on: a line may name several members of several things."""
    calls = tuple(
        (service, name) for part in cells["call"].split(",") if part for service, _, name in [part.partition(".")]
    )
    keeps = tuple(_kept(part) for part in cells["keeps"].split())
    arguments = tuple(_argument(part) for part in cells["arguments"].split())
    when = condition(cells["when"])
    return [
        (on, Row(_member(member), keeps, cells["gives"], calls, arguments, when, cells["source"]))
        for on in cells["on"].split()
        for member in cells["member"].split()
    ]


def _member(written: str) -> Member:
    called = written.endswith("()")
    name = written.removesuffix("()")
    anywhere = name.startswith("**.")
    return Member(tuple(name.removeprefix("**.").split(".")) if name else (), called, anywhere)


def _kept(written: str) -> tuple[Expression | None, str, Expression]:
    name, _, text = written.partition("=")
    owner, _, name = name.rpartition("!")
    return expression(owner) if owner else None, name, expression(text)


def _argument(written: str) -> Argument:
    name, _, text = written.partition("=")
    return Argument(tuple(name.removesuffix("?").split(".")), expression(text), name.endswith("?"))
