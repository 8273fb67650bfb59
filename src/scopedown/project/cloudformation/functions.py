"""The functions of a template: names, code, environments, roles, events, settings and layers.

In: a :class:`~scopedown.project.cloudformation.stack.Stack` and its roles. Out: one
:class:`~scopedown.project.model.Function` for each AWS::Lambda::Function, in the template's order; a role that exists
outside of the project is added to the roles as not declared.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from scopedown.core.coverage import Cause, Unseen
from scopedown.core.text import ANY, Att, Literal, Pseudo, Ref, Text
from scopedown.documents.document import Files
from scopedown.documents.nodes import MapNode, as_map, place_of, value_place
from scopedown.project.cloudformation import routes, sources, triggers
from scopedown.project.cloudformation.code import code_of, package_of, packages_of, stands_in
from scopedown.project.cloudformation.settings import settings_of
from scopedown.project.cloudformation.stack import FUNCTION, Stack
from scopedown.project.code.build_scripts import made_by_make
from scopedown.project.code.copies import Laid
from scopedown.project.code.handlers import Sources
from scopedown.project.code.installed import holds_only_packages
from scopedown.project.model import DeclaredResource, Event, ForeignLayer, Function, Role

_KEPT: Final = 24
"""Characters of a logical id that are certainly kept in a generated name of 64 characters (unverified)."""


def generated_name(id: str) -> Text:
    """What CloudFormation calls a function without a name: the stack, the logical id (cut where it is long) and random
    characters (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html). A
    ``Ref`` says it exactly, but in the function's own role it would be a circular dependency."""
    own = id.rpartition("/")[2]
    return Text.of(Pseudo("AWS::StackName"), "-", f"{own}-" if len(own) <= _KEPT else own[:_KEPT], ANY)


def read_functions(stack: Stack, roles: dict[str, Role], sources: Sources, files: Files) -> tuple[Function, ...]:
    """All functions of the project, with what is wrong about them told to the stack."""
    events = events_of(stack)
    packages = packages_of(stack, sources)
    found = []
    for resource in stack.of_type(FUNCTION):
        id = resource.logical_id
        if id in stack.template.tooling:
            continue
        environment = _environment(stack, resource)
        code = code_of(stack, resource, sources, files, environment, packages)
        replaced = [one] if (one := stack.template.replaced.get(id)) is not None else stands_in(stack, code, sources)
        layers, beside, foreign, unread = _layers(stack, resource, sources)
        settings, places = settings_of(stack, resource)
        name = resource.properties.get("FunctionName")
        found.append(
            Function(
                key=id,
                name=generated_name(id) if name is None else stack.text(name),
                logical_id=id,
                runtime=code.runtime,
                language=code.language,
                handler=code.handler,
                environment=environment,
                role=_role(stack, resource, roles),
                place=resource.place,
                events=events.get(id, ()),
                settings=settings,
                setting_places=places,
                layers=layers,
                search=tuple(dict.fromkeys((*code.search, *beside))),
                foreign_layers=foreign,
                unread=(*code.unread, *replaced, *unread),
            )
        )
    return tuple(found)


def _environment(stack: Stack, resource: DeclaredResource) -> dict[str, Text]:
    written = stack.mapping(resource.properties, "Environment", resource.logical_id)
    variables = stack.mapping(written, "Variables", f"{resource.logical_id}: Environment")
    found = MapNode(None, place_of(variables) or resource.place)
    for name, value in variables.items():
        if isinstance(value, list) or (isinstance(value, Mapping) and len(value) != 1):
            stack.wrong(variables, name, f"{resource.logical_id}: the environment variable", "text")
        found[name] = stack.text(value)
        found.keys_at[name] = place_of(variables, name) or found.place
    return found


def _role(stack: Stack, resource: DeclaredResource, roles: dict[str, Role]) -> str:
    """The id of a function's role."""
    written = resource.properties.get("Role")
    place = place_of(resource.properties, "Role") or resource.place
    if written is None:
        stack.report("role-missing", resource.place, logical_id=resource.logical_id)
        text = Text.unknown("the function has no Role")
        id = f"{resource.logical_id}.Role"
    else:
        text = stack.text(written)
        id = _declared(text, roles) or str(text)
    if id not in roles:
        roles[id] = Role(id, declared=False, place=place)
    return id


