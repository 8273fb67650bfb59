"""A copy of the project to work in, so that the user's own folder stays as it is.

In: the project's folder. Out: a temporary folder with its files byte by byte, beside it links to what it may reach for
above itself (``../shared``, a workspace's ``node_modules``), as far as its repository goes. ``node_modules`` are copied
where they are small, else their files are linked: a framework or a bundler that writes new files there writes into the
copy.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from scopedown.core.finding import ScopedownError

LEFT_OUT = frozenset({".git", ".hg", ".svn", ".serverless", ".build", ".aws-sam", ".terraform", "__pycache__"})
"""Folders that are made anew, or that no command of a framework reads."""
LINKED = frozenset({".venv", "venv", ".tox", ".yarn", ".pnpm-store"})
"""Folders of installed programs: linked whole, since they are read only."""
MODULES = "node_modules"
MAX_BYTES, MAX_FILES = 500_000_000, 50_000
"""What a project itself may hold (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 250 MB
unzipped is what a function may weigh)."""
FEW = 100
"""Entries of a folder above a project that holds what belongs to it."""
SMALL = 3_000
"""Files of node_modules that are copied; more are linked."""


def make_workspace(project: Path, into: Path) -> Path:
    """Copy a project's folder under ``into``; the copy. Raises ScopedownError where it is too large, or cannot be
    read."""
    project = project.resolve()
    top = repository_of(project)
    inside = into / "copy" / (top.name or "project")
    copy = inside / project.relative_to(top)
    try:
        _bounded(project)
        _around(top, project, inside)
        _copy(project, copy)
    except shutil.Error as error:
        first = error.args[0][0] if error.args and error.args[0] else (project, "", str(error))
        raise ScopedownError(f"{first[0]} cannot be copied: {first[2]}", remedy="check its mode") from error
    except OSError as error:
        where = error.filename or project
        raise ScopedownError(f"{where} cannot be copied: {error.strerror}", remedy="check its mode") from error
    return copy


def repository_of(project: Path) -> Path:
    """The folder that the project's relative paths and modules may reach up to: that of its repository, or the highest
    above it in the same tree that has ``node_modules``. Where there is none, as in an archive that was unpacked, the
    folder above it, if that is a small one; else the project's own."""
    found = project
    for folder in project.parents:
        if folder == folder.parent or folder == Path.home():
            break
        if (folder / MODULES).is_dir():
            found = folder
        if (folder / ".git").exists():
            return folder
    return project.parent if found == project and _is_small(project.parent) else found


def _is_small(folder: Path) -> bool:
    """Whether a folder holds one undertaking's files: it is nobody's home, nor one for temporary files."""
    if folder in (folder.parent, Path.home(), Path(tempfile.gettempdir()).resolve()):
        return False
    try:
        return len(list(islice(folder.iterdir(), FEW + 1))) <= FEW
    except OSError:
        return False


def _bounded(project: Path) -> None:
    size = 0
    for files, one in enumerate(_files(project), 1):
        size += one.stat(follow_symlinks=False).st_size
        if files > MAX_FILES or size > MAX_BYTES:
            raise ScopedownError(
                f"{project} holds more than {MAX_FILES:,} files or {MAX_BYTES // 1_000_000} MB outside node_modules",
                remedy="name the folder of one service",
            )


def _files(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in LEFT_OUT | LINKED | {MODULES}:
                    yield from _files(Path(entry.path))
            else:
                yield entry


def _around(top: Path, project: Path, into: Path) -> None:
    """Links to what stands beside the folders on the way from the repository's to the project's."""
    target, source = into, top
    for name in project.relative_to(top).parts:
        target.mkdir(parents=True, exist_ok=True)
        for path in source.iterdir():
            if path.name != name and path.name not in LEFT_OUT:
                _link(path, target / path.name)
        target, source = target / name, source / name


def _copy(source: Path, target: Path) -> None:
    """A folder's files, byte by byte, with the modes of those that can be run; writable whatever they were."""
    target.mkdir(parents=True, exist_ok=True)
    with os.scandir(source) as entries:
        for entry in entries:
            here, there = Path(entry.path), target / entry.name
            if entry.name in LEFT_OUT and entry.is_dir(follow_symlinks=False):
                continue
            if entry.is_symlink():
                _same_link(here, there)
            elif entry.is_dir():
                if entry.name == MODULES:
                    _modules(here, there)
                elif entry.name in LINKED:
                    _link(here, there)
                else:
                    _copy(here, there)
            elif entry.is_file():
                shutil.copyfile(here, there)
                there.chmod(stat.S_IMODE(entry.stat().st_mode) | stat.S_IRUSR | stat.S_IWUSR)


def _same_link(here: Path, there: Path) -> None:
    """A link inside of what is copied stays one; what leads out of it keeps leading there. A dead one is left out."""
    written = os.readlink(here)  # noqa: PTH115 (as it is written, not resolved)
    if here.exists():
        there.symlink_to(here.resolve() if Path(written).is_absolute() else written)


def _modules(source: Path, target: Path) -> None:
    """``node_modules``: copied where it is small, else with every file a hard link; where the file system has none,
    with every package a link."""
    count = 0
    for _ in _all(source):
        count += 1
        if count > SMALL:
            break
    copy = shutil.copy2 if count <= SMALL else os.link
    try:
        shutil.copytree(source, target, symlinks=True, copy_function=copy)
    except (OSError, shutil.Error):
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for path in source.iterdir():
            if path.name.startswith("@"):
                (target / path.name).mkdir()
                for inner in path.iterdir():
                    _link(inner, target / path.name / inner.name)
            elif path.name not in (".cache",):
                _link(path, target / path.name)


def _all(folder: Path) -> Iterator[None]:
    for _, _, names in os.walk(folder):
        for _ in names:
            yield None


def _link(source: Path, target: Path) -> None:
    target.symlink_to(source, target_is_directory=source.is_dir())
