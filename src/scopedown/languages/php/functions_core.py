"""PHP's own functions whose result or effect matters
(https://www.php.net/manual/en/funcref.php); all others give data that is not known."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Hashable
from functools import cache
from typing import Final

from scopedown.calls.builtins import python_text
from scopedown.calls.builtins.python_environment import environment_variable
from scopedown.calls.builtins.python_files import changed
from scopedown.calls.builtins.python_native import Function
from scopedown.calls.interpreter import members
from scopedown.calls.interpreter.operators import concatenate, percent
from scopedown.calls.interpreter.project_files import TASK_ROOT, contents
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    Const,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    as_text,
    from_text,
    join,
    options,
)
from scopedown.calls.values.from_json import from_data
from scopedown.core.place import Place
from scopedown.languages.php import library_laravel, program
from scopedown.languages.php.native import (
    NOTHING,
    Body,
    Library,
    argument,
    callable_of,
    element,
    first_of,
    items,
    over,
    pairs,
)

_PLAIN: Final = re.compile("[a-z_][a-z0-9_]*")
"""How the functions of PHP and of its frameworks are named."""


class Environment(Native):
    """``$_ENV`` and ``$_SERVER``, in which PHP has the environment."""

    __slots__ = ("name",)

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

    def describe(self) -> str:
        """Its name."""
        return self.name

    def fingerprint(self, depth: int = 4) -> Hashable:
        """There is one of each."""
        return ("php environment", self.name)


def _of_request(name: str) -> bool:
    return name.startswith(("HTTP_", "REQUEST_", "SERVER_", "REMOTE_", "CONTENT_", "PHP_", "SCRIPT_")) or name in (
        "QUERY_STRING", "argv", "argc", "PATH_INFO", "DOCUMENT_ROOT", "HTTPS",
    )  # fmt: skip


def _env(site: CallSite, run: Machine) -> Value:
    """Laravel's ``env("NAME", default)``."""
    return environment_variable(first_of(site), argument(site, 1), site.place)


def _dispatch(site: CallSite, run: Machine) -> Value:
    """Laravel's ``dispatch(new Job)``."""
    library_laravel.dispatch(run, first_of(site), site.place)
    return Library("a dispatched job")


def _getenv(site: CallSite, run: Machine) -> Value:
    return environment_variable(first_of(site), None, site.place) if site.all() else Environment("$_ENV")


# text


def _sprintf(site: CallSite, run: Machine) -> Value:
    template, *given = site.all() or (NOTHING,)
    if isinstance(template, Const) and isinstance(template.value, str):
        return percent(template.value, Sequence(given))
    return UnknownValue("a formatted text", site.place)


def _implode(site: CallSite, run: Machine) -> Value:
    given = list(site.all())
    if len(given) == 1:
        given.insert(0, Const(""))
    separator, value = given[:2]
    if isinstance(separator, Sequence | Object):
        separator, value = value, separator
    known = items(value)
    if known is None:
        return UnknownValue("a joined text", site.place)
    parts: list[Value] = []
    for number, item in enumerate(known):
        parts += [separator, item] if number else [item]
    return concatenate(tuple(parts)) if parts else Const("")


def _python(name: str, text_at: int = 0, *order: int) -> Body:
    """A function that Python has as a method of the text."""

    def body(site: CallSite, run: Machine) -> Value:
        text = argument(site, text_at)
        further = [one for number in order if (one := argument(site, number)) is not None]
        found: list[Value] = []
        for option in options(text) if text is not None else ():
            method = python_text.method(option, name) if isinstance(option, Const | TextValue) else None
            if method is None or (isinstance(option, Const) and not isinstance(option.value, str)):
                found.append(
                    UnknownValue("a text", site.place, inert=isinstance(option, UnknownValue) and option.inert)
                )
            else:
                found.append(run.call(method, tuple(further), site.place))
        return join(*found) if found else UnknownValue("a text", site.place)

    return body


