"""Needs that a role denies, put together and named by the calls that they come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from scopedown.calls.model import SdkCall
from scopedown.compare.statement import Need
from scopedown.core.place import Place


def grouped(lacking: Iterable[tuple[Need, str]]) -> Iterator[tuple[str, str, list[Need], str]]:
    """Needs, each with the resource of a denied request, of one action at one place together: the function's key, the
    action, the needs, and the first of those resources."""
    found: dict[tuple[str, str, object], list[tuple[Need, str]]] = {}
    for need, example in lacking:
        calls = tuple((one.place, getattr(one, "switches", ())) for one in need.permission.because)
        found.setdefault((need.function.function.key, need.permission.action, calls), []).append((need, example))
    for (function, action, _), each in found.items():
        yield function, action, [need for need, _ in each], each[0][1]


def called_at(needs: Sequence[Need]) -> str:
    """The first call that needs something, in words."""
    call = next(_calls(needs), None)
    return f"{call.name} at {call.place.file}:{call.place.line}" if call else "a hint"


def related(needs: Sequence[Need]) -> tuple[tuple[Place, str], ...]:
    """The calls, as places of a problem."""
    return tuple((call.place, call.name) for call in _calls(needs))


def _calls(needs: Iterable[Need]) -> Iterator[SdkCall]:
    return (one for need in needs for one in need.permission.because if isinstance(one, SdkCall))
