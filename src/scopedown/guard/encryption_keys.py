"""The customer's keys that encrypt what a request is for: who sends, writes or reads needs the key as well.

In: the checks of a request. Out: further checks, of KMS actions on the keys that the queues, topics, tables, streams,
secrets, buckets and objects have in the local AWS. Which action needs which is :mod:`scopedown.permissions.encryption`;
a key of AWS's (``alias/aws/…``, or none) asks nothing of the caller.

The net below (:func:`named_key_checks`): the actions of KMS that a service asks of its caller for each customer's key
that a request names, in a member named like a KMS key, or by an ARN anywhere, and of which no check is yet. Which
actions these are is in the rows of ``key_uses.tsv``; what only mentions a key passes as what only mentions a role
(``roles_not_passed.tsv``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from scopedown.catalog.load import catalog
from scopedown.core.arn import parse_arn
from scopedown.core.tables import typed_rows
from scopedown.guard import context_state as state
from scopedown.guard.context import ApiCall, check_of
from scopedown.guard.local_names import STAND_IN
from scopedown.guard.model import Check
from scopedown.guard.passed_roles import Named, left_out, texts
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


_COLUMNS = ("service", "operation", "parameter", "actions", "source")
_KEY_ARN = re.compile(r"arn:[\w-]+:kms:[\w-]*:\d{12}:(?:key/[\w-]+|alias/[\w/:-]+)")
_MEMBER = re.compile(r"(?i)kms(?:master)?key(?:id|arn|identifier)?s?$")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}|alias/[\w/:-]+", re.IGNORECASE)
"""An id or an alias (https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id)."""
_OF_KEYS, _OF_ENCRYPTION = re.compile(r"(?i)key"), re.compile(r"(?i)kms|cmk|encrypt")


@dataclass(frozen=True, slots=True)
class _Use:
    """A row: ``rank`` is larger the narrower it is."""

    parameter: str
    actions: tuple[str, ...]
    rank: tuple[int, int, int]

    def concerns(self, members: tuple[str, ...]) -> bool:
        """Whether the row is for a value at this place of a request."""
        if self.parameter.startswith("~"):
            return self.parameter[1:] in members
        path = tuple(self.parameter.split("."))
        return self.parameter == "*" or members[: len(path)] == path


def named_key_checks(found: Sequence[Check], call: ApiCall) -> Iterator[Check]:
    """What the keys that a request names must allow beside ``found``."""
    excluded = left_out(call.service, call.operation)
    if excluded is None or call.service == "kms":
        return
    asked = {one.resource for one in found if one.action.startswith("kms:")}
    known = catalog().service(call.service)
    via = f"{known.prefix if known else call.service}.{call.region}.amazonaws.com"
    more = {"kms:ViaService": via, "kms:GrantIsForAWSResource": "true"}
    bare, done = replace(call, parameters={}), set[tuple[str, str]]()
    for one in texts(call, excluded):
        for named in _keys_named(one):
            key = customers_key(named, call.account, call.region)
            if key is None or key in asked:
                continue
            for action in _actions_asked(call.service, call.operation, one.members):
                if (action, key) not in done:
                    done.add((action, key))
                    yield check_of(bare, action, key, more)


def _keys_named(one: Named) -> list[str]:
    """The keys that a text names: by ARNs anywhere, by any text where a member is named like a key of KMS, and by an id
    or an alias where the members are of a key and of encryption (``EncryptionConfiguration.KeyId``)."""
    if ":kms:" in one.text and (found := _KEY_ARN.findall(one.text)):
        return found
    if not one.members:
        return []
    if _MEMBER.search(one.members[-1]):
        return [one.text]
    members = ".".join(one.members) if _ID.fullmatch(one.text) else ""
    return [one.text] if _OF_KEYS.search(members) and _OF_ENCRYPTION.search(members) else []


@lru_cache(4096)
def _actions_asked(service: str, operation: str, members: tuple[str, ...]) -> tuple[str, ...]:
    """The actions of the narrowest row for a value at a place of a request."""
    rows = (
        row
        for of_service in ("*", service)
        for of_operation in ("*", operation)
        for row in _use_rows().get((of_service, of_operation), ())
        if row.concerns(members)
    )
    return max(rows, key=lambda row: row.rank).actions


@cache
def _use_rows() -> Mapping[tuple[str, str], list[_Use]]:
    found: dict[tuple[str, str], list[_Use]] = {}
    for key, row in typed_rows(Path(__file__).with_name("key_uses.tsv"), _use, _COLUMNS):
        found.setdefault(key, []).append(row)
    return found


def _use(cells: Mapping[str, str]) -> tuple[tuple[str, str], _Use]:
    actions = () if cells["actions"] == "-" else tuple(f"kms:{one}" for one in cells["actions"].split(","))
    rank = (cells["service"] != "*", cells["operation"] != "*", cells["parameter"] != "*")
    order = (int(rank[0]), int(rank[2]), int(rank[1]))
    return (cells["service"], cells["operation"]), _Use(cells["parameter"], actions, order)
