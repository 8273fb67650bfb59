"""The program that a command starts: a web server behind the Lambda Web Adapter, or an image's.

In: a command's words, or a script that the adapter runs as the handler. Out: the program's file, entered at its top
level, or at the application that a server is told of (``uvicorn main:app``). Reference:
https://github.com/awslabs/aws-lambda-web-adapter, https://www.uvicorn.org/, https://docs.gunicorn.org/.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from scopedown.core.text import Text
from scopedown.project.code.handler_files import Sources
from scopedown.project.code.handlers import Found, find, normal
from scopedown.source.shell import SEPARATORS, expand, lines_of, words_of

_ADAPTER: Final = ("/opt/bootstrap", "/lambda-adapter")
_NODE: Final = frozenset({"node", "nodejs", "tsx", "ts-node", "bun", "nodemon"})
_PYTHON: Final = re.compile(r"python[\d.]*\Z")
_SERVERS: Final = frozenset({"uvicorn", "gunicorn", "hypercorn", "granian", "waitress-serve", "daphne"})
_APPLICATION: Final = re.compile(r"([A-Za-z_][\w./]*):([A-Za-z_]\w*)(?:\(\))?\Z")
_MOST: Final = 5


def program_of(
    sources: Sources, declared: str, runtime: str | None, folder: str, environment: Mapping[str, Text]
) -> Found | None:
    """The program that a handler's script starts, where the Lambda Web Adapter runs it; None for other handlers."""
    wrapper = environment.get("AWS_LAMBDA_EXEC_WRAPPER")
    if wrapper is None or wrapper.literal not in _ADAPTER:
        return None
    script = normal(posixpath.join(folder, declared))
    text = sources.text(script) if sources.exists(script) else None
    if text is None:
        return None
    return _of_script(sources, text, runtime, folder, 0)


def started(sources: Sources, words: Sequence[str], runtime: str | None, folder: str, depth: int = 0) -> Found | None:
    """The program that a command starts, from ``folder``; None where it starts none that is known."""
    words = [word for word in words if word]
    while words and (words[0] in ("exec", "npx", "env", "sudo", "poetry", "uv", "run") or re.match(r"\w+=", words[0])):
        words = words[1:]
    if not words or depth > _MOST:
        return None
    name, arguments = posixpath.basename(words[0]), list(words[1:])
    plain = [argument for argument in arguments if not argument.startswith("-")]
    if name in _NODE:
        return _file(sources, plain, "nodejs20.x", folder)
    if _PYTHON.match(name):
        if arguments[:1] == ["-m"] and len(arguments) > 1:
            if arguments[1] in _SERVERS:
                return _application(sources, arguments[2:], folder)
            return _module(sources, arguments[1], folder)
        return _file(sources, plain, "python3", folder)
    if name in _SERVERS:
        return _application(sources, arguments, folder)
    if name == "fastapi" or name == "flask":
        return _file(sources, [one for one in plain if one.endswith(".py")] or ["app.py"], "python3", folder)
    if name in ("npm", "yarn", "pnpm"):
        return _npm(sources, [one for one in plain if one not in ("run", "run-script")], runtime, folder, depth)
    if name in ("sh", "bash") and arguments[:1] == ["-c"] and len(arguments) > 1:
        return _of_script(sources, arguments[1], runtime, folder, depth + 1)
    scripts = [*plain[:1]] if name in ("sh", "bash") else [words[0]]
    for script in scripts:
        path = normal(posixpath.join(folder, script.removeprefix("/var/task/").lstrip("/")))
        if path.endswith(".sh") and (text := sources.text(path)) is not None:
            return _of_script(sources, text, runtime, folder, depth + 1)
    return None


def _of_script(sources: Sources, text: str, runtime: str | None, folder: str, depth: int) -> Found | None:
    """The program of the last command of a script that starts one."""
    here = folder
    last: Found | None = None
    for words in _commands(text):
        if words[:1] == ["cd"] and len(words) > 1:
            here = normal(posixpath.join(folder, words[1].removeprefix("/var/task").lstrip("/")))
        else:
            last = started(sources, words, runtime, "" if here == "." else here, depth + 1) or last
    return last


def _commands(text: str) -> Iterator[list[str]]:
    for line in lines_of(text):
        command: list[str] = []
        for word in [*words_of(line), ";"]:
            if word in SEPARATORS:
                if command:
                    yield command
                command = []
            else:
                command.append(expand(word, {"LAMBDA_TASK_ROOT": "/var/task"}))


def _file(sources: Sources, words: Sequence[str], runtime: str, folder: str) -> Found | None:
    for word in words[:3]:
        path = word.removeprefix("/var/task/").lstrip("/")
        stem = re.sub(r"\.(?:[cm]?[jt]sx?|py)\Z", "", path)
        found = find(sources, f"{stem}.main", runtime, folder, anywhere=False)
        if found.file is not None:
            return Found(found.file, "", found.language)
    return None


def _module(sources: Sources, module: str, folder: str) -> Found | None:
    for name in (f"{module}.__main__", module):
        found = find(sources, f"{name}.main", "python3", folder, anywhere=False)
        if found.file is not None:
            return Found(found.file, "", found.language)
    return None


def _application(sources: Sources, arguments: Sequence[str], folder: str) -> Found | None:
    for word in arguments:
        match = _APPLICATION.match(word)
        if match is not None:
            found = find(sources, f"{match[1]}.{match[2]}", "python3", folder, anywhere=False)
            if found.file is not None:
                return found
    return None


def _npm(sources: Sources, words: Sequence[str], runtime: str | None, folder: str, depth: int) -> Found | None:
    text = sources.text(posixpath.join(folder, "package.json"))
    try:
        data = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    scripts = data.get("scripts") if isinstance(data, dict) else None
    script = scripts.get(words[0]) if isinstance(scripts, dict) and words else None
    return _of_script(sources, script, runtime, folder, depth + 1) if isinstance(script, str) else None
