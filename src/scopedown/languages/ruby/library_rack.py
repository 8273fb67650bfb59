"""Rack and Sinatra: web applications, whose routes run

Sources: https://rubydoc.info/gems/rack/Rack/Builder (``run``, ``use``, ``map``, ``parse_file``),
https://sinatrarb.com/intro.html (routes, filters, helpers, settings, classic and modular style). Any request may come,
so every route of an application that is called runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from scopedown.calls.interpreter import members
from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.values import CallSite, ClassValue, Const, Instance, Sequence, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.ruby import objects, program
from scopedown.languages.ruby.native import NOTHING, Body, Library, block_of, first_of

LANGUAGE: Final = "ruby"
PACKAGES: Final = ("Rack", "Sinatra")
_VERBS: Final = frozenset({"get", "post", "put", "patch", "delete", "options", "head", "link", "unlink"})
_RUN_WITH_ROUTES: Final = frozenset({"before", "after", "error", "not_found", "route", "namespace"})
_DECLARING: Final = frozenset({
    "enable", "disable", "register", "use", "mime_type", "template", "layout", "add_filter", "condition",
})  # fmt: skip
_WRITTEN_IN_REQUESTS: Final = """
    params request response session cookies env headers content_type body status redirect halt pass erb haml slim json
    markdown send_file attachment url to uri logger cache_control etag last_modified expires error not_found
    stream back settings authorize protected! call! haml builder liquid flash escape_html
"""
_IN_REQUESTS: Final = frozenset(_WRITTEN_IN_REQUESTS.split())
_ROUTES: Final = "self.<routes>"
_PROGRAM_ROUTES: Final = "<routes>"
_SETTING: Final = "self.<setting> "


def module(name: str) -> Value | None:
    """``Rack`` and ``Sinatra``."""
    return {"Rack": Rack(), "Sinatra": Sinatra()}.get(name)


class Sinatra(Native):
    """``Sinatra``."""

    __slots__ = ()

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """What a program that adds to it still finds in it."""
        return self.attribute(name, run, place) if name in ("Base", "Application", "Builder") else None

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``Sinatra::Base``, ``Sinatra::Application``."""
        if name == "Base":
            return Base()
        if name == "Application":
            return Application()
        return Library(f"Sinatra::{name}")


class Base(Native):
    """``Sinatra::Base``: a class that derives from it is an application."""

    __slots__ = ()

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """Routes are kept with the class; a call of the application runs them all."""
        if isinstance(owner, ClassValue):
            return _of_class(owner, name)
        if isinstance(owner, Instance):
            if name == "call":
                return Function(name, lambda site, run: _answer(owner.cls, owner, site, run), owner)
            if name == "settings":
                return Function(name, lambda site, run: Settings(owner.cls), owner)
            if name in _IN_REQUESTS:
                return Function(name, _request, owner)
        return None


class Settings(Native):
    """``settings``: what the class was told with ``set``."""

    __slots__ = ("_cls",)

    def __init__(self, cls: ClassValue) -> None:
        self._cls = cls

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """One of them."""
        held = [one.fields.get(_SETTING + name) for one in self._cls.ancestry() if isinstance(one, ClassValue)]
        found = next((one for one in held if one is not None), None)
        if found is not None:
            return Function(name, lambda site, run: found)
        return Library(f"settings.{name}")


def _of_class(cls: ClassValue, name: str) -> Value | None:
    if name in _VERBS or name in _RUN_WITH_ROUTES:
        return Function(name, lambda site, run: _keep(cls.fields, _ROUTES, site), cls)
    if name in ("call", "run!"):
        return Function(name, lambda site, run: _answer(cls, None, site, run), cls)
    if name in ("helpers", "configure"):
        return Function(name, lambda site, run: _helpers(cls, site, run), cls)
    if name == "set":
        return Function(name, lambda site, run: _set(cls, site), cls)
    if name == "settings":
        return Function(name, lambda site, run: Settings(cls), cls)
    return Library(f"Sinatra::Base.{name}") if name in _DECLARING else None


def _keep(fields: dict[str, Value], key: str, site: CallSite) -> Value:
    block = block_of(site)
    if block is not None:
        routes = fields.setdefault(key, Sequence())
        if isinstance(routes, Sequence):
            routes.items.append(block)
    return NOTHING


def _answer(cls: ClassValue, known: Value | None, site: CallSite, run: Machine) -> Value:
    """Every route of the application and of those that it derives from."""
    this = known if known is not None else run.construct(cls, CallSite((), {}, site.place))
    for one in cls.ancestry():
        routes = one.fields.get(_ROUTES) if isinstance(one, ClassValue) else None
        for block in routes.items if isinstance(routes, Sequence) else ():
            run.call(objects.as_method(block, this), (UnknownValue("a part of the path", inert=True),), site.place)
    return UnknownValue("a response", site.place, inert=True)


def _helpers(cls: ClassValue, site: CallSite, run: Machine) -> Value:
    """``helpers Mod``, ``helpers do … end``, ``configure do … end``."""
    for given in site.positional:
        for option in options(given):
            if isinstance(option, ClassValue):
                cls.extend((option,))
    block = block_of(site)
    if block is not None:
        run.call(objects.as_method(block, cls), (), site.place)
    return NOTHING


