"""From the handler of a function in Go to the file with its ``main``.

The handler names a program (``bin/show``, ``bootstrap``), which a build makes: SAM's own (``BuildMethod``
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build.html), a
Makefile's target, or a ``go build`` in a script of the repository. Where no build tells, the folder of the code is the
program's, or the program is found by its name.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Final

from scopedown.languages.go.constraints import is_built
from scopedown.project.code.build_scripts import all_followed, made_by_make
from scopedown.project.code.handler_files import Sources
from scopedown.project.code.handlers import Found, normal
from scopedown.project.code.wanted import Wanted
from scopedown.source.shell import UNKNOWN

_MAIN: Final = re.compile(r"(?m)^func\s+main\s*\(\s*\)")
_HANDLES: Final = re.compile(r"aws-lambda-go|lambdaurl|ListenAndServe|algnhsa|apex/gateway")
"""What the program of a function has in its text, the adapters of servers among it."""
_PLAIN: Final = frozenset(
    {"bootstrap", "main", "handler", "app", "function", "lambda", "not.used", "hello.handler", ""}
)
"""Names of programs that do not say which one is meant."""
_FOLDERS: Final = ("cmd", "functions", "lambdas", "lambda", "handlers", "src", "internal", "app", "services")
"""Folders in which a program's folder stands by convention (https://github.com/golang-standards/project-layout)."""
_MOST: Final = 50


def find(sources: Sources, wanted: Wanted, folder: str) -> Found | None:
    """Where the function's program begins."""
    declared = wanted.declared.strip().lstrip("/")
    for file in _candidates(sources, wanted, folder, declared):
        return Found(file, "main", "go")
    return _by_name(sources, wanted, folder, declared)


def _candidates(sources: Sources, wanted: Wanted, folder: str, declared: str) -> Iterator[str]:
    """The programs that builds and folders lead to, the surest first."""
    for laid in made_by_make(sources, folder, wanted.logical_id or wanted.label, wanted.metadata):
        yield from _program(sources, sources.relative(laid.source), declared)
    if wanted.archive:
        yield from _archived(sources, wanted.archive, declared)
    places = list(_built_places(wanted, folder, declared))
    for place in places:
        for source in _made_of(sources, sources.absolute(place)):
            yield from _program(sources, sources.relative(source), declared)
    if wanted.folder is not None:
        yield from _program(sources, folder or ".", declared, wanted.runtime == "go1.x" or "go" in str(wanted.metadata))
        for place in (f"{normal(posixpath.join(folder, declared))}.go", normal(posixpath.join(folder, declared))):
            yield from _program(sources, place, declared)


def _built_places(wanted: Wanted, folder: str, declared: str) -> Iterator[str]:
    """Where the built program may stand."""
    names = dict.fromkeys((declared, "bootstrap", "main")) if wanted.runtime != "go1.x" else (declared,)
    for name in names:
        yield normal(posixpath.join(folder, name))
    if wanted.archive:
        stem = posixpath.splitext(wanted.archive)[0]
        yield normal(wanted.archive)
        yield normal(stem)
        yield from (normal(posixpath.join(stem, name)) for name in names)
        yield from (normal(posixpath.join(posixpath.dirname(wanted.archive), name)) for name in names)


# builds


def _made_of(sources: Sources, place: str) -> Iterator[str]:
    """What scripts build the program at a path of, absolute; a part of the script's paths may be unknown."""
    exact: dict[str, None] = {}
    alike: dict[str, None] = {}
    for built, source in _builds(sources):
        if built == place:
            exact[source] = None
        elif UNKNOWN in built and (found := re.fullmatch(_pattern(built), place)) is not None:
            values = set(found.groups())
            if len(values) == 1:
                alike[_filled(source, values.pop())] = None
    yield from exact
    yield from alike


def _builds(sources: Sources) -> list[tuple[str, str]]:
    """Every program that a script of the repository builds, with its package; they are looked for once."""

    def found() -> list[tuple[str, str]]:
        every: dict[tuple[str, str], None] = {}
        for _, commands in all_followed(sources, ("go build",)):
            every.update(dict.fromkeys(commands.copies.made))
        return list(every)

    builds: list[tuple[str, str]] = sources.once(("go builds",), found)
    return builds


