"""The policy of the resource that a request asks for, read from moto's state: one row a service.

In: an action and an ARN. Out: the policy's text as it stands now, and the account that owns the resource. A new service
is one function and one row of :data:`READERS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from moto.awslambda.utils import get_backend as get_lambda_backend
from moto.backends import get_backend

from scopedown.core.arn import Arn, parse_arn
from scopedown.guard import local_iam
from scopedown.guard.local_iam import PARTITION, Document
from scopedown.iam import Kind
from scopedown.iam.services import resource_policy_decides


@dataclass(frozen=True, slots=True)
class Owned:
    """What stands over a resource: the account that it is in (empty where the ARN says it), and its policy."""

    account: str = ""
    policy: Document | None = None


def of(action: str, resource: str) -> Owned:
    """The policy of a resource."""
    arn = parse_arn(resource)
    if arn is None or (reader := READERS.get(arn.service)) is None:
        return Owned()
    try:
        return reader(action, resource, arn)
    except KeyError:  # moto has no such region or resource
        return Owned()


def _document(policy: object, name: str) -> Document | None:
    if not policy:
        return None
    if isinstance(policy, bytes):
        policy = policy.decode("utf-8", "replace")
    return Document(policy if isinstance(policy, str) else json.dumps(policy), Kind.RESOURCE, name)


def _backend(service: Any, arn: Arn) -> Any:
    if len(arn.account) != 12 or not arn.account.isdigit():
        raise KeyError(arn.account)
    return get_backend(service)[arn.account][arn.region]


def _s3(action: str, resource: str, arn: Arn) -> Owned:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html"""
    buckets: Any = get_backend("s3")
    name = arn.resource.partition("/")[0]
    partition, account = buckets.bucket_accounts[name]
    return Owned(account, _document(buckets[account][partition].buckets[name].policy, f"the policy of bucket {name}"))


def _sqs(action: str, resource: str, arn: Arn) -> Owned:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-using-identity-based-policies.html"""
    policy = _backend("sqs", arn).queues[arn.resource].policy
    return Owned("", _document(policy, f"the policy of queue {arn.resource}"))


def _sns(action: str, resource: str, arn: Arn) -> Owned:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-using-identity-based-policies.html"""
    return Owned("", _document(_backend("sns", arn).topics[resource].policy, f"the policy of topic {arn.resource}"))


def _lambda(action: str, resource: str, arn: Arn) -> Owned:
    """https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html"""
    kind, _, rest = arn.resource.partition(":")
    if kind != "function":
        return Owned()
    name = rest.partition(":")[0]
    if not arn.account.isdigit():
        return Owned()
    # Functions that run without Docker are in a backend of their own.
    functions = get_lambda_backend(arn.account, arn.region)._lambdas._functions.get(name)
    if functions is None:
        return Owned()
    versions = [one for one in (functions["latest"], *functions["versions"]) if one is not None]
    statements = [statement for version in versions for statement in version.policy.statements]
    statements = [one for at, one in enumerate(statements) if one not in statements[:at]]
    policy = {"Version": "2012-10-17", "Statement": list(map(_permission, statements))} if statements else None
    return Owned("", _document(policy, f"the policy of function {name}"))


def _permission(statement: Mapping[str, Any]) -> dict[str, Any]:
    """A statement of AddPermission as Lambda writes it: moto leaves ARNs and accounts without ``AWS``, and some
    parameters beside the conditions that they become
    (https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html)."""
    out = {name: value for name, value in statement.items() if name in _ELEMENTS}
    principal = out.get("Principal")
    if isinstance(principal, str) and principal != "*":
        out["Principal"] = {"AWS": principal}
    for parameter, (operator, key) in _BECOME_CONDITIONS.items():
        if parameter in statement:
            condition = out.setdefault("Condition", {})
            value = statement[parameter]
            condition.setdefault(operator, {})[key] = value if isinstance(value, str) else json.dumps(value)
    return out


_ELEMENTS = frozenset({"Sid", "Effect", "Principal", "Action", "Resource", "Condition"})
_BECOME_CONDITIONS = {
    "FunctionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "InvokedViaFunctionUrl": ("Bool", "lambda:InvokedViaFunctionUrl"),
}


