"""Where the code of a function that is deployed as an image begins: what its Dockerfile says.

In: the folder that the image is built from, its Dockerfile, the command that overrides its own. Out: the handler and
its place, or why it was not found. Reference:
https://docs.docker.com/reference/dockerfile/ and https://docs.aws.amazon.com/lambda/latest/dg/images-create.html.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from scopedown.core.coverage import Cause, Unseen
from scopedown.core.finding import Finding, Severity
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.project.code.archives import Packed, find_among
from scopedown.project.code.copies import Laid
from scopedown.project.code.dockerfile import Stage, read_dockerfile
from scopedown.project.code.folders import CUSTOM, find_in_folders
from scopedown.project.code.handler_files import Sources, is_of_another_project
from scopedown.project.code.handlers import Found, find, normal
from scopedown.project.code.likely import most_like, named_by
from scopedown.project.code.start_commands import started
from scopedown.project.code.wanted import Wanted
from scopedown.project.code.wrappers import wrapped
from scopedown.project.findings import reported
from scopedown.project.model import Handler

_TASK_ROOT: Final = "/var/task"
_HANDLER: Final = re.compile(r"[\w./@-]+\.[\w.]+")
_BASES: Final = (
    ("python", "python3.x"), ("nodejs", "nodejs"), ("node:", "nodejs"), ("bun:", "nodejs"), ("ruby", "ruby"),
    ("java", "java"), ("go:", "go"), ("golang", "go"), ("dotnet", "dotnet"), ("php", "php"),
    ("lambda/provided", "provided"), ("node", "nodejs"),
)  # fmt: skip
"""What a base image's name tells of its runtime."""
_LONGEST: Final = 200_000


@dataclass(frozen=True, slots=True)
class Image:
    """An image of a function: ``folder`` is what it is built from (relative to the project's; None where that is not
    known), ``command`` and ``entry`` override what its Dockerfile starts, ``target`` is the stage that is built."""

    label: str
    folder: str | None
    dockerfile: str
    command: tuple[str, ...] | None
    entry: tuple[str, ...] | None
    target: str
    arguments: Mapping[str, str]
    environment: Mapping[str, Text]
    place: Place
    names: tuple[str, ...] = ()
    """What tells which image it is, where ``folder`` is not known: the names of the function and of its repository."""
    alone: bool = False
    """Whether no other function of the project is an image."""


@dataclass(slots=True)
class InImage:
    """What was found; ``handler`` is None where no handler is named."""

    handler: Handler | None
    language: str | None
    search: tuple[str, ...] = ()
    unread: tuple[Unseen, ...] = ()
    findings: list[Finding] = field(default_factory=list)


