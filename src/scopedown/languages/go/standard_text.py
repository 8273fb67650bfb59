"""Texts in Go's standard library: ``fmt``, ``strings``, ``strconv``, ``path`` on what is known of them.

Source: https://pkg.go.dev/fmt, https://pkg.go.dev/strings, https://pkg.go.dev/strconv, https://pkg.go.dev/path
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    Const,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    combinations,
    join,
    options,
)
from scopedown.calls.values.text_cuts import certain_pieces
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.languages.go.natives import (
    Body,
    Function,
    Thing,
    data,
    first,
    given,
    is_text,
    literal_of,
    plain,
    showing,
    text_of,
    with_error,
)

_VERB: Final = re.compile(r"%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d+)?)?(?:\[(\d+)\])?([a-zA-Z%])")
_PLAIN_VERBS: Final = "vsdtq"


def packages() -> Mapping[str, Mapping[str, Value | Body]]:
    """The members of the packages that are known."""
    return {
        "fmt": {
            "Sprintf": showing(lambda site, run: formatted(site)),
            "Sprint": showing(lambda site, run: concatenate(tuple(map(plain, site.positional)))),
            "Sprintln": showing(lambda site, run: concatenate((*map(plain, site.positional), Const("\n")))),
            "Errorf": showing(lambda site, run: data("fmt.Errorf", site.place)),
        },
        "strings": {
            "Join": _join,
            "Split": _split,
            "SplitN": _split,
            "Replace": _replace,
            "ReplaceAll": _replace,
            "Builder": BuilderType(),
            "TrimSuffix": _trimmed(str.removesuffix),
            "TrimPrefix": _trimmed(str.removeprefix),
            **{
                name: _changed(change)
                for name, change in (
                    ("ToLower", str.lower), ("ToUpper", str.upper), ("TrimSpace", str.strip), ("Title", str.title),
                )
            },
            **dict.fromkeys(("Trim", "TrimLeft", "TrimRight", "Clone", "ToValidUTF8"), given()),
        },
        "strconv": {
            "Itoa": given(),
            "FormatInt": given(),
            "FormatBool": given(),
            "Quote": lambda site, run: concatenate((Const('"'), plain(first(site)), Const('"'))),
        },
        "path": {"Join": _path, "Base": _path_part(posixpath.basename), "Dir": _path_part(posixpath.dirname)},
        "path/filepath": {"Join": _path, "Base": _path_part(posixpath.basename), "Dir": _path_part(posixpath.dirname)},
        "net/url": {
            "QueryEscape": given(),
            "PathEscape": given(),
            "QueryUnescape": lambda site, run: with_error(first(site), site.place),
            "PathUnescape": lambda site, run: with_error(first(site), site.place),
        },
        "bytes": {"NewBufferString": given(), "NewBuffer": given(), "NewReader": given()},
    }  # fmt: skip


def formatted(site: CallSite, start: int = 0) -> Value:
    """``fmt.Sprintf``."""
    template = site.positional[start] if start < len(site.positional) else UnknownValue("a format", site.place)
    found = [_formatted(option, site.positional[start + 1 :], site) for option in options(plain(template))]
    return join(*found)


def _formatted(template: Value, values: tuple[Value, ...], site: CallSite) -> Value:
    if not isinstance(template, Const) or not isinstance(template.value, str):
        return UnknownValue("a formatted text", site.place)
    parts: list[Value] = []
    last, position = 0, 0
    for verb in _VERB.finditer(template.value):
        parts.append(Const(template.value[last : verb.start()]))
        last = verb.end()
        flags, width, precision, index, kind = verb.groups()
        if kind == "%":
            parts.append(Const("%"))
            continue
        position = int(index) - 1 if index else position
        value = plain(values[position]) if 0 <= position < len(values) else UnknownValue("an argument", site.place)
        position += 1
        parts.append(join(*(_shown(option, flags, width, precision, kind) for option in options(value))))
    parts.append(Const(template.value[last:]))
    return concatenate(tuple(parts))


def _shown(value: Value, flags: str, width: str | None, precision: str | None, kind: str) -> Value:
    unknown = UnknownValue("a formatted value")
    if isinstance(value, Const):
        held = value.value
        if kind == "q" and isinstance(held, str):
            return Const(f'"{held}"')
        if isinstance(held, bool):
            return Const("true" if held else "false")
        if isinstance(held, int) and kind in "dv" and width != "*" and len(width or "") < 3:
            return Const(f"%{flags}{width or ''}d" % held)
        return Const(held) if isinstance(held, str) and kind in "sv" and not width and not precision else unknown
    if kind not in _PLAIN_VERBS or width or precision:
        return unknown
    return value if is_text(value) or isinstance(value, UnknownValue) else unknown


# strings


def _join(site: CallSite, run: Machine) -> Value:
    held, separator = first(site), site.argument(1) or Const("")
    if not isinstance(held, Sequence) or held.rest is not None:
        return UnknownValue("a joined text", site.place)
    parts: list[Value] = []
    for position, item in enumerate(held.items):
        parts += [separator, plain(item)] if position else [plain(item)]
    return concatenate(tuple(parts)) if parts else Const("")


def _split(site: CallSite, run: Machine) -> Value:
    separator = literal_of(site.argument(1))
    rest = UnknownValue("a part of a text", site.place)
    found: list[Value] = []
    for option in options(plain(first(site))):
        if not separator or not is_text(option) or site.argument(2) is not None:
            found.append(Sequence([], rest))
            continue
        pieces, whole = certain_pieces(text_of(option), separator)
        found.append(Sequence([_of_text(piece) for piece in pieces], None if whole else rest))
    return join(*found)


def _of_text(text: Text) -> Value:
    literal = text.literal
    return TextValue(text) if literal is None else Const(literal)


def _replace(site: CallSite, run: Machine) -> Value:
    choices = combinations(tuple(plain(value) for value in site.positional[:3]))
    if choices is None:
        return UnknownValue("a changed text", site.place)
    found: list[Value] = []
    for choice in choices:
        texts = [value.value for value in choice if isinstance(value, Const) and isinstance(value.value, str)]
        if len(texts) == 3:
            found.append(Const(texts[0].replace(texts[1], texts[2])[:100_000]))
        else:
            found.append(UnknownValue("a changed text", site.place))
    return join(*found)


def _changed(change: Callable[[str], str]) -> Body:
    """A text that is changed where it is known; one that is not is another text then."""

    def body(site: CallSite, run: Machine) -> Value:
        return join(*(_with(change, option, site.place) for option in options(plain(first(site)))))

    return body


def _trimmed(change: Callable[[str, str], str]) -> Body:
    def body(site: CallSite, run: Machine) -> Value:
        cut = literal_of(site.argument(1))
        if cut is None:
            return UnknownValue("a part of a text", site.place)
        return join(
            *(_with(lambda text: change(text, cut), option, site.place) for option in options(plain(first(site))))
        )

    return body


def _with(change: Callable[[str], str], value: Value, place: Place) -> Value:
    if isinstance(value, Const) and isinstance(value.value, str):
        return Const(change(value.value))
    if isinstance(value, TextValue) and change is str.strip:
        return value
    return value if isinstance(value, UnknownValue) else UnknownValue("a changed text", place)


# paths


def _path(site: CallSite, run: Machine) -> Value:
    parts: list[Value] = []
    for position, value in enumerate(site.positional):
        text = literal_of(value)
        held = Const(text.strip("/") if position else text.rstrip("/")) if text is not None else plain(value)
        if text != "":
            parts += [Const("/"), held] if parts else [held]
    if not site.complete:
        parts.append(UnknownValue("a part of a path", site.place))
    return concatenate(tuple(parts)) if parts else Const("")


def _path_part(change: Callable[[str], str]) -> Body:
    def body(site: CallSite, run: Machine) -> Value:
        text = literal_of(first(site))
        return UnknownValue("a part of a path", site.place) if text is None else Const(change(text))

    return body


# builders


class BuilderType(Native):
    """``strings.Builder``."""

    __slots__ = ()
    label = "strings.Builder"

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A builder."""
        return Builder()


@dataclass(slots=True, eq=False)
class Builder(Native):
    """A text that is put together."""

    label = "a builder of a text"
    parts: list[Value] = field(default_factory=list)
    MOST = 200

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``WriteString`` adds, ``String`` gives the text."""
        if name in ("WriteString", "WriteByte", "WriteRune", "Write"):
            return Function(name, lambda site, run: self._write(name, site, run), self)
        if name == "String":
            return Function(name, lambda site, run: self._text(site), self)
        return Thing(f"strings.Builder.{name}")

    def _write(self, name: str, site: CallSite, run: Machine) -> Value:
        is_known = name == "WriteString" and not run.position.conditional and len(self.parts) < self.MOST
        self.parts.append(plain(first(site)) if is_known else UnknownValue("a part of a text", site.place))
        return data(name, site.place)

    def _text(self, site: CallSite) -> Value:
        return concatenate(tuple(self.parts)) if self.parts else Const("")
