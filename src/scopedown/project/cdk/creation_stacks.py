"""Where the assembly says that constructs were made: the stacks of calls in its metadata.

aws-cdk-lib 2.276.0 writes ``aws:cdk:creationStack`` for an app in JavaScript or TypeScript; older ones have the same
with ``--debug`` as ``trace``. An app in Python has no calls of its own there. Schema:
https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_map

_FRAME: Final = re.compile(r"(?:^|\()(?:file://)?(?P<file>[^()]+?):(?P<line>\d+):(?P<column>\d+)\)?$")
_NOT_THE_APPS: Final = {"node_modules", "cdk.out", ".venv", "site-packages"}
_MAX_BYTES: Final = 50_000_000
_CREATION: Final = "aws:cdk:creationStack"


@dataclass(slots=True)
class CreationStacks:
    """The stacks of calls of the assemblies of one project; ``root`` is the project's folder."""

    root: Path
    _stacks: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def place(self, folder: str, path: str) -> Place | None:
        """The innermost call in the app's own files that made a construct; ``folder`` is that of its template."""
        if folder not in self._stacks:
            self._stacks[folder] = dict(_creations(self.root / folder))
        stacks = self._stacks[folder]
        for name in (path, f"{path}/Resource"):
            place = self._own_frame(stacks.get(name, []))
            if place is not None:
                return place
        return None

    def _own_frame(self, frames: list[str]) -> Place | None:
        root = self.root.resolve()
        for frame in frames:
            match = _FRAME.search(frame)
            file = Path(match["file"]) if match else None
            if match is None or file is None or not file.is_absolute() or not file.is_relative_to(root):
                continue
            name = file.relative_to(root)
            if not _NOT_THE_APPS & set(name.parts) and file.is_file():
                return Place(name.as_posix(), int(match["line"]), int(match["column"]))
        return None


def _creations(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The stack of calls that made each construct, by its path, of all metadata of an assembly."""
    files = [_read(path) for path in sorted(folder.glob("*.metadata.json"))]
    artifacts = as_map(_read(folder / "manifest.json").get("artifacts"))
    inline = (as_map(as_map(artifact).get("metadata")) for artifact in artifacts.values())
    for metadata in (*files, *inline):
        for path, entries in metadata.items():
            for entry in entries if isinstance(entries, list) else ():
                frames = as_map(entry).get("data" if as_map(entry).get("type") == _CREATION else "trace")
                if isinstance(frames, list):
                    yield path.strip("/"), [frame for frame in frames if isinstance(frame, str)]


def _read(path: Path) -> Mapping[str, Any]:
    """A file of JSON; empty where there is none that can be read."""
    try:
        return as_map(json.loads(path.read_text("utf-8"))) if path.stat().st_size <= _MAX_BYTES else {}
    except (OSError, ValueError, RecursionError):
        return {}
