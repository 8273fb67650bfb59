"""Where the code of a function that is deployed as an image begins: what its Dockerfile says.

In: the folder that the image is built from, its Dockerfile, the command that overrides its own. Out: the handler and
its place. Reference: https://docs.docker.com/reference/dockerfile/ and
https://docs.aws.amazon.com/lambda/latest/dg/images-create.html.
"""

from __future__ import annotations

import json
import posixpath
import re
from typing import Final

from scopedown.project.handler_files import Sources
from scopedown.project.handlers import Found, find, normal

_FROM: Final = re.compile(r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)", re.IGNORECASE | re.MULTILINE)
_CMD: Final = re.compile(r"^[ \t]*(CMD|ENTRYPOINT)[ \t]+(.+)$", re.IGNORECASE | re.MULTILINE)
_COPY: Final = re.compile(r"^[ \t]*(?:COPY|ADD)[ \t]+(?:--\S+[ \t]+)*(.+)$", re.IGNORECASE | re.MULTILINE)
_BASES: Final = (
    ("python", "python3.x"), ("nodejs", "nodejs"), ("node:", "nodejs"), ("ruby", "ruby"), ("java", "java"),
    ("go:", "go"), ("golang", "go"), ("dotnet", "dotnet"),
)  # fmt: skip
"""What a base image's name tells of its runtime."""


def find_in_image(
    sources: Sources, folder: str, dockerfile: str, command: list[str] | None
) -> tuple[str, Found] | None:
    """The handler of an image that is built from ``folder``: (as its command names it, its place); None: none."""
    name = normal(posixpath.join(folder, dockerfile))
    try:
        text = (sources.root / name).read_text("utf-8", "replace")[:200_000] if sources.exists(name) else ""
        text = text.replace("\\\n", " ")
    except (OSError, ValueError):
        text = ""
    base = (_FROM.findall(text) or [""])[-1].lower()
    runtime = next((value for word, value in _BASES if word in base), None)
    if command is None:
        commands = [match[2].strip() for match in _CMD.finditer(text) if match[1].upper() == "CMD"]
        command = _words(commands[-1]) if commands else []
    handler = next((word for word in reversed(command) if re.fullmatch(r"[\w./-]+\.[\w.]+", word)), None)
    if handler is None:
        return None
    folders = [folder]
    for match in _COPY.finditer(text):
        for source in _words(match[1])[:-1]:
            inside = normal(posixpath.join(folder, source.rstrip("*").lstrip("/")))
            folders.append(inside if not posixpath.splitext(inside)[1] else posixpath.dirname(inside))
    first: Found | None = None
    for place in dict.fromkeys(folders):
        found = find(sources, handler, runtime, place)
        first = first or found
        if found.file is not None:
            return handler, found
    return (handler, first) if first else None


def _words(text: str) -> list[str]:
    """A Dockerfile's arguments, in JSON or as words."""
    try:
        loaded = json.loads(text)
        if isinstance(loaded, list):
            return [str(item) for item in loaded]
    except ValueError:
        pass
    return text.split()
