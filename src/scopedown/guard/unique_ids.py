"""Principals of stored policies are bound to unique ids: another user or role of the same name is not meant.

AWS keeps the id of each user and role that a policy names, and shows the id in the ARN's place once it is deleted
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html). moto keeps the text; so
when a user or a role is deleted, or a user renamed, the policies that name it are rewritten: trust policies of roles in
every account, and the policies of buckets, queues, topics, keys and secrets.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from moto.backends import get_backend
from moto.iam.models import IAMBackend, iam_backends

Replace = Callable[[str], str]


def bind_principals() -> None:
    """Replace moto's deletions of users and roles, and renaming of users, once for this process."""
    for name, holders in (("delete_user", "users"), ("delete_role", "roles"), ("update_user", "users")):
        original = getattr(IAMBackend, name)
        if not hasattr(original, "__wrapped__"):
            setattr(IAMBackend, name, wraps(original)(_rebinding(original, holders)))


def _rebinding(original: Callable[..., Any], holders: str) -> Callable[..., Any]:
    def change(backend: IAMBackend, name: str, *given: Any, **named: Any) -> Any:
        found = next((one for one in list(getattr(backend, holders).values()) if one.name == name), None)
        before = "" if found is None else str(found.arn)
        answer = original(backend, name, *given, **named)
        if found is not None:
            is_there = any(one is found for one in list(getattr(backend, holders).values()))
            after = str(found.arn) if is_there else _id(str(found.id))
            for key in list(getattr(found, "access_keys", ())):
                key.user_name = found.name  # a renamed user keeps its keys; moto finds their user by this name
            if after != before:
                _rewrite(before, after)
        return answer

    return change


def _id(id: str) -> str:
    """A unique id in AWS's form: moto gives users others
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes)."""
    return id if id.startswith("AROA") else f"AIDA{id.upper()}"


def _rewrite(arn: str, by: str) -> None:
    """Put an id, or another ARN, in the place of an ARN (of a role's sessions as well) in every policy's principals."""
    fields = arn.split(":")
    sessions = f"arn:{fields[1]}:sts::{fields[4]}:assumed-role/{arn.rpartition('/')[2]}/" if ":role/" in arn else ""

    def replaced(value: str) -> str:
        if value == arn:
            return by
        return f"{by}:{value.removeprefix(sessions)}" if sessions and value.startswith(sessions) else value

    for holder, attribute in _holders():
        text = getattr(holder, attribute)
        written = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        if not isinstance(written, str) or (arn not in written and not (sessions and sessions in written)):
            continue
        try:
            changed = json.dumps(_with_principals(json.loads(written), replaced))
        except ValueError:
            continue
        setattr(holder, attribute, changed.encode() if isinstance(text, bytes) else changed)


def _holders() -> Iterator[tuple[Any, str]]:
    """What has a policy, and the name of the attribute that keeps it."""
    for partitions in list(iam_backends.values()):
        for backend in list(partitions.values()):
            yield from ((role, "assume_role_policy_document") for role in list(backend.roles.values()))
    for service, holders in _KEPT.items():
        for regions in list(get_backend(service).values()):  # type: ignore[call-overload]
            for backend in list(regions.values()):
                yield from ((one, "policy") for one in list(getattr(backend, holders).values()))


_KEPT = {"kms": "keys", "s3": "buckets", "secretsmanager": "secrets", "sns": "topics", "sqs": "queues"}
"""moto's services, and where each keeps what has a policy."""


def _with_principals(document: Any, replaced: Replace) -> Any:
    """A policy whose principals are changed."""
    statements = document.get("Statement") if isinstance(document, dict) else None
    for statement in statements if isinstance(statements, list) else [statements]:
        for name in ("Principal", "NotPrincipal"):
            named = statement.get(name) if isinstance(statement, dict) else None
            if isinstance(named, dict) and "AWS" in named:
                values = named["AWS"]
                named["AWS"] = [replaced(one) for one in values] if isinstance(values, list) else replaced(values)
    return document
