"""The event ``iotFleetProvisioning``: a provisioning template of AWS IoT with the function as its hook.

The role that IoT provisions with is one that the project names; the framework makes none.
Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/iot-fleet-provisioning.js``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from scopedown.core.finding import Severity
from scopedown.project.serverless.conversions import string
from scopedown.project.serverless.event_kinds import EventKind
from scopedown.project.serverless.events.parts.targets import add_permission, target_of
from scopedown.project.serverless.names import normalized
from scopedown.project.serverless.template import Template


def compile(template: Template) -> None:
    """A template and its permission for each function that has the event."""
    service = template.service
    for key in service.functions:
        target = target_of(service, key)
        for event in service.events(key):
            settings = event.settings
            if event.kind != "iotFleetProvisioning" or not isinstance(settings, Mapping):
                continue
            id = f"{normalized(key)}IotProvisioningTemplate"
            if id in template.resources:
                service.tell(
                    "provisioning-hook-twice",
                    f"{key} is the hook of several provisioning templates, but a function can serve one only",
                    event.place, "use a separate function for each template", Severity.ERROR,
                )  # fmt: skip
                continue
            properties = {
                "PreProvisioningHook": {"TargetArn": target.arn},
                "ProvisioningRoleArn": settings.get("provisioningRoleArn"),
                "TemplateName": string(settings.get("templateName")) or None,
            }
            template.add(id, "AWS::IoT::ProvisioningTemplate", properties, event.place)
            permission = f"{normalized(key)}LambdaPermissionIotProvisioningTemplate"
            add_permission(template, permission, target, "iot.amazonaws.com", event.place)


KIND: Final = EventKind("iotFleetProvisioning", 150, compile=compile, sample="iot_fleet_provisioning")
