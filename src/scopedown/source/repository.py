"""How far a project's code may reach: the repository that holds it, else its workspace, else the project's own folder.

In: a project's folder. Out: the folder that holds everything that may be read as its code. A repository is known by its
``.git``, a folder or (in a worktree or a submodule) a file (https://git-scm.com/docs/gitrepository-layout), a workspace
by what its package manager reads.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

REPOSITORY: Final = (".git", ".hg")
WORKSPACE: Final = ("pnpm-workspace.yaml", "lerna.json", "rush.json", "nx.json", "turbo.json")
_LEVELS: Final = 40
"""Folders above the project's that are looked at."""


def repository_of(folder: Path) -> Path | None:
    """The folder of the nearest repository around ``folder``, links followed; None where there is none."""
    return next((upward for upward in _upwards(folder) if _holds(upward, REPOSITORY)), None)


def boundary_of(folder: Path) -> Path:
    """The folder that holds all that may be read: the repository's, a workspace's, or ``folder`` itself."""
    if (repository := repository_of(folder)) is not None:
        return repository
    workspace = next(
        (upward for upward in _upwards(folder) if _holds(upward, WORKSPACE) or _has_workspaces(upward)), None
    )
    return workspace or Path(os.path.realpath(folder))


def _upwards(folder: Path) -> Iterator[Path]:
    """A folder and those above it; the top folder of a system is nobody's repository."""
    own = Path(os.path.realpath(folder))
    yield own
    yield from (parent for parent in own.parents[: _LEVELS - 1] if len(parent.parts) > 1)


def _holds(folder: Path, names: tuple[str, ...]) -> bool:
    return any(os.path.exists(f"{folder}/{name}") for name in names)


def _has_workspaces(folder: Path) -> bool:
    try:
        manifest = folder / "package.json"
        return manifest.is_file() and b'"workspaces"' in manifest.read_bytes()[:100_000]
    except OSError:
        return False
