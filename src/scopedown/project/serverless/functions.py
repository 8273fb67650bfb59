"""The functions of a service: names, runtimes, handlers, environments, events and settings.

In: the compiled :class:`~scopedown.project.serverless.template.Template`. Out: one
:class:`~scopedown.project.model.Function` each, in the order of the configuration; what deploys (name, environment,
layers) is taken from the template, so that the two never contradict each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.finding import Severity
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.project.handlers import Found, Sources, find, language_of
from scopedown.project.images import find_in_image
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import Function, Handler, Tree
from scopedown.project.nodes import MapNode, place_of
from scopedown.project.serverless.frameworks import default_runtime
from scopedown.project.serverless.layers import folders_of
from scopedown.project.serverless.names import function_id
from scopedown.project.serverless.service import Service, as_list, as_map, is_text
from scopedown.project.serverless.template import Template

_FROM_PROVIDER: Final = (
    "kmsKeyArn", "layers", "memorySize", "timeout", "architecture", "tags", "logRetentionInDays", "versionFunctions",
)  # fmt: skip
"""Settings of the provider that hold for every function that does not set them itself."""

_NOT_SETTINGS: Final = frozenset({"handler", "events", "environment", "name"})
_WSGI: Final = frozenset({"wsgi_handler.handler", "wsgi.handler", "serverless_wsgi.handler"})


def read_functions(template: Template, sources: Sources) -> tuple[Function, ...]:
    """All functions, with what is wrong about them told to the service."""
    return tuple(_function(template, key, sources) for key in template.service.functions)


def _function(template: Template, key: str, sources: Sources) -> Function:
    service = template.service
    function = service.functions[key]
    place = service.place_in(service.functions, key)
    if place == service.place:
        place = place_of(function) or place
    deployed = template.resources[function_id(key)].properties
    runtime, handler, language = _code(service, key, deployed, sources)
    settings, places = _settings(service, function)
    return Function(
        key=key,
        name=_name(deployed.get("FunctionName"), template.scope),
        logical_id=function_id(key),
        runtime=runtime,
        language=language,
        handler=handler,
        environment=_environment(service, key, deployed, template.scope),
        role=template.roles[key],
        place=place,
        events=tuple(service.events(key)),
        settings=settings,
        setting_places=places,
        layers=folders_of(service, deployed.get("Layers")),
    )


def _name(name: Tree, scope: Scope) -> Text:
    return Text.of(name) if isinstance(name, str) else to_text(name, scope)


def _environment(service: Service, key: str, deployed: Mapping[str, Tree], scope: Scope) -> dict[str, Text]:
    """The variables that the function sees when it is deployed."""
    own = service.functions[key].get("environment")
    if own is not None and not isinstance(own, Mapping):
        service.tell(
            "environment-unknown", f"{key}: its environment is not known: {_why(own)}",
            service.place_in(service.functions[key], "environment"), "write NAME: value",
        )  # fmt: skip
    variables = as_map(as_map(deployed.get("Environment")).get("Variables"))
    found = MapNode({name: to_text(value, scope) for name, value in variables.items()})
    found.keys_at = {name: at for name in variables if (at := place_of(variables, name)) is not None}
    return found


def _why(value: Any) -> str:
    unknown = value.unknowns if isinstance(value, Text) else ()
    return unknown[0].reason if unknown else "it is not a mapping of names"


def _settings(service: Service, function: Mapping[str, Any]) -> tuple[dict[str, Tree], dict[str, Place]]:
    """A function's settings, those of the provider beneath them, and where each was written."""
    settings: dict[str, Tree] = {}
    places: dict[str, Place] = {}
    provider = service.provider

    def take(name: str, value: Tree, holder: object, at: str) -> None:
        settings[name] = value
        places[name] = service.place_in(holder, at)

    for name in _FROM_PROVIDER:
        if provider.get(name) is not None:
            take(name, provider[name], provider, name)
    if provider.get("vpc"):
        take("vpc", provider["vpc"], provider, "vpc")
    tracing = as_map(provider.get("tracing")).get("lambda")
    if tracing:
        take("tracing", tracing, provider.get("tracing"), "lambda")
    for name, value in function.items():
        if name in _NOT_SETTINGS:
            continue
        if name == "vpc":
            if value in (None, False):  # a function that leaves the provider's network
                settings.pop("vpc", None)
                places.pop("vpc", None)
                continue
            value = {**as_map(settings.get("vpc")), **as_map(value)} if isinstance(value, Mapping) else value
        elif name in ("tracing", "kmsKeyArn") and not value:
            continue
        take(name, value, function, name)
    return settings, places


# Code


