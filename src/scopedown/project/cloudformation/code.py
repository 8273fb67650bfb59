"""Where a function's code is: a folder, a file, an image, or the template itself.

In: the function's resource and what its tool knows of its package (``Template.code``). Out: its runtime, its
:class:`~scopedown.project.model.Handler` and its language. A path in a template (``Code: ./src``, as
``aws cloudformation package`` takes it) is relative to the template that it stands in.
Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.core.finding import Severity
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.project.cloudformation.stack import Stack, as_list, as_map
from scopedown.project.document import Files
from scopedown.project.handlers import Sources, find, language_of
from scopedown.project.images import find_in_image
from scopedown.project.model import DeclaredResource, Handler, InlineCode
from scopedown.project.nodes import place_of, value_place

_BLOCK: Final = re.compile(r"(?:[!&][^\s|>]*\s+)*[|>]")
ARCHIVES: Final = (".zip", ".jar", ".war")
"""Endings of built packages, which are not opened."""
_SUFFIX: Final = {"python": ".py", "javascript": ".js"}


@dataclass(frozen=True, slots=True)
class Code:
    """What is known of a function's code."""

    runtime: str | None
    handler: Handler | None
    language: str | None


def code_of(stack: Stack, function: DeclaredResource, sources: Sources, files: Files) -> Code:
    """Find a function's code; what is missing is told to the stack."""
    properties = function.properties
    id = function.logical_id
    if stack.text(properties.get("PackageType")).literal == "Image" or "ImageUri" in as_map(properties.get("Code")):
        return _image(stack, function, sources)
    runtime = _literal(stack, function, "Runtime")
    declared = _literal(stack, function, "Handler")
    language = language_of(runtime)
    code = properties.get("Code")
    inline = as_map(code).get("ZipFile")
    if inline is not None:
        return Code(runtime, _inline(stack, function, inline, declared or "", language, files), language)
    if declared is None:
        if "Handler" not in properties:
            stack.tell(
                "handler-missing", f"{id}: it has neither a Handler nor an image", function.place,
                "set Handler: file.name", Severity.ERROR,
            )  # fmt: skip
        return Code(runtime, None, language)
    place = place_of(properties, "Handler") or function.place
    entry = stack.template.entries.get(id)
    if entry is not None:
        symbol = declared.rpartition("/")[2].partition(".")[2]
        typed = "typescript" if entry.endswith((".ts", ".tsx", ".mts", ".cts")) else language
        return Code(runtime, Handler(declared, entry, symbol), typed)
    folder = package_of(stack, function, "Code", sources)
    if folder is None:
        _not_local(stack, function, declared)
        return Code(runtime, Handler(declared, None, declared.rpartition(".")[2]), language)
    found = find(sources, declared, runtime, folder)
    if found.outside:
        stack.tell(
            "handler-outside", f"{id}: its handler {declared} leaves the project's folder", place,
            "scan the folder that holds both",
        )  # fmt: skip
    elif found.file is None and id in stack.template.elsewhere:
        pass
    elif found.file is None and found.language in ("python", "javascript", "typescript"):
        stack.tell(
            "handler-not-found",
            f"{id}: no source file was found for its handler {declared} in {folder or 'the project'}", place,
            "correct the handler, or scan the folder that holds its source",
        )  # fmt: skip
    elif found.file is None and found.language is None and runtime:
        stack.tell(
            "runtime-unknown", f"{id}: no source was found for {declared} with the runtime {runtime}", place,
            "", Severity.NOTE,
        )  # fmt: skip
    elif found.elsewhere and found.file is not None:
        stack.tell(
            "handler-elsewhere",
            f"{id}: its handler {declared} is not in {folder or 'the project'}; {found.file}, the only file that it "
            "fits, was read", place, "nothing, where a build puts it there", Severity.NOTE,
        )  # fmt: skip
        folder = posixpath.dirname(found.file)
    return Code(runtime, Handler(declared, found.file, found.symbol, folder), found.language)


def package_of(stack: Stack, resource: DeclaredResource, key: str, sources: Sources) -> str | None:
    """The local folder that a function's or a layer's package is made of, relative to the project's; None: none.

    A single file stands for its folder: it is packaged alone, under its own name.
    """
    known = stack.template.code.get(resource.logical_id)
    if known is None:
        written = resource.properties.get(key)
        local = stack.text(written).literal if isinstance(written, str | Text) else None
        if local is None or re.match(r"[a-z0-9]+://", local):
            return None
        known = posixpath.join(posixpath.dirname(resource.place.file), local.replace("\\", "/"))
    known = posixpath.normpath(known) if known else ""
    if known.startswith("/") or known.endswith(ARCHIVES):
        return None
    if sources.exists(known):
        known = posixpath.dirname(known)
    return "" if known == "." else known


def _literal(stack: Stack, function: DeclaredResource, key: str) -> str | None:
    """A property that must be known text; one that is not is told."""
    written = function.properties.get(key)
    if written is None:
        return None
    text = stack.known(written)
    if text.literal:
        return text.literal
    reason = text.unknowns[0].reason if text.unknowns else "it is known at the deployment only"
    stack.tell(
        f"{key.lower()}-unknown", f"{function.logical_id}: its {key} is not known: {reason}",
        place_of(function.properties, key), f"write the {key} out, or give the parameter's value",
    )  # fmt: skip
    return None


