"""The transforms that a template asks for: SAM's, CloudFormation's own, and macros that only an account has.

In: a template's tree. Out: their names, and a finding for each macro, since what it changes is not known. References:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.documents.nodes import mappings, place_of
from scopedown.project.findings import reported

_SAM: Final = "AWS::Serverless-"
_SAM_TYPE: Final = "AWS::Serverless::"
LANGUAGE: Final = "AWS::LanguageExtensions"
_INCLUDE: Final = "AWS::Include"
_READ: Final = (f"{_SAM}2016-10-31", LANGUAGE, _INCLUDE, "AWS::CodeDeployBlueGreen")
"""Transforms that are done here, or that add nothing to what a stack's roles may do (the last one)."""
_OPEN: Final = frozenset(
    {"macro-not-run", "include-elsewhere", "include-missing", "include-broken", "loop-unknown", "loop-broken"}
)


def transforms_of(tree: object) -> list[str]:
    """The names of the transforms that a template lists."""
    written = tree.get("Transform") if isinstance(tree, Mapping) else None
    named = [
        mapping.get("Name") if isinstance(mapping, Mapping) else mapping
        for mapping in (written if isinstance(written, list) else [written])
    ]
    return [name for name in named if isinstance(name, str)]


def all_transforms(tree: object) -> tuple[str, ...]:
    """The names of the transforms that a template lists, and of those inside it."""
    inside = [name for name, _ in _inside(tree, None)]
    return tuple(dict.fromkeys([*transforms_of(tree), *inside]))


def is_sam(tree: object) -> bool:
    """Whether a template is SAM's: it asks for its transform, or has forgotten to (:func:`forgotten`)."""
    return any(name.startswith(_SAM) for name in transforms_of(tree)) or forgotten(tree) is not None


def forgotten(tree: object) -> Finding | None:
    """What is to be told of a template with resources of SAM's types that does not ask for SAM's transform."""
    resources = tree.get("Resources") if isinstance(tree, Mapping) else None
    if not isinstance(resources, Mapping) or any(name.startswith(_SAM) for name in transforms_of(tree)):
        return None
    for id, resource in resources.items():
        kind = resource.get("Type") if isinstance(resource, Mapping) else None
        if isinstance(kind, str) and kind.startswith(_SAM_TYPE):
            return reported("transform-missing", place_of(resource, "Type"), id=id, kind=kind, read=_READ[0])
    return None


def macros(tree: Mapping[str, Any]) -> list[Finding]:
    """What is to be told about macros that are not run: those that a template lists, and those inside it."""
    at = place_of(tree, "Transform")
    listed = [(name, "this template", at) for name in transforms_of(tree)]
    inside = [(name, "the section around it", place) for name, place in _inside(tree.get("Resources"), at)]
    return [
        reported("macro-not-run", place, name=name, what=what)
        for name, what, place in [*listed, *inside]
        if name not in _READ
    ]  # fmt: skip


def _inside(tree: Any, place: Place | None) -> Iterator[tuple[str, Place | None]]:
    for node, at in mappings(tree, place):
        call = node.get("Fn::Transform")
        name = call.get("Name") if isinstance(call, Mapping) else None
        if isinstance(name, str):
            yield name, place_of(node, "Fn::Transform") or at


def may_declare_more(findings: Iterable[Finding]) -> bool:
    """Whether something that was not run, or not found, may declare what a template refers to."""
    return any(finding.code in _OPEN for finding in findings)
