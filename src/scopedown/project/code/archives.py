"""Where the code of an archive comes from: what the build scripts of the repository put into it.

In: an archive's path as the project file writes it, and a handler. Out: the handler's file, the folder that its package
begins with, and the folders that are laid beside it. An archive is known by its path, else by its name alone.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from scopedown.project.code.copies import Laid, is_below
from scopedown.project.code.handler_files import Sources
from scopedown.project.code.handlers import Found, find, normal
from scopedown.source.shell import UNKNOWN

_CODE: Final = (".py", ".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx")
_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Packed:
    """``found`` is the handler's place, ``root`` the folder that stands for its package, ``search`` the folders that
    are laid beside it, ``how`` the file that says so."""

    found: Found
    root: str
    search: tuple[str, ...] = ()
    how: str = ""


def find_packed(sources: Sources, archive: str, declared: str, runtime: str | None) -> Packed | None:
    """The handler in an archive; ``archive`` is relative to the project's folder, or a name without a folder. None
    where no script makes it, or scripts lead to different files."""
    wanted = sources.absolute(archive)
    exact: list[tuple[list[Laid], str]] = []
    alike: list[tuple[list[Laid], str]] = []
    from scopedown.project.code.build_scripts import archives

    for one in archives(sources):
        same_name = re.fullmatch(_pattern(posixpath.basename(one.path)), posixpath.basename(wanted))
        if same_name is None:
            continue
        whole = re.fullmatch(_pattern(one.path), wanted)
        laid = _bound(one.content, (whole or same_name).groups())
        (exact if whole is not None else alike).append((laid, one.script))
    for group in (exact, alike):
        found: dict[str, Packed] = {}
        for laid, script in group:
            packed = find_among(sources, laid, declared, runtime)
            if packed is not None and packed.found.file is not None:
                found.setdefault(packed.found.file, Packed(packed.found, packed.root, packed.search, script))
        if len(found) == 1:
            return next(iter(found.values()))
        if found:
            return None
    return None


def _pattern(path: str) -> str:
    """A path, of which a part may be unknown, as a regular expression."""
    return "([^/]*?)".join(re.escape(piece) for piece in re.split(f"{UNKNOWN}+", path)[:8])


def _bound(content: Iterable[Laid], values: tuple[str, ...]) -> list[Laid]:
    """What is unknown in an archive's content is what stands for it in the archive's path, where that is one text."""
    known = set(values)
    if len(known) != 1:
        return [laid for laid in content if UNKNOWN not in laid.source]
    value = known.pop()
    return [
        Laid(re.sub(f"{UNKNOWN}+", lambda _: value, laid.inner), re.sub(f"{UNKNOWN}+", lambda _: value, laid.source))
        for laid in content
    ]


def find_among(sources: Sources, laid: Iterable[Laid], declared: str, runtime: str | None) -> Packed | None:
    """The handler in a package that holds ``laid``, the latest first."""
    parts = list(dict.fromkeys(laid))[:_MOST]
    written = normal(declared.strip().lstrip("/"))
    for part in parts:
        source = sources.relative(part.source)
        rest = _below(written, part.inner)
        if rest is None or not sources.reaches(source):
            continue
        if rest == "":  # the file itself is what was laid there
            found = _file(sources, source, part.inner, written, runtime)
        else:
            if posixpath.splitext(source)[1] and not sources.is_folder(source):
                continue
            found = find(sources, rest, runtime, "" if source == "." else source, anywhere=False)
        if found is not None and found.file is not None:
            root = _root(source, part.inner)
            return Packed(found, root, _beside(sources, parts, root))
    return None


def _below(handler: str, inner: str) -> str | None:
    """A handler's path below a part of its package; empty where the part is its file, None where it is elsewhere."""
    if inner in ("", "."):
        return handler
    stem, ending = posixpath.splitext(inner)
    if ending in _CODE:
        plain = stem.replace("/", ".")
        return "" if handler.startswith((stem + ".", plain + ".")) else None
    for start in (inner + "/", inner.replace("/", ".") + "."):
        if handler.startswith(start):
            return handler[len(start) :]
    return None


def _file(sources: Sources, source: str, inner: str, handler: str, runtime: str | None) -> Found | None:
    """The handler of a file that stands in the package under another name, perhaps."""
    stem, ending = posixpath.splitext(source)
    symbol = handler[len(posixpath.splitext(inner)[0]) + 1 :]
    if ending not in _CODE or not symbol:
        return None
    if sources.exists(source):
        language = "python" if ending == ".py" else "typescript" if "ts" in ending else "javascript"
        return Found(source, symbol, language)
    return find(sources, f"{stem}.{symbol}", runtime, anywhere=False)  # a build makes it


def _root(source: str, inner: str) -> str:
    """The folder that the package's own begins with, where the names below it are the same."""
    pieces = [part for part in inner.split("/") if part not in ("", ".")]
    if posixpath.splitext(source)[1] in _CODE:
        source = posixpath.dirname(source) or "."
        pieces = pieces[:-1]
    while pieces and posixpath.basename(source) == pieces[-1]:
        source, pieces = posixpath.dirname(source) or ".", pieces[:-1]
    return "" if source == "." else source


def _beside(sources: Sources, parts: list[Laid], root: str) -> tuple[str, ...]:
    """The folders that the other parts of a package come from, as far as their names are kept."""
    found: dict[str, None] = {}
    for part in parts:
        folder = _root(sources.relative(part.source), part.inner)
        if folder != root and sources.is_folder(folder or "."):
            found[folder or "."] = None
    return tuple(one for one in found if not is_below(root or ".", one))[:20]
