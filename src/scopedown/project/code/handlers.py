"""Where a function's code begins: from a handler setting to a source file of the project.

In: the project's folder, a handler as written and its runtime. Out: :class:`Found`, with the file (relative to the
folder), the exported name and the language. A handler that points into a build's output is led back to its source (by
tsconfig's ``outDir`` and ``rootDir``, a source map, a bundler's configuration, folders such as ``dist/``); nothing is
built or run. Lambda's own rules: Python
splits a handler at its last dot, Node.js at the first dot of its last path segment
(https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html,
https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from scopedown.core.words import some_of
from scopedown.project.code.bundler_config import entries_of, original_of
from scopedown.project.code.handler_files import Sources, is_of_another_project
from scopedown.project.code.likely import exports, most_like, named_by
from scopedown.source.language import languages
from scopedown.source.resolve.build_output import OUTPUT_FOLDERS, sources_of

_NODE_SUFFIXES: Final = (".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx")
_TYPESCRIPT: Final = (".ts", ".tsx", ".mts", ".cts")
_COMPILED: Final = (".js", ".mjs", ".cjs")
_OUTPUTS: Final = frozenset(folder.partition("/")[0] for folder in OUTPUT_FOLDERS if folder != "lib") | {".aws-sam"}
_MANIFESTS: Final = ("package.json", "requirements.txt", "pyproject.toml", "Pipfile", "setup.py")
_SOURCES: Final = (".py", *_NODE_SUFFIXES)
_BUNDLES: Final = ("index", "main", "bundle", "handler")
"""What bundles are called that are in a folder of their own."""
_SAID: Final = 8
"""Candidates that a message names."""
_LOOKED_INTO: Final = 100
"""Files of one name that are looked into for a handler's symbol."""


@dataclass(frozen=True, slots=True)
class Found:
    """A handler's place. ``file`` is None where there is no such source; ``outside``: it leaves the repository;
    ``elsewhere``: it is not at its place, and the file is the only one of the repository that it fits; ``candidates``:
    the files that it fits where there are several, or where the only one is likelier to be other code."""

    file: str | None
    symbol: str
    language: str | None
    outside: bool = False
    elsewhere: bool = False
    candidates: tuple[str, ...] = ()
    among: int = 1
    """Of how many files that the handler fits it is the one that the package or the function is named after."""

    @property
    def why_taken(self) -> str:
        """What a file that is ``elsewhere`` is, for messages."""
        if self.among > 1:
            return f"the one of {self.among} matching files of the repository that is named like it"
        return "the only file of the repository that matches"

    @property
    def why_not_taken(self) -> str:
        """What the ``candidates`` are, for messages."""
        listed = some_of(self.candidates, _SAID)
        one = len(self.candidates) == 1
        return (
            f"the only file that matches looks like other code: {listed}" if one else f"several files match: {listed}"
        )


def language_of(runtime: str | None) -> str | None:
    """The language of a Lambda runtime's name; None for a custom runtime.

    >>> language_of("nodejs20.x"), language_of("java21"), language_of("provided.al2")
    ('javascript', 'java', None)
    """
    for name, language in languages().items():
        if runtime and any(runtime.startswith(one) for one in language.runtimes if one != "provided"):
            return name
    return None


def find(
    sources: Sources,
    declared: str,
    runtime: str | None,
    folder: str = "",
    anywhere: bool = True,
    others: Iterable[tuple[str, str]] = (),
    names: Iterable[str] = (),
    shared: bool = False,
) -> Found:
    """Find the source of a handler; ``folder`` is the folder that it is relative to, ``anywhere`` whether the only file
    of the repository that it fits may stand for it; ``others``: folders and handlers of the project's other functions
    (asked for more than once), whose code it is not then; ``names``: paths and names of its package and its function,
    which tell several files apart; ``shared``: that other packages of the project have a handler of this name, so that
    a file is the code of one that it is named like only."""
    language = language_of(runtime)
    own = normal(declared.strip().lstrip("/"))
    hints = _Hints(others, tuple(names), shared)
    path = normal(posixpath.join(folder, declared.strip().lstrip("/")))
    if not sources.reaches(path):
        inside = _from_outside(sources, path) if language == "javascript" else None
        symbol = path.rpartition("/")[2].partition(".")[2] if inside is not None else path.rpartition(".")[2]
        return Found(inside, symbol, _script(inside) if inside is not None else language, outside=inside is None)
    if language in ("python", None):
        module, dot, symbol = path.rpartition(".")
        file = _python(sources, module) if dot else None
        if file is not None:
            return Found(file, symbol, "python")
        if language == "python":
            missing = Found(None, symbol, "python")
            tails = [tail.replace(".", "/") for tail in _tails(module, own.rpartition(".")[0])]
            suffixes = (".py", "/__init__.py")
            return _elsewhere(sources, tails, suffixes, missing, folder, hints) if dot and anywhere else missing
    if language in ("javascript", None):
        for base, symbol in _node_splits(path):
            file = _node(sources, base, symbol)
            if file is not None:
                return Found(file, symbol, _script(file))
        base, symbol = next(_node_splits(path), (path, ""))
        missing = Found(None, symbol, language)
        if path.startswith("../") and (file := _from_outside(sources, path)) is not None:
            return Found(file, symbol, _script(file))
        if language is None or not anywhere:
            return missing
        for (whole, symbol), (short, _) in zip(_node_splits(path), _node_splits(own), strict=True):
            tails = [*_tails(whole, short), *_without_output(short)]
            found = _elsewhere(sources, tails, _NODE_SUFFIXES, replace(missing, symbol=symbol), folder, hints)
            if found.file is not None or found.candidates:
                return found
        return _bundled(sources, base, missing, hints)
    return Found(None, path.rpartition("::")[2].rpartition(".")[2], language)


