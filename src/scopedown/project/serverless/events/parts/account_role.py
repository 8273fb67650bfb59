"""The role of an account's API Gateway, which it writes logs with: set by a function of the framework's own.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/lib/ensure-api-gateway-cloud-watch-role.js``.
"""

from __future__ import annotations

from typing import Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_map
from scopedown.project.serverless.conversions import boolean
from scopedown.project.serverless.events.parts.targets import add_custom
from scopedown.project.serverless.names import function_id
from scopedown.project.serverless.template import Template

ACCOUNT_ROLE: Final = "custom-resource-apigw-cw-role"
"""The framework's own function that sets the role."""


def add_account_role(template: Template, place: Place) -> None:
    """The custom resource that sets the role, unless the provider says that it is managed elsewhere."""
    rest = as_map(as_map(template.service.provider.get("logs")).get("restApi"))
    if boolean(rest, "roleManagedExternally"):
        return
    id = "CustomApiGatewayAccountCloudWatchRole"
    add_custom(template, id, "Custom::ApiGatewayAccountRole", function_id(ACCOUNT_ROLE), place)
