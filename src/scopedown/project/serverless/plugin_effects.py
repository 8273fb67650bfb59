"""The plugins whose changes of a service are made here as they make them, in modules of :mod:`~.effects`.

A plugin acts at steps of the framework; there are three here. ``configure`` changes the configuration before anything
is compiled. ``extend`` changes the compiled template before the project's own resources are merged into it. ``finish``
changes the whole template. Within a step plugins act in the order in which the service lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from scopedown.core.place import Place
from scopedown.core.tables import read_rows
from scopedown.core.text import Text
from scopedown.documents.document import Files
from scopedown.documents.nodes import ListNode, MapNode, as_list, place_of
from scopedown.project.options import Options
from scopedown.project.serverless.plugins import modules, plain_name
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template


@dataclass(frozen=True, slots=True)
class Given:
    """What a plugin sees next to the service: its files, and what the user says about the deployment."""

    files: Files
    options: Options
    tree: MapNode
    """The whole configuration, resolved."""


def _keeps(service: Service, given: Given) -> None:
    """A plugin that leaves the configuration as it is."""


def _adds_nothing(template: Template) -> None:
    """A plugin that leaves the template as it is at this step."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one plugin changes, by the step at which it does."""

    configure: Callable[[Service, Given], None] = _keeps
    extend: Callable[[Template], None] = _adds_nothing
    finish: Callable[[Template], None] = _adds_nothing
    settings: str = ""
    """The key of the settings below ``custom``, or of their own section, without which the functions are not known."""


@cache
def effect_of(plugin: str) -> Effect | None:
    """The effect of a plugin; None where no module makes it."""
    name = plain_name(plugin)
    if name not in modules():
        return None
    effect = import_module(f"scopedown.project.serverless.effects.{modules()[name]}").EFFECTS[name]
    assert isinstance(effect, Effect)
    return effect


def effects(service: Service) -> Iterator[Effect]:
    """The effects of a service's plugins, in the order in which it lists them, each once."""
    for plugin in dict.fromkeys(service.plugins):
        effect = effect_of(plugin)
        if effect is not None:
            yield effect


def configure(service: Service, given: Given) -> None:
    """Let the plugins change the configuration; settings that are not known are told."""
    for plugin in dict.fromkeys(service.plugins):
        effect = effect_of(plugin)
        if effect is None:
            continue
        if effect.settings:
            _tell_unknown(service, given.tree, plugin, effect.settings)
        before = dict(service.functions)
        effect.configure(service, given)
        for key, function in before.items():
            if key not in service.functions:
                service.report(
                    "function-left-out plugin",
                    place_of(function) or service.place,
                    key=key,
                    plugin=plugin,
                    stage=service.stage,
                )


def _tell_unknown(service: Service, tree: MapNode, plugin: str, key: str) -> None:
    custom = tree.get("custom")
    for holder, name in ((tree, "custom"), (tree, key), (custom, key)):
        value = holder.get(name) if isinstance(holder, MapNode) else None
        if isinstance(value, Text) and value.unknowns:
            service.unread_plugin(plugin, value.unknowns[0].reason, service.place_in(holder, name))
            return


def nodes(holder: Any, *names: str) -> MapNode:
    """The mapping at a path of names; what is missing, or is no mapping, is made empty.

    >>> provider = MapNode({"name": "aws"})
    >>> nodes(provider, "environment")["STAGE"] = "dev"
    >>> provider
    {'name': 'aws', 'environment': {'STAGE': 'dev'}}
    """
    for name in names:
        if not isinstance(holder.get(name), MapNode):
            holder[name] = MapNode(None, holder.place if isinstance(holder, MapNode) else Place(""))
        holder = holder[name]
    assert isinstance(holder, MapNode)
    return holder


@cache
def variables_of(plugin: str) -> tuple[tuple[str, str], ...]:
    """The variables that a plugin sets in environments, each with the setting that it is set by."""
    rows = read_rows(Path(__file__).with_name("effects") / "variables.tsv")
    return tuple((row["variable"], row["setting"]) for row in rows if row["plugin"] == plugin)


def add_layer(service: Service, function: Mapping[str, Any], *layers: Any, by_default: Any = None) -> None:
    """Add layers to a function, after its own or else those ``by_default``."""
    listed = as_list(function.get("layers")) or as_list(by_default)
    if isinstance(function, dict):
        function["layers"] = ListNode(listed, service.place_in(function, "layers"))
        function["layers"].extend(layers)
