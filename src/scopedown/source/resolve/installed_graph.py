"""Installed packages as a lock: what each of them says that it requires (package.json, METADATA)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.source.packages.lock import Builder, Lock

if TYPE_CHECKING:
    from scopedown.source.resolve.installed import Installed

MAX_ASKED: Final = 400
"""Packages that are asked what they require, for one that is imported; with more, the first stays open."""


def node_graph(installed: Installed, name: str, here: str) -> Lock | None:
    """The packages in reach of an importing folder that one brings; None where it is not installed."""
    built = Builder()
    waiting = [(name, here)]
    seen: set[tuple[str, str]] = set()
    for asked, (one, importer) in enumerate(waiting):
        found = installed.node_package(one, importer)
        if found is None:
            continue
        if asked >= MAX_ASKED:
            built.leave_open(name)
            break
        folder, manifest = found
        if (one, folder) in seen:
            continue
        seen.add((one, folder))
        needs = manifest.dependencies("dependencies")
        uses = manifest.dependencies("optionalDependencies", "peerDependencies")
        built.add(one, set(needs) - set(uses), uses, manifest.data.get("private") is True)
        waiting += [(other, folder) for other in (*needs, *uses)]
    lock = built.lock()
    return lock if name in lock.needs else None


def python_graph(installed: Installed, module: str, here: str) -> tuple[str, Lock] | None:
    """The name of the distribution that a module is of, and the installed ones that it brings."""
    found = installed.python_distribution(module, here)
    if found is None:
        return None
    base, name = found
    built = Builder()
    waiting = [name]
    for one in waiting:
        requires = installed.python_requires(base, one)
        if requires is None:
            continue
        if len(waiting) > MAX_ASKED:
            built.leave_open(name)
            break
        needs, uses = requires
        built.add(one, needs, uses)
        waiting += [other for other in (*needs, *uses) if other not in waiting]
    return name, built.lock()
