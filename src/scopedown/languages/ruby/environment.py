"""Ruby's files and paths as text (https://docs.ruby-lang.org/en/3.3/File.html, …/Dir.html): what no row says.

A path is where Lambda has the file (:mod:`scopedown.calls.interpreter.project_files`).
"""

from __future__ import annotations

import fnmatch
import posixpath

from scopedown.calls.builtins.system_effects import changed
from scopedown.calls.interpreter.project_files import TASK_ROOT, contents, running_path
from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.values import CallSite, Const, Sequence, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.ruby.collections import BUILTINS
from scopedown.languages.ruby.native import Body, Library, block_of, first_of, over, run_block

MAX_LISTED = 200
"""Files that one pattern may name."""


class Files(Native):
    """``File``, ``Dir``, ``Pathname``, ``IO`` and ``FileUtils``: paths are text, what stands in a file of the project
    is known."""

    __slots__ = ("name",)
    label = "{self.name}"

    def __init__(self, name: str) -> None:
        self.name = name

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A function of the class."""
        body = _FUNCTIONS.get(f"{self.name}.{name}") or BUILTINS.functions(self.name).get(name)
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


_FUNCTIONS: dict[str, Body] = {
    **dict.fromkeys(("File.expand_path", "File.absolute_path", "File.realpath"), _expand),
    **dict.fromkeys(("File.open", "File.new"), _open),
    **dict.fromkeys(("Dir.glob", "Dir.[]"), _glob),
}
