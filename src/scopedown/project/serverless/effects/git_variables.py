"""serverless-plugin-git-variables 5.2.0 (MIT), ``lib/index.js``: the state of the repository in variables and tags.

``gitVariablesEnvWhitelist`` and ``gitVariablesTagsWhitelist`` of ``custom`` select them; ``exportGitVariables: false``
adds none. Their values are known when the service is packaged.
"""

from __future__ import annotations

from typing import Final

from scopedown.core.text import Text
from scopedown.documents.nodes import as_list
from scopedown.project.serverless.plugin_effects import Effect, Given, nodes
from scopedown.project.serverless.service import Service

_NAMES: Final = (
    "GIT_COMMIT_SHORT", "GIT_COMMIT_LONG", "GIT_BRANCH", "GIT_IS_DIRTY", "GIT_REPOSITORY", "GIT_TAGS",
)  # fmt: skip


def _configure(service: Service, given: Given) -> None:
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


EFFECT: Final = Effect(configure=_configure)
