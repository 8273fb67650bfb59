"""Laravel: the container, its configuration, and the service providers that fill it before the first request

Sources: https://laravel.com/docs/container, https://laravel.com/docs/providers, https://laravel.com/docs/configuration.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from typing import Final

from scopedown.calls.interpreter import modules
from scopedown.calls.interpreter.project_files import running_path
from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Object,
    UnknownValue,
    Value,
    from_text,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.core.text import EnvVar, Text
from scopedown.languages.php import container, frameworks, laravel_names, laravel_settings, program
from scopedown.languages.php.native import Library, argument, callable_of, class_named, first_of
from scopedown.languages.php.sdk import Factory

LANGUAGE: Final = "php"
PACKAGES: Final = laravel_names.names("app", "config", "provider", "aws")
_BOOTED: Final = ("php", "<laravel>")
_RUNS: Final = frozenset(
    {
        "booted",
        "booting",
        "terminating",
        "resolving",
        "afterResolving",
        "beforeResolving",
        "rebinding",
        "call",
        "extend",
    }
)
"""Methods that run what they are given."""
_FRAMEWORK: Final = "laravel/framework"


def module(name: str) -> Value | None:
    """A class or a facade."""
    made: dict[str, Value] = {"app": APP, "config": Config(), "provider": ServiceProvider(), "aws": Aws()}
    return made.get(laravel_names.part(name) or "")


class Application(Native):
    """``$this->app``, ``app()``: the container, which is the application."""

    __slots__ = ()
    label = "Laravel's application"

    names_a_client = True

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``new Application(…)``: the rest of the framework is not read."""
        modules.leave_out(run, _FRAMEWORK, site.place)
        return self

    def call(self, site: CallSite, run: Machine) -> Value:
        """The application of a declared type."""
        return self

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method, or a part of the framework."""
        if name.startswith("$"):
            return self.index(Const(name[1:]), run, place)
        if name == "configure":
            return Function(name, self._configure, self)
        if name == "when":
            return Function(name, lambda site, run: Contextual(first_of(site)), self)
        if name == "register":
            return Function(name, self._register, self)
        if name == "environment":
            return Function(name, _environment, self)
        if name in _RUNS:
            return Function(name, self._run, self)
        if name in container.GETS:
            return Function(name, lambda site, run: self._get(name, site, run), self)
        found = container.member(name, self, Library(f"app::{name}"))
        return found if found is not None else Library(f"app::{name}")

    def _get(self, name: str, site: CallSite, run: Machine) -> Value:
        found: list[Value] = []
        for option in options(first_of(site)):
            known = laravel_names.class_of_key(option.value) if isinstance(option, Const) else None
            made = container.service(run, Const(known) if known is not None else option, site.place)
            found.append(made if made is not None else Library("a service"))
        return join(*found)

    def _configure(self, site: CallSite, run: Machine) -> Value:
        modules.leave_out(run, _FRAMEWORK, site.place)
        return Configuring()

    def _register(self, site: CallSite, run: Machine) -> Value:
        for option in options(first_of(site)):
            named = class_named(run, str(option.value), site.place) if isinstance(option, Const) else None
            cls = option.cls if isinstance(option, Instance) else named
            if isinstance(cls, ClassValue):
                provide(run, cls, site.place)
        return Library("a provider")

    def _run(self, site: CallSite, run: Machine) -> Value:
        found: list[Value] = [Library("a result")]
        for value in site.all():
            called = callable_of(run, value, site.place)
            if called is not None:
                found.append(run.call_value(called, CallSite((), {}, site.place, complete=False)))
        return join(*found)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``$app["config"]``."""
        return self._get("get", CallSite((key,), {}, place), run)


APP: Final = Application()


class Aws(Factory):
    """``AWS::createClient("s3")``, ``app("aws")``: the SDK with the settings of ``config/aws.php``."""

    __slots__ = ()

    names_a_client = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """The container's."""
        return self


class Configuring(Native):
    """``Application::configure(…)->withRouting(…)->create()``
    (laravel/framework Foundation/Configuration/ApplicationBuilder.php)."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """One step; what it is given may run."""

        def body(site: CallSite, run: Machine) -> Value:
            for value in (*site.positional, *site.keywords.values()):
                called = callable_of(run, value, site.place)
                if isinstance(called, FunctionValue) and name == "withSchedule":
                    frameworks.enter(run, called, site.place)
                elif called is not None:
                    run.escape(called, site.place)
            return APP if name == "create" else self

        return Function(name, body, self)


class Contextual(Native):
    """``$app->when(Photo::class)->needs(Filesystem::class)->give(fn () => …)``."""

    __slots__ = ("_needs", "_of")

    def __init__(self, of: Value, needs: Value | None = None) -> None:
        self._of = of
        self._needs = needs

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``needs``, ``give``, ``giveConfig``."""

        def body(site: CallSite, run: Machine) -> Value:
            if name == "needs":
                return Contextual(self._of, first_of(site))
            if name in ("give", "giveConfig") and self._needs is not None:
                given = (
                    configured(run, first_of(site), argument(site, 1), place)
                    if name == "giveConfig"
                    else first_of(site)
                )
                for option in options(self._needs):
                    if isinstance(option, Const) and isinstance(option.value, str) and not option.value.startswith("$"):
                        container.bind(run, option.value, given, APP, site.place)
            return self

        return Function(name, body, self)