def _kms(action: str, resource: str, arn: Arn) -> Owned:
    """https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
    A key that moto does not have is taken to have the default policy: its account decides."""
    keys = _backend("kms", arn).keys
    kind, _, id = arn.resource.partition("/")
    policy = keys[id].policy if kind == "key" and id in keys else None
    root = {"AWS": f"arn:aws:iam::{arn.account}:root"}
    default = {"Statement": {"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}}
    return Owned("", _document(policy or default, f"the policy of key {id}"))


def _secretsmanager(action: str, resource: str, arn: Arn) -> Owned:
    """https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html"""
    found = _backend("secretsmanager", arn).secrets.get(resource)
    return Owned("", _document(found and found.policy, f"the policy of {arn.resource}"))


def _ecr(action: str, resource: str, arn: Arn) -> Owned:
    """https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
    Its statements name no Resource: they are about the repository."""
    name = arn.resource.removeprefix("repository/")
    policy = _backend("ecr", arn).repositories[name].policy
    return Owned("", _document(_with_resource(policy, resource), f"the policy of repository {name}"))


def _events(action: str, resource: str, arn: Arn) -> Owned:
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html"""
    kind, _, name = arn.resource.partition("/")
    policy = _backend("events", arn).event_buses[name].policy if kind == "event-bus" else None
    return Owned("", _document(policy, f"the policy of event bus {name}"))


def _execute_api(action: str, resource: str, arn: Arn) -> Owned:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html
    ``execute-api:/…`` in a policy stands for this API."""
    id = arn.resource.partition("/")[0]
    policy = _backend("apigateway", arn).apis[id].policy
    if policy:
        text = policy if isinstance(policy, str) else json.dumps(policy)
        here = f"arn:{PARTITION}:execute-api:{arn.region}:{arn.account}:{id}/"
        policy = text.replace('"execute-api:/', f'"{here}')
    return Owned("", _document(policy, f"the policy of API {id}"))


def iam_decides_on_api(resource: str) -> bool:
    """Whether IAM can refuse an unsigned call of this API: it has a policy, or a method that asks for a signature.
    Nothing is known of an API that is not here.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html"""
    arn = parse_arn(resource)
    if arn is None:
        return True
    id = arn.resource.partition("/")[0]
    try:
        api = _backend("apigateway", arn).apis[id]
    except KeyError:
        return False
    methods = (method for one in api.resources.values() for method in one.resource_methods.values())
    return bool(api.policy) or any(method.authorization_type == "AWS_IAM" for method in methods)


def _by_arn(service: str) -> Callable[[str, str, Arn], Owned]:
    """Services whose backend keeps policies by ARN."""

    def reader(action: str, resource: str, arn: Arn) -> Owned:
        found = _backend(service, arn).resource_policies[resource]
        return Owned("", _document(getattr(found, "policy_doc", found), f"the policy of {arn.resource}"))

    return reader


def _iam(action: str, resource: str, arn: Arn) -> Owned:
    """A role's trust policy decides who assumes it
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#id_roles_terms-and-concepts)."""
    decides = resource_policy_decides(action.lower(), resource)
    return Owned("", local_iam.trust_policy(resource) if decides else None)


def _with_resource(policy: Any, resource: str) -> Any:
    if not policy:
        return policy
    document = json.loads(policy)
    given = document.get("Statement", [])
    for one in given if isinstance(given, list) else [given]:
        if "NotResource" not in one:
            one.setdefault("Resource", [resource, f"{resource}/*"])
    return document


READERS: dict[str, Callable[[str, str, Arn], Owned]] = {
    "dynamodb": _by_arn("dynamodb"),
    "ecr": _ecr,
    "events": _events,
    "execute-api": _execute_api,
    "iam": _iam,
    "kinesis": _by_arn("kinesis"),
    "kms": _kms,
    "lambda": _lambda,
    "s3": _s3,
    "secretsmanager": _secretsmanager,
    "sns": _sns,
    "sqs": _sqs,
}
"""By the service of the resource's ARN."""
