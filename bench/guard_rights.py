"""Whether the guard asks the right behind every role and every KMS key that a request can name.

usage: python bench/guard_rights.py [--verbose] [--at-least-roles 531] [--at-least-keys 281]

For each operation that moto implements and that changes something, and for each of its parameters (structures, lists
and maps to a depth of 7) whose name is that of a role or of a KMS key, requests are made as botocore's model wants
them and go through the guard's checks: a role as an ARN, as an ARN with a path, as an instance profile's ARN and inside
a JSON text; a key as an ARN, as an id, as an alias, as an alias's ARN and inside a JSON text (the texts where the
parameter is no enumeration). A parameter is

- asked: every form asks iam:PassRole on that role, or an action of KMS on that key,
- documented: a row of ``roles_not_passed.tsv`` or ``key_uses.tsv`` (of the narrowest rows) says with its source that
  none is asked, or that the role is assumed and not passed,
- neither: nothing is asked, and nothing says why, or the row's source is unverified.

Prints the counts, and for keys how many are asked by the row for services whose documentation names no action. Exit
code 1 where a parameter is neither, or where fewer parameters are found than ``--at-least-…`` (moto or botocore hides
them). Needs the extra ``guard``; no network, and no gate; about a minute.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from moto.core.responses import BaseResponse

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from scopedown.core.tables import read_rows  # noqa: E402
from scopedown.guard.checks import UnmappedError, checks  # noqa: E402
from scopedown.guard.model import ACCOUNT, REGION, Check  # noqa: E402

GUARD = ROOT / "src" / "scopedown" / "guard"
SESSION = botocore.session.get_session()
READS = re.compile(r"Get|List|Describe|Delete|Search|Batch(?:Get|Describe)")
ROLE_MEMBER = re.compile(
    r"(?i)role(?:_?arn)?s?$|rolearn|^role|iamrole|snscallerarn|DeliverLogsPermissionArn|CredentialsArn"
    r"|authorizerCredentials|^credentials$"
)
NO_ROLE_MEMBER = re.compile(r"(?i)session|rolename|roletype|external|roleid|rolelast|principalrole")
KEY_MEMBER = re.compile(r"(?i)kms_?(?:master)?_?key_?(?:id|arn|identifier)?$|^kmskey|encryption_?key(?:_?id|_?arn)?$")
NAMED = "victim-role"
ROLE, KEY_ID = f"arn:aws:iam::{ACCOUNT}:role/{NAMED}", "12345678-1234-1234-1234-123456789012"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{KEY_ID}"
MODULES = {"lambda": "awslambda"}
DEEPEST_PATH, DEEPEST = 7, 6

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """What is audited: the members that hold it, the forms it comes in, the right that is asked, the table of rows."""

    name: str
    is_member: Callable[[str], bool]
    in_lists: re.Pattern[str] | None
    forms: Mapping[str, str]
    is_asked: Callable[[Check], bool]
    table: str


def _asks_role(one: Check) -> bool:
    return one.action == "iam:PassRole" and one.resource.rpartition("/")[2] == NAMED


def _asks_key(one: Check) -> bool:
    return one.action.startswith("kms:")


KINDS = (
    Kind(
        "roles", lambda name: bool(ROLE_MEMBER.search(name)) and not NO_ROLE_MEMBER.search(name),
        re.compile("(?i)role"),
        {
            "ARN": ROLE, "ARN with a path": f"arn:aws:iam::{ACCOUNT}:role/team/{NAMED}",
            "instance profile": f"arn:aws:iam::{ACCOUNT}:instance-profile/{NAMED}", "JSON": json.dumps({"a": [ROLE]}),
        },
        _asks_role, "roles_not_passed.tsv",
    ),
    Kind(
        "keys", lambda name: bool(KEY_MEMBER.search(name)), None,
        {
            "ARN": KEY, "id": KEY_ID, "alias": "alias/victim",
            "alias's ARN": f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/victim", "JSON": json.dumps({"a": [KEY]}),
        },
        _asks_key, "key_uses.tsv",
    ),
)  # fmt: skip


def main() -> int:
    """Audit, print, and answer with the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verbose", action="store_true", help="a line for each parameter that asks nothing")
    parser.add_argument("--at-least-roles", type=int, default=531)
    parser.add_argument("--at-least-keys", type=int, default=281)
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    failed = False
    for kind in KINDS:
        counts, by_form, unverified = Counter[str](), Counter[str](), Counter[str]()
        for service, operation, path, shape in parameters(kind):
            verdict, forms, why = judged(kind, service, operation, path, shape)
            counts[verdict] += 1
            by_form.update(forms)
            if why.startswith("unverified"):
                unverified[service] += 1
            if verdict == "neither" or (given.verbose and verdict != "asked"):
                print(f"{verdict}: {service}.{operation} {'.'.join(map(str, path))}: {why}")
        wanted = given.at_least_roles if kind.name == "roles" else given.at_least_keys
        failed |= counts["neither"] > 0 or counts.total() < wanted
        print(
            f"{kind.name}: {counts.total()} parameters: {counts['asked']} asked, "
            f"{counts['documented']} documented as not asked, {counts['neither']} neither"
        )
        print("  forms: " + ", ".join(f"{name} {number}" for name, number in by_form.items()))
        if unverified:
            print(f"  asked by a row whose source is unverified: {unverified.total()} ({', '.join(unverified)})")
    return int(failed)