class ServiceProvider(Native):
    """The base of service providers, which have the application."""

    __slots__ = ()

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """``$this->app``; the other members call nothing."""
        if name == "$app":
            return APP
        return None if name in ("constructor", "register", "boot") or name.startswith(("$", "__")) else Library(name)


class Config(Native):
    """``config()->get("services.sns.key")``, ``Config::get("app.name", "x")``."""

    __slots__ = ()

    names_a_client = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """The repository of a declared type."""
        return self

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``get`` and those that give a certain type."""
        if name in ("get", "string", "array", "integer", "boolean", "float", "collection"):
            return Function(
                name, lambda site, run: configured(run, first_of(site), argument(site, 1), site.place), self
            )
        return Library(f"config::{name}")

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``$app["config"]["services.sns"]``."""
        return configured(run, key, None, place)


def configured(run: Machine, name: Value, otherwise: Value | None, place: Place) -> Value:
    """A setting by its path: the file below ``config/``, then keys."""
    found: list[Value] = []
    for option in options(name):
        path = option.value.split(".") if isinstance(option, Const) and isinstance(option.value, str) else []
        held = laravel_settings.settings(run, path[0]) if path else None
        value: Value | None = laravel_settings.member(held, *path[1:]) if held is not None else None
        found.append(value or otherwise or UnknownValue("a setting", place, inert=True))
    return join(*found)


def config(site: CallSite, run: Machine) -> Value:
    """The helper ``config()``; with an array it sets."""
    if not site.all():
        return Config()
    if isinstance(first_of(site), Object):
        return Const(None)
    return configured(run, first_of(site), argument(site, 1), site.place)


def app(site: CallSite, run: Machine) -> Value:
    """The helpers ``app()`` and ``resolve()``."""
    return run.call_value(APP.attribute("make", run, site.place), site) if site.all() else APP


PATHS: Final = {
    "base_path": "", "app_path": "app", "config_path": "config", "database_path": "database", "lang_path": "lang",
    "public_path": "public", "resource_path": "resources",
}  # fmt: skip
"""Helpers that give paths below the application (https://laravel.com/docs/helpers#paths)."""


def path(name: str) -> Callable[[CallSite, Machine], Value]:
    """A helper that gives a path."""

    def body(site: CallSite, run: Machine) -> Value:
        starts = [one for one in frameworks.files_of(run, run.position.file) if one.endswith(frameworks.LARAVEL)]
        root = running_path(run.sources, starts[0]) if starts else None
        below = first_of(site)
        if root is None or not isinstance(below, Const):
            return UnknownValue("a path", site.place, inert=True)
        whole = posixpath.join(
            posixpath.dirname(posixpath.dirname(root)), PATHS[name], str(below.value or "").lstrip("/")
        )
        return Const(whole.rstrip("/"))

    return body


def _environment(site: CallSite, run: Machine) -> Value:
    if site.all():
        return UnknownValue("whether the environment is one of some", site.place, inert=True)
    return from_text(Text.of(EnvVar("APP_ENV")))


def boot(run: Machine, file: str, place: Place) -> None:
    """The service providers of the application register what they give, then boot; once for a run."""
    if _BOOTED in run.heap.names or not frameworks.uses(run, file, frameworks.LARAVEL):
        return
    run.heap.names[_BOOTED] = Const(True)
    classes = list(_providers(run, file, place))
    for method in ("register", "boot"):
        for cls in classes:
            provide(run, cls, place, (method,))


def provide(run: Machine, cls: ClassValue, place: Place, methods: tuple[str, ...] = ("register", "boot")) -> None:
    """A provider does its part; ``$bindings`` and ``$singletons`` are arrays of classes."""
    frameworks.run_methods(run, cls, [name for name in methods if _has(cls, name)], place)
    if "register" not in methods:
        return
    made = frameworks.made(run, cls, place)
    for option in options(made):
        for name in ("bindings", "singletons") if isinstance(option, Instance) else ():
            given = run.attribute(option, f"${name}", place)
            if isinstance(given, Object):
                container.define(run, given, APP, place)


def _has(cls: ClassValue, name: str) -> bool:
    return any(isinstance(one, ClassValue) and name in one.fields for one in cls.ancestry())


def _providers(run: Machine, file: str, place: Place) -> Iterator[ClassValue]:
    """The providers that ``bootstrap/providers.php`` or ``config/app.php`` lists, else all below ``Providers/``."""
    found: dict[int, ClassValue] = {}
    for one in frameworks.files_of(run, file):
        if one == "bootstrap/providers.php" or one.endswith("/bootstrap/providers.php"):
            run.load(one)
            module = run.heap.modules.get(one)
            found.update(_listed(run, module.frame.variables.get(program.RETURNED) if module else None, place))
    found.update(_listed(run, laravel_settings.member(laravel_settings.settings(run, "app"), "providers"), place))
    if found:
        yield from found.values()
    else:
        yield from frameworks.classes_of(run, (one for one in frameworks.files_of(run, file) if "Providers/" in one))


def _listed(run: Machine, value: Value | None, place: Place) -> Iterator[tuple[int, ClassValue]]:
    held = getattr(value, "items", None) or (value.fields.values() if isinstance(value, Object) else ())
    for one in held:
        for option in options(one):
            cls = option if isinstance(option, ClassValue) else None
            if isinstance(option, Const) and isinstance(option.value, str):
                cls = class_named(run, option.value, place)  # type: ignore[assignment]
            if isinstance(cls, ClassValue):
                yield id(cls), cls
