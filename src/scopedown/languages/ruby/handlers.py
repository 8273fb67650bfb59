"""Where a Ruby function begins: ``file.method`` or ``path/file.Module::Class.method``
(https://docs.aws.amazon.com/lambda/latest/dg/ruby-handler.html)."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from scopedown.project.code.handler_files import Sources
from scopedown.project.code.handlers import Found, normal

if TYPE_CHECKING:
    from scopedown.project.code.wanted import Wanted

_BUILT: Final = (".aws-sam", "vendor", "dist", "build")
"""Folders that builds fill; a file in them is a copy."""


def find(sources: Sources, wanted: Wanted, folder: str) -> Found | None:
    """The file and the name in it; the only file of the repository that fits where it is not at its place."""
    base, _, symbol = wanted.declared.strip().lstrip("/").partition(".")
    if not base or not symbol:
        return None
    own = normal(base)
    path = normal(posixpath.join(folder, base))
    if not sources.reaches(path):
        return Found(None, symbol, "ruby", outside=True)
    if sources.exists(f"{path}.rb"):
        return Found(f"{path}.rb", symbol, "ruby")
    for search in (sources.in_project, sources.in_repository):
        fits = [one for one in search([f"{own}.rb"]) if not any(part in _BUILT for part in one.split("/"))]
        named = [one for one in fits if _names(sources.text(one) or "", symbol)]
        if len(named) == 1:
            return Found(named[0], symbol, "ruby", elsewhere=True)
        if named:
            return Found(None, symbol, "ruby", candidates=tuple(sorted(named)))
    return Found(None, symbol, "ruby")


def _names(text: str, symbol: str) -> bool:
    return symbol.rpartition(".")[2] in text