def _set(cls: ClassValue, site: CallSite) -> Value:
    named = dict(site.keywords)
    if len(site.positional) == 2 and isinstance(name := site.positional[0], Const):
        named[str(name.value)] = site.positional[1]
    for key, value in named.items():
        if key != "&":
            cls.fields[_SETTING + key] = value
    return NOTHING


def _request(site: CallSite, run: Machine) -> Value:
    """What a route sees of the request, or says of the response."""
    for value in site.all():
        run.escape(value, site.place)
    return UnknownValue("a part of the request", site.place, inert=True)


# the classic style


class Application(Native):
    """``Sinatra::Application``: the routes at the top of a program."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A call of it."""
        if name in ("call", "run!"):
            return Function(name, _answer_program)
        return Library(f"Sinatra::Application.{name}")

    def construct(self, site: CallSite, run: Machine) -> Value:
        """The same application."""
        return self


def _answer_program(site: CallSite, run: Machine) -> Value:
    routes = run.heap.globals.variables.get(_PROGRAM_ROUTES)
    for block in routes.items if isinstance(routes, Sequence) else ():
        run.call(block, (UnknownValue("a part of the path", inert=True),), site.place)
    return UnknownValue("a response", site.place, inert=True)


def classic() -> Mapping[str, Body]:
    """The names that ``require "sinatra"`` gives to the whole program."""
    found: dict[str, Body] = {}
    for name in (*_VERBS, *_RUN_WITH_ROUTES):
        found[name] = lambda site, run: _keep(run.heap.globals.variables, _PROGRAM_ROUTES, site)
    for name in (*_DECLARING, "set"):
        found[name] = lambda site, run: NOTHING
    for name in ("helpers", "configure"):
        found[name] = _run_now
    for name in sorted(_IN_REQUESTS - {"error", "not_found"}):
        found[name] = _request
    return found


def _run_now(site: CallSite, run: Machine) -> Value:
    block = block_of(site)
    return NOTHING if block is None else run.call(block, (), site.place)


# rackup files


class Rack(Native):
    """``Rack``."""

    __slots__ = ()

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """What a program that adds to it still finds in it."""
        return self.attribute(name, run, place) if name in ("Base", "Application", "Builder") else None

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``Rack::Builder``; middlewares and utilities call nothing."""
        return Builder() if name == "Builder" else Library(f"Rack::{name}")


class Builder(Native):
    """``Rack::Builder``."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``parse_file("config.ru")``, ``app { … }``."""
        if name in ("parse_file", "load_file"):
            return Function(name, _parse_file)
        if name == "app":
            return Function(name, self.construct)
        return Library(f"Rack::Builder.{name}")

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``Rack::Builder.new { run App }``."""
        made = App()
        block = block_of(site)
        if block is not None:
            run.call(objects.as_method(block, made), (), site.place)
        return made


class App(Native):
    """An application that was put together: what is to run, and what is before it."""

    __slots__ = ("parts",)

    def __init__(self) -> None:
        self.parts: list[Value] = []

    def implicit(self, name: str, run: Machine, place: Place) -> Value | None:
        """The words of a rackup file."""
        body = self.words().get(name)
        return None if body is None else Function(name, body)

    def words(self) -> Mapping[str, Callable[[CallSite, Machine], Value]]:
        """``run``, ``use``, ``map``."""
        return {"run": self._take, "use": self._take, "map": self._map}

    def _take(self, site: CallSite, run: Machine) -> Value:
        self.parts += [*site.positional[:1], *(() if (block := block_of(site)) is None else (block,))]
        return NOTHING

    def _map(self, site: CallSite, run: Machine) -> Value:
        block = block_of(site)
        return NOTHING if block is None else run.call(block, (), site.place)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A call of it; older versions give it as the first of a list."""
        if name == "call":
            return Function(name, self._answer, self)
        return Function(name, lambda site, run: self, self)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``Rack::Builder.parse_file("config.ru")[0]``."""
        return self

    def _answer(self, site: CallSite, run: Machine) -> Value:
        for part in list(self.parts):
            for option in options(part):
                if isinstance(option, Library):
                    continue
                asked = members.attribute(run, option, "call", site.place)
                run.call(asked, (UnknownValue("a request", site.place, inert=True),), site.place)
        return UnknownValue("a response", site.place, inert=True)

    def escaped(self, run: Machine, place: Place) -> None:
        """Code that is not seen may call it."""
        self._answer(CallSite((), {}, place), run)


WORDS: Final = ("run", "use", "map")
_BUILDING: Final = "<rack app>"


def _parse_file(site: CallSite, run: Machine) -> Value:
    made = App()
    kept = run.heap.globals.variables.get(_BUILDING)
    run.heap.globals.variables[_BUILDING] = made
    program.require(CallSite(site.positional[:1], {}, site.place), run)
    if kept is not None:
        run.heap.globals.variables[_BUILDING] = kept
    return made


def rackup_word(name: str) -> Value | None:
    """A word of a rackup file that is being read."""
    if name not in WORDS:
        return None

    def body(site: CallSite, run: Machine) -> Value:
        made = run.heap.globals.variables.get(_BUILDING)
        return made.words()[name](site, run) if isinstance(made, App) else first_of(site)

    return Function(name, body)


program.gives_names("sinatra", classic)
