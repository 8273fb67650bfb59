"""The verbs of functions on what surrounds a program: environment variables, paths, files, programs, JSON texts.

A path is the text that it is at run time; a file of the project that is read is known
(:mod:`scopedown.calls.interpreter.project_files`).
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from scopedown.calls.builtins.builtin_call import NOTHING, Call
from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.interpreter.project_files import TASK_ROOT, contents
from scopedown.calls.values import (
    CallSite,
    Const,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    as_text,
    join,
    options,
)
from scopedown.calls.values.from_json import from_data
from scopedown.core.place import Place
from scopedown.core.text import EnvVar, Text


def environment_variable(name: Value, default: Value | None, place: Place) -> Value:
    """The value of an environment variable, with what stands in where it is not set."""
    found: list[Value] = []
    for option in options(name):
        if not (isinstance(option, Const) and isinstance(option.value, str)):
            found.append(UnknownValue("an environment variable with a computed name", place, inert=True))
            continue
        choices = options(default) if default is not None else (NOTHING,)
        for choice in choices:
            text = None if isinstance(choice, Const) and choice.value is None else as_text(choice)
            if text is not None and not text.parts:
                text = None
            found.append(TextValue(Text((EnvVar(option.value, text),))))
    return join(*found)


def _variable(call: Call) -> Value:
    """The environment variable that the first argument names, or the second argument where it is not set."""
    name = call.site.argument(0, "key")
    if name is None:
        return call.data()
    plain = call.habits.plain(name, call.run, call.place)
    return environment_variable(plain, call.site.argument(1, "default"), call.place)


def changed(path: Value, change: Callable[[str], str]) -> Value:
    """A path that is computed from one that is known; otherwise a part of one."""
    if isinstance(path, Const) and isinstance(path.value, str):
        return Const(change(path.value))
    return UnknownValue(path.reason if isinstance(path, UnknownValue) else "part of a path")


def _changed(call: Call, *, change: Callable[[str], str]) -> Value:
    return join(*(changed(path, change) for path in options(call.plain(0))))


def _path_name(call: Call) -> Value:
    """The last part of a path, without the second argument at its end; ``.*`` is any ending."""
    ending = call.plain(1)

    def change(path: str) -> str:
        name = posixpath.basename(path)
        if isinstance(ending, Const) and isinstance(ending.value, str):
            name = posixpath.splitext(name)[0] if ending.value == ".*" else name.removesuffix(ending.value)
        return name

    return _changed(call, change=change)


def joined(parts: tuple[Value, ...]) -> Value:
    """Parts of a path put together; one that begins at the root discards those before it."""
    pieces: list[Value] = []
    for part in parts:
        if isinstance(part, Const) and isinstance(part.value, str) and part.value.startswith("/"):
            pieces = []
        if pieces:
            last = pieces[-1]
            if not (isinstance(last, Const) and str(last.value).endswith("/")):
                pieces.append(Const("/"))
        pieces.append(part)
    return concatenate(tuple(pieces)) if pieces else Const("")


def _path_join(call: Call) -> Value:
    """All parts with one slash between them."""
    parts: list[Value] = []
    for position in range(len(call.site.positional)):
        part = call.plain(position)
        if isinstance(part, Const) and isinstance(part.value, str):
            part = Const(part.value.strip("/") if position else part.value.rstrip("/") or part.value)
        if part != Const(""):
            is_root = parts == [Const("/")]
            parts += [Const("/"), part] if parts and not is_root else [part]
    if not call.site.complete:
        parts.append(UnknownValue("a part of a path", call.place))
    return concatenate(tuple(parts)) if parts else Const("")


def _path_combine(call: Call) -> Value:
    """The same, from the last part on that begins at the root."""
    return joined(tuple(call.plain(at) for at in range(len(call.site.positional))))


def _read_file(call: Call) -> Value:
    return contents(call.run, call.plain(0), call.place)


def _program(call: Call, line: str = "") -> Value:
    """A program is started, with the function's credentials: by its name and arguments, or by one ``line``."""
    words = [value for value in call.site.positional[: 1 if line else None] if not isinstance(value, Object)]
    given = words[0] if len(words) == 1 else Sequence(words)
    name = "os.system" if len(words) == 1 else "subprocess.run"
    call.run.overseen(name, CallSite((given,), {}, call.place))
    return UnknownValue("the output of a program", call.place, inert=True)


def _read_json(call: Call) -> Value:
    """The data of a JSON text."""
    return join(*(_parsed(option, call) for option in options(call.plain(0))))


def _parsed(text: Value, call: Call) -> Value:
    if isinstance(text, Const) and isinstance(text.value, str):
        try:
            return from_data(json.loads(text.value))
        except (ValueError, RecursionError):
            pass
    return UnknownValue(text.reason if isinstance(text, UnknownValue) else "data", call.place, inert=True)


VERBS: Final[Mapping[str, Callable[..., Value]]] = {
    "path-combine": _path_combine,
    "path-ending": partial(_changed, change=lambda path: posixpath.splitext(path)[1]),
    "path-folder": partial(_changed, change=posixpath.dirname),
    "path-join": _path_join,
    "path-name": _path_name,
    "program": _program,
    "read-file": _read_file,
    "read-json": _read_json,
    "task-root": lambda call: Const(TASK_ROOT),
    "variable": _variable,
}
"""By the names that rows have for them."""
