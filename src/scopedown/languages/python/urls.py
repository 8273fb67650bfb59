"""``urllib.parse``: addresses and their parts, as far as they are known.

Source: https://docs.python.org/3/library/urllib.parse.html. A part of an address that is not known whole (an
environment variable) is an :class:`~scopedown.calls.builtins.url_parts.UrlPart`, which knows whose part it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from scopedown.calls.builtins.url_parts import PARTS, as_query, encoded, part_of, resolved
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, as_text, from_text, join, options
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.languages.python.collections import library
from scopedown.languages.python.natives import Function

_FIELDS = ("scheme", "netloc", "path", "params", "query", "fragment")


@dataclass(frozen=True, slots=True, eq=False)
class Parsed(Native):
    """What ``urlparse`` and ``urlsplit`` give."""

    label = "a URL"
    text: Text

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A part, or the whole by ``geturl``."""
        if name == "geturl":
            return Function(name, lambda site, run: from_text(self.text), self)
        return part_of(self.text, name) if name in PARTS else UnknownValue(f"the {name} of a URL", place)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """A part by its position."""
        if isinstance(key, Const) and isinstance(key.value, int) and 0 <= key.value < len(_FIELDS):
            return self.attribute(_FIELDS[key.value], run, place)
        return UnknownValue("a part of a URL", place)


def _parsed(site: CallSite, run: Machine) -> Value:
    given = site.argument(0, "urlstring", "url") or UnknownValue("a URL", site.place)
    return join(*(Parsed(as_text(option) or Text.unknown("a URL", site.place)) for option in options(given)))


def _joined(site: CallSite, run: Machine) -> Value:
    base, url = site.argument(0, "base"), site.argument(1, "url")
    start, address = (as_text(value) if value is not None else None for value in (base, url))
    if start is None or address is None:
        return UnknownValue("a URL", site.place)
    return from_text(resolved(address, start))


def _quoted(site: CallSite, run: Machine) -> Value:
    """``quote(text)``, ``quote_plus(text)``."""
    given = site.argument(0, "string") or UnknownValue("a text", site.place)
    return join(
        *(from_text(encoded(text)) if (text := as_text(option)) is not None else option for option in options(given))
    )


def _query(site: CallSite, run: Machine) -> Value:
    """``urlencode(fields)``."""
    given = site.argument(0, "query")
    made = (
        [from_text(as_query(option.fields)) for option in options(given) if isinstance(option, Object)] if given else []
    )
    return join(*made) if made else UnknownValue("the parameters of a URL", site.place)


@cache
def table() -> dict[str, Value]:
    """The module, and the package that has it."""
    parse = library(
        "urllib.parse",
        urlparse=_parsed,
        urlsplit=_parsed,
        urljoin=_joined,
        quote=_quoted,
        quote_plus=_quoted,
        urlencode=_query,
    )
    return {"urllib.parse": parse, "urllib": library("urllib", parse=parse)}
