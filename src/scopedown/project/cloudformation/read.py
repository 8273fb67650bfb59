"""Read a CloudFormation template, whichever tool made it: from its tree to a Project.

In: a :class:`~scopedown.project.cloudformation.template.Template`, its transforms done. Out: a
:class:`~scopedown.project.model.Project`. The steps: nested stacks are put into the one tree (:mod:`~.nested`);
conditions are decided by the parameters' defaults (:mod:`~.choose`); resources, roles and functions are read. What
cannot be read at all (no mapping, no resources) ends in a ScopedownError; everything else is a finding, and the rest is
read.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.document import Document, Files
from scopedown.documents.nodes import MapNode, as_map, place_of
from scopedown.project.cloudformation.branches import unknown_conditions
from scopedown.project.cloudformation.checks import check_document, check_role, left_out, unknown_references
from scopedown.project.cloudformation.choose import Budget, Chooser, exports_of, with_stored
from scopedown.project.cloudformation.functions import read_functions
from scopedown.project.cloudformation.nested import Load, flatten, load_plain
from scopedown.project.cloudformation.plain import plain_template
from scopedown.project.cloudformation.stack import SECTIONS, Stack, Template
from scopedown.project.cloudformation.transforms import may_declare_more
from scopedown.project.cloudformation.undecided import with_branches
from scopedown.project.code.handlers import Sources
from scopedown.project.findings import reported
from scopedown.project.intrinsics import Scope, condition, is_intrinsic
from scopedown.project.model import DeclaredResource, Function, Project
from scopedown.project.options import Options
from scopedown.project.roles import ATTACHED, role_of, with_attached
from scopedown.source.packages.pinned import pinned

DEFAULT_REGION: Final = "us-east-1"
"""What ``Project.region`` is where nobody says it; conditions on the region are not told by it."""


def read_cloudformation(document: Document, files: Files, options: Options, load: Load | None = None) -> Project:
    """The project that a template describes, read as plain CloudFormation (``Files.document(path, template=True)``).

    ``load`` is that of :func:`project_of`.
    """
    tree = document.tree
    if not isinstance(tree, MapNode):
        what = "is empty" if tree is None else "is not a mapping"
        raise ScopedownError(f"{document.file} {what}", Place(document.file), "add a Resources section")
    service = Path(document.file).name.partition(".")[0]
    if service in ("template", "cloudformation", "stack", "main", "index"):
        service = files.root.name or service
    params = {name: value for name, value in options.params.items() if name not in options.symbolic}
    template = plain_template(document, files, params, options.region, options.account, service)
    return project_of(template, files, options, load)


def project_of(template: Template, files: Files, options: Options, load: Load | None = None) -> Project:
    """The project of a template. ``load`` reads the templates of its nested stacks (plain CloudFormation by default).

    Raises :class:`~scopedown.core.finding.ScopedownError` only where nothing can be read.
    """
    budget = Budget(Place(template.file))
    template = flatten(template, load or (lambda stack, parent: load_plain(stack, parent, files)), budget)
    return project_of_flat(template, files, options, budget)


def project_of_flat(template: Template, files: Files, options: Options, budget: Budget) -> Project:
    """The project of a template whose nested stacks are in it already."""
    findings = list(template.findings)
    if not may_declare_more(findings):
        findings += unknown_conditions(template.tree)
        if template.framework == "cloudformation":  # other tools refuse such references before there is a template
            findings += unknown_references(template.tree)
    sections = {name: _section(template, name, findings) for name in SECTIONS}
    parameters = _parameters(sections["Parameters"], options, findings)
    region, account = options.region or template.region, options.account or template.account
    of_all = options.every_deployment
    scope = Scope(
        parameters, sections["Mappings"], sections["Conditions"], None if of_all else region,
        None if of_all else account, defaults=True,
    )  # fmt: skip
    chooser = Chooser(scope, exports_of(sections["Outputs"], scope), budget, {} if of_all else options.values)
    resources = _resources(sections["Resources"], chooser, findings, template)
    stack = Stack(template, resources, scope, findings)
    roles = {}
    for resource in stack.of_type("AWS::IAM::Role"):
        check_role(stack, resource)
        roles[resource.logical_id] = role_of(resource.logical_id, resource.properties, resource.place)
    for resource in stack.of_type(*ATTACHED):
        check_document(stack, resource.properties, resource.logical_id)
    roles = with_attached(roles, resources, scope)
    functions = read_functions(stack, roles, Sources(files.root), files)
    roles = with_attached(roles, resources, scope)  # those outside of the project are known by now
    given = (template.given | frozenset(options.params)) - options.symbolic
    roles = with_branches(roles, resources, sections["Resources"], chooser, given)
    written = template.written
    return Project(
        root=str(files.root),
        config=template.file,
        framework=template.framework,
        service=template.service,
        stage=options.stage or template.stage,
        region=region or DEFAULT_REGION,
        functions=functions,
        resources={id: one for id, one in resources.items() if written is None or id in written},
        roles=roles,
        parameters=parameters,
        given_parameters=given,
        settable=None if may_declare_more(findings) else frozenset(parameters),
        findings=tuple(dict.fromkeys(findings)),
        account=account,
        given_region=options.region,
        partition=options.partition,
        dependencies=pinned(files.root, _folders(functions)),
        mappings=sections["Mappings"],
        conditions=sections["Conditions"],
        generated={id: one for id, one in resources.items() if written is not None and id not in written},
        outputs=_outputs(sections["Outputs"], chooser),
    )


def _section(template: Template, name: str, findings: list[Finding]) -> MapNode:
    """A section of the template; resources must be there."""
    value = template.tree.get(name)
    if isinstance(value, MapNode):
        return value
    place = place_of(template.tree, name) or Place(template.file)
    if name == "Resources":
        what = "has no Resources" if value is None else "has Resources that are not a mapping"
        raise ScopedownError(f"{template.file} {what}", place, "write Resources as a mapping of logical ids")
    if value is not None:
        findings.append(reported("wrong-type names", place, name=name))
    return MapNode(None, place)


def _parameters(written: MapNode, options: Options, findings: list[Finding]) -> MapNode:
    """The parameters, with what the user gave in the place of the default (``--param``, and ``--param-file`` for the
    value of a name in Parameter Store)."""
    parameters = MapNode(None, written.place)
    for name, parameter in written.items():
        at = place_of(written, name) or written.place
        parameters.keys_at[name] = parameters.values_at[name] = at
        if not isinstance(parameter, Mapping):
            findings.append(reported("wrong-type parameter", at, name=name))
            parameter = MapNode(None, at)
        default = parameter.get("Default")
        if isinstance(default, Mapping | list):
            findings.append(reported("wrong-type default", place_of(parameter, "Default") or at, name=name))
            parameter = MapNode({key: value for key, value in parameter.items() if key != "Default"}, at)
        if name in options.params and name not in options.symbolic:
            parameter = MapNode(parameter, at)
            parameter["Default"] = options.params[name]
        parameters[name] = with_stored(parameter, options.values)
    return parameters


def _resources(
    written: MapNode, chooser: Chooser, findings: list[Finding], template: Template
) -> dict[str, DeclaredResource]:
    """The resources that deploy, their conditions decided."""
    found: dict[str, DeclaredResource] = {}
    for id, resource in written.items():
        place = place_of(written, id) or Place(template.file)
        if id == "Fn::Transform":
            continue  # a macro, which is told
        if not isinstance(resource, Mapping):
            findings.append(reported("wrong-type resource", place, id=id))
            continue
        type_name = resource.get("Type")
        if type_name is None and "Fn::Transform" in resource:
            continue
        if not isinstance(type_name, str):
            what = "has no Type" if type_name is None else "has a Type that is not text"
            findings.append(reported("wrong-type type", place_of(resource, "Type") or place, id=id, what=what))
            continue
        named = resource.get("Condition")
        if isinstance(named, str):
            if named not in chooser.scope.conditions:
                findings.append(
                    reported("condition-unknown resource", place_of(resource, "Condition") or place, id=id, named=named)
                )
            elif condition(named, chooser.scope) is False:
                findings += filter(None, [left_out(id, type_name, named, chooser.scope, place)])
                continue
        properties = resource.get("Properties")
        if properties is not None and (not isinstance(properties, Mapping) or isinstance(properties, Text)):
            findings.append(reported("wrong-type properties", place_of(resource, "Properties") or place, id=id))
            properties = None
        chosen = chooser.chosen(properties) if properties is not None else MapNode(None, place)
        if not isinstance(chosen, Mapping) or (is_intrinsic(chosen) and "Fn::Transform" not in chosen):
            chosen = MapNode(None, place)
        attributes = {key: value for key, value in resource.items() if key not in ("Type", "Properties")}
        found[id] = DeclaredResource(id, type_name, chosen, place, attributes)
    return found


def _outputs(written: MapNode, chooser: Chooser) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, output in written.items():
        named = as_map(output).get("Condition")
        if isinstance(named, str) and condition(named, chooser.scope) is False:
            continue
        found[name] = chooser.chosen(output)
    return found


def _folders(functions: tuple[Function, ...]) -> list[str]:
    """The folders that handlers stand in, and those that code is packaged from."""
    folders: set[str] = set()
    for function in functions:
        if function.handler is not None and function.handler.inline is None:
            folders.add(function.handler.root)
            if function.handler.file:
                folders.add(posixpath.dirname(function.handler.file))
    return sorted(folders)
