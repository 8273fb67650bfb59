"""Where a function's code is: a folder, a file, an image, or the template itself.

In: the function's resource and what its tool knows of its package (``Template.code``). Out: its runtime, its
:class:`~scopedown.project.model.Handler` and its language. A path in a template (``Code: ./src``, as
``aws cloudformation package`` takes it) is relative to the template that it stands in.
Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from typing import Any, Final

from scopedown.core.coverage import Unseen
from scopedown.core.place import Place
from scopedown.core.text import Att, Literal, Ref, Text
from scopedown.documents.document import Files
from scopedown.documents.nodes import as_list, as_map, place_of, value_place
from scopedown.project.cloudformation.stack import FUNCTION, Stack
from scopedown.project.code.archives import find_among
from scopedown.project.code.build_scripts import made_by_make
from scopedown.project.code.handlers import Sources, language_of
from scopedown.project.code.locate import ARCHIVES, locate, placeholder
from scopedown.project.code.placeholders import is_greeting, is_placeholder
from scopedown.project.code.wanted import Wanted
from scopedown.project.model import DeclaredResource, Handler, InlineCode, Tree

_BLOCK: Final = re.compile(r"(?:[!&][^\s|>]*\s+)*[|>]")
_SUFFIX: Final = {"python": ".py", "javascript": ".js"}


@dataclass(frozen=True, slots=True)
class Code:
    """What is known of a function's code."""

    runtime: str | None
    handler: Handler | None
    language: str | None
    search: tuple[str, ...] = ()
    unread: tuple[Unseen, ...] = ()


@dataclass(frozen=True, slots=True)
class Packages:
    """The packages of all functions of a stack; no inline code and no images."""

    folders: Mapping[str, tuple[str, str]]
    """The folders that the functions' code is said to be in, and their handlers, by logical ids."""
    archives: Mapping[str, Set[str]]
    """The packages that are no folders of the repository, by the handler in them."""


def packages_of(stack: Stack, sources: Sources) -> Packages:
    """What the functions of a stack are packaged from."""
    folders: dict[str, tuple[str, str]] = {}
    archives: dict[str, set[str]] = {}
    for function in stack.of_type(FUNCTION):
        handler = stack.text(function.properties.get("Handler")).literal or ""
        folder = package_of(stack, function, "Code", sources)
        if folder is not None:
            folders[function.logical_id] = folder, handler
            if folder and not sources.is_folder(folder):
                archives.setdefault(handler, set()).add(folder)
        elif handler and (code := function.properties.get("Code")) is not None:
            archives.setdefault(handler, set()).add(f"{stack.template.code.get(function.logical_id)} {code}")
    return Packages(folders, archives)


def code_of(
    stack: Stack,
    function: DeclaredResource,
    sources: Sources,
    files: Files,
    environment: Mapping[str, Text],
    packages: Packages,
) -> Code:
    """Find a function's code; what is missing is told to the stack. ``packages``: :func:`packages_of` the stack."""
    properties = function.properties
    id = function.logical_id
    if _is_image(stack, function):
        return _image(stack, function, sources, environment)
    runtime = _literal(stack, function, "Runtime")
    declared = _literal(stack, function, "Handler")
    language = language_of(runtime)
    code = properties.get("Code")
    inline = as_map(code).get("ZipFile")
    if inline is not None:
        written = _inline(stack, function, inline, declared or "", language, files)
        held = written.inline if written is not None else None
        stands_in = held is not None and is_placeholder(held.text)
        unread = (placeholder(f"the inline code of {id}", held.place),) if held is not None and stands_in else ()
        return Code(runtime, written, language, (), unread)
    if declared is None:
        if "Handler" not in properties:
            stack.report("handler-missing", function.place, id=id)
        return Code(runtime, None, language)
    place = place_of(properties, "Handler") or function.place
    entry = stack.template.entries.get(id)
    if entry is not None:
        symbol = declared.rpartition("/")[2].partition(".")[2]
        typed = "typescript" if entry.endswith((".ts", ".tsx", ".mts", ".cts")) else language
        return Code(runtime, Handler(declared, entry, symbol), typed)
    own = package_of(stack, function, "Code", sources)
    laid = made_by_make(sources, own, id, as_map(function.attributes.get("Metadata"))) if own is not None else []
    packed = find_among(sources, laid, declared, runtime) if laid else None
    if packed is not None:
        made = Handler(declared, packed.found.file, packed.found.symbol, packed.root)
        return Code(runtime, made, packed.found.language, packed.search)
    wanted = Wanted(
        id, declared, runtime, own, environment, place,
        place_of(properties, "Code") or function.place, _archive_of(stack, function, sources),
        quiet=id in stack.template.elsewhere, metadata=as_map(function.attributes.get("Metadata")),
        functions=packages.folders, names=_names_of(stack, properties),
        shared=len(packages.archives.get(declared, ())) > 1,
    )  # fmt: skip
    if wanted.folder is None and not wanted.archive and not wanted.quiet:
        _not_known(stack, function, declared)
        wanted = replace(wanted, quiet=True)
    located = locate(sources, wanted)
    stack.findings += located.findings
    return Code(runtime, located.handler, located.language, located.search, located.unread)


