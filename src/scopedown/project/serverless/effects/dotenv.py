"""serverless-dotenv-plugin 6.0.0 (MIT), ``src/index.js``: the variables of ``.env`` files for every function.

The files are ``.env.ENV.local``, ``.env.ENV``, ``.env.local`` (not for ``test``) and ``.env``. ENV is ``NODE_ENV``,
``--env``, ``--stage`` or ``development``. ``custom.dotenv`` names others, and which variables to take.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.documents.dotenv import parse_dotenv
from scopedown.documents.nodes import as_list, as_map
from scopedown.project.serverless.plugin_effects import Effect, Given, nodes
from scopedown.project.serverless.service import Service

_PLUGIN: Final = "serverless-dotenv-plugin"


def _configure(service: Service, given: Given) -> None:
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


EFFECT: Final = Effect(configure=_configure, settings="dotenv")
