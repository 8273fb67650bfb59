"""Questions to the file system, each asked once, and which of them an answer was made of.

All that the analysis knows of a user's files it asks here: whether there is a file or a folder, what a folder holds,
what stands in a file. The questions that were asked while something was worked out, with digests of their answers, are
what it depends on; where all of them still have the same answers it would come out the same, whatever else changed. A
file that was looked for and was not there is such a question too.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from scopedown.source.repository_tree import Tree, tree_of

Question = tuple[str, str]
"""What is asked (``file``, ``folder``, ``exists``, ``real``, ``entries``, ``tree``, ``read``, ``large``), of which
whole path."""

Answer = TypeVar("Answer")

MAX_BYTES = 3_000_000
"""More of a source file is never read."""
MAX_LARGE_BYTES = 32 * 1024 * 1024
"""More of a file that may be large (a lock file) is never read."""
FEW = 8
"""Questions that are noted one by one each time that somebody uses what they were asked for; more are a group."""


class TooLarge(OSError):
    """The file has more bytes than are read; ``size`` is how many."""

    def __init__(self, size: int) -> None:
        super().__init__(errno.EFBIG, "too large")
        self.size = size


@dataclass(frozen=True, slots=True, eq=False)
class Kept(Generic[Answer]):
    """What was worked out once, and the questions that it depends on: its own, and those of groups."""

    value: Answer
    questions: tuple[Question, ...]
    groups: tuple[Kept[Any], ...]


class Disk:
    """The answers of one run. What changes on the disk meanwhile is not seen twice differently."""

    def __init__(self) -> None:
        self._yes: dict[Question, bool] = {}
        self._entries: dict[str, tuple[str, ...]] = {}
        self._trees: dict[str, Tree] = {}
        self._real: dict[str, str] = {}
        self._contents: dict[Question, str] = {}
        self._asked: dict[Question, None] = {}
        self._whole = self._asked
        """Where the questions of groups are noted: those of a whole report, else of the run."""
        self._groups: dict[int, Kept[Any]] = {}
        """The groups that are noted there, by identity."""
        self._used: dict[int, Kept[Any]] = {}
        """The groups that are used meanwhile, by identity."""
        self.shared = Once(self)
        """What was worked out of files alone, for everyone who asks this disk."""

    def is_file(self, path: str) -> bool:
        """Whether there is a regular file."""
        return self._is("file", path, os.path.isfile)

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder."""
        return self._is("folder", path, os.path.isdir)

    def exists(self, path: str) -> bool:
        """Whether there is anything of that name."""
        return self._is("exists", path, os.path.exists)

    def real(self, path: str) -> str:
        """The path with all links followed (a loop of links leads to itself)."""
        self._asked["real", path] = None
        known = self._real.get(path)
        if known is None:
            try:
                known = os.path.realpath(path)
            except (OSError, ValueError):
                known = path
            self._real[path] = known
        return known

    def _is(self, kind: str, path: str, ask: Callable[[str], bool]) -> bool:
        question = (kind, path)
        self._asked[question] = None
        known = self._yes.get(question)
        if known is None:
            known = self._yes[question] = ask(path)
        return known

    def entries(self, path: str) -> tuple[str, ...]:
        """The names in a folder, in order; none where it cannot be read."""
        self._asked["entries", path] = None
        known = self._entries.get(path)
        if known is None:
            try:
                known = tuple(sorted(os.listdir(path)))
            except (OSError, ValueError):
                known = ()
            self._entries[path] = known
        return known

    def tree(self, path: str) -> Tree:
        """The source files below a folder."""
        self._asked["tree", path] = None
        known = self._trees.get(path)
        if known is None:
            known = self._trees[path] = tree_of(path)
        return known

    def read(self, path: str, large: bool = False) -> bytes:
        """All of a regular file. Raises OSError, :class:`TooLarge` among them; the content is not kept.

        ``large``: a file of which more is read, up to :data:`MAX_LARGE_BYTES`.
        """
        question = ("large" if large else "read", path)
        limit = MAX_LARGE_BYTES if large else MAX_BYTES
        self._asked[question] = None
        try:
            found = os.stat(path)
            if not stat.S_ISREG(found.st_mode):
                raise OSError(errno.EINVAL, "it is not a regular file")
            if found.st_size > limit:
                raise TooLarge(found.st_size)
            with open(path, "rb") as stream:
                content = stream.read(limit + 1)
            if len(content) > limit:
                raise TooLarge(len(content))
        except OSError as error:
            size = error.size if isinstance(error, TooLarge) else ""
            self._contents[question] = f"{error.errno} {error.strerror} {size}"
            raise
        except ValueError:  # a path that no system knows: a NUL or a lone surrogate in it
            self._contents[question] = "no path"
            raise OSError(errno.EINVAL, "it is not a valid path") from None
        self._contents[question] = hashlib.blake2b(content, digest_size=16).hexdigest()
        return content

    # what was asked

    @contextmanager
    def noting(self, whole: bool = False) -> Iterator[dict[Question, None]]:
        """The questions asked meanwhile (they count as asked outside as well); ``whole``: of a whole report."""
        outer, self._asked = self._asked, {}
        outer_used, self._used = self._used, {}
        before = self._whole, self._groups
        if whole:
            self._whole, self._groups = self._asked, {}
        try:
            yield self._asked
        finally:
            outer.update(self._asked)
            outer_used.update(self._used)
            self._asked, self._used = outer, outer_used
            self._whole, self._groups = before

    def note(self, questions: Iterable[Question]) -> None:
        """Somebody uses what these questions were asked for: they count as asked again."""
        self._asked.update(dict.fromkeys(questions))

    def keep(self, value: Answer) -> Kept[Answer]:
        """Something that was worked out within :meth:`noting`, with all that it depends on."""
        return Kept(value, tuple(self._asked), tuple(self._used.values()))

    def use(self, kept: Kept[Answer], as_group: bool = False) -> Answer:
        """Somebody uses what was kept. ``as_group``: its questions are those of a group, as many questions always are.
        A group is noted once for the whole report; what is kept for another report keeps its groups too."""
        if not (as_group or kept.groups or len(kept.questions) > FEW):
            self.note(kept.questions)
            return kept.value
        self._used[id(kept)] = kept
        waiting: list[Kept[Any]] = [kept]
        while waiting:
            group = waiting.pop()
            if id(group) not in self._groups:
                self._groups[id(group)] = group
                self._whole.update(dict.fromkeys(group.questions))
                waiting += group.groups
        return kept.value

    def digest(self, question: Question) -> str:
        """A question's answer in short; it is asked where it was not yet. An unknown question has an empty one."""
        kind, path = question
        if kind in ("read", "large"):
            if question not in self._contents:
                try:
                    self.read(path, kind == "large")
                except OSError:
                    pass
            return self._contents[question]
        if kind == "entries":
            names = "\0".join(self.entries(path)).encode("utf-8", "surrogatepass")
            return hashlib.blake2b(names, digest_size=16).hexdigest()
        if kind == "real":
            return self.real(path)
        if kind == "tree":
            return self.tree(path).digest
        asked = {"file": self.is_file, "folder": self.is_folder, "exists": self.exists}.get(kind)
        if asked is not None:
            return "yes" if asked(path) else "no"
        return ""


class Once:
    """Values worked out once from a :class:`Disk`; whoever takes one later depends on the same questions."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._known: dict[Any, Kept[Any]] = {}

    def get(self, key: Any, find: Callable[[], Answer]) -> Answer:
        """The value of ``key``, by ``find`` the first time."""
        known = self._known.get(key)
        if known is not None:
            value: Answer = self._disk.use(known)
            return value
        with self._disk.noting():
            value = find()
            self._known[key] = self._disk.keep(value)
        return value