def _explode(site: CallSite, run: Machine) -> Value:
    made = _python("split", 1, 0)(site, run)
    return made if isinstance(made, Sequence) else Sequence([], UnknownValue("part of a text", site.place))


def _str_replace(site: CallSite, run: Machine) -> Value:
    given = site.all()
    if len(given) >= 3 and all(isinstance(one, Const) and isinstance(one.value, str) for one in given[:2]):
        return _python("replace", 2, 0, 1)(site, run)
    return UnknownValue("a changed text", site.place)


def _strlen(site: CallSite, run: Machine) -> Value:
    value = first_of(site)
    if isinstance(value, Const) and isinstance(value.value, str):
        return Const(len(value.value))
    return UnknownValue("a length", site.place, inert=True)


def _text(site: CallSite, run: Machine) -> Value:
    texts = [as_text(option) for option in options(first_of(site))]
    return join(*(UnknownValue("a text") if text is None else from_text(text) for text in texts))


def _json_decode(site: CallSite, run: Machine) -> Value:
    found: list[Value] = []
    for option in options(first_of(site)):
        made: Value = UnknownValue(
            option.reason if isinstance(option, UnknownValue) else "data", site.place, inert=True
        )
        if isinstance(option, Const) and isinstance(option.value, str):
            try:
                made = from_data(json.loads(option.value))
            except (ValueError, RecursionError):
                pass
        found.append(made)
    return join(*found)


# arrays


def _append(site: CallSite, run: Machine) -> Value:
    """``$list[] = $value``: the list with a further element."""
    into, value = first_of(site), argument(site, 1) or NOTHING
    found: list[Value] = []
    for option in options(into):
        match option:
            case Sequence():
                if run.position.conditional:
                    rest = value if option.rest is None else join(option.rest, value)
                    found.append(Sequence(list(option.items), rest))
                else:
                    found.append(Sequence.joined([*option.items, value], option.rest))
            case Object() if option.fields or option.rest is not None:
                option.rest = value if option.rest is None else join(option.rest, value)
                found.append(option)
            case Native():
                option.add(value, run, site.place)
                found.append(option)
            case Object() | Const() if not run.position.conditional:
                found.append(Sequence([value]))
            case _:
                found.append(Sequence([], value))
    return join(*found)


def _values(site: CallSite, run: Machine) -> Value:
    """What ``foreach`` goes through."""
    value = first_of(site)
    found: list[Value] = []
    for option in options(value):
        match option:
            case Object():
                found.append(Sequence(list(option.fields.values()), option.rest))
            case Const():
                continue
            case _:
                found.append(option)
    return join(*found) if found else Sequence()


def _pairs(site: CallSite, run: Machine) -> Value:
    value = first_of(site)
    found: list[Value] = []
    for option in options(value):
        if isinstance(option, Native):
            item = option.iterate(run, site.place)
            found.append(Sequence([], Sequence([UnknownValue("a key", site.place, inert=True), item])))
        else:
            found.append(pairs(option, site.place))
    return join(*found) if found else Sequence()


def _map(site: CallSite, run: Machine) -> Value:
    value = argument(site, 1) or NOTHING
    made = over(run, site, argument(site, 0), value, *[element(one) for one in site.all()[2:]])
    known = items(value)
    if isinstance(value, Object) and known is not None and len(known) == len(made):
        return Object(dict(zip(value.fields, made, strict=True)))
    return Sequence(made) if known is not None and len(known) == len(made) else Sequence([], join(*made) if made else (
        UnknownValue("an element", site.place)))  # fmt: skip


def _filter(site: CallSite, run: Machine) -> Value:
    value = first_of(site)
    over(run, site, argument(site, 1), value)
    if isinstance(value, Object):
        return value
    return Sequence([], element(value, site.place))


def _walk(site: CallSite, run: Machine) -> Value:
    over(run, site, argument(site, 1), first_of(site), UnknownValue("a key", site.place, inert=True))
    return Const(True)


