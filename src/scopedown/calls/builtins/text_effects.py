"""The verbs of texts: worked out where everything is known, otherwise as much as stays certain.

A verb that has the name of a method of Python's ``str`` does what that does with the arguments, or with as many of them
as the row says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from textwrap import dedent
from typing import Any, Final

from scopedown.calls.builtins.builtin_call import Call, Members
from scopedown.calls.builtins.known_values import MAX_TEXT, is_small, worked_out
from scopedown.calls.builtins.list_effects import joined_text
from scopedown.calls.interpreter.operators import concatenate, either
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    Const,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    as_text,
    combinations,
    from_text,
    join,
    options,
)
from scopedown.calls.values.text_cuts import certain_pieces
from scopedown.core.place import Place
from scopedown.core.text import EnvVar, Literal, Part, Text, Unknown
from scopedown.source.known import NotKnown

_WRITTEN_PURE: Final = """
    capitalize casefold center count endswith expandtabs find index isalnum isalpha isascii isdecimal isdigit
    isidentifier islower isnumeric isprintable isspace istitle isupper ljust lower lstrip partition removeprefix
    removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title
    translate upper zfill
"""
PURE: Final = frozenset(_WRITTEN_PURE.split())
"""Methods of Python's text that text alone decides."""
_WHOLE: Final = frozenset({"strip", "lstrip", "rstrip"})
"""A value from the environment is taken to have nothing to strip."""
_LETTERS: Final = frozenset({"lower", "upper", "capitalize", "casefold", "title", "swapcase"})
_NAMES: Final = ("sep", "maxsplit", "keepends", "tabsize", "old", "new", "count")
"""Parameters that text's methods have by name."""
_LISTS: Final = frozenset({"split", "rsplit", "splitlines", "partition", "rpartition"})


def describe(text: Text) -> str:
    """What a text that is not known whole is made of, for a message."""
    names = [f"env:{part.name}" for part in text.parts if isinstance(part, EnvVar)]
    reasons = [part.reason for part in text.parts if isinstance(part, Unknown)]
    return ", ".join(names or reasons) or "text"


def is_text(value: Value) -> bool:
    """Whether a value is a text, known in part at least."""
    return isinstance(value, TextValue) or (isinstance(value, Const) and isinstance(value.value, str))


def pure(name: str, value: Value, site: CallSite) -> Value:
    """What a method of Python's text gives for a value."""
    if isinstance(value, Const) and isinstance(value.value, str):
        found = worked_out(lambda *given, **named: _exact(str(value.value), name, given, named), site, *_NAMES)
        if found is not None:
            return found
    combined = combinations(site.positional) if not site.keywords and site.complete else None
    if combined is None or not is_text(value):
        return _part(name, value, site)
    return join(*(_one(value, name, arguments, site) for arguments in combined))


def _part(name: str, value: Value, site: CallSite) -> Value:
    """A text that is not known."""
    whole = f"part of {describe(value.text)}" if isinstance(value, TextValue) else f"result of {name}()"
    rest = UnknownValue(whole, site.place, inert=True)
    return Sequence([], rest) if name in _LISTS else rest


def _exact(text: str, name: str, given: tuple[Any, ...], named: dict[str, Any]) -> Any:
    values = [*given, *named.values()]
    widths = [value if isinstance(value, int) else len(value) for value in values if isinstance(value, str | int)]
    grows = name in ("replace", "expandtabs")
    if len(text) * (1 + max(widths, default=8) * grows) > MAX_TEXT or not all(map(is_small, values)):
        raise NotKnown("a long text")
    return getattr(text, name)(*given, **named)


def _one(value: Value, name: str, arguments: tuple[Value, ...], site: CallSite) -> Value:
    constants = [argument.value for argument in arguments if isinstance(argument, Const)]
    if isinstance(value, TextValue) and len(constants) == len(arguments):
        if name in _WHOLE:
            return _stripped(value.text, name, constants)
        if name in _LETTERS or name == "replace":
            return _by_part(value.text, name, constants)
        if name == "split" and len(constants) == 1 and isinstance(separator := constants[0], str) and separator:
            certain, is_whole = certain_pieces(value.text, separator)
            rest = UnknownValue(f"part of {describe(value.text)}", site.place, inert=True)
            return Sequence([from_text(piece) for piece in certain], None if is_whole else rest)
    return _part(name, value, site)


