"""JavaScript as a configuration uses it: the variables of the process, paths of this machine, and its files as data."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scopedown.calls.interpreter import exact
from scopedown.calls.machine import Function, Machine
from scopedown.calls.values import CallSite, Const, ModuleValue, Object, Sequence, UnknownValue, Unset, Value
from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.documents.document import parse_json, parse_yaml
from scopedown.documents.dotenv import parse_dotenv
from scopedown.languages.javascript import json_text, standard
from scopedown.languages.javascript.known_values import text, together
from scopedown.languages.javascript.natives import NOTHING, JavaScriptNative, Platform, function
from scopedown.languages.javascript.paths import file_path
from scopedown.languages.javascript.runtime import JavaScript

if TYPE_CHECKING:
    from scopedown.languages.javascript.programs.evaluation import Evaluation

Work = Callable[["Evaluation", CallSite], Value]


class UnsetVariable(Unset):
    """An environment variable that has no value here: in a test it counts as undefined, as a value it is unknown."""

    __slots__ = ()


class FileText(str):
    """A text that is the content of a file."""

    __slots__ = ("path",)
    path: Path


@dataclass(frozen=True, slots=True, eq=False)
class Environment(JavaScriptNative):
    """``process.env``."""

    label = "process.env"
    run: Evaluation

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A variable."""
        found = self.run.variables.get(name)
        return UnsetVariable(f"the environment variable {name} is not set", place) if found is None else found

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """A variable whose name is computed."""
        name = run.position.language.key_of(key, run, place)
        if name is None:
            return exact.why_unknown(key) or UnknownValue("its key is unknown", place)
        return self.attribute(name, run, place)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """A variable is a text."""
        self.run.variables[name] = together([text(value, run, place)], run, place)

    def put(self, key: Value, value: Value, run: Machine, place: Place) -> None:
        """The same by a key."""
        if (name := run.position.language.key_of(key, run, place)) is not None:
            self.assign(name, value, run, place)

    def delete(self, name: str) -> None:
        """It is not set any more."""
        self.run.variables.pop(name, None)


@dataclass(frozen=True, slots=True, eq=False)
class Module(Platform):
    """A module of node, or a package whose functions are known; ``otherwise`` is said of its other members."""

    otherwise: str = "this function is not supported"

    def missing(self, name: str, place: Place) -> Value:
        """What is not known here."""
        return UnknownValue(self.otherwise, place)


class Configuration(JavaScript):
    """The language of one reading."""

    def __init__(self) -> None:
        self.run: Evaluation | None = None
        self._globals: dict[str, Value] = {}
        self._modules: dict[str, Value] = {}

    def begin(self, run: Evaluation) -> None:
        """The reading that it is of."""

        def of(**works: Work) -> dict[str, Value]:
            return {name: _function(name, run, work) for name, work in works.items()}

        files = of(readFileSync=_read_file, readFile=_read_file, existsSync=_exists, readdirSync=_folder)
        yaml = of(load=_yaml, parse=_yaml, safeLoad=_yaml)
        process: dict[str, Value] = {
            "env": Environment(run),
            "cwd": function("cwd", lambda site, run: Const(run.sources.root)),
            "exit": function("exit", lambda site, run: NOTHING),
            "platform": Const("linux"),
        }
        only_running = "its value is known only when the framework runs"
        json: dict[str, Value] = {
            **of(parse=_json), "stringify": function("JSON.stringify", json_text.stringify)
        }  # fmt: skip
        paths = standard.module("path")
        fs = Module("fs", {**files, "promises": Module("fs.promises", files)})
        self._globals = {"process": Module("process", process, only_running), "JSON": Module("JSON", json)}
        self._modules = {
            "fs": fs,
            "fs/promises": fs,
            "process": self._globals["process"],
            "url": Module("url", {"fileURLToPath": function("fileURLToPath", file_path)}),
            "js-yaml": Module("js-yaml", yaml),
            "yaml": Module("yaml", yaml),
            "dotenv": Module("dotenv", of(config=_dotenv)),
        }
        if paths is not None:
            self._modules |= {"path": paths, "path/posix": paths}

    def builtin(self, name: str) -> Value | None:
        """A global name."""
        return self._globals.get(name) or JavaScript.builtin(name)

    def standard_module(self, name: str) -> Value | None:  # type: ignore[override]
        """A module of node, or a package that programs of this kind load first."""
        return self._modules.get(name.removeprefix("node:"))

    def begin_module(self, module: ModuleValue, run: Machine) -> None:
        """``__dirname`` and the like are paths of this machine."""
        super().begin_module(module, run)
        path = run.sources.path(module.file).replace(os.sep, "/")
        folder = posixpath.dirname(path)
        meta: dict[str, Value] = {"url": Const("file://" + path), "filename": Const(path), "dirname": Const(folder)}
        module.frame.variables |= {
            "__filename": Const(path),
            "__dirname": Const(folder),
            "import.meta": Object(meta, UnknownValue("a member of import.meta")),
        }

    def exports(self, module: ModuleValue) -> Value:
        """``module.exports`` alone."""
        holder = module.frame.variables.get("module")
        found = holder.fields.get("exports") if isinstance(holder, Object) else None
        return found or NOTHING


