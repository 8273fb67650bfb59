"""serverless-attach-managed-policy 0.0.7 (Apache-2.0), ``lib/index.js``: managed policies for every role of the stack.

It acts when the stack is deployed, so that the template which ``package`` writes does not have them yet.
"""

from __future__ import annotations

from typing import Any, Final

from scopedown.documents.nodes import as_list
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template


def _finish(template: Template) -> None:
    written: Any = template.service.provider.get("managedPolicyArns")
    policies = [written] if isinstance(written, str) else as_list(written)
    for id, resource in template.all().items():
        if policies and resource.type == "AWS::IAM::Role":
            own = as_list(resource.properties.get("ManagedPolicyArns"))
            template.change(id, ManagedPolicyArns=[*policies, *(one for one in own if one not in policies)])


EFFECT: Final = Effect(finish=_finish)
