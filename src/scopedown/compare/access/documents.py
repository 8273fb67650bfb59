"""Policies from files: a document, a set of policies with boundary and SCPs, or a folder of a role's policies.

A document may stand in the output of the AWS CLI (``get-policy-version``, ``get-role-policy``, ``get-bucket-policy``,
``get-role``); it is taken out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scopedown.compare.access.model import Subject
from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.documents.document import parse_yaml
from scopedown.iam.cases import read_policies
from scopedown.iam.document import Kind, Policy
from scopedown.iam.parse import parse_policy
from scopedown.iam.policyset import PolicySet
from scopedown.iam.request import Caller, Request

_SET = frozenset({"identity", "boundary", "session", "resource", "scp"})
"""The parts of a set, as docs/cases.md has them."""
_SUFFIXES = (".json", ".yaml", ".yml")
STDIN = "-"


def read_subjects(path: str, kind: Kind | None = None) -> list[Subject]:
    """The policies that a path holds: one subject, or two where a set has a resource's policy.

    ``kind`` says what a document is; else a Principal makes it a resource's policy, or a role's trust policy where it
    is about sts alone. Raises ScopedownError for what is none.
    """
    where = Path(path)
    if path != STDIN and where.is_dir():
        files = sorted(one for one in where.iterdir() if one.suffix in _SUFFIXES and one.is_file())
        if not files:
            raise ScopedownError(f"{path} holds no policy", None, "name a file, or a folder of JSON or YAML policies")
        policies = tuple(_document(_read(str(one)), str(one), kind) for one in files)
        return [_of_documents(path, policies)]
    data = _read(path)
    name = "standard input" if path == STDIN else path
    if isinstance(data, Mapping) and "Statement" not in data and _SET & data.keys():
        return _of_set(data, name)
    return [_of_documents(name, (_document(data, name, kind),))]


def _read(path: str) -> bytes | Mapping[str, Any]:
    """A file's JSON as it is, so that errors have a place, or YAML's tree."""
    try:
        data = sys.stdin.buffer.read() if path == STDIN else Path(path).read_bytes()
    except FileNotFoundError:
        raise ScopedownError(f"{path} does not exist", None, "name a policy document or a project's folder") from None
    if path.endswith((".yaml", ".yml")):
        text = data.decode("utf-8", "replace")
        tree = parse_yaml(text, path).tree
        return _inner(tree) if isinstance(tree, Mapping) else data
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return data  # the reader of policies says where it is wrong
    if isinstance(found, Mapping) and "Statement" not in found:
        inner = _inner(found)
        return inner if inner is not found else (found if _SET & found.keys() else data)
    return data


def _inner(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document in an answer of AWS's, or what was given."""
    for *outer, name in (
        ("PolicyVersion", "Document"), ("PolicyDocument",), ("Role", "AssumeRolePolicyDocument"), ("Policy",),
        ("ResourcePolicy",), ("Policies",),
    ):  # fmt: skip
        found: Any = data
        for step in (*outer, name):
            found = found.get(step) if isinstance(found, Mapping) else None
        if isinstance(found, str):
            try:
                found = json.loads(found)
            except (ValueError, RecursionError):
                continue
        if isinstance(found, Mapping) and "Statement" in found:
            return found
    return data


def _document(data: bytes | Mapping[str, Any], name: str, kind: Kind | None) -> Policy:
    return parse_policy(data, kind or kind_of(data), name=name)


def kind_of(data: object) -> Kind:
    """What a document is: with a Principal a resource's policy, a role's trust policy where all its actions are of sts
    and it names no resource; else an identity policy."""
    if isinstance(data, bytes):
        try:
            data = json.loads(data)
        except (ValueError, RecursionError):
            return Kind.IDENTITY
    written = data.get("Statement") if isinstance(data, Mapping) else None
    statements = [one for one in (written if isinstance(written, list) else [written]) if isinstance(one, Mapping)]
    if not any("Principal" in one or "NotPrincipal" in one for one in statements):
        return Kind.IDENTITY
    actions = [action for one in statements for action in _listed(one.get("Action", one.get("NotAction")))]
    of_sts = actions and all(str(action).lower().startswith("sts:") for action in actions)
    with_resource = any("Resource" in one or "NotResource" in one for one in statements)
    return Kind.TRUST if of_sts and not with_resource else Kind.RESOURCE


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _of_documents(name: str, policies: tuple[Policy, ...]) -> Subject:
    kinds = {policy.kind.has_principal for policy in policies}
    if len(kinds) > 1:
        raise ScopedownError(
            f"{name} holds policies of a role and of resources", Place(name), "compare the policies of a resource alone"
        )
    return Subject(name, policies[0].kind, (policies,))


def _of_set(data: Mapping[str, Any], name: str) -> list[Subject]:
    unknown = data.keys() - _SET - {"groups", "name"}
    if unknown:
        raise ScopedownError(
            f"a set of policies has no {min(unknown)!r}", Place(name), f"it has {', '.join(sorted(_SET))}"
        )
    policies = read_policies(data, Request(Caller.anonymous(), "s3:GetObject"))
    found = [Subject(name, Kind.IDENTITY, layers_of(policies))]
    if policies.resource is not None:
        found.append(Subject(f"{name}, resource policy", policies.resource.kind, ((policies.resource,),)))
        if not data.keys() - {"resource", "name"}:
            return found[1:]
    return found


def layers_of(policies: PolicySet) -> tuple[tuple[Policy, ...], ...]:
    """The layers of a set that must each allow: identity, boundary, session and every level of SCPs."""
    more: list[tuple[Policy, ...]] = []
    if policies.boundary:
        more.append(policies.boundary)
    if policies.session is not None:
        more.append(policies.session)
    return (policies.identity, *more, *policies.scp)
