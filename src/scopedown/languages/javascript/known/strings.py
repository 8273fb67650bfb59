"""Methods of texts."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeVar
from urllib.parse import quote

from scopedown.languages.javascript.known import regexp
from scopedown.languages.javascript.known.arrays import bounds
from scopedown.languages.javascript.known.numbers import FAR, position
from scopedown.languages.javascript.known.regexp import Found
from scopedown.languages.javascript.known.values import SPACE, UNDEFINED, Known, Regex, text_of
from scopedown.source.known import MAX_ITEMS, MAX_TEXT, NotKnown, checked

Method = Callable[[str, list[Known]], Known]
Replaced = TypeVar("Replaced")

_FORMS: Final = ("NFC", "NFD", "NFKC", "NFKD")


def call(name: str, text: str, arguments: list[Known]) -> Known:
    """``text.name(arguments)``; ``name`` is one of :data:`METHODS`. Raises NotKnown.

    >>> call("padStart", "7", [3, "0"]), call("replace", "a_b_c", [Regex("_", "g"), "-"]), call("at", "abc", [-1])
    ('007', 'a-b-c', 'c')
    """
    if name not in _BY_CHARACTERS and not text.isascii() and max(text) > "\uffff":
        raise NotKnown("positions in a text with characters outside the Unicode BMP are not supported")
    if name not in METHODS:
        raise NotKnown(f"{name}() is not worked out")
    return METHODS[name](text, arguments)


def cost(name: str, text: str, arguments: list[Known]) -> int:
    """The units of work that a pattern takes in ``text.name(arguments)``, 0 where there is none; raises NotKnown."""
    what = _argument(arguments)
    if name in ("match", "matchAll", "search"):
        return regexp.cost(_pattern(arguments), text)
    return regexp.cost(what, text) if isinstance(what, Regex) else 0


def length(text: str) -> int:
    """``text.length``: JavaScript counts units of UTF-16."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def found_in(text: str, what: Known, every: bool = False) -> Iterator[Found]:
    """Where ``replace(what, …)`` (``every``: ``replaceAll``) finds something."""
    if isinstance(what, Regex):
        yield from regexp.all_in(what, text)
        return
    word = text_of(what)
    if not word and length(text) > len(text):
        raise NotKnown("positions in a text with characters outside the Unicode BMP are not supported")
    start = text.find(word)
    while start >= 0:
        yield Found(word, start)
        if not every:
            return
        start = text.find(word, start + max(1, len(word)))


def replaced(
    text: str, what: Known, by: Callable[[Found], str | Replaced], every: bool = False
) -> list[str | Replaced]:
    """The pieces of a text with something put for all that is found; ``by`` says what."""
    pieces: list[str | Replaced] = []
    last = size = 0
    for found in found_in(text, what, every):
        new = by(found)
        pieces += [text[last : found.start], new]
        last = found.end
        size += len(new) if isinstance(new, str) else 0
        if len(pieces) > MAX_ITEMS or size > MAX_TEXT:
            raise NotKnown("a text is longer than anything that is deployed")
    return [*pieces, text[last:]]


def _argument(arguments: list[Known], index: int = 0) -> Known:
    return arguments[index] if index < len(arguments) else UNDEFINED


def _text(arguments: list[Known], index: int = 0, default: str = "undefined") -> str:
    value = _argument(arguments, index)
    return default if value is UNDEFINED else text_of(value)


def _word(arguments: list[Known]) -> str:
    """What is looked for; a regular expression is an error there."""
    if isinstance(_argument(arguments), Regex):
        raise NotKnown("a regular expression is not a text to search for")
    return _text(arguments)


def _within(arguments: list[Known], index: int, default: int, text: str) -> int:
    return min(max(0, position(_argument(arguments, index), default)), len(text))


def _replace(text: str, arguments: list[Known], every: bool = False) -> str:
    by = _text(arguments, 1)
    pieces: list[str] = replaced(text, _argument(arguments), lambda found: found.expanded(by), every)
    return checked("".join(pieces))


def _split(text: str, arguments: list[Known]) -> list[Known]:
    separator = _argument(arguments)
    if isinstance(separator, Regex):
        pieces = regexp.split(separator, text)
    elif separator is UNDEFINED:
        pieces = [text]
    else:
        word = text_of(separator)
        pieces = list(text.split(word)) if word else list(text)
    limit = position(_argument(arguments, 1), len(pieces))
    return pieces if limit < 0 else pieces[:limit]


def _pattern(arguments: list[Known], flags: str = "") -> Regex:
    what = _argument(arguments)
    return what if isinstance(what, Regex) else Regex(_text(arguments, 0, ""), flags)


def _search(text: str, arguments: list[Known]) -> int:
    found = regexp.first_in(_pattern(arguments), text)
    return -1 if found is None else found.start


def _match_all(text: str, arguments: list[Known]) -> list[Known]:
    return [[found.text, *found.groups] for found in regexp.all_in(_pattern(arguments, "g"), text)]


def _slice(text: str, arguments: list[Known]) -> str:
    start, end = bounds(arguments, len(text))
    return text[start:end]


