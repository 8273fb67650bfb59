"""What only serverless 4 makes of functions: their logging, tenants, and the capacity that they run on.

Source: serverless at b9d7ea5 (v4), ``packages/serverless/lib/plugins/aws/package/compile``: functions.js,
capacity-providers.js.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.documents.nodes import as_list, as_map
from scopedown.project.serverless.events.parts.conversions import truthy
from scopedown.project.serverless.frameworks import V4
from scopedown.project.serverless.log_groups import given_log_group, is_infrequent, own_log_group
from scopedown.project.serverless.names import concat, normalized
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

OPERATOR_ROLE: Final = "LambdaCapacityProviderOperatorRole"
_LEVELS: Final = (("applicationLogLevel", "ApplicationLogLevel"), ("systemLogLevel", "SystemLogLevel"))
_LEAST_MEMORY: Final = 2048


def logging(service: Service, key: str) -> dict[str, Any] | None:
    """``LoggingConfig``: each setting the function's own or the provider's; levels count with the format JSON only."""
    function = service.functions[key]
    own, shared = as_map(function.get("logs")), as_map(as_map(service.provider.get("logs")).get("lambda"))
    written = {
        "LogFormat": own.get("logFormat") or shared.get("logFormat"),
        "LogGroup": given_log_group(service, function),
    }
    if not written["LogGroup"] and is_infrequent(service, function) and not function.get("disableLogs"):
        written["LogGroup"] = own_log_group(service, key)
    if written["LogFormat"] == "JSON":
        written |= {name: own.get(setting) or shared.get(setting) for setting, name in _LEVELS}
    return {name: value for name, value in written.items() if value} or None


def with_capacity(service: Service, key: str, properties: dict[str, Any]) -> dict[str, Any]:
    """A function's properties with those of its capacity provider, whose network it is in, and of its tenants."""
    function = service.functions[key]
    mode = as_map(function.get("tenancy")).get("mode")
    if is_text(mode):
        properties["TenancyConfig"] = {"TenantIsolationMode": str(mode).upper()}
    written = function.get("capacityProvider")
    if not written or function.get("image"):
        return properties
    settings = as_map(written)
    name = settings.get("name") if isinstance(written, Mapping) else written
    arn: Any = name
    if is_of_cloudformation(written):
        arn = written
    elif isinstance(name, str) and name in _providers(service):
        arn = {"Fn::GetAtt": [_provider_id(name), "Arn"]}
    config = {
        "CapacityProviderArn": arn,
        "PerExecutionEnvironmentMaxConcurrency": settings.get("maxConcurrency"),
        "ExecutionEnvironmentMemoryGiBPerVCpu": settings.get("memoryPerVCpu"),
    }
    config = {name: value for name, value in config.items() if value is not None}
    scaling = as_map(settings.get("scaling"))
    limits = {"MinExecutionEnvironments": scaling.get("min"), "MaxExecutionEnvironments": scaling.get("max")}
    memory = function.get("memorySize") or service.provider.get("memorySize")
    return {
        **properties,
        "CapacityProviderConfig": {"LambdaManagedInstancesCapacityProviderConfig": config},
        "FunctionScalingConfig": {name: value for name, value in limits.items() if value is not None} or None,
        "MemorySize": memory or _LEAST_MEMORY,
        "VpcConfig": None,
    }


def is_of_cloudformation(value: Any) -> bool:
    """Whether a setting is an intrinsic function, whatever it gives."""
    return any(name == "Ref" or name.startswith("Fn::") for name in as_map(value))


def _providers(service: Service) -> dict[str, Mapping[str, Any]]:
    """The capacity providers of the service, with ``default`` where a function names it."""
    found = {name: as_map(value) for name, value in as_map(service.provider.get("capacityProviders")).items()}
    for function in service.functions.values():
        written = function.get("capacityProvider")
        if written == "default" or as_map(written).get("name") == "default":
            found.setdefault("default", {})
    return found


def _provider_id(name: str) -> str:
    return f"{normalized(name)}LambdaCapacityProvider"


def compile_capacity_providers(template: Template) -> None:
    """The capacity providers, and the role by which Lambda manages their instances."""
    service = template.service
    if service.framework != V4:
        return
    section = service.provider.get("capacityProviders")
    place = service.place_in(service.provider, "capacityProviders")
    for name, settings in _providers(service).items():
        role = as_map(settings.get("permissions")).get("operatorRole")
        if not role:
            role = {"Fn::GetAtt": [OPERATOR_ROLE, "Arn"]}
            trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
            properties: dict[str, Any] = {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
                "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AWSLambdaManagedEC2ResourceOperator"],
            }
            template.add(OPERATOR_ROLE, "AWS::IAM::Role", properties, place)
        network = as_map(settings.get("vpc") or service.provider.get("vpc"))
        properties = {
            "CapacityProviderName": concat(service.name, f"-{service.stage}-{name}"),
            "CapacityProviderScalingConfig": _scaling(as_map(settings.get("scaling"))),
            "InstanceRequirements": _instances(service, settings.get("instanceRequirements")),
            "VpcConfig": {
                "SecurityGroupIds": network.get("securityGroupIds"), "SubnetIds": network.get("subnetIds"),
            } if network else None,
            "KmsKeyArn": settings.get("kmsKeyArn") or None,
            "PermissionsConfig": {"CapacityProviderOperatorRoleArn": role},
        }  # fmt: skip
        template.add(_provider_id(name), "AWS::Lambda::CapacityProvider", properties, service.place_in(section, name))


def _scaling(settings: Mapping[str, Any]) -> dict[str, Any] | None:
    policies = [
        {
            "PredefinedMetricType": as_map(item).get("predefinedMetricType"),
            "TargetValue": as_map(item).get("targetValue"),
        }
        for item in as_list(settings.get("policies"))
    ]
    mode = settings.get("mode")
    known = {"auto": "Auto", "manual": "Manual"}.get(str(mode).lower(), mode)
    written = {"MaxVCpuCount": settings.get("maxVCpuCount"), "ScalingPolicies": policies or None, "ScalingMode": known}
    return {name: value for name, value in written.items() if value is not None} or None


def _instances(service: Service, settings: Any) -> dict[str, Any] | None:
    """Which instances there may be; types of instances ask for an architecture, which is the service's or x86_64."""
    written = as_map(settings)
    kinds = {
        "AllowedInstanceTypes": written.get("allowedInstanceTypes"),
        "ExcludedInstanceTypes": written.get("excludedInstanceTypes"),
    }
    built_for, found = service.provider.get("architecture"), {name: value for name, value in kinds.items() if value}
    architectures = written.get("architectures") or ([built_for or "x86_64"] if found else None)
    if architectures:
        found["Architectures"] = architectures
    if not found and built_for and built_for != "x86_64" and truthy(built_for):
        found["Architectures"] = [built_for]
    return found or None
