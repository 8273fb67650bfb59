"""Whether a file outside of the project's folder is the code of another project of the repository."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Final

from scopedown.project.code.handler_files import Sources

_CONFIGURATIONS: Final = re.compile(
    r"serverless(\.\w+)*\.(ya?ml|ts|js|cjs|mjs|json)|cdk\.json|samconfig\.(toml|ya?ml)|sst\.config\.ts|Pulumi\.yaml"
)
"""Files that say by their name that a folder is a project."""
_TEMPLATES: Final = (".yml", ".yaml", ".json", ".template", ".tf")
_DEPLOYS: Final = re.compile(r"AWS::(Lambda|Serverless)::Function\b|^[ \t]*(provider|backend)[ \t]+\"", re.MULTILINE)
"""What a template, or the root module of a configuration, says."""
_MOST: Final = 200
"""Templates of a folder, and folders of the outermost, that are looked into."""


def is_of_another_project(sources: Sources, file: str) -> bool:
    """Whether a file (relative to the project's folder) stands in a folder that is deployed by a configuration of its
    own: in it, in a folder above up to the one that holds the project too, or in a folder of the outermost of these."""
    if not file.startswith("../"):
        return False
    folders = list(_folders(file))
    for top in folders[-1:]:
        inner = filter(sources.is_folder, (f"{top}/{name}" for name in sources.entries(top)))
        folders += islice(inner, _MOST)
    return any(sources.once(("is a project", folder), partial(_is_project, sources, folder)) for folder in folders)


def _folders(file: str) -> Iterator[str]:
    """The folders of a file, up to the one that is next to the project's folder or one above it.

    >>> list(_folders("../../api/src/app.py"))
    ['../../api/src', '../../api']
    """
    folder = posixpath.dirname(file)
    while folder and posixpath.basename(folder) != "..":
        yield folder
        folder = posixpath.dirname(folder)


def _is_project(sources: Sources, folder: str) -> bool:
    names = sources.entries(folder)
    if any(_CONFIGURATIONS.fullmatch(name) for name in names):
        return True
    templates = islice((name for name in names if name.endswith(_TEMPLATES)), _MOST)
    return any(_DEPLOYS.search(sources.text(f"{folder}/{name}") or "") for name in templates)