def find_in_image(sources: Sources, image: Image) -> InImage:
    """The handler of an image that is built from a folder of the repository."""
    folder = image.folder
    stage = None
    if folder is not None and sources.reaches(folder):
        folder = "" if normal(folder) == "." else normal(folder)
        text = _text(sources, folder, image.dockerfile)
        stage = read_dockerfile(sources, text, sources.absolute(folder), image.arguments, image.target)
    if folder is None and (guessed := _of_likely_dockerfile(sources, image)) is not None:
        return guessed
    if stage is None and image.command is None and (folder is None or not sources.reaches(folder)):
        return _unread(image, None, "the project does not build it")
    if stage is None:
        stage = Stage("", _TASK_ROOT)
    command = image.command if image.command is not None else stage.command
    entry = image.entry if image.entry is not None else stage.entry
    runtime = next((value for word, value in _BASES if word in stage.base.lower()), None)
    handler = next((word for word in reversed(command) if _HANDLER.fullmatch(word)), None)
    adapter = any("lambda-adapter" in one or "lambda-web-adapter" in one for one in stage.images)
    program = None if handler is not None and not adapter and _is_handler(command, entry) else (*entry, *command)
    if program is not None:
        found = _program(sources, stage, folder, program, runtime)
        if found is not None:
            return InImage(
                Handler(" ".join(command or entry), found.file, found.symbol, folder or ""), found.language
            )  # fmt: skip
    if folder is not None and not (runtime or "").startswith(("python", "nodejs")):
        written = next((word for word in reversed((*entry, *command)) if word), "bootstrap")
        built = _built(sources, stage, (*entry, *command))
        found = _of_folder(
            sources, image, written, runtime if handler is not None else runtime or CUSTOM, (*built, folder)
        )  # fmt: skip
        if found is not None and found.file is not None:
            return InImage(Handler(written, found.file, found.symbol, folder), found.language)
    if handler is None:
        why = "its Dockerfile sets no handler" if folder is not None else "the project does not build it"
        return _unread(image, None, why)
    behind = wrapped(handler, image.environment)
    if behind is not None and not behind.handler:
        what = (
            f"its image's handler {handler} is the wrapper of {behind.vendor}, and no variable names the real handler"
        )
        missing = Handler(handler, None, handler.rpartition(".")[2], folder or "")
        remedy = f"set the environment variable {behind.variable} to the function's own handler"
        return InImage(
            missing, None, (), (Unseen(Cause.WRAPPER, what, image.place, remedy=remedy),),
            [Finding("handler-wrapped", f"{image.label}: {what}", image.place, remedy)],
        )  # fmt: skip
    own = behind.handler if behind is not None else handler
    packed = _packed(sources, stage, folder, own, runtime)
    if packed is not None:
        found = packed.found
        return InImage(Handler(handler, found.file, found.symbol, packed.root), found.language, packed.search)
    guess = find(sources, own, runtime or "python3.x", folder or "")
    if guess.file is None and runtime is None and not guess.candidates:
        guess = find(sources, own, "nodejs", folder or "")
    if guess.file is not None:
        note = reported(
            "handler-elsewhere image",
            image.place,
            label=image.label,
            own=own,
            file=guess.file,
            why_taken=guess.why_taken,
        )
        handler_at = Handler(handler, guess.file, guess.symbol, posixpath.dirname(guess.file))
        return InImage(handler_at, guess.language, (), (), [note])
    missing = Handler(handler, None, own.rpartition(".")[2], folder or "")
    if folder is None:
        return _unread(image, missing, "the project does not build it")
    several = f", and {guess.why_not_taken}" if guess.candidates else ""
    what = f"scopedown did not find the source of its image's handler {own}{several}"
    remedy = "correct the Dockerfile's CMD"
    return InImage(
        missing, guess.language, (), (Unseen(Cause.SOURCE, what, image.place, remedy=remedy),),
        [Finding("handler-not-found", f"{image.label}: {what}", image.place, remedy)],
    )  # fmt: skip


def _of_likely_dockerfile(sources: Sources, image: Image) -> InImage | None:
    """The handler of the Dockerfile for Lambda that the function or its image is named after, or of the only one
    where its folder has no other name. It is built from its own folder, or from the nearest above in which its handler
    is found."""
    files: list[str] = sources.once("Dockerfiles for Lambda", lambda: [*_for_lambda(sources)])
    dockerfile, why = most_like(files, named_by((image.label, *image.names))), "the Dockerfile that is named like it"
    if dockerfile is None and image.alone and len(files) == 1 and not named_by([posixpath.dirname(files[0]) + "/"]):
        dockerfile, why = files[0], "the only Dockerfile for Lambda in the repository"
    if dockerfile is None:
        return None
    context = posixpath.dirname(dockerfile)
    while sources.reaches(context or "."):
        inner = posixpath.relpath(dockerfile, context or ".")
        found = find_in_image(sources, replace(image, folder=context, dockerfile=inner))
        if found.handler is not None and found.handler.file is not None and not found.findings:
            what = f"its image is built elsewhere; scopedown read {found.handler.file} by {dockerfile}, {why}"
            found.findings.append(
                Finding(
                    "handler-elsewhere", f"{image.label}: {what}", image.place, "ignore this if it is its image",
                    Severity.NOTE,
                )
            )  # fmt: skip
            return found
        context = posixpath.normpath(posixpath.join(context, ".."))
    return None


def _for_lambda(sources: Sources) -> Iterator[str]:
    """The Dockerfiles of this project that speak of Lambda."""
    for file in sources.dockerfiles():
        if "lambda" in (sources.text(file) or "").lower() and not is_of_another_project(sources, file):
            yield file


