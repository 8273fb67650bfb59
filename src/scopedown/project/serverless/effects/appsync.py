"""serverless-appsync-plugin: AppSync APIs, their data sources with the roles they act with, and their resolvers.

Release 2 reads the section ``appSync``, release 1 ``custom.appSync``; a service has the one that its plugin reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from scopedown.documents.nodes import place_of
from scopedown.project.serverless.effects.parts.appsync_custom_section import add_apis
from scopedown.project.serverless.effects.parts.appsync_own_section import add_api
from scopedown.project.serverless.plugin_effects import Effect, Given
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template


def _configure(service: Service, given: Given) -> None:
    written = given.tree.get("appSync")
    if isinstance(written, Mapping):
        add_api(service, written, place_of(given.tree, "appSync") or service.place)


def _finish(template: Template) -> None:
    written = template.service.custom.get("appSync")
    if isinstance(written, Mapping | list):
        add_apis(template, written)


EFFECT: Final = Effect(configure=_configure, finish=_finish, settings="appSync")
