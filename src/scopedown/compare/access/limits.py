"""Limits that a team sets: what no role may ever be granted, and that access does not grow without being asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from scopedown.compare.access.ask import LIMITS_OF_OTHERS, NotGranted, compared
from scopedown.compare.access.model import Subject
from scopedown.compare.access.pairs import Pair, paired, reported
from scopedown.core.finding import ScopedownError
from scopedown.iam.newaccess import Row, Undecided
from scopedown.iam.newaccess.checks import access_not_granted


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit. ``roles`` are patterns of names (a role's logical id, its name, a function), ``paths`` folders of
    projects; none of either means all."""

    never: tuple[NotGranted, ...] = ()
    may_not_grow: bool = False
    roles: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    @staticmethod
    def read(given: Mapping[str, Any]) -> Limit:
        """A limit from a settings file: ``{never, may-not-grow, roles, paths}``. Raises ScopedownError."""
        known = {"never", "may-not-grow", "roles", "paths"}
        if unknown := sorted(given.keys() - known):
            raise ScopedownError(
                f"unknown setting {unknown[0]!r} in [[limits]]", None, f"known are {', '.join(sorted(known))}"
            )
        lists = {}
        for name in ("never", "roles", "paths"):
            value = given.get(name, [])
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                raise ScopedownError(f"{name} is not a list of texts", None, f'write {name} = ["…"]')
            lists[name] = tuple(value)
        grow = given.get("may-not-grow", False)
        if not isinstance(grow, bool):
            raise ScopedownError(f"may-not-grow is {grow!r}", None, "write true or false")
        return Limit(tuple(map(NotGranted.read, lists["never"])), grow, lists["roles"], lists["paths"])

    def concerns(self, subject: Subject, project: str) -> bool:
        """Whether it limits a subject of a project in a folder (relative to the settings, forward slashes)."""
        if self.paths and not any(_is_below(project, one) for one in self.paths):
            return False
        names = [key.partition(":")[2] for key in subject.keys]
        return not self.roles or any(fnmatchcase(name, one) for name in names for one in self.roles)


def _is_below(project: str, path: str) -> bool:
    folder = path.strip("/").removeprefix("./")
    return folder in ("", ".") or project == folder or project.startswith(folder + "/") or fnmatchcase(project, folder)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a project, which is in ``folder``, and its subjects ``before`` and ``after`` the change, those of
    other deployments among them (None: not asked)."""

    limits: tuple[Limit, ...] = ()
    folder: str = "."
    before: Sequence[Subject] | None = field(default=None, compare=False)
    after: Sequence[Subject] = field(default=(), compare=False)

    def granted(
        self, subjects: Sequence[Subject], names: Sequence[str]
    ) -> Iterator[tuple[Subject, NotGranted, Row | str]]:
        """What is granted and never may be: a row, or why that is not decided."""
        for subject in subjects:
            if subject.kind in LIMITS_OF_OTHERS:
                continue
            wanted = [one for limit in self.limits if limit.concerns(subject, self.folder) for one in limit.never]
            for one in dict.fromkeys(wanted):
                found = access_not_granted(subject.layers, one.actions, one.resources, names)
                yield from ((subject, one, row) for row in found.rows)
                if not found.rows:
                    yield from ((subject, one, reason) for reason in _open(found.undecided, subject))

    def grown(self, names: Sequence[str]) -> Iterator[tuple[Subject, Row | str]]:
        """What is new and may not be."""
        if self.before is None:
            return
        limited = [pair for pair in paired(self.before, self.after) if self._may_not_grow(_one_of(pair))]
        for pair, change in reported((pair, compared(*pair, names, lost=False)) for pair in limited):
            one = _one_of(pair)
            yield from ((one, row) for row in change.found.rows)
            if not change.found.rows:
                yield from ((one, reason) for reason in (*_open(change.found.undecided), *change.unknown))

    def _may_not_grow(self, subject: Subject) -> bool:
        return any(limit.may_not_grow and limit.concerns(subject, self.folder) for limit in self.limits)


def _one_of(pair: Pair) -> Subject:
    """What a pair is reported for: the new subject, or the old one, whose place is not in the project any more."""
    old, new = pair
    if new is not None:
        return new
    assert old is not None, "a pair has a subject"
    return replace(old, place=None)


NO_LIMITS = Limits()


def _open(undecided: Sequence[Undecided], subject: Subject | None = None) -> list[str]:
    return list(dict.fromkeys((*(one.reason for one in undecided), *(subject.unknown if subject is not None else ()))))