def normal(path: str) -> str:
    """A path with forward slashes, without ``.`` and ``..`` in it."""
    return posixpath.normpath(path.replace("\\", "/"))


def _script(file: str) -> str:
    return "typescript" if file.endswith(_TYPESCRIPT) else "javascript"


def _python(sources: Sources, module: str) -> str | None:
    """``a/b`` or ``a.b``: the module's file, or its package's."""
    head, name = posixpath.split(module)
    dotted = posixpath.join(head, name.replace(".", "/"))
    for base in dict.fromkeys((module, dotted, module.replace(".", "/"), *_unbuilt(module if head else dotted))):
        for candidate in (f"{base}.py", f"{base}/__init__.py"):
            if sources.exists(candidate):
                return candidate
    return None


def _node_splits(path: str) -> Iterator[tuple[str, str]]:
    """Lambda splits at the first dot of the last segment; bundlers at the last one."""
    head, name = posixpath.split(path)
    stem, dot, symbol = name.partition(".")
    if dot:
        yield posixpath.join(head, stem), symbol
        stem, _, symbol = name.rpartition(".")
        if "." in stem:
            yield posixpath.join(head, stem), symbol


def _node(sources: Sources, base: str, symbol: str) -> str | None:
    """The source of a handler's file: what the compiler makes it of, what the map beside it names, the file itself,
    what a bundler makes it of, what builds of its folder's name are made of."""
    for made_of in sources.sources_of(base):
        if (file := _node_at(sources, made_of)) is not None:
            return file
    file = _node_at(sources, base)
    if file is not None:
        original = original_of(sources, file, symbol) if file.endswith(_COMPILED) else None
        return original or file
    entries = list(entries_of(sources, base, symbol))
    compiled = [place for entry in entries for place in (*sources.sources_of(entry), *_unbuilt(entry))]
    for place in (*entries, *compiled, *_unbuilt(base)):  # what is bundled may be a compiler's output
        if (file := _node_at(sources, place)) is not None:
            return file
    if sources.options(posixpath.dirname(base)) is not None:
        return _node_at(sources, posixpath.join("src", base))
    return None


def _from_outside(sources: Sources, path: str) -> str | None:
    """The source in this folder of a file that the repository's build writes outside of it: Nx and Nest build
    ``dist/apps/NAME/main.js`` of ``apps/NAME/src/main.ts`` (https://nx.dev, https://docs.nestjs.com/cli/monorepo)."""
    root = sources.root.resolve().as_posix()
    base, _ = next(_node_splits(posixpath.normpath(posixpath.join(root, path))), (path, ""))
    pieces = base.split("/")
    for start in range(1, len(pieces)):
        for candidate in sources_of("/".join(pieces[start:])):
            whole = "/".join((*pieces[:start], candidate))
            if whole.startswith(root + "/"):
                below = whole[len(root) + 1 :]
                for place in (below, posixpath.join("src", below)):
                    if (file := _node_at(sources, place)) is not None:
                        return file
    return None


def _node_at(sources: Sources, place: str) -> str | None:
    for suffix in _NODE_SUFFIXES:
        if sources.exists(place + suffix):
            return place + suffix
    for suffix in _NODE_SUFFIXES:
        if sources.exists(f"{place}/index{suffix}"):
            return f"{place}/index{suffix}"
    return place if place.endswith(_NODE_SUFFIXES) and sources.exists(place) else None


def _unbuilt(base: str) -> Iterator[str]:
    """Where the source of a file in a build's output may stand: the output is in the project's folder, or in that of a
    part of it (``services/a/dist/index``)."""
    pieces = base.split("/")
    for start in range(min(len(pieces), 12)):
        for candidate in sources_of("/".join(pieces[start:])):
            yield normal(posixpath.join(*pieces[:start], candidate))


def _tails(path: str, own: str) -> list[str]:
    """The ends of a path, the longest first; the shortest is the handler as it is written."""
    pieces = path.split("/")
    least = len(own.split("/"))
    return ["/".join(pieces[start:]) for start in range(max(0, len(pieces) - least) + 1)]


def _without_output(path: str) -> list[str]:
    """A path in a build's output by its path in the source."""
    first, _, rest = path.partition("/")
    return [rest] if rest and first in _OUTPUTS else []


@dataclass(frozen=True, slots=True)
class _Hints:
    """What tells whose code a file is: see :func:`find`."""

    others: Iterable[tuple[str, str]]
    names: tuple[str, ...]
    shared: bool


