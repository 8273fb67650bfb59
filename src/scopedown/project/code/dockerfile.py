"""A Dockerfile as stages: what each copies where, and what it starts.

In: the text of a Dockerfile and the folder that it is built from. Out: the last stage (or the one that is asked for)
as :class:`Stage`. ``RUN`` is followed for what it copies and never run. Reference:
https://docs.docker.com/reference/dockerfile/.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from scopedown.project.code.build_commands import Commands
from scopedown.project.code.copies import Copies
from scopedown.project.code.handler_files import Sources
from scopedown.source.shell import expand, words_of

_TASK_ROOT: Final = "/var/task"
_HEREDOC: Final = re.compile(r"<<-?['\"]?(\w+)['\"]?")
_MOST: Final = 2_000


@dataclass(slots=True)
class Stage:
    """``base`` is the image that it begins with; ``folder`` its working directory; ``command`` and ``entry`` what it
    starts, as words; ``copies`` what stands where."""

    base: str
    folder: str = "/"
    command: tuple[str, ...] = ()
    entry: tuple[str, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)
    copies: Copies = field(default_factory=Copies)
    images: list[str] = field(default_factory=list)
    """Other images that something is copied from."""


def read_dockerfile(
    sources: Sources, text: str, context: str, arguments: Mapping[str, str], target: str = ""
) -> Stage | None:
    """The stage that is built of a Dockerfile; ``context`` is its folder, absolute. None: there is none."""
    stages: dict[str, Stage] = {}
    current: Stage | None = None
    known = dict(arguments)
    for word, rest in list(_instructions(text))[:_MOST]:
        if word == "FROM":
            plain = [part for part in rest.split() if not part.startswith("--")]
            name = plain[2] if len(plain) > 2 and plain[1].upper() == "AS" else str(len(stages))
            base = expand(plain[0], known) if plain else ""
            if target and current is not None and target in stages:
                break
            current = _begun(stages.get(base.lower()), base)
            stages[name.lower()] = current
            if name.lower() == target.lower():
                target = name.lower()
        elif word == "ARG" and "=" in rest:
            name, _, value = rest.partition("=")
            value = arguments.get(name.strip(), value.strip().strip("\"'"))
            (known if current is None else current.variables).setdefault(name.strip(), value)
        elif word == "ARG" and current is not None and rest.strip() in known:
            current.variables[rest.strip()] = known[rest.strip()]
        elif current is not None:
            _follow(sources, current, stages, context, word, rest)
    if target and target in stages:
        return stages[target]
    return current


def _begun(before: Stage | None, base: str) -> Stage:
    """A stage at its beginning: as the stage that it is built on ended, or as an image that is known begins."""
    if before is None:
        folder = _TASK_ROOT if "/lambda/" in base or "lambda" in base.partition(":")[0].split("/")[-1] else "/"
        return Stage(base, folder, variables={"LAMBDA_TASK_ROOT": _TASK_ROOT})
    copies = Copies(list(before.copies.made), set(before.copies.folders))
    return Stage(
        before.base, before.folder, before.command, before.entry, dict(before.variables), copies, list(before.images)
    )


def _follow(sources: Sources, stage: Stage, stages: Mapping[str, Stage], context: str, word: str, rest: str) -> None:
    match word:
        case "WORKDIR":
            stage.folder = posixpath.normpath(posixpath.join(stage.folder, expand(rest.strip("\"' "), stage.variables)))
        case "ENV":
            stage.variables.update(_variables(rest, stage.variables))
        case "CMD":
            stage.command = _words(rest)
        case "ENTRYPOINT":
            stage.entry, stage.command = _words(rest), ()
        case "COPY" | "ADD":
            _copy(sources, stage, stages, context, rest)
        case "RUN":
            commands = Commands(
                sources, stage.folder, stage.copies, dict(stage.variables), on_disk=False, left=2_000
            )  # fmt: skip
            words = _words(rest) if rest.lstrip().startswith("[") else None
            if words is not None:
                commands.run(words)
            else:
                commands.script(re.sub(r"^(?:\s*--\S+)+", "", rest))


def _copy(sources: Sources, stage: Stage, stages: Mapping[str, Stage], context: str, rest: str) -> None:
    options = re.match(r"(?:\s*--\S+\s+)*", rest)
    given = options[0] if options is not None else ""
    words = [expand(word, stage.variables) for word in _words(rest[len(given) :])]
    if len(words) < 2 or any(word.startswith("<<") for word in words):
        return
    *written, to = words
    origin = re.search(r"--from=(\S+)", given)
    earlier = stages.get(expand(origin[1], stage.variables).lower()) if origin is not None else None
    if origin is not None and earlier is None:
        stage.images.append(origin[1])
        return
    target = posixpath.normpath(posixpath.join(stage.folder, to))
    for one in written:
        plain = one.rstrip("*").rstrip("/") or "."
        if earlier is not None:
            source = posixpath.normpath(posixpath.join("/", plain))
            place = _into(target, to, source, len(written) > 1, ".")
            for laid in reversed(earlier.copies.below(source)):
                start = place if _is_code(source) else target
                stage.copies.put(posixpath.join(start, laid.inner) if laid.inner else start, laid.source)
            continue
        for source in _matching(sources, context, plain if "*" not in plain else one):
            is_folder = sources.is_folder(sources.relative(source))
            place = target if is_folder else _into(target, to, source, len(written) > 1 or "*" in one, stage.folder)
            stage.copies.put(place, source)


def _into(target: str, written: str, source: str, several: bool, folder: str) -> str:
    """Where a file is copied to: into a folder, or under a name of its own."""
    if several or written.endswith("/") or written in (".", "./") or target == folder or not _is_code(target):
        return posixpath.join(target, posixpath.basename(source)) if _is_code(source) else target
    return target


def _is_code(path: str) -> bool:
    return bool(posixpath.splitext(path)[1])


def _matching(sources: Sources, context: str, written: str) -> list[str]:
    commands = Commands(sources, context)
    return [commands.path(one.lstrip("/") or ".") for one in commands.matching(written.lstrip("/") or ".")]


def _variables(rest: str, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    words = words_of(rest)
    if words and "=" not in words[0]:
        yield words[0], expand(" ".join(words[1:]), known)
        return
    for word in words:
        name, equals, value = word.partition("=")
        if equals:
            yield name, expand(value, known)


def _words(text: str) -> tuple[str, ...]:
    """An instruction's arguments, in JSON or as words."""
    try:
        loaded = json.loads(text)
        if isinstance(loaded, list):
            return tuple(str(item) for item in loaded)
    except (ValueError, RecursionError):
        pass
    return tuple(words_of(text))


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    """The instructions with their arguments; comments and the bodies of here-documents are left out, but for RUN's."""
    lines = iter(text.replace("\r\n", "\n").split("\n"))
    for line in lines:
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        whole = stripped
        while whole.endswith("\\"):
            following = next(lines, None)
            if following is None:
                break
            if not following.lstrip().startswith("#"):
                whole = f"{whole[:-1]} {following.strip()}"
            elif not following:
                break
        word, _, rest = whole.rstrip("\\").partition(" ")
        document = _HEREDOC.search(rest) if word.upper() in ("RUN", "COPY") else None
        if document is not None:
            body = []
            for inner in lines:
                if inner.strip() == document[1]:
                    break
                body.append(inner)
            if word.upper() == "RUN":
                yield "RUN", "\n".join(body)
            continue
        yield word.upper(), rest.strip()
