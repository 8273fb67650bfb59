"""What an SDK call's arguments hold at a parameter path.

A path is what the catalog's resource rows name: ``TableName``; ``Delete.Objects[].Key`` (every element);
``RequestItems.*`` (the keys of a mapping). Lists are walked through even where the path does not say so. Where several
values can arrive, all of them are given.

When an action is needed, or a parameter read, only with certain arguments, the catalog's ``when`` says so over a call,
in the notation of :mod:`scopedown.core.conditions`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from scopedown.calls.model import Alternatives, Argument
from scopedown.core.conditions import Term, held_terms
from scopedown.core.text import Literal, Text, Unknown

MAX_VALUES = 50
"""More values than this at one path are not told apart: the rest becomes one unknown."""


def texts_at(arguments: Mapping[str, Argument], path: str) -> tuple[Text, ...]:
    """Every text at ``path``, without repetition; empty where nothing stands there.

    A number becomes its digits; a mapping, list or flag at the end of the path is no text. What is unknown
    on the way is unknown at the end, with the reason that was given for it.
    """
    found: dict[Text, None] = {}
    for value in values_at(arguments, path):
        if isinstance(value, Text):
            found[value] = None
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found[Text.of(str(value))] = None
        if len(found) >= MAX_VALUES:
            found[Text.unknown(f"{path} has more than {MAX_VALUES} values")] = None
            break
    return tuple(found)


def values_at(arguments: Mapping[str, Argument], path: str) -> Iterator[Argument]:
    """Every value at ``path`` (None among them), alternatives and lists told apart."""
    steps = [step.removesuffix("[]") for step in path.split(".")]
    yield from _walk(arguments, steps)


def is_given(arguments: Mapping[str, Argument], path: str) -> bool:
    """Whether something may stand at ``path``: not where it is absent, None or False in every case."""
    return any(value is not None and value is not False for value in values_at(arguments, path))


def is_passed(arguments: Mapping[str, Argument], path: str) -> bool:
    """Whether the call passes the parameter of ``path``, and something may stand there.

    Arguments that are not known as a whole (``**event``) could hold every parameter of the operation: they pass none.
    """
    return path.partition(".")[0].removesuffix("[]") in arguments and is_given(arguments, path)


def is_surely_given(arguments: Mapping[str, Argument], path: str) -> bool:
    """Whether something stands at ``path`` in every case: nothing that is not known could lack it."""
    *parents, last = (step.removesuffix("[]") for step in path.split("."))
    holders = list(_walk(arguments, parents))
    values = [value for holder in holders for value in _field(holder, last)]
    return bool(values) and all(value is not None and value is not False for value in values)


def _field(holder: Argument, name: str) -> tuple[Argument, ...]:
    """Each value that a field may have: None where it may be missing."""
    value = holder.get(name) if isinstance(holder, Mapping) else None
    return value.options if isinstance(value, Alternatives) else (value,)


def is_absent(arguments: Mapping[str, Argument], path: str) -> bool:
    """Whether ``path`` is left out at least once: by the arguments, or by one of several elements or alternatives."""
    *parents, last = path.split(".")
    holders = values_at(arguments, ".".join(parents)) if parents else iter((arguments,))
    return any(isinstance(holder, Mapping) and holder.get(last) is None and "*" not in holder for holder in holders)


def _walk(value: Argument, steps: list[str]) -> Iterator[Argument]:
    if isinstance(value, Alternatives):
        for option in value.options:
            yield from _walk(option, steps)
    elif isinstance(value, tuple):
        for item in value:
            yield from _walk(item, steps)
    elif not steps:
        yield value
    elif isinstance(value, Mapping):
        yield from _member(value, steps)
    elif isinstance(value, Text) and any(isinstance(part, Unknown) for part in value.parts):
        yield value


def _member(fields: Mapping[Any, Argument], steps: list[str]) -> Iterator[Argument]:
    step, rest = steps[0], steps[1:]
    if step == "*":
        for key, item in fields.items():
            if key == "*":
                yield from _unknowns(item, "a key of the mapping is unknown")
            else:
                yield from _walk(key if isinstance(key, Text) else Text.of(key), rest)
    elif step in fields:
        yield from _walk(fields[step], rest)
    elif "*" in fields and not step.startswith("$"):  # what the client was made with is no argument
        yield from _unknowns(fields["*"], "unknown")


def _unknowns(value: Argument, reason: str) -> Iterator[Text]:
    """Other fields than those named may exist; of what such a field holds only the reason is known."""
    unknown = next((text for text in _walk(value, []) if isinstance(text, Text) and text.unknowns), None)
    yield Text((unknown.unknowns[0],)) if unknown else Text.unknown(reason)


def applies(when: str, arguments: Mapping[str, Argument]) -> bool:
    """Whether ``arguments`` are such that ``when`` holds."""
    return not when or held_terms(when, lambda term: _holds(term, arguments)) is not None


def surely_applies(when: str, arguments: Mapping[str, Argument]) -> bool:
    """Whether ``when`` holds whatever that of ``arguments`` turns out to be that is not known."""
    return (
        not when
        or held_terms(when, lambda term: _holds(replace(term, surely=not term.negative), arguments)) is not None
    )


def _holds(term: Term, arguments: Mapping[str, Argument]) -> bool:
    if not term.operator:
        given = is_surely_given if term.sure else is_passed
        return given(arguments, term.path) is not term.negative
    return term.holds(list(values_at(arguments, term.path)), _compares)


def _compares(value: Argument, term: Term) -> bool:
    """Whether a value surely compares, or may."""
    if not isinstance(value, Text):
        return term.operator == "=" and term.compares(str(value))
    if (known := value.literal) is not None or term.operator == "=":
        return not term.sure if known is None else term.compares(known)
    literals = [part.value if isinstance(part, Literal) else None for part in value.parts]
    if term.operator == "~=":
        return not term.sure or any(literal is not None and term.compares(literal) for literal in literals)
    if literals[0] is None:
        return not term.sure
    return term.compares(literals[0]) or (not term.sure and term.text.startswith(" ".join(literals[0].lower().split())))
