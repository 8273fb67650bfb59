"""The customer's keys that encrypt what a request is for: who sends, writes or reads needs the key as well.

In: the checks of a request. Out: further checks, of KMS actions on the keys that the queues, topics, tables, streams,
secrets, buckets and objects have in the local AWS. Which action needs which is :mod:`scopedown.permissions.encryption`;
a key of AWS's (``alias/aws/…``, or none) asks nothing of the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from scopedown.core.arn import parse_arn
from scopedown.guard import context_state as state
from scopedown.guard.context import ApiCall, check_of
from scopedown.guard.local_names import STAND_IN
from scopedown.guard.model import Check
from scopedown.permissions.encryption import of_operation

_OF_OBJECTS = {"s3:GetObject", "s3:GetObjectVersion"}
_PARAMETERS = frozenset({"ssm:GetParameter", "ssm:GetParameterHistory", "ssm:GetParameters", "ssm:GetParametersByPath"})
"""What reads parameters of the type SecureString, which Parameter Store encrypts as its caller
(https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html)."""
_MACHINES = frozenset(
    {"states:DescribeExecution", "states:DescribeStateMachine", "states:DescribeStateMachineForExecution",
     "states:GetExecutionHistory"}
)  # fmt: skip
"""What shows an encrypted definition or the data of an execution
(https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html)."""


def key_checks(found: Iterable[Check], call: ApiCall) -> Iterator[Check]:
    """What the keys behind the resources of these checks must allow."""
    bare = replace(call, parameters={}, request=None)
    for one in found:
        via = f"{one.action.partition(':')[0]}.{call.region}.amazonaws.com"
        for action, key, more in _uses(one, call):
            yield check_of(bare, action, key, {"kms:ViaService": via, **more})


def _uses(one: Check, call: ApiCall) -> Iterator[tuple[str, str, dict[str, object]]]:
    """The KMS actions, each on a key, that a check's resource asks beside it, with their encryption context."""
    account, region = call.account, call.region
    if one.action in _PARAMETERS and call.parameters.get("WithDecryption"):
        for arn, named in _of_parameters(one.resource, call) or ():
            key = customers_key(named, account, region)
            if key is not None:
                yield "kms:Decrypt", key, encryption_context({"PARAMETER_ARN": arn})
    elif one.action in _MACHINES and call.parameters.get("includedData") != "METADATA_ONLY":
        key = customers_key(_of_machine(one.resource, account, region) or "", account, region)
        if key is not None:
            yield "kms:Decrypt", key, {}
    elif actions := of_operation(one.action, call.operation):
        key = _key(one, call.parameters, account, region)
        for action in actions if key is not None else ():
            yield action, str(key), {}


def encryption_context(pairs: Mapping[str, str]) -> dict[str, object]:
    """The condition keys of an encryption context
    (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context)."""
    keys = {f"kms:EncryptionContext:{name}": value for name, value in pairs.items()}
    return {**keys, "kms:EncryptionContextKeys": list(pairs)}


def customers_key(named: str, account: str, region: str) -> str | None:
    """The ARN of a key that is named by its id, its ARN, or an alias; None where it is one of AWS's."""
    if not named or "alias/aws/" in named:
        return None
    if "alias/" in named:
        named = state.key_of_alias("alias/" + named.partition("alias/")[2], account, region) or STAND_IN
    key = named if named.startswith("arn:") else f"arn:aws:kms:{region}:{account}:key/{named}"
    return None if any(one.startswith("alias/aws/") for one in state.aliases_of(key) or ()) else key


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
    return customers_key(named or "", arn.account or account, arn.region or region)


@state.known
def _of_parameters(resource: str, call: ApiCall) -> list[tuple[str, str]] | None:
    """The ARNs of the encrypted parameters that a check is for, with their keys: of one, or of those below a path."""
    fields, parameters = resource.split(":", 5), call.parameters
    kept = state.backend("ssm", fields[4] or call.account, fields[3] or call.region)._parameters
    name = fields[5].removeprefix("parameter/").partition(":")[0].removesuffix("*").strip("/")
    of_path = call.operation == "GetParametersByPath"
    if of_path:
        name = str(parameters.get("Path") or "").strip("/")  # empty for all parameters, of which no ARN is told
    asked = str(parameters.get("Name") or parameters.get("Names") or "")
    every_version = (
        call.operation == "GetParameterHistory" or ":" in asked
    )  # a version, or a label, may be an older one
    found = []
    for known, versions in list(kept.items()):
        bare = known.strip("/")
        rest = bare.removeprefix(f"{name}/") if name else bare
        below = bare.startswith(f"{name}/" if name else "") and (parameters.get("Recursive") or "/" not in rest)
        if below if of_path else bare == name:
            asked_for = versions if every_version else versions[-1:]
            found += [(f"{':'.join(fields[:5])}:parameter/{bare}", str(one.keyid)) for one in asked_for if one.keyid]
    return list(dict.fromkeys(found))


@state.known
def _of_machine(arn: str, account: str, region: str) -> str | None:
    """The key of a state machine, or of the one behind an execution."""
    fields = arn.split(":")
    machines = state.backend("stepfunctions", fields[4] or account, fields[3] or region).state_machines
    kept = next(one for one in machines if one.name == fields[6])
    return str(kept.encryptionConfiguration.get("kmsKeyId") or "") or None


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
