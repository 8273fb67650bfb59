"""Read what the Serverless Framework has packaged: its compiled template instead of the configuration.

In: ``.serverless/cloudformation-template-update-stack.json``, and ``serverless-state.json`` beside it where there is
one: it tells the service's name, stage and region, the functions' keys and events, and what the project itself
declares. Out: a :class:`~scopedown.project.model.Project` whose handlers are looked for in the service's folder.
(osls 4.3.1, ``lib/plugins/aws/package/lib/{save-compiled-template,save-service-state}.js``)
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.document import Document, Files, parse_json
from scopedown.documents.nodes import MapNode, as_list, as_map, child, place_of
from scopedown.project.cloudformation.read import project_of
from scopedown.project.cloudformation.stack import Template
from scopedown.project.findings import reported
from scopedown.project.framework_command import LIMIT, failure, installed, ran
from scopedown.project.model import Event, Function, Project, Role
from scopedown.project.options import Options
from scopedown.project.serverless.event_names import event_names
from scopedown.project.serverless.frameworks import RUNNING
from scopedown.project.serverless.names import function_id
from scopedown.project.serverless.plugins import SECTIONS

STATE: Final = "serverless-state.json"
"""What the framework writes beside the template."""
TEMPLATE: Final = "cloudformation-template-update-stack.json"
CUSTOM_RESOURCES: Final = "CustomDashresource"
"""The start of the logical ids of functions that the framework adds for its own work."""
_FUNCTION: Final = "AWS::Lambda::Function"
_SUFFIX: Final = "LambdaFunction"
_STEP: Final = re.compile(r'\["?([^"\]]*)"?\]')
_DEPTH, _VALUES = 40, 100_000
"""How deep the references of a state file are followed, and how many values are read in all."""


@dataclass(frozen=True, slots=True)
class _State:
    """What the state file tells; empty where there is none."""

    name: str = ""
    stage: str = ""
    region: str | None = None
    functions: Mapping[str, Any] | None = None
    written: frozenset[str] | None = None
    plugins: tuple[str, ...] = ()
    place: Place | None = None
    statements: tuple[Any, ...] = ()
    """The policy statements that the service itself asks for."""
    provider: Mapping[str, Any] = field(default_factory=dict)
    sections: Mapping[str, Any] = field(default_factory=dict)


def read_compiled(path: Path, options: Options, files: Files) -> Project:
    """The project of a compiled template; ``files`` knows the service's folder, which handlers are relative to.

    Raises :class:`~scopedown.core.finding.ScopedownError` where the file is no template.
    """
    document = _document(path, files)
    if document is None:
        raise ScopedownError(
            f"{path} does not exist", None, f"run `serverless package`, then pass --compiled .serverless/{TEMPLATE}"
        )
    tree = document.tree
    if not isinstance(tree, MapNode) or not isinstance(tree.get("Resources"), MapNode):
        raise ScopedownError(
            f"{document.file} is not a compiled template: it has no Resources", Place(document.file),
            f"pass the .serverless/{TEMPLATE} that `serverless package` writes",
        )  # fmt: skip
    findings: list[Finding] = []
    state = _state(path, files, findings)
    if options.stage is not None and state.stage and options.stage != state.stage:
        findings.append(reported("compiled-stage", state.place, stage=state.stage, stage2=options.stage))
    functions = _functions_of(tree)
    template = Template(
        tree,
        document.file,
        "serverless",
        state.name or files.root.name,
        written=state.written,
        code=dict.fromkeys(functions, ""),
        findings=tuple(findings),
        tooling=frozenset(id for id in functions if id.startswith(CUSTOM_RESOURCES)),
        stage=state.stage or "dev",
        region=state.region,
    )
    # Parameters of the framework are no parameters of the template, and the stage has been decided.
    project = project_of(
        template, files, replace(options, params={}, stage=None), lambda stack, _: _nested(stack, path, files)
    )
    return replace(
        project,
        functions=tuple(_named(function, state) for function in project.functions),
        roles={id: _told_apart(role, state) for id, role in project.roles.items()},
        plugins=state.plugins,
        provider=state.provider,
        sections=state.sections,
    )


def _functions_of(tree: MapNode) -> list[str]:
    """The logical ids of a template's functions."""
    return [id for id, one in as_map(tree.get("Resources")).items() if as_map(one).get("Type") == _FUNCTION]


