"""Cases of decisions, one JSON object a line: a request, the policies, and what it must come to.

The shape is written down in docs/cases.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scopedown.core.place import Place
from scopedown.iam.decision import Decision
from scopedown.iam.document import Kind, Policy
from scopedown.iam.errors import RequestError
from scopedown.iam.evaluation import evaluate
from scopedown.iam.parse import parse_policy
from scopedown.iam.policyset import Level, PolicySet, Value
from scopedown.iam.request import Caller, Request
from scopedown.iam.services import resource_policy_decides

WORDS: dict[Value, str] = {"allowed": "Allowed", "implicitDeny": "ImplicitlyDenied", "explicitDeny": "ExplicitlyDenied"}
"""The words of the case files for a decision's values."""

_REQUEST = frozenset({
    "principal", "action", "resource", "resource_account", "context", "principal_tags", "resource_tags", "groups",
    "role_arn", "provider", "unique_id", "canonical_id", "service_linked_role", "aws_managed_key",
})  # fmt: skip
SET_KEYS = frozenset({"identity", "groups", "boundary", "session", "resource", "scp", "rcp", "vpce"})
"""The parts of a set of policies, as docs/cases.md has them."""
_POLICIES = SET_KEYS | {"management_account", "rcp_services"}
_LEVEL = frozenset({"level", "policies"})

_VALUES: dict[str, Value] = {word: value for value, word in WORDS.items()} | {value: value for value in WORDS}


@dataclass(frozen=True, slots=True)
class Case:
    """One case; ``expected`` is a decision's value."""

    id: str
    request: Request
    policies: PolicySet
    expected: Value

    def decide(self) -> Decision:
        """The decision that the case's policies give."""
        return evaluate(self.request, self.policies)


def case_objects(text: str, file: str = "") -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """The objects of a file of cases, one a line; empty lines and lines that begin with ``//`` are passed over.

    Raises :class:`~scopedown.iam.errors.RequestError` with the line where one is not a JSON object.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("//"):
            continue
        place = Place(file, number)
        try:
            data = json.loads(line, object_pairs_hook=without_repeats)
        except RequestError as error:
            raise RequestError(error.message, place, error.remedy) from None
        except (ValueError, RecursionError) as error:
            raise RequestError(f"the case is not JSON: {error}", place) from None
        if not isinstance(data, dict):
            raise RequestError("a case must be a JSON object", place)
        yield place, data


def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object for ``json.loads``. Raises RequestError where it has a key twice, of which one would be lost."""
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise RequestError(f"the key {twice!r} is written twice", remedy="write each key once")
    return found


def known_members(data: Mapping[str, Any], known: frozenset[str], name: str) -> None:
    """Raises RequestError for a member that nothing reads."""
    if unknown := sorted(str(key) for key in data.keys() - known):
        raise RequestError(f"{name} has no {unknown[0]!r}", remedy=f"it has {', '.join(sorted(known))}")


def read_case(data: object) -> Case:
    """One case from its JSON object."""
    case = _object(data, "a case")
    asked, given = _object(case.get("request"), "request"), _object(case.get("policies", {}), "policies")
    known_members(asked, _REQUEST, "request")
    known_members(given, _POLICIES, "policies")
    request = read_request(asked)
    policies = read_policies(given, request)
    return Case(str(case.get("id", "")), request, policies, read_expected(case.get("expected")))


def read_expected(word: object) -> Value:
    """A decision's value from a case's word for it (or the value itself)."""
    expected = _VALUES.get(str(word))
    if expected is None:
        raise RequestError(f"expected must be one of {', '.join(WORDS.values())}, not {word!r}")
    return expected