def _substring(text: str, arguments: list[Known]) -> str:
    start, end = _within(arguments, 0, 0, text), _within(arguments, 1, len(text), text)
    return text[min(start, end) : max(start, end)]


def _substr(text: str, arguments: list[Known]) -> str:
    start, _ = bounds(arguments[:1], len(text))
    return text[start : start + _within(arguments, 1, len(text), text)]


def _repeat(text: str, arguments: list[Known]) -> str:
    count = position(_argument(arguments))
    if count < 0 or count * len(text) > MAX_TEXT:
        raise NotKnown("a text is longer than anything that is deployed")
    return text * count if text else ""


def _pad(text: str, arguments: list[Known], start: bool) -> str:
    width, fill = position(_argument(arguments)), _text(arguments, 1, " ")
    missing = width - len(text)
    if missing <= 0 or not fill:
        return text
    if width > MAX_TEXT:
        raise NotKnown("a text is longer than anything that is deployed")
    padding = (fill * (missing // len(fill) + 1))[:missing]
    return padding + text if start else text + padding


def _character(text: str, arguments: list[Known]) -> str:
    index = position(_argument(arguments))
    return text[index] if 0 <= index < len(text) else ""


def _code(text: str, arguments: list[Known], none: Known = math.nan) -> Known:
    character = _character(text, arguments)
    return ord(character) if character else none


def _at(text: str, arguments: list[Known]) -> Known:
    index = position(_argument(arguments))
    return text[index] if -len(text) <= index < len(text) else UNDEFINED


def _last_index(text: str, arguments: list[Known]) -> int:
    word = _text(arguments)
    return text.rfind(word, 0, _within(arguments, 1, FAR, text) + len(word))


def _normalize(text: str, arguments: list[Known]) -> str:
    form = _text(arguments, 0, "NFC")
    for known in _FORMS:
        if form == known:
            return unicodedata.normalize(known, text)
    raise NotKnown(f"normalize() has no form {form[:20]}")


def _of_no_locale(text: str, arguments: list[Known]) -> str:
    if arguments and arguments[0] is not UNDEFINED:
        raise NotKnown("case rules of a language are not supported")
    return text


OTHERS: Final = frozenset(["isWellFormed", "localeCompare", "toWellFormed"])
"""Methods that texts have beside those that are read here."""
METHODS: Final[Mapping[str, Method]] = {
    "split": _split,
    "replace": _replace,
    "replaceAll": lambda text, arguments: _replace(text, arguments, every=True),
    "match": lambda text, arguments: regexp.match(_pattern(arguments), text),
    "matchAll": _match_all,
    "search": _search,
    "slice": _slice,
    "substring": _substring,
    "substr": _substr,
    "concat": lambda text, arguments: checked(text + "".join(map(text_of, arguments))),
    "toLowerCase": lambda text, arguments: text.lower(),
    "toUpperCase": lambda text, arguments: text.upper(),
    "toLocaleLowerCase": lambda text, arguments: _of_no_locale(text, arguments).lower(),
    "toLocaleUpperCase": lambda text, arguments: _of_no_locale(text, arguments).upper(),
    "trim": lambda text, arguments: text.strip(SPACE),
    "trimStart": lambda text, arguments: text.lstrip(SPACE),
    "trimEnd": lambda text, arguments: text.rstrip(SPACE),
    "toString": lambda text, arguments: text,
    "valueOf": lambda text, arguments: text,
    "startsWith": lambda text, arguments: text.startswith(_word(arguments), _within(arguments, 1, 0, text)),
    "endsWith": lambda text, arguments: text[: _within(arguments, 1, len(text), text)].endswith(_word(arguments)),
    "includes": lambda text, arguments: text.find(_word(arguments), _within(arguments, 1, 0, text)) >= 0,
    "indexOf": lambda text, arguments: text.find(_text(arguments), _within(arguments, 1, 0, text)),
    "lastIndexOf": _last_index,
    "repeat": _repeat,
    "padStart": lambda text, arguments: _pad(text, arguments, start=True),
    "padEnd": lambda text, arguments: _pad(text, arguments, start=False),
    "charAt": _character,
    "charCodeAt": _code,
    "codePointAt": lambda text, arguments: _code(text, arguments, UNDEFINED),
    "at": _at,
    "normalize": _normalize,
}
_BY_CHARACTERS: Final = frozenset(
    {
        "concat", "endsWith", "includes", "normalize", "repeat", "replace", "replaceAll", "startsWith",
        "toLocaleLowerCase", "toLocaleUpperCase", "toLowerCase", "toString", "toUpperCase", "trim", "trimEnd",
        "trimStart", "valueOf",
    }
)  # fmt: skip
"""Methods that count no units."""


def encoded(text: str, besides: str = "") -> str:
    """``encodeURIComponent``; ``besides`` are more signs that stay as they are. Half of a character, for which it
    throws, becomes a question mark.

    >>> encoded("a b/é")
    'a%20b%2F%C3%A9'
    """
    return quote(text, safe="!'()*-._~" + besides, errors="replace")
