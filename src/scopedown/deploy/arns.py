"""ARN templates of table rows, filled for one resource.

``{Partition}``, ``{Region}``, ``{Account}``, ``{StackName}``, ``{Service}``, ``{Stage}`` are the target's;
``{physical}`` the resource's name, ``{arn}`` its own ARN; all else a path into its properties (as in
:mod:`~scopedown.deploy.when`), with ``=default`` where it may be missing. A path to several values gives several ARNs.
A value that is a whole ARN stands for a template that is nothing but that value, and is cut to its name inside of a
longer one. A template one of whose properties is missing gives nothing. ``{Path@form}`` makes an ARN of a value that
may be written in several ways (:data:`FORMS`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import product
from typing import Protocol

from scopedown.core.arn import resource_of
from scopedown.deploy.target import Target
from scopedown.deploy.when import values_at
from scopedown.project.model import DeclaredResource, Tree

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
TARGET = ("Partition", "Region", "Account", "StackName", "Service", "Stage")
OWN = ("physical", "arn")
SERVICES = {
    "function": "arn:{Partition}:lambda:{Region}:{Account}:function:",
    "key": "arn:{Partition}:kms:{Region}:{Account}:key/",
    "repository": "arn:{Partition}:ecr:{Region}:{Account}:repository/",
    "secret": "arn:{Partition}:secretsmanager:{Region}:{Account}:secret:",
}
"""How the ARNs of :data:`FORMS` begin."""
IDENTITIES = {
    "role": "AWS::IAM::Role",
    "user": "AWS::IAM::User",
    "group": "AWS::IAM::Group",
    "profile-roles": "AWS::IAM::InstanceProfile",
}
"""The types that the forms of IAM's identities stand for."""
_S3_LOCATION = re.compile(
    r"(?:s3://|https://s3[^/]*\.amazonaws\.com[^/]*/)([^/]+)/?(.*)"
    r"|https://([^/]+?)\.s3[^/]*\.amazonaws\.com[^/]*/(.*)"
)
_ARN = re.compile(r"arn:[^:]*:[^:]*:[^:]*:[^:]*:.+")


class Naming(Protocol):
    """What resources are called, as templates ask for it (:class:`~scopedown.deploy.names.Namer` answers)."""

    @property
    def target(self) -> Target: ...

    def stack(self, logical_id: str) -> str:
        """The name of a resource's stack."""

    def physical(self, resource: DeclaredResource, depth: int = 0) -> str:
        """A resource's name."""

    def arn(self, resource: DeclaredResource, depth: int = 0) -> str:
        """A resource's own ARN."""

    def referenced(self, tree: Tree, inside: str) -> DeclaredResource | None:
        """The resource that a value refers to."""

    def text(self, tree: Tree, inside: str = "", depth: int = 0) -> str:
        """A value as it is deployed."""


def fill(template: str, resource: DeclaredResource, namer: Naming, depth: int = 0) -> Iterator[str]:
    """The ARNs of a template, each once, in order."""
    pieces = PLACEHOLDER.split(template)
    choices: list[list[str]] = []
    for number, piece in enumerate(pieces):
        if number % 2 == 0:
            choices.append([piece])
            continue
        before = "".join(pieces[:number])
        found = list(_values(piece, resource, namer, depth))
        if before:
            found = [_inside(value, before, piece) for value in found]
        choices.append(list(dict.fromkeys(found)))
    yield from dict.fromkeys("".join(combination) for combination in product(*choices))


def paths_in(template: str) -> list[str]:
    """The properties that a template is filled from."""
    found = (re.split("[=@]", piece)[0] for piece in PLACEHOLDER.findall(template))
    return [path for path in found if path not in (*TARGET, *OWN)]


