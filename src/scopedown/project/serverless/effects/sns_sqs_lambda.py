"""@agiledigital/serverless-sns-sqs-lambda 0.1.8 (MIT): a queue between a topic and a function, for ``snsSqs`` events.

It adds the queue, one for dead letters, the subscription and the mapping, and lets the shared role read the queue.
"""

from __future__ import annotations

from typing import Final

from scopedown.documents.nodes import as_map
from scopedown.project.serverless.fragments import tree
from scopedown.project.serverless.names import SHARED_ROLE, concat
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_FILE: Final = "effects/sns_sqs_lambda.yml"


def _extend(template: Template) -> None:
    service = template.service
    for key, event in service.events_of("snsSqs"):
        settings, function = as_map(event.settings), f"{key[:1].upper()}{key[1:]}"
        prefix = settings.get("prefix") or concat(service.name, f"-{service.stage}-{function}")
        template.add_fragment(
            _FILE, "event", event.place, name=str(settings.get("name")), topic=settings.get("topicArn"),
            function=function, prefix=prefix,
        )  # fmt: skip


def _finish(template: Template) -> None:
    for _, event in template.service.events_of("snsSqs"):
        template.allow(SHARED_ROLE, tree(_FILE, "reads", {"name": str(as_map(event.settings).get("name"))}))


EFFECTS: Final = {"sns_sqs_lambda": Effect(extend=_extend, finish=_finish)}