def _stripped(text: Text, name: str, arguments: list[str | int | float | bool | None]) -> Value:
    parts = list(text.parts)
    try:
        if name != "rstrip" and parts and isinstance(first := parts[0], Literal):
            parts[0] = Literal(first.value.lstrip(*arguments))  # type: ignore[arg-type]
        if name != "lstrip" and parts and isinstance(last := parts[-1], Literal):
            parts[-1] = Literal(last.value.rstrip(*arguments))  # type: ignore[arg-type]
    except TypeError:
        pass
    return from_text(Text.of(*parts))


def _by_part(text: Text, name: str, arguments: list[str | int | float | bool | None]) -> Value:
    """The literal parts changed; the others are no longer what they were."""

    def change(part: Part) -> Part:
        if isinstance(part, Literal):
            try:
                return Literal(getattr(part.value, name)(*arguments))
            except (TypeError, ValueError):
                return Unknown(f"result of {name}()")
        return Unknown(f"changed {describe(Text((part,)))}") if isinstance(part, EnvVar) else part

    return from_text(text.replace(change))


def _pure(call: Call, count: str = "", *, name: str) -> Value:
    arguments = tuple(call.plain(at) for at in range(len(call.site.positional)))
    site = replace(call.site, positional=arguments[: int(count)] if count else arguments)
    return pure(name, call.value, replace(site, keywords={}) if count else site)


def known(call: Call) -> str | None:
    """The text, where it is known whole."""
    return call.value.value if isinstance(call.value, Const) and isinstance(call.value.value, str) else None


def _replace_first(call: Call) -> Value:
    return pure("replace", call.value, replace(call.site, positional=(call.plain(0), call.plain(1), Const(1))))


def _changed(call: Call, *, change: Callable[[str], str]) -> Value:
    """A change of a text that is known whole."""
    text = known(call)
    return UnknownValue("a changed text", call.place, inert=True) if text is None else Const(change(text))


def _first_letter(call: Call, *, change: Callable[[str], str]) -> Value:
    """The first letter is another one."""
    if isinstance(call.value, TextValue) and isinstance(first := call.value.text.parts[0], Literal) and first.value:
        changed = change(first.value[0]) + first.value[1:]
        return from_text(Text.of(changed, *call.value.text.parts[1:]))
    return _changed(call, change=lambda text: change(text[:1]) + text[1:])


def _tested(call: Call, *, test: Callable[[str], bool | int]) -> Value:
    text = known(call)
    return call.data() if text is None else Const(test(text))


def _is_true(call: Call) -> Value:
    """Whether a text, or a truth value, is ``true``."""
    value = call.value.value if isinstance(call.value, Const) else None
    return Const(str(value).lower() == "true") if isinstance(value, str | bool) else call.data()


def _number(call: Call) -> Value:
    """A whole number that a text is; a number is itself."""
    if isinstance(call.value, Const) and isinstance(call.value.value, int | float):
        return call.value
    text = (known(call) or "").strip()
    return Const(int(text)) if re.fullmatch(r"[-+]?[0-9]{1,15}", text) else call.data()


def _concat(call: Call) -> Value:
    return concatenate((call.value, *(call.plain(at) for at in range(len(call.site.positional)))))


def _join(call: Call) -> Value:
    """The elements of an argument, or several arguments, with the receiver between them."""
    arguments = call.site.positional
    if len(arguments) != 1 or is_text(arguments[0]):
        rest = None if call.site.complete else UnknownValue("a part of a joined text", call.place)
        return joined_text(call.value, Sequence(list(arguments), rest), call.place)
    return join(*(joined_text(call.value, call.elements(option), call.place) for option in options(arguments[0])))


def _pieces(call: Call) -> Value:
    """Pieces of a text, of which nothing is known."""
    return _part("split", call.value, call.site)


def _cut(call: Call, kind: str = "") -> Value:
    """From a position on, to another one, or so many characters (``length``)."""
    bounds = [value.value if isinstance(value := call.plain(at), Const) else None for at in range(2)]
    start, end = bounds
    count = len(call.site.positional)
    if not isinstance(start, int) or start < 0 or (count > 1 and not (isinstance(end, int) and end >= 0)):
        return _part(call.name, call.value, call.site)
    stop = None if count < 2 or not isinstance(end, int) else start + end if kind else max(start, end)
    return cut(call.value, slice(start, stop), call.site)


