"""What only serverless 4 makes of functions: their log groups, and the capacity that they run on.

Source: serverless at b9d7ea5 (v4), ``packages/serverless/lib/plugins/aws/package/compile``: functions.js,
capacity-providers.js.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.documents.nodes import as_map
from scopedown.project.serverless.frameworks import V4
from scopedown.project.serverless.log_groups import given_log_group, is_infrequent, own_log_group
from scopedown.project.serverless.names import concat, normalized
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template, trust

OPERATOR_ROLE: Final = "LambdaCapacityProviderOperatorRole"


def logging(service: Service, key: str) -> dict[str, Any] | None:
    """``LoggingConfig`` with the log group that the function does not have by its name."""
    function = service.functions[key]
    group = given_log_group(service, function)
    if not group and is_infrequent(service, function) and not function.get("disableLogs"):
        group = own_log_group(service, key)
    return {"LogGroup": group} if group else None


def with_capacity(service: Service, key: str, properties: dict[str, Any]) -> dict[str, Any]:
    """A function's properties with those of its capacity provider, whose network it is in."""
    function = service.functions[key]
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
    return {
        **properties,
        "CapacityProviderConfig": {"LambdaManagedInstancesCapacityProviderConfig": config},
        "FunctionScalingConfig": {name: value for name, value in limits.items() if value is not None} or None,
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
            properties: dict[str, Any] = {
                "AssumeRolePolicyDocument": trust("lambda.amazonaws.com"),
                "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AWSLambdaManagedEC2ResourceOperator"],
            }
            template.add(OPERATOR_ROLE, "AWS::IAM::Role", properties, place)
        properties = {
            "CapacityProviderName": concat(service.name, f"-{service.stage}-{name}"),
            "KmsKeyArn": settings.get("kmsKeyArn") or None,
            "PermissionsConfig": {"CapacityProviderOperatorRoleArn": role},
        }  # fmt: skip
        template.add(_provider_id(name), "AWS::Lambda::CapacityProvider", properties, service.place_in(section, name))
