"""Environment variables from ``.env`` files, as the framework loads them.

v3 and osls read them with ``useDotenv: true``: ``.env.STAGE`` where it exists, else ``.env``; v4 always reads both,
the stage's first. A variable that the process has already keeps its value. (npm dotenv and dotenv-expand.)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.project.document import Files

_LINE: Final = re.compile(
    r"""^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:\#.*)?$""",
    re.MULTILINE,
)
_REFERENCE: Final = re.compile(r"(?<!\\)\$(?:\{([A-Za-z_]\w*)(?::?-([^}]*))?\}|([A-Za-z_]\w*))")


def load_dotenv(tree: Mapping[str, Any], files: Files, stage: str, environment: Mapping[str, str]) -> dict[str, str]:
    """The variables of the files that this configuration makes the framework load."""
    version = str(tree.get("frameworkVersion") or "").lstrip("^~>= ")
    if version.startswith("4"):
        names, only_first = (f".env.{stage}", ".env"), False
    elif tree.get("useDotenv") is True:
        names, only_first = (f".env.{stage}", ".env"), True
    else:
        return {}
    found: dict[str, str] = {}
    for name in names:
        try:
            text = files.text(files.root / name)
        except ScopedownError:
            continue
        if text is not None:
            for key, value in parse_dotenv(text, {**environment, **found}).items():
                found.setdefault(key, value)
            if only_first:
                break
    return found


def parse_dotenv(text: str, environment: Mapping[str, str]) -> dict[str, str]:
    """``NAME=value`` lines, quotes removed, ``$NAME`` and ``${NAME:-default}`` expanded."""
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
            return environment.get(name) or found.get(name) or reference[2] or ""

        found[match[1]] = _REFERENCE.sub(expand, value).replace("\\$", "$")
    return found
