"""A SAM project in a folder of its own, written and read."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scopedown.core.place import Place
from scopedown.documents.document import Files
from scopedown.project.model import Project
from scopedown.project.options import Options
from scopedown.project.sam.read import read_sam

HEAD = """\
Transform: AWS::Serverless-2016-10-31
Resources:
"""


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Files by their paths."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def read(
    folder: Path, template: str, options: Options | None = None, name: str = "template.yaml", **files: str
) -> Project:
    """The project of a template; ``files`` are further ones, with ``__`` for a slash and ``_`` before the suffix."""
    write(folder, {name: template, **{_path(key): text for key, text in files.items()}})
    return read_at(folder / name, options)


def read_at(path: Path, options: Options | None = None) -> Project:
    """The project of a template that exists."""
    files = Files(path.resolve().parent)
    document = files.document(path.resolve(), template=True)
    assert document is not None
    return read_sam(document, files, options or Options())


def resources(body: str) -> str:
    """A template with these resources."""
    return HEAD + textwrap.indent(textwrap.dedent(body), "  ")


def codes(project: Project) -> list[str]:
    """The codes of what is told."""
    return [finding.code for finding in project.findings]


def plain(value: Any) -> Any:
    """A tree without its places."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def line(text: str, marked: str, name: str = "template.yaml") -> Place:
    """Where a text stands in a template for the first time."""
    before = text[: text.index(marked)]
    return Place(name, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _path(key: str) -> str:
    head, _, suffix = key.replace("__", "/").rpartition("_")
    return f"{head}.{suffix}"
