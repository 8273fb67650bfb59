"""The tables of libraries, as rows: ``rows/NAME.tsv``, one file a library, which ``library_objects.py`` interprets.

A file begins with ``# key: value`` lines: ``title`` (what it is), for each language that has the library the
language's name (``python``) with the packages as code imports them, separated by spaces, and ``source`` (the sources
that were read, with their version). ``calls: none``: the packages call nothing and run nothing that they are handed;
``types: none``: an object made without arguments calls what one that is only known by its type need not. ``others:
none``: members that no row names call nothing, no member runs what it is handed but as its rows say, and what the rows
do not say of a result is data; ``closed``: the packages and kinds of which alone that holds. ``others: escape``:
members that no row names make no calls of their own. ``containers``: the kinds that give what rows bind; members of
their packages that no row names run what they are handed. Then a table with these columns.

``on``         the package (``*``: each of the table's), or ``<Kind>``, the objects that a row makes; several separated
               by spaces; empty: as above
``member``     what is read or called there: ``a.b`` is read, ``a.b()`` called or made with ``new``, ``()`` the thing
               itself called, ``[]`` an element; ``*`` any one name, ``Get*`` one that begins so, ``**.Name()`` a name
               in any module of the package; several separated by spaces; empty: ``keeps``, ``call`` and ``arguments``
               of the row above go on
``keeps``      what the object remembers from its arguments: ``table=$0.name``; ``~create=$0.create`` what the whole
               library does; ``$1[]!table=$0`` what other objects do (here, each of the list) from now on,
               ``self!table=$0`` the object itself, ``self!all[]=$0`` it beside what it had. ``client`` is whose
               credentials its calls have, ``at`` an object where whose making they are recorded (false: as any call)
``gives``      what comes back: ``<Kind>``, ``self``, ``list <Kind>``, ``list self``, ``call EXPRESSION`` (the result of
               calling a function with the same arguments; ``call EXPRESSION,x``: with ``x`` before them, ``,*x``: with
               the elements of ``x`` behind them, ``,*``: with further ones that are not known, ``,**x``: with the
               members of ``x`` by name), ``make EXPRESSION`` (with the object itself), ``decorator`` (one without
               effect on calls), ``decorates <Kind>`` (a decorator with or without arguments, which is called with
               what it decorates), ``results X`` (any of these as the language gives what ends later or may fail: a
               future, a pair with an error), or an expression; empty: unknown
``call``       operations, ``service.Operation``, separated by commas; without a service: of that of the one before;
               ``signed.request``: a request that is signed (``service``, ``method``, ``url``; ``keys``: whose it is);
               ``container.bind``, ``container.inject`` (``library_bindings.py``);
               ``service.*``: code that is not seen may call anything of it, as ``source`` says
``arguments``  their parameters, ``Path=EXPRESSION``; the path as in the catalog's resource parameters
               (``RequestItems.*`` are the keys of a mapping); ``Path?=`` leaves it out where the value is missing
``when``       a condition (:mod:`scopedown.core.conditions`) with expressions for paths; empty: always
``source``     where the library says so: its file, or its documentation; empty: the table's

Rows for the same member all count. An object of a library with ``others: none`` that is called itself, a function that
the library wraps, calls where it was made. Expressions are described in ``library_expressions.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from scopedown.calls.libraries.library_expressions import Condition, Expression, condition, expression
from scopedown.core.tables import typed_rows

FOLDER = Path(__file__).parent / "rows"
ANY = "*"
"""What a row is on that holds for all packages of its table."""
SELF = expression("self")
"""The object itself, as the owner of what a row keeps."""
SIGNED = ("signed", "request")
"""What ``call`` says for a request that code signs and sends by itself."""
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
        return len(path) == len(self.path) and all(_means(own, name) for own, name in zip(self.path, path, strict=True))

    def begins_with(self, path: tuple[str, ...]) -> bool:
        """Whether the path leads towards the member."""
        lengths = range(1, len(self.path)) if self.anywhere else (len(path),)
        return any(
            0 < length < len(self.path)
            and len(path) >= length
            and all(_means(own, name) for own, name in zip(self.path, path[-length:], strict=False))
            for length in lengths
        )

    @property
    def weight(self) -> int:
        """How exactly it names what it means: rows that name a member come before those for any."""
        return sum(name != "*" for name in self.path)


def _means(written: str, name: str) -> bool:
    return written == name or (written.endswith("*") and name.startswith(written[:-1]))


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
    """One library as one language has it. ``rows`` are by package or kind, those of other languages' too."""

    name: str
    title: str
    language: str
    packages: tuple[str, ...]
    source: str
    silent: bool
    """It calls nothing."""
    closed: frozenset[str]
    """The packages and kinds of which what no row names calls nothing (``*``: all)."""
    containers: frozenset[str]
    """The kinds that give what is bound."""
    escapes: bool
    """What no row names makes no calls of its own."""
    typed: bool
    """One of its classes, as the type of something, says enough of it."""
    rows: Mapping[str, tuple[Row, ...]] = field(hash=False)

    def found(self, on: str, path: tuple[str, ...], called: bool) -> tuple[Row, ...]:
        """The rows for a member; where some name it, those for any name do not count."""
        rows = [row for row in self._on(on) if row.member.called is called and row.member.matches(path)]
        most = max((row.member.weight for row in rows), default=0)
        return tuple(row for row in rows if row.member.weight == most)

    def service(self, on: str) -> str | None:
        """The service that all members of a kind call, of a library of which all is known; ``*``: several."""
        rows = self.rows.get(on, ()) if self.is_closed(on) else ()
        named = {
            call[0]
            for row in rows
            for call in row.calls
            if call != SIGNED and call[0] != "container" and call[1] != "*"
        }
        if not named or any(row.calls and not row.member.path for row in rows):  # a function that the library wraps
            return None
        return named.pop() if len(named) == 1 else "*"

    def is_closed(self, on: str) -> bool:
        """Whether what no row names of a package or a kind calls nothing."""
        return on in self.closed or ANY in self.closed

    def leads_on(self, on: str, path: tuple[str, ...]) -> bool:
        """Whether some member lies behind a path."""
        return any(row.member.begins_with(path) for row in self._on(on))

    def _on(self, on: str) -> tuple[Row, ...]:
        return self.rows.get(on, () if on.startswith("<") else self.rows.get(ANY, ()))


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
        found |= dict.fromkeys(headers(path).get(language, "").split(), path)
    return found