def _function(name: str, run: Evaluation, work: Work) -> Function:
    return function(name, lambda site, _: work(run, site))


# files


def _path(run: Evaluation, value: Value, place: Place) -> Path | UnknownValue:
    """A path that a function is given."""
    written = text(value, run, place)
    if written.literal is None:
        return exact.why_unknown(value) or UnknownValue("a path that is not known", place)
    return Path(os.path.normpath(run.files.root / written.literal))


def _of_path(work: Callable[[Evaluation, CallSite, Path], Value]) -> Work:
    """Work on the path that is the first argument, where that is known."""

    def done(run: Evaluation, site: CallSite) -> Value:
        path = _path(run, site.argument(0) or NOTHING, site.place)
        return path if isinstance(path, UnknownValue) else work(run, site, path)

    return done


def _content(run: Evaluation, path: Path, place: Place) -> str | UnknownValue | None:
    """What a file holds; None where there is none."""
    try:
        return run.files.text(path)
    except ScopedownError as error:
        return UnknownValue(error.message, error.place or place)


@_of_path
def _read_file(run: Evaluation, site: CallSite, path: Path) -> Value:
    content = _content(run, path, site.place)
    if isinstance(content, UnknownValue):
        return content
    if content is None:
        return UnknownValue(f"the file {run.files.name(path)} does not exist", site.place)
    run.carried(len(content))
    found = FileText(content)
    found.path = path
    return Const(found)


@_of_path
def _exists(run: Evaluation, site: CallSite, path: Path) -> Value:
    try:
        return Const(path.exists())
    except (OSError, ValueError):
        return Const(False)


@_of_path
def _folder(run: Evaluation, site: CallSite, path: Path) -> Value:
    if isinstance(site.argument(1), Object):
        return UnknownValue("readdir() with options is not supported", site.place)
    try:
        names = sorted(item.name for item in path.iterdir())
    except (OSError, ValueError):
        return UnknownValue(f"scopedown cannot read the folder {run.files.name(path)}", site.place)
    run.carried(len(names))
    return Sequence([Const(name) for name in names])


def _json(run: Evaluation, site: CallSite) -> Value:
    """``JSON.parse``, which of a file's text knows where everything stands."""
    value = site.argument(0)
    if not (isinstance(value, Const) and isinstance(content := value.value, FileText)):
        return json_text.parse(site, run)
    try:
        return run.value(parse_json(str(content), run.files.name(content.path), content.path).tree)
    except ScopedownError as error:
        return UnknownValue(error.message, error.place or site.place)


def _yaml(run: Evaluation, site: CallSite) -> Value:
    """``yaml.load(fs.readFileSync('x.yml', 'utf8'))``."""
    value = site.argument(0) or Const("")
    if not (isinstance(value, Const) and isinstance(content := value.value, str)):
        return exact.why_unknown(value) or UnknownValue("the argument of the parser is not text", site.place)
    try:
        if isinstance(content, FileText):
            return run.value(parse_yaml(str(content), run.files.name(content.path), content.path).tree)
        return run.value(parse_yaml(content, site.place.file).tree)
    except ScopedownError as error:
        return UnknownValue(error.message, error.place or site.place)


def _dotenv(run: Evaluation, site: CallSite) -> Value:
    """``dotenv.config({ path })``: variables that are not set yet."""
    options = site.argument(0)
    written = options.fields.get("path") if isinstance(options, Object) else None
    path = _path(run, written or Const(".env"), site.place)
    content = path if isinstance(path, UnknownValue) else _content(run, path, site.place)
    if isinstance(content, UnknownValue):
        return content
    if content is not None:
        known: Mapping[str, str] = {
            name: one.value
            for name, one in run.variables.items()
            if isinstance(one, Const) and isinstance(one.value, str)
        }
        for name, value in parse_dotenv(content, known).items():
            run.variables.setdefault(name, Const(value))
    return Object()
