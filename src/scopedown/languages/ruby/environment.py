"""Ruby's ENV, and its files and paths as text (https://docs.ruby-lang.org/en/3.3/ENV.html, …/File.html, …/Dir.html).

A path is where Lambda has the file (:mod:`scopedown.calls.interpreter.project_files`).
"""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Callable

from scopedown.calls.builtins.python_environment import environment_variable
from scopedown.calls.builtins.python_files import changed, joined
from scopedown.calls.builtins.python_native import Function
from scopedown.calls.interpreter.project_files import TASK_ROOT, contents, running_path
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, Sequence, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.ruby.native import NOTHING, Library, block_of, first_of, over, run_block

MAX_LISTED = 200
"""Files that one pattern may name."""


class Environment(Native):
    """``ENV``."""

    __slots__ = ()
    label = "ENV"
    ignores_assignments = True

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``ENV["NAME"]``."""
        return environment_variable(key, None, place)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """The methods of a hash."""
        if name in ("fetch", "[]", "delete"):
            return Function(f"ENV.{name}", _fetch)
        if name in ("key?", "has_key?", "include?", "member?"):
            return Function(f"ENV.{name}", lambda site, run: UnknownValue("a test", inert=True))
        if name in ("to_h", "to_hash", "dup"):
            return Function(f"ENV.{name}", lambda site, run: self)
        if name == "values_at":
            return Function(name, lambda site, run: Sequence([self.index(key, run, place) for key in site.positional]))
        return Library(f"ENV.{name}")


def _fetch(site: CallSite, run: Machine) -> Value:
    key = first_of(site)
    default = site.positional[1] if len(site.positional) > 1 else None
    if default is None and block_of(site) is not None:
        default = run_block(run, site, key)
    return environment_variable(key, default, site.place)


class Files(Native):
    """``File``, ``Dir``, ``Pathname``, ``IO`` and ``FileUtils``: paths are text, what stands in a file of the project
    is known."""

    __slots__ = ("name",)
    label = "{self.name}"

    def __init__(self, name: str) -> None:
        self.name = name

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A function of the class."""
        body = _FUNCTIONS.get(f"{self.name}.{name}") or _FUNCTIONS.get(name)
        if body is not None:
            return Function(f"{self.name}.{name}", body)
        return Library(f"{self.name}{'::' if name[:1].isupper() else '.'}{name}")

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``Dir["lib/*.rb"]``."""
        return listed(run, key, place) if self.name == "Dir" else UnknownValue("a file", place)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``File.new``, ``Pathname.new``: the path stands for the object."""
        if self.name == "Pathname":
            return first_of(site)
        return _open(site, run)


def _join(site: CallSite, run: Machine) -> Value:
    return joined(site.positional)


def expanded(path: Value, base: Value | None) -> Value:
    """``File.expand_path(path, base)``: a base that is a file counts as a folder, as in Ruby."""
    start = base if isinstance(base, Const) and isinstance(base.value, str) else Const(TASK_ROOT)
    if base is not None and start is not base:
        return UnknownValue("a path")
    return changed(path, lambda text: posixpath.normpath(posixpath.join(TASK_ROOT, str(start.value), text)))


def _expand(site: CallSite, run: Machine) -> Value:
    base = site.positional[1] if len(site.positional) > 1 else None
    if isinstance(base, Const) and base.value is None:
        base = None
    return join(*(expanded(path, base) for path in options(first_of(site))))


def _changed(change: Callable[[str], str]) -> Callable[[CallSite, Machine], Value]:
    return lambda site, run: join(*(changed(path, change) for path in options(first_of(site))))


def _basename(site: CallSite, run: Machine) -> Value:
    suffix = site.positional[1] if len(site.positional) > 1 else NOTHING

    def change(path: str) -> str:
        name = posixpath.basename(path)
        if isinstance(suffix, Const) and isinstance(suffix.value, str):
            name = posixpath.splitext(name)[0] if suffix.value == ".*" else name.removesuffix(suffix.value)
        return name

    return _changed(change)(site, run)


def _read(site: CallSite, run: Machine) -> Value:
    return contents(run, first_of(site), site.place)


def _open(site: CallSite, run: Machine) -> Value:
    """A file: its text stands for it."""
    text = contents(run, first_of(site), site.place)
    held: Value = text if isinstance(text, Const) else Library("File object")
    return held if block_of(site) is None else run_block(run, site, held)


def _glob(site: CallSite, run: Machine) -> Value:
    found = listed(run, first_of(site), site.place)
    if block_of(site) is not None:
        over(run, site, found)
    return found


def listed(run: Machine, pattern: Value, place: Place) -> Value:
    """The files of the project that a pattern names, as paths where Lambda has them."""
    found: list[Value] = []
    unit = run.sources.unit(run.position.file)
    for option in options(pattern):
        if not (isinstance(option, Const) and isinstance(option.value, str)) or unit is None:
            return Sequence([], UnknownValue("a path", place))
        whole = posixpath.normpath(posixpath.join(TASK_ROOT, option.value))
        for file in unit.files:
            path = running_path(run.sources, file)
            if path is not None and any(fnmatch.fnmatchcase(path, one) for one in _alternatives(whole)):
                found.append(Const(path))
    return Sequence(found[:MAX_LISTED])


def _alternatives(pattern: str) -> list[str]:
    """``{a,b}`` in a pattern, and ``**/`` which may be nothing."""
    start, end = pattern.find("{"), pattern.find("}")
    if 0 <= start < end and pattern.count("{") == 1:
        return [
            one for part in pattern[start + 1 : end].split(",")[:8]
            for one in _alternatives(pattern[:start] + part + pattern[end + 1 :])
        ]  # fmt: skip
    return [pattern, pattern.replace("**/", "")] if "**/" in pattern else [pattern]


def _exists(site: CallSite, run: Machine) -> Value:
    return UnknownValue("a test", inert=True)


_FUNCTIONS: dict[str, Callable[[CallSite, Machine], Value]] = {
    "File.join": _join,
    "File.expand_path": _expand,
    "File.absolute_path": _expand,
    "File.realpath": _expand,
    "File.dirname": _changed(posixpath.dirname),
    "File.basename": _basename,
    "File.extname": _changed(lambda path: posixpath.splitext(path)[1]),
    "File.read": _read,
    "File.binread": _read,
    "IO.read": _read,
    "File.open": _open,
    "File.new": _open,
    "Dir.glob": _glob,
    "Dir.[]": _glob,
    "Dir.pwd": lambda site, run: Const(TASK_ROOT),
    "exist?": _exists,
    "file?": _exists,
    "directory?": _exists,
}
