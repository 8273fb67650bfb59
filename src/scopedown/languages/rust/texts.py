"""What Rust's texts can do (https://doc.rust-lang.org/std/primitive.str.html)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from scopedown.calls.interpreter import operators
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    Const,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    as_text,
    from_text,
    join,
    options,
)  # fmt: skip
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.languages.rust.natives import first, last, settled

Method = Callable[[Value, CallSite, Machine], Value]


def _text(change: Callable[[str], str]) -> Method:
    """A method that changes a known text; one that is known in part stays as it is."""

    def body(value: Value, site: CallSite, run: Machine) -> Value:
        made = [
            Const(change(one.value))
            if isinstance(one, Const) and isinstance(one.value, str)
            else _changed(one, site.place)
            for one in options(value)
        ]
        return join(*made)

    return body


def _changed(value: Value, place: Place) -> Value:
    return value if isinstance(value, UnknownValue) else UnknownValue("a changed text", place, inert=True)


def _trimmed(value: Value, site: CallSite, run: Machine) -> Value:
    """What is trimmed is the same text for a name."""
    return _text(str.strip)(value, site, run) if isinstance(value, Const) else value


def _replaced(value: Value, site: CallSite, run: Machine) -> Value:
    if len(site.positional) < 2:  # ``option.replace(value)``
        return value
    old, new = (settled(one, run, site.place) for one in (site.positional[0], site.positional[-1]))
    if all(isinstance(one, Const) and isinstance(one.value, str) for one in (value, old)) and (text := as_text(new)):
        pieces = str(value.value).split(str(old.value))  # type: ignore[attr-defined]
        parts: list[object] = []
        for at, piece in enumerate(pieces[:200]):
            parts += [*([text] if at else []), piece]
        return from_text(Text.of(*parts))  # type: ignore[arg-type]
    return _changed(value, site.place)


def _split(value: Value, site: CallSite, run: Machine) -> Value:
    """The pieces of a text."""
    by = settled(last(site), run, site.place) if site.positional else Const(None)
    if (
        isinstance(value, Const)
        and isinstance(value.value, str)
        and isinstance(by, Const)
        and isinstance(by.value, str)
    ):
        pieces = value.value.split(by.value) if by.value else list(value.value)
        return Sequence([Const(piece) for piece in pieces[:200]])
    if site.positional and not isinstance(by, Const | TextValue | UnknownValue):
        run.escape(by, site.place)
    return Sequence([], _changed(value, site.place))


def joined(value: Value, site: CallSite, run: Machine) -> Value:
    """``list.join("/")``, ``path.join("x")``."""
    between = as_text(settled(first(site), run, site.place)) if site.positional else Text.of("")
    if isinstance(value, Sequence) and value.rest is None and between is not None:
        parts: list[Text | str] = []
        for at, item in enumerate(value.items):
            inside = as_text(settled(item, run, site.place)) or Text.unknown("a part of a text", site.place)
            parts += [*([between] if at else []), inside]
        return from_text(Text.of(*parts))
    return UnknownValue("a joined text", site.place, inert=True)


def _parsed(value: Value, site: CallSite, run: Machine) -> Value:
    return value if isinstance(value, UnknownValue) else UnknownValue("a parsed value", site.place, inert=True)


METHODS: Final[Mapping[str, Method]] = {
    "to_uppercase": _text(str.upper), "to_lowercase": _text(str.lower), "to_ascii_uppercase": _text(str.upper),
    "to_ascii_lowercase": _text(str.lower), "trim": _trimmed, "trim_start": _trimmed, "trim_end": _trimmed,
    "replace": _replaced, "split": _split, "splitn": _split, "rsplit": _split, "split_whitespace": _split,
    "lines": _split, "split_once": _split, "rsplit_once": _split, "parse": _parsed, "join": joined, "concat": joined,
}  # fmt: skip


def changed(site: CallSite, run: Machine) -> Value:
    """A value after one of its methods has changed it (:mod:`~scopedown.languages.rust.changes`)."""
    value, method, *added = site.positional
    name = method.value if isinstance(method, Const) else ""
    return join(*(_after(one, str(name), added, site, run) for one in options(value)))


def _after(value: Value, method: str, added: list[Value], site: CallSite, run: Machine) -> Value:
    if not _is_text(value):
        return value
    if method in ("push_str", "push", "write_str") and added:
        return operators.concatenate((value, settled(added[0], run, site.place)))
    return Const("") if method == "clear" else _changed(value, site.place)


def lent(site: CallSite, run: Machine) -> Value:
    """What a value may be after a call could change it: what has no identity is another one then."""
    return join(*(_lent(one, site.place) for one in options(first(site))))


def _lent(value: Value, place: Place) -> Value:
    if isinstance(value, Const | TextValue):
        return UnknownValue("a value that a function changes", place, inert=not _is_nothing(value))
    return value


def _is_text(value: Value) -> bool:
    return isinstance(value, TextValue) or (isinstance(value, Const) and isinstance(value.value, str))


def _is_nothing(value: Value) -> bool:
    return isinstance(value, Const) and value.value is None