def _bundled(sources: Sources, base: str, missing: Found, hints: _Hints) -> Found:
    """The source of a bundle that is named after it: ``dist/approve/index`` is made of ``approve.ts``, and not of the
    ``shop.ts`` that ``shop/dist/approve/index`` would be named after too."""
    if not missing.symbol or posixpath.basename(base) not in _BUNDLES:
        return missing
    paths = (posixpath.dirname(base) + "/", *hints.names)
    named = [named_by([path])[: 1 if "/" in path else None] for path in paths]
    for name in dict.fromkeys(chain.from_iterable(named)):
        fits = sources.in_repository([f"{name}{suffix}" for suffix in _NODE_SUFFIXES])
        found = [one for one in fits[:_LOOKED_INTO] if exports(sources.text(one) or "", missing.symbol)]
        if len(found) == 1 and len(fits) <= _LOOKED_INTO:
            own = _standing(sources, posixpath.dirname(base))
            return _taken(sources, found[0], missing, own, replace(hints, shared=False))
        if found:
            return replace(missing, candidates=tuple(sorted(found)))
    return missing


def _taken(sources: Sources, file: str, missing: Found, own: str, hints: _Hints, among: int = 1) -> Found:
    """The file that fits, unless it is likelier to be other code."""
    if own and not _is_below(file, own) and _has_code(sources, own):
        return replace(missing, candidates=(file,))
    if _is_of_another(sources, file, own, hints.others) or is_of_another_project(sources, file):
        return replace(missing, candidates=(file,))
    if hints.shared and most_like([file], named_by((own, *hints.names))) is None:
        return replace(missing, candidates=(file,))
    language = "python" if file.endswith(".py") else _script(file)
    return Found(file, missing.symbol, language, elsewhere=True, among=among)


def _elsewhere(
    sources: Sources,
    tails: list[str],
    suffixes: tuple[str, ...],
    missing: Found,
    folder: str,
    hints: _Hints,
) -> Found:
    """The only file below the deepest folder of the handler's that exists, else of the project, else of the repository,
    whose path ends like the handler's and that names its symbol: builds move files, and a path's letters may be of
    another case than the file's (which macOS and Windows do not mind). Where there are several, it is the one that the
    package or the function is named after; else each is a candidate and none is taken. Nor is one that is another
    function's or another project's code, or stands outside of a folder that has code."""
    name = re.compile(rf"\b{re.escape(missing.symbol.partition('.')[0])}\b")
    own = _standing(sources, folder)

    def below(tails: Iterable[str]) -> list[str]:
        return [one for one in sources.in_repository(tails) if _is_below(one, own)] if own else []

    for search in (below, sources.in_project, sources.in_repository):
        for tail in tails:
            fits = search([tail + suffix for suffix in suffixes])
            found = [fit for fit in fits[:_LOOKED_INTO] if name.search(sources.text(fit) or "")]
            among = len(found)
            if among > 1 and len(fits) <= _LOOKED_INTO and (like := most_like(found, named_by((folder, *hints.names)))):
                found = [like]
            if len(found) > 1 or len(fits) > _LOOKED_INTO:
                return replace(missing, candidates=tuple(sorted(found)))
            if found:
                return _taken(sources, found[0], missing, own, hints, among)
    return missing


def _standing(sources: Sources, folder: str) -> str:
    """The deepest folder on the way to a code's folder that exists and is no build's output; empty: the project's."""
    return str(sources.once(("standing", folder), lambda: _deepest(sources, folder)))


def _deepest(sources: Sources, folder: str) -> str:
    pieces = [] if folder in ("", ".") else normal(folder).split("/")
    first = next((at for at, piece in enumerate(pieces) if piece in _OUTPUTS), len(pieces))
    for length in range(first, 0, -1):
        path = "/".join(pieces[:length])
        if pieces[length - 1] == "..":
            return ""
        if sources.is_folder(path):
            return path
    return ""


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(folder + "/")


def _has_code(sources: Sources, folder: str) -> bool:
    """Whether a folder is a package of its own: it has a manifest or sources."""
    inner = [folder, *(f"{folder}/{name}" for name in ("src", "lib") if sources.is_folder(f"{folder}/{name}"))]
    return any(name in _MANIFESTS or name.endswith(_SOURCES) for one in inner for name in sources.entries(one))


def _is_of_another(sources: Sources, file: str, own: str, others: Iterable[tuple[str, str]]) -> bool:
    """Whether a file is the handler of another function, or stands in the folder of its code."""
    stem = posixpath.splitext(file)[0]
    stems = (stem, stem.removesuffix("/__init__"))
    for folder, declared in others:
        path = normal(posixpath.join(folder, declared.strip().lstrip("/")))
        if path.rpartition(".")[0] in stems or next(_node_splits(path), (path, ""))[0] in stems:
            return True
        theirs = _standing(sources, folder)
        if (
            theirs
            and _is_below(file, theirs)
            and not (own and _is_below(file, own))
            and not (own + "/").startswith(theirs + "/")
        ):
            return True
    return False


__all__ = ["Found", "Sources", "find", "language_of", "normal"]
