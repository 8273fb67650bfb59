"""From an operation and its parameters to what AWS checks: (action, ARN, context), through scopedown's catalog.

The same code that the scanner takes for a call in a program (:func:`scopedown.permissions.require.require`): a request
is a call of which every argument is known. A request for several things is checked one by one, as AWS does. What a
request names by another name (a KMS alias, a secret without its six characters) is looked up in the local AWS.

``gate`` calls :func:`checks` for each request, with the HTTP request where there is one: from it come the condition
keys of :mod:`.context` that only HTTP sets. The caller's own keys it adds itself.

Who tags through the Resource Groups Tagging API needs the tagging action of each resource's own service as well, such
as ``ec2:CreateTags`` or ``sqs:UntagQueue``
(https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagResources.html). Which action that is says
the access level Tagging of the service authorization reference: ``TagResource`` where the service has it, else the
shortest name of a tagging action.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock
from typing import Any, Generic, TypeVar, assert_never

from moto.core.request import Request

from scopedown.calls.model import Argument, SdkCall
from scopedown.catalog.load import catalog
from scopedown.core.arn import account_of, parse_arn, service_of
from scopedown.core.place import Place
from scopedown.core.text import AnyText, Att, EnvVar, ImportValue, Literal, Param, Part, Pseudo, Ref, Text, Unknown
from scopedown.guard import arn_values
from scopedown.guard.arn_values import NAME
from scopedown.guard.context import ApiCall, check_of
from scopedown.guard.encryption_keys import key_checks, named_key_checks
from scopedown.guard.local_names import STAND_IN, looked_up
from scopedown.guard.model import Check
from scopedown.guard.passed_roles import with_passed_roles
from scopedown.permissions.require import require

STAND_INS = {"logs": "log-stream:"}
"""What AWS puts in the place of a part of an ARN that no parameter names, by service: so its messages show it."""
SINGLES = {
    ("s3", "DeleteObjects"): ("Delete", "Objects"),
    ("dynamodb", "BatchExecuteStatement"): ("Statements",),
    ("dynamodb", "ExecuteTransaction"): ("TransactStatements",),
    ("dynamodb", "TransactGetItems"): ("TransactItems",),
    ("dynamodb", "TransactWriteItems"): ("TransactItems",),
    ("events", "PutEvents"): ("Entries",),
    ("ssm", "GetParameters"): ("Names",),
    ("ssm", "DeleteParameters"): ("Names",),
    ("secretsmanager", "BatchGetSecretValue"): ("SecretIdList",),
}
"""Requests that are checked entry by entry, and where the entries stand
(https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html,
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html,
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html)."""
PIECE = 40
"""Fewer than :data:`scopedown.permissions.resources.MAX_ARNS`."""
BY_TABLE = frozenset({("dynamodb", "BatchGetItem"), ("dynamodb", "BatchWriteItem")})
"""Requests whose ``RequestItems`` are checked table by table."""


T = TypeVar("T")
_ABSENT = "\0absent"


class Watched(Mapping[str, Any]):
    """Parameters, changed one by one as they are looked at; ``seen`` are the names that were."""

    def __init__(self, values: Mapping[str, Any], change: Callable[[Any], Any]) -> None:
        self._values, self._change = values, change
        self._changed: dict[str, Any] = {}
        self.seen: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.seen.add(name)
        if name not in self._changed:
            self._changed[name] = self._change(self._values[name])
        return self._changed[name]

    def __contains__(self, name: object) -> bool:
        self.seen.add(str(name))
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        self.seen.update(self._values)
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class Memory(Generic[T]):
    """At most ``size`` answers, the ones that were asked for last."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._looked_at: dict[Hashable, frozenset[str]] = {}
        self._answers: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def answer(
        self, kind: Hashable, parameters: Mapping[str, Any], change: Callable[[Any], Any],
        ask: Callable[[Mapping[str, Any]], T],
    ) -> T:  # fmt: skip
        """``ask(parameters)``, each parameter changed by ``change``; ``kind`` is what else the answer depends on."""
        with self._lock:
            names = self._looked_at.get(kind)
            if names is not None:
                key = (kind, _frozen(parameters, names))
                if key in self._answers:
                    self._answers.move_to_end(key)
                    return self._answers[key]
        watched = Watched(parameters, change)
        made = ask(watched)
        with self._lock:
            # Another request may look at more: then the answers that were kept under fewer names are not found again.
            names = self._looked_at.get(kind, frozenset()) | watched.seen
            self._looked_at[kind] = names
            self._answers[kind, _frozen(parameters, names)] = made
            while len(self._answers) > self._size:
                self._answers.popitem(last=False)
        return made


