"""What is asked of the search for a function's code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scopedown.core.place import Place
from scopedown.core.text import Text


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. ``label`` is what messages call the function; ``folder`` the one that its code is packaged
    from, None where that is not known; ``archive`` its package, as a path or as a bare name; ``place`` and
    ``code_place`` where its handler and its code are set; ``quiet``: that its code is elsewhere is told already;
    ``functions``: the folders and the handlers of the project's functions by their labels, where these are known."""

    label: str
    declared: str
    runtime: str | None
    folder: str | None
    environment: Mapping[str, Text]
    place: Place
    code_place: Place
    archive: str = ""
    logical_id: str = ""
    quiet: bool = False
    metadata: Mapping[str, object] = field(default_factory=dict)
    """The ``Metadata`` of its resource, which says how SAM builds it."""
    functions: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    names: tuple[str, ...] = ()
    """What else tells which code it is: the name of the function, the key of its package in S3."""

    shared: bool = False
    """Whether other packages of the project have a handler of this name."""

    @property
    def all_names(self) -> tuple[str, ...]:
        """The paths and names of its package and its function."""
        return (*([self.archive] if self.archive else []), *self.names, self.logical_id or self.label)

    @property
    def others(self) -> Others:
        """The folders and the handlers of the other functions."""
        return Others(self.functions, self.label)


@dataclass(frozen=True, slots=True)
class Others:
    """The folders and the handlers of all functions but one; nothing is copied for who does not ask."""

    functions: Mapping[str, tuple[str, str]]
    label: str

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return (held for label, held in self.functions.items() if label != self.label)
