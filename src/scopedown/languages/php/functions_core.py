"""PHP's own functions whose result or effect matters
(https://www.php.net/manual/en/funcref.php); all others give data that is not known."""

from __future__ import annotations

from functools import cache
from typing import Final

from scopedown.calls.builtins.system_effects import environment_variable
from scopedown.calls.interpreter.dispatch import on_made_code
from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.values import (
    CallSite,
    Const,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.php import (
    calls,
    computed,
    dotenv,
    function_names,
    functions_arrays,
    functions_files,
    functions_lowered,
    library_laravel,
    library_laravel_container,
    library_laravel_drivers,
    library_symfony_parts,
    program,
    scope,
    symfony_configurator,
)
from scopedown.languages.php.native import (
    NOTHING,
    Body,
    Library,
    argument,
    callable_of,
    first_of,
    items,
    unknown_callback,
)


def _eval(site: CallSite, run: Machine) -> Value:
    """Code that is a text."""
    on_made_code(run, "eval", site.place)
    return UnknownValue("what code gives that is put together while it runs", site.place)


class Environment(Native):
    """``$_ENV`` and ``$_SERVER``, in which PHP has the environment."""

    __slots__ = ("name",)
    label = "{self.name}"

    def __init__(self, name: str) -> None:
        self.name = name

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``$_ENV["NAME"]``; what a web server adds is data of the request."""
        found: list[Value] = []
        for option in options(key):
            is_request = self.name == "$_SERVER" and isinstance(option, Const) and _of_request(str(option.value))
            request = UnknownValue("a part of the request", place, inert=True)
            found.append(request if is_request else environment_variable(option, None, place))
        return join(*found)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """It has no members."""
        return UnknownValue(f"{self.name}.{name}", place)

    def put(self, key: Value, value: Value, run: Machine, place: Place) -> None:
        """What the program sets is not followed."""


def _of_request(name: str) -> bool:
    return name.startswith(("HTTP_", "REQUEST_", "SERVER_", "REMOTE_", "CONTENT_", "PHP_", "SCRIPT_")) or name in (
        "QUERY_STRING", "argv", "argc", "PATH_INFO", "DOCUMENT_ROOT", "HTTPS",
    )  # fmt: skip


def _save_handler(site: CallSite, run: Machine) -> Value:
    """``session_set_save_handler($handler)``: PHP calls it from then on."""
    library_symfony_parts.session(run, first_of(site), site.place)
    return Const(True)


def _env(site: CallSite, run: Machine) -> Value:
    """Laravel's ``env("NAME", default)``."""
    name = first_of(site)
    held = dotenv.from_files(run, name.value) if isinstance(name, Const) and isinstance(name.value, str) else None
    return Const(held) if held is not None else environment_variable(name, argument(site, 1), site.place)


def _dispatch(site: CallSite, run: Machine) -> Value:
    """Laravel's ``dispatch(new Job)``."""
    return library_laravel.dispatch(run, first_of(site), site.place)


def _dispatch_now(site: CallSite, run: Machine) -> Value:
    """Laravel's ``dispatch_sync(new Job)``."""
    library_laravel.dispatch(run, first_of(site), site.place, now=True)
    return Library("a result")


def _event(site: CallSite, run: Machine) -> Value:
    """Laravel's ``event(new Shipped)``."""
    library_laravel.happened(run, first_of(site), site.place)
    return Library("a result")


def _getenv(site: CallSite, run: Machine) -> Value:
    return environment_variable(first_of(site), None, site.place) if site.all() else Environment("$_ENV")


# callables


def _call(site: CallSite, run: Machine) -> Value:
    callback = callable_of(run, first_of(site), site.place)
    if callback is None:
        unknown_callback(run, first_of(site), site)
        run.heap.names[computed.COMPUTED] = Const(True)
        return run.call_value(first_of(site), CallSite(site.positional[1:], site.keywords, site.place, site.complete))
    return run.call_value(callback, CallSite(site.positional[1:], site.keywords, site.place, site.complete))


def _call_array(site: CallSite, run: Machine) -> Value:
    found = callable_of(run, first_of(site), site.place)
    if found is None:
        unknown_callback(run, first_of(site), site)
    callback = found or first_of(site)
    given = argument(site, 1) or NOTHING
    known = items(given)
    if known is not None:
        return run.call_value(callback, CallSite(tuple(known), {}, site.place))
    return run.call_value(callback, CallSite((), {}, site.place, complete=False))


def _run_now(site: CallSite, run: Machine) -> Value:
    """A function that calls what it is given: ``register_shutdown_function``, and Bref's ``lambda``."""
    for value in site.all():
        found = callable_of(run, value, site.place)
        if found is not None:
            run.call_value(found, CallSite((), {}, site.place, complete=False, outside=True))
    return NOTHING


_BODIES: Final[dict[str, Body]] = {
    **functions_files.BODIES,
    calls.CLASS_OF: computed.class_of,
    "eval": _eval,
    "env": _env,
    calls.DEFINE: program.define,
    "session_set_save_handler": _save_handler,
    **symfony_configurator.FUNCTIONS,
    "dispatch": _dispatch,
    "dispatch_sync": _dispatch_now,
    "dispatch_now": _dispatch_now,
    "event": _event,
    "app": library_laravel_container.app,
    "resolve": library_laravel_container.app,
    "config": library_laravel_container.config,
    **{name: library_laravel_container.path(name) for name in library_laravel_container.PATHS},
    "request": lambda site, run: (
        library_laravel_drivers.Request() if not site.all() else UnknownValue("data", inert=True)
    ),
    "cache": library_laravel_drivers.helper,
    "getenv": _getenv,
    "call_user_func": _call,
    "call_user_func_array": _call_array,
    "lambda": _run_now,
    "register_shutdown_function": _run_now,
    "register_tick_function": _run_now,
    "require": program.require,
    "require_once": program.require,
    "include": program.include,
    "include_once": program.include,
    "stream_wrapper_register": functions_lowered.register_class,
    "stream_filter_register": functions_lowered.register_class,
    "unserialize": functions_lowered.unserialize,
    calls.NAME: computed.name,
    calls.CALLABLE: computed.callable_value,
    calls.LOOSE: functions_lowered.loose,
    calls.CLONE: functions_lowered.clone,
    calls.METHOD: functions_lowered.method,
    calls.UNSET: functions_lowered.unset,
    scope.UNFOLLOWED: functions_lowered.unfollowed,
}


@cache
def table() -> dict[str, Value]:
    """The functions and superglobals."""
    found: dict[str, Value] = {
        name: Function(name, body) for name, body in {**functions_arrays.functions(), **_BODIES}.items()
    }
    found |= {name: Environment(name) for name in ("$_ENV", "$_SERVER")}
    for name in ("$_GET", "$_POST", "$_COOKIE", "$_FILES", "$_REQUEST", "$_SESSION", "$argv", "$argc"):
        found[name] = UnknownValue("a part of the request", inert=True)
    found |= {"PHP_EOL": Const("\n"), "DIRECTORY_SEPARATOR": Const("/")}
    return found


def builtin(name: str) -> Value | None:
    """A function of PHP's own, a constant or a superglobal."""
    known = table().get(name)
    if known is not None or name.startswith(("$", "<")):
        return known
    plain = name.rpartition("\\")[2]
    known = table().get(plain)
    if known is not None:
        return known
    return Library(plain) if function_names.is_own(plain) else None