def _object(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise RequestError(f"{name} must be an object")
    return value


def _text(data: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = data.get(name, default)
    if not isinstance(value, str):
        raise RequestError(f"request.{name} must be text")
    return value


def _optional(data: Mapping[str, Any], name: str) -> str | None:
    return _text(data, name) if data.get(name) is not None else None


def _tags(data: Mapping[str, Any], name: str) -> dict[str, str]:
    tags = _object(data.get(name) or {}, f"request.{name}")
    if not all(isinstance(value, str) for value in tags.values()):
        raise RequestError(f"request.{name} must map tags to text")
    return dict(tags)


def read_request(data: Mapping[str, Any]) -> Request:
    """A request from its object: principal, action, resource, resource_account, context and what docs/cases.md adds."""
    caller = Caller.of("*" if data.get("principal") is None else _text(data, "principal"))
    groups = data.get("groups") or ()
    if isinstance(groups, str) or not isinstance(groups, Sequence):
        raise RequestError("request.groups must be a list")
    caller = replace(
        caller,
        role_arn=_optional(data, "role_arn") or caller.role_arn,
        provider=_optional(data, "provider") or caller.provider,
        unique_id=_optional(data, "unique_id"),
        canonical_id=_optional(data, "canonical_id"),
        service_linked=caller.service_linked or data.get("service_linked_role") is True,
        groups=tuple(str(group) for group in groups),
        tags=tuple(_tags(data, "principal_tags").items()),
    )
    return Request(
        caller,
        _text(data, "action"),
        _text(data, "resource", "*"),
        _optional(data, "resource_account"),
        _object(data.get("context") or {}, "request.context"),
        _tags(data, "resource_tags"),
        data.get("aws_managed_key") is True,
    )


def read_policies(data: Mapping[str, Any], request: Request) -> PolicySet:
    """The policies of a case; ``groups`` maps a group to its policies, of which the caller's count as its own."""
    session = _documents(data, "session", Kind.SESSION)
    identity = _documents(data, "identity", Kind.IDENTITY)
    groups = _object(data.get("groups") or {}, "policies.groups")
    for group in request.caller.groups:
        identity += _documents(groups, group, Kind.IDENTITY)
    resource = data.get("resource")
    vpce = data.get("vpce")
    management = data.get("management_account")
    if management is not None and not isinstance(management, str):
        raise RequestError("policies.management_account must be text")
    policies = PolicySet(
        identity=identity,
        boundary=_documents(data, "boundary", Kind.BOUNDARY),
        session=session if data.get("session") is not None else None,
        resource=None if resource is None else _resource_policy(resource, request),
        scp=_levels(data, "scp", Kind.SCP),
        rcp=_levels(data, "rcp", Kind.RCP),
        vpce=None if vpce is None else parse_policy(_object(vpce, "vpce"), Kind.VPCE, name="vpce"),
        management_account=management,
    )
    if (services := data.get("rcp_services")) is not None:
        if not isinstance(services, list):
            raise RequestError("policies.rcp_services must be a list")
        policies = replace(policies, rcp_services=frozenset(str(service) for service in services))
    return policies


def _resource_policy(document: object, request: Request) -> Policy:
    """The policy of a role is a trust policy, which has no Resource; every other is read as a resource policy."""
    trust = request.lower_action.startswith("sts:") and resource_policy_decides(request.lower_action, request.resource)
    return parse_policy(_object(document, "resource"), Kind.TRUST if trust else Kind.RESOURCE, name="resource")


def _documents(data: Mapping[str, Any], name: str, kind: Kind) -> Level:
    """One document or a list of them."""
    value = data.get(name)
    if value is None:
        return ()
    documents = value if isinstance(value, list) else [value]
    return tuple(
        parse_policy(_object(one, f"{name}[{at}]"), kind, name=f"{name}[{at}]" if len(documents) > 1 else name)
        for at, one in enumerate(documents)
    )


def _levels(data: Mapping[str, Any], name: str, kind: Kind) -> tuple[Level, ...]:
    levels = data.get(name) or []
    if not isinstance(levels, list):
        raise RequestError(f"policies.{name} must be a list of levels")
    out: list[Level] = []
    for at, level in enumerate(levels):
        entry = _object(level, f"{name}[{at}]")
        known_members(entry, _LEVEL, f"{name}[{at}]")
        documents = entry.get("policies", [])
        if not isinstance(documents, list):
            raise RequestError(f"policies.{name}[{at}].policies must be a list")
        label = f"{name}[{entry.get('level', at)}]"
        out.append(
            tuple(parse_policy(_object(one, label), kind, name=f"{label}[{n}]") for n, one in enumerate(documents))
        )
    return tuple(out)
