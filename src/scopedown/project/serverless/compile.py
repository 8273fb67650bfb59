"""Compile a service to the resources that deploy, as the framework does and in its order.

In: the service, its own resources and the compiled roles. Out: the :class:`~.template.Template`, in which the
project's ``resources`` and ``extensions`` have been applied to what the framework generates.
"""

from __future__ import annotations

from collections.abc import Mapping

from scopedown.project.intrinsics import Scope
from scopedown.project.model import DeclaredResource
from scopedown.project.serverless.events.order import ORDER
from scopedown.project.serverless.roles import Compiled
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template


def compile_template(
    service: Service, declared: Mapping[str, DeclaredResource], compiled: Compiled, scope: Scope
) -> Template:
    """Everything that the framework generates for a service."""
    template = Template(service, scope, declared, compiled.of_function, dict(compiled.generated))
    for event in ORDER:
        if (compile_event := getattr(event, "compile", None)) is not None:
            compile_event(template)
    return template
