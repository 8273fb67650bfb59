"""What functions need, as Terraform: a policy document as a data source for each.

What CloudFormation says by ``Ref`` and ``Fn::GetAtt`` is a variable here, which the configuration gives a value: the
resources of a Terraform configuration have names of their own. Partition, region and account are asked for as data
sources (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/caller_identity).
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from scopedown.core.text import Att, ImportValue, Param, Part, Pseudo, Ref
from scopedown.emit.terraform import INSET, Code, aligned, label_of, policy_document
from scopedown.emit.terraform_names import Names
from scopedown.generate.document import generate
from scopedown.scan import ProjectScan


def render(scan: ProjectScan) -> str:
    """The data sources, and the variables that they use."""
    used: dict[str, str] = {}
    sources: set[str] = set()

    def source(type: str) -> str:
        sources.add(type)
        return "current"

    names = Names(scan.project, lambda part: _variable_of(part, used), source)
    documents = []
    for function in scan.functions:
        document = names.tree(generate(function.permissions))
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


def _variable_of(part: Part, used: dict[str, str]) -> str | Code:
    match part:
        case Ref(name) | Param(name) | Pseudo(name):
            return _used(label_of(name), f"what CloudFormation's Ref of {name} is", used)
        case Att(id, name):
            return _used(label_of(f"{id}_{name}"), f"the attribute {name} of {id}", used)
        case ImportValue(name):
            return _used(label_of(f"import_{name}"), f"the export {name} of another stack", used)
        case _:
            return "*"


def _used(name: str, meant: str, used: dict[str, str]) -> Code:
    while used.get(name, meant) != meant:
        name += "_"
    used[name] = meant
    return Code(f"var.{name}")
