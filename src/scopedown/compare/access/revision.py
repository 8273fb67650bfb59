"""A repository's files at a commit, in a temporary folder: the work tree is not touched, and nothing of it runs."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scopedown.core.finding import ScopedownError
from scopedown.source.repository import REPOSITORY

_MOST = 2_000_000_000
"""Bytes of an archive that are taken."""


@contextmanager
def files_at(revision: str, path: Path) -> Iterator[Path | None]:
    """The place of ``path`` in a temporary folder with the repository's files at a commit, branch or tag; None where
    there was no such path.

    Raises ScopedownError where there is no repository, or no such commit.
    """
    folder = path if path.is_dir() else path.parent
    top = Path(_git(folder, "rev-parse", "--show-toplevel", otherwise=f"{folder} is in no Git repository").strip())
    commit = _git(
        folder, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}",
        otherwise=f"the repository has no commit {revision!r}",
        remedy="name a commit, a branch or a tag; in a pipeline fetch it before (fetch-depth: 0)",
    ).strip()  # fmt: skip
    inside = path.resolve().relative_to(top.resolve())
    with tempfile.TemporaryDirectory(prefix="scopedown-") as temporary:
        _extract(_bytes(top, "archive", "--format=tar", commit), Path(temporary))
        (Path(temporary) / REPOSITORY[0]).mkdir(exist_ok=True)  # what a project names by ../ ends at the repository
        found = Path(temporary) / inside
        yield found if found.exists() else None


def _extract(data: bytes, folder: Path) -> None:
    """Files, folders and links of an archive; nothing that points out of the folder, and no device."""
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            try:
                kept = tarfile.data_filter(member, str(folder))
            except (tarfile.FilterError, AttributeError):
                continue
            if kept is not None:
                archive.extract(kept, folder, set_attrs=False)


def _git(folder: Path, *arguments: str, otherwise: str, remedy: str = "") -> str:
    done = _run(folder, *arguments)
    if done.returncode:
        raise ScopedownError(otherwise, None, remedy or "give two folders instead of --base")
    return done.stdout.decode("utf-8", "replace")


def _bytes(folder: Path, *arguments: str) -> bytes:
    done = _run(folder, *arguments)
    if done.returncode or len(done.stdout) > _MOST:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise ScopedownError(f"git archive failed: {said[-1] if said else 'the archive is too large'}")
    return done.stdout


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise ScopedownError("git is not installed", None, "give two folders instead of --base") from None