def stands_in(stack: Stack, code: Code, sources: Sources) -> list[Unseen]:
    """What says that code of a Terraform configuration makes only the function, until a pipeline deploys its code."""
    if stack.template.framework != "terraform" or code.handler is None or code.unread:
        return []
    inline, file = code.handler.inline, code.handler.file
    text = inline.text if inline is not None else sources.text(file) if file is not None else None
    if text is None or not is_greeting(text):
        return []
    return [placeholder(file or "the inline code", inline.place if inline is not None else Place(file or ""))]


def _names_of(stack: Stack, properties: Mapping[str, Any]) -> tuple[str, ...]:
    """The name of the function and the key of its package, where they are known."""
    written = (properties.get("FunctionName"), as_map(properties.get("Code")).get("S3Key"))
    known = (stack.text(one).literal for one in written if isinstance(one, str | Text))
    return tuple(one for one in known if one)


_NAMED: Final = (Literal, Ref, Att)


def _image_names(stack: Stack, function: DeclaredResource) -> tuple[str, ...]:
    """The known parts of the function's name and of its image's address."""
    written = (function.properties.get("FunctionName"), as_map(function.properties.get("Code")).get("ImageUri"))
    texts = [stack.text(one) for one in written if isinstance(one, str | Text)]
    parts = [part for text in texts for part in text.parts]
    return tuple(part.value if isinstance(part, Literal) else part.id for part in parts if isinstance(part, _NAMED))


def _archive_of(stack: Stack, function: DeclaredResource, sources: Sources) -> str:
    """The archive that a function's code is, relative to the project's folder, or by its name alone where it is in S3;
    empty where it is none."""
    known = stack.template.code.get(function.logical_id) or ""
    code = function.properties.get("Code")
    if not known and isinstance(code, str | Text):
        local = stack.text(code).literal or ""
        if "://" in local:
            return posixpath.basename(local)
        known = posixpath.join(posixpath.dirname(function.place.file), local.replace("\\", "/")) if local else ""
    if not known and isinstance(code, Mapping):
        key = code.get("S3Key")
        text = stack.text(key) if isinstance(key, str | Text | Mapping) else Text.of("")
        last = text.parts[-1] if text.parts else None
        name = posixpath.basename(last.value) if isinstance(last, Literal) else ""
        return name or ("a package in S3" if "S3Bucket" in code or "S3Key" in code else "")
    known = posixpath.normpath(known) if known else ""
    if not known.lower().endswith(ARCHIVES):
        return ""
    return sources.relative(known) if known.startswith("/") else known


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
    if known.endswith(ARCHIVES):
        return None
    if known.startswith("/"):
        if not sources.reaches(known):
            return None
        known = sources.relative(known)
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
    reason = text.unknowns[0].reason if text.unknowns else "its value is known only at deployment"
    stack.report(
        f"{key.lower()}-unknown property", place_of(function.properties, key), id=function.logical_id, why=reason
    )
    return None


def _not_known(stack: Stack, function: DeclaredResource, declared: str) -> None:
    """Say why it is not known where a function's code is."""
    code = function.properties.get("Code")
    place = place_of(function.properties, "Code") or function.place
    if code is None:
        stack.report("handler-not-found", place, logical_id=function.logical_id)
    else:
        stack.report("handler-not-found folder", place, declared=declared, logical_id=function.logical_id)


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
        stack.report("handler-unknown inline", place, logical_id=function.logical_id)
        return None
    suffix = _SUFFIX.get(language or "")
    if suffix is None:
        stack.report("runtime-unknown inline", place, logical_id=function.logical_id)
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


def _is_image(stack: Stack, function: DeclaredResource) -> bool:
    properties = function.properties
    return stack.text(properties.get("PackageType")).literal == "Image" or "ImageUri" in as_map(properties.get("Code"))


def _image(stack: Stack, function: DeclaredResource, sources: Sources, environment: Mapping[str, Text]) -> Code:
    """The handler of a local Dockerfile: what the resource's ``Metadata`` or its tool names."""
    id = function.logical_id
    metadata = as_map(function.attributes.get("Metadata"))
    folder = stack.template.code.get(id)
    context = stack.text(metadata.get("DockerContext")).literal if metadata.get("DockerContext") else None
    if folder is None and context is not None:
        folder = posixpath.normpath(posixpath.join(posixpath.dirname(function.place.file), context))
    dockerfile = metadata.get("Dockerfile") or metadata.get("aws:asset:dockerfile-path")
    target = metadata.get("DockerBuildTarget") or metadata.get("aws:asset:docker-build-target")
    arguments = {**as_map(metadata.get("DockerBuildArgs")), **as_map(metadata.get("aws:asset:docker-build-args"))}
    config = as_map(function.properties.get("ImageConfig"))
    from scopedown.project.code.images import Image, find_in_image

    wanted = Image(
        id, folder, dockerfile if isinstance(dockerfile, str) else "Dockerfile", _words(stack, config.get("Command")),
        _words(stack, config.get("EntryPoint")), target if isinstance(target, str) else "",
        {name: stack.text(value).literal or "" for name, value in arguments.items()}, environment,
        place_of(function.properties, "Code") or function.place, _image_names(stack, function),
        not any(one is not function and _is_image(stack, one) for one in stack.of_type(FUNCTION)),
    )  # fmt: skip
    found = find_in_image(sources, wanted)
    stack.findings += found.findings
    return Code(None, found.handler, found.language, found.search, found.unread)


def _words(stack: Stack, written: Tree | None) -> tuple[str, ...] | None:
    words = [word for one in as_list(written) if (word := stack.text(one).literal) is not None]
    return tuple(words) or None
