"""Where something stands: a file, a line and a column, as every stage reports it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a user's file.

    ``file`` is relative to the project's folder and uses forward slashes on every system,
    so that output is the same everywhere. ``line`` and ``column`` count from 1.
    """

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def of_line(self) -> str:
        """The file and the line."""
        return f"{self.file}:{self.line}"


def place_json(place: Place | None) -> dict[str, str | int | None]:
    """A place as members of JSON objects have it: null where there is none."""
    file, line, column = (place.file, place.line, place.column) if place else (None, None, None)
    return {"file": file, "line": line, "column": column}
