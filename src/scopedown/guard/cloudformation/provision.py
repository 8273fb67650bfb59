"""How any resource is provisioned: :func:`driver_of` gives the driver of every CloudFormation type.

First what CloudFormation asks IAM for (:mod:`.provision_calls`), as the caller; then the resource is brought into the
local AWS, by the operations of its service (:mod:`.moto_types`), by moto's own model of the type (which is called in
this process, and not asked over HTTP), or, where neither does it, as a stand-in that is recorded with its reason. A
service's own error (a name that is taken, a value it refuses, a thing that does not exist) fails the resource. Only
what is taken as existing (:mod:`scopedown.guard.existence`) may be missing in the local AWS.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from scopedown.catalog.load import catalog
from scopedown.core.tables import read_rows
from scopedown.deploy.model import Phase
from scopedown.deploy.resources import covered
from scopedown.guard.cloudformation import moto_types, presupposed
from scopedown.guard.cloudformation.driver import AsCaller, Driver, Place, tags_of
from scopedown.guard.cloudformation.moto_types import Step, Subject, with_document
from scopedown.guard.cloudformation.provision_calls import STACK_TAGS, arn_of, checks_of
from scopedown.guard.cloudformation.provision_names import attributes_of, name_of, name_property, ref_of, stand_in_id
from scopedown.guard.cloudformation.template import Made, TemplateError
from scopedown.guard.existence import texts_in

ROWS, MODEL, STAND_IN = "operations", "moto's model", "stand-in"
GAPS = re.compile(r"^(?:\d+|InternalError|InternalFailure|NotImplemented|NotYetImplemented|UnknownOperation.*)$")
"""Codes by which moto says that it does not do something."""


class RefusedStep(Exception):
    """A row that may be refused was: the rows after it say what then."""


@dataclass
class Provisioned(Made):
    """A resource that this module made: its place and name, how it was made, and moto's object where there is one."""

    place: Place = field(default_factory=lambda: Place("", "", "", {}))
    name: str = ""
    how: str = STAND_IN
    model: Any = field(default=None, repr=False)