def _nested(stack: Mapping[str, Any], path: Path, files: Files) -> Template | None:
    """The template of a nested stack, which a plugin writes beside the compiled one: ``TemplateURL`` ends in its name
    (serverless-plugin-split-stacks 1.15.0 ``lib/utils.js``, ``lib/write-nested-stacks.js``)."""
    url = as_map(stack.get("Properties")).get("TemplateURL")
    pieces = as_list(as_map(url).get("Fn::Join"))
    last = as_list(pieces[-1])[-1:] if pieces else [url]
    name = last[0].rpartition("/")[2] if last and isinstance(last[0], str) else ""
    document = _document(path.with_name(name), files) if name.endswith(".json") else None
    if document is None or not isinstance(document.tree, MapNode):
        return None
    code = dict.fromkeys(_functions_of(document.tree), "")
    return Template(document.tree, document.file, "serverless", "", code=code)


def _document(path: Path, files: Files) -> Document | None:
    """A file of the framework's output; outside of the service's folder it goes by its name alone."""
    name = files.name(path)
    if not name.startswith(".."):
        return files.document(path)
    text = files.text(path)
    return None if text is None else parse_json(text, path.name, path)


def _state(path: Path, files: Files, findings: list[Finding]) -> _State:
    try:
        document = _document(path.with_name(STATE), files)
    except ScopedownError as error:
        findings.append(error.finding("compiled-state"))
        return _State()
    if document is None:
        findings.append(reported("compiled-state", Place(files.name(path)), state=STATE))
        return _State()
    service = as_map(as_map(document.tree).get("service"))
    provider = as_map(service.get("provider"))
    name, stage, region = service.get("service"), provider.get("stage"), provider.get("region")
    configuration = as_map(service.get("initialServerlessConfig"))
    plugins = service.get("plugins") or configuration.get("plugins")
    modules = plugins.get("modules") if isinstance(plugins, Mapping) else plugins
    functions = service.get("functions")
    return _State(
        name=name if isinstance(name, str) else "",
        stage=stage if isinstance(stage, str) else "",
        region=region if isinstance(region, str) else None,
        functions=functions if isinstance(functions, Mapping) else None,
        written=frozenset(as_map(as_map(service.get("resources")).get("Resources"))),
        plugins=tuple(item for item in as_list(modules) if isinstance(item, str)),
        place=place_of(provider, "stage") or Place(document.file),
        provider=provider,
        sections={
            name: as_map(_referenced(service.get(name, configuration.get(name)), document.tree, [_VALUES]))
            for name in SECTIONS
        },
        statements=tuple(
            statement for holder in (provider, *as_map(functions).values()) for statement in _statements(as_map(holder))
        ),
    )


def _referenced(value: Any, top: Any, left: list[int], depth: int = 0) -> Any:
    """A value of the state file with what its references lead to: what occurs twice is written once
    (``{"$ref": '$["service"]["custom"]'}``). ``left`` holds how many values may still be read."""
    left[0] -= 1
    if depth > _DEPTH or left[0] < 0:
        return None
    if isinstance(value, list):
        return [_referenced(item, top, left, depth + 1) for item in value]
    if not isinstance(value, Mapping):
        return value
    if set(value) != {"$ref"} or not isinstance(path := value["$ref"], str) or not path.startswith("$["):
        return {name: _referenced(item, top, left, depth + 1) for name, item in value.items()}
    found = top
    for step in _STEP.findall(path):
        found = child(found, step) if isinstance(found, Mapping | list) else None
    return _referenced(found, top, left, depth + 1)