def cut(value: Value, bounds: slice, site: CallSite) -> Value:
    """A piece of a text; one inside of the literal beginning is certain."""
    if isinstance(value, Const):
        try:
            return Const(str(value.value)[bounds])
        except ValueError:
            return UnknownValue("part of a text", site.place)
    if not isinstance(value, TextValue) or not value.text.parts:
        return UnknownValue("part of a text", site.place)
    text, first = value.text, value.text.parts[0]
    start, stop = bounds.start or 0, bounds.stop
    if isinstance(first, Literal) and bounds.step is None and 0 <= start <= len(first.value):
        if isinstance(stop, int) and 0 <= stop <= len(first.value):
            return Const(first.value[start:stop])
        if stop is None:
            return from_text(Text.of(first.value[start:], *text.parts[1:]))
        return from_text(Text.of(first.value[start:], Unknown(f"part of {describe(text)}", site.place)))
    return UnknownValue(f"part of {describe(text)}", site.place)


def _beside(call: Call, which: str, last: str = "") -> Value:
    """What is ``before`` or ``after`` a word, the whole text where it lacks the word."""
    text, word = known(call), call.plain(0)
    if text is None or not isinstance(word, Const):
        return _part(call.name, call.value, call.site)
    head, found, tail = (text.rpartition if last else text.partition)(str(word.value) or "\0")
    return call.value if not found else Const(tail if which == "after" else head)


def _if_empty(call: Call) -> Value:
    """What a callback gives where the text is empty."""
    callback = call.callback()
    return call.value if callback is None else either(call.value, call.run.call(callback, (), call.place))


_VERB: Final = re.compile(r"%(?:(\d+)\$|\[(\d+)\])?([-+# 0,(]*)(\*|\d+)?(?:\.(\*|\d+)?)?(?:\[(\d+)\])?([a-zA-Z%])")
_KINDS: Final = {"v": "s", "t": "s", "i": "d", "u": "d", "S": "s", "b": "s"}
"""What kinds of fields other languages have that are Python's under another letter."""


def printf(template: Value, arguments: Sequence, place: Place, plain: Callable[[Value], Value]) -> Value:
    """``String.format``, ``fmt.Sprintf``, ``sprintf``: fields that are not known stay as they are where nothing is
    said of their width."""
    return join(*(_printf(option, arguments, place, plain) for option in options(template)))


def _printf(template: Value, arguments: Sequence, place: Place, plain: Callable[[Value], Value]) -> Value:
    if not isinstance(template, Const) or not isinstance(template.value, str):
        return UnknownValue("a formatted text", place, inert=True)
    parts: list[Value] = []
    last = at = 0
    for field in _VERB.finditer(template.value):
        parts.append(Const(template.value[last : field.start()]))
        last = field.end()
        first, second, flags, width, precision, third, kind = field.groups()
        if kind in "%n":
            parts.append(Const("%" if kind == "%" else "\n"))
            continue
        index = int(position[:4]) - 1 if (position := first or second or third) else at
        at = at if first else index + 1
        held = arguments.items[index] if 0 <= index < len(arguments.items) else arguments.rest
        value = plain(held) if held is not None else UnknownValue("a formatted value", place, inert=True)
        parts.append(join(*(_shown(option, flags, width, precision, kind) for option in options(value))))
    return concatenate((*parts, Const(template.value[last:])))


def _shown(value: Value, flags: str, width: str | None, precision: str | None, kind: str) -> Value:
    unknown = UnknownValue("a formatted value", inert=True)
    if "*" in (width, precision) or len(width or "") > 3 or len(precision or "") > 3 or set(flags) & set("#,("):
        return unknown
    if not isinstance(value, Const):
        plain = not width and not precision and kind in "svdtq"
        return value if plain and (is_text(value) or isinstance(value, UnknownValue)) else unknown
    held = value.value
    if isinstance(held, bool):
        held = "true" if held else "false"
    if kind == "q" and isinstance(held, str):
        return Const(f'"{held}"')
    kind = "d" if kind == "v" and isinstance(held, int) else _KINDS.get(kind, kind)
    if held is None or (isinstance(held, float) and kind not in "eEfF"):
        return unknown
    try:
        text = f"%{flags}{width or ''}{'.' + precision if precision else ''}{kind}" % (held,)
    except (TypeError, ValueError, OverflowError):
        return unknown
    return Const(text)


