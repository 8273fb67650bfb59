"""Values of condition keys that are more than one parameter: named in ``context_keys.tsv`` as ``@name``.

In: one check of a request (:class:`One`). Out: a text, a list of them, a mapping for a family of keys, or None.
Each is AWS's own reading; the page stands in the table's row.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from moto.core.request import Request

from scopedown.core.arn import account_of
from scopedown.guard import context_state as state
from scopedown.guard.dynamodb_context import attributes, full_table_scan, leading_keys


@dataclass(frozen=True, slots=True)
class One:
    """One check: an action on a resource, for a request's parameters. ``account`` is the caller's."""

    action: str
    resource: str
    parameters: Mapping[str, Any]
    account: str
    region: str
    service: str = ""
    operation: str = ""
    request: Request | None = None

    def text(self, *names: str) -> str:
        """The first of these parameters that is a text."""
        return next((value for name in names if isinstance(value := self.parameters.get(name), str) and value), "")


Value = Callable[[One], object]
TAGS = ("tags", "tagset", "taglist", "tagspecifications", "tagging", "resourcetags")
"""The parameters that hold tags, in lower case. S3's Tagging of an object is of other keys."""


def _request_tags(one: One) -> dict[str, str] | None:
    """The tags that a request gives, whatever the service calls their parts."""
    found: dict[str, str] = {}
    for name, value in one.parameters.items():
        if name.lower() in TAGS and not (one.service == "s3" and isinstance(value, str)):
            found |= dict(_tags(value))
    return found or None


