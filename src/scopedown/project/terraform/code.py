"""Where a function's or a layer's code comes from: a file, an ``archive_file``, or an object in S3 that is uploaded.

In: the instances of a configuration. Out: for a package, the folder, file or archive that it is made of, relative to
the project's folder, or the code itself.
Reference: https://registry.terraform.io/providers/hashicorp/archive/latest/docs/data-sources/file
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.project.terraform.access import items_in
from scopedown.project.terraform.addresses import split
from scopedown.project.terraform.context import Resource
from scopedown.project.terraform.values import FileText, as_text, decoded, is_unknown, simple

ARCHIVE: Final = "archive_file"
EXTERNAL: Final = "external"
"""The data source by which terraform-aws-modules/lambda packs code, where its own files (or a plan) are read."""
UPLOADS: Final = ("aws_s3_object", "aws_s3_bucket_object")


@dataclass(frozen=True, slots=True)
class Package:
    """What a package is made of: ``path`` (relative to the project's folder), an ``entry`` in it that the handler's
    file is, or the ``text`` of the only file."""

    path: str | None = None
    entry: str | None = None
    text: str | None = None


@dataclass(slots=True)
class Packages:
    """The packages of a configuration, by the path of the archive that they are packed into."""

    archives: dict[Text, Resource] = field(default_factory=dict)
    uploads: list[Resource] = field(default_factory=list)
    externals: dict[str, Resource] = field(default_factory=dict)
    """Programs that pack a ``source_path``, by the address of their module."""

    def add(self, instances: Iterable[Resource]) -> None:
        """Know the archives and uploads among these."""
        for instance in instances:
            if instance.type == ARCHIVE:
                self.archives.setdefault(_normal(instance.argument("output_path")), instance)
            elif instance.type == EXTERNAL:
                self.externals.setdefault(split(instance.address)[0], instance)
            elif instance.type in UPLOADS:
                self.uploads.append(instance)

    def of(self, function: Resource, handler: Any) -> Package:
        """The package of a function or a layer: what ``filename`` is, or what is uploaded to its ``s3_key``."""
        written = function.argument("filename")
        if written is None and (key := function.argument("s3_key")) is not None:
            upload = next((one for one in self.uploads if self._is(one, key)), None)
            written = None if upload is None else upload.argument("source")
            function = function if upload is None else upload
        if written is None:
            return Package()
        archive = self.archives.get(_normal(written))
        if archive is not None:
            return _of_archive(archive, str(handler) if isinstance(handler, str) else "")
        packed = self.externals.get(split(function.address)[0])
        path = None if packed is None else _of_external(packed)
        return Package(path or _project_path(function, written, "filename"))

    def _is(self, upload: Resource, key: Any) -> bool:
        own = upload.argument("key")
        return (
            own is not None and not is_unknown(own) and (as_text(own) == as_text(key) or key == upload.attribute("id"))
        )


def _normal(path: Any) -> Text:
    text = as_text(path)
    literal = text.literal
    return text if literal is None else Text.of(posixpath.normpath(literal.replace("\\", "/")))


def _project_path(instance: Resource, path: Any, argument: str) -> str | None:
    """A path of the configuration as one of the project; None where it is not known or outside."""
    literal = simple(as_text(path))
    if not isinstance(literal, str):
        return None
    full = instance.context.inside(literal, instance.place_of(argument))
    return None if full is None else instance.context.files.name(full)


def _of_archive(archive: Resource, handler: str) -> Package:
    for argument in ("source_dir", "source_file"):
        written = archive.argument(argument)
        if written is not None:
            return Package(_project_path(archive, written, argument))
    files = list(_files(archive))
    module = posixpath.splitext(handler.partition("::")[0])[0]
    for name, content in files:
        if posixpath.splitext(name)[0] == module or len(files) == 1:
            if isinstance(content, FileText):
                return Package(posixpath.dirname(content.path), content.path)
            if isinstance(content, str):
                return Package(text=content)
    content, name = archive.argument("source_content"), archive.argument("source_content_filename")
    if isinstance(content, FileText):
        return Package(posixpath.dirname(content.path), content.path)
    return Package(text=content) if isinstance(content, str) and name is not None else Package()


def _of_external(packed: Resource) -> str | None:
    """The ``source_path`` that a program is asked to pack: a path, or JSON of paths and mappings with a path
    (package.tf of terraform-aws-modules/lambda at 23d00f7)."""
    query = packed.argument("query")
    value = query.get("source_path") if isinstance(query, Mapping) else None
    if isinstance(value, str) and value[:1] not in ("[", "{", '"'):
        return _project_path(packed, value, "query")
    value = next(iter(items_in(decoded(value, packed.place))), None) if value is not None else None
    value = value.get("path") if isinstance(value, Mapping) else value
    return None if value is None else _project_path(packed, value, "query")


def _files(archive: Resource) -> Iterator[tuple[str, Any]]:
    for one in items_in(archive.argument("source")):
        if isinstance(one, Mapping) and isinstance(one.get("filename"), str):
            yield one["filename"], one.get("content")