def _built(sources: Sources, stage: Stage, words: tuple[str, ...]) -> Iterator[str]:
    """The folders of the packages that the programs of an image were built of."""
    for word in words:
        for source in stage.copies.sources(normal(posixpath.join(stage.folder, word))):
            place = sources.relative(source)
            if sources.is_folder(place):
                yield "" if place == "." else place
            else:
                yield posixpath.dirname(place) if sources.exists(place) else place


def _of_folder(
    sources: Sources, image: Image, written: str, runtime: str | None, folders: tuple[str, ...]
) -> Found | None:
    """The handler or the program of an image in a language that has a folder of its own."""
    *built, folder = folders
    for place in dict.fromkeys((*built, *_beside(sources, image, folder), folder)):
        wanted = Wanted(image.label, written, runtime, place, image.environment, image.place, image.place)
        found = find_in_folders(sources, wanted)
        if found is not None and found.file is not None:
            return found
    return None


def _beside(sources: Sources, image: Image, folder: str) -> Iterator[str]:
    """The folder of the Dockerfile, where that is not the one that the image is built from."""
    for name in (normal(posixpath.join(folder, image.dockerfile)), normal(image.dockerfile)):
        if sources.exists(name):
            yield posixpath.dirname(name)
            return


def _text(sources: Sources, folder: str, dockerfile: str) -> str:
    """The text of a Dockerfile, which is named from its context, or from the project."""
    for name in (normal(posixpath.join(folder, dockerfile)), normal(dockerfile)):
        if sources.exists(name):
            return (sources.text(name) or "")[:_LONGEST]
    return ""


def _unread(image: Image, handler: Handler | None, reason: str) -> InImage:
    what = f"scopedown cannot read the code of its image: {reason}"
    return InImage(
        handler, None, (), (Unseen(Cause.SOURCE, what, image.place, remedy="scan its source file: scopedown scan "
        "FILE"),),
        [Finding("image-not-read", f"{image.label}: {what}", image.place, "", Severity.NOTE)],
    )  # fmt: skip


def _is_handler(command: tuple[str, ...], entry: tuple[str, ...]) -> bool:
    """Whether a command names a handler, not a program: alone, or after a runtime's client."""
    words = (*entry, *command)
    if len(words) == 1:
        return not words[0].endswith((".sh", ".py", ".mjs", ".cjs"))
    client = any("awslambdaric" in word or "lambda-ric" in word or "lambda-entrypoint" in word for word in words)
    return client or (len(command) == 1 and not entry) or (len(command) == 1 and entry[-1].endswith(".sh"))


def _roots(stage: Stage) -> Iterator[str]:
    """The folders of the image that its handler may be relative to."""
    yield stage.folder
    yield _TASK_ROOT
    task = stage.variables.get("LAMBDA_TASK_ROOT")
    if task:
        yield posixpath.normpath(task)


def _packed(sources: Sources, stage: Stage, folder: str | None, handler: str, runtime: str | None) -> Packed | None:
    """The handler among what the image holds; without a Dockerfile that says so, in the folder it is built from."""
    for root in dict.fromkeys(_roots(stage)):
        packed = find_among(sources, stage.copies.below(root), handler, runtime)
        if packed is not None:
            return packed
    if folder is None:
        return None
    return find_among(sources, [Laid("", sources.absolute(folder))], handler, runtime)


def _program(
    sources: Sources, stage: Stage, folder: str | None, words: tuple[str, ...], runtime: str | None
) -> Found | None:
    """The program that the image starts, by the folders that its working directory holds."""
    places = [laid.source for laid in stage.copies.below(stage.folder) if not laid.inner]
    places += [posixpath.dirname(laid.source) for laid in stage.copies.below(stage.folder) if laid.inner]
    for place in dict.fromkeys([*places, *([sources.absolute(folder)] if folder is not None else [])]):
        inside = sources.relative(place)
        found = started(sources, words, runtime, "" if inside == "." else inside)
        if found is not None:
            return found
    return None
