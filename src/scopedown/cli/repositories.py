"""The folder of the repository that a project is in, from which reports name its files."""

from __future__ import annotations

from pathlib import Path


def repository_of(folder: Path) -> Path:
    """The folder of the repository that holds a folder; where there is none, the working directory or the folder."""
    folder, here = folder.resolve(), Path.cwd().resolve()
    found = (path for path in (folder, *folder.parents) if (path / ".git").exists())
    return next(found, here if folder.is_relative_to(here) else folder)
