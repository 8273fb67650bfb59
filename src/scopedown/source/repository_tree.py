"""All source files below a folder, by one bounded walk.

What is looked for anywhere in a repository is looked for here: a module that is not at its place, packages by their
manifests. Folders of tests, of outputs and of installed packages are left out, links are not followed. Folders that are
nearer to the top come first, so that of a repository that is too large the outer part is known.
"""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from scopedown.source.relocated import LEFT_OUT

CDK_OUTPUT: Final = "cdk.out"
"""What ``cdk synth`` writes (https://docs.aws.amazon.com/cdk/v2/guide/deploy.html), unless it is given another name."""

SKIPPED_FOLDERS: Final = frozenset(
    {
        "node_modules", ".git", ".serverless", ".aws-sam", CDK_OUTPUT, ".venv", "venv", "__pycache__", ".webpack",
        ".esbuild", ".build", ".tox",
    }
)  # fmt: skip
"""Folders that hold no sources of a project's own."""

MAX_FOLDERS: Final = 10_000
MAX_NAMES: Final = 150_000
"""Folders that are read, and names in them, at most."""
MAX_DEPTH: Final = 16

_ENDINGS: Final = (
    ".py", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".json",
    ".cs", ".csproj", ".go", ".java", ".kt", ".php", ".rb", ".rs",
)  # fmt: skip
DECLARATIONS: Final = (".d.ts", ".d.mts", ".d.cts")
_MANIFESTS: Final = frozenset({"pyproject.toml", "setup.cfg"})
_SCRIPTS: Final = (".sh", ".bash", ".mk")
_SCRIPT_NAMES: Final = frozenset(
    {
        "Makefile", "makefile", "GNUmakefile", "buildspec.yml", "buildspec.yaml", ".gitlab-ci.yml",
        "bitbucket-pipelines.yml",
    }
)  # fmt: skip
_KEPT_ENDINGS: Final = _ENDINGS + _SCRIPTS
_KEPT_NAMES: Final = _MANIFESTS | _SCRIPT_NAMES | {"Dockerfile"}
_DOCUMENTS: Final = (".yml", ".yaml", ".template")


def is_script(name: str) -> bool:
    """Whether a file may say how something is built: a shell script, a Makefile, a pipeline, a package.json."""
    return name == "package.json" or name in _SCRIPT_NAMES or name.endswith(_SCRIPTS)


_SETTLED: Final = 2.0
"""Seconds for which a folder must have been left alone when it is read: its time is not exact enough to show a change
that comes right after."""
_KEPT: Final = 4
_TRUSTED: Final = 1.0
"""Seconds for which a tree that was found unchanged is not asked about again."""


@dataclass(frozen=True)
class Tree:
    """``folders``: the names of source files and manifests by their folder (relative, forward slashes, "" for the top).
    ``is_whole``: no bound was reached. ``documents``: the files that may be templates and are no sources, which
    ``digest`` leaves out."""

    folders: dict[str, tuple[str, ...]]
    is_whole: bool
    digest: str
    documents: tuple[str, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, tuple[str, ...]]:
        """The source files by their last name in small letters."""
        found: dict[str, list[str]] = {}
        for folder, names in self.folders.items():
            for name in names:
                if name.endswith(_ENDINGS):
                    found.setdefault(name.lower(), []).append(f"{folder}/{name}" if folder else name)
        return {name: tuple(paths) for name, paths in found.items()}

    @cached_property
    def scripts(self) -> tuple[str, ...]:
        """The files that may say how something is built."""
        held = ((folder, name) for folder, names in self.folders.items() for name in names if is_script(name))
        return tuple(f"{folder}/{name}" if folder else name for folder, name in held)

    @cached_property
    def python_folders(self) -> dict[str, tuple[str, ...]]:
        """The folders that hold Python by their last name in small letters."""
        found: dict[str, list[str]] = {}
        for folder, names in self.folders.items():
            if folder and any(name.endswith(".py") for name in names):
                found.setdefault(folder.rpartition("/")[2].lower(), []).append(folder)
        return {name: tuple(paths) for name, paths in found.items()}

    @cached_property
    def python_packages(self) -> frozenset[str]:
        """The folders with an ``__init__.py``."""
        return frozenset(folder for folder, names in self.folders.items() if "__init__.py" in names)

    def folders_with(self, *names: str) -> list[str]:
        """The folders that hold a file of one of these names."""
        return [folder for folder, held in self.folders.items() if any(name in held for name in names)]