def parameters(kind: Kind) -> Iterator[tuple[str, str, Path_, Any]]:
    """The service, the operation, the path to the parameter and the model of the request."""
    for service in SESSION.get_available_services():
        try:
            model = SESSION.get_service_model(service)
        except UnknownServiceError:
            continue
        for operation in model.operation_names:
            shape = model.operation_model(operation).input_shape
            if shape is None or READS.match(operation) or not implemented(service, operation):
                continue
            for path in dict.fromkeys(paths(kind, shape)):
                if len(path) <= DEEPEST_PATH and _is_mapped(service, operation, shape, path):
                    yield service, operation, path, shape


def judged(kind: Kind, service: str, operation: str, path: Path_, shape: Any) -> tuple[str, list[str], str]:
    """The verdict on a parameter, the forms that were asked, and the row's source (or what failed)."""
    asked, failed = list[str](), list[str]()
    for form, value in kind.forms.items():
        if form == "JSON" and _is_enumeration(shape, path):
            continue
        found = checks(service, operation, put(filler(shape), shape, path, value), ACCOUNT, REGION)
        (asked if any(map(kind.is_asked, found)) else failed).append(form)
    row = _row(kind, service, operation, tuple(one for one in path if isinstance(one, str) and one != "k"))
    source = row["source"] if row else ""
    if not failed:
        return "asked", asked, source
    says_none = row is not None and (kind.name == "roles" or row["actions"] == "-")
    if says_none and source and not source.startswith("unverified") and not asked:
        return "documented", asked, source
    return "neither", asked, f"not asked as {', '.join(failed)}" + (f"; {source}" if source else "")


def _row(kind: Kind, service: str, operation: str, members: tuple[str, ...]) -> Mapping[str, str] | None:
    """The narrowest row for a parameter: by service, then by parameter, then by operation."""

    def rank(row: Mapping[str, str]) -> tuple[bool, bool, bool]:
        return row["service"] != "*", row["parameter"] != "*", row["operation"] != "*"

    def concerns(row: Mapping[str, str]) -> bool:
        if row["service"] not in ("*", service) or row["operation"] not in ("*", operation):
            return False
        if row["parameter"].startswith("~"):
            return row["parameter"][1:].lower() in [one.lower() for one in members]
        path = tuple(row["parameter"].split("."))
        return row["parameter"] == "*" or members[: len(path)] == path

    excluded = [row for row in _rows("roles_not_passed.tsv") if concerns(row)]
    fitting = [row for row in _rows(kind.table) if concerns(row)]
    if kind.name == "keys" and excluded:  # what only mentions a key passes as what only mentions a role
        narrowest = max(excluded, key=rank)
        return {**narrowest, "actions": "-"}
    return max(fitting, key=rank, default=None)


@cache
def _rows(table: str) -> list[dict[str, str]]:
    columns = ("service", "operation", "parameter", "actions", "source")
    return list(read_rows(GUARD / table, tuple(one for one in columns if one != "actions" or table == "key_uses.tsv")))


def _is_mapped(service: str, operation: str, shape: Any, path: Path_) -> bool:
    """Whether the guard knows the operation: it refuses what it does not."""
    try:
        checks(service, operation, put(filler(shape), shape, path, ROLE), ACCOUNT, REGION)
    except UnmappedError:
        return False
    return True


def implemented(service: str, operation: str) -> bool:
    """Whether moto answers the operation."""
    try:
        module = importlib.import_module(f"moto.{MODULES.get(service, service.replace('-', ''))}.responses")
    except ImportError:
        return False
    of_module = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, BaseResponse)]
    return any(hasattr(one, xform_name(operation)) for one in of_module)


def paths(kind: Kind, shape: Any, seen: tuple[str, ...] = ()) -> Iterator[Path_]:
    """The ways to every parameter of the kind; ``0`` is a list's entry and ``k`` a map's key."""
    match shape.type_name:
        case "structure" if shape.name not in seen:
            for name, member in shape.members.items():
                if member.type_name == "string" and kind.is_member(name):
                    yield (name,)
                yield from ((name, *rest) for rest in paths(kind, member, (*seen, shape.name)))
        case "list" | "map":
            step: str | int = 0 if shape.type_name == "list" else "k"
            below = shape.member if shape.type_name == "list" else shape.value
            if below.type_name == "string" and kind.in_lists and kind.in_lists.search(shape.name):
                yield (step,)
            yield from ((step, *rest) for rest in paths(kind, below, seen))


def filler(shape: Any, depth: int = 0) -> Any:
    """The least request that the model accepts."""
    deep = depth >= DEEPEST
    match shape.type_name:
        case "structure":
            return {} if deep else {name: filler(shape.members[name], depth + 1) for name in shape.required_members}
        case "list":
            return [] if deep else [filler(shape.member, depth + 1)]
        case "map":
            return {} if deep else {"k": filler(shape.value, depth + 1)}
        case "timestamp":
            return datetime(2026, 1, 1, tzinfo=UTC)
        case other:
            plain = {"boolean": True, "integer": 1, "long": 1, "float": 1.0, "double": 1.0, "blob": b"x"}
            return plain.get(other) or next(iter(getattr(shape, "enum", None) or ()), "own")


def put(value: Any, shape: Any, path: Path_, given: str) -> Any:
    """A request with a value at the end of a path."""
    if not path:
        return given
    first, *rest = path
    if shape.type_name == "structure":
        made = dict(value or filler(shape))
        return made | {first: put(made.get(first), shape.members[first], tuple(rest), given)}
    if shape.type_name == "list":
        return [put(None, shape.member, tuple(rest), given)]
    return {"k": put(None, shape.value, tuple(rest), given)}


def _is_enumeration(shape: Any, path: Path_) -> bool:
    for step in path:
        match shape.type_name:
            case "structure":
                shape = shape.members[step]
            case "list":
                shape = shape.member
            case _:
                shape = shape.value
    return bool(getattr(shape, "enum", None))


if __name__ == "__main__":
    sys.exit(main())
