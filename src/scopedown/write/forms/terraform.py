"""What functions need, as Terraform: a policy document as a data source for each.

What CloudFormation says by ``Ref`` and ``Fn::GetAtt`` is a variable here, which the configuration gives a value: the
resources of a Terraform configuration have names of their own. Partition, region and account are asked for as data
sources (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/caller_identity).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, assert_never

from scopedown.core.text import AnyText, Att, EnvVar, ImportValue, Literal, Param, Part, Pseudo, Ref, Text, Unknown
from scopedown.emit.terraform import INSET, Template, aligned, label_of, policy_document
from scopedown.generate.document import generate
from scopedown.project.model import Project
from scopedown.project.terraform.rows import expression_of
from scopedown.scan import ProjectScan

_PSEUDO: Final = {
    "AWS::Partition": ("aws_partition", "partition"),
    "AWS::Region": ("aws_region", "id"),
    "AWS::AccountId": ("aws_caller_identity", "account_id"),
}


def render(scan: ProjectScan) -> str:
    """The data sources, and the variables that they use."""
    used: dict[str, str] = {}
    sources: set[str] = set()
    documents = []
    for function in scan.functions:
        document = _with_templates(_named(generate(function.permissions), scan.project), used, sources)
        if document["Statement"]:
            documents.append(list(policy_document(label_of(function.function.key), document)))
    blocks = [[f'data "{name}" "current" {{}}'] for name in sorted(sources)]
    blocks += [list(_variable(name, used[name])) for name in sorted(used)]
    return "".join(f"{line}\n" for block in [*blocks, *documents] for line in aligned(block)).removesuffix("\n")


def _variable(name: str, meant: str) -> Iterator[str]:
    yield f'variable "{name}" {{'
    yield f"{INSET}type = string"
    yield f"{INSET}description = {json.dumps(meant)}"
    yield "}"


def _named(tree: Any, project: Project) -> Any:
    """What refers to resources of a Terraform project, as the expression that its files write for it."""
    if project.framework != "terraform":
        return tree
    if isinstance(tree, Text):
        pieces = [_expression(part, project) or part for part in tree.parts]
        return _Written(tuple(pieces))
    if isinstance(tree, Mapping):
        return {key: _named(item, project) for key, item in tree.items()}
    if isinstance(tree, list | tuple):
        return [_named(item, project) for item in tree]
    return tree


def _expression(part: Part, project: Project) -> str | None:
    if not isinstance(part, Ref | Att):
        return None
    resource = project.resource(part.id)
    name = part.name if isinstance(part, Att) else "Ref"
    return None if resource is None else expression_of(part.id, resource.type, name)


@dataclass(frozen=True, slots=True)
class _Written:
    """A text of which some parts are Terraform's expressions already."""

    parts: tuple[Part | str, ...]


def _with_templates(tree: Any, used: dict[str, str], sources: set[str]) -> Any:
    if isinstance(tree, Text | _Written):
        terms = (f"${{{one}}}" if isinstance(one, str) else _term(one, used, sources) for one in tree.parts)
        return Template("".join(terms))
    if isinstance(tree, Mapping):
        return {key: _with_templates(item, used, sources) for key, item in tree.items()}
    if isinstance(tree, list | tuple):
        return [_with_templates(item, used, sources) for item in tree]
    return tree


def _term(part: Part, used: dict[str, str], sources: set[str]) -> str:
    match part:
        case Literal(value):
            return json.dumps(value, ensure_ascii=False)[1:-1].replace("${", "&{").replace("%{", "%%{")
        case Pseudo(name) if name in _PSEUDO:
            source, attribute = _PSEUDO[name]
            sources.add(source)
            return f"${{data.{source}.current.{attribute}}}"
        case Ref(name) | Param(name) | Pseudo(name):
            return _used(label_of(name), f"what CloudFormation's Ref of {name} is", used)
        case Att(id, name):
            return _used(label_of(f"{id}_{name}"), f"the attribute {name} of {id}", used)
        case ImportValue(name):
            return _used(label_of(f"import_{name}"), f"the export {name} of another stack", used)
        case EnvVar() | AnyText() | Unknown():
            return "*"
        case _:
            assert_never(part)


def _used(name: str, meant: str, used: dict[str, str]) -> str:
    while used.get(name, meant) != meant:
        name += "_"
    used[name] = meant
    return f"${{var.{name}}}"
