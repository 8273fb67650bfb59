"""Which of several files that fit a handler is its code, by the names that its package, its folder or its function has.

A build names what it makes after what it is made of: ``dist/approve/index.js`` is a bundle of ``approve.ts``, and
``api.zip`` holds the files of the folder ``api``.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from typing import Final

_GENERIC: Final = frozenset({
    "", "api", "app", "apps", "archive", "artifact", "artifacts", "asset", "assets", "aws", "awslambdafunction",
    "backend", "build", "builds", "bundle", "code", "core", "deploy", "deployment", "deployments", "dist", "example",
    "examples", "function", "functions", "handler", "handlers", "index", "infra", "infrastructure", "lambda",
    "lambdafunction", "lambdafunctions", "lambdahandler", "lambdas", "lib", "main", "module", "modules", "out",
    "output", "package", "packages", "payload", "project", "python", "release", "root", "server", "service",
    "services", "source", "src", "target", "terraform", "this", "tmp", "upload", "uploads", "zip", "zips",
})  # fmt: skip
"""Names that say nothing of which function it is, in small letters without signs."""
_EXPORTED: Final = (
    r"\b(exports|module)\.{0}\b", r"\bexport\s+(default\s+)?(async\s+)?(const|let|var|function)\s*\*?\s*{0}\b",
    r"\bexport\s*\{{[^}}]*\b{0}\b", r"^(async\s+)?def\s+{0}\b", r"^{0}\s*[:=]",
)  # fmt: skip


def plain(name: str) -> str:
    """A name in small letters without signs.

    >>> plain("Approve-Access_v2")
    'approveaccessv2'
    """
    return re.sub(r"[^a-z0-9]", "", name.lower())


def named_by(paths: Iterable[str]) -> list[str]:
    """The names in paths, the last of each path first, without those that say nothing.

    >>> named_by(["backend/dist/approve-access/index.js"])
    ['approve-access']
    """
    found: dict[str, None] = {}
    for path in paths:
        for piece in reversed(re.split(r"[/\\\[\]\"']", path)):
            stem = piece if piece.startswith(".") else piece.partition(".")[0] if "/" in path else piece
            for name in (stem, *piece.split(".")):
                if plain(name) not in _GENERIC:
                    found.setdefault(name)
    return list(found)


def most_like(files: Iterable[str], names: Iterable[str]) -> str | None:
    """The only file that has more of these names in its path than every other; None where there is none.

    >>> most_like(["api_lambda/app.py", "consumer_lambda/app.py"], ["api-lambda"])
    'api_lambda/app.py'
    """
    wanted = {plain(name) for name in names} - _GENERIC
    score = {file: len(wanted & {plain(one) for one in posixpath.splitext(file)[0].split("/")}) for file in files}
    best = max(score.values(), default=0)
    likely = [file for file, own in score.items() if own == best]
    return likely[0] if best and len(likely) == 1 else None


def exports(text: str, symbol: str) -> bool:
    """Whether a source gives this name to others, by its form alone.

    >>> exports("export const handler = 1", "handler"), exports("const handler = 1", "handler")
    (True, False)
    """
    name = re.escape(symbol)
    return any(re.search(form.format(name), text, re.MULTILINE) for form in _EXPORTED)