def _frozen(parameters: Mapping[str, Any], names: frozenset[str]) -> tuple[tuple[str, Hashable], ...]:
    return tuple((name, _frozen_value(parameters[name]) if name in parameters else _ABSENT) for name in sorted(names))


def _frozen_value(value: Any) -> Hashable:
    if isinstance(value, Mapping):
        return tuple((name, _frozen_value(one)) for name, one in value.items())
    if isinstance(value, list | tuple):
        return ("list", *map(_frozen_value, value))
    if isinstance(value, str) or value is None:
        return value
    plain = isinstance(value, bool | int | float)  # True is 1 to a dictionary, but not to the mapping
    return (type(value).__name__, value if plain else "")


class UnmappedError(Exception):
    """Nothing says what AWS checks for an operation: it is refused, and told."""


@dataclass(frozen=True, slots=True)
class Needed:
    """An action on a resource whose ARN may have open parts, with the condition keys that the mapping itself sets."""

    action: str
    arn: str
    given: tuple[tuple[str, str], ...] = ()


def checks(
    service: str, operation: str, parameters: Mapping[str, Any], account: str, region: str,
    request: Request | None = None, modelled: bool = False,
) -> list[Check]:  # fmt: skip
    """All that must be allowed for one request, each once. ``modelled``: CloudFormation makes it, whose own rows say
    what it asks of the keys that a template names. Raises UnmappedError."""
    found: list[Check] = []
    whole = ApiCall(service, operation, parameters, account, region, request)
    for single in singles(service, operation, parameters):
        call, before = replace(whole, parameters=single), len(found)
        by_action: dict[str, list[Needed]] = {}
        for needed in _in_every_reading(call):
            by_action.setdefault(needed.action, []).append(needed)
        if not by_action and _is_authorised(service, operation):
            raise UnmappedError(f"{service}.{operation}")  # no row of the mapping fits what is asked
        for action, several in by_action.items():
            resources = looked_up(action, [one.arn for one in several], call)
            for resource in _in_this_region(action, resources, service, region):
                one = check_of(call, action, resource, dict(several[0].given))
                if one not in found:
                    found.append(one)
        for one in key_checks(found[before:], call):
            if one not in found:
                found.append(one)
    try:
        found += tagging_checks(whole)
    except NoTaggingActionError as error:
        raise UnmappedError(f"{service}.{operation} of {error}") from None
    found = with_passed_roles(found, whole)
    if not modelled:
        found += named_key_checks(found, whole)
    return found


def acting_account(needed: Sequence[Check], account: str) -> str:
    """The account in which the local AWS is to act: the one that owns all that was checked, else the caller's
    (``account``). A queue's URL or a function's ARN may be of another one."""
    owners = {account_of(one.resource) or "" for one in needed}
    only = owners.pop() if len(owners) == 1 else ""
    return only if re.fullmatch(r"\d{12}", only) else account


