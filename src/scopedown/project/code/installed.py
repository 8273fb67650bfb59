"""Folders that are not in the repository because a script fills them with packages of others.

In: a folder that a layer is made of. Out: whether a build script of the repository installs packages into it by pip or
npm and lays nothing else there. What code imports of these packages is judged where it imports it; a layer of them
holds no code of the project's own.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from scopedown.project.code.copies import is_below
from scopedown.project.code.handler_files import Sources
from scopedown.source.shell import UNKNOWN

if TYPE_CHECKING:
    from scopedown.project.code.build_commands import Commands

_NOT_PUBLISHED: Final = re.compile(r"://|@\s*\S*:|^\s*(?:-e\b|--editable|\.|/)", re.MULTILINE)
"""In requirements and arguments: what is installed from a path or an address."""
_NOT_FROM_NPM: Final = re.compile(r"\"(?:file|link|portal|workspace|git[\w+]*|https?|github):")
_MANIFESTS: Final = re.compile(
    r"(?:package(?:-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|[\w.-]*requirements[\w.-]*\.txt|"
    r"Pipfile(?:\.lock)?|poetry\.lock|pyproject\.toml)"
)


def holds_only_packages(sources: Sources, folder: str) -> bool:
    """Whether a script fills a folder, relative to the project's and not in the repository, with packages alone."""
    from scopedown.project.code.build_scripts import installing

    wanted = sources.absolute(folder)
    found = False
    for commands in installing(sources):
        targets = [(path, told) for path, told in commands.installs if _is_in(sources, path, wanted)]
        if not targets:
            continue
        laid = [
            one for one in commands.copies.below(wanted) if not _MANIFESTS.fullmatch(posixpath.basename(one.source))
        ]
        if laid or not all(_is_published(sources, commands, *target) for target in targets):
            return False
        found = True
    return found


def _is_in(sources: Sources, path: str, wanted: str) -> bool:
    """Whether a path stands in the wanted folder; of one that begins in a home or in an unknown folder, by its end."""
    if is_below(path, wanted):
        return True
    inside = posixpath.relpath(wanted, sources.boundary)
    return ("/~/" in path or UNKNOWN in path) and f"/{inside}/" in f"{path}/"


def _is_published(sources: Sources, commands: Commands, folder: str, told: tuple[str, ...]) -> bool:
    """Whether all that is installed comes from the public registry, as far as the repository tells."""
    tool, *arguments = told
    if tool == "npm":
        texts = [sources.text(sources.relative(source)) for source in commands.copies.sources(f"{folder}/package.json")]
        named = [argument for argument in arguments[1:] if argument.startswith((".", "/")) or ":" in argument]
        return not named and not any(_NOT_FROM_NPM.search(text) for text in texts if text is not None)
    for at, one in enumerate(arguments):
        option, equals, value = one.partition("=")
        if option in ("-r", "--requirement"):
            file = value if equals else next(iter(arguments[at + 1 : at + 2]), "")
            text = sources.text(sources.relative(commands.path(file)))
            if text is not None and _NOT_PUBLISHED.search(text):
                return False
        elif at and arguments[at - 1] in ("-r", "--requirement", "-t", "--target", "--prefix", "-i", "--index-url"):
            continue
        elif one in ("-e", "--editable") or (not one.startswith("-") and _NOT_PUBLISHED.search(one)):
            return False
    return True