def _code(
    service: Service, key: str, deployed: Mapping[str, Tree], sources: Sources
) -> tuple[str | None, Handler | None, str | None]:
    """A function's runtime, its handler and its language."""
    function = service.functions[key]
    if function.get("image"):
        return _image(service, key, sources)
    runtime = _runtime(service, key, deployed)
    written = deployed.get("Handler")
    place = service.place_in(function, "handler")
    if isinstance(written, Text) or (written is not None and not isinstance(written, str)):
        reason = written.unknowns[0].reason if isinstance(written, Text) and written.unknowns else "it is not text"
        service.tell("handler-unknown", f"{key}: its handler is not known: {reason}", place, "write file.name")
        return runtime, None, language_of(runtime)
    if not written:
        service.tell(
            "handler-missing", f"{key}: it has neither a handler nor an image",
            service.place_in(service.functions, key), "set handler: file.name", Severity.ERROR,
        )  # fmt: skip
        return runtime, None, language_of(runtime)
    declared, folder = written, ""
    application = as_map(service.custom.get("wsgi")).get("app")
    if written in _WSGI and isinstance(application, str):
        declared = application.replace(":", ".")
    elif written == "rack_adapter.handler":
        config = as_map(service.custom.get("rack")).get("config_path")
        file = str(config or "config.ru")
        return runtime, Handler(written, file if sources.exists(file) else None, "app"), "ruby"
    module = function.get("module")
    if isinstance(module, str) and module:
        folder = module
    found = find(sources, declared, runtime, folder)
    if found.file is None and folder and not found.outside:
        found = find(sources, declared, runtime)
    if found.outside:
        service.tell(
            "handler-outside", f"{key}: its handler {written} leaves the project's folder", place,
            "scan the folder that holds both",
        )  # fmt: skip
    elif found.file is None and found.language in ("python", "javascript", "typescript"):
        _not_found(service, key, written, place)
    elif found.file is None and found.language is None and runtime:
        service.tell(
            "runtime-unknown", f"{key}: no source was found for {written} with the runtime {runtime}", place,
            "", Severity.NOTE,
        )  # fmt: skip
    elif found.elsewhere and found.file is not None:
        service.tell(
            "handler-elsewhere",
            f"{key}: its handler {written} is not at its place; {found.file}, the only file of the project that it "
            "fits, was read", place, "nothing, where a build puts it there", Severity.NOTE,
        )  # fmt: skip
    return runtime, Handler(written, found.file, found.symbol), found.language


def _not_found(service: Service, key: str, written: str, place: Place) -> None:
    artifact = as_map(service.functions[key].get("package")).get("artifact")
    if artifact:
        service.tell(
            "handler-packaged", f"{key}: its code is the built package {artifact}, which is not read", place,
            "", Severity.NOTE,
        )  # fmt: skip
        return
    service.tell(
        "handler-not-found", f"{key}: no source file was found for its handler {written}", place,
        "correct the handler, or scan the folder that holds its source",
    )  # fmt: skip


def _runtime(service: Service, key: str, deployed: Mapping[str, Tree]) -> str | None:
    known = deployed.get("Runtime")
    if isinstance(known, str) and known:
        return known
    for holder in (service.functions[key], service.provider):
        runtime = holder.get("runtime")
        if isinstance(runtime, str) and runtime:
            return runtime
        if isinstance(runtime, Text):
            reason = runtime.unknowns[0].reason if runtime.unknowns else "it is known at the deployment only"
            service.tell(
                "runtime-unknown", f"{key}: its runtime is not known: {reason}", service.place_in(holder, "runtime"),
                "write the runtime out, or give the variable's value",
            )  # fmt: skip
            return None
    return default_runtime(service)


def _image(service: Service, key: str, sources: Sources) -> tuple[str | None, Handler | None, str | None]:
    """A function that is deployed as an image: the handler of its Dockerfile, where that is local."""
    function = service.functions[key]
    image = function["image"]
    if not is_text(image) and not isinstance(image, Mapping):
        return None, None, None  # a wrong type, which is told already
    place = service.place_in(function, "image")
    name = image if isinstance(image, str) else as_map(image).get("name")
    declared: Any = (
        as_map(as_map(service.provider.get("ecr")).get("images")).get(name) if isinstance(name, str) else None
    )
    folder = declared if isinstance(declared, str) else as_map(declared).get("path")
    command = as_map(image).get("command")
    words = [str(word) for word in as_list(command)] if command else None
    if isinstance(folder, str) and ".dkr.ecr." not in folder:
        dockerfile = as_map(declared).get("file")
        found: tuple[str, Found] | None = find_in_image(
            sources, folder, dockerfile if isinstance(dockerfile, str) else "Dockerfile", words
        )
        if found is not None and not found[1].outside:
            handler, at = found
            if at.file is None:
                _not_found(service, key, handler, place)
            return None, Handler(handler, at.file, at.symbol), at.language
        reason = "its Dockerfile names no handler"
    else:
        reason = "it is not built in this project"
    service.tell("image-not-read", f"{key}: the code of its image is not read: {reason}", place, "", Severity.NOTE)
    return None, None, None
