"""What AWS knows of a resource and a request does not say: tags, key properties, aliases, boundaries; from moto.

In: an ARN (or what stands for one). Out: the value, or None where moto does not know the resource: then the condition
key is not set, as it is not in AWS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from moto.awslambda.utils import get_backend as functions
from moto.backends import get_backend

from scopedown.core.arn import parse_arn, resource_of

P = ParamSpec("P")
T = TypeVar("T")


def known(asked: Callable[P, T | None]) -> Callable[P, T | None]:
    """None where moto raises: each of its backends has its own errors for what is not there."""

    @wraps(asked)
    def answer(*args: P.args, **kwargs: P.kwargs) -> T | None:
        try:
            return asked(*args, **kwargs)
        except Exception:
            return None

    return answer


def backend(service: str, account: str, region: str) -> Any:
    """moto's backend; KeyError where the service or region has none. Functions without Docker have one of their own."""
    if service == "lambda":
        return functions(account, region)
    regions = get_backend(service)[account]  # type: ignore[call-overload]
    return regions[region] if region in regions else regions["aws"]


def backend_of(arn: str) -> Any:
    """moto's backend of the account and region in an ARN, where moto's name is the ARN's."""
    found = parse_arn(arn)
    return backend(found.service, found.account, found.region) if found else None


def text(value: Any) -> str | None:
    """As a condition compares it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if value else None


def _pairs(tags: Any) -> dict[str, str] | None:
    """Tags as a mapping, in whatever form a backend keeps them."""
    if isinstance(tags, Mapping):
        return {str(key): str(value) for key, value in tags.items()} or None
    found = {}
    for tag in tags or ():
        low = {str(name).lower(): value for name, value in tag.items()}
        found[str(low.get("key", low.get("tagkey")))] = str(low.get("value", low.get("tagvalue")) or "")
    return found or None


def tags(arn: str, account: str, region: str) -> dict[str, str] | None:
    """The tags of a resource."""
    found = parse_arn(arn)
    if found is None or "*" in found.resource.removesuffix(":*") or found.service not in _TAGS:
        return None
    return _tags(arn, found.service, found.account or account, found.region or region)


@known
def _tags(arn: str, prefix: str, account: str, region: str) -> dict[str, str] | None:
    service, read = _TAGS[prefix]
    return _pairs(read(backend(service, account, region), arn))


def _name(arn: str) -> str:
    return resource_of(arn).partition("/")[2]


def _of_role_or_user(found: Any, arn: str) -> Any:
    kind, name = resource_of(arn).split("/", 1)
    name = name.rpartition("/")[2]
    if kind == "role":
        return found.get_role(name).tags
    return found.tagger.get_tag_dict_for_resource(arn) if kind == "user" else None


def _by_tagger(found: Any, arn: str) -> Any:
    return found.tagger.get_tag_dict_for_resource(arn)


_TAGS: Mapping[str, tuple[str, Callable[[Any, str], Any]]] = {
    "dynamodb": ("dynamodb", lambda found, arn: found.tables[_name(arn).partition("/")[0]].tags),
    "ec2": ("ec2", lambda found, arn: {tag["key"]: tag["value"] for tag in
                                       found.describe_tags({"resource-id": [arn.rpartition("/")[2]]})}),
    "ecr": ("ecr", _by_tagger),
    "events": ("events", _by_tagger),
    "iam": ("iam", _of_role_or_user),
    "kinesis": ("kinesis", lambda found, arn: found.describe_stream(arn, None).tags),
    "kms": ("kms", lambda found, arn: found.list_resource_tags(_name(arn))["Tags"]),
    "lambda": ("lambda", lambda found, arn: found.get_function(":".join(arn.split(":")[:7])).tags),
    "logs": ("logs", lambda found, arn: found.list_tags_for_resource(arn.removesuffix(":*").split(":log-stream:")[0])),
    "rds": ("rds", lambda found, arn: found.list_tags_for_resource(arn)),
    "s3": ("s3", lambda found, arn: found.tagger.get_tag_dict_for_resource(arn.partition("/")[0])),
    "secretsmanager": ("secretsmanager", lambda found, arn: found.secrets.get(arn).tags),
    "sns": ("sns", lambda found, arn: found.topics[arn]._tags),
    "sqs": ("sqs", lambda found, arn: found.queues[arn.rpartition(":")[2]].tags),
    "ssm": ("ssm", lambda found, arn: found.list_tags_for_resource("Parameter", "/" + _name(arn))
            or found.list_tags_for_resource("Parameter", _name(arn))),
    "states": ("stepfunctions", lambda found, arn: found.describe_state_machine(arn).tags),
    "cloudwatch": ("cloudwatch", _by_tagger),
    "cognito-idp": ("cognito-idp", lambda found, arn: found.user_pools[_name(arn)].tags),
}  # fmt: skip
"""By an ARN's service: moto's name of it, and where it keeps tags."""


@known
def object_tags(bucket: str, key: str, version: str, account: str) -> dict[str, str] | None:
    """The tags of an object."""
    store = backend("s3", account, "aws")
    found = store.get_object(bucket, key, version or None)
    return _pairs(store.tagger.get_tag_dict_for_resource(found.arn)) if found is not None else None


@known
def partition_key(arn: str) -> str | None:
    """The name of a table's partition key."""
    return str(backend_of(arn).tables[arn.split("/")[1]].hash_key_attr)


