"""Python's files and paths: ``open``, ``pathlib``, and the readers of configuration (TOML, INI, YAML).

A path is the text that it is at run time; what stands in a file of the project that is opened is known as text
(:mod:`scopedown.calls.interpreter.project_files`). Writing is not followed.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scopedown.calls.builtins.system_effects import changed, joined
from scopedown.calls.interpreter import members
from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.interpreter.project_files import TASK_ROOT, contents, parse_toml, parse_yaml
from scopedown.calls.machine import Machine, Native
from scopedown.calls.machine.native import LocalPath
from scopedown.calls.values import (
    CallSite,
    Const,
    Object,
    Sequence,
    Text,
    TextValue,
    UnknownValue,
    Value,
    as_text,
    from_text,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.python.collections import library
from scopedown.languages.python.natives import (
    NOTHING,
    Body,
    Function,
    Library,
    first_of,
    function,
    listed,
)

Parser = Callable[[str, Place], Value]


# paths


def path_text(value: Value) -> Value:
    """A path as text, whether it is an object or text itself."""
    return join(*(option.text if isinstance(option, Path) else option for option in options(value)))


def absolute(path: Value) -> Value:
    """``abspath``: relative paths begin where Lambda runs the code."""
    return changed(path, lambda text: posixpath.normpath(posixpath.join(TASK_ROOT, text)))


def _without_suffix(path: str) -> str:
    return posixpath.splitext(path)[0]


_PARTS: Mapping[str, Callable[[str], str]] = {
    "name": posixpath.basename,
    "stem": lambda path: _without_suffix(posixpath.basename(path)),
    "suffix": lambda path: posixpath.splitext(path)[1],
}


@dataclass(frozen=True, slots=True, eq=False)
class Path(LocalPath):
    """``pathlib.Path``: ``text`` is the path's text."""

    label = "a path"
    text: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Parts of it, paths beside and below it, and what stands in the file."""
        if name in _PARTS:
            return changed(self.text, _PARTS[name])
        if name == "parent":
            return Path(changed(self.text, posixpath.dirname))
        if name == "parents":
            return Parents(self)
        return Function(f"Path.{name}", _METHODS[name](self), self) if name in _METHODS else Library(f"Path.{name}")

    def operate(self, operator: str, other: Value, place: Place) -> Value | None:
        """``path / "name"``."""
        return Path(joined((self.text, path_text(other)))) if operator == "/" else None

    def as_text(self) -> Text | None:
        """The path."""
        return as_text(self.text)


@dataclass(frozen=True, slots=True, eq=False)
class Parents(Native):
    """``path.parents``."""

    path: Path

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``path.parents[1]``."""
        if isinstance(key, Const) and isinstance(key.value, int) and 0 <= key.value < 20:
            found: Value = self.path.text
            for _ in range(key.value + 1):
                found = changed(found, posixpath.dirname)
            return Path(found)
        return Path(UnknownValue("a parent folder", place))


_METHODS: Mapping[str, Callable[[Path], Body]] = {
    **dict.fromkeys(("expanduser", "as_posix", "__str__", "__fspath__"), lambda path: lambda site, run: path.text),
    **dict.fromkeys(("resolve", "absolute"), lambda path: lambda site, run: Path(absolute(path.text))),
    "joinpath": lambda path: lambda site, run: Path(joined((path.text, *map(path_text, site.positional)))),
    "with_name": lambda path: (
        lambda site, run: Path(joined((changed(path.text, posixpath.dirname), path_text(first_of(site)))))
    ),
    "with_suffix": lambda path: (
        lambda site, run: Path(concatenate((changed(path.text, _without_suffix), first_of(site))))
    ),
    "read_text": lambda path: lambda site, run: contents(run, path.text, site.place),
    "read_bytes": lambda path: lambda site, run: contents(run, path.text, site.place),
    "open": lambda path: lambda site, run: _opened(path.text, site.argument(0, "mode"), site, run),
    **dict.fromkeys(
        ("glob", "rglob", "iterdir"),
        lambda path: lambda site, run: Sequence([], Path(matching(joined((path.text, *site.positional[:1]))))),
    ),
}


