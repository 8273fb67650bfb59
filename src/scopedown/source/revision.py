"""Which state of which repository a project is of, by the files of its ``.git``; no program is run.

In: a project's folder. Out: its :class:`Revision`. Git's layout is
https://git-scm.com/docs/gitrepository-layout; a repository in the form reftable has no commit here.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scopedown.source.disk import Disk
from scopedown.source.repository import repository_of


@dataclass(frozen=True, slots=True)
class Revision:
    """``repository`` is host and path of the remote ``origin`` without credentials (``github.com/acme/orders``), or the
    folder's name; ``commit`` the 40 or 64 hexadecimal digits. Both are empty where they are not known. ``top`` is the
    repository's folder, None outside of one."""

    repository: str = ""
    commit: str = ""
    top: Path | None = None


def revision_of(folder: Path) -> Revision:
    """The revision that a folder is checked out at."""
    top = repository_of(folder)
    return Revision() if top is None else _of(top)


def name_of(url: str) -> str:
    """Host and path of a remote's URL; empty where it has no host.

    >>> name_of("https://x-access-token:secret@github.com/acme/orders.git")
    'github.com/acme/orders'
    >>> name_of("git@github.com:acme/orders.git"), name_of("../orders")
    ('github.com/acme/orders', '')
    """
    found = _URL.fullmatch(url) or _SHORT.fullmatch(url)
    if found is None:
        return ""
    path = found["path"].partition("?")[0].partition("#")[0].strip("/").removesuffix(".git")
    return f"{found['host'].lower()}/{path}"


_URL = re.compile(r"[a-z][a-z0-9+.-]{0,20}://(?:[^/@]*@)?(?P<host>[^/@:\s]+)(?::\d{1,5})?/(?P<path>[^\s@]{1,400})")
_SHORT = re.compile(r"(?:[^/@:\s]*@)?(?P<host>[^/@:\s]{2,}):(?!/)(?P<path>[^\s@]{1,400})")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REF = re.compile(r"ref: (refs/[^\s\\:]{1,400})")
_ORIGIN = re.compile(r'^\[remote "origin"\]$(.*?)(?=^\[|\Z)', re.MULTILINE | re.DOTALL)
_REMOTE_URL = re.compile(r"^\s*url\s*=\s*(\S+)\s*$", re.MULTILINE)


@cache
def _of(top: Path) -> Revision:
    disk = Disk()
    own = _git_folder(disk, str(top / ".git"))
    return Revision(origin_of(top) or top.name, _commit(disk, own, _common(disk, own)), top)


@cache
def origin_of(top: Path) -> str:
    """The name of the remote ``origin`` of the repository in a folder; empty where it has none with a host."""
    disk = Disk()
    common = _common(disk, _git_folder(disk, str(top / ".git")))
    origin = _ORIGIN.search(_text(disk, os.path.join(common, "config")))
    url = _REMOTE_URL.search(origin[1]) if origin else None
    return name_of(url[1]) if url else ""


def _common(disk: Disk, own: str) -> str:
    """The folder that a worktree shares with its repository; a repository's own folder is that already."""
    return os.path.join(own, _text(disk, os.path.join(own, "commondir")).strip() or ".")


def _git_folder(disk: Disk, path: str) -> str:
    """``.git`` itself, or the folder that it names where it is a file."""
    if disk.is_folder(path):
        return path
    named = _text(disk, path).strip()
    return os.path.join(os.path.dirname(path), named.removeprefix("gitdir: ")) if named else path


def _commit(disk: Disk, own: str, common: str) -> str:
    head = _text(disk, os.path.join(own, "HEAD")).strip()
    reference = _REF.fullmatch(head)
    if reference is None:
        return head if _COMMIT.fullmatch(head) else ""
    name = reference[1]
    if ".." in name:
        return ""
    for folder in (own, common):
        loose = _text(disk, os.path.join(folder, name)).strip()
        if _COMMIT.fullmatch(loose):
            return loose
    for line in _text(disk, os.path.join(common, "packed-refs"), large=True).splitlines():
        commit, _, packed = line.partition(" ")
        if packed == name and _COMMIT.fullmatch(commit):
            return commit
    return ""


def _text(disk: Disk, path: str, large: bool = False) -> str:
    """A file's text; empty where it is not there or too large."""
    try:
        return disk.read(path, large).decode("utf-8", "replace")
    except OSError:
        return ""
