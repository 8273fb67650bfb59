"""Go's standard library: what of it gives names and texts, and what of it runs the functions that it is handed.

Source: https://pkg.go.dev/std. Everything else of it gives data and calls nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from scopedown.calls.interpreter import references
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    Object,
    Sequence,
    UnknownValue,
    Value,
)
from scopedown.core.place import Place
from scopedown.languages.go import standard_text
from scopedown.languages.go.files import STANDARD
from scopedown.languages.go.natives import (
    Body,
    Function,
    Package,
    data,
    filled,
    first,
    hand_over,
    showing,
    shown,
    with_error,
)
from scopedown.languages.go.reflection import reflected

_SENDING = ("net", "net/http", "net/rpc", "net/smtp", "database/sql", "crypto/tls")
_TAKING = ("net/http", "net/rpc", "sort", "container/heap", "database/sql", "expvar")
"""Packages that call methods of the objects that they are handed (``http.Handler``, ``sort.Interface``)."""


def package(name: str) -> Value | None:
    """A package of the standard library; None for another one."""
    if name.partition("/")[0] not in STANDARD:
        return None
    return _packages().get(name) or _package(name, {})


class _Member(Function):
    """A function or a type of a package, perhaps with type arguments."""

    __slots__ = ()

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """The same with its types."""
        return self


def _package(name: str, known: Mapping[str, Value | Body]) -> Package:
    made = {
        member: one if isinstance(one, Value) else _Member(f"{name}.{member}", one) for member, one in known.items()
    }
    return Package(name, made, name in _SENDING, name in _TAKING)


@cache
def _packages() -> Mapping[str, Value]:
    known: dict[str, Mapping[str, Value | Body]] = {
        "os": {
            "Args": Sequence([], UnknownValue("an argument of the program", inert=True)),
            "Environ": lambda site, run: Sequence([], UnknownValue("an environment variable", site.place, inert=True)),
        },
        "errors": {"As": _as},
        "encoding/json": {
            "Unmarshal": _unmarshal(1),
            **dict.fromkeys(
                ("Marshal", "MarshalIndent"),
                showing(lambda site, run: with_error(data("json.Marshal", site.place), site.place)),
            ),
        },
        "encoding/xml": {"Unmarshal": _unmarshal(1)},
        "reflect": {"ValueOf": reflected, "TypeOf": reflected},
        "net/http": {"NewRequest": _http_request(0), "NewRequestWithContext": _http_request(1)},
        "os/exec": {"Command": _command(0), "CommandContext": _command(1)},
    }
    rows = {name: standard_text.BUILTINS.functions(name) for name in standard_text.BUILTINS.rows if name != "builder"}
    shown_by = {"fmt": rows["fmt"], "errors": {name: rows["errors"][name] for name in ("Is", "Join", "Unwrap")}}
    rows |= {
        name: {**rows[name], **{one: showing(body) for one, body in held.items()}} for name, held in shown_by.items()
    }
    return {name: _package(name, {**rows.get(name, {}), **known.get(name, {})}) for name in {**rows, **known}}


def _unmarshal(index: int) -> Body:
    def body(site: CallSite, run: Machine) -> Value:
        filled(run, site.argument(index), site.place)
        return data("Unmarshal", site.place)

    return body


def _as(site: CallSite, run: Machine) -> Value:
    """``errors.As`` writes an error of the wanted type to the variable."""
    if (target := site.argument(1)) is not None:
        references.unseen_write(run, target, site.place)
    shown(run, first(site), site.place)
    return data("errors.As", site.place)


def _http_request(index: int) -> Body:
    """A request by its method and its address."""

    def body(site: CallSite, run: Machine) -> Value:
        method, url = (site.argument(at) or UnknownValue("a request", site.place) for at in (index, index + 1))
        unknown = UnknownValue("a request", site.place, inert=True)
        return with_error(Object({"Method": method, "URL": url, "url": url}, unknown), site.place)

    return body


def _command(index: int) -> Body:
    """A program is started, with the function's credentials."""

    def body(site: CallSite, run: Machine) -> Value:
        words = site.positional[index:]
        rest = None if site.complete else UnknownValue("an argument", site.place)
        run.overseen("subprocess.run", CallSite((Sequence(list(words), rest),), {}, site.place))
        return Package("os/exec.Cmd").construct(site, run)

    return body


__all__ = ["hand_over", "package"]
