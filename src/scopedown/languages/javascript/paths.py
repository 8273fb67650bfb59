"""Node's ``fs``: what stands in a file of the project that code reads is known as text
(:mod:`scopedown.calls.interpreter.project_files`); everything else of it is the platform at large.

Source: https://nodejs.org/api/fs.html. ``fs-extra`` and ``graceful-fs`` have the same functions. The readers of YAML:
https://github.com/nodeca/js-yaml (``load``, ``safeLoad``), https://eemeli.org/yaml (``parse``).
"""

from __future__ import annotations

from scopedown.calls.interpreter.project_files import contents, parse_json, parse_yaml
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    Const,
    FunctionValue,
    Null,
    TextValue,
    UnknownValue,
    Value,
    as_text,
    from_text,
    join,
    options,
)
from scopedown.languages.javascript.natives import NOTHING, Function, Platform, function


def _path(site: CallSite) -> Value:
    """The path that a function is given, as text (it may be a URL)."""
    return join(*(_as_text(option) for option in options(site.argument(0) or NOTHING)))


def _as_text(value: Value) -> Value:
    text = value.as_text() if isinstance(value, Native) else None
    return value if text is None else from_text(text)


def _read(site: CallSite, run: Machine) -> Value:
    text = contents(run, _path(site), site.place)
    last = site.positional[-1] if len(site.positional) > 1 else None
    if isinstance(last, FunctionValue) or (isinstance(last, Native) and last.callable_when_escaped):
        run.call(last, (Null(), text), site.place)
    return text


def _read_json(site: CallSite, run: Machine) -> Value:
    return _parsed(_read(site, run), site)


def _parsed(text: Value, site: CallSite) -> Value:
    return join(
        *(
            parse_json(str(option.value), site.place, Null()) if isinstance(option, Const) else option
            for option in options(text)
        )
    )


def _yaml(site: CallSite, run: Machine) -> Value:
    found = []
    for option in options(site.argument(0) or NOTHING):
        if isinstance(option, Const) and isinstance(option.value, str):
            found.append(parse_yaml(option.value, site.place, Null()))
        else:
            reason = f"YAML in {as_text(option)}" if isinstance(option, TextValue) else "parsed YAML"
            found.append(option if isinstance(option, UnknownValue) else UnknownValue(reason, site.place))
    return join(*found)


def file_path(site: CallSite, run: Machine) -> Value:
    """``fileURLToPath(url)``."""
    found: list[Value] = []
    for option in options(_path(site)):
        known = isinstance(option, Const) and isinstance(option.value, str)
        found.append(
            Const(str(option.value).removeprefix("file://")) if isinstance(option, Const) and known else option
        )
    return join(*found)


def modules() -> dict[str, Value]:
    """The modules of this file by specifier, without ``node:``."""
    read = function("readFile", _read)
    promises = Platform("fs/promises", {"readFile": read, "readJson": function("readJson", _read_json)})
    files = Platform(
        "fs",
        {
            "readFileSync": Function("readFileSync", _read),
            "readFile": read,
            "promises": promises,
            "readJsonSync": Function("readJsonSync", _read_json),
            "readJSONSync": Function("readJSONSync", _read_json),
            "readJson": Function("readJson", _read_json),
            "readJSON": Function("readJSON", _read_json),
        },
    )
    yaml = function("yaml.load", _yaml)
    return {
        "fs": files,
        "fs/promises": promises,
        "fs-extra": files,
        "graceful-fs": files,
        "js-yaml": Platform("js-yaml", {"load": yaml, "safeLoad": yaml}),
        "yaml": Platform("yaml", {"parse": yaml}),
        "yamljs": Platform("yamljs", {"parse": yaml, "load": function("yamljs.load", _yaml_file)}),
    }


def _yaml_file(site: CallSite, run: Machine) -> Value:
    return _yaml(CallSite((_read(site, run),), {}, site.place), run)
