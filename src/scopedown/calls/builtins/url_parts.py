"""Addresses and their parts, as far as they are known, whatever the language.

``hostname`` of an environment variable's value is no text that could stand elsewhere; but who signs a request for it
wants to know whose host it is. So it is a :class:`UrlPart`: unknown to everybody but those who look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import Const, Sequence, UnknownValue, Value, as_text, from_text
from scopedown.core.place import Place
from scopedown.core.text import Literal, Part, Text

PARTS = ("host", "hostname", "netloc", "pathname", "path", "protocol", "scheme", "origin", "search", "query", "port")
HOSTS = frozenset({"host", "hostname", "netloc", "origin"})


@dataclass(frozen=True, slots=True, eq=False)
class UrlPart(Native):
    """A part of an address that is not known whole."""

    label = "the {self.name} of a URL"
    url: Text
    name: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Nothing is known of what is made of it."""
        return UnknownValue(f"{self.describe()}.{name}", place)


def encoded(text: Text) -> Text:
    """A text as a part of an address: what is not known stays, since who reads the address decodes it."""
    return text.replace(lambda part: Literal(_quoted(part.value)) if isinstance(part, Literal) else part)


def _quoted(text: str) -> str:
    return quote(text, safe="~", errors="replace")


def as_query(fields: Mapping[str, Value]) -> Text:
    """Parameters as they stand in an address after the question mark."""
    pieces: list[Text | str] = []
    for name, value in fields.items():
        held = value.items[0] if isinstance(value, Sequence) and value.items else value
        text = as_text(held) or Text.unknown("one of several values")
        pieces += [f"{'&' if pieces else ''}{_quoted(name)}=", encoded(text)]
    return Text.of(*pieces)


def part_of(url: Text, name: str) -> Value:
    """A part by its name in either language (``hostname``, ``netloc``, ``pathname``, ``path``)."""
    literal = url.literal
    if literal is not None:
        return _known(literal, name)
    first = url.parts[0] if url.parts else None
    if isinstance(first, Literal) and "://" in first.value and "/" in first.value.partition("://")[2]:
        scheme, _, rest = first.value.partition("://")  # the host is known, the path is not
        host = rest.partition("/")[0]
        if name in HOSTS or name in ("protocol", "scheme", "port"):
            return _known(f"{scheme}://{host}", name)
    if name in HOSTS and isinstance(first, Literal) and first.value.endswith("://") and len(url.parts) > 2:
        pieces: list[Part] = []
        for part in url.parts[1:]:
            if isinstance(part, Literal) and "/" in part.value:
                return from_text(Text.of(*pieces, part.value.partition("/")[0]))
            pieces.append(part)
        return from_text(Text.of(*pieces))
    return UrlPart(url, name)


def _known(url: str, name: str) -> Value:
    try:
        parts = urlsplit(url)
        port = parts.port
        hostname = parts.hostname or ""
    except ValueError:
        return UnknownValue(f"the {name} of a URL")
    match name:
        case "host" | "netloc":
            return Const(parts.netloc)
        case "hostname":
            return Const(hostname)
        case "pathname":
            return Const(parts.path or "/")
        case "path":
            return Const(parts.path)
        case "protocol":
            return Const(parts.scheme + ":")
        case "scheme":
            return Const(parts.scheme)
        case "origin":
            return Const(f"{parts.scheme}://{parts.netloc}")
        case "search":
            return Const(f"?{parts.query}" if parts.query else "")
        case "query":
            return Const(parts.query)
        case _:
            return Const(port)


def resolved(address: Text, base: Text) -> Text:
    """An address as it stands under a base."""
    if address.literal is not None and base.literal is not None:
        try:
            return Text.of(urljoin(base.literal, address.literal))
        except ValueError:
            return Text.unknown("a URL")
    first = address.parts[0] if address.parts else None
    if isinstance(first, Literal) and "://" in first.value:
        return address
    if isinstance(first, Literal) and first.value.startswith("/") and base.literal is not None:
        parts = urlsplit(base.literal)
        return Text.of(f"{parts.scheme}://{parts.netloc}", address)
    return Text.of(base, Text.unknown("a path below a URL"))
