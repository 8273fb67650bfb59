"""The key behind a declared resource: who reads or writes what a customer's KMS key encrypts needs that key as well.

Services ask KMS as their caller; a resource that is encrypted with a key of AWS's (``alias/aws/…``, or none given)
asks nothing of the caller's policies. Comes in: permissions that are bound to the project's resources; goes out: those
on the keys that their resources are declared with, for the same reasons.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from scopedown.calls.model import SdkCall
from scopedown.core.text import ANY, AnyText, Att, Ref, Text, Unknown
from scopedown.core.text_slicing import is_arn, split, starts
from scopedown.permissions.arn_parts import Conditions
from scopedown.permissions.model import RequiredPermission
from scopedown.permissions.parameter_formats import PSEUDO
from scopedown.permissions.resources import assess
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import Project, Tree

_READ = ("kms:Decrypt",)
_WRITE = ("kms:GenerateDataKey",)
_BOTH = ("kms:Decrypt", "kms:GenerateDataKey")


@dataclass(frozen=True, slots=True)
class Encrypted:
    """Where a type's key stands (a path; ``[]``: any element), and which actions need which of the key."""

    key: str
    needs: Mapping[str, tuple[str, ...]]
    source: str


@cache
def encrypted() -> Mapping[str, Encrypted]:
    """The types of ``encryption.toml``."""
    written = tomllib.loads(Path(__file__).with_name("encryption.toml").read_text("utf-8"))
    kinds = {"read": _READ, "write": _WRITE, "both": _BOTH}
    return {
        type: Encrypted(
            one["key"], {action: needs for kind, needs in kinds.items() for action in one.get(kind, ())}, one["source"]
        )
        for type, one in written.items()
    }


_PARTS = frozenset({"CompleteMultipartUpload", "CreateMultipartUpload", "UploadPart", "UploadPartCopy"})
"""Parts of an upload are read again when it is put together: they need the key for both
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html, "Multipart upload with encryption")."""

_NOTHING_READ = frozenset({"GetObjectAttributes", "HeadObject"})
"""Operations of s3:GetObject that read no content
(https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html: the key only for a checksum)."""


@cache
def of_operation(action: str, operation: str) -> tuple[str, ...]:
    """What an operation needs of the customer's key of a resource for which it needs an action.

    >>> of_operation("sqs:SendMessage", "SendMessageBatch")
    ('kms:Decrypt', 'kms:GenerateDataKey')
    """
    if operation in _NOTHING_READ:
        return ()
    needs = next((known.needs[action] for known in encrypted().values() if action in known.needs), ())
    return _BOTH if operation in _PARTS and needs == _WRITE else needs


def key_permissions(permissions: Iterable[RequiredPermission], project: Project) -> Iterator[RequiredPermission]:
    """What ``permissions`` need of the customer's keys that the project declares their resources with."""
    scope = Scope.of(project)
    for permission in permissions:
        for id in _declared_in(permission):
            resource = project.resource(id)
            known = encrypted().get(resource.type) if resource is not None else None
            if resource is None or known is None or permission.action not in known.needs:
                continue
            reading = [reason for reason in permission.because if _touches_content(reason)]
            for key in dict.fromkeys(_keys(resource.properties, known.key.split("."), scope)):
                arn, conditions = _on_key(key, project, scope)
                acted_on = (assess(arn.replace(project.given_for), ()),)
                for action in _of_key(known.needs[permission.action], reading) if reading else ():
                    yield RequiredPermission(action, acted_on, tuple(reading), permission.origin, conditions)


_SECURE: Final = {
    **dict.fromkeys(
        ("ssm:GetParameter", "ssm:GetParameterHistory", "ssm:GetParameters", "ssm:GetParametersByPath"), _READ
    ),
    "ssm:PutParameter": ("kms:Encrypt", "kms:GenerateDataKey"),
}
"""What a parameter of the type SecureString asks of its key
(https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html)."""


def unknown_keys(permissions: Iterable[RequiredPermission], project: Project) -> Iterator[tuple[str, str]]:
    """What permissions may need of keys that nobody can know: those of resources that the project does not declare, or
    that the code does not name. Each with a clause about the resource."""
    for permission in permissions:
        needs = {action for known in encrypted().values() for action in known.needs.get(permission.action, ())}
        if any(map(_decrypts, permission.because)):
            needs |= {*_SECURE.get(permission.action, ())}
        if not needs or not any(map(_touches_content, permission.because)):
            continue
        for resource in permission.resources:
            part = next((part for part in resource.arn.parts if isinstance(part, Ref | Att)), None)
            if part is None or project.resource(part.id) is None:
                what = f"{permission.action} on {resource.arn} may need the key of a resource that is not declared here"
                yield from ((action, what) for action in sorted(needs))


