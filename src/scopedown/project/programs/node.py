"""What node's own modules, and a few packages that programs of this kind load first, give: paths, files, variables."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text, Unknown
from scopedown.documents.document import parse_yaml
from scopedown.documents.dotenv import parse_dotenv
from scopedown.documents.nodes import MapNode
from scopedown.project.programs.members import ENVIRONMENT
from scopedown.project.programs.scope import Builtin
from scopedown.project.programs.values import Record, Value, array, record, string, unknown_of
from scopedown.source.javascript.values import UNDEFINED

if TYPE_CHECKING:
    from scopedown.project.programs.scope import Evaluator

Function = Callable[["Evaluator", list[Value], Place], Value]
_ROOT: Final = Place("")


class FileText(str):
    """A text that is the content of a file."""

    __slots__ = ("path",)
    path: Path


def builtins(functions: Mapping[str, Function]) -> Record:
    """An object of functions."""
    made = record({name: Builtin(name, function) for name, function in functions.items()}, _ROOT)
    made.rest = Unknown("this function is not supported")
    return made


def module(e: Evaluator, specifier: str) -> MapNode | None:
    """A module of node (or a package) that is known here; None for any other."""
    name = specifier.removeprefix("node:")
    if name in ("path", "path/posix"):
        made = builtins(_PATH)
        made.put("sep", "/", _ROOT, _ROOT)
        made.put("posix", builtins(_PATH), _ROOT, _ROOT)
        return made
    if name == "process":
        return process(e)
    if name in ("fs", "fs/promises"):
        functions = builtins(_FS)
        functions.put("promises", builtins(_FS), _ROOT, _ROOT)
        return functions
    if name == "url":
        return builtins({"fileURLToPath": _file_url})
    if name in ("js-yaml", "yaml") and name == specifier:
        return builtins({"load": _yaml, "parse": _yaml, "safeLoad": _yaml})
    if name == "dotenv" and name == specifier:
        return builtins({"config": _dotenv})
    return None


def side_effect(e: Evaluator, specifier: str) -> None:
    """``import 'dotenv/config'``."""
    if specifier == "dotenv/config":
        _dotenv(e, [], _ROOT)


def process(e: Evaluator) -> Record:
    """``process``."""
    made = record(
        {
            "env": ENVIRONMENT,
            "cwd": Builtin("cwd", lambda ev, arguments, at: ev.files.root.as_posix()),
            "exit": Builtin("exit", lambda ev, arguments, at: UNDEFINED),
            "platform": "linux",
        },
        _ROOT,
    )
    made.rest = Text.unknown("its value is known only when the framework runs").unknowns[0]
    return made


def _texts(arguments: list[Value]) -> list[str] | Text:
    found: list[str] = []
    for item in arguments:
        text = string(item)
        if isinstance(text, Text):
            return unknown_of(text) or text
        found.append(text)
    return found


def _of_paths(work: Callable[[Evaluator, list[str]], Value]) -> Function:
    def apply(e: Evaluator, arguments: list[Value], at: Place) -> Value:
        words = _texts(arguments)
        if isinstance(words, Text):
            return words
        return e.text(work(e, words), at)

    return apply


def _join(e: Evaluator, words: list[str]) -> str:
    joined = "/".join(word for word in words if word)
    return posixpath.normpath(joined) if joined else "."


def _resolve(e: Evaluator, words: list[str]) -> str:
    path = e.files.root.as_posix()
    for word in words:
        path = posixpath.join(path, word)
    return posixpath.normpath(path)


def _base(e: Evaluator, words: list[str]) -> str:
    name = posixpath.basename((words[0] if words else "").rstrip("/"))
    return name.removesuffix(words[1]) if len(words) > 1 and words[1] != name else name


def _relative(e: Evaluator, words: list[str]) -> str:
    found = posixpath.relpath(_resolve(e, words[1:2]), _resolve(e, words[:1]))
    return "" if found == "." else found


_PATH: Final[Mapping[str, Function]] = {
    "join": _of_paths(_join),
    "resolve": _of_paths(_resolve),
    "normalize": _of_paths(_join),
    "dirname": _of_paths(lambda e, words: posixpath.dirname(words[0] if words else "") or "."),
    "basename": _of_paths(_base),
    "extname": _of_paths(lambda e, words: posixpath.splitext(words[0] if words else "")[1]),
    "relative": _of_paths(_relative),
    "isAbsolute": _of_paths(lambda e, words: bool(words) and words[0].startswith("/")),
}


def _path(e: Evaluator, arguments: list[Value]) -> Path | Text:
    words = _texts(arguments[:1])
    if isinstance(words, Text):
        return words
    return Path(os.path.normpath(e.files.root / (words[0] if words else "")))


def _read_file(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    path = _path(e, arguments)
    if isinstance(path, Text):
        return path
    try:
        text = e.files.text(path)
    except ScopedownError as error:
        return Text.unknown(error.message, error.place or at)
    if text is None:
        return Text.unknown(f"the file {e.files.name(path)} does not exist", at)
    e.charge(at, len(text) // 1000)
    found = FileText(text)
    found.path = path
    return found


def _exists(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    path = _path(e, arguments)
    if isinstance(path, Text):
        return path
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _folder(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    path = _path(e, arguments)
    if isinstance(path, Text):
        return path
    if len(arguments) > 1 and isinstance(arguments[1], dict):
        return Text.unknown("readdir() with options is not supported", at)
    try:
        names = sorted(item.name for item in path.iterdir())
    except (OSError, ValueError):
        return Text.unknown(f"scopedown cannot read the folder {e.files.name(path)}", at)
    e.charge(at, len(names))
    return array(list(names), at)


_FS: Final[Mapping[str, Function]] = {
    "readFileSync": _read_file,
    "readFile": _read_file,
    "existsSync": _exists,
    "readdirSync": _folder,
}


def _file_url(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    text = string(arguments[0]) if arguments else ""
    return text.removeprefix("file://") if isinstance(text, str) else unknown_of(text)


def _yaml(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    """``yaml.load(fs.readFileSync('x.yml', 'utf8'))``."""
    text = arguments[0] if arguments else ""
    if not isinstance(text, str):
        return unknown_of(text) or Text.unknown("the argument of the parser is not text", at)
    try:
        if isinstance(text, FileText):
            document = parse_yaml(str(text), e.files.name(text.path), text.path)
        else:
            document = parse_yaml(text, at.file)
    except ScopedownError as error:
        return Text.unknown(error.message, error.place or at)
    e.charge(at, len(text) // 50)
    return document.tree


def _dotenv(e: Evaluator, arguments: list[Value], at: Place) -> Value:
    """``dotenv.config({ path })``: variables that are not set yet."""
    options = arguments[0] if arguments else UNDEFINED
    written = options.get("path", ".env") if isinstance(options, MapNode) else ".env"
    path = _path(e, [written])
    if isinstance(path, Text):
        return path
    try:
        text = e.files.text(path)
    except ScopedownError as error:
        return Text.unknown(error.message, error.place or at)
    if text is not None:
        known = {name: value for name, value in e.environment.items() if isinstance(value, str)}
        for name, value in parse_dotenv(text, known).items():
            e.environment.setdefault(name, value)
    return Record(None, at)
