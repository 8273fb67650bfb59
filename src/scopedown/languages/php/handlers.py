"""Where a PHP function begins: a file that returns its handler or is the program, a function's name, or a class
(https://bref.sh/docs/runtimes, https://bref.sh/docs/runtimes/function, https://bref.sh/docs/runtimes/console)."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from scopedown.project.code.handler_files import Sources
from scopedown.project.code.handlers import Found, normal

if TYPE_CHECKING:
    from scopedown.project.code.wanted import Wanted

CONSOLE: Final = "<console>"
"""The symbol of a console application, whose commands run."""
_STARTS: Final = ("bootstrap/app.php", "src/Kernel.php", "config/bundles.php", "public/index.php")
"""Files by which an application is known whose console is no file of its own ending."""


def find(sources: Sources, wanted: Wanted, folder: str) -> Found | None:
    """The file and the symbol of a handler; None where it looks like no PHP."""
    declared = wanted.declared.strip().lstrip("/")
    is_php = bool(wanted.runtime and wanted.runtime.startswith("php"))
    if "\\" in declared:
        return _of_class(sources, declared, folder, is_php)
    path = normal(posixpath.join(folder, declared))
    if not sources.reaches(path):
        return Found(None, declared, "php", outside=True) if declared.endswith(".php") else None
    if declared.endswith(".php"):
        if sources.exists(path):
            return Found(path, "", "php")
        fits = [one for one in sources.in_project([normal(declared)]) if "vendor/" not in one]
        if len(fits) == 1:
            return Found(fits[0], "", "php", elsewhere=True)
        return Found(None, "", "php", candidates=tuple(sorted(fits)))
    if sources.exists(path) and (sources.text(path) or "")[:200].find("<?php") >= 0:  # artisan, bin/console
        for start in _STARTS:
            if sources.exists(below := normal(posixpath.join(folder, start))):
                return Found(below, CONSOLE, "php")
    name = posixpath.basename(declared)
    stem, _, method = name.partition(".")
    for candidate in (f"{declared}.php", f"src/{declared}.php", f"{stem}.php", f"src/{stem}.php"):
        below = normal(posixpath.join(folder, candidate))
        text = sources.text(below)
        if text is not None and (is_php or "<?php" in text[:200]):
            symbol = method or name
            return Found(below, symbol if f"function {symbol}" in text else "", "php")
    return Found(None, declared, "php") if is_php else None


def _of_class(sources: Sources, declared: str, folder: str, is_php: bool) -> Found | None:
    """A class of the project, which the framework's container makes."""
    name = declared.lstrip("\\")
    tail = name.split("\\")
    for length in range(len(tail), 0, -1):
        fits = [one for one in sources.in_project(["/".join(tail[-length:]) + ".php"]) if "vendor/" not in one]
        inside = [one for one in fits if not folder or one.startswith(normal(folder) + "/") or folder == "."]
        for one in inside or fits:
            if f"class {tail[-1]}" in (sources.text(one) or ""):
                return Found(one, name, "php")
    for start in _STARTS:  # a class of a package, in whose hands the application is
        if is_php and sources.exists(below := normal(posixpath.join(folder, start))):
            return Found(below, name, "php")
    return Found(None, name, "php") if is_php else None
