"""The net for keys: the actions of KMS that a service asks of its caller for each customer's key that a request names.

In: a request with the checks that the mapping found. Out: further checks, on the keys that the request names (in a
member named like a KMS key, or by an ARN anywhere) and of which no check is yet. Which actions a service asks are the
rows of ``key_uses.tsv``. A key of AWS's asks nothing; what only mentions a key passes as what only mentions a role
(``roles_not_passed.tsv``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from scopedown.catalog.load import catalog
from scopedown.core.tables import typed_rows
from scopedown.guard.context import ApiCall, check_of
from scopedown.guard.encryption_keys import customers_key
from scopedown.guard.model import Check
from scopedown.guard.named_values import Named, texts
from scopedown.guard.passed_roles import left_out

_COLUMNS = ("service", "operation", "parameter", "actions", "source")
_ARN = re.compile(r"arn:[\w-]+:kms:[\w-]*:\d{12}:(?:key/[\w-]+|alias/[\w/:-]+)")
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
        for named in _names(one):
            key = customers_key(named, call.account, call.region)
            if key is None or key in asked:
                continue
            for action in _actions(call.service, call.operation, one.members):
                if (action, key) not in done:
                    done.add((action, key))
                    yield check_of(bare, action, key, more)


def _names(one: Named) -> list[str]:
    """The keys that a text names: by ARNs anywhere, by any text where a member is named like a key of KMS, and by an id
    or an alias where the members are of a key and of encryption (``EncryptionConfiguration.KeyId``)."""
    if ":kms:" in one.text and (found := _ARN.findall(one.text)):
        return found
    if not one.members:
        return []
    if _MEMBER.search(one.members[-1]):
        return [one.text]
    members = ".".join(one.members) if _ID.fullmatch(one.text) else ""
    return [one.text] if _OF_KEYS.search(members) and _OF_ENCRYPTION.search(members) else []


@lru_cache(4096)
def _actions(service: str, operation: str, members: tuple[str, ...]) -> tuple[str, ...]:
    """The actions of the narrowest row for a value at a place of a request."""
    rows = (
        row
        for of_service in ("*", service)
        for of_operation in ("*", operation)
        for row in _rows().get((of_service, of_operation), ())
        if row.concerns(members)
    )
    return max(rows, key=lambda row: row.rank).actions


@cache
def _rows() -> Mapping[tuple[str, str], list[_Use]]:
    found: dict[tuple[str, str], list[_Use]] = {}
    for key, row in typed_rows(Path(__file__).with_name("key_uses.tsv"), _use, _COLUMNS):
        found.setdefault(key, []).append(row)
    return found


def _use(cells: Mapping[str, str]) -> tuple[tuple[str, str], _Use]:
    actions = () if cells["actions"] == "-" else tuple(f"kms:{one}" for one in cells["actions"].split(","))
    rank = (cells["service"] != "*", cells["operation"] != "*", cells["parameter"] != "*")
    order = (int(rank[0]), int(rank[2]), int(rank[1]))
    return (cells["service"], cells["operation"]), _Use(cells["parameter"], actions, order)
