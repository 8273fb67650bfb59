"""Read a Serverless Framework project: from the configuration's tree to a Project.

In: the configuration file, parsed, and the options. Out: a :class:`~scopedown.project.model.Project`. The steps, each
a module of its own: old notations are brought into today's form here; :mod:`~.resolve` replaces the variables;
:mod:`~.roles` compiles the roles as the framework does; :mod:`~.functions` reads the functions. What cannot be read
at all (no service, no provider, functions that are no mapping) ends in a ScopedownError; everything else is a
finding, and the rest is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import Finding, ScopedownError, Severity
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.document import Document, Files
from scopedown.documents.nodes import ListNode, MapNode, as_list, as_map, clone, place_of
from scopedown.documents.scalars import js_text
from scopedown.project.code.handlers import Sources
from scopedown.project.intrinsics import Scope
from scopedown.project.model import DeclaredResource, Function, Project
from scopedown.project.options import NotAwsError, Options
from scopedown.project.serverless import plugin_effects, plugins
from scopedown.project.serverless.coerce import coerce
from scopedown.project.serverless.compile import compile_template
from scopedown.project.serverless.frameworks import NAMES, RUNNING, V4, Choice, choose, without_unknown
from scopedown.project.serverless.functions import read_functions
from scopedown.project.serverless.layers import declared_layers
from scopedown.project.serverless.legacy import OLD_SETTING, deprecated, modernize
from scopedown.project.serverless.names import Name
from scopedown.project.serverless.overrides import declared_resources
from scopedown.project.serverless.pseudo_parameters import substitute
from scopedown.project.serverless.resolve import resolve
from scopedown.project.serverless.resolving import Resolution
from scopedown.project.serverless.roles import compile_roles
from scopedown.project.serverless.service import PLUGIN_LIFT, Service, merge
from scopedown.project.serverless.shapes import wrong_types
from scopedown.source.packages.pinned import pinned

_CONSEQUENCES: Final = frozenset(
    {
        "environment-unknown", "function-invalid", "functions-invalid", "handler-unknown", "resource-invalid",
        "resources-invalid", "runtime-unknown", "statement-unknown",
    }
)  # fmt: skip
"""Findings that end in the reason why a value is not known."""

_REMEDIES: Final = {
    "program-not-read": "write the value as text, or let the framework compile it: pass --run-framework or "
    "--compiled FILE",
    "program-environment": "set the variable",
}
"""What can be done about the remarks on a configuration that is a program."""


def read_serverless(document: Document, files: Files, options: Options) -> Project:
    """The project that a serverless.yml (or .json) describes."""
    tree = document.tree
    top = Place(document.file)
    if not isinstance(tree, MapNode):
        what = "is empty" if tree is None else "is not a mapping"
        raise ScopedownError(f"{document.file} {what}", top, "write a mapping with service, provider and functions")
    findings = [
        _remark(document, remark.code, remark.text, remark.place)
        for remark in document.remarks
        if remark.code != "empty"
    ]
    written_service = tree.get("service")
    findings += modernize(tree, document.file)
    provider_name = as_map(tree.get("provider")).get("name")
    if isinstance(provider_name, str) and "${" not in provider_name and provider_name != "aws":
        raise NotAwsError(
            f"{document.file} has the provider {provider_name}, and scopedown reads aws only",
            place_of(tree.get("provider"), "name") or place_of(tree, "provider") or top,
            "scan a service whose provider is aws",
        )  # fmt: skip

    resolution = resolve(tree, files, options)
    findings += resolution.findings()
    # Anew: what variables gave tells too.
    choice = choose(files.root, tree, options.framework, RUNNING in options.environment)
    is_v4 = choice.framework == V4
    wrong = wrong_types(tree, top, is_v4)
    findings += deprecated(tree, top)
    coerce(tree, is_v4)
    service = _service(tree, document, options, choice)
    substitute(service)
    plugin_effects.configure(service, plugin_effects.Given(files, options, tree))
    findings += plugins.findings(tree.get("plugins"), top)
    service.unread += plugins.unseen(tree.get("plugins"), top)
    if is_v4:
        findings += plugins.findings_of_v4(tree, top)
    if service.has_plugin(PLUGIN_LIFT):
        from scopedown.project.serverless.lift import constructs

        of_constructs = constructs.add_constructs(service, tree)
        resources, scope_sections = _resources(service)
        resources = constructs.together(resources, of_constructs)
    else:
        resources, scope_sections = _resources(service)
    scope = Scope(*scope_sections, region=service.region, account=options.account)
    compiled = compile_roles(service, resources, scope)
    template = compile_template(service, resources, compiled, scope)
    _untyped(service, template.resources)
    functions = read_functions(template, Sources(files.root))
    return Project(
        root=str(files.root),
        config=document.file,
        framework="serverless",
        service=_shown(service.name, written_service),
        stage=service.stage,
        region=service.region,
        functions=functions,
        resources={id: template.resources.get(id, resource) for id, resource in resources.items()},
        roles=compiled.roles,
        parameters=scope.parameters,
        settable=None if service.unread else param_names(tree, resolution, files),
        findings=_told(resolution, wrong, [*findings, *service.findings]),
        plugins=service.plugins,
        account=options.account,
        given_region=options.region,
        partition=options.partition,
        dependencies=pinned(files.root, _folders(functions), _requirements(tree)),
        mappings=scope.mappings,
        conditions=scope.conditions,
        generated=template.resources,
        outputs=clone(as_map(service.resources.get("Outputs"))),
        compiler=NAMES[choice.framework],
        compiler_reason=choice.reason,
        provider=service.provider,
        sections={name: as_map(tree.get(name)) for name in plugins.SECTIONS},
        asked=resolution.asked,
    )


def _requirements(tree: Mapping[str, Any]) -> tuple[str, ...]:
    """The requirements file that serverless-python-requirements is told to install
    (https://github.com/serverless/serverless-python-requirements#customize-requirements-file-name)."""
    name = as_map(as_map(tree.get("custom")).get("pythonRequirements")).get("fileName")
    return (name,) if isinstance(name, str) else ()


def _told(resolution: Resolution, wrong: list[Finding], others: list[Finding]) -> tuple[Finding, ...]:
    """All findings, each broken thing once.

    What could not be read because a variable was refused is no news beside that variable, nor is a wrong type where
    another finding says more of the same place.
    """
    causes = tuple({f": {problem.reason}" for problem in resolution.refused.values()})
    others = [one for one in others if one.code not in _CONSEQUENCES or not one.message.endswith(causes)]
    places = {one.place for one in others if one.severity is not Severity.NOTE and one.code != OLD_SETTING}
    return tuple(dict.fromkeys([*others, *(finding for finding in wrong if finding.place not in places)]))


def _folders(functions: tuple[Function, ...]) -> list[str]:
    """The folders that handlers stand in."""
    files = [function.handler.file for function in functions if function.handler and function.handler.file]
    return sorted({Path(file).parent.as_posix() for file in files})


def _remark(document: Document, code: str, text: str, place: Place) -> Finding:
    if code == "account-leading-zero":
        return Finding(
            code,
            f"YAML reads {text} as a number and drops its leading zero",
            place,
            "put it in quotes",
            Severity.WARNING,
        )
    return Finding(code, text, place, _REMEDIES.get(code, ""))


def _service(tree: MapNode, document: Document, options: Options, choice: Choice) -> Service:
    """The sections of a resolved configuration, each checked for what it must be."""
    top = Place(document.file)
    provider = tree["provider"]
    if not isinstance(provider, Mapping):
        reason = (
            provider.unknowns[0].reason if isinstance(provider, Text) and provider.unknowns else "it is not a mapping"
        )
        raise ScopedownError(
            f"scopedown cannot read the provider of {document.file}: {reason}", place_of(tree, "provider") or top,
            "write provider: with name: aws below it",
        )  # fmt: skip
    name = tree["service"]
    if not isinstance(name, str | Text):
        name = js_text(name)
    stage = options.stage if options.stage is not None else provider.get("stage")
    region = options.region if options.region is not None else provider.get("region")
    version = tree.get("frameworkVersion")
    service = Service(
        name=name,
        stage=stage if isinstance(stage, str) and stage else "dev",
        region=region if isinstance(region, str) and region else "us-east-1",
        place=place_of(tree, "service") or top,
        provider=provider,
        functions={},
        resources={},
        custom=as_map(tree.get("custom")),
        plugins=plugins.names_of(tree.get("plugins")),
        version=js_text(version) if version is not None else "",
        layers=declared_layers(tree.get("layers")),
        step_functions=as_map(tree.get("stepFunctions")),
        fargate=as_map(tree.get("fargate")),
        package=as_map(tree.get("package")),
    )
    service.functions = _functions(service, tree, document)
    service.framework = choice.framework
    without_unknown(service)
    merged = _merged(service, tree.get("resources"), "resources", place_of(tree, "resources") or top)
    service.resources = merged if merged is not None else MapNode()
    return service


def _merged(service: Service, section: Any, name: str, place: Place) -> MapNode | None:
    """A section that may be a list of mappings, merged in order; None where it is something else."""
    if section is None or section == {}:
        return MapNode(None, place)
    if isinstance(section, MapNode):
        return section
    if isinstance(section, ListNode):
        merged = MapNode(None, place)
        for index, item in enumerate(section):
            if isinstance(item, Mapping):
                merge(merged, item)
            elif item:
                service.report(f"{name}-invalid item", place_of(section, index) or place, why=_why(item))
        return merged
    service.report(f"{name}-invalid", place, why=_why(section))
    return None


def _why(value: Any) -> str:
    if isinstance(value, Text):
        return value.unknowns[0].reason if value.unknowns else str(value)
    return "it is null" if value is None else f"it is {js_text(value)[:60]!r}"


def _functions(service: Service, tree: MapNode, document: Document) -> dict[str, Mapping[str, Any]]:
    place = place_of(tree, "functions") or Place(document.file)
    section = tree.get("functions")
    merged = _merged(service, section, "functions", place)
    if merged is None:
        raise ScopedownError(
            f"scopedown cannot read the functions of {document.file}: {_why(section)}",
            place,
            "write a mapping of functions",
        )
    functions = MapNode(None, merged.place)
    functions.keys_at, functions.values_at = merged.keys_at, merged.values_at
    for key, function in merged.items():
        if isinstance(function, Mapping):
            functions[key] = function
        else:
            service.report("function-invalid", place_of(merged, key), key=key, why=_why(function))
    return functions


_Sections = tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]


