"""The files of a CDK app that make constructs: those in its language that name the CDK, tests left out.

More files than :data:`MAX_FILES` are not read: what they make has no line then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from scopedown.core.project_names import CDK_NAME
from scopedown.project.cdk.program import python, typescript
from scopedown.project.cdk.program.model import SourceFile
from scopedown.source.repository_tree import tree_of

TYPESCRIPT: Final = "typescript"
PYTHON: Final = "python"
_ENDINGS: Final = {
    TYPESCRIPT: (".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs"),
    PYTHON: (".py",),
}  # fmt: skip
_NAMES_CDK: Final = re.compile(rb"aws-cdk-lib|@aws-cdk/|aws_cdk|\bconstructs\b")
_TEST: Final = re.compile(r"(?:^|/)(?:tests?|__tests__|spec)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$"
                          r"|\.(?:test|spec)\.[cm]?[jt]sx?$")  # fmt: skip
_COMMANDS: Final = (
    (re.compile(r"\b(?:python[\d.]*|pipenv|poetry|uv)\b|\.py\b"), PYTHON),
    (re.compile(r"\b(?:ts-node|tsx|node|bun|deno|npm|npx|yarn|pnpm|swc-node)\b|\.[cm]?[jt]s\b"), TYPESCRIPT),
    (re.compile(r"\bdotnet\b"), "C#"),
    (re.compile(r"\b(?:mvn|mvnw|gradle|gradlew|java)\b"), "Java"),
    (re.compile(r"\bgo\b"), "Go"),
)
MAX_FILES: Final = 500
_MAX_BYTES: Final = 1024 * 1024


def language_of(folder: Path) -> str:
    """The language of the app in a folder, by the command in its cdk.json: ``typescript`` (JavaScript too),
    ``python``, ``C#``, ``Java``, ``Go``; empty where nothing says it.

    >>> from pathlib import Path
    >>> language_of(Path("/nowhere"))
    ''
    """
    try:
        app = json.loads((folder / CDK_NAME).read_text("utf-8")).get("app")
    except (OSError, ValueError, AttributeError, RecursionError):
        return ""
    if not isinstance(app, str):
        return ""
    return next((language for pattern, language in _COMMANDS if pattern.search(app)), "")


def source_files(folder: Path, language: str) -> Iterator[SourceFile]:
    """What the app's files say."""
    endings = _ENDINGS.get(language)
    if endings is None:
        return
    reader = python.read if language == PYTHON else typescript.read
    held = tree_of(str(folder.resolve())).folders
    names = [f"{below}/{name}" if below else name for below, files in held.items() for name in files]
    known = {*names}
    read = 0
    for name in names:
        if not name.endswith(endings) or _TEST.search(name) or (name.endswith(".js") and f"{name[:-3]}.ts" in known):
            continue  # what the compiler made of the file next to it is no source
        data = _data(folder / name)
        if data is None or not _NAMES_CDK.search(data):
            continue
        read += 1
        if read > MAX_FILES:
            return
        yield reader(data, name)


def _data(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except (OSError, ValueError):
        return None
    return data if len(data) <= _MAX_BYTES else None
