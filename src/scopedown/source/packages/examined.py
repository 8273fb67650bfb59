"""What the code of published packages reaches: ``examined.tsv``, which tools/examine_packages.py makes.

In: a package and the version that a project declares. Out: a :class:`~scopedown.source.packages.lock.Lock` of it and
what it requires, of the versions that were examined. Columns: ``language``; ``package`` (Python's normalised);
``version``; ``reaches``, marks of what its code leads to, none where it leads nowhere; ``requires``: the packages
that it requires, in the versions that were installed with it, and after a ``?`` those that it takes where they are;
``imports``: what Python code imports it as, where that differs; ``digest``: of the archive that was examined, as
registries give it.

A package whose code only opens connections (``network``) cannot call AWS: without an SDK, the signature's name or a
credential's name in it or in what it requires, AWS would answer no request. Any other mark leaves it open. Decision 023
says which versions a row is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from scopedown.core.tables import RowsByName
from scopedown.source.packages.lock import Builder, Lock
from scopedown.source.packages.versions import admits, exact, release, series

COLUMNS: Final = ("language", "package", "version", "reaches", "requires", "imports", "digest")
TABLE: Final = Path(__file__).with_name("examined.tsv")
_QUIET: Final = frozenset({"network"})


@dataclass(frozen=True, slots=True)
class Examined:
    """One version. ``needs`` are versions by name, ``uses`` names."""

    package: str
    version: str
    reaches: frozenset[str]
    needs: Mapping[str, str]
    uses: frozenset[str]
    imports: tuple[str, ...]


def examined(name: str, language: str) -> tuple[Examined, ...]:
    """Every version of a package that was examined."""
    return _table().get(f"{language}\t{name}", ())


def names_no_sdk(name: str, wanted: str, language: str) -> bool:
    """Whether the code of a package, by itself, was seen to lead to nothing that may call AWS."""
    rows, allowed = _covering(name, wanted, language)
    return bool(rows) and all(row.reaches <= allowed for row in rows)


def graph(name: str, wanted: str, language: str) -> Lock | None:
    """A package and what it requires, where versions that a project's range admits were examined.

    One that was not examined whole, or whose code may lead anywhere, is open (``Lock.partly``).
    """
    rows, allowed = _covering(name, wanted, language)
    return _graph(rows, language, allowed) if rows else None


def imported(module: str) -> Iterator[str]:
    """The Python packages that were seen to bring a module."""
    yield from _imported().get(module, ())


def _covering(name: str, wanted: str, language: str) -> tuple[tuple[Examined, ...], frozenset[str]]:
    """The examined versions that tell what a declared one is, and the marks that their code may have."""
    rows = examined(name, language)
    if admitted := tuple(row for row in rows if admits(wanted, row.version)):
        return admitted, _QUIET
    if (only := exact(wanted)) is None:
        return (), _QUIET
    return tuple(row for row in rows if (of := release(row.version)) and series(of) == series(only)), frozenset()


def _graph(rows: tuple[Examined, ...], language: str, allowed: frozenset[str]) -> Lock:
    built = Builder()
    waiting = list(rows)
    seen: set[tuple[str, str]] = set()
    for row in waiting:
        if (row.package, row.version) in seen:
            continue
        seen.add((row.package, row.version))
        built.add(row.package, row.needs, row.uses)
        if not row.reaches <= allowed:
            built.leave_open(row.package)
        for name, version in row.needs.items():
            waiting += (one for one in examined(name, language) if one.version == version)
    return built.lock()


@cache
def _table() -> Mapping[str, tuple[Examined, ...]]:
    return RowsByName([TABLE], _examined, COLUMNS, cells=2)


def _examined(row: dict[str, str]) -> tuple[Examined]:
    required = row["requires"].split()
    needs = dict(one.rsplit("@", 1) for one in required if not one.startswith("?"))
    uses = frozenset(one[1:] for one in required if one.startswith("?"))
    reaches = frozenset(row["reaches"].split())
    return (Examined(row["package"], row["version"], reaches, needs, uses, tuple(row["imports"].split())),)


@cache
def _imported() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in (name for name in _table() if name.startswith("python\t")):
        for module in {module for row in _table()[name] for module in row.imports}:
            found[module] = (*found.get(module, ()), name.partition("\t")[2])
    return found
