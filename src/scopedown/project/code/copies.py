"""What a build puts where: places of a package, or of an image, and the sources that stand there.

Paths are absolute. A later copy hides an earlier one, so the last is asked first.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_MOST: Final = 2_000


@dataclass(frozen=True, slots=True)
class Laid:
    """A file or folder of a package: ``inner`` is its path there ("" for the package itself), ``source`` where it comes
    from, absolute."""

    inner: str
    source: str


@dataclass(slots=True)
class Copies:
    """Copies in the order in which they are made; past the bound of them no more are noted."""

    made: list[tuple[str, str]] = field(default_factory=list)
    folders: set[str] = field(default_factory=set)
    """Folders that a command makes, or copies into."""

    def put(self, place: str, source: str) -> None:
        """``place`` now holds what stands at ``source``."""
        if len(self.made) < _MOST:
            self.made.append((place, source))
            self.folders.add(posixpath.dirname(place))

    def is_folder(self, path: str) -> bool:
        """Whether a command has made a folder, or put something into it."""
        return any(is_below(folder, path) for folder in self.folders)

    def remove(self, place: str) -> None:
        """Nothing stands at ``place`` any more."""
        self.made = [one for one in self.made if not is_below(one[0], place)]
        self.folders = {folder for folder in self.folders if not is_below(folder, place)}

    def sources(self, path: str) -> Iterator[str]:
        """What a path is a copy of, the latest first."""
        for place, source in reversed(self.made):
            if is_below(path, place):
                yield source + path[len(place.rstrip("/")) :] if path != place else source

    def below(self, path: str) -> list[Laid]:
        """All that stands at a path and below it, the latest first."""
        found: dict[Laid, None] = {}
        for place, source in reversed(self.made):
            if is_below(path, place):
                found[Laid("", source + path[len(place.rstrip("/")) :] if path != place else source)] = None
            elif is_below(place, path):
                found[Laid(place[len(path.rstrip("/")) + 1 :], source)] = None
        return list(found)


def is_below(path: str, folder: str) -> bool:
    """Whether a path is a folder, or stands in it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")