def _declared(text: Text, roles: Mapping[str, Role]) -> str | None:
    """The declared role of an ARN: by reference, or by the name that ends the ARN."""
    for part in text.parts:
        if isinstance(part, Ref | Att) and part.id in roles:
            return part.id
    last = text.parts[-1] if text.parts else None
    if isinstance(last, Literal) and ":role/" in str(text):
        name = last.value.rpartition("/")[2]
        return next((id for id, role in roles.items() if role.properties.get("RoleName") == name), None)
    return None


def _layers(
    stack: Stack, resource: DeclaredResource, sources: Sources
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[ForeignLayer, ...], tuple[Unseen, ...]]:
    """The layers that a function uses: the local folders of those that the template declares, the folders that a
    Makefile puts into them, those of others, and what is not here of the template's own."""
    folders: list[str] = []
    beside: list[str] = []
    foreign: list[ForeignLayer] = []
    unread: list[Unseen] = []
    for number, layer in enumerate(stack.sequence(resource.properties, "Layers", resource.logical_id)):
        place = value_place(resource.properties.get("Layers"), number) or place_of(resource.properties, "Layers")
        declared = stack.referenced(layer)
        if declared is None or declared.type != "AWS::Lambda::LayerVersion":
            text = stack.known(layer)
            if text != Text.of(Pseudo("AWS::NoValue")):
                foreign.append(ForeignLayer(text, place or resource.place))
            continue
        folder = package_of(stack, declared, "Content", sources)
        if folder is not None and sources.is_folder(folder or "."):
            folders.append(folder)
            metadata = as_map(declared.attributes.get("Metadata"))
            for laid in made_by_make(sources, folder, declared.logical_id, metadata):
                beside += _importable(sources, laid)
        elif folder is None or not holds_only_packages(sources, folder):
            what = f"the code of the layer {declared.logical_id} is not in the repository"
            unread.append(
                Unseen(Cause.LAYER, what, declared.place, remedy="set the layer's content to the folder of its source")
            )
    return tuple(dict.fromkeys(folders)), tuple(dict.fromkeys(beside)), tuple(foreign), tuple(unread)


def _importable(sources: Sources, laid: Laid) -> Iterator[str]:
    """The folder whose content can be imported, of what a layer holds (``python/shared`` is ``shared``)."""
    inner = re.sub(
        r"^(?:python(?:/lib/python[\d.]+/site-packages)?|nodejs(?:/node\d+)?(?:/node_modules)?)/?", "", laid.inner
    )
    source = sources.relative(laid.source)
    if not inner:
        yield source if sources.is_folder(source) else posixpath.dirname(source) or "."
    elif posixpath.basename(source) == inner:
        yield posixpath.dirname(source) or "."


Found = Iterator[tuple[str, Event]]

_READERS: Final[Mapping[str, Callable[[Stack, DeclaredResource], Found]]] = {
    **sources.READERS,
    **triggers.READERS,
    **routes.READERS,
}

_PRINCIPALS: Final[Mapping[str, tuple[str, ...]]] = {
    "apigateway": ("http", "httpApi", "websocket"),
    "s3": ("s3",),
    "sns": ("sns",),
    "events": ("eventBridge", "schedule"),
    "scheduler": ("schedule",),
    "logs": ("cloudwatchLog",),
    "iot": ("iot",),
    "cognito-idp": ("cognitoUserPool",),
    "elasticloadbalancing": ("alb",),
    "alexa-appkit": ("alexaSkill",),
    "alexa-connectedhome": ("alexaSmartHome",),
    "edgelambda": ("cloudFront",),
}
"""The service that a permission names, and the kinds of event that it calls functions for."""


def events_of(stack: Stack) -> dict[str, tuple[Event, ...]]:
    """The events of every function that has some."""
    found: dict[str, list[Event]] = {}
    for resource in stack.resources.values():
        reader = _READERS.get(resource.type)
        if reader is not None:
            for id, event in reader(stack, resource):
                if event not in found.setdefault(id, []):
                    found[id].append(event)
    for permission in stack.of_type("AWS::Lambda::Permission"):
        principal = permission.properties.get("Principal")
        service = (stack.text(principal).literal or "").removesuffix(".amazonaws.com")
        kinds = _PRINCIPALS.get(service, ())
        for id in stack.functions_in(permission.properties.get("FunctionName")) if kinds else ():
            events = found.setdefault(id, [])
            if not any(event.kind in kinds for event in events):
                arn = permission.properties.get("SourceArn")
                events.append(Event(kinds[0], None if arn is None else {"arn": arn}, permission.place))
    return {id: tuple(events) for id, events in found.items()}
