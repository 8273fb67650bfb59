"""The build scripts of a repository, followed for the archives that they make.

In: the repository. Out: each archive's path and what it holds. Read are package.json's scripts, Makefiles, shell
scripts and the steps of pipelines (GitHub Actions, GitLab, CodeBuild, Bitbucket); nothing is run. From which folder
somebody runs a script is not known, so a script is followed from its own folder and from each one above it.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.project.code.build_commands import Commands
from scopedown.project.code.copies import Laid
from scopedown.project.code.handler_files import Sources
from scopedown.project.code.makefiles import MAKEFILES, name_of, read_makefile
from scopedown.source.repository_tree import is_script, tree_of

_SCRIPTS: Final = (".sh", ".bash")
_PACKING: Final = ("zip", "7z", ".sh", "$(MAKE)")
"""Words without which a script makes no archive, by itself or by another."""
_INSTALLING: Final = ("pip", "npm", "yarn", "pnpm")
_MOST_FILES: Final = 300
_LONGEST: Final = 300_000


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive that a script makes: its path (absolute; a part of it may be unknown), its content, and the script."""

    path: str
    content: tuple[Laid, ...]
    script: str


def archives(sources: Sources) -> list[Archive]:
    """Every archive that a build script of the repository makes; they are looked for once."""
    found: list[Archive] = sources.once(("archives",), lambda: list(_archives(sources)))
    return found


def _archives(sources: Sources) -> Iterator[Archive]:
    seen: set[tuple[str, str, tuple[Laid, ...]]] = set()
    for file, commands in all_followed(sources, _PACKING):
        for path, content in commands.archives.items():
            if (key := (file, path, tuple(dict.fromkeys(content)))) not in seen:
                seen.add(key)
                yield Archive(path, key[2], sources.relative(file))


def installing(sources: Sources) -> list[Commands]:
    """What every script of the repository does that installs packages; they are looked for once."""

    def found() -> list[Commands]:
        return [commands for _, commands in all_followed(sources, _INSTALLING) if commands.installs]

    scripts: list[Commands] = sources.once(("installing",), found)
    return scripts


def all_followed(sources: Sources, words: tuple[str, ...]) -> Iterator[tuple[str, Commands]]:
    """What the scripts that hold one of some words do, up to a bound, with the file of each."""
    left = 100_000
    for file in list(_scripts(sources))[:_MOST_FILES]:
        text = sources.text(sources.relative(file))
        if text is None or len(text) > _LONGEST or not any(word in text for word in words):
            continue
        for start in _starts(posixpath.dirname(file), sources.boundary, file.endswith(_SCRIPTS)):
            for commands in _followed(sources, file, text, start):
                left -= 20_000 - max(commands.left, 0)
                yield file, commands
                if left < 0:
                    return


def _starts(folder: str, boundary: str, anywhere: bool) -> Iterator[str]:
    """The folders that a script may be run from."""
    yield folder
    while anywhere and folder != boundary and len(folder) > len(boundary):
        folder = posixpath.dirname(folder)
        yield folder


def _followed(sources: Sources, file: str, text: str, start: str) -> Iterator[Commands]:
    name = posixpath.basename(file)

    def commands() -> Commands:
        return Commands(sources, start, variables={"0": file, "BASH_SOURCE": file}, npm=npm_script, make=make_target)

    if name == "package.json":
        for script in _package_scripts(text).values():
            made = commands()
            made.script(script)
            yield made
    elif name in MAKEFILES or name.endswith(".mk"):
        makefile = read_makefile(text)
        for rule in makefile.rules:
            made = commands()
            makefile.run(rule, made)
            yield made
    elif name.endswith(_SCRIPTS):
        made = commands()
        made.script(text)
        yield made
    else:
        top = sources.boundary if "/.github/" in file else start
        for steps in _pipeline(text, name):
            made = commands()
            for folder, script in steps:
                made.folder = posixpath.normpath(posixpath.join(top, folder)) if folder is not None else made.folder
                made.script(script)
            yield made


def _scripts(sources: Sources) -> Iterator[str]:
    """The files of the repository that may make archives, absolute; where it is too large, those of the project's own
    folder and of the ones above."""
    found: list[str] = []
    top = sources.boundary
    workflows = f"{top}/.github/workflows"
    found += [
        f"{workflows}/{entry}"
        for entry in sources.entries(sources.relative(workflows))
        if entry.endswith((".yml", ".yaml"))
    ]
    tree = tree_of(top)
    if tree.is_whole:
        yield from found
        yield from (f"{top}/{script}" for script in tree.scripts)
        return
    folder = sources.absolute("")
    while True:
        yield from (f"{folder}/{name}" for name in sources.entries(sources.relative(folder)) if is_script(name))
        if folder in (top, posixpath.dirname(folder)):
            return
        folder = posixpath.dirname(folder)


