"""Find project files: in a folder, by a file's name and content, or everywhere under a folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from scopedown.core.finding import ScopedownError

SERVERLESS_NAMES: Final = tuple(f"serverless.{suffix}" for suffix in ("yml", "yaml", "json", "js", "mjs", "cjs", "ts"))
"""The names that the framework looks for, in its order."""

SKIPPED_FOLDERS: Final = frozenset(
    {"node_modules", ".git", ".serverless", ".venv", "venv", "__pycache__", ".webpack", ".esbuild", ".build", ".tox"}
)


def config_in(folder: Path) -> Path | None:
    """The configuration file that stands in a folder, None where there is none."""
    for name in SERVERLESS_NAMES:
        path = folder / name
        if path.is_file():
            return path
    return None


def find_config(path: Path) -> Path:
    """The configuration file that a path means: the file itself, or the one in a folder."""
    if not path.exists():
        raise ScopedownError(f"{path} does not exist", None, "name a project's folder or its configuration file")
    if path.is_file():
        return path
    config = config_in(path) if path.is_dir() else None
    if config is None:
        raise ScopedownError(
            f"no project file was found in {path}", None,
            f"name a folder with {', '.join(SERVERLESS_NAMES[:3])}, or the file itself; --recursive looks below it",
        )  # fmt: skip
    return config


def find_projects(root: Path) -> list[Path]:
    """Every configuration file under a folder, in the order of their paths; symbolic links are not followed."""
    found: list[Path] = []
    for folder, folders, _ in os.walk(root, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        config = config_in(Path(folder))
        if config is not None:
            found.append(config)
    return sorted(found)
