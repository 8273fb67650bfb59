"""``URL``: addresses and their parts, as far as they are known.

Source: https://developer.mozilla.org/en-US/docs/Web/API/URL. A part of an address that is not known whole (an
environment variable) is an :class:`~scopedown.calls.builtins.url_parts.UrlPart`, which knows whose part it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from scopedown.calls.builtins.url_parts import PARTS, UrlPart, as_query, part_of, resolved
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, as_text, from_text, join, options
from scopedown.core.place import Place
from scopedown.core.text import Literal, Text
from scopedown.languages.javascript.natives import NOTHING, Function, JavaScriptNative, Quiet, given, identity
from scopedown.languages.javascript.paths import file_path


@dataclass(slots=True, eq=False)
class SearchParams(JavaScriptNative):
    """``URLSearchParams``: the parameters after an address, or alone."""

    label = "the parameters of a URL"
    fields: dict[str, Value]

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``append``, ``set``, ``get``, ``toString``."""
        if name in ("append", "set"):
            return Function(name, self._set, self)
        if name == "get":
            return Function(name, self._get, self)
        if name == "toString":
            return Function(name, lambda site, run: from_text(as_query(self.fields)), self)
        return Quiet(f"URLSearchParams.{name}")

    def _set(self, site: CallSite, run: Machine) -> Value:
        name = site.argument(0)
        if isinstance(name, Const):
            self.fields[str(name.value)] = site.argument(1) or NOTHING
        return NOTHING

    def _get(self, site: CallSite, run: Machine) -> Value:
        name = site.argument(0)
        found = self.fields.get(str(name.value)) if isinstance(name, Const) else None
        return found or UnknownValue("a parameter of a URL", site.place)

    def as_text(self) -> Text | None:
        """As they stand in an address."""
        return as_query(self.fields)


def _params(site: CallSite, run: Machine) -> Value:
    given_fields = site.argument(0)
    return SearchParams(dict(given_fields.fields) if isinstance(given_fields, Object) else {})


@dataclass(frozen=True, slots=True, eq=False)
class Url(JavaScriptNative):
    """``new URL(address, base)``."""

    label = "a URL"
    ignores_assignments = True
    text: Text
    added: SearchParams = field(default_factory=lambda: SearchParams({}))

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """Its parts; the whole under ``href`` and as text."""
        if name == "href":
            return from_text(self.as_text())
        if name == "searchParams":
            return self.added
        if name in ("toString", "toJSON"):
            return Function(name, lambda site, run: from_text(self.as_text()), self)
        if name in PARTS:
            return part_of(self.text, name)
        return Quiet(f"URL.{name}")

    def as_text(self) -> Text:
        """The whole."""
        if not self.added.fields:
            return self.text
        sign = "&" if any(isinstance(part, Literal) and "?" in part.value for part in self.text.parts) else "?"
        return Text.of(self.text, sign, as_query(self.added.fields))


def _made(site: CallSite, run: Machine) -> Value:
    made: list[Value] = []
    for option in options(site.argument(0) or UnknownValue("a URL", site.place)):
        base = site.argument(1)
        for under in options(base) if base is not None and given(base) else (NOTHING,):
            address, start = _text(option), _text(under) if given(under) else None
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


def params_class() -> Value:
    """The global ``URLSearchParams`` (https://developer.mozilla.org/en-US/docs/Web/API/URLSearchParams)."""
    return Function("URLSearchParams", _params, None, {}, _params)


def url_module(name: str) -> Value:
    """Node's module ``url`` (https://nodejs.org/api/url.html): ``parse`` gives the same parts."""
    members = {
        "URL": url_class(),
        "URLSearchParams": params_class(),
        "parse": Function("parse", _made),
        "format": identity("format"),
    }
    members["fileURLToPath"] = Function("fileURLToPath", file_path)
    members["pathToFileURL"] = Function("pathToFileURL", _made)
    return Quiet(name, members)
