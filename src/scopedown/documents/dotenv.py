"""Environment variables from ``.env`` files, as the framework loads them.

v3 and osls read them with ``useDotenv: true``: ``.env.STAGE`` where it exists, else ``.env``; v4 reads both, the
stage's first, unless ``useDotenv`` is false, then the files and folders that it names. A variable that the process has
already keeps its value. Sources: npm dotenv and, not in v4, dotenv-expand; v4 at b9d7ea5,
``packages/sf-core/src/lib/resolvers/env.js``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.documents.document import Files

_LINE: Final = re.compile(
    r"""^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:\#.*)?$""",
    re.MULTILINE,
)
_REFERENCE: Final = re.compile(r"(?<!\\)\$(?:\{([A-Za-z_]\w*)(?::?-([^}]*))?\}|([A-Za-z_]\w*))")


def load_dotenv(
    tree: Mapping[str, Any], files: Files, stage: str, environment: Mapping[str, str], is_v4: bool = False
) -> dict[str, str]:
    """The variables of the files that this configuration makes the framework load."""
    asked = tree.get("useDotenv")
    if is_v4 and asked is not False:
        groups = [[f".env.{stage}", ".env"], *_elsewhere(files, stage, asked)]
        return _loaded(files, [name for group in groups for name in group], None, only_first=False)
    if not is_v4 and asked is True:
        return _loaded(files, [f".env.{stage}", ".env"], environment, only_first=True)
    return {}


def _elsewhere(files: Files, stage: str, asked: Any) -> Iterator[list[str]]:
    """The files and folders that ``useDotenv`` names (v4)."""
    for name in asked if isinstance(asked, list) else [asked]:
        if isinstance(name, str):
            inside = (files.root / name).is_dir()
            yield [f"{name}/.env.{stage}", f"{name}/.env"] if inside else [name]


def _loaded(
    files: Files, names: list[str], environment: Mapping[str, str] | None, only_first: bool
) -> dict[str, str]:  # fmt: skip
    found: dict[str, str] = {}
    for name in names:
        try:
            text = files.text(Path(os.path.normpath(files.root / name)))
        except ScopedownError:
            continue
        if text is not None:
            for key, value in parse_dotenv(text, None if environment is None else {**environment, **found}).items():
                found.setdefault(key, value)
            if only_first:
                break
    return found


def parse_dotenv(text: str, environment: Mapping[str, str] | None) -> dict[str, str]:
    """``NAME=value`` lines, quotes removed, ``$NAME`` and ``${NAME:-default}`` expanded; not where there is no
    ``environment`` (v4)."""
    found: dict[str, str] = {}
    for match in _LINE.finditer(text):
        value = (match[2] or "").strip()
        quote = value[:1] if len(value) > 1 and value[:1] in "'\"`" and value[-1] == value[0] else ""
        if quote:
            value = value[1:-1]
        if quote == '"':
            value = value.replace("\\n", "\n").replace("\\r", "\r")

        def expand(reference: re.Match[str]) -> str:
            name = reference[1] or reference[3]
            return (environment or {}).get(name) or found.get(name) or reference[2] or ""

        found[match[1]] = value if environment is None else _REFERENCE.sub(expand, value).replace("\\$", "$")
    return found