_Walked = tuple[Tree, float, dict[str, int]]
"""A tree, when it was read, and the times of all folders that were read."""
_walked: dict[str, _Walked] = {}
_trusted: dict[str, float] = {}
"""When a tree was found unchanged the last time."""


def tree_of(top: str) -> Tree:
    """The tree below a folder (absolute): the one that this process read before, where no folder has changed since.

    Projects of one repository share it, each of which would go through all of the repository's folders otherwise.
    """
    known = _walked.get(top)
    now = time.monotonic()
    if known is not None:  # the trees that are asked for stay
        _walked[top] = _walked.pop(top)
    if known is not None and now - _trusted.get(top, -_TRUSTED) < _TRUSTED:
        return known[0]
    if known is not None and _is_unchanged(known):
        _trusted[top] = now
        return known[0]
    _trusted.pop(top, None)
    found = walk(top)
    while len(_walked) >= _KEPT:
        _walked.pop(next(iter(_walked)))
    _walked[top] = found
    return found[0]


def _is_unchanged(walked: _Walked) -> bool:
    _, read, times = walked
    try:
        return all(os.stat(path).st_mtime_ns == known < (read - _SETTLED) * 1e9 for path, known in times.items())
    except OSError:
        return False


def walk(top: str) -> _Walked:
    """The tree below a folder (absolute). What cannot be read is passed over."""
    skipped = SKIPPED_FOLDERS | LEFT_OUT
    folders: dict[str, tuple[str, ...]] = {}
    times: dict[str, int] = {}
    documents: list[str] = []
    began = time.time()
    waiting = [("", top, 0)]
    read = seen = 0
    is_whole = True
    for below, path, depth in waiting:
        if read >= MAX_FOLDERS or seen >= MAX_NAMES:
            is_whole = False
            break
        read += 1
        files: list[str] = []
        inner: list[str] = []
        installed: set[str] = set()
        try:
            times[path] = os.stat(path).st_mtime_ns
            with os.scandir(path) as entries:
                for entry in entries:
                    name = entry.name
                    seen += 1
                    if seen > MAX_NAMES:
                        is_whole = False
                        break
                    if name.endswith(_KEPT_ENDINGS) or name in _KEPT_NAMES:
                        if entry.is_file(follow_symlinks=False) and not name.endswith(DECLARATIONS):
                            files.append(name)
                    elif name.endswith(_DOCUMENTS):
                        if entry.is_file(follow_symlinks=False):
                            documents.append(f"{below}/{name}" if below else name)
                    elif name[0] != "." and name not in skipped and entry.is_dir(follow_symlinks=False):
                        if name.endswith(".dist-info"):  # what pip put beside it is not the project's
                            installed.add(_bare(name.partition("-")[0]))
                        else:
                            inner.append(name)
        except (OSError, ValueError):
            continue
        if installed:
            files = [name for name in files if _bare(name.removesuffix(".py")) not in installed]
            inner = [name for name in inner if _bare(name) not in installed]
        if files:
            folders[below] = tuple(sorted(files))
        if depth >= MAX_DEPTH:
            is_whole = is_whole and not inner
            continue
        start = f"{below}/" if below else ""
        waiting.extend((start + name, os.path.join(path, name), depth + 1) for name in sorted(inner))
    words = "\0".join(f"{folder}/{name}" for folder, names in folders.items() for name in names)
    digest = hashlib.blake2b(f"{is_whole}\0{words}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return Tree(folders, is_whole, digest, tuple(sorted(documents))), began, times


def _bare(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "").replace(".", "")
