"""The customer's keys that encrypt what a request is for: who sends, writes or reads needs the key as well.

In: the checks of a request. Out: further checks, of KMS actions on the keys that the queues, topics, tables, streams,
secrets, buckets and objects have in the local AWS. Which action needs which is :mod:`scopedown.permissions.encryption`;
a key of AWS's (``alias/aws/…``, or none) asks nothing of the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from scopedown.core.arn import parse_arn
from scopedown.guard import context_state as state
from scopedown.guard.context import context_of
from scopedown.guard.local_names import STAND_IN
from scopedown.guard.model import Check
from scopedown.permissions.encryption import of_operation

_OF_OBJECTS = {"s3:GetObject", "s3:GetObjectVersion"}


def key_checks(
    found: Iterable[Check], service: str, operation: str, parameters: Mapping[str, Any], account: str, region: str
) -> Iterator[Check]:
    """What the keys behind the resources of these checks must allow."""
    for one in found:
        actions = of_operation(one.action, operation)
        key = _key(one, parameters, account, region) if actions else None
        if key is None:
            continue
        for action in actions:
            context = context_of(action, {}, account, region, service=service, operation=operation, resource=key)
            via = f"{one.action.partition(':')[0]}.{region}.amazonaws.com"
            yield Check(action, key, {**context, "kms:ViaService": via})


def _key(check: Check, parameters: Mapping[str, Any], account: str, region: str) -> str | None:
    """The ARN of the customer's key of a resource; None where it has none."""
    arn = parse_arn(check.resource)
    if arn is None or (reader := _KEYS.get(arn.service)) is None:
        return None
    if check.action in _OF_OBJECTS:
        named = _of_object(arn.resource, str(parameters.get("VersionId") or ""), account)
    elif arn.service == "s3" and parameters.get("ServerSideEncryption"):
        return None  # the request names the key, or none
    else:
        named = reader(state.backend(arn.service, arn.account or account, arn.region or region), check.resource)
    if not named or "alias/aws/" in named:
        return None
    head = f"arn:aws:kms:{arn.region or region}:{arn.account or account}:key/"
    if "alias/" in named:
        named = state.key_of_alias("alias/" + named.partition("alias/")[2], account, region) or STAND_IN
    key = named if named.startswith("arn:") else head + named
    return None if any(one.startswith("alias/aws/") for one in state.aliases_of(key) or ()) else key


@state.known
def _of_object(resource: str, version: str, account: str) -> str | None:
    from moto.s3.models import s3_backends

    bucket, _, key = resource.partition("/")
    partition, owner = s3_backends.bucket_accounts[bucket]
    found = s3_backends[owner][partition].get_object(bucket, key, version or None)
    return str(found.kms_key_id) if found is not None and found.kms_key_id else None


def _of_bucket(found: Any, arn: str) -> Any:
    rules = found.buckets[arn.split(":::")[1].partition("/")[0]].encryption["Rule"]
    default = (rules[0] if isinstance(rules, list) else rules)["ApplyServerSideEncryptionByDefault"]
    return default.get("KMSMasterKeyID")


def _of_stream(found: Any, arn: str) -> Any:
    stream = found.describe_stream(arn, None)
    return stream.key_id if stream.encryption_type == "KMS" else None


def _of_table(found: Any, arn: str) -> Any:
    given = found.tables[arn.split("/")[1]].sse_specification or {}
    return given.get("KMSMasterKeyId") if given.get("Enabled") else None


def _reader(read: Callable[[Any, str], Any]) -> Callable[[Any, str], str | None]:
    return state.known(lambda found, arn: str(read(found, arn) or "") or None)


_KEYS: Mapping[str, Callable[[Any, str], str | None]] = {
    "dynamodb": _reader(_of_table),
    "kinesis": _reader(_of_stream),
    "s3": _reader(_of_bucket),
    "secretsmanager": _reader(lambda found, arn: found.secrets.get(arn).kms_key_id),
    "sns": _reader(lambda found, arn: found.topics[arn].kms_master_key_id),
    "sqs": _reader(lambda found, arn: found.queues[arn.rpartition(":")[2]].kms_master_key_id),
}
"""By the service of an ARN: the key that the local AWS keeps for the resource."""
