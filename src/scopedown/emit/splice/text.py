"""What a file's text can be asked and how it is changed, whatever language it is written in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, Self

from scopedown.emit.splice.edits import Edit, SpliceError
from scopedown.emit.splice.json_text import JsonText
from scopedown.emit.splice.yaml_text import YamlText

Path = Sequence[str | int]
HCL = (".tf", ".tofu")
"""The endings of files in HCL."""


class SplicedText(Protocol):
    """:class:`~.yaml_text.YamlText`, :class:`~.json_text.JsonText` or :class:`~.hcl_text.HclText`."""

    @property
    def text(self) -> str: ...
    @property
    def name(self) -> str: ...
    def has(self, path: Path) -> bool: ...
    def paths_at(self, line: int, column: int) -> list[tuple[str | int, ...]]: ...
    def values_at(self, line: int, column: int) -> list[tuple[str | int, ...]]: ...
    def value(self, path: Path) -> str | None: ...
    def kind(self, path: Path) -> str: ...
    def keys(self, path: Path) -> tuple[str | int, ...]: ...
    def tag(self, path: Path) -> str: ...
    def tree(self, path: Path) -> Any: ...
    def edit_setting(self, path: Path, tree: Any) -> Edit: ...
    def edit_without(self, path: Path) -> Edit: ...
    def edit_appending(self, path: Path, items: Sequence[Any]) -> Edit: ...
    def edited(self, edits: Iterable[Edit]) -> Self: ...


def spliced_text(text: str, name: str) -> SplicedText:
    """A file's text, as JSON where it is an object of JSON. Raises SpliceError for one that cannot be changed."""
    if name.endswith(HCL):
        from scopedown.emit.splice.hcl_text import HclText

        return HclText(text, name)
    if name.endswith(".json") or text.lstrip().startswith("{"):
        try:
            return JsonText(text, name)
        except SpliceError:
            if name.endswith(".json"):
                raise
    return YamlText(text, name)
