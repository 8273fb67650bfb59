"""Answers kept by what was looked at: requests that differ only in what nobody reads share one answer.

In: parameters and a pure function of them. Out: its answer, from memory where an earlier request agreed with this one
in every parameter that the function then looked at (a parameter that is not there counts as looked at, too). It holds
because the function is given the parameters one by one and its answer can depend on nothing else.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from threading import Lock
from typing import Any, Generic, TypeVar

T = TypeVar("T")
_ABSENT = "\0absent"


class Watched(Mapping[str, Any]):
    """Parameters, changed one by one as they are looked at; ``seen`` are the names that were."""

    def __init__(self, values: Mapping[str, Any], change: Callable[[Any], Any]) -> None:
        self._values, self._change = values, change
        self._changed: dict[str, Any] = {}
        self.seen: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.seen.add(name)
        if name not in self._changed:
            self._changed[name] = self._change(self._values[name])
        return self._changed[name]

    def __contains__(self, name: object) -> bool:
        self.seen.add(str(name))
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        self.seen.update(self._values)
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class Memory(Generic[T]):
    """At most ``size`` answers, the ones that were asked for last."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._looked_at: dict[Hashable, frozenset[str]] = {}
        self._answers: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def answer(
        self, kind: Hashable, parameters: Mapping[str, Any], change: Callable[[Any], Any],
        ask: Callable[[Mapping[str, Any]], T],
    ) -> T:  # fmt: skip
        """``ask(parameters)``, each parameter changed by ``change``; ``kind`` is what else the answer depends on."""
        with self._lock:
            names = self._looked_at.get(kind)
            if names is not None:
                key = (kind, _frozen(parameters, names))
                if key in self._answers:
                    self._answers.move_to_end(key)
                    return self._answers[key]
        watched = Watched(parameters, change)
        made = ask(watched)
        with self._lock:
            # Another request may look at more: then the answers that were kept under fewer names are not found again.
            names = self._looked_at.get(kind, frozenset()) | watched.seen
            self._looked_at[kind] = names
            self._answers[kind, _frozen(parameters, names)] = made
            while len(self._answers) > self._size:
                self._answers.popitem(last=False)
        return made


def _frozen(parameters: Mapping[str, Any], names: frozenset[str]) -> tuple[tuple[str, Hashable], ...]:
    return tuple((name, _key(parameters[name]) if name in parameters else _ABSENT) for name in sorted(names))


def _key(value: Any) -> Hashable:
    if isinstance(value, Mapping):
        return tuple((name, _key(one)) for name, one in value.items())
    if isinstance(value, list | tuple):
        return ("list", *map(_key, value))
    if isinstance(value, str) or value is None:
        return value
    plain = isinstance(value, bool | int | float)  # True is 1 to a dictionary, but not to the mapping
    return (type(value).__name__, value if plain else "")