def _statements(holder: Mapping[str, Any]) -> list[Any]:
    """What the provider, or a function, asks its role to allow."""
    role = as_map(as_map(holder.get("iam")).get("role"))
    return [*as_list(holder.get("iamRoleStatements")), *as_list(role.get("statements"))]


def _told_apart(role: Role, state: _State) -> Role:
    """A role that the framework makes: which of its statements the service asks for, and which are added."""
    if state.written is None or role.id in state.written:
        return role
    statements = tuple(
        statement if statement.statement in state.statements else replace(statement, added_by="framework")
        for statement in role.statements
    )
    return replace(role, statements=statements)


def _named(function: Function, state: _State) -> Function:
    """A function under the key that the service gives it, with its events as the service writes them."""
    if state.functions is None:
        return replace(function, key=_key(function.logical_id, function.name))
    for key, settings in state.functions.items():
        if function_id(key) == function.logical_id.rpartition("/")[2]:
            return replace(function, key=key, events=tuple(_events(settings, function.place)))
    return function


def _events(settings: Any, otherwise: Place) -> list[Event]:
    found: list[Event] = []
    written = as_map(settings).get("events")
    for index, event in enumerate(as_list(written)):
        place = place_of(written, index) or otherwise
        if isinstance(event, str):
            found.append(Event(event, None, place))
        found += [
            Event(kind, value, place_of(event, kind) or place)
            for position, (kind, value) in enumerate(as_map(event).items())
            if position == 0 or kind in event_names()
        ]
    return found


def _key(id: str, name: Text) -> str:
    """A function's key where nobody tells it: what of its name makes its logical id.

    >>> _key("ListDashordersLambdaFunction", Text.of("shop-dev-list-orders"))
    'list-orders'
    """
    words = (name.literal or "").split("-")
    for start in range(len(words)):
        key = "-".join(words[start:])
        if key and function_id(key) == id:
            return key
    plain = id.removesuffix(_SUFFIX)
    return plain[:1].lower() + plain[1:]


NAMES: Final = ("osls", "serverless", "sls")
"""What the framework's command is called, in the order that it is looked for."""


def framework_of(root: Path) -> Path | None:
    """The framework's command: installed in the folder or one above it, else on the PATH; None where there is none."""
    return installed(root, NAMES)


def run_framework(root: Path, options: Options, folder: Path, config: str | None = None, limit: float = LIMIT) -> Path:
    """Package the service in ``root`` into ``folder``; the path of the compiled template.

    ``config`` names its configuration file where the framework would take another one. Raises ScopedownError where no
    framework is installed, where it fails (with the end of its output) or takes longer than ``limit`` seconds.
    """
    tool = framework_of(root)
    if tool is None:
        raise ScopedownError(
            f"no framework is installed in {root} ({', '.join(NAMES[:-1])} or {NAMES[-1]})", None,
            "run npm install in the project's folder, or pass the compiled template with --compiled",
        )  # fmt: skip
    command = [str(tool), "package", "--package", str(folder), *_arguments(options, config)]
    environment = {**os.environ, **options.environment, "SLS_NOTIFICATIONS_MODE": "off", "CI": "1", RUNNING: "1"}
    ended = ran(command, root, environment, limit)
    template = folder / TEMPLATE
    if ended.code == 0 and template.is_file():
        return template
    raise failure(
        f"{tool.name} package", ended, TEMPLATE,
        "fix the project until the framework's package command works, or leave --run-framework out", limit,
    )  # fmt: skip


def _arguments(options: Options, config: str | None) -> list[str]:
    """The user's options as the framework takes them."""
    given = options.command_line()
    words = [f"--{name}={value}" for name, value in given.items()]
    words += [f"--param={name}={value}" for name, value in options.params.items()]
    return [*words, *([f"--config={config}"] if config is not None else [])]
