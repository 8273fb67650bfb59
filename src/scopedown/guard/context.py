"""The condition keys that a request sets, as AWS fills them: ``context_keys.tsv``, row by row.

In: a request to one service, and one of the actions that guard it, on one resource. Out: condition key → value, or
values. What a request does not set has no key at all. The caller's own keys (``aws:PrincipalArn`` and its like) are
not of the request: :func:`scopedown.iam.context.derived_context` adds them.

A condition key is set where the service reference lists it for the action (the catalog), or where its row says. A
value that is more than one parameter is named ``@name`` there, and worked out by a function of :data:`VALUES`: a text,
a list of them, a mapping for a family of keys, or None. Each is AWS's own reading; the page stands in the table's row.
DynamoDB's ``LeadingKeys`` and ``Attributes``:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from moto.core.request import Request

from scopedown.catalog.load import catalog
from scopedown.core.arn import account_of
from scopedown.core.tables import typed_rows
from scopedown.guard import context_state as state
from scopedown.guard.model import Check
from scopedown.iam.wildcard import matching


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


Getter = Callable[[ApiCall], object]
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


def _of_key(parameter: str, attribute: str, default: str) -> Getter:
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


def _pattern_values(name: str) -> Getter:
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


EXPRESSIONS = ("ProjectionExpression", "FilterExpression", "ConditionExpression", "UpdateExpression",
               "KeyConditionExpression")  # fmt: skip
NO_ATTRIBUTES = frozenset({
    "set", "remove", "add", "delete", "and", "or", "not", "between", "in", "attribute_exists", "attribute_not_exists",
    "attribute_type", "begins_with", "contains", "size", "if_not_exists", "list_append",
})  # fmt: skip
"""The words of an expression that are no attributes
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html)."""
_PATHS = re.compile(r"(?<![\w.:#\]])[#A-Za-z_][\w-]*")
_PARTIQL_KEY = r"""["']?\b{}\b["']?\s*=\s*(?:'([^']*)'|(\?)|(\d+))"""


def leading_keys(parameters: Mapping[str, Any], key: str | None, operation: str = "") -> list[str] | None:
    """The partition keys that the request names; ``key`` is the name of the table's, where it is known."""
    if parameters.get("IndexName"):
        key = None  # an index has a partition key of its own: the condition's first equality names it
    found = [text for item in _requests(parameters) for text in _keys_of(item, key)]
    return list(dict.fromkeys(found)) or None


def _requests(parameters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The single reads and writes that a request is made of."""
    yield parameters
    for one in parameters.get("TransactItems") or ():
        yield from (inner for inner in one.values() if isinstance(inner, Mapping))
    for table in (parameters.get("RequestItems") or {}).values():
        if isinstance(table, Mapping):
            yield {name: value for name, value in table.items() if name != "Keys"}
            yield from ({"Key": one} for one in table.get("Keys") or ())
        for one in table if isinstance(table, list | tuple) else ():
            yield from (inner for inner in one.values() if isinstance(inner, Mapping))
    for name in ("Statements", "TransactStatements"):
        yield from parameters.get(name) or ()


def _keys_of(one: Mapping[str, Any], key: str | None) -> Iterator[str]:
    for name in ("Key", "Item"):
        named = one.get(name)
        if isinstance(named, Mapping):
            if key in named:
                yield _text(named[key])
            elif len(named) == 1:
                yield _text(next(iter(named.values())))
    conditions = one.get("KeyConditions") or {}
    for name, condition in conditions.items():
        if name == key or (key is None and condition.get("ComparisonOperator") == "EQ"):
            yield from map(_text, condition.get("AttributeValueList") or ())
    if expression := one.get("KeyConditionExpression"):
        values = one.get("ExpressionAttributeValues") or {}
        names = one.get("ExpressionAttributeNames") or {}
        for left, right in re.findall(r"([#\w-]+)\s*=\s*(:\w+)", expression):
            if (key is None or names.get(left, left) == key) and right in values:
                yield _text(values[right])
                if key is None:
                    break
    if key and isinstance(statement := one.get("Statement"), str):
        given = iter(one.get("Parameters") or ())
        for text, mark, number in re.findall(_PARTIQL_KEY.format(re.escape(key)), statement):
            yield _text(next(given, "")) if mark else text or number


def _text(value: Any) -> str:
    """An attribute's value without its type."""
    if isinstance(value, Mapping) and len(value) == 1:
        value = next(iter(value.values()))
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def attributes(parameters: Mapping[str, Any], operation: str = "") -> list[str] | None:
    """The top-level attributes that the request names anywhere; none where it takes whole items."""
    found: dict[str, None] = {}
    for request in _requests(parameters):
        names = request.get("ExpressionAttributeNames") or {}
        for expression in EXPRESSIONS:
            for word in _PATHS.findall(request.get(expression) or ""):
                if word.lower() not in NO_ATTRIBUTES:
                    found[names.get(word, word)] = None
        found |= dict.fromkeys(request.get("AttributesToGet") or ())
        for holder in ("Key", "Item", "AttributeUpdates", "Expected", "KeyConditions", "QueryFilter", "ScanFilter"):
            if isinstance(request.get(holder), Mapping):
                found |= dict.fromkeys(request[holder])
    return list(found) or None


def full_table_scan(parameters: Mapping[str, Any], key: str | None) -> str | None:
    """Whether a PartiQL SELECT reads the whole table: no equality with (or IN over) the partition key."""
    statements = [request.get("Statement") for request in _requests(parameters)]
    selects = [
        statement
        for statement in statements
        if isinstance(statement, str) and statement.lstrip()[:6].lower() == "select"
    ]
    if not selects or key is None:
        return None
    named = re.compile(rf"""\bwhere\b.*["']?\b{re.escape(key)}\b["']?\s*(=|in\b)""", re.IGNORECASE | re.DOTALL)
    return "false" if all(named.search(select) for select in selects) else "true"


VALUES: dict[str, Getter] = {
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


LISTED = "listed"


@dataclass(frozen=True, slots=True)
class Row:
    """A condition key, the actions that have it, and where its value comes from, in order."""

    key: str
    actions: tuple[str, ...]
    values: tuple[str, ...]
    source: str

    @property
    def is_family(self) -> bool:
        """Whether the row stands for a key for each name: ``aws:RequestTag/``."""
        return self.key.endswith(("/", ":"))

    def concerns(self, action: str, listed: frozenset[str]) -> bool:
        """Whether ``action``, for which the reference lists these keys, has this one."""
        if self.actions == (LISTED,):
            return self.key.lower() in listed
        return any(matching(pattern)(action) for pattern in self.actions)


@cache
def rows() -> tuple[Row, ...]:
    """The table."""
    return tuple(typed_rows(Path(__file__).with_name("context_keys.tsv"), _row))


def _row(cells: Mapping[str, str]) -> Row:
    return Row(cells["key"], tuple(cells["actions"].split(",")), tuple(cells["value"].split("??")), cells["source"])


def check_of(call: ApiCall, action: str, resource: str, more: Mapping[str, object] | None = None) -> Check:
    """A check of an action on a resource, with the condition keys that the request sets, and ``more``."""
    return Check(action, resource, {**context_of(call, action, resource), **(more or {})})


def context_of(call: ApiCall, action: str, resource: str = "*") -> dict[str, object]:
    """The condition keys of ``action`` that the request sets. Without its HTTP request (a call that did not come over
    HTTP) the keys that only HTTP sets, such as ``aws:SourceIp``, are left out."""
    call = replace(call, action=action, resource=resource)
    found: dict[str, object] = {}
    for key, is_family, getters in _getters(action, frozenset(call.parameters)):
        for getter in getters:
            value = getter(call)
            if value is None or value == [] or value == {}:
                continue
            if not is_family:
                found[key] = value
            elif isinstance(value, Mapping):
                found |= {f"{key}{name}": given for name, given in value.items()}
            break
    return found


@lru_cache(8192)
def _getters(action: str, given: frozenset[str]) -> tuple[tuple[str, bool, tuple[Getter, ...]], ...]:
    """The rows of an action that these parameters can fill."""
    listed = _listed(action)
    found = []
    for row in rows():
        if row.concerns(action, listed):
            getters = tuple(getter for value in row.values if (getter := _getter(value, given)))
            if getters:
                found.append((row.key, row.is_family, getters))
    return tuple(found)


@cache
def _listed(action: str) -> frozenset[str]:
    """The keys that the reference lists for an action or its resources, in lower case, families cut at their name."""
    known = catalog().action(action)
    if known is None:
        return frozenset()
    prefix = action.partition(":")[0]
    types = (catalog().resource_type(prefix, name) for name in known.resource_types)
    keys = [*known.condition_keys, *(key for kind in types if kind for key in kind.condition_keys)]
    return frozenset(key.partition("${")[0].partition("<")[0].lower() for key in keys)


def _getter(value: str, given: frozenset[str]) -> Getter | None:
    if value.startswith("@"):
        return VALUES[value[1:]]
    if value.startswith("'"):
        return lambda call: value.strip("'")
    if value.startswith("header "):
        name = value.removeprefix("header ")
        return lambda call: call.request.headers.get(name) if call.request is not None else None
    steps = value.replace("[]", "").split(".")
    if steps[0] not in given:
        return None
    return lambda call: _at(call.parameters, steps)


def _at(value: Any, steps: Sequence[str]) -> object:
    """The value at a path as IAM compares it; a list where one stands on the way."""
    for number, step in enumerate(steps):
        if isinstance(value, list | tuple):
            inner = (_at(one, steps[number:]) for one in value)
            flat = (one for found in inner for one in (found if isinstance(found, list) else [found]))
            return list(dict.fromkeys(one for one in flat if one is not None))
        value = value.get(step) if isinstance(value, Mapping) else None
    if isinstance(value, list | tuple):
        return [_scalar(one) for one in value]
    return None if value is None else _scalar(value)


def _scalar(value: Any) -> str:
    """As IAM compares it: booleans in lower case, times as ISO 8601."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else str(value)
