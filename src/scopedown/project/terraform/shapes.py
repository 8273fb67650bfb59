"""Resources whose arguments have another shape than CloudFormation's properties: blocks, policies, code.

In: an :class:`~scopedown.project.terraform.modules.Resource`. Out: its properties. What several resources say together
(targets of rules, attached policies) is put together in :mod:`~.template`.
Reference: each type's page in https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import MapNode, place_of
from scopedown.project.terraform.access import items_in
from scopedown.project.terraform.context import Resource
from scopedown.project.terraform.rows import Row
from scopedown.project.terraform.values import decoded, list_of, map_of, plain


def put(node: MapNode, name: str, value: Any, place: Place) -> None:
    """Set a property and its place; nothing for null."""
    if value is not None:
        node[name] = value
        node.keys_at[name] = node.values_at[name] = place


def properties_of(instance: Resource, row: Row) -> MapNode:
    """The properties of a resource, by its row and by its shape."""
    found = MapNode(None, instance.place)
    for argument, name in row.arguments.items():
        put(found, name, plain(instance.argument(argument)), instance.place_of(argument))
    for argument, name in _DOCUMENTS.get(instance.type, {}).items():
        put(found, name, document(instance, argument), instance.place_of(argument))
    shape = _SHAPES.get(instance.type)
    if shape is not None:
        shape(instance, found)
    return found


def document(instance: Resource, argument: str) -> Any:
    """A policy document that an argument gives as JSON text."""
    value = instance.argument(argument)
    if value is None:
        return None
    return plain(decoded(value, instance.text_place(argument)))


def read_arguments(type: str) -> Mapping[str, str]:
    """The arguments of a type that are policy documents of its properties."""
    return _DOCUMENTS.get(type, {})


def first(value: Any) -> Mapping[str, Any]:
    """The first block of a name; an empty mapping where there is none."""
    return next((one for one in items_in(value) if isinstance(one, Mapping)), {})


_DOCUMENTS: Final[Mapping[str, Mapping[str, str]]] = {
    "aws_iam_role": {"assume_role_policy": "AssumeRolePolicyDocument"},
    "aws_iam_policy": {"policy": "PolicyDocument"},
    "aws_iam_role_policy": {"policy": "PolicyDocument"},
    "aws_s3_bucket_policy": {"policy": "PolicyDocument"},
    "aws_sqs_queue_policy": {"policy": "PolicyDocument"},
    "aws_sns_topic_policy": {"policy": "PolicyDocument"},
    "aws_iam_user_policy": {"policy": "PolicyDocument"},
    "aws_iam_group_policy": {"policy": "PolicyDocument"},
    "aws_secretsmanager_secret_policy": {"policy": "ResourcePolicy"},
    "aws_iot_policy": {"policy": "PolicyDocument"},
    "aws_organizations_policy": {"content": "Content"},
    "aws_cloudwatch_log_resource_policy": {"policy_document": "PolicyDocument"},
    "aws_kinesis_resource_policy": {"policy": "ResourcePolicy"},
    "aws_vpc_endpoint": {"policy": "PolicyDocument"},
    "aws_cloudwatch_event_bus_policy": {"policy": "Policy"},
    "aws_s3_access_point": {"policy": "Policy"},
    "aws_kms_key": {"policy": "KeyPolicy"},
    "aws_sqs_queue": {"policy": "Policy"},
    "aws_sns_topic": {"policy": "Policy"},
    "aws_s3_bucket": {"policy": "Policy"},
    "aws_secretsmanager_secret": {"policy": "Policy"},
    "aws_api_gateway_rest_api": {"policy": "Policy"},
    "aws_opensearch_domain": {"access_policies": "AccessPolicies"},
    "aws_ssoadmin_permission_set_inline_policy": {"inline_policy": "InlinePolicy"},
    "aws_kms_key_policy": {"policy": "KeyPolicy"},
    "aws_ecr_repository_policy": {"policy": "RepositoryPolicyText"},
    "aws_ecr_registry_policy": {"policy": "PolicyText"},
    "aws_efs_file_system_policy": {"policy": "FileSystemPolicy"},
    "aws_backup_vault_policy": {"policy": "AccessPolicy"},
    "aws_opensearch_domain_policy": {"access_policies": "AccessPolicies"},
    "aws_api_gateway_rest_api_policy": {"policy": "Policy"},
    "aws_dynamodb_resource_policy": {"policy": "ResourcePolicy"},
    "aws_sfn_state_machine": {"definition": "DefinitionString"},
    "aws_cloudwatch_event_rule": {"event_pattern": "EventPattern"},
}
"""Arguments that are JSON text, and the property that is the value of it."""


def _function(instance: Resource, found: MapNode) -> None:
    at = instance.place_of
    environment = first(instance.argument("environment"))
    if "variables" in environment:
        variables, place = plain(environment["variables"]), place_of(environment, "variables") or instance.place
        if isinstance(variables, Text):
            reason = variables.unknowns[0].reason if variables.unknowns else "they are not a map"
            instance.context.report("terraform-environment", place, address=instance.address, reason=reason)
        else:
            put(found, "Environment", map_of({"Variables": variables}, place), place)
    network = first(instance.argument("vpc_config"))
    if network:
        pairs = (("SecurityGroupIds", "security_group_ids"), ("SubnetIds", "subnet_ids"))
        config = {name: plain(network.get(argument)) for name, argument in pairs if network.get(argument) is not None}
        put(found, "VpcConfig", map_of(config, at("vpc_config")), at("vpc_config"))
    for block, argument, name, key in (
        ("tracing_config", "mode", "TracingConfig", "Mode"),
        ("dead_letter_config", "target_arn", "DeadLetterConfig", "TargetArn"),
        ("image_config", "command", "ImageConfig", "Command"),
        ("logging_config", "log_group", "LoggingConfig", "LogGroup"),
        ("durable_config", "execution_timeout", "DurableConfig", "ExecutionTimeout"),
        ("snap_start", "apply_on", "SnapStart", "ApplyOn"),
    ):
        value = first(instance.argument(block)).get(argument)
        if value is not None:
            put(found, name, map_of({key: plain(value)}, at(block)), at(block))
    files = first(instance.argument("file_system_config"))
    if files:
        one = map_of({"Arn": plain(files.get("arn")), "LocalMountPath": plain(files.get("local_mount_path"))}, at(""))
        put(found, "FileSystemConfigs", list_of([one], at("file_system_config")), at("file_system_config"))
    architectures = instance.argument("architectures")
    put(found, "Architectures", plain(architectures), at("architectures"))


def _mapping(instance: Resource, found: MapNode) -> None:
    at = instance.place_of
    failed = first(first(instance.argument("destination_config")).get("on_failure")).get("destination_arn")
    if failed is not None:
        put(found, "DestinationConfig", {"OnFailure": {"Destination": plain(failed)}}, at("destination_config"))
    accesses = [one for one in items_in(instance.argument("source_access_configuration")) if isinstance(one, Mapping)]
    if accesses:
        place = at("source_access_configuration")
        listed = [map_of({"Type": plain(one.get("type")), "URI": plain(one.get("uri"))}, place) for one in accesses]
        put(found, "SourceAccessConfigurations", list_of(listed, place), place)
    endpoints = first(instance.argument("self_managed_event_source")).get("endpoints")
    if isinstance(endpoints, Mapping):
        servers = plain(endpoints.get("KAFKA_BOOTSTRAP_SERVERS"))
        servers = servers.split(",") if isinstance(servers, str) else [servers]
        held = {"Endpoints": {"KafkaBootstrapServers": servers}}
        put(found, "SelfManagedEventSource", held, at("self_managed_event_source"))
    for block, name in (("document_db_event_source_config", "DocumentDBEventSourceConfig"),
                        ("scaling_config", "ScalingConfig")):  # fmt: skip
        if instance.argument(block) is not None:
            put(found, name, {}, at(block))


def _invocation(instance: Resource, found: MapNode) -> None:
    config = first(instance.argument("destination_config"))
    targets = {
        name: {"Destination": plain(target)}
        for name, block in (("OnSuccess", "on_success"), ("OnFailure", "on_failure"))
        if (target := first(config.get(block)).get("destination")) is not None
    }
    if targets:
        put(found, "DestinationConfig", targets, instance.place_of("destination_config"))


def _role(instance: Resource, found: MapNode) -> None:
    place = instance.place_of("inline_policy")
    policies = []
    for written in items_in(instance.argument("inline_policy")):
        if isinstance(written, Mapping) and written.get("policy") is not None:
            where = place_of(written, "policy") or place
            held = map_of({"PolicyName": plain(written.get("name")) or "inline"}, where)
            put(held, "PolicyDocument", plain(decoded(written["policy"], where)), where)
            policies.append(held)
        elif not isinstance(written, Mapping):
            policies.append(written)
    if policies:
        put(found, "Policies", list_of(policies, place), place)


def _table(instance: Resource, found: MapNode) -> None:
    for block, name in (
        ("global_secondary_index", "GlobalSecondaryIndexes"),
        ("local_secondary_index", "LocalSecondaryIndexes"),
    ):
        indexes = [one for one in items_in(instance.argument(block)) if isinstance(one, Mapping)]
        place = instance.place_of(block)
        if indexes:
            listed = [map_of({"IndexName": plain(one.get("name"))}, place_of(one) or place) for one in indexes]
            put(found, name, list_of(listed, place), place)
    if instance.argument("stream_enabled") is True:
        place = instance.place_of("stream_enabled")
        view = map_of({"StreamViewType": plain(instance.argument("stream_view_type"))}, place)
        put(found, "StreamSpecification", view, place)
    encryption = first(instance.argument("server_side_encryption"))
    if encryption.get("kms_key_arn") is not None:
        place = instance.place_of("server_side_encryption")
        held = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": plain(encryption["kms_key_arn"])}
        put(found, "SSESpecification", map_of(held, place), place)


def encryption_of(instance: Resource, rule: Mapping[str, Any], bucket: MapNode, block: str) -> None:
    """Set the customer's key with which a bucket is encrypted, by the rule of a block."""
    by = first(rule.get("apply_server_side_encryption_by_default"))
    key, place = by.get("kms_master_key_id"), instance.place_of(block)
    if key is not None:
        held = map_of({"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": plain(key)}, place)
        rules = list_of([map_of({"ServerSideEncryptionByDefault": held}, place)], place)
        put(bucket, "BucketEncryption", map_of({"ServerSideEncryptionConfiguration": rules}, place), place)


