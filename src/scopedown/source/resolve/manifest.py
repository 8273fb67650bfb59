"""package.json: which files a package gives to those who import it, and what it calls its own.

In: the parsed data. Out: paths relative to the package's folder, or other specifiers, most wanted first. Nothing here
asks the disk. Reference: https://nodejs.org/api/packages.html (``exports``, ``imports``, ``main``); ``module`` and
``source`` are bundlers' (https://esbuild.github.io/api/#main-fields, https://parceljs.org/features/targets/).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

MAX_TARGETS: Final = 64
"""Targets tried for one specifier; conditions may nest without end otherwise."""
_DEPTH: Final = 12

_CONDITIONS: Final = ("import", "module-sync", "module", "node-addons", "node", "require", "default")
"""Conditions that hold on Lambda, the code that is analysed best first: ES modules before what they compile to."""
_LATER: Final = ("production", "development", "worker", "edge-light", "browser", "deno", "bun", "react-native")
"""Conditions that do not hold there; what stands under one of them is better than nothing."""
_TYPES: Final = "types"
_SECTIONS: Final = ("dependencies", "peerDependencies", "optionalDependencies", "devDependencies")


@dataclass(frozen=True, slots=True)
class Manifest:
    """One package.json; ``folder`` is where it stands, absolute."""

    folder: str
    data: Mapping[str, Any]

    @property
    def name(self) -> str | None:
        """The package's name."""
        name = self.data.get("name")
        return name if isinstance(name, str) and name else None

    def dependencies(self, *sections: str) -> dict[str, str]:
        """Names of packages and the versions (or places) asked for, of the given sections (all where none is)."""
        found: dict[str, str] = {}
        for section in sections or _SECTIONS:
            listed = self.data.get(section)
            for name, version in (listed if isinstance(listed, dict) else {}).items():
                if isinstance(version, str):
                    found.setdefault(name, version)
        return found

    def targets(self, subpath: str, conditions: tuple[str, ...] = ()) -> Iterator[str]:
        """What ``name/subpath`` may be (``subpath`` "" for the package itself), relative to the folder.

        ``conditions`` are those that the project sets. A package with ``exports`` shows nothing else to others, yet
        bundlers and compilers reach its files all the same; so do we, last.
        """
        exports = self.data.get("exports")
        if exports is not None:
            yield from _inside(_mapped(exports, "./" + subpath if subpath else ".", conditions))
        if subpath:
            yield subpath
            return
        for key in ("source", "module", "main"):
            written = self.data.get(key)
            if isinstance(written, str) and written:
                yield from _inside([written])
        for key in ("types", "typings"):  # of a package whose output is not built, they tell of its source
            written = self.data.get(key)
            if isinstance(written, str) and written.endswith((".ts", ".tsx")):
                yield from _inside([written.removesuffix(".d.ts") + ".ts" if written.endswith(".d.ts") else written])

    def imported(self, specifier: str, conditions: tuple[str, ...] = ()) -> Iterator[str]:
        """What ``#name`` may be: paths that begin with ``./``, or names of packages."""
        imports = self.data.get("imports")
        if isinstance(imports, dict):
            yield from _mapped(imports, specifier, conditions)

    def aliases(self) -> Iterator[tuple[str, str]]:
        """Names for folders that ``module-alias`` reads here (https://www.npmjs.com/package/module-alias)."""
        written = self.data.get("_moduleAliases")
        for name, target in (written if isinstance(written, dict) else {}).items():
            if isinstance(target, str) and name:
                yield name, target


def _inside(targets: Iterator[str] | list[str]) -> Iterator[str]:
    """Targets that stay in the package, as plain relative paths."""
    for target in targets:
        path = posixpath.normpath(target.replace("\\", "/").lstrip("/"))
        if path != ".." and not path.startswith("../"):
            yield path


def _mapped(table: Any, wanted: str, conditions: tuple[str, ...]) -> Iterator[str]:
    """The targets of one subpath (``.``, ``./x``, ``#x``): exact, else of the longest pattern that fits."""
    is_subpaths = isinstance(table, dict) and any(key.startswith((".", "#")) for key in table)
    if not is_subpaths:
        if wanted == ".":
            yield from _bounded(_chosen(table, conditions, _DEPTH), "")
        return
    if wanted in table and "*" not in wanted:
        yield from _bounded(_chosen(table[wanted], conditions, _DEPTH), "")
        return
    best: tuple[int, int, Any, str] | None = None
    for pattern, target in table.items():
        head, star, tail = pattern.partition("*")
        if not star:
            # A folder, as node mapped them until version 16.
            if not pattern.endswith("/") or not wanted.startswith(pattern):
                continue
            candidate = (len(pattern), 0, target, wanted[len(pattern) :])
        elif wanted.startswith(head) and wanted.endswith(tail) and len(wanted) >= len(pattern):
            candidate = (len(head), len(pattern), target, wanted[len(head) : len(wanted) - len(tail)])
        else:
            continue
        if best is None or candidate[:2] > best[:2]:
            best = candidate
    if best is not None:
        yield from _bounded(_chosen(best[2], conditions, _DEPTH), best[3])


def _bounded(targets: Iterator[str], middle: str) -> Iterator[str]:
    seen: set[str] = set()
    for _, target in zip(range(MAX_TARGETS), targets, strict=False):
        whole = target + middle if target.endswith("/") else target.replace("*", middle)
        if whole not in seen:
            seen.add(whole)
            yield whole


def _chosen(target: Any, conditions: tuple[str, ...], depth: int) -> Iterator[str]:
    """The strings under a target, in the order in which this analysis prefers conditions.

    A condition that nobody knows is a project's own way to its sources (``"@org/source": "./src/index.ts"``), so it
    comes first where it leads to TypeScript.
    """
    if depth <= 0:
        return
    if isinstance(target, str):
        yield target
    elif isinstance(target, list):
        for one in target[:MAX_TARGETS]:
            yield from _chosen(one, conditions, depth - 1)
    elif isinstance(target, dict):
        known = (*_CONDITIONS, *_LATER, _TYPES)
        for key, one in target.items():
            if key in conditions:
                yield from _chosen(one, conditions, depth - 1)
        for key, one in target.items():
            if key not in known and not key.startswith("types@"):
                for found in _chosen(one, conditions, depth - 1):
                    if found.endswith((".ts", ".tsx", ".mts", ".cts")) and ".d." not in found:
                        yield found
        for key in (*_CONDITIONS, *_LATER):
            if key in target:
                yield from _chosen(target[key], conditions, depth - 1)
        for found in _chosen(target.get(_TYPES), conditions, depth - 1):
            if ".d." not in found:
                yield found