@dataclass(slots=True)
class Provision:
    """The driver of a type (:class:`.driver.Driver`)."""

    type: str
    replaced_by: frozenset[str]

    def create(self, aws: AsCaller, place: Place, properties: Mapping[str, Any]) -> Made:
        if not (covered(self.type) or catalog().cloudformation_type(self.type)):
            raise TemplateError(f"Unrecognized resource types: [{self.type}]")
        name = name_of(self.type, place, properties)
        named = self._named(properties, name)
        id = stand_in_id(self.type, f"{place.stack}{place.logical_id}{place.random}")
        needed = list(checks_of(self.type, Phase.CREATE, place, named, id=id))
        for check in needed:
            aws.check(check)
        made = Provisioned("", type=self.type, properties=dict(properties), place=place, name=name)
        presupposed.require(self._asking(aws, place, named), self.type, properties)
        told: dict[str, Any] = {}
        if not needed:
            aws.stand_in("what creating it needs is not known: it is not made, because nothing of it was checked")
        elif self.type in moto_types.steps():
            told = self._by_operations(aws, made, with_document(self.type, named, aws.gate.client("s3")))
        elif self.type in models():
            told = self._by_model(aws, made, named)
        else:
            aws.stand_in(f"{self.type} is nothing that the local AWS knows")
        made.physical = str(told.pop("Ref", "")) or ref_of(self.type, place, named, name)
        made.attributes = attributes_of(self.type, place, named, made.physical, told)
        aws.gate.existence.note(made.physical, made.attributes, made.how != STAND_IN)
        return made

    def _asking(self, aws: AsCaller, place: Place, properties: Mapping[str, Any]) -> presupposed.Asking:
        arn = arn_of(self.type, place, properties)
        return presupposed.Asking(aws.gate, place.account, place.region, place.logical_id, arn)

    def update(
        self, aws: AsCaller, place: Place, made: Made, properties: Mapping[str, Any], changed: frozenset[str]
    ) -> None:
        before = _known(made, place)
        named = self._named(properties, before.name)
        for check in checks_of(self.type, Phase.UPDATE, place, named, made, changed):
            aws.check(check)
        presupposed.require(self._asking(aws, place, named), self.type, properties, changed)
        if STACK_TAGS in changed:
            changed |= {"Tags"}
        if before.how == ROWS:
            named = dict(with_document(self.type, named, aws.gate.client("s3")))
            subject = self._subject(before, named, place)
            old = self._named(made.properties, before.name)
            for phase, of in ((moto_types.REMOVED, self._subject(before, old, place, named)), ("update", subject)):
                for step, item in self._due(phase, subject, old, changed):
                    self._carried_out(aws, step, of, item)
        elif before.how == MODEL:
            self._update_model(aws, before, named)

    def _update_model(self, aws: AsCaller, before: Provisioned, named: Mapping[str, Any]) -> None:
        from moto.core.exceptions import ServiceException

        name = before.name or before.physical
        try:
            before.model = update_by_model(self.type, before.place, name, named, before.model)
        except Exception as error:  # what the model cannot do is told, and the resource stays as it was
            told = _as_told(error)
            missing = isinstance(error, ServiceException) and presupposed.is_missing(told)
            if missing and not self._may_be_missing(aws, str(told.response["Error"]["Message"]), named, True):
                raise told from error
            aws.stand_in(f"its update is not carried out: {_shown(error)}")

    def delete(self, aws: AsCaller, made: Made) -> None:
        before = _known(made, Place("", "", "", {}, aws.account, aws.region))
        named = self._named(made.properties, before.name)
        for check in checks_of(self.type, Phase.DELETE, before.place, named, made):
            aws.check(check)
        if before.how == ROWS:
            subject = self._subject(before, named, before.place)
            for step, item in self._due("delete", subject, named, frozenset()):
                self._carried_out(aws, step, subject, item)
        elif before.how == MODEL:
            try:
                delete_by_model(self.type, before.place, made.physical, named, before.model)
            except Exception as error:  # what is gone already is deleted; what moto cannot delete stays in moto
                if not presupposed.is_missing(_as_told(error)):
                    aws.stand_in(f"it stays in the local AWS: {_shown(error)}")

    # How it is made

    def _by_operations(self, aws: AsCaller, made: Provisioned, named: Mapping[str, Any]) -> dict[str, Any]:
        """What the service's operations tell. What of it cannot be done is recorded; a refusal undoes the rest."""
        subject = self._subject(made, named, made.place)
        told: dict[str, Any] = {}
        refused = ""
        for step, item in self._due("create", subject, {}, frozenset()):
            if "else" in step.phases:
                if not refused:
                    continue
                aws.stand_in(f"a part of it is left out: {refused}")
            try:
                answer = self._carried_out(aws, step, subject, item)
                refused = ""
            except RefusedStep as error:
                answer, refused = None, str(error)
                continue
            except ClientError:
                if made.how == ROWS:
                    self._undo(aws, subject, named)
                raise
            if answer is None and made.how != ROWS:
                return {}
            made.how = ROWS
            if answer is not None and step.made:
                told |= moto_types.told(step, subject.id, answer)
                subject.ref = told.get("Ref", subject.ref)
        made.how = ROWS
        return told

    def _by_model(self, aws: AsCaller, made: Provisioned, named: Mapping[str, Any]) -> dict[str, Any]:
        from moto.core.exceptions import ServiceException

        name = made.name or f"{made.place.stack}-{made.place.logical_id}-{made.place.random}"
        properties = self._with_tags(named, made.place)
        try:
            made.model = create_by_model(self.type, made.place, name, properties)
        except ServiceException as error:
            told = _as_told(error)
            if presupposed.is_missing(told) and (why := self._may_be_missing(aws, str(error.message), named, False)):
                aws.stand_in(f"the local AWS lacks what it needs: {why}")
                return {}
            raise told from error
        except Exception as error:  # a gap in moto's model
            aws.stand_in(f"moto's model of it fails: {_shown(error)}")
            return {}
        made.how = MODEL
        known = catalog().cloudformation_type(self.type)
        return told_by_model(made.model, known.attributes if known else ())

    def _carried_out(self, aws: AsCaller, step: Step, subject: Subject, item: Any) -> Mapping[str, Any] | None:
        """The answer to a step, or None where it was only recorded. Raises the service's own errors."""
        what = f"{step.service}.{step.operation}"
        client = aws.gate.client(step.service, region=aws.region)
        given = moto_types.parameters_of(client, step, subject, item)
        try:
            return moto_types.run(client, step, given)
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            message = str(error.response.get("Error", {}).get("Message", ""))
            known = moto_types.gap(what, message)
            if "delete" in step.phases and presupposed.is_missing(error):
                return None
            if not known and presupposed.is_missing(error):
                known = self._may_be_missing(aws, message, given, bool(subject.ref))
                if not known:
                    raise
            if step.tried:
                raise RefusedStep(f"{what}: {known or f'{code}: {message}'}") from error
            if not known and not GAPS.match(code):
                raise
            if "delete" not in step.phases:
                self._is_stood_in(aws, subject, f"{what}: {known or f'{code}: {message}'}")
        except BotoCoreError as error:
            if step.tried:
                raise RefusedStep(f"{what}: {_shown(error)}") from error
            self._is_stood_in(aws, subject, f"{what}: {_shown(error)}")
        return None

    def _is_stood_in(self, aws: AsCaller, subject: Subject, reason: str) -> None:
        """A part of the resource is not made: what names it may miss something."""
        aws.stand_in(reason)
        aws.gate.existence.note(subject.ref or subject.id, {}, whole=False)

    def _may_be_missing(self, aws: AsCaller, message: str, given: Any, changing: bool) -> str:
        """Why a service may miss something here that AWS would not; empty where AWS would answer the same."""
        asking = presupposed.Asking(aws.gate, aws.account, aws.region, aws.logical_id)
        why = presupposed.may_be_missing(asking, message, texts_in(given), changing)
        return f"{why}: {message}" if why else ""

    def _undo(self, aws: AsCaller, subject: Subject, named: Mapping[str, Any]) -> None:
        """Take away what stands of a resource whose creation a service refused half way."""
        for step, item in self._due("delete", subject, named, frozenset()):
            try:
                self._carried_out(aws, step, subject, item)
            except ClientError:  # it was never there
                continue

    def _due(
        self, phase: str, subject: Subject, old: Mapping[str, Any], changed: frozenset[str]
    ) -> Iterator[tuple[Step, Any]]:
        for step in moto_types.steps()[self.type]:
            for item in moto_types.due(step, phase, subject, old, changed):
                yield step, item

    def _subject(
        self, made: Provisioned, named: Mapping[str, Any], place: Place, then: Mapping[str, Any] | None = None
    ) -> Subject:
        properties = self._with_tags(named, place)
        return Subject(
            made.physical or made.name or f"{place.stack}-{place.logical_id}-{place.random}",
            made.attributes.get("Arn") or arn_of(self.type, made.place, properties, made.physical),
            place.region, properties, tags_of(place, properties) if "Tags" in properties else {},
            made.name, name_property(self.type), made.physical,
        )  # fmt: skip

    def _with_tags(self, properties: Mapping[str, Any], place: Place) -> Mapping[str, Any]:
        """The properties with the stack's tags beside their own."""
        tags = tags_of(place, properties)
        if not tags or isinstance(properties.get("Tags"), Mapping):
            return {**properties, "Tags": tags} if tags else properties
        return {**properties, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}

    def _named(self, properties: Mapping[str, Any], name: str) -> dict[str, Any]:
        """The properties with the name that CloudFormation generated."""
        property = name_property(self.type)
        return {**properties, property: properties.get(property) or name} if property and name else dict(properties)


