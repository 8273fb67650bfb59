"""Services of ``plugins/``, one for each plugin that is modelled: what the plugin makes of them, and what is made here.

The plugins are read from the folder that ``PLUGINS_DIR`` names, in whose ``node_modules`` they stand
(``bench/plugins_oracle.py --install`` prints the command). Nothing of a plugin is sent anywhere: a service that asks
AWS while it is packaged fails.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from oracle.comparing import Difference, differences
from oracle.harness import Answer, Framework, osls_folder, plugins_folder
from oracle.nested import flattened
from oracle.resolving import Stubs
from scopedown.core.text import Literal, Text
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options

SAMPLES: Final = Path(__file__).with_name("plugins")
ALIASES: Final = {"appsync_1": {"serverless-appsync-plugin": "serverless-appsync-plugin-1"}}
"""The names under which npm holds older releases of plugins, by sample."""

AT_DEPLOYMENT: Final = {
    "attach_managed_policy": re.compile(r"^ManagedPolicyArns$"),
}
"""What plugins change when the stack is deployed: the template that is packaged does not have it yet."""

NOT_RUN: Final = {
    "additional_stacks": "its stacks are no part of the template that it packages",
    "git_variables": "it asks git for the state of a repository",
    "latest_layer_version": "it asks AWS for versions while it packages",
    "ruby_layer": "it runs bundler while it packages",
    "ssm_fetch": "it asks AWS for parameters while it packages",
    "vpc_discovery": "it asks AWS for networks while it packages",
}
"""Modelled plugins without a service here, and why: they were read, and not run."""

REFUSED: Final = {
    ("osls", "log_subscription"): "provider.request() is no longer available",
}
"""Samples that a plugin cannot compile with a framework, with how its message begins."""


def samples() -> list[Path]:
    """The folders of the services."""
    return sorted(path.parent for path in SAMPLES.glob("*/serverless.yml"))


@dataclass(frozen=True, slots=True)
class Held:
    """One sample against a framework: ``equal`` counts the resources that are the same."""

    sample: str
    plugin: str
    version: str
    resources: int
    roles: int
    failed: str = ""
    missing: str = ""
    differences: tuple[str, ...] = ()


def hold(osls: Framework, framework: Framework, which: str, sample: Path) -> Held:
    """What a plugin makes of a service under a framework (``osls`` resolves its variables), and what is made here."""
    resolved = dict(osls.read(sample, compile=False).resolved)
    named = [ALIASES.get(sample.name, {}).get(name, name) for name in resolved["plugins"]]
    plugin, version = named[-1], _version(named[-1])
    answer = framework.read(sample, configuration={**resolved, "plugins": named}, resolved=True)
    if answer.dropped:
        return Held(sample.name, plugin, "", 0, 0, missing=", ".join(answer.dropped))
    if answer.template is None:
        return Held(sample.name, plugin, version, 0, 0, failed=answer.failed or str(dict(answer.refused)))
    project = load_project(sample, Options(values=Stubs(), account="123456789012", framework=which))
    theirs = flattened(answer.template, answer.nested) if answer.nested else answer.template
    found = [str(one) for one in _unequal(theirs, project, sample.name, answer)]
    kinds = [resource["Type"] for resource in theirs["Resources"].values()]
    return Held(sample.name, plugin, version, len(kinds), kinds.count("AWS::IAM::Role"), differences=tuple(found))


def _unequal(theirs: Mapping[str, Any], project: Project, sample: str, answer: Answer) -> Iterator[Difference]:
    later = AT_DEPLOYMENT.get(sample)
    for one in differences(theirs, project):
        if later is not None and later.search(one.path):
            continue
        if answer.nested and one.path == "DependsOn":  # a nested stack waits as a whole
            continue
        if not _fits(one.theirs, one.ours):
            yield one


def _fits(theirs: Any, ours: Any) -> bool:
    """Whether a value that is known only in part here agrees with the plugin's in what is known."""
    if not (isinstance(ours, Text) and ours.unknowns):
        return False
    pattern = "".join(re.escape(part.value) if isinstance(part, Literal) else ".*" for part in ours.parts)
    return not isinstance(theirs, str) or re.fullmatch(pattern, theirs, re.DOTALL) is not None


def _version(plugin: str) -> str:
    """The release of a plugin: of the plugins' folder, else of those that are installed beside osls."""
    for folder in filter(None, (plugins_folder(), osls_folder())):
        package = folder / "node_modules" / plugin / "package.json"
        if package.is_file():
            return str(json.loads(package.read_text(encoding="utf-8"))["version"]).removeprefix("v")
    return ""
