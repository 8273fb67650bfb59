"""The functions of a service: names, runtimes, handlers, environments, events and settings.

In: the compiled :class:`~scopedown.project.serverless.template.Template`. Out: one
:class:`~scopedown.project.model.Function` each, in the order of the configuration; what deploys (name, environment,
layers) is taken from the template, so that the two never contradict each other.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from scopedown.core.coverage import Unseen
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import MapNode, as_list, as_map, place_of
from scopedown.project.code.handlers import Sources, find, language_of, normal
from scopedown.project.code.locate import locate
from scopedown.project.code.wanted import Wanted
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import Function, Handler, InlineCode, Tree
from scopedown.project.serverless.frameworks import default_runtime
from scopedown.project.serverless.layers import layers_used
from scopedown.project.serverless.names import function_id
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

_FROM_PROVIDER: Final = (
    "kmsKeyArn", "layers", "memorySize", "timeout", "architecture", "tags", "logRetentionInDays", "versionFunctions",
)  # fmt: skip
"""Settings of the provider that hold for every function that does not set them itself."""

_NOT_SETTINGS: Final = frozenset({"handler", "events", "environment", "name"})
_WSGI: Final = frozenset({"wsgi_handler.handler", "wsgi.handler", "serverless_wsgi.handler"})


def read_functions(template: Template, sources: Sources) -> tuple[Function, ...]:
    """All functions, with what is wrong about them told to the service."""
    declared = {key: function.get("handler") for key, function in template.service.functions.items()}
    handlers = {key: ("", handler) for key, handler in declared.items() if isinstance(handler, str)}
    return tuple(_function(template, key, sources, handlers) for key in template.service.functions)


def _function(template: Template, key: str, sources: Sources, handlers: Mapping[str, tuple[str, str]]) -> Function:
    service = template.service
    function = service.functions[key]
    place = service.place_in(service.functions, key)
    if place == service.place:
        place = place_of(function) or place
    deployed = template.resources[function_id(key)].properties
    environment = _environment(service, key, deployed, template.scope)
    code = _code(service, key, deployed, sources, environment, handlers)
    settings, places = _settings(service, function)
    layers, foreign, unread = layers_used(service, deployed.get("Layers"), template.scope, sources, place)
    return Function(
        key=key,
        name=_name(deployed.get("FunctionName"), template.scope),
        logical_id=function_id(key),
        runtime=code.runtime,
        language=code.language,
        handler=code.handler,
        environment=environment,
        role=template.roles[key],
        place=place,
        events=tuple(service.events(key)),
        settings=settings,
        setting_places=places,
        layers=layers,
        search=(*code.search, *_external(service, sources)),
        foreign_layers=foreign,
        unread=(*code.unread, *unread, *service.unread),
    )


def _name(name: Tree, scope: Scope) -> Text:
    return Text.of(name) if isinstance(name, str) else to_text(name, scope)


def _environment(service: Service, key: str, deployed: Mapping[str, Tree], scope: Scope) -> dict[str, Text]:
    """The variables that the function sees when it is deployed."""
    own = service.functions[key].get("environment")
    if own is not None and not isinstance(own, Mapping):
        service.report(
            "environment-unknown", service.place_in(service.functions[key], "environment"), key=key, why=_why(own)
        )
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


@dataclass(frozen=True, slots=True)
class _Code:
    """What is known of a function's code."""

    runtime: str | None
    handler: Handler | None
    language: str | None
    search: tuple[str, ...] = ()
    unread: tuple[Unseen, ...] = ()


def _code(
    service: Service,
    key: str,
    deployed: Mapping[str, Tree],
    sources: Sources,
    environment: Mapping[str, Text],
    handlers: Mapping[str, tuple[str, str]],
) -> _Code:
    """A function's runtime, its handler and its language; ``handlers``: those of all functions, in no folder."""
    function = service.functions[key]
    if function.get("image"):
        return _image(service, key, sources, environment)
    runtime = _runtime(service, key, deployed)
    written = deployed.get("Handler")
    place = service.place_in(function, "handler")
    if key in service.code:
        return _written(service, key, str(written), runtime)
    if isinstance(written, Text) or (written is not None and not isinstance(written, str)):
        reason = written.unknowns[0].reason if isinstance(written, Text) and written.unknowns else "it is not text"
        service.report("handler-unknown", place, key=key, reason=reason)
        return _Code(runtime, None, language_of(runtime))
    if not written:
        service.report("handler-missing serverless", service.place_in(service.functions, key), key=key)
        return _Code(runtime, None, language_of(runtime))
    declared, folder = service.wrapped.get(key, written), ""
    application = as_map(service.custom.get("wsgi")).get("app")
    if written in _WSGI and isinstance(application, str):
        declared = application.replace(":", ".")
    elif written == "rack_adapter.handler":
        config = as_map(service.custom.get("rack")).get("config_path")
        file = str(config or "config.ru")
        return _Code(runtime, Handler(written, file if sources.exists(file) else None, "app"), "ruby")
    module = function.get("module")
    if isinstance(module, str) and module:
        folder = module
    artifact = _artifact(service, key)
    if folder and find(sources, declared, runtime, folder, anywhere=False).file is None:
        folder = ""
    wanted = Wanted(key, declared, runtime, folder, environment, place, place, artifact, functions=handlers)
    located = locate(sources, wanted)
    service.findings += located.findings
    handler = located.handler if declared == written else replace(located.handler, declared=written)
    return _Code(runtime, handler, located.language, located.search, located.unread)


