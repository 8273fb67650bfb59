"""Plugins that set variables of functions."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.dotenv import parse_dotenv
from scopedown.documents.nodes import as_list, as_map
from scopedown.documents.scalars import js_text
from scopedown.project.serverless.plugin_effects import Effect, Given, nodes, variables_of
from scopedown.project.serverless.service import Service

_PLUGIN: Final = "serverless-dotenv-plugin"


def _dotenv(service: Service, given: Given) -> None:
    """serverless-dotenv-plugin 6.0.0 (MIT), ``src/index.js``: the variables of ``.env`` files for every function.

    The files are ``.env.ENV.local``, ``.env.ENV``, ``.env.local`` (not for ``test``) and ``.env``. ENV is ``NODE_ENV``,
    ``--env``, ``--stage`` or ``development``. ``custom.dotenv`` names others, and which variables to take.
    """
    custom = as_map(service.custom.get("dotenv"))
    environment = nodes(service.provider, "environment")
    if custom.get("dotenvParser"):
        place = service.place_in(custom, "dotenvParser")
        service.unread_plugin(_PLUGIN, "it gets the variables from a program of the project", place)
        return
    expands = custom.get("variableExpansion") is not False
    include, exclude = custom.get("include", "*"), as_list(custom.get("exclude"))
    found: dict[str, tuple[str, str]] = {}
    for name, file in _names(custom, given):
        known = {**given.options.environment, **{key: value for key, (value, _) in found.items()}}
        for variable, value in _variables(given, file, known if expands else None).items():
            # Expanding takes what the process has already: the first file wins there, otherwise the last one.
            found[variable] = found[variable] if expands and variable in found else (value, name)
    for variable, (value, name) in found.items():
        if variable not in exclude if include == "*" else variable in (include or ()):
            environment[variable] = value
            environment.keys_at[variable] = environment.values_at[variable] = Place(name)


def _names(custom: Mapping[str, Any], given: Given) -> list[tuple[str, Path]]:
    options = given.options
    mode = (
        options.environment.get("NODE_ENV")
        or options.opts.get("env")
        or options.stage
        or options.opts.get("stage")
        or "development"
    )
    written = custom.get("path")
    if written:
        names = [name for name in (written if isinstance(written, list) else [written]) if isinstance(name, str)]
    else:
        base = custom.get("basePath") or ""
        own = [f".env.{mode}.local", f".env.{mode}", *([".env.local"] if mode != "test" else []), ".env"]
        names = [f"{base}{name}" for name in own]
    return [(name, Path(os.path.normpath(given.files.root / name))) for name in names]


def _variables(given: Given, file: Path, environment: Mapping[str, str] | None) -> Mapping[str, str]:
    try:
        text = given.files.text(file)
    except ScopedownError:
        return {}
    return {} if text is None else parse_dotenv(text, environment)


_NAMES: Final = (
    "GIT_COMMIT_SHORT", "GIT_COMMIT_LONG", "GIT_BRANCH", "GIT_IS_DIRTY", "GIT_REPOSITORY", "GIT_TAGS",
)  # fmt: skip


def _git_variables(service: Service, given: Given) -> None:
    """serverless-plugin-git-variables 5.2.0 (MIT), ``lib/index.js``: the state of the repository in variables and tags.

    ``gitVariablesEnvWhitelist`` and ``gitVariablesTagsWhitelist`` of ``custom`` select them; ``exportGitVariables:
    false`` adds none. Their values are known when the service is packaged.
    """
    if service.custom.get("exportGitVariables") is False:
        return
    for section, key in (("environment", "gitVariablesEnvWhitelist"), ("tags", "gitVariablesTagsWhitelist")):
        listed = service.custom.get(key)
        chosen = [name for name in _NAMES if not listed or name in as_list(listed)]
        for function in service.functions.values():
            for name in chosen:
                held = nodes(function, section)
                if not held.get(name):
                    held[name] = Text.unknown("the state of the repository is known when the service is packaged")


def _ssm_fetch(service: Service, given: Given) -> None:
    """serverless-ssm-fetch 2.0.0, ``dist/serverless-ssm-fetch.js``: parameters of SSM as variables of functions.

    ``custom.serverlessSsmFetch`` names the variables; a function's ``ssmToEnvironment`` selects some. The plugin reads
    the values when the service is packaged, so that functions need no permission for them.
    """
    names = list(as_map(service.custom.get("serverlessSsmFetch")))
    for function in service.functions.values():
        chosen = function.get("ssmToEnvironment")
        environment = nodes(function, "environment")
        for name in names:
            if chosen is None or name in as_list(chosen):
                reason = "the plugin serverless-ssm-fetch reads the parameter when the service is packaged"
                environment[name] = Text.unknown(reason)


def _sentry(service: Service, given: Given) -> None:
    """serverless-sentry 2.5.3 (MIT), ``dist/index.js``: the settings of Sentry's SDK in functions' environments.

    ``custom.sentry`` holds for every function, unless its ``sentry`` says otherwise. The version of a release may come
    from the repository's state, and is not known here.
    """
    common = as_map(service.custom.get("sentry"))
    if not common.get("dsn") or common.get("enabled") is False:
        return
    for function in service.functions.values():
        own = function.get("sentry")
        if own is False:
            continue
        settings: Mapping[str, Any] = {"environment": service.stage, **common, **as_map(own)}
        environment = nodes(function, "environment")
        for variable, key in variables_of("sentry"):
            if key in settings:
                value = settings[key]
                environment[variable] = value if isinstance(value, Text) else js_text(value)
        if settings.get("release"):
            environment["SENTRY_RELEASE"] = Text.unknown("the plugin makes the name of the release")


EFFECTS: Final = {
    "dotenv": Effect(configure=_dotenv, settings="dotenv"),
    "git_variables": Effect(configure=_git_variables),
    "ssm_fetch": Effect(configure=_ssm_fetch, settings="serverlessSsmFetch"),
    "sentry": Effect(configure=_sentry, settings="sentry"),
}