def _not_local(stack: Stack, function: DeclaredResource, declared: str) -> None:
    if function.logical_id in stack.template.elsewhere:
        return
    code = function.properties.get("Code")
    place = place_of(function.properties, "Code") or function.place
    known = stack.template.code.get(function.logical_id) or (code if isinstance(code, str) else "")
    if isinstance(code, Mapping) and ("S3Bucket" in code or "S3Key" in code) and not known:
        stack.tell(
            "handler-packaged", f"{function.logical_id}: its code is a package in S3, which is not read", place,
            "", Severity.NOTE,
        )  # fmt: skip
    elif known.endswith(ARCHIVES):
        stack.tell(
            "handler-packaged", f"{function.logical_id}: its code is the built package {known}, which is not read",
            place, "", Severity.NOTE,
        )  # fmt: skip
    elif code is None:
        stack.tell(
            "handler-not-found", f"{function.logical_id}: it has no Code", place, "set Code to the folder of its source"
        )
    else:
        stack.tell(
            "handler-not-found", f"{function.logical_id}: where the code of its handler {declared} stands is not known",
            place, "write the folder of its source",
        )  # fmt: skip


# Inline


def _inline(
    stack: Stack, function: DeclaredResource, written: Any, declared: str, language: str | None, files: Files
) -> Handler | None:
    """Code in the template: a file ``index`` of the function's language."""
    holder = as_map(function.properties.get("Code"))
    place = _first_line(holder, "ZipFile", function.place)
    for name in ("Fn::Sub", "Fn::Join"):
        argument = as_map(written).get(name)
        if isinstance(argument, str):
            place = _first_line(written, name, place)
        elif isinstance(argument, list) and argument:
            place = value_place(argument, 0) or place
            lines = argument[1] if name == "Fn::Join" and len(argument) > 1 else None
            place = (value_place(lines, 0) or place) if isinstance(lines, list) else place
    text = stack.text(written)
    if not text.parts or (text.unknowns and len(text.parts) == 1):
        stack.tell(
            "handler-unknown", f"{function.logical_id}: its inline code is not known", place, "write the code out"
        )
        return None
    suffix = _SUFFIX.get(language or "")
    if suffix is None:
        stack.tell(
            "runtime-unknown", f"{function.logical_id}: the language of its inline code is not known", place,
            "set Runtime", Severity.NOTE,
        )  # fmt: skip
        return Handler(declared, None, declared.rpartition(".")[2])
    symbol = declared.rpartition(".")[2] if language == "python" else declared.partition(".")[2]
    return Handler(
        declared, f"index{suffix}", symbol or "handler", "", InlineCode(str(text), _after_header(place, files))
    )


def _first_line(holder: Any, key: str, otherwise: Place) -> Place:
    return value_place(holder, key) or place_of(holder, key) or otherwise


def _after_header(place: Place, files: Files) -> Place:
    """Where a scalar's first line stands: below the ``|`` of a block, indented as that line is."""
    text = files.text(files.root / place.file)
    lines = (text or "").split("\n")
    if place.line >= len(lines) or not _BLOCK.match(lines[place.line - 1], place.column - 1):
        return place
    for line in lines[place.line : place.line + 50]:
        if line.strip():
            return Place(place.file, place.line + 1, len(line) - len(line.lstrip(" ")) + 1)
    return Place(place.file, place.line + 1)


# Images


def _image(stack: Stack, function: DeclaredResource, sources: Sources) -> Code:
    """The handler of a local Dockerfile: what the resource's ``Metadata`` or its tool names."""
    id = function.logical_id
    place = place_of(function.properties, "Code") or function.place
    metadata = as_map(function.attributes.get("Metadata"))
    folder = stack.template.code.get(id)
    context = metadata.get("DockerContext")
    if folder is None and isinstance(context, str):
        folder = posixpath.normpath(posixpath.join(posixpath.dirname(function.place.file), context))
    dockerfile = metadata.get("Dockerfile") or metadata.get("aws:asset:dockerfile-path")
    command = as_list(as_map(function.properties.get("ImageConfig")).get("Command"))
    words = [word for one in command if (word := stack.text(one).literal) is not None]
    if folder is None or folder.startswith(("/", "..")):
        reason = "it is not built in this project"
    else:
        found = find_in_image(
            sources, "" if folder == "." else folder, dockerfile if isinstance(dockerfile, str) else "Dockerfile",
            words or None,
        )  # fmt: skip
        if found is not None and not found[1].outside:
            handler, at = found
            if at.file is None:
                stack.tell(
                    "handler-not-found", f"{id}: no source file was found for its image's handler {handler}", place,
                    "correct the Dockerfile's CMD",
                )  # fmt: skip
            return Code(None, Handler(handler, at.file, at.symbol, folder), at.language)
        reason = "its Dockerfile names no handler"
    stack.tell("image-not-read", f"{id}: the code of its image is not read: {reason}", place, "", Severity.NOTE)
    return Code(None, None, None)
