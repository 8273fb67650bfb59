"""The three frameworks that compile services today, and where they differ.

``osls`` 4.3.1 is the maintained successor of Serverless Framework 3; ``v3`` is serverless 3.40.0 itself, ``v4``
serverless 4, which went on from 3 by a way of its own. :func:`choose` says which one compiles a service, and why: the
user's word; a dependency ``osls`` or ``serverless`` in package.json; ``frameworkVersion`` (osls 4 refuses a service
that asks for 3; a 4 is taken for serverless); such a dependency of the repository that the service is in; what only v4
knows (``stages``, ``build``, roles of functions); else osls. serverless 1 and 2 count as v3, which is nearest to them.

Settings that v3 does not know are dropped here (:func:`without_unknown`); what else it does differently stands where it
is compiled, by ``service.framework == V3``, or by :func:`goes_on_from_v3` where v4 does the same. Source: serverless
3.40.0 and osls 4.3.1, ``lib/plugins/aws``; serverless at b9d7ea5 (v4), ``packages/serverless/lib/plugins/aws``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scopedown.documents.nodes import as_map
from scopedown.documents.scalars import js_text
from scopedown.project.serverless.service import Service

OSLS: Final = "osls"
V3: Final = "v3"
V4: Final = "v4"
NAMES: Final = {OSLS: "osls 4", V3: "serverless 3", V4: "serverless 4"}
"""What people call them, by the words that ``--framework`` takes."""

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
_MAX_HEIGHT: Final = 12
_SHOWN: Final = 60
"""Characters of a version that a reason shows."""


RUNNING: Final = "SCOPEDOWN_RUNNING"
"""The environment variable that the plugin serverless-scopedown sets for the scopedown that it starts, and scopedown
for a framework that it starts, where the plugin has no gate (plugin/index.js)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The framework that compiles a service, and what told it."""

    framework: str
    reason: str


def choose(root: Path, configuration: Mapping[str, Any], asked: str | None = None, runs_us: bool = False) -> Choice:
    """The framework that compiles the service of a configuration in ``root``; ``asked`` is the user's own word, or
    that of the plugin in the framework that runs us."""
    if asked is not None:
        return Choice(asked, "it runs this command" if runs_us else "--framework sets it")
    if found := _pinned(root / "package.json", "package.json"):
        return found
    version = configuration.get("frameworkVersion")
    text = "" if version is None else js_text(version)
    if (by_version := _by_major(text)) is not None:
        return Choice(by_version, f"frameworkVersion is {text[:_SHOWN]}")
    for height, folder in enumerate(_folders_above(root), 1):
        if found := _pinned(folder / "package.json", f"{'../' * height}package.json"):
            return found
    if sign := _sign_of_v4(configuration):
        return Choice(V4, f"it has {sign}, which only serverless 4 supports")
    return Choice(OSLS, "neither package.json nor frameworkVersion names another version")


def _pinned(path: Path, name: str) -> Choice | None:
    """The framework that a package.json depends on."""
    package = _package(path)
    for section in ("devDependencies", "dependencies"):
        pinned = as_map(package.get(section))
        if "osls" in pinned:
            return Choice(OSLS, f"{name} lists osls in its {section}")
        version = pinned.get("serverless")
        if (by_package := _by_major(version)) is not None:
            return Choice(by_package, f"{name} lists serverless {str(version)[:_SHOWN]} in its {section}")
    return None


def _folders_above(root: Path) -> list[Path]:
    """The folders above a service up to the top of its repository; none where it is in no repository."""
    above = list(root.resolve().parents)[:_MAX_HEIGHT]
    for height, folder in enumerate((root, *above)):
        if (folder / ".git").exists():
            return above[:height]
    return []


def _sign_of_v4(configuration: Mapping[str, Any]) -> str:
    """The first setting that only v4 knows; empty where there is none."""
    for key in ("stages", "build"):
        if key in configuration:
            return key
    role = as_map(as_map(as_map(configuration.get("provider")).get("iam")).get("role"))
    if role.get("mode") == "perFunction":
        return "provider.iam.role.mode"
    for name, function in as_map(configuration.get("functions")).items():
        if isinstance(as_map(function).get("iam"), Mapping):
            return f"functions.{name}.iam"
    return ""


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