def _known(made: Made, place: Place) -> Provisioned:
    """A resource as this module made it; one that another made is known by its physical id alone."""
    if isinstance(made, Provisioned):
        return made
    return Provisioned(made.physical, made.attributes, made.type, made.properties, place=place, name=made.physical)


def _as_told(error: Exception) -> ClientError:
    """An error of moto's models as the service gives it."""
    code = str(getattr(error, "error_type", "") or getattr(error, "code", "") or type(error).__name__)
    return presupposed.refusal(code, str(getattr(error, "message", None) or error), code)


def _shown(error: Exception) -> str:
    message = getattr(error, "message", None) or str(error)
    return f"{type(error).__name__}: {message}".replace("\n", " ")[:300]


@lru_cache(maxsize=1)
def replaced_by() -> Mapping[str, frozenset[str]]:
    """The properties whose change makes a new resource, by type (``tools/replaced_properties.py``)."""
    table = Path(__file__).with_name("provision_replaced_by.tsv")
    return {row["type"]: frozenset(row["properties"].split(",")) for row in read_rows(table)}


@lru_cache(maxsize=4096)
def driver_of(type: str) -> Driver:
    """The driver of a type; of one that AWS does not have, one that says so."""
    return Provision(type, replaced_by().get(type, frozenset()))


