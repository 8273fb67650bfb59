"""Methods of JavaScript strings and numbers: folded where the text is known, the known beginning kept otherwise."""

from __future__ import annotations

from collections.abc import Callable

from scopedown.calls.builtins.javascript_native import given, method, text_of
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, FunctionValue, Sequence, UnknownValue, Value, as_text, from_text
from scopedown.calls.values.text_cuts import certain_pieces
from scopedown.core.place import Place
from scopedown.core.text import Literal, Part, Text, Unknown

TextMethod = Callable[[Text, CallSite, Machine], Value]


def text_method(value: Value, name: str, run: Machine, place: Place) -> Value | None:
    """A member of a string, or None where strings have no such member."""
    text = as_text(value)
    if text is None:
        return None
    if name == "length":
        return Const(len(text.literal)) if text.literal is not None else UnknownValue("the length of a text", place)
    found = _METHODS.get(name)
    if found is None:
        return None
    return method(value, name, lambda site, run: found(text, site, run))


def number_method(value: Const, name: str) -> Value | None:
    """A member of a number."""
    if name in ("toString", "toLocaleString"):
        return method(value, name, lambda site, run: Const(str(value.value)))
    if name == "toFixed":
        return method(value, name, lambda site, run: UnknownValue("a formatted number", site.place))
    return None


def beginning(text: Text) -> str:
    """The characters at the start that are known."""
    return first.value if text.parts and isinstance(first := text.parts[0], Literal) else ""


def part_of(text: Text, place: Place) -> Part:
    """A piece of a text that cannot be told exactly."""
    unknown = text.unknowns
    return Unknown(unknown[0].reason if unknown else f"a part of {text}", place)


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
    literal = text.literal
    if literal is not None:
        return Sequence([Const(piece) for piece in literal.split(separator.value)])
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


def _replace(text: Text, site: CallSite, run: Machine, every: bool = False) -> Value:
    old, new = site.argument(0), site.argument(1)
    if isinstance(new, FunctionValue):
        run.call(new, (UnknownValue("a match", site.place),), site.place)
    replacement = text_of(new)
    if not (isinstance(old, Const) and isinstance(old.value, str)) or isinstance(new, FunctionValue):
        literal = text.literal
        if literal is not None and old is not None and not given(old):
            return Const(literal)
        return from_text(Text((part_of(text, site.place),)))
    pieces: list[Part | Text | str] = []
    done = False
    for part in text.parts:
        if not isinstance(part, Literal):
            pieces.append(part)
            continue
        rest = part.value
        while old.value and (every or not done) and old.value in rest:
            before, _, rest = rest.partition(old.value)
            pieces += [before, replacement]
            done = True
        pieces.append(rest)
    if not done and text.literal is None:
        return from_text(Text((part_of(text, site.place),)))
    return from_text(Text.of(*pieces))


def _replace_all(text: Text, site: CallSite, run: Machine) -> Value:
    return _replace(text, site, run, every=True)


def _slice(text: Text, site: CallSite, run: Machine) -> Value:
    start, end = _number(site.argument(0)), _number(site.argument(1))
    return _cut(text, site, start or 0 if given(site.argument(0)) else 0, end)


def _substring(text: Text, site: CallSite, run: Machine) -> Value:
    start, end = _number(site.argument(0)), _number(site.argument(1))
    return _cut(text, site, max(start or 0, 0), None if end is None else max(end, 0))


def _substr(text: Text, site: CallSite, run: Machine) -> Value:
    start, count = _number(site.argument(0)), _number(site.argument(1))
    start = start or 0
    return _cut(text, site, start, None if count is None else start + count)


def _cut(text: Text, site: CallSite, start: int, end: int | None) -> Value:
    """``text[start:end]`` where the arguments and enough of the text are known."""
    exact = all(_number(value) is not None or not given(value) for value in site.positional)
    if exact:
        literal = text.literal
        if literal is not None:
            return Const(literal[start:end])
        known = beginning(text)
        if end is not None and 0 <= start <= end <= len(known):
            return Const(known[start:end])
        if end is None and 0 <= start <= len(known):
            return from_text(Text.of(known[start:], *text.parts[1 if known else 0 :]))
        return from_text(Text((part_of(text, site.place),)))
    return from_text(Text((part_of(text, site.place),)))


def _at(text: Text, site: CallSite, run: Machine) -> Value:
    position = _number(site.argument(0))
    literal = text.literal
    if literal is not None and position is not None and -len(literal) <= position < len(literal):
        return Const(literal[position])
    return UnknownValue("a character", site.place)


def _index_of(text: Text, site: CallSite, run: Machine) -> Value:
    wanted = site.argument(0)
    if isinstance(wanted, Const) and isinstance(wanted.value, str):
        position = beginning(text).find(wanted.value)
        if position >= 0 or text.literal is not None:
            return Const(position)
    return UnknownValue("a position in a text", site.place)


def _last_index_of(text: Text, site: CallSite, run: Machine) -> Value:
    wanted, literal = site.argument(0), text.literal
    if isinstance(wanted, Const) and isinstance(wanted.value, str) and literal is not None:
        return Const(literal.rfind(wanted.value))
    return UnknownValue("a position in a text", site.place)


def _test(text: Text, site: CallSite, run: Machine) -> Value:
    return UnknownValue("a test", site.place)


def _matches(text: Text, site: CallSite, run: Machine) -> Value:
    return UnknownValue(f"a match in {text}", site.place)


def _repeat(text: Text, site: CallSite, run: Machine) -> Value:
    count = _number(site.argument(0))
    if count is not None and 0 <= count <= 64:
        return from_text(Text.of(*([text] * count)))
    return from_text(Text((part_of(text, site.place),)))


def _vague(text: Text, site: CallSite, run: Machine) -> Value:
    return from_text(Text((part_of(text, site.place),)))


def _code(text: Text, site: CallSite, run: Machine) -> Value:
    return UnknownValue("a character's code", site.place)


_METHODS: dict[str, TextMethod] = {
    "toString": _same,
    "valueOf": _same,
    "trim": lambda text, site, run: from_text(Text.of(text.literal.strip())) if text.literal else from_text(text),
    "trimStart": lambda text, site, run: from_text(Text.of(text.literal.lstrip())) if text.literal else from_text(text),
    "trimEnd": lambda text, site, run: from_text(Text.of(text.literal.rstrip())) if text.literal else from_text(text),
    "normalize": _same,
    "concat": _concat,
    "split": _split,
    "replace": _replace,
    "replaceAll": _replace_all,
    "toLowerCase": _mapped(str.lower),
    "toUpperCase": _mapped(str.upper),
    "toLocaleLowerCase": _mapped(str.lower),
    "toLocaleUpperCase": _mapped(str.upper),
    "slice": _slice,
    "substring": _substring,
    "substr": _substr,
    "at": _at,
    "charAt": _at,
    "charCodeAt": _code,
    "codePointAt": _code,
    "indexOf": _index_of,
    "lastIndexOf": _last_index_of,
    "search": _code,
    "includes": _test,
    "startsWith": _test,
    "endsWith": _test,
    "localeCompare": _test,
    "match": _matches,
    "matchAll": _matches,
    "padStart": _vague,
    "padEnd": _vague,
    "repeat": _repeat,
}
