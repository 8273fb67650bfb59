"""Where a function's modules are looked for: what the finders of every language share."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scopedown.source.disk import Disk, Once
from scopedown.source.resolve.workspace import Workspace

INSTALLED_FOLDERS = ("node_modules", "site-packages", "dist-packages")
"""Folders that package managers fill."""


_TASK: Final = "/var/task"
_LAYERS: Final = "/opt"
_SYSTEM: Final = (
    "/tmp",
    "/mnt",
    "/usr",
    "/etc",
    "/proc",
    "/dev",
    "/sys",
    "/bin",
    "/home",
    "/root",
    "/var/lang",
    "/var/runtime",
)
"""Folders of Lambda's own system: what stands there is nothing of a repository's."""


@dataclass(frozen=True, slots=True)
class Ground:
    """``root`` is the project's folder, ``package`` the one that the function's code is packaged from, ``layers`` those
    of its layers; all are absolute. ``environment`` are its variables that say where modules are (``PYTHONPATH``,
    ``NODE_PATH``), as far as they are known."""

    root: str
    package: str
    layers: tuple[str, ...]
    environment: Mapping[str, str]
    disk: Disk
    once: Once
    workspace: Workspace
    search: tuple[str, ...] = ()
    """Folders that a build lays beside the package, absolute."""
    bounded: bool = True
    """Whether only the repository's files are found. A configuration may name any file, as it may in YAML."""

    def name(self, path: str) -> str | None:
        """A file by the name that the analysis gives it: relative to the root, with forward slashes. None for one that
        the project may not reach: it stands outside of the repository, or a link leads there."""
        if self.bounded and not self.workspace.reaches(path):
            return None
        return os.path.relpath(path, self.root).replace(os.sep, "/")

    def path(self, file: str) -> str:
        """The absolute path of a file named relative to the root."""
        return os.path.normpath(os.path.join(self.root, *file.split("/")))

    def read(self, path: str) -> str | None:
        """The text of a file, or None where there is none that can be read."""
        if not self.disk.is_file(path):
            return None
        try:
            return self.disk.read(path).decode("utf-8-sig", "replace")
        except OSError:
            return None

    def running(self, path: str) -> list[str]:
        """The folders here that a folder of the running function may be: its code is in ``/var/task``, which is also
        its working directory, its layers in ``/opt``
        (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html)."""
        if "\0" in path or len(path) > 1000:
            return []
        whole = posixpath.join(_TASK, path.replace("\\", "/"))
        plain = posixpath.normpath(whole)
        for mount, bases in ((_TASK, self._bases()), (_LAYERS, list(self.layers))):
            if (plain + "/").startswith(mount + "/"):
                return _joined(bases, plain[len(mount) + 1 :])
        if whole.startswith(_TASK + "/"):
            # ``../shared`` leaves /var/task there; here it is beside the package, before a build put it inside.
            return _joined(self._bases(), whole[len(_TASK) + 1 :])
        return self._above(plain)

    def _bases(self) -> list[str]:
        return list(dict.fromkeys((self.package, self.root)))

    def _above(self, path: str) -> list[str]:
        """The same for a path that climbed out of ``/var/task`` and lost how far: the top folder may be any of those
        from two above the package on, ``/var`` is the one above it."""
        if path.startswith(_SYSTEM):
            return []
        found: list[str] = []
        for base in self._bases():
            folders = list(self.workspace.upwards(base))[1:]
            if (path + "/").startswith("/var/"):
                found += _joined(folders[:1], path[len("/var/") :])
            else:
                found += _joined(folders[1:], path.lstrip("/"))
        return list(dict.fromkeys(found))


def _joined(bases: list[str], below: str) -> list[str]:
    return list(dict.fromkeys(os.path.normpath(os.path.join(base, *below.split("/"))) for base in bases))


def is_installed(path: str) -> bool:
    """Whether a path (or a file's name) is below a package manager's folder."""
    return any(piece in INSTALLED_FOLDERS for piece in path.replace("\\", "/").split("/"))
