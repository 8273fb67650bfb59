"""Reading a resource as the read handler of its type does: for drift, for imports, and for Cloud Control.

In: a type and the resource's id, in whose name. Out: its properties as they are now. Before anything is read, the
caller must be allowed what the type's read handler calls (the registry's schemas, which the catalog has): operations
that are carried out here on what they name, the handler's other actions of the same service on the resource. What a
handler may call besides (a key's kms:Decrypt, another service) depends on what the resource has, and is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from scopedown.catalog.load import catalog
from scopedown.core.tables import RowsByName
from scopedown.guard.checks import UnmappedError, checks
from scopedown.guard.cloudformation import moto_types, presupposed
from scopedown.guard.cloudformation.driver import Calls, Place
from scopedown.guard.cloudformation.moto_types import ALL, Step, Subject, at
from scopedown.guard.cloudformation.provision_calls import arn_of
from scopedown.guard.cloudformation.provision_names import name_property
from scopedown.guard.model import Check

TABLE: Final = Path(__file__).with_name("moto_types_reads.tsv")


class GoneError(Exception):
    """The resource is not there."""


@lru_cache(maxsize=1)
def rows() -> Mapping[str, tuple[Step, ...]]:
    """How types are read, by type."""
    return RowsByName([TABLE], moto_types.step_of, moto_types.COLUMNS)


def is_readable(type: str) -> bool:
    """Whether the local AWS can tell the properties of a type's resources."""
    return type in rows()


def identified(aws: Calls, type: str, id: str, properties: Mapping[str, Any]) -> Subject:
    """A resource that is known by its id, and perhaps by ``properties``."""
    place = Place("", "", "", {}, aws.account, aws.region)
    name = name_property(type)
    arn = id if id.startswith("arn:") else arn_of(type, place, {name: id, **properties} if name else properties, id)
    return Subject(id, arn, aws.region, properties, {}, id, name, id)


def read(aws: Calls, type: str, subject: Subject, everything: bool = False) -> dict[str, Any]:
    """By path: the properties that the type's rows read; None for one that the resource does not have.

    Those of the subject, or ``everything`` that the answers have.
    Raises DeniedError, GoneError, and botocore's errors.
    """
    due = [step for step in rows()[type] for _ in moto_types.due(step, "read", subject, {}, frozenset())]
    client = {step.service: aws.gate.client(step.service, region=aws.region) for step in due}
    asked = [(step, moto_types.parameters_of(client[step.service], step, subject)) for step in due]
    _authorise(aws, type, subject, asked)
    found: dict[str, Any] = {}
    for number, (step, given) in enumerate(asked):
        try:
            answer: Mapping[str, Any] = moto_types.run(client[step.service], step, given)
        except ClientError as error:
            if not presupposed.is_missing(error):
                raise
            if number == 0:
                raise GoneError(str(error.response["Error"].get("Message", error))) from None
            answer = {}  # a part that the resource does not have
        except BotoCoreError as error:  # an id that no request may have
            raise GoneError(str(error)) from None
        _require_itself(step, subject, answer)
        wanted = None if everything else set(subject.properties)
        found |= dict(_properties(step, wanted, answer, found))
    return found


def _authorise(aws: Calls, type: str, subject: Subject, asked: list[tuple[Step, dict[str, Any]]]) -> None:
    """Raise DeniedError where the caller may not do what the type's read handler does."""
    covered: set[str] = set()
    for step, given in asked:
        try:
            needed = checks(step.service, step.operation, given, aws.account, aws.region, None)
            covered |= {check.action.lower() for check in needed}
        except UnmappedError:
            continue  # asking tells it
        finally:
            aws.ask(step.service, step.operation, **given)
    known = catalog().cloudformation_type(type)
    services = {action.partition(":")[0] for action in covered}
    for action in known.handlers.get("read", ()) if known else ():
        facts = catalog().action(action)
        if action.lower() not in covered and facts is not None and action.lower().partition(":")[0] in services:
            resource = subject.arn if facts.resource_types and subject.arn else "*"
            aws.check(Check(action, resource, {"aws:RequestedRegion": aws.region}))


def _require_itself(step: Step, subject: Subject, answer: Mapping[str, Any]) -> None:
    """Raise GoneError where the answer is of another resource, or of none."""
    for word, wanted in (("@id", subject.id), ("@name", subject.name or subject.id)):
        if word in step.made and str(at(step.made[word], answer)) != wanted:
            raise GoneError(f"{wanted} was not found")


def _properties(
    step: Step, wanted: set[str] | None, answer: Mapping[str, Any], before: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    own = {name for name in step.made if not name.startswith(("@", ALL))}
    for name in own:
        if wanted is None or name.partition(".")[0] in wanted:
            yield name, at(step.made[name], answer)
    if ALL not in step.made:
        return
    tree = at(step.made[ALL], answer)
    told = {key.lower(): (key, one) for key, one in tree.items()} if isinstance(tree, Mapping) else {}
    told.pop("responsemetadata", None)
    covered = {name.partition(".")[0] for name in (*own, *before)}
    names = {key[:1].upper() + key[1:] for key, _ in told.values()} if wanted is None else wanted
    for name in sorted(names - covered):
        if name.lower() in told:
            yield name, told[name.lower()][1]
