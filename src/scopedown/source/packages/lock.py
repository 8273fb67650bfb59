"""A lock file as a graph of packages, and what one of them brings along.

Packages stand by name, versions of one joined: what any of them requires counts for all. So a closure never misses a
package; it may hold one too many where two versions differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Closure:
    """What a package brings: ``names``, itself included, and whether that is ``whole``, all that it can load.

    Among the names are optional and peer packages that are not installed: a runtime may have them (Lambda's have an
    SDK).
    """

    names: frozenset[str]
    whole: bool


@dataclass(frozen=True, slots=True)
class Lock:
    """One lock file. ``needs`` are the names that each package requires, ``uses`` those that it takes where they are
    there (optional, peer, extras). ``own`` are packages that no registry has: of a workspace, a folder, a repository.
    ``partly`` are those of which the file does not say all. ``versions`` are certain ones.

    ``listed``: the file has no graph, each of its packages may be anything's requirement; None where it has one, else
    whether its list is everything that is installed.
    """

    needs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    uses: Mapping[str, frozenset[str]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    partly: frozenset[str] = frozenset()
    versions: Mapping[str, str] = field(default_factory=dict)
    listed: bool | None = None

    def closure(self, name: str, ends_at: Callable[[str], bool] = lambda name: False) -> Closure | None:
        """All that a package brings, or None where the file does not have it.

        What a package requires for which ``ends_at`` holds is not followed; the package itself is among the names.

        >>> lock = Lock({"a": frozenset({"b"}), "b": frozenset()}, {"b": frozenset({"c"})})
        >>> sorted(lock.closure("a").names), lock.closure("a").whole
        (['a', 'b', 'c'], True)
        """
        if name not in self.needs:
            return None
        if self.listed is not None:
            return Closure(frozenset(self.needs), self.listed and name not in self.own)
        seen = {name}
        waiting = [name]
        whole = True
        while waiting:
            one = waiting.pop()
            if ends_at(one):
                continue
            if one not in self.needs or one in self.own or one in self.partly:
                whole = False
            for other in self.needs.get(one, ()):
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
            for other in self.uses.get(one, ()):
                if other not in seen:
                    seen.add(other)
                    if other in self.needs:
                        waiting.append(other)
        missing = any(
            other not in self.needs and not ends_at(other) for one in seen for other in self._required(one, ends_at)
        )
        return Closure(frozenset(seen), whole and not missing)

    def _required(self, name: str, ends_at: Callable[[str], bool]) -> frozenset[str]:
        return frozenset() if ends_at(name) else self.needs.get(name, frozenset())


class Builder:
    """Puts a lock together, entry by entry."""

    def __init__(self) -> None:
        self._needs: dict[str, set[str]] = {}
        self._uses: dict[str, set[str]] = {}
        self._own: set[str] = set()
        self._partly: set[str] = set()
        self.versions: dict[str, str] = {}

    def add(self, name: str, needs: Iterable[str] = (), uses: Iterable[str] = (), own: bool = False) -> None:
        """A package, or more of what one requires."""
        self._needs.setdefault(name, set()).update(needs)
        if uses:
            self._uses.setdefault(name, set()).update(uses)
        if own:
            self._own.add(name)

    def leave_open(self, name: str) -> None:
        """The file says of a package what is not understood here."""
        self._partly.add(name)

    def lock(self, listed: bool | None = None) -> Lock:
        """The graph. What is required and used counts as required."""
        return Lock(
            {name: frozenset(of) for name, of in self._needs.items()},
            {name: frozenset(of) for name, of in self._uses.items()},
            frozenset(self._own),
            frozenset(self._partly),
            self.versions,
            listed,
        )
