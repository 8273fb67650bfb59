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
    "backend", "build", "builds", "bundle", "code", "container", "containers", "core", "deploy", "deployment",
    "deployments", "dev", "development", "dist", "docker", "example", "examples", "function", "functions", "handler",
    "handlers", "image", "images", "index", "infra", "infrastructure", "lambda", "lambdafunction", "lambdafunctions",
    "lambdahandler", "lambdas", "lib", "main", "module", "modules", "out", "output", "package", "packages", "payload",
    "prod", "production", "project", "python", "release", "root", "server", "service", "services", "source", "src",
    "stage", "staging", "target", "terraform", "test", "tests", "this", "tmp", "upload", "uploads", "zip", "zips",
})  # fmt: skip
"""Names that say nothing of which function it is, in small letters without signs."""
_ENDING: Final = re.compile(r"\.(zip|jar|war|[cm]?[jt]s|py)$")
_SHORTEST: Final = 3
"""Letters of a word that tells functions apart."""
_EXPORTED: Final = (
    r"\b(exports|module)\.{0}\b", r"\bexport\s+(default\s+)?(async\s+)?(const|let|var|function)\s*(\*\s*)?{0}\b",
    r"\bexport\s*\{{[^{{}}]*\b{0}\b", r"^(async\s+)?def\s+{0}\b", r"^{0}\s*[:=]",
)  # fmt: skip
"""Each takes time in proportion to a text, whatever it holds."""


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
    pieces = (piece for path in paths for piece in reversed(re.split(r"[/\\\[\]\"':]", path)))
    names = (name for piece in pieces for name in _ENDING.sub("", piece).split("."))
    return list(dict.fromkeys(name for name in names if plain(name) not in _GENERIC))


def most_like(files: Iterable[str], names: Iterable[str]) -> str | None:
    """The only file with a folder or a stem that is called like one of these names; None where there is none.

    Best is the same name, then one whose words the name holds (``orders`` for ``shop-orders-dev``). Of two with words
    of one name, it is the one that says more, not the one that says something else. A file that says more than the name
    (``orders-admin`` for ``orders``) may be another function's.

    >>> most_like(["api_lambda/app.py", "consumer_lambda/app.py"], ["api-lambda"])
    'api_lambda/app.py'
    >>> most_like(["export/app.py", "user/app.py"], ["user-export"])
    """
    wanted = {words for name in names if (words := _words(name))}
    best: dict[str, tuple[int, _Words]] = {}
    for file in files:
        pieces = filter(None, map(_words, posixpath.splitext(file)[0].split("/")))
        best[file] = max((_alike(piece, name) for piece in pieces for name in wanted), default=(0, ()))
    top = max((rank for rank, _ in best.values()), default=0)
    equal = [file for file in best if best[file][0] == top]
    longest = max(equal, key=lambda file: sum(map(len, best[file][1])), default="")
    others = [file for file in equal if file != longest]
    clear = all(best[file][1] != best[longest][1] and _holds(best[longest][1], best[file][1]) for file in others)
    return longest if top and clear else None


_Words = tuple[str, ...]


def _words(name: str) -> _Words:
    """The words of a name, without those at its ends that say nothing; all where each of them says nothing.

    >>> _words("scanner-lambda"), _words("fetchOrders_v2"), _words("src"), _words("api_lambda")
    (('scanner',), ('fetch', 'orders', 'v2'), (), ('api', 'lambda'))
    """
    words = tuple(word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+", name))
    if "".join(words) in _GENERIC:
        return ()
    telling = [at for at, word in enumerate(words) if word not in _GENERIC]
    return words[telling[0] : telling[-1] + 1] if telling else words


def _alike(piece: _Words, name: _Words) -> tuple[int, _Words]:
    if "".join(piece) == "".join(name):
        return 3, piece
    return (2, piece) if _holds(name, piece) else (0, ())


def _holds(words: _Words, part: _Words) -> bool:
    if len("".join(part)) < _SHORTEST:
        return False
    return any(words[start : start + len(part)] == part for start in range(len(words) - len(part) + 1))


def exports(text: str, symbol: str) -> bool:
    """Whether a source gives this name to others, by its form alone.

    >>> exports("export const handler = 1", "handler"), exports("const handler = 1", "handler")
    (True, False)
    """
    name = re.escape(symbol)
    return any(re.search(form.format(name), text, re.MULTILINE) for form in _EXPORTED)