def _sorted(site: CallSite, run: Machine) -> Value:
    callback = callable_of(run, argument(site, 1), site.place)
    if callback is not None:
        item = element(first_of(site), site.place)
        run.call(callback, (item, item), site.place)
    return Const(True)


def _reduce(site: CallSite, run: Machine) -> Value:
    callback = callable_of(run, argument(site, 1), site.place)
    memo = argument(site, 2) or NOTHING
    if callback is None:
        return UnknownValue("a computed value", site.place)
    known = items(first_of(site))
    if known is not None and len(known) <= 8:
        for item in known:
            memo = run.call(callback, (memo, item), site.place)
        return memo
    return join(memo, run.call(callback, (memo, element(first_of(site), site.place)), site.place))


def _merge(site: CallSite, run: Machine) -> Value:
    given = site.all()
    if all(isinstance(one, Sequence) or (isinstance(one, Object) and not one.fields and one.rest is None)
           for one in given):  # fmt: skip
        found: list[Value] = []
        rest: list[Value] = []
        for one in given:
            if isinstance(one, Sequence):
                found += one.items
                rest += [] if one.rest is None else [one.rest]
        return Sequence.joined(found, join(*rest) if rest else None)
    made = Object(born=run.position.conditional)
    for one in given:
        members.merge(made, one)
    return made


def _push(site: CallSite, run: Machine) -> Value:
    into = first_of(site)
    for option in options(into):
        for value in site.all()[1:]:
            if isinstance(option, Sequence):
                option.rest = value if option.rest is None else join(option.rest, value)
            elif isinstance(option, Object):
                option.put(UnknownValue("a position"), value)
    return UnknownValue("a number", site.place, inert=True)


def _keys(site: CallSite, run: Machine) -> Value:
    value = first_of(site)
    if isinstance(value, Object):
        return Sequence([Const(key) for key in value.fields], None if value.rest is None else UnknownValue("a key"))
    return Sequence([], UnknownValue("a key", site.place))


def _one(site: CallSite, run: Machine) -> Value:
    return element(first_of(site), site.place)


def _first(site: CallSite, run: Machine) -> Value:
    known = items(first_of(site))
    return known[0] if known else element(first_of(site), site.place)


def _some(site: CallSite, run: Machine) -> Value:
    value = first_of(site)
    return value if isinstance(value, Object) else Sequence([], element(value, site.place))


def _same(site: CallSite, run: Machine) -> Value:
    return first_of(site)


def _chunk(site: CallSite, run: Machine) -> Value:
    return Sequence([], Sequence([], element(first_of(site), site.place)))


def _combine(site: CallSite, run: Machine) -> Value:
    made = Object(born=run.position.conditional)
    keys, values = items(first_of(site)), items(argument(site, 1) or NOTHING)
    if keys is not None and values is not None and all(isinstance(key, Const) for key in keys):
        made.fields = {members.key_text(key): value for key, value in zip(keys, values, strict=False)
                       if isinstance(key, Const)}  # fmt: skip
    else:
        made.rest = element(argument(site, 1) or NOTHING, site.place)
    return made


def _count(site: CallSite, run: Machine) -> Value:
    known = items(first_of(site))
    return UnknownValue("a number", site.place, inert=True) if known is None else Const(len(known))


# callables, files, programs


def _call(site: CallSite, run: Machine) -> Value:
    callback = callable_of(run, first_of(site), site.place)
    if callback is None:
        return run.call_value(first_of(site), CallSite(site.positional[1:], site.keywords, site.place, site.complete))
    return run.call_value(callback, CallSite(site.positional[1:], site.keywords, site.place, site.complete))


def _call_array(site: CallSite, run: Machine) -> Value:
    callback = callable_of(run, first_of(site), site.place) or first_of(site)
    given = argument(site, 1) or NOTHING
    known = items(given)
    if known is not None:
        return run.call_value(callback, CallSite(tuple(known), {}, site.place))
    return run.call_value(callback, CallSite((), {}, site.place, complete=False))