def _tags(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        low = {str(name).lower(): given for name, given in value.items()}
        key = low.get("key", low.get("tagkey"))
        if isinstance(key, str) and len(low) <= 3:
            yield key, str(low.get("value", low.get("tagvalue")) or "")
        elif "tags" in low or "tagset" in low:
            yield from _tags(low.get("tags", low.get("tagset")))
        elif all(isinstance(given, str) for given in value.values()):
            yield from ((str(name), given) for name, given in value.items())
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _tags(item)


def _tag_keys(one: One) -> list[str] | None:
    named = one.parameters.get("TagKeys") or one.parameters.get("tagKeys") or one.parameters.get("TagKeyList")
    if isinstance(named, list):
        return [str(key) for key in named]
    return list(_request_tags(one) or ()) or None


def _object_tags(one: One) -> dict[str, str] | None:
    given = one.parameters.get("Tagging")
    if isinstance(given, str):  # the header x-amz-tagging, a URL's query
        return dict(parse_qsl(given, keep_blank_values=True)) or None
    return dict(_tags(given)) or None


def _copy_source(one: One) -> str | None:
    source = one.parameters.get("CopySource")
    return source.removeprefix("/") if isinstance(source, str) else None


def _remaining_retention_days(one: One) -> str | None:
    kept = one.parameters.get("Retention") or {}
    until = one.parameters.get("ObjectLockRetainUntilDate") or kept.get("RetainUntilDate")
    if not isinstance(until, datetime):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return str(max(0, (until - datetime.now(UTC)).days))


def _auth_type(one: One) -> str | None:
    if one.request is None:
        return None
    if "X-Amz-Signature" in one.request.args:
        return "REST-QUERY-STRING"
    if "Authorization" in one.request.headers:
        return "REST-HEADER"
    return "POST" if one.request.method == "POST" and "X-Amz-Signature" in one.request.form else None


def _signature_version(one: One) -> str | None:
    if one.request is None or _auth_type(one) is None:
        return None
    given = one.request.headers.get("Authorization", "").partition(" ")[0] or one.request.args.get("X-Amz-Algorithm")
    return given or "AWS4-HMAC-SHA256"


def _signature_age(one: One) -> str | None:
    """In milliseconds."""
    if one.request is None:
        return None
    signed = one.request.args.get("X-Amz-Date") or one.request.headers.get("X-Amz-Date") or ""
    try:
        then = datetime.strptime(signed, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return str(max(0, int((datetime.now(UTC) - then).total_seconds() * 1000)))


def _resource_account(one: One) -> str:
    return account_of(one.resource) or one.account


def _through_a_service(one: One) -> str | None:
    """A service that uses a key for its caller: the request is not one of KMS itself."""
    return "true" if one.service not in ("", "kms") else None


def _via_service(one: One) -> str | None:
    """The service as the key's policy names it."""
    return f"{one.service}.{one.region}.amazonaws.com" if one.service not in ("", "kms") else None


def _encryption_context(one: One) -> dict[str, str] | None:
    if one.service == "s3":  # without a bucket key it is the object's ARN
        return {"aws:s3:arn": f"arn:aws:s3:::{one.text('Bucket')}/{one.text('Key')}"}
    for name in ("EncryptionContext", "SourceEncryptionContext"):
        given = one.parameters.get(name)
        if isinstance(given, Mapping) and given:
            return {str(key): str(value) for key, value in given.items()}
    constraints = one.parameters.get("Constraints") or {}
    for name in ("EncryptionContextSubset", "EncryptionContextEquals"):
        if constraints.get(name):
            return dict(constraints[name])
    return None


def _grant_constraint_type(one: One) -> str | None:
    given = one.parameters.get("Constraints") or {}
    return next((name for name in ("EncryptionContextEquals", "EncryptionContextSubset") if given.get(name)), None)


def _symmetric(one: One) -> str | None:
    encrypting = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncrypt")
    return "SYMMETRIC_DEFAULT" if one.action.startswith(encrypting) else None


def _of_key(parameter: str, attribute: str, default: str) -> Value:
    """What a new key is asked to be, or what the key is."""

    def value(one: One) -> object:
        if one.action == "kms:CreateKey":
            given = one.parameters.get(parameter, default)
            return str(given).lower() if isinstance(given, bool) else given
        found = state.kms_key(one.resource)
        return None if found is None else state.text(getattr(found, attribute, None))

    return value


def _request_alias(one: One) -> str | None:
    given = one.text("KeyId", "SourceKeyId", "SSEKMSKeyId", "DestinationKeyId")
    found = re.fullmatch(r"(?:arn:[^:]+:kms:[^:]*:[^:]*:)?(alias/.+)", given)
    return found[1] if found else None


def _function_arn(one: One) -> str | None:
    given = one.text("FunctionName")
    if not given and one.text("UUID"):
        return state.function_of_mapping(one.text("UUID"), one.account, one.region)
    if given.startswith("arn:") or not given:
        return given or None
    partial = given.rpartition("function:")[2]
    return f"arn:aws:lambda:{one.region}:{one.account}:function:{partial}"


def _associated_resource(one: One) -> str | None:
    """The ARN of what gets a role (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html)."""
    if one.service == "lambda" and one.text("FunctionName"):
        return _function_arn(one)
    return None


def _pattern_values(name: str) -> Value:
    """The values of a field of a rule's event pattern."""

    def values(one: One) -> list[str] | None:
        try:
            pattern = json.loads(one.text("EventPattern") or "{}")
        except ValueError:
            return None
        given = pattern.get(name) if isinstance(pattern, dict) else None
        return [value for value in given if isinstance(value, str)] if isinstance(given, list) else None

    return values


def _state_machine_qualifier(one: One) -> str | None:
    """A version or an alias follows the state machine's name."""
    parts = one.text("stateMachineArn").split(":")
    return parts[7] if len(parts) == 8 and parts[5] == "stateMachine" else None


def _secret_rotation_lambda(one: One) -> str | None:
    found = state.secret(one.resource, one.account, one.region)
    return getattr(found, "rotation_lambda_arn", None) or None


def _record_names(one: One) -> list[str] | None:
    """The names of the records that are changed: in lower case, without a last dot, other characters as ``\\052``."""
    names = [str(record.get("Name", "")) for record in _records(one)]
    plain = [name.lower().removesuffix(".") for name in names]
    return [re.sub(r"[^a-z0-9._\\-]", lambda match: f"\\{ord(match[0]):03o}", name) for name in plain] or None


def _records(one: One) -> list[Mapping[str, Any]]:
    changes = (one.parameters.get("ChangeBatch") or {}).get("Changes") or []
    return [change.get("ResourceRecordSet") or {} for change in changes if isinstance(change, Mapping)]


def _source_ip(one: One) -> str | None:
    return (one.request.remote_addr or "127.0.0.1") if one.request is not None else None


def _requested_region(one: One) -> str:
    """Global services are asked for in us-east-1 alone."""
    return "us-east-1" if one.service in ("iam", "route53", "cloudfront", "organizations") else one.region


VALUES: dict[str, Value] = {
    "request_tags": _request_tags,
    "tag_keys": _tag_keys,
    "object_tags": _object_tags,
    "object_tag_keys": lambda one: list(_object_tags(one) or ()) or None,
    "existing_object_tags": lambda one: state.object_tags(
        one.text("Bucket"), one.text("Key"), one.text("VersionId"), one.account
    ),
    "resource_tags": lambda one: state.tags(one.resource, one.account, one.region),
    "copy_source": _copy_source,
    "remaining_retention_days": _remaining_retention_days,
    "auth_type": _auth_type,
    "signature_version": _signature_version,
    "signature_age": _signature_age,
    "resource_account": _resource_account,
    "leading_keys": lambda one: leading_keys(one.parameters, state.partition_key(one.resource), one.operation),
    "attributes": lambda one: attributes(one.parameters, one.operation),
    "full_table_scan": lambda one: full_table_scan(one.parameters, state.partition_key(one.resource)),
    "enclosing_operation": lambda one: one.operation if one.operation.startswith("Transact") else None,
    "caller_account": lambda one: one.account,
    "through_a_service": _through_a_service,
    "via_service": _via_service,
    "encryption_context": _encryption_context,
    "encryption_context_keys": lambda one: list(_encryption_context(one) or ()) or None,
    "symmetric": _symmetric,
    "grant_constraint_type": _grant_constraint_type,
    "grant_is_for_a_service": lambda one: "true" if _through_a_service(one) else "false",
    "key_spec": _of_key("KeySpec", "key_spec", "SYMMETRIC_DEFAULT"),
    "key_usage": _of_key("KeyUsage", "key_usage", "ENCRYPT_DECRYPT"),
    "key_origin": _of_key("Origin", "origin", "AWS_KMS"),
    "multi_region": _of_key("MultiRegion", "multi_region", "false"),
    "request_alias": _request_alias,
    "resource_aliases": lambda one: state.aliases_of(one.resource),
    "function_arn": _function_arn,
    "url_auth_type": lambda one: state.url_auth_type(one.resource),
    "vpc_of_subnets": lambda one: state.vpc_of((one.parameters.get("VpcConfig") or {}).get("SubnetIds"), one.account,
                                               one.region),
    "boundary_of_the_principal": lambda one: state.boundary_of(one.resource),
    "associated_resource": _associated_resource,
    "secret_arn": lambda one: one.resource if one.text("SecretId") and one.resource != "*" else None,
    "secret_rotation_lambda": _secret_rotation_lambda,
    "rotation_rules_given": lambda one: "true" if one.parameters.get("RotationRules") else "false",
    "parameter_policies_given": lambda one: "true" if one.text("Policies") else None,
    "pattern_sources": _pattern_values("source"),
    "pattern_detail_types": _pattern_values("detail-type"),
    "state_machine_qualifier": _state_machine_qualifier,
    "making_operation": lambda one: one.operation if one.operation != "CreateTags" else None,
    "record_names": _record_names,
    "region": lambda one: one.region,
    "requested_region": _requested_region,
    "source_ip": _source_ip,
    "current_time": lambda one: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    "epoch_time": lambda one: str(int(time.time())),
}  # fmt: skip