@known
def kms_key(arn: str) -> Any:
    """A key."""
    return backend_of(arn).keys[_name(arn)]


@known
def key_of_alias(alias: str, account: str, region: str) -> str | None:
    """The id of the key that an alias (``alias/NAME``) stands for."""
    return str(backend("kms", account, region).get_key_id_from_alias(alias) or "") or None


@known
def aliases_of(arn: str) -> list[str] | None:
    """The aliases of a key."""
    return list(backend_of(arn).keys[_name(arn)].aliases) or None


@known
def secret(arn: str, account: str, region: str) -> Any:
    """A secret, by its ARN, a part of it or its name."""
    return backend("secretsmanager", account, region).secrets.get(arn)


@known
def function_of_mapping(number: str, account: str, region: str) -> str | None:
    """The ARN of the function of an event source mapping."""
    return str(backend("lambda", account, region).get_event_source_mapping(number).function_arn)


@known
def url_auth_type(arn: str) -> str | None:
    """How a function's URL authenticates."""
    return str(backend_of(arn).get_function(arn).get_url_config().config["AuthType"])


@known
def vpc_of(subnets: Iterable[str] | None, account: str, region: str) -> str | None:
    """The VPC that these subnets are of."""
    first = next(iter(subnets or ()), None)
    return str(backend("ec2", account, region).get_subnet(first).vpc_id) if first else None


@known
def boundary_of(arn: str) -> str | None:
    """The permissions boundary of a user or role."""
    kind, name, store = resource_of(arn).partition("/")[0], arn.rpartition("/")[2], backend_of(arn)
    if kind == "role":
        return store.get_role(name).permissions_boundary_arn or None
    return text(getattr(store.get_user(name), "permissions_boundary", None)) if kind == "user" else None


@known
def stages_of(api: str, account: str, region: str) -> list[str] | None:
    """The stages of an HTTP or WebSocket API; None for a REST API, or where there is no such API."""
    return [str(stage.name) for stage in backend("apigatewayv2", account, region).apis[api].stages.values()]


@known
def key_of_ciphertext(blob: bytes) -> str | None:
    """The key that encrypted what moto made of a text."""
    from moto.kms.utils import _deserialize_ciphertext_blob

    return str(_deserialize_ciphertext_blob(blob).key_id)


@known
def key_of_grant(token: str, account: str, region: str) -> str | None:
    """The key of which a grant's token is."""
    keys = backend("kms", account, region).keys.values()
    return next((str(key.id) for key in keys for grant in key.grants.values() if grant.token == token), None)


@known
def stream_of_iterator(iterator: str) -> str | None:
    """The name of the Kinesis stream that an iterator of moto's reads; None where it names none."""
    from moto.kinesis.utils import decompose_shard_iterator

    name = decompose_shard_iterator(iterator)[0]
    return None if name in ("", "None") else name


@known
def table_stream_of_iterator(iterator: str, account: str, region: str) -> str | None:
    """The ARN of the table's stream that an iterator reads."""
    found = backend("dynamodbstreams", account, region).shard_iterators[iterator].arn
    return str(found).partition("|")[0]


@known
def is_iterator(service: str, iterator: str, region: str) -> bool:
    """Whether an iterator is one that moto gave out."""
    from moto.dynamodbstreams.models import dynamodbstreams_backends
    from moto.kinesis.utils import decompose_shard_iterator

    if service == "kinesis":
        return len(decompose_shard_iterator(iterator)) == 3
    return any(iterator in one[region].shard_iterators for one in dynamodbstreams_backends.values() if region in one)


@known
def tables_of_statement(statement: str) -> list[str] | None:
    """The tables that moto reads in a PartiQL statement."""
    from moto.dynamodb.parsing.partiql import get_query_metadata

    names = get_query_metadata(statement).get_table_names()
    return [str(name).partition(".")[0].strip('"') for name in names]


@known
def iam_arn(kind: str, name: str, account: str) -> str | None:
    """The ARN, with its path, of the user, role, group or instance profile of a name."""
    iam = backend("iam", account, "aws")
    groups: Mapping[str, Any] = {
        "user": iam.users, "role": iam.roles, "group": iam.groups, "instance-profile": iam.instance_profiles,
    }  # fmt: skip
    return next((str(one.arn) for one in list(groups[kind].values()) if one.name == name), None)


@known
def key_of_upload(bucket: str, upload: str) -> str | None:
    """The key that a multipart upload of a bucket makes."""
    from moto.s3.models import s3_backends

    partition, account = s3_backends.bucket_accounts[bucket]
    return str(s3_backends[account][partition].buckets[bucket].multiparts[upload].key_name)


@known
def function_of_url(host: str, account: str, region: str) -> str | None:
    """The ARN of the function that a host of a function URL is of."""
    for function in backend("lambda", account, region).list_functions():
        if function.url_config is not None and host in str(function.url_config.url):
            return str(function.function_arn)
    return None


@known
def ses_identities(account: str, region: str) -> list[str] | None:
    """The addresses and domains that are verified."""
    return list(backend("ses", account, region).email_identities)
