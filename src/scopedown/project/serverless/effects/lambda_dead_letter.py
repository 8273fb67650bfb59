"""serverless-plugin-lambda-dead-letter 1.2.1 (MIT), ``src/index.js``: where functions' dead letters go.

It sets ``deadLetter.targetArn`` as the function's own by a call after the deployment. The queue or the topic of
``deadLetter.sqs`` and ``.sns`` it adds in a step (``deploy:compileEvents``) that neither osls 4 nor serverless 3 has.
The role has to allow the sending: the plugin grants nothing.
"""

from __future__ import annotations

from typing import Final

from scopedown.documents.nodes import as_map
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template


def _extend(template: Template) -> None:
    for function in template.service.functions.values():
        target = as_map(function.get("deadLetter")).get("targetArn")
        named = as_map(target).get("GetResourceArn")
        if target and isinstance(function, dict) and not function.get("onError"):
            function["onError"] = {"Fn::GetAtt": [named, "Arn"]} if isinstance(named, str) else target


EFFECT: Final = Effect(extend=_extend)
