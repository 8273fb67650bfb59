"""The files of a project while they are changed: each as text that can be spliced, with its bytes as they were."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from scopedown.core.place import Place
from scopedown.emit.splice.edits import SpliceError
from scopedown.emit.splice.yaml_text import YamlText
from scopedown.write.model import FileChange

YAML = (".yml", ".yaml")


@dataclass
class Texts:
    """``root`` is the project's folder. Only files inside of it are written."""

    root: Path
    _bytes: dict[str, bytes] = field(default_factory=dict)
    _texts: dict[str, YamlText] = field(default_factory=dict)

    def of(self, name: str) -> YamlText:
        """A file's present text. Raises SpliceError for one that cannot be spliced."""
        if name not in self._texts:
            path = self.root / name
            if not path.resolve().is_relative_to(self.root.resolve()):
                raise SpliceError(f"{name} is outside of the project's folder", Place(name), "write it by hand")
            if path.suffix not in YAML:
                raise SpliceError(f"{name} is no YAML file", Place(name), "write it by hand")
            data = path.read_bytes()
            self._bytes[name] = data
            self._texts[name] = YamlText(data.removeprefix(codecs.BOM_UTF8).decode("utf-8"), name)
        return self._texts[name]

    def change(self, name: str, how: Callable[[YamlText], YamlText]) -> None:
        """Change a file's text."""
        self._texts[name] = how(self.of(name))

    def overlay(self) -> dict[Path, str]:
        """The texts as :func:`scopedown.project.load.load_project` takes them."""
        return {self.root / name: one.text for name, one in self._texts.items()}

    def changes(self) -> tuple[FileChange, ...]:
        """The files that differ, by name."""
        found = []
        for name in sorted(self._texts):
            before = self._bytes[name]
            mark = codecs.BOM_UTF8 if before.startswith(codecs.BOM_UTF8) else b""
            after = mark + self._texts[name].text.encode("utf-8")
            if after != before:
                found.append(FileChange(name, self.root / name, before, after))
        return tuple(found)