def _decrypts(reason: object) -> bool:
    """Whether a call for a parameter may be for its decrypted value."""
    if not isinstance(reason, SdkCall):
        return False
    return reason.operation == "PutParameter" or reason.arguments.get("WithDecryption", False) is not False


def read_back(permissions: Iterable[RequiredPermission]) -> Iterator[RequiredPermission]:
    """What is read of a bucket to which the same function writes with a key that the call names needs that key
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html)."""
    found = list(permissions)
    calls = [
        (reason, permission)
        for permission in found
        for reason in permission.because
        if isinstance(reason, SdkCall) and reason.service == "s3"
    ]
    with_key = {id(call): one for call, one in calls if one.action == "kms:GenerateDataKey"}
    keys: dict[Text, list[RequiredPermission]] = {}
    for call, one in calls:
        if one.action == "s3:PutObject" and id(call) in with_key:
            for bucket in _buckets(one):
                keys.setdefault(bucket, []).append(with_key[id(call)])
    for call, one in calls:
        if one.action in ("s3:GetObject", "s3:GetObjectVersion") and call.operation not in _NOTHING_READ:
            for bucket in _buckets(one):
                for key in keys.get(bucket, ()):
                    yield RequiredPermission("kms:Decrypt", key.resources, (call,), one.origin, key.conditions)


def _buckets(permission: RequiredPermission) -> Iterator[Text]:
    """The buckets of the objects that a permission is on, where they are known whole."""
    for resource in permission.resources:
        bucket = split(resource.arn, "/", 1)[0]
        if not bucket.has(Unknown, AnyText):
            yield bucket


def _declared_in(permission: RequiredPermission) -> Iterator[str]:
    """The ids of the declared resources that a permission's ARNs begin with."""
    ids = (
        next((part.id for part in resource.arn.parts if isinstance(part, Ref | Att)), None)
        for resource in permission.resources
    )
    yield from dict.fromkeys(id for id in ids if id is not None)


def _touches_content(reason: object) -> bool:
    return not (isinstance(reason, SdkCall) and reason.service == "s3" and reason.operation in _NOTHING_READ)


def _of_key(actions: tuple[str, ...], reasons: Iterable[object]) -> tuple[str, ...]:
    calls = [reason for reason in reasons if isinstance(reason, SdkCall) and reason.service == "s3"]
    parts = any(call.operation in _PARTS or "$parts" in call.arguments for call in calls)
    return _BOTH if parts and actions == _WRITE else actions


def _keys(tree: Tree | None, steps: list[str], scope: Scope) -> Iterator[Text]:
    """The customer's keys at a path of a resource's properties."""
    if tree is None:
        return
    if isinstance(tree, list | tuple):
        for item in tree:
            yield from _keys(item, steps, scope)
    elif not steps:
        key = to_text(tree, scope)
        if key.parts and not starts(key, "alias/aws/") and ":alias/aws/" not in str(key):
            yield key
    elif isinstance(tree, Mapping):
        yield from _keys(tree.get(steps[0].removesuffix("[]")), steps[1:], scope)


def _on_key(key: Text, project: Project, scope: Scope) -> tuple[Text, Conditions]:
    """The ARN of a key that is given by its id, its ARN, a reference, or an alias: an alias that the project does not
    declare leaves any key that bears it (https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html)."""
    head = Text.of("arn:", PSEUDO["Partition"], ":kms:", PSEUDO["Region"], ":", PSEUDO["Account"], ":key/")
    key = _behind_alias(key, project, scope)
    match key.parts:
        case (Ref(id),) | (Att(id, "KeyId"),) if project.resource(id) is not None:
            return Text.of(Att(id, "Arn")), {}
        case _ if is_arn(key):
            return key, {}
        case _ if (alias := key.literal) is not None and alias.startswith("alias/"):
            return Text.of(head, ANY), {"ForAnyValue:StringEquals": {"kms:ResourceAliases": (alias,)}}
        case _:
            return Text.of(head, key), {}


def _behind_alias(key: Text, project: Project, scope: Scope) -> Text:
    """The key that a declared alias points to; what is no declared alias stays."""
    for resource in project.of_type("AWS::KMS::Alias"):
        if "TargetKeyId" in resource.properties:
            name = to_text(resource.properties.get("AliasName"), scope)
            if key == name or key.parts == (Ref(resource.logical_id),):
                return to_text(resource.properties["TargetKeyId"], scope)
    return key