def _values(placeholder: str, resource: DeclaredResource, namer: Naming, depth: int) -> Iterator[str]:
    target = namer.target
    match placeholder:
        case "Partition":
            yield target.partition
        case "Region":
            yield target.region
        case "Account":
            yield target.account
        case "StackName":
            yield namer.stack(resource.logical_id)
        case "Service":
            yield target.service
        case "Stage":
            yield target.stage
        case "physical":
            yield namer.physical(resource, depth)
        case "arn":
            yield namer.arn(resource, depth)
        case _ if "@" in placeholder:
            path, _, form = placeholder.partition("@")
            for tree in values_at(path, resource.properties):
                own = namer.referenced(tree, resource.logical_id) if form in IDENTITIES else None
                if own is None or own.type != IDENTITIES[form]:
                    yield from FORMS[form](namer.text(tree, resource.logical_id, depth) or "*", namer.target)
                elif form == "profile-roles":
                    yield from fill("{Roles[]@role}", own, namer, depth + 1)
                else:  # its path is known
                    yield namer.arn(own, depth + 1)
        case _:
            path, has_default, default = placeholder.partition("=")
            trees = list(values_at(path, resource.properties))
            for tree in trees:
                yield namer.text(tree, resource.logical_id, depth) or "*"
            if not trees and has_default:
                yield default


def _inside(value: str, before: str, placeholder: str) -> str:
    """A value in the middle of an ARN: the name in it, where it is an ARN or a URL itself."""
    last = re.split(r"[:/]", before)[-2] if re.search(r"[:/].*[:/]$", before) else ""
    if before.endswith("key/") and (value.startswith("alias/") or ":alias/" in value):
        return "*"  # keys cannot be named by their alias in a Resource
    if value.startswith(("https://", "http://")) and before.count(":") == 5:
        return value.rpartition("/")[2]  # the URL of a queue
    if before.endswith(":parameter/"):  # of Systems Manager: the ARN has the name without its leading slash
        value = value.removeprefix("/")
    if not _ARN.fullmatch(value):
        return value.partition(":")[0] if before.endswith(":function:") else value
    rest = resource_of(value)
    if before.endswith(":") and before.count(":") == 5:  # arn:…:sqs:region:account:NAME
        return rest
    for separator in ("/", ":"):
        head, found, name = rest.partition(f"{last}{separator}")
        if last and found and head in ("", "/"):
            return name.partition(":")[0] if last == "function" else name
    return rest if placeholder == "physical" else re.split(r"[:/]", rest)[-1]


def _function(value: str, target: Target) -> Iterator[str]:
    """A function by its name, its ARN or a part of it; one with a qualifier by itself and with it.

    (https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html, FunctionName)
    """
    _, found, name = value.rpartition("function:")
    name, _, qualifier = (name if found else value).partition(":")
    head = _head("function", value, target)
    yield f"{head}{name}"
    if qualifier:
        yield f"{head}{name}:{qualifier}"


def _key(value: str, target: Target) -> Iterator[str]:
    """A KMS key by its id or its ARN. One that is named by an alias can be any key: policies name keys by their ids
    (https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html)."""
    head = _head("key", value, target)
    is_alias = value.startswith("alias/") or ":alias/" in value
    yield f"{head}*" if is_alias or value == "*" else f"{head}{value.rpartition('key/')[2]}"


def _repository(value: str, target: Target) -> Iterator[str]:
    """An ECR repository by the URI of an image."""
    match = re.match(r"([^.]+)\.dkr[.-]ecr[^.]*\.([^.]+)\.[^/]+/([^:@]+)", value)
    if match is None:
        yield f"{_head('repository', '', target)}*"
    else:
        yield f"arn:{target.partition}:ecr:{match[2]}:{match[1]}:repository/{match[3]}"


def _bucket(value: str, target: Target) -> Iterator[str]:
    """A bucket by its domain name."""
    yield f"arn:{target.partition}:s3:::{re.sub(r'[.]s3[.-][^/]*$', '', value)}"


def _listener_rules(value: str, target: Target) -> Iterator[str]:
    """The rules of a listener."""
    rules = value.replace(":listener/", ":listener-rule/")
    if rules == value:
        rules = f"arn:{target.partition}:elasticloadbalancing:{target.region}:{target.account}:listener-rule"
    yield f"{rules}/*"