def numbered(template: str, values: list[Value]) -> Value:
    """A template with numbered fields.

    >>> numbered("{0}-{1}{{}}", [Const("a"), Const(2)])
    Const(value='a-2{}')
    """
    parts: list[Value] = []
    last = 0
    for found in re.finditer(r"\{\{|\}\}|\{(\d+)[^{}]*\}", template):
        parts.append(Const(template[last : found.start()]))
        last = found.end()
        if found[1] is None:
            parts.append(Const(found[0][0]))
        else:
            position = int(found[1]) if len(found[1]) < 4 else len(values)
            parts.append(values[position] if position < len(values) else UnknownValue("a formatted value"))
    return concatenate((*parts, Const(template[last:])))


def _format(call: Call, style: str = "percent") -> Value:
    """The receiver is a template for the arguments, or for the elements of the only one that is a list."""
    rest = None if call.site.complete else UnknownValue("a formatted value", call.place, inert=True)
    arguments = Sequence(list(call.site.positional), rest)
    if len(arguments.items) == 1 and isinstance(only := arguments.items[0], Sequence):
        arguments = only
    if style == "percent":
        return printf(call.value, arguments, call.place, lambda value: call.habits.plain(value, call.run, call.place))
    text = known(call)
    if text is None or arguments.rest is not None:
        return UnknownValue("a formatted text", call.place, inert=True)
    return numbered(text if style == "braces" else text.replace("''", "'"), arguments.items)


def to_text(value: Value) -> Value:
    """A value as a text."""
    texts = [as_text(option) for option in options(value)]
    return join(*(UnknownValue("a text", inert=True) if text is None else from_text(text) for text in texts))


def _to_text(call: Call) -> Value:
    return to_text(call.habits.plain(call.value, call.run, call.place))


class Builder(Native):
    """A text that is put together (``StringBuilder``); its members are the rows of ``builder``."""

    __slots__ = ("born", "members", "text")
    label = "a text that is put together"

    def __init__(self, text: Value, born: int, members: Members) -> None:
        self.text = text
        self.born = born
        self.members = members

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Appending, and the text; other members are the text's."""
        held = (self, self.text) if is_text(self.text) else (self,)
        found = next((one for value in held if (one := self.members.member(value, name, run, place)) is not None), None)
        return found or UnknownValue(f"{self.label}.{name}", place, inert=True)

    def as_text(self) -> Text | None:
        """What it is inside of a string."""
        return as_text(self.text)


def _append(call: Call, kind: str = "") -> Value:
    """The first argument is put behind the text, with the end of a ``line``; or what is not known (``any``)."""
    if isinstance(into := call.value, Builder):
        added = [call.plain(0)] if call.site.positional and kind != "any" else []
        further = {"line": Const("\n"), "any": UnknownValue("a part of a text", call.place, inert=True)}
        longer = concatenate((into.text, *added, *((further[kind],) if kind else ())))
        into.text = longer if call.run.position.conditional <= into.born else join(into.text, longer)
    return call.value


def _rewrite(call: Call) -> Value:
    """The text is changed in a way that is not followed."""
    if isinstance(into := call.value, Builder):
        into.text = UnknownValue("a text that is put together", call.place, inert=True)
    return call.value


def _built(call: Call) -> Value:
    """The text that was put together."""
    return call.value.text if isinstance(call.value, Builder) else call.value


def _margin(text: str) -> str:
    return "\n".join(line.lstrip().removeprefix("|") for line in text.splitlines())


_CHANGES: Final[Mapping[str, Callable[[str], str]]] = {
    "dedent": dedent,
    "dedent-margin": _margin,
    "reverse": lambda text: text[::-1],
}
_TESTS: Final[Mapping[str, Callable[[str], bool | int]]] = {
    "bytes": lambda text: len(text.encode("utf-8", "replace")),
    "is-blank": lambda text: not text.strip(),
    "is-empty": lambda text: not text,
    "is-present": lambda text: bool(text.strip()),
    "length": len,
}
VERBS: Final[Mapping[str, Callable[..., Value]]] = {
    **{name: partial(_pure, name=name) for name in PURE},
    **{name: partial(_changed, change=change) for name, change in _CHANGES.items()},
    **{name: partial(_tested, test=test) for name, test in _TESTS.items()},
    "append": _append,
    "beside": _beside,
    "built": _built,
    "concat": _concat,
    "cut": _cut,
    "format": _format,
    "if-empty": _if_empty,
    "is-true": _is_true,
    "join": _join,
    "lower-first": partial(_first_letter, change=str.lower),
    "number": _number,
    "pieces": _pieces,
    "replace-first": _replace_first,
    "rewrite": _rewrite,
    "text": _to_text,
    "upper-first": partial(_first_letter, change=str.upper),
}
"""By the names that rows have for them."""
