"""Values of condition keys that are more than one parameter: named in ``context_keys.tsv`` as ``@name``.

In: one check of a request (:class:`ApiCall`). Out: a text, a list of them, a mapping for a family of keys, or None.
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
class ApiCall:
    """A request as its checks see it: ``service`` and ``operation`` are botocore's names, ``account`` is the caller's,
    ``request`` what came over HTTP. ``action`` and ``resource`` are those of the check that is made."""

    service: str
    operation: str
    parameters: Mapping[str, Any]
    account: str
    region: str
    request: Request | None = None
    action: str = ""
    resource: str = "*"

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource in the caller's account and the request's region."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"

    def text(self, *names: str) -> str:
        """The first of these parameters that is a text."""
        return next((value for name in names if isinstance(value := self.parameters.get(name), str) and value), "")


Value = Callable[[ApiCall], object]
TAGS = ("tags", "tagset", "taglist", "tagspecifications", "tagging", "resourcetags")
"""The parameters that hold tags, in lower case. S3's Tagging of an object is of other keys."""


def _request_tags(call: ApiCall) -> dict[str, str] | None:
    """The tags that a request gives, whatever the service calls their parts."""
    found: dict[str, str] = {}
    for name, value in call.parameters.items():
        if name.lower() in TAGS and not (call.service == "s3" and isinstance(value, str)):
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


def _tag_keys(call: ApiCall) -> list[str] | None:
    named = call.parameters.get("TagKeys") or call.parameters.get("tagKeys") or call.parameters.get("TagKeyList")
    if isinstance(named, list):
        return [str(key) for key in named]
    return list(_request_tags(call) or ()) or None


def _object_tags(call: ApiCall) -> dict[str, str] | None:
    given = call.parameters.get("Tagging")
    if isinstance(given, str):  # the header x-amz-tagging, a URL's query
        return dict(parse_qsl(given, keep_blank_values=True)) or None
    return dict(_tags(given)) or None


def _copy_source(call: ApiCall) -> str | None:
    source = call.parameters.get("CopySource")
    return source.removeprefix("/") if isinstance(source, str) else None


def _remaining_retention_days(call: ApiCall) -> str | None:
    kept = call.parameters.get("Retention") or {}
    until = call.parameters.get("ObjectLockRetainUntilDate") or kept.get("RetainUntilDate")
    if not isinstance(until, datetime):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return str(max(0, (until - datetime.now(UTC)).days))


def _auth_type(call: ApiCall) -> str | None:
    if call.request is None:
        return None
    if "X-Amz-Signature" in call.request.args:
        return "REST-QUERY-STRING"
    if "Authorization" in call.request.headers:
        return "REST-HEADER"
    return "POST" if call.request.method == "POST" and "X-Amz-Signature" in call.request.form else None


def _signature_version(call: ApiCall) -> str | None:
    if call.request is None or _auth_type(call) is None:
        return None
    given = call.request.headers.get("Authorization", "").partition(" ")[0] or call.request.args.get("X-Amz-Algorithm")
    return given or "AWS4-HMAC-SHA256"