def _resources(service: Service) -> tuple[dict[str, DeclaredResource], _Sections]:
    """The resources that the project declares, and the sections of its template that give names a meaning."""
    template = service.resources
    section = template.get("Resources")
    for id, resource in as_map(section).items():
        if not isinstance(resource, Mapping) and resource is not None:
            place = place_of(section, id) or service.place
            service.report("resource-invalid", place, id=id, why=_why(resource))
    parameters = {name: as_map(parameter) for name, parameter in as_map(template.get("Parameters")).items()}
    for given in map(as_map, as_list(service.provider.get("stackParameters"))):
        name = given.get("ParameterKey")
        if isinstance(name, str) and name in parameters:
            parameters[name] = {**parameters[name], "Default": given.get("ParameterValue")}
    return declared_resources(service), (
        parameters,
        as_map(template.get("Mappings")),
        as_map(template.get("Conditions")),
    )


def _untyped(service: Service, deployed: Mapping[str, DeclaredResource]) -> None:
    """Tell of resources without a type; one that the framework makes itself has its type from there."""
    section = service.resources.get("Resources")
    for id, resource in as_map(section).items():
        if isinstance(resource, Mapping) and resource.get("Type") is None and id not in deployed:
            service.report("resource-invalid type", place_of(section, id) or service.place, id=id)


