"""The three frameworks that compile services today, and where they differ.

``osls`` 4.3.1 is the maintained successor of Serverless Framework 3; ``v3`` is serverless 3.40.0 itself, ``v4``
serverless 4, which went on from 3 by a way of its own. Which one compiles a service is told by the user, or by what the
project pins: a dependency ``osls`` or ``serverless`` in package.json, else ``frameworkVersion`` (osls 4 refuses a
service that asks for 3; a 4 is taken for serverless), else what only v4 knows (``stages``, roles of functions).
serverless 1 and 2 count as v3, which is nearest to them; where nothing tells, it is osls.

Settings that v3 does not know are dropped here (:func:`without_unknown`); what else it does differently stands where it
is compiled, by ``service.framework == V3``, or by :func:`goes_on_from_v3` where v4 does the same. Source: serverless
3.40.0 and osls 4.3.1, ``lib/plugins/aws``; serverless at b9d7ea5 (v4), ``packages/serverless/lib/plugins/aws``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from scopedown.project.serverless.service import Service, as_map

OSLS: Final = "osls"
V3: Final = "v3"
V4: Final = "v4"

_RUNTIMES: Final = {OSLS: "nodejs24.x", V3: "nodejs16.x", V4: "nodejs20.x"}
"""The runtime of a function where none is set."""

_OWN_RUNTIMES: Final = {V3: "nodejs18.x", V4: "nodejs22.x"}
"""The runtime of the framework's own functions, whatever the service's is."""

_NOWHERE_IN_V3: Final = (("durableConfig",), ("recursiveLoop",), ("vpc", "ipv6AllowedForDualStack"))
_OF_FUNCTIONS: Final = (*_NOWHERE_IN_V3, ("logs",))
_OF_PROVIDER: Final = (*_NOWHERE_IN_V3, ("logs", "lambda"))
"""Settings that v3 does not know, by the names that lead to them."""
_MAJOR: Final = re.compile(r"[^\d]*(\d+)")
_MAX_BYTES: Final = 1024 * 1024


def framework_of(root: Path, version: str, configuration: Mapping[str, Any] | None = None) -> str:
    """The framework that compiles a project: ``version`` is its ``frameworkVersion``, empty where there is none."""
    package = _package(root / "package.json")
    for section in ("devDependencies", "dependencies"):
        pinned = as_map(package.get(section))
        if "osls" in pinned:
            return OSLS
        if (by_package := _by_major(pinned.get("serverless"))) is not None:
            return by_package
    return _by_major(version) or (V4 if _is_of_v4(as_map(configuration)) else OSLS)


def _is_of_v4(configuration: Mapping[str, Any]) -> bool:
    """Whether a configuration holds what only v4 knows."""
    role = as_map(as_map(as_map(configuration.get("provider")).get("iam")).get("role"))
    functions = as_map(configuration.get("functions")).values()
    return (
        "stages" in configuration
        or role.get("mode") == "perFunction"
        or any(isinstance(as_map(function).get("iam"), Mapping) for function in functions)
    )


def _by_major(version: Any) -> str | None:
    """The framework that a version (or a range of versions) of serverless stands for; None where it tells none."""
    match = _MAJOR.match(version) if isinstance(version, str) else None
    if match is None:
        return None
    return V3 if match[1] in ("1", "2", "3") else V4


def _package(path: Path) -> Any:
    try:
        if not path.is_file() or path.stat().st_size > _MAX_BYTES:
            return {}
        return as_map(json.loads(path.read_text("utf-8-sig", "replace")))
    except (OSError, ValueError, RecursionError):
        return {}  # a broken package.json pins nothing; it is not ours to report


def goes_on_from_v3(service: Service) -> bool:
    """Whether serverless 3 compiles the service, or 4, which kept what 3 did where nothing else is said."""
    return service.framework in (V3, V4)


def without_unknown(service: Service) -> None:
    """Drop the settings that the framework does not know, in place."""
    if service.framework != V3:
        return
    for function in service.functions.values():
        for path in _OF_FUNCTIONS:
            _drop(function, path)
    for path in _OF_PROVIDER:
        _drop(service.provider, path)


def _drop(holder: Any, path: tuple[str, ...]) -> None:
    for name in path[:-1]:
        holder = as_map(holder).get(name)
    if isinstance(holder, dict):
        holder.pop(path[-1], None)


def default_runtime(service: Service) -> str:
    """The runtime of a function where none is set."""
    return _RUNTIMES[service.framework]


def custom_resources_runtime(service: Service) -> str:
    """The runtime of the framework's own functions (``lib/plugins/aws/custom-resources/index.js`` of both)."""
    if service.framework in _OWN_RUNTIMES:
        return _OWN_RUNTIMES[service.framework]
    runtime = service.provider.get("runtime")
    return runtime if isinstance(runtime, str) and runtime.startswith("nodejs") else _RUNTIMES[OSLS]


def condition_beside(service: Service, function: Any) -> Any:
    """The condition of what belongs to a function: its own in osls; v3 and v4 make the function alone conditional."""
    return None if goes_on_from_v3(service) else as_map(function).get("condition")