def _signature_age(call: ApiCall) -> str | None:
    """In milliseconds."""
    if call.request is None:
        return None
    signed = call.request.args.get("X-Amz-Date") or call.request.headers.get("X-Amz-Date") or ""
    try:
        then = datetime.strptime(signed, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return str(max(0, int((datetime.now(UTC) - then).total_seconds() * 1000)))


def _resource_account(call: ApiCall) -> str:
    return account_of(call.resource) or call.account


def _through_a_service(call: ApiCall) -> str | None:
    """A service that uses a key for its caller: the request is not one of KMS itself."""
    return "true" if call.service not in ("", "kms") else None


def _via_service(call: ApiCall) -> str | None:
    """The service as the key's policy names it."""
    return f"{call.service}.{call.region}.amazonaws.com" if call.service not in ("", "kms") else None


def _encryption_context(call: ApiCall) -> dict[str, str] | None:
    if call.service == "s3":  # without a bucket key it is the object's ARN
        return {"aws:s3:arn": f"arn:aws:s3:::{call.text('Bucket')}/{call.text('Key')}"}
    for name in ("EncryptionContext", "SourceEncryptionContext"):
        given = call.parameters.get(name)
        if isinstance(given, Mapping) and given:
            return {str(key): str(value) for key, value in given.items()}
    constraints = call.parameters.get("Constraints") or {}
    for name in ("EncryptionContextSubset", "EncryptionContextEquals"):
        if constraints.get(name):
            return dict(constraints[name])
    return None


def _grant_constraint_type(call: ApiCall) -> str | None:
    given = call.parameters.get("Constraints") or {}
    return next((name for name in ("EncryptionContextEquals", "EncryptionContextSubset") if given.get(name)), None)


def _symmetric(call: ApiCall) -> str | None:
    encrypting = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncrypt")
    return "SYMMETRIC_DEFAULT" if call.action.startswith(encrypting) else None


def _of_key(parameter: str, attribute: str, default: str) -> Value:
    """What a new key is asked to be, or what the key is."""

    def value(call: ApiCall) -> object:
        if call.action == "kms:CreateKey":
            given = call.parameters.get(parameter, default)
            return str(given).lower() if isinstance(given, bool) else given
        found = state.kms_key(call.resource)
        return None if found is None else state.text(getattr(found, attribute, None))

    return value


def _request_alias(call: ApiCall) -> str | None:
    given = call.text("KeyId", "SourceKeyId", "SSEKMSKeyId", "DestinationKeyId")
    found = re.fullmatch(r"(?:arn:[^:]+:kms:[^:]*:[^:]*:)?(alias/.+)", given)
    return found[1] if found else None


def _function_arn(call: ApiCall) -> str | None:
    given = call.text("FunctionName")
    if not given and call.text("UUID"):
        return state.function_of_mapping(call.text("UUID"), call.account, call.region)
    if given.startswith("arn:") or not given:
        return given or None
    partial = given.rpartition("function:")[2]
    return call.arn("lambda", f"function:{partial}")


def _associated_resource(call: ApiCall) -> str | None:
    """The ARN of what gets a role (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html)."""
    if call.service == "lambda" and call.text("FunctionName"):
        return _function_arn(call)
    return None


def _pattern_values(name: str) -> Value:
    """The values of a field of a rule's event pattern."""

    def values(call: ApiCall) -> list[str] | None:
        try:
            pattern = json.loads(call.text("EventPattern") or "{}")
        except ValueError:
            return None
        given = pattern.get(name) if isinstance(pattern, dict) else None
        return [value for value in given if isinstance(value, str)] if isinstance(given, list) else None

    return values


def _state_machine_qualifier(call: ApiCall) -> str | None:
    """A version or an alias follows the state machine's name."""
    parts = call.text("stateMachineArn").split(":")
    return parts[7] if len(parts) == 8 and parts[5] == "stateMachine" else None


def _secret_rotation_lambda(call: ApiCall) -> str | None:
    found = state.secret(call.resource, call.account, call.region)
    return getattr(found, "rotation_lambda_arn", None) or None


def _record_names(call: ApiCall) -> list[str] | None:
    """The names of the records that are changed: in lower case, without a last dot, other characters as ``\\052``."""
    names = [str(record.get("Name", "")) for record in _records(call)]
    plain = [name.lower().removesuffix(".") for name in names]
    return [re.sub(r"[^a-z0-9._\\-]", lambda match: f"\\{ord(match[0]):03o}", name) for name in plain] or None


def _records(call: ApiCall) -> list[Mapping[str, Any]]:
    changes = (call.parameters.get("ChangeBatch") or {}).get("Changes") or []
    return [change.get("ResourceRecordSet") or {} for change in changes if isinstance(change, Mapping)]


def _source_ip(call: ApiCall) -> str | None:
    return (call.request.remote_addr or "127.0.0.1") if call.request is not None else None


def _requested_region(call: ApiCall) -> str:
    """Global services are asked for in us-east-1 alone."""
    return "us-east-1" if call.service in ("iam", "route53", "cloudfront", "organizations") else call.region


VALUES: dict[str, Value] = {
    "request_tags": _request_tags,
    "tag_keys": _tag_keys,
    "object_tags": _object_tags,
    "object_tag_keys": lambda call: list(_object_tags(call) or ()) or None,
    "existing_object_tags": lambda call: state.object_tags(
        call.text("Bucket"), call.text("Key"), call.text("VersionId"), call.account
    ),
    "resource_tags": lambda call: state.tags(call.resource, call.account, call.region),
    "copy_source": _copy_source,
    "remaining_retention_days": _remaining_retention_days,
    "auth_type": _auth_type,
    "signature_version": _signature_version,
    "signature_age": _signature_age,
    "resource_account": _resource_account,
    "leading_keys": lambda call: leading_keys(call.parameters, state.partition_key(call.resource), call.operation),
    "attributes": lambda call: attributes(call.parameters, call.operation),
    "full_table_scan": lambda call: full_table_scan(call.parameters, state.partition_key(call.resource)),
    "enclosing_operation": lambda call: call.operation if call.operation.startswith("Transact") else None,
    "caller_account": lambda call: call.account,
    "through_a_service": _through_a_service,
    "via_service": _via_service,
    "encryption_context": _encryption_context,
    "encryption_context_keys": lambda call: list(_encryption_context(call) or ()) or None,
    "symmetric": _symmetric,
    "grant_constraint_type": _grant_constraint_type,
    "grant_is_for_a_service": lambda call: "true" if _through_a_service(call) else "false",
    "key_spec": _of_key("KeySpec", "key_spec", "SYMMETRIC_DEFAULT"),
    "key_usage": _of_key("KeyUsage", "key_usage", "ENCRYPT_DECRYPT"),
    "key_origin": _of_key("Origin", "origin", "AWS_KMS"),
    "multi_region": _of_key("MultiRegion", "multi_region", "false"),
    "request_alias": _request_alias,
    "resource_aliases": lambda call: state.aliases_of(call.resource),
    "function_arn": _function_arn,
    "url_auth_type": lambda call: state.url_auth_type(call.resource),
    "vpc_of_subnets": lambda call: state.vpc_of((call.parameters.get("VpcConfig") or {}).get("SubnetIds"), call.account,
                                               call.region),
    "boundary_of_the_principal": lambda call: state.boundary_of(call.resource),
    "associated_resource": _associated_resource,
    "secret_arn": lambda call: call.resource if call.text("SecretId") and call.resource != "*" else None,
    "secret_rotation_lambda": _secret_rotation_lambda,
    "rotation_rules_given": lambda call: "true" if call.parameters.get("RotationRules") else "false",
    "parameter_policies_given": lambda call: "true" if call.text("Policies") else None,
    "pattern_sources": _pattern_values("source"),
    "pattern_detail_types": _pattern_values("detail-type"),
    "state_machine_qualifier": _state_machine_qualifier,
    "making_operation": lambda call: call.operation if call.operation != "CreateTags" else None,
    "record_names": _record_names,
    "region": lambda call: call.region,
    "requested_region": _requested_region,
    "source_ip": _source_ip,
    "current_time": lambda call: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    "epoch_time": lambda call: str(int(time.time())),
}  # fmt: skip
