"""A SAM project: from its template to a Project.

In: the document of a ``template.yaml`` (or JSON), or of one that ``sam build`` made. The template is translated
(:mod:`~scopedown.project.sam.transform`) and read on as CloudFormation. A built template is led back to what it was
built from: its places are its own, its code the source folders that ``.aws-sam/build.toml`` names.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.documents.document import Document, Files
from scopedown.documents.nodes import MapNode
from scopedown.project.cloudformation.nested import Load, given_texts, local_document
from scopedown.project.cloudformation.plain import plain_template, without_defaults
from scopedown.project.cloudformation.read import project_of, read_cloudformation
from scopedown.project.cloudformation.stack import Template
from scopedown.project.cloudformation.transforms import all_transforms, is_sam
from scopedown.project.model import Project
from scopedown.project.options import Options
from scopedown.project.sam.config import sam_config
from scopedown.project.sam.transform import Given, transformed
from scopedown.source.repository import repository_of

_BUILD: Final = (".aws-sam", "build")
_UP: Final = 4
"""How many folders above its template an application's code may begin."""


def read_sam(document: Document, files: Files, options: Options) -> Project:
    """Read a SAM template. Raises ScopedownError where nothing of it can be read."""
    built_in = document.path.parent if document.path.parent.parts[-2:] == _BUILD else None
    folder = built_in.parent.parent if built_in else document.path.parent
    root = _root_of(document.tree, folder)
    if root != files.root:
        files = Files(root, files.texts)
        document = files.document(document.path, template=True) or document
    document = _opened(document, options)
    config = sam_config(files, folder, options.stage)
    given = Given(
        config.stack or folder.name,
        {name: one for name, one in {**config.parameters, **options.params}.items() if name not in options.symbolic},
        _built_from(files, folder) if built_in else {},
        options.partition,
        options.region or config.region,
        options.account,
        config.findings,
    )
    transforms = all_transforms(document.tree)
    project = project_of(transformed(document, files, given), files, options, loader(files, given, options))
    return replace(project, provider=config.provider(), transforms=transforms)


def read_plain(document: Document, files: Files, options: Options) -> Project:
    """Read a CloudFormation template, whose nested stacks may be SAM's."""
    document = _opened(document, options)
    given = Given("", partition=options.partition, region=options.region, account=options.account)
    transforms = all_transforms(document.tree)
    return replace(read_cloudformation(document, files, options, loader(files, given, options)), transforms=transforms)


def _opened(document: Document, options: Options) -> Document:
    """A document without the defaults of the parameters that are read as themselves."""
    return replace(document, tree=without_defaults(document.tree, options.symbolic))


def loader(files: Files, given: Given, options: Options) -> Load:
    """Reads the local templates of nested stacks and applications, SAM's or plain ones."""

    def load(stack: Mapping[str, Any], parent: str) -> Template | None:
        document = local_document(stack, parent, files)
        if document is None:
            return None
        document = _opened(document, options)
        known = given_texts(stack)
        if not is_sam(document.tree):
            return plain_template(document, files, known, given.region, given.account)
        return transformed(document, files, replace(given, service="", parameters=known, findings=()))

    return load


def _root_of(tree: Any, folder: Path) -> Path:
    """The project's folder: the template's, or the one above it that its code begins in (``CodeUri: ../src``)."""
    up = 0
    for path in _local_paths(tree):
        parts = os.path.normpath(path.replace("\\", "/")).replace("\\", "/").split("/")
        up = max(up, next((index for index, part in enumerate(parts) if part != ".."), len(parts)))
    repository = repository_of(folder)
    if not up or up > _UP or up >= len(folder.parts) - 1:
        return folder
    if repository is not None and not folder.parents[up - 1].resolve().is_relative_to(repository):
        return folder
    return folder.parents[up - 1]


def _local_paths(tree: Any) -> Iterator[str]:
    resources = tree.get("Resources") if isinstance(tree, MapNode) else None
    sections = [tree.get("Globals"), *resources.values()] if isinstance(resources, MapNode) else []
    for section in sections:
        if not isinstance(section, MapNode):
            continue
        for holder in (section.get("Properties"), section.get("Metadata"), section.get("Function")):
            for key in ("CodeUri", "ContentUri", "DefinitionUri", "Location", "DockerContext"):
                path = holder.get(key) if isinstance(holder, MapNode) else None
                if isinstance(path, str) and path.startswith(".."):
                    yield path


def _built_from(files: Files, folder: Path) -> dict[str, str]:
    """Source folders by logical id, as ``sam build`` remembers them; empty where it does not."""
    try:
        text = files.text(folder / ".aws-sam" / "build.toml")
        tree = tomllib.loads(text) if text is not None else {}
    except (ScopedownError, ValueError, RecursionError):
        return {}
    found: dict[str, str] = {}
    for section in ("function_build_definitions", "layer_build_definitions"):
        definitions = tree.get(section)
        for definition in definitions.values() if isinstance(definitions, dict) else ():
            if not isinstance(definition, dict) or not isinstance(source := definition.get("codeuri"), str):
                continue
            for id in _names(definition):
                found[id] = files.name(folder / source)
    return found


def _names(definition: Mapping[str, Any]) -> Iterator[str]:
    """What one build made: functions, or a layer; of a nested stack, its last name."""
    functions = definition.get("functions")
    for name in [*(functions if isinstance(functions, list) else []), definition.get("layer")]:
        if isinstance(name, str):
            yield name.rpartition("/")[2]