def _package_scripts(text: str | None) -> dict[str, str]:
    try:
        data = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return {}
    scripts = data.get("scripts") if isinstance(data, dict) else None
    found = scripts if isinstance(scripts, dict) else {}
    return {name: one for name, one in list(found.items())[:200] if isinstance(one, str) and len(one) < 5_000}


def npm_script(commands: Commands, name: str) -> None:
    """Follow a script of the nearest package.json."""
    sources, folder = commands.sources, commands.folder
    while True:
        file = sources.relative(posixpath.join(folder, "package.json"))
        if sources.exists(file):
            scripts = _package_scripts(sources.text(file))
            commands.folder = folder
            for one in (f"pre{name}", name, f"post{name}"):
                if one in scripts:
                    commands.script(scripts[one])
            return
        if folder == sources.boundary or not sources.reaches(sources.relative(posixpath.dirname(folder))):
            return
        folder = posixpath.dirname(folder)


def make_target(commands: Commands, target: str) -> None:
    """Follow a target of the Makefile in the commands' folder."""
    sources = commands.sources
    for path in name_of(commands.folder):
        file = sources.relative(path)
        if sources.exists(file) and (text := sources.text(file)) is not None and len(text) <= _LONGEST:
            makefile = read_makefile(text)
            for rule in makefile.of(target)[:1]:
                makefile.run(rule, commands)
            return


def _pipeline(text: str, name: str) -> Iterator[list[tuple[str | None, str]]]:
    """The scripts of each job, with the folder that each is run in (None: where the one before ended)."""
    from scopedown.documents.document import parse_yaml

    try:
        tree: Any = parse_yaml(text, name).tree
    except ScopedownError:
        return
    jobs = tree.get("jobs") if isinstance(tree, dict) else None
    if isinstance(jobs, dict):
        for job in list(jobs.values())[:50]:
            steps = job.get("steps") if isinstance(job, dict) else None
            default = _map(_map(_map(job).get("defaults")).get("run")).get("working-directory") or "."
            found: list[tuple[str | None, str]] = []
            for step in steps if isinstance(steps, list) else ():
                script, folder = _map(step).get("run"), _map(step).get("working-directory")
                if isinstance(script, str):
                    found.append((folder if isinstance(folder, str) else str(default), script))
            yield found
        return
    whole: list[tuple[str | None, str]] = []
    waiting: list[Any] = [tree]
    while waiting and len(whole) < 500:
        node = waiting.pop()
        if isinstance(node, dict):
            for key, value in node.items():
                if key in ("script", "before_script", "commands") and isinstance(value, list):
                    whole += [(None, one) for one in value if isinstance(one, str)]
                else:
                    waiting.append(value)
        elif isinstance(node, list):
            waiting += node
    yield whole


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


# What ``sam build`` has a Makefile put into a function or a layer: the copies of its target ``build-NAME``. The
# Makefile stands in the folder of the code, or where ``WorkingDirectory`` says; ``ARTIFACTS_DIR`` is the folder of
# the artifact
# (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-custom-runtimes.html).


_ARTIFACT: Final = "/\x02artifacts"
"""Where the artifact stands: a folder that no repository has."""


def made_by_make(sources: Sources, folder: str, id: str, metadata: Mapping[str, Any]) -> list[Laid]:
    """What the artifact of a resource holds, the latest first; nothing where no Makefile builds it.

    ``id``: SAM gives layers a logical id of their own, which begins with the one that the target is named by.
    """
    if metadata.get("BuildMethod") != "makefile":
        return []
    own = id.rpartition("/")[2]
    working = metadata.get("WorkingDirectory")
    places = [posixpath.join(folder, working)] if isinstance(working, str) else []
    for place in [*places, folder]:
        top = sources.absolute(place)
        for path in name_of(top):
            text = sources.text(sources.relative(path))
            if text is None or len(text) > _LONGEST:
                continue
            makefile = read_makefile(text)
            fitting = [rule for rule in makefile.rules if own.startswith(rule.target.removeprefix("build-"))]
            built = [rule for rule in fitting if rule.target.startswith("build-")]
            if not built:
                continue
            commands = Commands(
                sources, top, variables={"ARTIFACTS_DIR": _ARTIFACT}, npm=npm_script, make=make_target
            )  # fmt: skip
            commands.copies.folders.add(_ARTIFACT)
            makefile.run(max(built, key=lambda rule: len(rule.target)), commands)
            return [laid for laid in commands.copies.below(_ARTIFACT) if _ARTIFACT not in laid.source]
    return []
