"""Read a Terraform (or OpenTofu) configuration: from the folder of its root module to a Project.

In: the folder's files (:mod:`~.files`). Out: a :class:`~scopedown.project.model.Project`, by way of a
CloudFormation template of the same resources. ``terraform`` is never run and no provider is asked: values are those of
the configuration, and what only an apply knows is unknown with its reason.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Param, Text
from scopedown.documents.document import Document, Files
from scopedown.documents.nodes import MapNode, as_map
from scopedown.project.cloudformation.read import project_of
from scopedown.project.cloudformation.stack import Template
from scopedown.project.model import Project
from scopedown.project.options import Options
from scopedown.project.other_tools import is_terragrunt
from scopedown.project.terraform import functions
from scopedown.project.terraform.blocks import Lazy
from scopedown.project.terraform.context import Context
from scopedown.project.terraform.data_sources import known_attribute
from scopedown.project.terraform.evaluate import Budget, Evaluator
from scopedown.project.terraform.files import values_files
from scopedown.project.terraform.modules import Module
from scopedown.project.terraform.plans import planned_instances, planned_region
from scopedown.project.terraform.remote import remote_module
from scopedown.project.terraform.syntax import Attribute, parse
from scopedown.project.terraform.template import PACKING, Made, template_from, template_of
from scopedown.project.terraform.values import as_text

_UP: Final = 6
"""How many folders above the root module's a configuration's code may begin."""


def read_terraform(folder: Path, config: str, files: Files, options: Options) -> Project:
    """The project of a root module; ``config`` is the name of one of its files.

    Raises ScopedownError where nothing of it can be read: no readable file, or more than is worked out.
    """
    context, made = _made(folder, config, files, options)
    if context.up and context.up <= _UP and context.up < len(folder.parts) - 1:  # its code begins above its folder
        files = Files(folder.parents[context.up - 1], files.texts)
        context, made = _made(folder, config, files, options)
    if is_terragrunt(folder / "terragrunt.hcl"):
        name = files.name(folder / "terragrunt.hcl")
        context.report("terraform-terragrunt", Place(name), name=name)
    template = _template(context, made, config, folder, options, _region(context, folder))
    project = project_of(template, files, options)
    return replace(project, settable=_variables(context), unmodelled=made.unmodelled)


def _variables(context: Context) -> frozenset[str] | None:
    """The root module's variables; None where one of its files was not read."""
    unread = {"terraform-file", "terraform-syntax", "terraform-outside"}
    return None if any(one.code in unread for one in context.findings) else frozenset(_root(context).variables)


def read_plan(document: Document, files: Files, options: Options) -> Project:
    """The project of a plan in JSON (``terraform show -json``), whose paths are relative to its folder.

    Raises ScopedownError where its form is of another version, or it holds more than is read.
    """
    folder = document.path.parent
    for again in range(2):
        context = Context(files, folder, options, Budget(files.name(document.path)))
        instances = planned_instances(document.tree, context, known_attribute)
        resources = [one for one in instances if not one.is_data]
        made = template_from(context, resources, [one for one in instances if one.is_data and one.type in PACKING])
        if again or not context.up or context.up > _UP or context.up >= len(folder.parts) - 1:
            break
        files = Files(folder.parents[context.up - 1], files.texts)
        document = files.document(document.path) or document
    region = planned_region(as_map(document.tree))
    project = project_of(_template(context, made, document.path.name, folder, options, region), files, options)
    # A plan holds the values that variables had: none can be set.
    return replace(project, settable=frozenset(), unmodelled=made.unmodelled)


def _template(
    context: Context, made: Made, config: str, folder: Path, options: Options, region: str | None
) -> Template:
    return Template(
        tree=MapNode({"Resources": made.resources}, made.resources.place),
        file=context.files.name(folder / config),
        framework="terraform",
        service=folder.name,
        code=made.code,
        entries=made.entries,
        replaced=made.replaced,
        findings=tuple(context.findings),
        stage=options.stage or "",
        region=region,
    )


def _made(folder: Path, config: str, files: Files, options: Options) -> tuple[Context, Made]:
    name = files.name(folder / config)
    context = Context(files, folder, options, Budget(name))
    if not context.bodies(folder, Place(name)):
        problem = context.findings[0] if context.findings else None
        raise ScopedownError(
            problem.message if problem else f"{name} cannot be read", Place(name), "correct the configuration"
        )
    return context, template_of(_root(context))


def _root(context: Context) -> Module:
    given = _given(context)
    return Module(
        context,
        context.folder,
        "",
        Lazy(lambda name: given[name]),
        frozenset(given),
        known_attribute,
        remote_module,
        Place(context.budget.file),
    )


def _given(context: Context) -> dict[str, Any]:
    """The values of the root module's variables: of its ``.tfvars`` files in Terraform's order, and of ``--param``
    (https://developer.hashicorp.com/terraform/language/values/variables)."""
    found: dict[str, Any] = {}
    for name in values_files(path.name for path in context.folder.iterdir()):
        if name.endswith(".json"):
            tree = context.tree(context.folder / name)
            found |= tree if isinstance(tree, MapNode) else {}
        elif (body := context.body(context.folder / name)) is not None:
            found |= {name: _alone(context, one) for name, one in body.attributes.items()}
    for name, text in context.options.params.items():
        found[name] = _literal(context, text)
    return found | {name: Text.of(Param(f"var.{name}")) for name in context.options.symbolic}


def known_variables(folder: Path, options: Options) -> dict[str, str | bool]:
    """The root module's variables that are text, or true or false, with their values."""
    context = Context(Files(folder), folder, options, Budget(folder.name))
    root = _root(context)
    values = {name: root.variable(name) for name in root.variables}
    return {name: value for name, value in values.items() if isinstance(value, str | bool)}


def _alone(context: Context, written: Attribute) -> Any:
    evaluator = Evaluator(
        context.budget,
        lambda name, place: Text.unknown(f"a .tfvars file does not know {name}", place),
        functions.call,
    )
    return evaluator.value(written.node, written.source)


def _literal(context: Context, text: str) -> Any:
    """The value of ``--param``: a list or a map as HCL writes it, or text."""
    if text.strip()[:1] not in ("[", "{") and text not in ("true", "false", "null"):
        return text
    body, findings = parse(f"value = {text}", "--param")
    written = body.attributes.get("value")
    return text if written is None or findings else _alone(context, written)


def _region(context: Context, folder: Path) -> str | None:
    """The region of the provider without an alias."""
    root = _root(context)
    for body in context.bodies(folder, Place(context.budget.file)):
        for block in body.of_type("provider"):
            written = block.body.attributes.get("region")
            if block.labels == ("aws",) and written is not None and "alias" not in block.body.attributes:
                return as_text(root.evaluator.value(written.node, written.source)).literal
    return None