def _iam(kind: str, value: str, target: Target) -> Iterator[str]:
    """A role, user or group by its ARN, or by its name, of which the path is not known."""
    if _ARN.fullmatch(value):
        yield value
        return
    yield f"arn:{target.partition}:iam::{target.account}:{kind}/{value}"
    if value != "*":
        yield f"arn:{target.partition}:iam::{target.account}:{kind}/*/{value}"


def _profile_roles(value: str, target: Target) -> Iterator[str]:
    """The roles of an instance profile: any, unless the template declares it."""
    yield f"arn:{target.partition}:iam::{target.account}:role/*"


def _listeners(value: str, target: Target) -> Iterator[str]:
    """The listeners of a load balancer."""
    listeners = value.replace(":loadbalancer/", ":listener/")
    if listeners == value:
        listeners = f"arn:{target.partition}:elasticloadbalancing:{target.region}:{target.account}:listener"
    yield f"{listeners}/*"


def _s3_location(value: str, target: Target) -> Iterator[str]:
    """An object by ``s3://bucket/key``, or by a URL of either style
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html)."""
    match = _S3_LOCATION.fullmatch(value)
    if match is None:
        yield f"arn:{target.partition}:s3:::*/*"
    else:
        yield f"arn:{target.partition}:s3:::{match[1] or match[3]}/{(match[2] or match[4] or '*').partition('?')[0]}"


def _s3_bucket(value: str, target: Target) -> Iterator[str]:
    """The bucket of an object by ``s3://bucket/key``, or by a URL."""
    for arn in _s3_location(value, target):
        yield arn.partition("/")[0]


def _secret(value: str, target: Target) -> Iterator[str]:
    """A secret by its ARN, or by its name, which the ARN of a secret prolongs by a hyphen and six characters
    (https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html)."""
    if _ARN.fullmatch(value):
        yield value
    else:
        yield f"{_head('secret', '', target)}*" if value == "*" else f"{_head('secret', '', target)}{value}-??????"


def _state_machine(value: str, target: Target) -> Iterator[str]:
    """A state machine by the ARN of one of its versions, with that of every version and alias."""
    machine = value.rpartition(":")[0] if value.count(":") > 6 else value
    if not _ARN.fullmatch(machine):
        machine = f"arn:{target.partition}:states:{target.region}:{target.account}:stateMachine:*"
    yield machine
    yield f"{machine}:*"


def _web_acl(value: str, target: Target) -> Iterator[str]:
    """A web ACL by its ARN. ``Ref`` gives ``name|id|scope``."""
    if _ARN.fullmatch(value):
        yield value
    else:
        yield f"arn:{target.partition}:wafv2:{target.region}:{target.account}:*/webacl/{value.partition('|')[0]}/*"


def _head(form: str, value: str, target: Target) -> str:
    """How the ARN begins: as that of the value, where it is a whole one."""
    if _ARN.fullmatch(value):
        return ":".join(value.split(":")[:5]) + SERVICES[form][SERVICES[form].index("{Account}") + len("{Account}") :]
    own = {"{Partition}": target.partition, "{Region}": target.region, "{Account}": target.account}
    return re.sub(r"\{\w+\}", lambda match: own[match[0]], SERVICES[form])


FORMS: Mapping[str, Callable[[str, Target], Iterator[str]]] = {
    "bucket": _bucket,
    "group": partial(_iam, "group"),
    "function": _function,
    "key": _key,
    "repository": _repository,
    "listener-rules": _listener_rules,
    "listeners": _listeners,
    "s3-bucket": _s3_bucket,
    "s3-object": _s3_location,
    "profile-roles": _profile_roles,
    "role": partial(_iam, "role"),
    "secret": _secret,
    "user": partial(_iam, "user"),
    "state-machine": _state_machine,
    "web-acl": _web_acl,
}
"""What makes ARNs of a value, by the word behind the ``@`` of a template."""
