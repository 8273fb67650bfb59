"""The one entry of this stage: from a path to a Project.

>>> from pathlib import Path
>>> project = load_project(Path("examples/todos"), Options())  # doctest: +SKIP
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.project.discovery import find_config, find_projects
from scopedown.project.document import Files
from scopedown.project.model import Project
from scopedown.project.options import Options
from scopedown.project.serverless.read import NotAwsError, read_serverless

__all__ = ["NotAwsError", "Options", "find_projects", "load_project", "read_values"]

_PROGRAMS = (".ts", ".mts", ".js", ".mjs", ".cjs")


def read_values(path: Path) -> dict[str, Any]:
    """The values of ``--param-file``: a YAML (or JSON) mapping of variables to their values.

    Keys are variables as they are written, without ``${}``: ``ssm:/path``, ``cf:stack.Output``, ``s3:bucket/key``,
    and those of plugins. Raises ScopedownError where the file cannot be read or holds no mapping.
    """
    document = Files(path.parent).document(path)
    if document is None:
        raise ScopedownError(f"{path} does not exist", None, "correct --param-file")
    if not isinstance(document.tree, dict):
        raise ScopedownError(
            f"{path.name} does not hold a mapping", Place(path.name), 'write lines such as "ssm:/path": value'
        )
    return dict(document.tree)


def load_project(path: Path, options: Options) -> Project:
    """Read the project that a folder, or a configuration file, holds.

    Raises :class:`~scopedown.core.finding.ScopedownError` only where nothing can be read: no project file, a broken
    one, or one without a service, a provider or readable functions. Everything else is in ``Project.findings``.
    """
    try:
        config = find_config(path)
        root = config.parent.resolve()
        config = root / config.name
        files = Files(root)
        if config.suffix in _PROGRAMS:
            raise ScopedownError(
                f"{config.name} is a program, and nothing of a project is run", Place(config.name),
                "scan a serverless.yml or serverless.json",
            )  # fmt: skip
        document = files.document(config)
        if document is None:
            raise ScopedownError(f"{config.name} cannot be read", Place(config.name), "check the path")
        return read_serverless(document, files, options)
    except RecursionError as error:
        raise ScopedownError(f"{path} is nested too deeply to be read", None, "flatten its structure") from error
    except OSError as error:
        raise ScopedownError(
            f"{path} cannot be read: {error.strerror or error}", None, "check the path and its mode"
        ) from error