def _dirname(site: CallSite, run: Machine) -> Value:
    levels = argument(site, 1)
    count = levels.value if isinstance(levels, Const) and isinstance(levels.value, int) else 1

    def change(path: str) -> str:
        for _ in range(min(count, 20)):
            path = posixpath.dirname(path)
        return path

    return join(*(changed(path, change) for path in options(first_of(site))))


def _path(change: Callable[[str], str]) -> Body:
    return lambda site, run: join(*(changed(path, change) for path in options(first_of(site))))


def _read(site: CallSite, run: Machine) -> Value:
    return contents(run, first_of(site), site.place)


def _command(site: CallSite, run: Machine) -> Value:
    """A program is started."""
    run.overseen("os.system", CallSite((first_of(site),), {}, site.place))
    return UnknownValue("the output of a program", site.place, inert=True)


def _run_now(site: CallSite, run: Machine) -> Value:
    """A function that calls what it is given: ``register_shutdown_function``, and Bref's ``lambda``."""
    for value in site.all():
        found = callable_of(run, value, site.place)
        if found is not None:
            run.call_value(found, CallSite((), {}, site.place, complete=False, outside=True))
    return NOTHING


_BODIES: Final[dict[str, Body]] = {
    "<append>": _append, "<values>": _values, "<pairs>": _pairs,
    "env": _env, "dispatch": _dispatch, "getenv": _getenv, "sprintf": _sprintf,
    "vsprintf": _sprintf, "implode": _implode, "join": _implode, "explode": _explode, "str_replace": _str_replace,
    "trim": _python("strip"), "ltrim": _python("lstrip"), "rtrim": _python("rstrip"), "strtolower": _python("lower"),
    "strtoupper": _python("upper"), "mb_strtolower": _python("lower"), "mb_strtoupper": _python("upper"),
    "ucfirst": _python("capitalize"), "str_starts_with": _python("startswith", 0, 1),
    "str_ends_with": _python("endswith", 0, 1), "strlen": _strlen, "strval": _text, "json_decode": _json_decode,
    "array_map": _map, "array_filter": _filter, "array_walk": _walk, "usort": _sorted, "uasort": _sorted,
    "uksort": _sorted, "array_reduce": _reduce, "array_merge": _merge, "array_replace": _merge,
    "array_merge_recursive": _merge, "array_replace_recursive": _merge, "array_push": _push, "array_unshift": _push,
    "array_keys": _keys, "array_values": _values, "array_pop": _one, "array_shift": _one, "current": _first,
    "reset": _first, "end": _one, "array_rand": _one, "array_slice": _some, "array_splice": _some,
    "array_unique": _same, "array_reverse": _same, "array_diff": _some, "array_intersect": _some,
    "array_diff_key": _some, "array_intersect_key": _some, "iterator_to_array": _same, "array_chunk": _chunk,
    "array_combine": _combine, "count": _count, "sizeof": _count, "call_user_func": _call,
    "call_user_func_array": _call_array, "dirname": _dirname, "basename": _path(posixpath.basename),
    "realpath": _same, "file_get_contents": _read, "exec": _command, "shell_exec": _command, "system": _command,
    "passthru": _command, "popen": _command, "proc_open": _command, "lambda": _run_now,
    "register_shutdown_function": _run_now, "require": program.require, "require_once": program.require,
    "include": program.include, "include_once": program.include, "getcwd": lambda site, run: Const(TASK_ROOT),
    "array_column": _some, "array_fill_keys": lambda site, run: Object({}, argument(site, 1)),
    "spl_autoload_register": lambda site, run: Const(True),
}  # fmt: skip


@cache
def table() -> dict[str, Value]:
    """The functions and superglobals."""
    found: dict[str, Value] = {name: Function(name, body) for name, body in _BODIES.items()}
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
    return Library(plain) if "\\" not in name and _PLAIN.fullmatch(plain) else None
