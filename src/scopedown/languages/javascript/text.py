"""Methods of JavaScript strings and numbers: folded where the text is known, the known beginning kept otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from scopedown.calls.interpreter import exact
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    Const,
    FunctionValue,
    Sequence,
    UnknownValue,
    Value,
    as_text,
    combinations,
    from_text,
    join,
)
from scopedown.calls.values.text_cuts import certain_pieces
from scopedown.core.place import Place
from scopedown.core.text import Literal, Part, Text, Unknown
from scopedown.languages.javascript import known_values as exactly
from scopedown.languages.javascript.known import numbers, strings
from scopedown.languages.javascript.known.regexp import Found
from scopedown.languages.javascript.known.values import Known
from scopedown.languages.javascript.known_values import charge, known_of, value_of, worked_out
from scopedown.languages.javascript.natives import NOTHING, Function, given, method, text_of
from scopedown.source.known import NotKnown

TextMethod = Callable[[Text, CallSite, Machine], Value]


def text_method(value: Value, name: str, run: Machine, place: Place) -> Value | None:
    """A member of a string, or None where strings have no such member."""
    text = as_text(value)
    if text is None:
        return None
    if name == "length":
        literal = text.literal
        return Const(strings.length(literal)) if literal is not None else UnknownValue("the length of a text", place)
    if name in strings.METHODS or name in strings.OTHERS:
        return method(value, name, lambda site, run: _called(text, name, site, run))
    return None


def _called(text: Text, name: str, site: CallSite, run: Machine) -> Value:
    literal = text.literal
    if run.exact and name == "concat":
        return exactly.together([text, *(exactly.text(one, run, site.place) for one in site.all())], run, site.place)
    if name in ("replace", "replaceAll"):
        return _replace(text, site, run, name == "replaceAll")
    if literal is not None and name in strings.METHODS:

        def work(arguments: list[Known]) -> Known:
            charge(run, strings.cost(name, literal, arguments))
            return strings.call(name, literal, arguments)

        found = worked_out(work, site, run)
        if found is not None:
            return found
    found_in_part = _METHODS.get(name)
    return _vague(text, site.place) if found_in_part is None else found_in_part(text, site, run)


def number_method(value: Const, name: str) -> Value | None:
    """A member of a number."""
    number = value.value
    if not isinstance(number, int | float) or name not in (*numbers.METHODS, "toLocaleString"):
        return None

    def body(site: CallSite, run: Machine) -> Value:
        found = worked_out(lambda arguments: numbers.call(name, number, arguments), site, run)
        return found or UnknownValue("a formatted number", site.place)

    return method(value, name, body)


def beginning(text: Text) -> str:
    """The characters at the start that are known."""
    return first.value if text.parts and isinstance(first := text.parts[0], Literal) else ""


def part_of(text: Text, place: Place) -> Part:
    """A piece of a text that cannot be told exactly."""
    unknown = text.unknowns
    return Unknown(unknown[0].reason if unknown else f"a part of {text}", place)


def _vague(text: Text, place: Place) -> Value:
    return from_text(Text((part_of(text, place),)))


def _number(value: Value | None) -> int | None:
    if isinstance(value, Const) and isinstance(value.value, int | float):
        return int(value.value)
    return None


def _same(text: Text, site: CallSite, run: Machine) -> Value:
    return from_text(text)


def _mapped(change: Callable[[str], str]) -> TextMethod:
    """A change of every character alike: it is exact on what is known, the rest is no longer what it was."""

    def body(text: Text, site: CallSite, run: Machine) -> Value:
        def one(part: Part) -> Part:
            return Literal(change(part.value)) if isinstance(part, Literal) else part_of(Text((part,)), site.place)

        return from_text(text.replace(one))

    return body


def _concat(text: Text, site: CallSite, run: Machine) -> Value:
    return from_text(Text.of(text, *(text_of(value) for value in site.positional)))


def _split(text: Text, site: CallSite, run: Machine) -> Value:
    separator = site.argument(0)
    if not (isinstance(separator, Const) and isinstance(separator.value, str) and separator.value):
        whole = [from_text(text)] if not given(separator) else []
        return Sequence(whole, None if whole else UnknownValue(f"a part of {text}", site.place))
    certain, is_whole = certain_pieces(text, separator.value)
    if is_whole:
        return Sequence([from_text(piece) for piece in certain])
    if len(certain) > beginning(text).count(separator.value):
        return Sequence([from_text(piece) for piece in certain], UnknownValue(f"a part of {text}", site.place))
    known = beginning(text).split(separator.value)
    # The last known piece goes on in what is not known; how many follow is not known either.
    unknown = part_of(text, site.place)
    rest = UnknownValue(unknown.reason if isinstance(unknown, Unknown) else "a part of a text", site.place)
    last = from_text(Text.of(known[-1], unknown)) if known[-1] else rest
    return Sequence([*(Const(piece) for piece in known[:-1]), last], rest)


def _replace(text: Text, site: CallSite, run: Machine, every: bool) -> Value:
    combined = combinations(site.positional[:2]) or [site.positional[:2]]
    return join(*(_replaced(text, (*some, NOTHING, NOTHING)[:2], site.place, run, every) for some in combined))


def _replaced(text: Text, arguments: tuple[Value, ...], place: Place, run: Machine, every: bool) -> Value:
    old, new = arguments
    is_called = isinstance(new, FunctionValue | Function)
    shown = partial(exactly.text, run=run, place=place) if run.exact else text_of
    replacement = Text.of("undefined") if new is NOTHING else shown(new)

    def put(found: Found) -> str | Text:
        if is_called:
            values = tuple(map(value_of, (found.text, *found.groups, found.start, literal)))
            return shown(run.call(new, values, place))
        return replacement if replacement.literal is None else found.expanded(replacement.literal)

    literal = text.literal
    if literal is not None:
        try:
            if run.exact and (unknown := exact.why_unknown(old)) is not None:
                return unknown
            what = exactly.known(old, run, place) if run.exact else known_of(old)
            charge(run, strings.cost("replace", literal, [what]))
            pieces = list(strings.replaced(literal, what, put, every))
            if run.exact:
                return exactly.together([Text.of(piece) for piece in pieces], run, place)
            return from_text(Text.of(*pieces))
        except NotKnown:
            pass
    if is_called:
        replacement = text_of(run.call(new, (UnknownValue("a match", place),), place))
    if literal is None and isinstance(old, Const) and isinstance(old.value, str) and not is_called:
        return _replaced_in_parts(text, old.value, replacement, place, every)
    return _vague(text, place)


def _replaced_in_parts(text: Text, old: str, replacement: Text, place: Place, every: bool) -> Value:
    """A word replaced where it stands in the known parts; where it stands in none, it may stand in the others."""
    pieces: list[Part | Text | str] = []
    done = False
    for part in text.parts:
        if not isinstance(part, Literal):
            pieces.append(part)
            continue
        rest = part.value
        while old and (every or not done) and old in rest:
            before, _, rest = rest.partition(old)
            pieces += [before, replacement]
            done = True
        pieces.append(rest)
    return from_text(Text.of(*pieces)) if done else _vague(text, place)


def _cut(text: Text, site: CallSite, run: Machine, *, by: str = "slice") -> Value:
    """A piece of a text, where the arguments and enough of the text are known."""
    start, end = _number(site.argument(0)) or 0, _number(site.argument(1))
    if by == "substring":
        start, end = max(start, 0), None if end is None else max(end, 0)
    elif by == "substr" and end is not None:
        end += start
    known = beginning(text)
    exact = all(_number(value) is not None or not given(value) for value in site.positional)
    if exact and text.literal is None and 0 <= start <= len(known):
        if end is None:
            return from_text(Text.of(known[start:], *text.parts[1 if known else 0 :]))
        if start <= end <= len(known):
            return Const(known[start:end])
    return _vague(text, site.place)


def _word(site: CallSite) -> str | None:
    wanted = site.argument(0)
    return wanted.value if isinstance(wanted, Const) and isinstance(wanted.value, str) else None


def _index_of(text: Text, site: CallSite, run: Machine) -> Value:
    word = _word(site)
    position = beginning(text).find(word) if word is not None and len(site.positional) == 1 else -1
    return Const(position) if position >= 0 else UnknownValue("a position in a text", site.place)


def _starts(text: Text, site: CallSite, run: Machine) -> Value:
    word, known = _word(site), beginning(text)
    if word is not None and len(site.positional) == 1 and (len(known) >= len(word) or not word.startswith(known)):
        return Const(known.startswith(word))
    return UnknownValue("a test", site.place)


def _repeat(text: Text, site: CallSite, run: Machine) -> Value:
    count = _number(site.argument(0))
    if count is not None and 0 <= count <= 64:
        return from_text(Text.of(*([text] * count)))
    return _vague(text, site.place)


def _unknown(reason: str) -> TextMethod:
    """What nothing is known of; ``{}`` in its name is the text."""
    return lambda text, site, run: UnknownValue(reason.format(text), site.place)


_METHODS: Final[Mapping[str, TextMethod]] = {
    **dict.fromkeys(("toString", "valueOf", "trim", "trimStart", "trimEnd", "normalize"), _same),
    **dict.fromkeys(("toLowerCase", "toLocaleLowerCase"), _mapped(str.lower)),
    **dict.fromkeys(("toUpperCase", "toLocaleUpperCase"), _mapped(str.upper)),
    **{name: partial(_cut, by=name) for name in ("slice", "substring", "substr")},
    **dict.fromkeys(("at", "charAt"), _unknown("a character")),
    **dict.fromkeys(("charCodeAt", "codePointAt"), _unknown("a character's code")),
    **dict.fromkeys(("lastIndexOf", "search"), _unknown("a position in a text")),
    **dict.fromkeys(("includes", "endsWith", "localeCompare", "isWellFormed"), _unknown("a test")),
    **dict.fromkeys(("match", "matchAll"), _unknown("a match in {}")),
    "concat": _concat,
    "split": _split,
    "indexOf": _index_of,
    "startsWith": _starts,
    "repeat": _repeat,
}
"""What is certain where the text, or an argument, is not known whole."""