def described(name: str, language: str, separator: str) -> LibraryTable | None:
    """The table of the package that a module name begins with, the longest name first; None where there is none."""
    tables = packages(language)
    parts = name.split(separator)
    for length in range(len(parts), 0, -1):
        if (path := tables.get(separator.join(parts[:length]))) is not None:
            return table(path, language)
    return None


@cache
def table(path: Path, language: str) -> LibraryTable:
    """A library's table, read whole. Raises TableError for one that is not well formed."""
    about = headers(path)
    return LibraryTable(
        path.stem,
        about["title"],
        language,
        tuple(about[language].split()),
        about["source"],
        about.get("calls") == "none",
        frozenset((ANY,) if about.get("others") == "none" else about.get("closed", "").split()),
        frozenset(about.get("containers", "").split()),
        about.get("others") == "escape",
        about.get("types") != "none",
        _all_rows(path, about["source"]),
    )


@cache
def _all_rows(path: Path, source: str) -> Mapping[str, tuple[Row, ...]]:
    """The rows of a table by what they are on; a line may name several members of several things."""
    rows: dict[str, list[Row]] = {}
    above = ""
    last: tuple[list[list[Row]], int] = ([], 0)
    for on, made in typed_rows(path, lambda cells: (cells["on"], _rows(cells, source)), COLUMNS):
        if not made[0].member.path and not made[0].member.called:  # more of the row above
            for several in last[0]:
                several[-last[1] :] = [_with_more(row, made[0]) for row in several[-last[1] :]]
            continue
        above = on or above
        last = [rows.setdefault(one, []) for one in above.split()], len(made)
        for several in last[0]:
            several.extend(made)
    return {on: tuple(found) for on, found in rows.items()}


def _with_more(row: Row, more: Row) -> Row:
    arguments = row.arguments + more.arguments
    return replace(row, keeps=row.keeps + more.keeps, calls=row.calls + more.calls, arguments=arguments)


def _rows(cells: Mapping[str, str], source: str) -> list[Row]:
    calls: list[tuple[str, str]] = []
    for part in filter(None, cells["call"].split(",")):
        service, dot, name = part.rpartition(".")
        calls.append((service if dot else calls[-1][0], name))
    keeps = tuple(_kept(part) for part in cells["keeps"].split())
    arguments = tuple(_argument(part) for part in cells["arguments"].split())
    when = condition(cells["when"])
    return [
        Row(_member(member), keeps, cells["gives"], tuple(calls), arguments, when, cells["source"] or source)
        for member in cells["member"].split() or [""]
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