def _pattern(path: str) -> str:
    return "([^/]+?)".join(re.escape(piece) for piece in re.split(f"{UNKNOWN}+", path)[:8])


def _filled(path: str, value: str) -> str:
    """A path with what is unknown in it."""
    return re.sub(f"{UNKNOWN}+", lambda _: value, path)


def _archived(sources: Sources, archive: str, declared: str) -> Iterator[str]:
    """The program in an archive that a script packs."""
    from scopedown.project.code.build_scripts import archives

    wanted = sources.absolute(archive)
    for one in archives(sources):
        found = re.fullmatch(_pattern(one.path), wanted)
        if found is None and posixpath.basename(one.path) != posixpath.basename(wanted):
            continue
        values = set(found.groups()) if found is not None else set()
        for laid in one.content:
            source = laid.source
            if UNKNOWN in source and len(values) == 1:
                source = _filled(source, next(iter(values)))
            yield from _program(sources, sources.relative(source), declared)
            for made in _made_of(sources, source):
                yield from _program(sources, sources.relative(made), declared)


# programs


def _program(sources: Sources, place: str, declared: str, alone: bool = True) -> Iterator[str]:
    """The file with the ``main`` of a package, by its folder or by one of its files. ``alone``: whatever it does."""
    if place.endswith(".go"):
        if _is_program(sources, place):
            yield place
        elif sources.exists(place):
            yield from _program(sources, posixpath.dirname(place) or ".", declared, alone)
        return
    names = [name for name in sources.entries(place) if name.endswith(".go")][:_MOST]
    found = [path for name in names if _is_program(sources, path := normal(posixpath.join(place, name)), name)]
    if len(found) > 1:
        stem = posixpath.basename(declared)
        named = [path for path in found if posixpath.basename(path) in (f"{stem}.go", f"{stem}/main.go")]
        found = named or [path for path in found if path.endswith("main.go")] or []
    if found and (alone or _HANDLES.search(sources.text(found[0]) or "")):
        yield found[0]


def _is_program(sources: Sources, path: str, name: str = "") -> bool:
    text = sources.text(path)
    return (
        text is not None
        and _MAIN.search(text) is not None
        and is_built(name or posixpath.basename(path), text.encode("utf-8", "replace"))
    )


# by the name alone


def _by_name(sources: Sources, wanted: Wanted, folder: str, declared: str) -> Found | None:
    """The only program whose file or folder has the name of the handler, of the code's folder or of the archive; then
    the only one of the project."""
    for name in dict.fromkeys(_names(wanted, folder, declared)):
        tails = [f"{name}/main.go", f"{name}.go", f"{name}/{name}.go", f"{name}/cmd/main.go"]
        for search in (sources.in_project, sources.in_repository):
            found = _handling(sources, search(tails))
            preferred = [path for path in found if path.split("/")[-3:-2] and path.split("/")[-3] in _FOLDERS]
            if len(found) == 1 or len(preferred) == 1:
                return Found((preferred or found)[0], "main", "go", elsewhere=True)
            if found:
                return Found(None, "main", "go", candidates=tuple(sorted(found)))
    programs = _handling(sources, sources.in_project(["main.go"]))
    if len(programs) == 1 and len(wanted.functions) <= 1:
        return Found(programs[0], "main", "go", elsewhere=True)
    if wanted.runtime == "go1.x":
        return Found(None, "main", "go", candidates=tuple(sorted(programs[:_MOST])))
    return None


def _names(wanted: Wanted, folder: str, declared: str) -> Iterator[str]:
    for written in (declared, posixpath.splitext(wanted.archive)[0], folder, wanted.label):
        name = posixpath.basename(normal(written)) if written else ""
        if name not in _PLAIN and name != "." and re.fullmatch(r"[\w.-]+", name):
            yield name


def _handling(sources: Sources, paths: Iterable[str]) -> list[str]:
    return [
        path for path in list(paths)[:_MOST] if _is_program(sources, path) and _HANDLES.search(sources.text(path) or "")
    ]
