"""A template's document as plain CloudFormation: loops and included files expanded, and what is wrong as a whole told.

In: the document, and the values of its parameters. Out: a
:class:`~scopedown.project.cloudformation.template.Template`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.documents.document import Document, Files
from scopedown.documents.nodes import MapNode, place_of
from scopedown.project.cloudformation.expand import Expander, needs_expanding
from scopedown.project.cloudformation.stack import Template
from scopedown.project.cloudformation.transforms import macros
from scopedown.project.findings import reported
from scopedown.project.intrinsics import Scope

_LOGICAL_ID: Final = re.compile(r"[A-Za-z0-9]+")


def plain_template(
    document: Document,
    files: Files,
    values: Mapping[str, Any],
    region: str | None = None,
    account: str | None = None,
    service: str = "",
) -> Template:
    """The template of a document that holds a mapping; ``values`` are what its parameters are given."""
    tree: MapNode = document.tree
    findings = remarks(document)
    if needs_expanding(files.text(document.path) if document.path.is_absolute() else None):
        known = with_values(tree, values)
        scope = Scope(
            section(known, "Parameters"), section(known, "Mappings"), section(known, "Conditions"), region, account,
            defaults=True,
        )  # fmt: skip
        expander = Expander(files, posixpath.dirname(document.file), scope)
        tree = expander.expand(tree)
        findings += expander.findings
    findings += [*macros(tree), *_wrong(section(tree, "Resources"))]
    return Template(tree, document.file, "cloudformation", service, findings=tuple(findings))


def remarks(document: Document) -> list[Finding]:
    """What is to be told about a template's text."""
    return [
        reported("repeated-key", remark.place, text=remark.text)
        for remark in document.remarks
        if remark.code == "repeated-key"
    ]  # fmt: skip


def section(tree: Mapping[str, Any], name: str) -> MapNode:
    """A section of a template; an empty one where it is missing or no mapping."""
    found = tree.get(name)
    return found if isinstance(found, MapNode) else MapNode(None, place_of(tree) or Place(""))


def with_values(tree: MapNode, given: Mapping[str, Any]) -> MapNode:
    """The template with the given values as its parameters' defaults."""
    parameters = section(tree, "Parameters")
    wanted = {name: value for name, value in given.items() if isinstance(parameters.get(name), MapNode)}
    if not wanted:
        return tree
    copy, declared = MapNode(tree, tree.place), MapNode(parameters, parameters.place)
    for name, value in wanted.items():
        one = declared[name] = MapNode(parameters[name], parameters[name].place)
        one["Default"] = value
        one.keys_at.setdefault("Default", one.place)
        one.values_at.setdefault("Default", one.place)
    copy["Parameters"] = declared
    return copy


def without_defaults(tree: Any, names: frozenset[str]) -> Any:
    """The template without the defaults of these parameters: what any deployment may set."""
    parameters = section(tree, "Parameters") if names and isinstance(tree, MapNode) else MapNode()
    wanted = [name for name in parameters if name in names and isinstance(parameters[name], MapNode)]
    if not wanted:
        return tree
    copy, declared = MapNode(tree, tree.place), MapNode(parameters, parameters.place)
    for name in wanted:
        one = declared[name] = MapNode(parameters[name], parameters[name].place)
        one.pop("Default", None)
    copy["Parameters"] = declared
    return copy


def _wrong(resources: MapNode) -> Iterator[Finding]:
    """Names that no logical id may have."""
    for id in resources:
        if not id.startswith("Fn::") and not _LOGICAL_ID.fullmatch(id):
            yield reported("logical-id-invalid", place_of(resources, id), id=repr(id))
