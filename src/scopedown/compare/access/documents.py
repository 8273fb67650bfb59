"""Policies from files: a document, a set of policies with boundary and SCPs, or a folder of a role's policies.

A document may stand in the output of the AWS CLI (``get-policy-version``, ``get-role-policy``, ``get-bucket-policy``,
``get-role``); it is taken out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from scopedown.compare.access.model import Subject
from scopedown.compare.access.sets import subjects_of_set
from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.documents.document import parse_yaml
from scopedown.iam.cases import SET_KEYS
from scopedown.iam.document import Kind, Policy
from scopedown.iam.newaccess.verify import limits_alone
from scopedown.iam.parse import parse_policy

_SUFFIXES = (".json", ".yaml", ".yml")
STDIN = "-"


def read_subjects(path: str, kind: Kind | None = None) -> list[Subject]:
    """The policies that a path holds: one subject, or two where a set has a resource's policy.

    ``kind`` says what a document is; else a Principal makes it a resource's policy, or a role's trust policy where it
    is about sts alone. Raises ScopedownError for what is none.
    """
    where = Path(path)
    if path != STDIN and where.is_dir():
        files = _policies_in(where)
        if not files:
            raise ScopedownError(f"{path} holds no policy", None, "name a file, or a folder of JSON or YAML policies")
        policies = tuple(_document(_read(str(one)), str(one), kind) for one in files)
        return [_of_documents(path, policies, str(files[0]))]
    data = _read(path)
    name = "standard input" if path == STDIN else path
    if isinstance(data, Mapping) and "Statement" not in data and SET_KEYS & data.keys():
        return [replace(one, file=path) for one in subjects_of_set(data, name)]
    return [_of_documents(name, (_document(data, name, kind),), path)]


def _policies_in(folder: Path) -> list[Path]:
    """The policies of a folder. Raises ScopedownError for what may be one and is not read; hidden files and Markdown
    are none."""
    there = sorted(one for one in folder.iterdir() if not one.name.startswith(".") and one.suffix.lower() != ".md")
    for one in there:
        if one.is_dir() or one.suffix.lower() not in _SUFFIXES:
            what = "is a folder in a folder of policies" if one.is_dir() else "is not a JSON or YAML file"
            raise ScopedownError(
                f"{one.as_posix()} {what}", Place(one.as_posix()), "move it away, or write its policies as .json"
            )
    return there


class _Repeated(dict[str, Any]):
    """A JSON object that has a key twice."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Repeated(found)


def _read(path: str) -> bytes | Mapping[str, Any]:
    """A file's JSON as it is, so that errors have a place, or YAML's tree."""
    try:
        data = sys.stdin.buffer.read() if path == STDIN else Path(path).read_bytes()
    except FileNotFoundError:
        raise ScopedownError(f"{path} does not exist", None, "name a policy document or a project's folder") from None
    if path.lower().endswith((".yaml", ".yml")):
        text = data.decode("utf-8", "replace")
        tree = parse_yaml(text, path).tree
        return _inner(tree) if isinstance(tree, Mapping) else data
    try:
        found = json.loads(data, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        return data  # the reader of policies says where it is wrong
    if isinstance(found, Mapping) and "Statement" not in found:
        if isinstance(found, _Repeated):
            raise ScopedownError(f"{path} has a key twice", Place(path), "write each key once")
        inner = _inner(found)
        return inner if inner is not found else (found if SET_KEYS & found.keys() else data)
    return data


def _inner(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document in an answer of AWS's, or what was given. Raises ScopedownError where there are several."""
    inside: list[Mapping[str, Any]] = []
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
            inside.append(found)
    if len(inside) > 1:
        raise ScopedownError("an answer of AWS's has several policies", None, "give each policy in a separate file")
    return inside[0] if inside else data


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


def _of_documents(name: str, policies: tuple[Policy, ...], file: str) -> Subject:
    kinds = {policy.kind.has_principal for policy in policies}
    if len(kinds) > 1:
        raise ScopedownError(
            f"{name} holds policies of a role and of resources", Place(name), "compare the policies of a resource alone"
        )
    kind = policies[0].kind
    if any((policy.kind is Kind.RCP) is not (kind is Kind.RCP) for policy in policies):
        raise ScopedownError(
            f"{name} holds RCPs and other policies", Place(name), "write them as a set: docs/compare.md"
        )
    return Subject(name, kind, (limits_alone(kind, policies),), file=file)


def limited(subject: Subject, kind: Kind, limits: tuple[Policy, ...]) -> Subject:
    """A subject with further limits of one kind. Raises ScopedownError where they do not limit it."""
    first, *more = subject.layers
    if kind is Kind.RCP and subject.kind is not Kind.RCP:
        own, *others = subject.limits
        return replace(subject, layers=((*first, *limits), *more), limits=((*own, *limits), *others))
    if subject.kind.has_principal:
        raise ScopedownError(f"--{kind} limits roles, and {subject.name} is a {subject.kind.words} policy")
    further = limits_alone(kind, limits)
    return replace(subject, layers=(*subject.layers, further), limits=(*subject.limits, further))