def _shown(name: Name, written: Any) -> str:
    """A service's name for people: as resolved, or as written where it is not known."""
    if isinstance(name, str):
        return name
    if isinstance(written, Mapping):
        written = written.get("name")
    return written if isinstance(written, str) else str(name)


# The names for which ``--param`` changes something: those that ``${param:NAME}`` asks for, and those with a value.
# Reference: https://www.serverless.com/framework/docs/guides/parameters


_ASKED: Final = re.compile(r"\bparam:(?:\s*([\w.-]+)\s*[,}])?")
_DATA: Final = (".yml", ".yaml", ".json", ".env")
"""Endings of files that are no programs."""


def param_names(tree: Mapping[str, Any], resolution: Resolution, files: Files) -> frozenset[str] | None:
    """The names of a resolved configuration.

    They are not known where a variable was not resolved (its value may ask for others), where a program was read, and
    where a name is made of variables.
    """
    texts = {path: text for path, text in files.texts.items() if text is not None and "param:" in text}
    if resolution.refused or resolution.told or any(path.suffix not in _DATA for path in files.texts):
        return None
    asked = [match[1] for text in texts.values() for match in _ASKED.finditer(text)]
    if None in asked:
        return None
    return frozenset((*asked, *_declared(tree)))


def _declared(tree: Mapping[str, Any]) -> Iterator[str]:
    """``params.STAGE.NAME``, and ``stages.STAGE.params.NAME`` of serverless 4."""
    for of_stage in as_map(tree.get("params")).values():
        yield from as_map(of_stage)
    for of_stage in as_map(tree.get("stages")).values():
        yield from as_map(as_map(of_stage).get("params"))
