"""``URL``: addresses and their parts, as far as they are known.

Source: https://developer.mozilla.org/en-US/docs/Web/API/URL. A part of an address that is not known whole (an
environment variable) is an :class:`~scopedown.calls.url_parts.UrlPart`, which knows whose part it is.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from scopedown.calls.builtins.javascript_files import file_path
from scopedown.calls.builtins.javascript_native import NOTHING, Function, JavaScriptNative, Quiet, given, identity
from scopedown.calls.url_parts import PARTS, UrlPart, part_of, resolved
from scopedown.calls.values import CallSite, Run, UnknownValue, Value, as_text, from_text, join, options
from scopedown.core.place import Place
from scopedown.core.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class Url(JavaScriptNative):
    """``new URL(address, base)``."""

    text: Text

    def own(self, name: str, run: Run, place: Place) -> Value | None:
        """Its parts; the whole under ``href`` and as text."""
        if name == "href":
            return from_text(self.text)
        if name in ("toString", "toJSON"):
            return Function(name, lambda site, run: from_text(self.text), self)
        if name in PARTS:
            return part_of(self.text, name)
        return Quiet(f"URL.{name}")

    def as_text(self) -> Text | None:
        """The whole."""
        return self.text

    def assign(self, name: str, value: Value, run: Run, place: Place) -> None:
        """What is set is not followed."""

    def describe(self) -> str:
        """For messages."""
        return "a URL"

    def fingerprint(self, depth: int = 4) -> Hashable:
        """By its text."""
        return ("url", self.text)


def _made(site: CallSite, run: Run) -> Value:
    made: list[Value] = []
    for one in options(site.argument(0) or UnknownValue("a URL", site.place)):
        base = site.argument(1)
        for under in options(base) if base is not None and given(base) else (NOTHING,):
            address, start = _text(one), _text(under) if given(under) else None
            made.append(Url(address if start is None else resolved(address, start)))
    return join(*made)


def _text(value: Value) -> Text:
    if isinstance(value, Url):
        return value.text
    if isinstance(value, UrlPart):
        return Text.unknown("a part of a URL")
    return as_text(value) or Text.unknown("one of several values")


def url_class() -> Value:
    """The global ``URL``."""
    static = {name: Quiet(f"URL.{name}") for name in ("createObjectURL", "revokeObjectURL", "canParse")}
    return Function("URL", _made, None, static, _made)


def url_module(name: str) -> Value:
    """Node's module ``url`` (https://nodejs.org/api/url.html): ``parse`` gives the same parts."""
    members = {"URL": url_class(), "parse": Function("parse", _made), "format": identity("format")}
    members["fileURLToPath"] = Function("fileURLToPath", file_path)
    members["pathToFileURL"] = Function("pathToFileURL", _made)
    return Quiet(name, members)