def singles(service: str, operation: str, parameters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The request for each of the things that it is for; the request itself where it is for one."""
    if (service, operation) in BY_TABLE and parameters.get("RequestItems"):
        for table, items in parameters["RequestItems"].items():
            yield {**parameters, "RequestItems": {table: items}}
        return
    path = SINGLES.get((service, operation))
    entries = _at(parameters, path) if path else None
    if not entries or path is None:
        yield from _in_pieces(parameters)
        return
    for entry in entries:
        yield _with(parameters, path, [entry])


def _in_pieces(parameters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The request again for each piece of its longest list of names: the mapping tells few ARNs apart at once."""
    lists = {name: value for name, value in parameters.items() if isinstance(value, list) and len(value) > PIECE}
    name = max(lists, key=lambda one: len(lists[one]), default=None)
    if name is None or not all(isinstance(one, str) for one in lists[name]):
        yield parameters
        return
    for start in range(0, len(lists[name]), PIECE):
        yield {**parameters, name: lists[name][start : start + PIECE]}


def _at(parameters: Any, path: tuple[str, ...]) -> list[Any] | None:
    for step in path:
        parameters = parameters.get(step) if isinstance(parameters, Mapping) else None
    return parameters if isinstance(parameters, list) else None


def _with(parameters: Mapping[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    first, *rest = path
    return {**parameters, first: _with(parameters[first], tuple(rest), value) if rest else value}


def _in_every_reading(call: ApiCall) -> tuple[Needed, ...]:
    """What the request needs; and where an ARN in it does not fit the parameters beside it, what it needs with the
    ARN's name alone."""
    parameters = arn_values.as_names(call.service, call.operation, call.parameters)
    found = _needed(call, parameters)
    for place, arn in arn_values.arns_in(parameters) if len(parameters) > 1 else ():
        named = _needed(call, arn_values.replaced(parameters, place, NAME))
        only = arn_values.replaced({place[0]: parameters[str(place[0])]}, place, NAME)
        by_itself = {one.arn for one in _needed(call, only)}
        for one in named:
            if NAME not in one.arn or one.arn in by_itself:
                continue
            if not any(other.action == one.action and arn_values.is_that(one.arn, other.arn) for other in found):
                found += (replace(one, arn=one.arn.replace(NAME, arn_values.name_in(arn))),)
    return tuple(replace(one, arn=arn_values.without_marks(one.arn)) for one in found)


def _in_this_region(action: str, resources: list[str], service: str, region: str) -> Iterator[str]:
    """The ARNs; and for one of another region the same in this one, where the local AWS would look for its name. Only
    S3, and Bedrock behind a profile, take ARNs of other regions."""
    for resource in resources:
        yield resource
        fields = resource.split(":", 5)
        own = len(fields) == 6 and action.partition(":")[0] == fields[2] not in ("s3", "bedrock")
        if own and fields[3] not in ("", "*", region, STAND_IN) and _prefix(service) == fields[2]:
            yield ":".join([*fields[:3], region, *fields[4:]])


def _is_authorised(service: str, operation: str) -> bool:
    known = catalog().operation(service, operation)
    return known is None or known.authorised


def _prefix(service: str) -> str:
    known = catalog().service(service)
    return known.prefix if known else service


_MEMORY: Memory[tuple[Needed, ...]] = Memory(4096)
"""What requests needed. It holds because :func:`require` is given the parameters one by one, and its answer can depend
on nothing else: a request that agrees in all that was looked at (also in what is not there) needs the same."""


def _needed(call: ApiCall, parameters: Mapping[str, Any]) -> tuple[Needed, ...]:
    """What the catalog says of the request with these parameters; kept for the next request that differs in nothing
    that was looked at."""
    service, operation, account, region = call.service, call.operation, call.account, call.region
    known = catalog().operation(service, operation)
    if known is None or (known.authorised and not known.actions):
        raise UnmappedError(f"{service}.{operation}")
    if not known.authorised:
        return ()
    pseudo = {"AWS::Partition": "aws", "AWS::Region": region, "AWS::AccountId": account}

    def ask(seen: Mapping[str, Any]) -> tuple[Needed, ...]:
        made = SdkCall(service, operation, seen, Place(""), (), "request")
        return tuple(
            Needed(
                permission.action, _shown(resource.arn, pseudo),
                tuple((key, values[0].replace("*", region)) for keys in permission.conditions.values()
                      for key, values in keys.items()),
            )
            for permission in require(made, catalog())
            for resource in permission.resources
        )  # fmt: skip

    bare, key = _bare(service, parameters)
    found = _MEMORY.answer((service, operation, account, region), bare, argument, ask)
    return tuple(replace(one, arn=one.arn.replace(_KEY, key)) for one in found) if key else found


_KEY = "\0Key\0"
_ATTRIBUTES = ("Key", "Keys", "Item", "ExpressionAttributeValues", "ExpressionAttributeNames", "Parameters")


def _bare(service: str, parameters: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """The request without what differs each time and decides nothing: the items of DynamoDB, EventBridge's events; and
    the key of an S3 object, which is returned beside it: it stands in the ARN as it is."""
    if service == "s3":
        objects = _at(parameters, ("Delete", "Objects"))
        if objects is not None and len(objects) == 1 and _is_plain(objects[0].get("Key")):
            return _with(parameters, ("Delete", "Objects"), [{**objects[0], "Key": _KEY}]), objects[0]["Key"]
        if _is_plain(parameters.get("Key")):
            return {**parameters, "Key": _KEY}, parameters["Key"]
    elif service == "dynamodb":
        return {name: _without_items(value) for name, value in parameters.items() if name not in _ATTRIBUTES}, ""
    elif service == "events" and isinstance(parameters.get("Entries"), list):
        only = [{"EventBusName": one["EventBusName"]} for one in parameters["Entries"] if "EventBusName" in one]
        return {**parameters, "Entries": only or [{}]}, ""
    return parameters, ""


def _is_plain(key: Any) -> bool:
    return isinstance(key, str) and key != "" and not key.startswith("arn:")


def _without_items(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_items(one) for name, one in value.items() if name not in _ATTRIBUTES}
    return [_without_items(one) for one in value] if isinstance(value, list) else value


def argument(value: Any) -> Argument:
    """A parameter as call analysis would have it."""
    match value:
        case str():
            return Text.of(value)
        case bool() | int() | float() | None:
            return value
        case Mapping():
            return {str(name): argument(one) for name, one in value.items()}
        case list() | tuple():
            return tuple(argument(one) for one in value)
        case _:
            return Text.of("(data)")


def _shown(arn: Text, pseudo: Mapping[str, str]) -> str:
    """The ARN as AWS would have it in the request: a part that no parameter names stays ``*``, and matches no name."""
    service = service_of(str(arn))

    def part(one: Part) -> str:
        match one:
            case Literal(value):
                return value
            case Pseudo(name):
                return pseudo.get(name, "")
            case AnyText() | Unknown(reason="no argument names its Id"):
                return STAND_INS.get(service, STAND_IN)
            case Ref() | Att() | Param() | ImportValue() | EnvVar() | Unknown():
                return "*"
            case _:
                assert_never(one)

    return "*" if arn == Text.of("*") else "".join(map(part, arn.parts))


SERVICE = "resourcegroupstaggingapi"
_VERBS = {
    "TagResources": re.compile(r"Tag|(?:Add|Create|Put)\w*Tag"),
    "UntagResources": re.compile(r"Untag|(?:Remove|Delete)\w*Tag"),
}
_BY_TYPE = {("s3", "bucket"): "s3:PutBucketTagging"}
"""Where AWS asks the same to tag and to untag
(https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketTagging.html)."""
_VARIABLE = re.compile(r"\\\$\\\{\w+\\\}")


class NoTaggingActionError(Exception):
    """The reference names no action that tags the resource."""


def tagging_checks(call: ApiCall) -> Iterator[Check]:
    """What the services of the resources ask. Raises NoTaggingActionError."""
    if call.service != SERVICE or call.operation not in _VERBS:
        return
    for arn in dict.fromkeys(call.parameters.get("ResourceARNList") or ()):
        yield check_of(call, _tagging_action(call.operation, str(arn)), str(arn))


@lru_cache(1024)
def _tagging_action(operation: str, arn: str) -> str:
    found = parse_arn(arn)
    prefix = found.service if found else ""
    kinds = _kinds_of(prefix, arn)
    for kind in kinds:
        if action := _BY_TYPE.get((prefix, kind)):
            return action
    verb = _VERBS[operation]
    actions = [
        action
        for action in catalog().actions_of(prefix)
        if "Tagging" in action.access_level and verb.match(action.name.partition(":")[2])
    ]
    # The reference leaves out types of services that share a prefix (the load balancers of two generations).
    names = [one.name for one in actions if kinds & set(one.resource_types)] or [one.name for one in actions]
    if not names:
        raise NoTaggingActionError(arn)
    exact = f"{prefix}:{operation.removesuffix('s')}"
    return exact if exact in names else min(names, key=lambda name: (len(name), name))


def _kinds_of(prefix: str, arn: str) -> set[str]:
    """The resource types that an ARN fits: types whose names have no slash or colon go before others."""
    for part in (r"[^:/]+", r".+"):
        fitting = {
            kind.name
            for kind in catalog().resource_types_of(prefix)
            if re.fullmatch(_VARIABLE.sub(part, re.escape(kind.arn)), arn)
        }
        if fitting:
            return fitting
    return set()