def _written(service: Service, key: str, declared: str, runtime: str | None) -> _Code:
    """The code of a function that a plugin writes when it packages the service."""
    place = service.place_in(service.functions, key)
    folder, _, symbol = declared.rpartition(".")
    file = f"{posixpath.basename(folder)}.mjs"
    inline = InlineCode(service.code[key], place)
    return _Code(runtime, Handler(declared, file, symbol, inline=inline), "javascript")


def _external(service: Service, sources: Sources) -> tuple[str, ...]:
    """The folders that hold what serverless-package-external lays into the package, each under its own name
    (https://github.com/epsagon/serverless-package-external)."""
    if not service.has_plugin("serverless-package-external"):
        return ()
    external = as_list(as_map(service.custom.get("packageExternal")).get("external"))
    written = [one for item in external for one in (item, as_map(item).get("path")) if isinstance(one, str) and one]
    folders = [posixpath.dirname(normal(one)) or "." for one in written if sources.is_folder(normal(one))]
    return tuple(dict.fromkeys(folders))


def _artifact(service: Service, key: str) -> str:
    """The built package that a function, or the whole service, is deployed as; empty where the framework packs it."""
    own = as_map(service.functions[key].get("package"))
    for package in (own, service.package):
        artifact = package.get("artifact")
        if isinstance(artifact, str) and artifact:
            return "" if "://" in artifact else normal(artifact)
    return ""


def _runtime(service: Service, key: str, deployed: Mapping[str, Tree]) -> str | None:
    known = deployed.get("Runtime")
    if isinstance(known, str) and known:
        return known
    for holder in (service.functions[key], service.provider):
        runtime = holder.get("runtime")
        if isinstance(runtime, str) and runtime:
            return runtime
        if isinstance(runtime, Text):
            reason = runtime.unknowns[0].reason if runtime.unknowns else "its value is known only at deployment"
            service.report("runtime-unknown", service.place_in(holder, "runtime"), key=key, reason=reason)
            return None
    return default_runtime(service)


def _image(service: Service, key: str, sources: Sources, environment: Mapping[str, Text]) -> _Code:
    """A function that is deployed as an image: the handler of its Dockerfile, where that is local."""
    function = service.functions[key]
    image = function["image"]
    if not is_text(image) and not isinstance(image, Mapping):
        return _Code(None, None, None)  # a wrong type, which is told already
    from scopedown.project.code.images import Image, find_in_image

    place = service.place_in(function, "image")
    name = image if isinstance(image, str) else as_map(image).get("name")
    declared: Any = (
        as_map(as_map(service.provider.get("ecr")).get("images")).get(name) if isinstance(name, str) else None
    )
    folder = declared if isinstance(declared, str) else as_map(declared).get("path")
    if not isinstance(folder, str) or ".dkr.ecr." in folder:
        folder = None
    file, arguments = as_map(declared).get("file"), as_map(as_map(declared).get("buildArgs"))
    target = as_map(declared).get("target") or as_map(declared).get("buildTarget")
    wanted = Image(
        key, folder, file if isinstance(file, str) else "Dockerfile", _words(as_map(image).get("command")),
        _words(as_map(image).get("entryPoint")), target if isinstance(target, str) else "",
        {name: str(value) for name, value in arguments.items()}, environment, place,
    )  # fmt: skip
    found = find_in_image(sources, wanted)
    service.findings += found.findings
    return _Code(None, found.handler, found.language, found.search, found.unread)


def _words(written: Any) -> tuple[str, ...] | None:
    return tuple(str(word) for word in as_list(written)) if written else None
