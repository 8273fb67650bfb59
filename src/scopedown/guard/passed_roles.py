"""The net under the mapping: iam:PassRole for each role that a request names and that nothing else is asked of.

In: a request with the checks that the mapping found. Out: the same checks, and iam:PassRole on each role (or on those
of each instance profile) that the request names anywhere: in its members, in maps, in texts that are JSON or YAML, in
launch templates, launch configurations and task definitions that it names. Services take roles in ways that no table
has in full; a role that is not asked for would be a way to its rights. What a request names without passing it, a
principal or a message, are the rows of ``roles_not_passed.tsv``.

The condition key ``iam:PassedToService`` of such a check is EC2 for an instance, else the service that all of the
catalog's rows for operations of the service name. Where they name several or none it is not set, and a policy that
demands it is not met.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

from scopedown.catalog.load import catalog
from scopedown.core.tables import read_rows
from scopedown.guard.context import ApiCall, check_of
from scopedown.guard.instance_profiles import of_instances, of_task, roles_of_profile
from scopedown.guard.model import Check
from scopedown.guard.named_values import Excluded, texts
from scopedown.permissions.parameter_formats import read_form

PASS_ROLE = "iam:PassRole"
_COLUMNS = ("service", "operation", "parameter", "source")
_ROLE = re.compile(r"(?i:arn:[\w-]+:iam)::(\d{12}):(role|instance-profile)/([\w+=,.@/-]*[\w+=@-])")
_STANDS_FOR = re.compile(r":role/\*$|:instance-profile/")
"""Ends of what a row asks where it takes an instance profile, or nothing, for a role: the net has the roles."""
_READS = re.compile(r"(?:Get|List|Describe|Search|Lookup|Query|Scan|Simulate|Validate|Batch(?:Get|Describe|List))")
_TO_INSTANCES = {"iam:PassedToService": "ec2.amazonaws.com"}
"""https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/permission-to-pass-iam-roles.html"""


def with_passed_roles(found: Sequence[Check], call: ApiCall) -> list[Check]:
    """The checks of a request, and those of the roles that it passes beside what they ask."""
    excluded = left_out(call.service, call.operation)
    if excluded is None:
        return list(found)
    on_instances = dict.fromkeys(of_instances(call))
    of_definition = of_task(call)
    named = dict.fromkeys(_named(call, excluded))
    kept, bare = list(found), replace(call, parameters={})
    if on_instances or of_definition is not None:
        kept = [one for one in found if one.action != PASS_ROLE or not _STANDS_FOR.search(one.resource)]
    given = next((one.context for one in found if one not in kept), {})
    passed_to = {name: value for name, value in given.items() if name == "iam:PassedToService"}
    asked = {one.resource for one in kept if one.action.startswith(("iam:", "sts:"))}
    of_service = _passed_to(call.service)
    for arns, more in ((on_instances, _TO_INSTANCES), (of_definition or (), passed_to), (named, of_service)):
        for arn in arns:
            if arn not in asked:
                asked.add(arn)
                kept.append(check_of(bare, PASS_ROLE, arn, more))
    return kept


def _named(call: ApiCall, excluded: Excluded) -> Iterator[str]:
    """The roles that the texts of a request name."""
    for one in texts(call, excluded):
        for owner, kind, name in _ROLE.findall(one.text) if "iam" in one.text.lower() else ():
            if kind == "role":
                yield f"arn:aws:iam::{owner}:role/{name}"
            else:
                yield from roles_of_profile(f"arn:aws:iam::{owner}:instance-profile/{name}", call.account)


@lru_cache(512)
def _passed_to(service: str) -> Mapping[str, str]:
    """The only service to which rows of the catalog pass a service's roles."""
    forms = (
        read_form(row.form)
        for operation in catalog().operations_of(service)
        for row in operation.resources
        if row.action == PASS_ROLE
    )
    found = {form.passed_to for form in forms if form.passed_to}
    return {"iam:PassedToService": found.pop()[0]} if len(found) == 1 else {}


@lru_cache(4096)
def left_out(service: str, operation: str) -> Excluded | None:
    """What of an operation's parameters passes no role; None where the whole request does not."""
    if _only_reads(service, operation):
        return None
    rows = [
        parameter
        for of_service in ("*", service)
        for of_operation in ("*", operation)
        for parameter in _rows().get((of_service, of_operation), ())
    ]
    if "*" in rows:
        return None
    names = frozenset(row[1:].lower() for row in rows if row.startswith("~"))
    return Excluded(frozenset(tuple(row.split(".")) for row in rows if not row.startswith("~")), names)


@cache
def _rows() -> Mapping[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for row in read_rows(Path(__file__).with_name("roles_not_passed.tsv"), _COLUMNS):
        found.setdefault((row["service"], row["operation"]), []).append(row["parameter"])
    return found


def _only_reads(service: str, operation: str) -> bool:
    """Whether an operation only reads, by its name and by all of its actions: then it hands a role to nobody."""
    known = catalog().operation(service, operation)
    if known is None or not known.actions or not _READS.match(operation):
        return known is None or not known.authorised
    actions = [catalog().action(one.action) for one in known.actions if one.action != PASS_ROLE]
    return all(one is not None and one.access_level in ("Read", "List") for one in actions)