def _bucket(instance: Resource, found: MapNode) -> None:
    """The block that a bucket had before version 4 of the provider."""
    block = "server_side_encryption_configuration"
    encryption_of(instance, first(first(instance.argument(block)).get("rule")), found, block)


def _stream(instance: Resource, found: MapNode) -> None:
    key, place = instance.argument("kms_key_id"), instance.place_of("kms_key_id")
    if key is not None:
        put(found, "StreamEncryption", map_of({"EncryptionType": "KMS", "KeyId": plain(key)}, place), place)


def _schedule(instance: Resource, found: MapNode) -> None:
    target = first(instance.argument("target"))
    place = instance.place_of("target")
    held = {"Arn": plain(target.get("arn")), "RoleArn": plain(target.get("role_arn"))}
    put(found, "Target", map_of({name: value for name, value in held.items() if value is not None}, place), place)


def _api(instance: Resource, found: MapNode) -> None:
    """Whether only VPC endpoints reach it."""
    types = first(instance.argument("endpoint_configuration")).get("types")
    if types is not None:
        place = instance.place_of("endpoint_configuration")
        put(found, "EndpointConfiguration", map_of({"Types": plain(types)}, place), place)


def _listed(*names: str) -> Callable[[Resource, MapNode], None]:
    """Properties that are lists where Terraform takes one value."""

    def shape(instance: Resource, found: MapNode) -> None:
        for name in names:
            if name in found:
                found[name] = list_of([found[name]], found.keys_at[name])

    return shape


_SHAPES: Final[Mapping[str, Callable[[Resource, MapNode], None]]] = {
    "aws_lambda_function": _function,
    "aws_lambda_event_source_mapping": _mapping,
    "aws_lambda_function_event_invoke_config": _invocation,
    "aws_iam_role": _role,
    "aws_dynamodb_table": _table,
    "aws_s3_bucket": _bucket,
    "aws_kinesis_stream": _stream,
    "aws_scheduler_schedule": _schedule,
    "aws_sqs_queue_policy": _listed("Queues"),
    "aws_sns_topic_policy": _listed("Topics"),
    "aws_iam_user_policy_attachment": _listed("ManagedPolicyArns"),
    "aws_iam_group_policy_attachment": _listed("ManagedPolicyArns"),
    "aws_ssoadmin_managed_policy_attachment": _listed("ManagedPolicies"),
    "aws_api_gateway_rest_api": _api,
}
