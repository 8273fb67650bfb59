"""Where a cache may not be: in what is scanned, or where a repository brings its files along.

Whoever writes the code that is scanned would write the results of the scan, too.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from scopedown.source.repository import boundary_of, repository_of

_MOST_INDEX: Final = 200_000_000
"""Bytes of a longer index are not searched: the folder is then taken to have tracked files."""


def objection(path: str, root: str) -> str:
    """Why a file or folder of the cache is not used for a project in the folder ``root``; empty where it may be."""
    real = os.path.realpath(path)
    if _is_inside(real, os.path.realpath(root)) or _is_inside(real, str(boundary_of(Path(root)))):
        return f"{path} is inside the scanned repository"
    repository = repository_of(Path(real))
    if repository is not None and _has_tracked(repository, real):
        return f"Git tracks files in {path}"
    return ""


def _is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _has_tracked(repository: Path, folder: str) -> bool:
    """Whether a repository's index lists files below a folder (https://git-scm.com/docs/index-format). In its fourth
    version, names are shortened: the folder is then taken to have some."""
    top = os.path.realpath(repository)
    inner = os.path.relpath(folder, top).replace(os.sep, "/")
    index = Path(top) / ".git" / "index"
    try:
        if index.stat().st_size > _MOST_INDEX:
            return True
        content = index.read_bytes()
    except FileNotFoundError:
        return not (Path(top) / ".git").is_dir()  # of a worktree or another system, which files it has is not known
    except OSError:
        return True
    if inner == "." or content[4:8] == b"\x00\x00\x00\x04":
        return True
    name = os.fsencode(inner)
    return name + b"/" in content or name + b"\x00" in content
