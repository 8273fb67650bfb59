"""Files of the project that its code opens: where Lambda has them, and what stands in them.

Lambda unpacks a function's code into ``/var/task``, which is the working directory, and its layers into ``/opt``
(https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html: LAMBDA_TASK_ROOT). So a path of the running
code is a file here where it leads below one of them, or from there to another of the repository: no other is read.
"""

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING

from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    Const,
    TextValue,
    UnknownValue,
    Value,
    as_text,
    join,
    options,
)
from scopedown.calls.values.from_json import NONE, from_data
from scopedown.calls.values.plain import MAX_TEXT
from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import EnvVar, Literal, Text

if TYPE_CHECKING:
    from scopedown.source.sources import Sources

TASK_ROOT = "/var/task"
_LAYERS = "/opt"


def running_path(sources: Sources, file: str) -> str | None:
    """Where Lambda has a file; one from outside of the project's folder is said by the way to it, since nobody knows
    where a build puts it. None for code that stands in a template."""
    if "#" in file:
        return None
    below = os.path.relpath(sources.path(file), sources.package).replace(os.sep, "/")
    is_outside = below.startswith("../") and not file.startswith("../")
    return posixpath.join(TASK_ROOT, file if is_outside else below)


def contents(run: Machine, path: Value, place: Place) -> Value:
    """The text of the file at a path of the running code; unknown for any other."""
    found = [_text(run, option, place) for option in options(path)]
    return join(*found)


def _text(run: Machine, path: Value, place: Place) -> Value:
    text = as_text(path) if isinstance(path, TextValue | Const) and path != Const(None) else None
    if text is None:
        return UnknownValue(path.reason if isinstance(path, UnknownValue) else "a file", place)
    wanted = _literal(text)
    if wanted is None:
        return UnknownValue("a file whose path is computed", place)
    content = _read(run.sources, wanted)
    if content is None:
        return UnknownValue(f"the file {wanted[:200]}", place)
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return UnknownValue(f"the bytes of {wanted[:200]}", place)
    return Const(decoded) if len(decoded) <= MAX_TEXT else UnknownValue(f"the long text of {wanted[:200]}", place)


def _literal(text: Text) -> str | None:
    whole = ""
    for position, part in enumerate(text.parts):
        if isinstance(part, Literal):
            whole += part.value
        elif position == 0 and isinstance(part, EnvVar) and part.name == "LAMBDA_TASK_ROOT":
            whole += TASK_ROOT
        else:
            return None
    return whole.removeprefix("file://")


def _read(sources: Sources, wanted: str) -> bytes | None:
    if not wanted or "\0" in wanted or len(wanted) > 1000:
        return None
    path = posixpath.normpath(posixpath.join(TASK_ROOT, wanted))
    is_layer = path.startswith(_LAYERS + "/")
    for candidate in sources.ground.running(wanted):
        if not sources.disk.is_file(candidate):
            continue
        real = os.path.realpath(candidate)  # a link may lead out of the project
        bases = sources.layers if is_layer else [sources.ground.workspace.boundary]
        if not any(real.startswith(os.path.realpath(base) + os.sep) for base in bases):
            return None
        try:
            return sources.disk.read(candidate)
        except OSError:
            return None
    return None


def parse_json(text: str, place: Place, null: Value = NONE) -> Value:
    """JSON text as a value; ``null`` is what its null becomes."""
    import json

    try:
        return from_data(json.loads(text), null)
    except (ValueError, RecursionError):
        return UnknownValue("text that is not JSON", place)


def parse_yaml(text: str, place: Place, null: Value = NONE) -> Value:
    """The same of YAML text, with the bounds that configuration has (aliases, nesting, size)."""
    from scopedown.documents.document import parse_yaml as parsed

    try:
        return from_data(parsed(text, "a file").tree, null)
    except ScopedownError:
        return UnknownValue("text that is not YAML", place)


def parse_toml(text: str, place: Place) -> Value:
    """TOML text as a value."""
    import tomllib

    try:
        return from_data(tomllib.loads(text))
    except (ValueError, RecursionError):
        return UnknownValue("text that is not TOML", place)