def matching(pattern: Value) -> Value:
    """A path that a pattern such as ``/var/task/plugins/*.py`` finds: it begins and ends as that does. What holds no
    sign of a pattern is a folder."""
    found: list[Value] = []
    for option in options(pattern):
        written = option.value if isinstance(option, Const) and isinstance(option.value, str) else None
        if written is None:
            found.append(UnknownValue("a file of a folder"))
            continue
        signs = [place for place, sign in enumerate(written) if sign in "*?[{"]
        head, tail = (written[: signs[0]], written[signs[-1] + 1 :]) if signs else (written.rstrip("/") + "/", "")
        parts: tuple[Text | str, ...] = (head, Text.unknown("a file of a folder"), tail if "]" not in tail else "")
        found.append(from_text(Text.of(*(part for part in parts if part))))
    return join(*found)


def _glob(site: CallSite, run: Machine) -> Value:
    """``glob.glob(pattern)``."""
    root = site.keywords.get("root_dir")
    pattern = path_text(first_of(site))
    return Sequence([], matching(pattern if root is None else joined((path_text(root), pattern))))


def _path(site: CallSite, run: Machine) -> Value:
    return Path(joined(tuple(path_text(value) for value in site.positional)) if site.positional else Const("."))


# open files


@dataclass(frozen=True, slots=True, eq=False)
class OpenFile(Native):
    """A file that is open for reading: what is read is any part of its text, all of it where that is what is asked."""

    label = "a file"
    text: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``read`` and its like."""
        if name == "read":
            return Function(name, lambda site, run: self.text if not site.positional else _piece(self.text))
        if name == "readlines":
            return Function(name, lambda site, run: _lines(self.text))
        if name == "readline":
            return Function(name, lambda site, run: _lines(self.text).element())
        return Library(f"file.{name}")

    def iterate(self, run: Machine, place: Place) -> Value:
        """A line."""
        return _lines(self.text).element()


def _piece(text: Value) -> Value:
    return UnknownValue(text.reason if isinstance(text, UnknownValue) else "a part of a file")


def _lines(text: Value) -> Sequence:
    if isinstance(text, Const):
        lines = str(text.value).splitlines(keepends=True)
        return Sequence([Const(line) for line in lines]) if len(lines) <= 64 else Sequence([], _piece(text))
    return Sequence([], text)


def _opened(path: Value, mode: Value | None, site: CallSite, run: Machine) -> Value:
    if mode is not None and not (isinstance(mode, Const) and not set(str(mode.value)) & set("wax+")):
        return Library("open()")
    text = contents(run, path_text(path), site.place)
    return OpenFile(text)


def _open(site: CallSite, run: Machine) -> Value:
    return _opened(site.argument(0, "file") or NOTHING, site.argument(1, "mode"), site, run)


def text_in(value: Value) -> Value:
    """What a reader reads: text as it is, or all of an open file."""
    return join(*(option.text if isinstance(option, OpenFile) else option for option in options(value)))


def reader(what: str, parse: Parser) -> Body:
    """A function that reads data from text or from an open file; what is not known stays so, for its own reason."""

    def body(site: CallSite, run: Machine) -> Value:
        return join(*(_data(option, what, parse, site.place) for option in options(text_in(first_of(site)))))

    return body


def _data(text: Value, what: str, parse: Parser, place: Place) -> Value:
    from scopedown.calls.builtins.text_effects import describe

    if isinstance(text, Const) and isinstance(text.value, str):
        return parse(text.value, place)
    if isinstance(text, UnknownValue):
        return text
    return UnknownValue(f"{what} in {describe(text.text)}" if isinstance(text, TextValue) else f"parsed {what}", place)


# configparser


class Ini(Native):
    """``configparser.ConfigParser()``: the sections of the files that it read."""

    __slots__ = ("sections",)
    label = "a configuration"

    def __init__(self) -> None:
        self.sections = Object()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Reading, and the ways to a value."""
        if name in ("read", "read_file", "read_string", "readfp", "read_dict"):
            return Function(name, lambda site, run: self._read(name, site, run), self)
        if name in ("get", "getint", "getfloat", "getboolean"):
            return Function(name, lambda site, run: self._get(site, run), self)
        if name in ("items", "sections"):
            return Function(name, lambda site, run: self._several(name, site, run), self)
        return Library(f"ConfigParser.{name}")

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``config["section"]``."""
        return members.index(run, self.sections, key, place)

    def _read(self, name: str, site: CallSite, run: Machine) -> Value:
        given = first_of(site)
        if name == "read":
            files = list(listed(run, given, site.place).items) if isinstance(given, Sequence) else [given]
            texts = [contents(run, path_text(file), site.place) for file in files]
        else:
            texts = [text_in(given)]
        for text in texts:
            parsed = _parse_ini(text) if isinstance(text, Const) else None
            if parsed is None:
                self.sections.rest = Object({}, UnknownValue("an item of a configuration file", site.place))
            else:
                self.sections.fields.update(parsed.fields)
        return NOTHING

    def _get(self, site: CallSite, run: Machine) -> Value:
        section, option = site.argument(0, "section"), site.argument(1, "option")
        if section is None or option is None:
            return UnknownValue("an item of a configuration file", site.place)
        found = members.index(run, self.index(section, run, site.place), option, site.place)
        fallback = site.keywords.get("fallback")
        return found if fallback is None or not isinstance(found, UnknownValue) else join(found, fallback)

    def _several(self, name: str, site: CallSite, run: Machine) -> Value:
        holder: Value = self.sections
        if site.positional:
            holder = self.index(site.positional[0], run, site.place)
        if not isinstance(holder, Object):
            return UnknownValue("items of a configuration file", site.place)
        if name == "sections":
            return Sequence([Const(key) for key in holder.fields], holder.rest and UnknownValue("a section"))
        return Sequence([Sequence([Const(key), value]) for key, value in holder.fields.items()], holder.rest)


def _parse_ini(text: Const) -> Object | None:
    import configparser

    # Interpolated items may multiply without an end, so none is computed.
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    try:
        parser.read_string(str(text.value))
    except (configparser.Error, ValueError, RecursionError):
        return None
    found: dict[str, Value] = {}
    for section in parser.sections():
        found[section] = Object({key: _item(value) for key, value in parser.items(section)})
    return Object(found)


def _item(value: str) -> Value:
    return UnknownValue("an interpolated item of a configuration file") if "%(" in value else Const(value)


def opening() -> Value:
    """``open``."""
    return function("open", _open)


def table() -> dict[str, Value]:
    """The modules by dotted name."""
    path = function(
        "pathlib.Path",
        _path,
        cwd=Function("Path.cwd", lambda site, run: Path(Const(TASK_ROOT))),
        home=Function("Path.home", lambda site, run: Path(UnknownValue("the home folder", site.place))),
    )
    text_file = function(
        "io.StringIO", lambda site, run: OpenFile(text_in(site.argument(0) or UnknownValue("written text")))
    )
    toml, yaml = reader("TOML", parse_toml), reader("YAML", parse_yaml)
    parser = function("ConfigParser", lambda site, run: Ini())
    ini = library("configparser", ConfigParser=parser, RawConfigParser=parser, SafeConfigParser=parser)
    modules = (
        library("pathlib", **dict.fromkeys(("Path", "PurePath", "PosixPath", "PurePosixPath"), path)),
        library("io", open=_open, StringIO=text_file, BytesIO=text_file),
        library("glob", glob=_glob, iglob=_glob),
        library("codecs", open=_open),
        *(library(name, load=toml, loads=toml) for name in ("tomllib", "tomli", "toml")),
        # https://pyyaml.org/wiki/PyYAMLDocumentation
        library("yaml", **dict.fromkeys(("load", "safe_load", "full_load", "unsafe_load"), yaml)),
        ini,
    )
    return {"ConfigParser": ini, **{module.name: module for module in modules}}