NOT_OURS = ("AWS::CloudFormation::", "AWS::SERVICE::", "?")
"""What the engine makes itself, and moto's placeholders."""


@lru_cache(maxsize=1)
def models() -> Mapping[str, Any]:
    """moto's classes by type."""
    from moto.cloudformation.parsing import get_model_map

    return {type: model for type, model in get_model_map().items() if not type.startswith(NOT_OURS)}


def create_by_model(type: str, place: Place, name: str, properties: Mapping[str, Any]) -> Any:
    """moto's resource. Raises what moto raises."""
    made = models()[type].create_from_cloudformation_json(
        name, _of_model(type, properties), place.account, place.region,
        LogicalId=place.logical_id, StackId=place.stack_id, ResourceType=type,
    )  # fmt: skip
    made.cf_resource_type, made.logical_resource_id = type, place.logical_id
    return made


def update_by_model(type: str, place: Place, name: str, properties: Mapping[str, Any], made: Any) -> Any:
    """The resource as it is then. Raises NotImplementedError where moto cannot change it."""
    change = models()[type].update_from_cloudformation_json
    if hasattr(change, "__isabstractmethod__"):
        raise NotImplementedError(f"moto does not change {type}")
    changed = change(
        original_resource=made, new_resource_name=name, cloudformation_json=_of_model(type, properties),
        account_id=place.account, region_name=place.region,
    )  # fmt: skip
    return changed if changed is not None else made


def delete_by_model(type: str, place: Place, physical: str, properties: Mapping[str, Any], made: Any) -> None:
    """Take it away. Raises what moto raises."""
    remove = models()[type].delete_from_cloudformation_json
    if not hasattr(remove, "__isabstractmethod__"):
        remove(physical, _of_model(type, properties), place.account, place.region)
    elif hasattr(made, "delete"):
        made.delete(place.account, place.region)


def told_by_model(made: Any, attributes: tuple[str, ...]) -> dict[str, Any]:
    """What moto knows of the attributes; its physical id is under ``Ref``."""
    found: dict[str, Any] = {}
    if isinstance(id := getattr(made, "physical_resource_id", None), str) and id:
        found["Ref"] = id
    for name in attributes:
        try:
            value = made.get_cfn_attribute(name)
        except Exception:  # each model says in its own way that it does not know an attribute
            continue
        if isinstance(value, str | int | list) and value not in ("", []):
            found[name] = value if isinstance(value, list) else str(value)
    return found


def _of_model(type: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"Type": type, "Properties": copy.deepcopy(dict(properties))}
