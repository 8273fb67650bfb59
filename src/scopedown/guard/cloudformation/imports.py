"""Imports: resources that are there already come into a stack, and nothing is created.

In: the ``ResourcesToImport`` of a change set, and what the stack is to become. Out: the changes, or why AWS refuses
them; and each resource as the stack has it from then on. A resource is looked up as its type's read handler does
(:mod:`.readers`), in the name of the stack's caller or role, when the change set is made and when it is executed.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-manually.html; the refusals and their
order are AWS's as the published tests of an emulator record them (not repeated against AWS).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from scopedown.catalog.load import catalog
from scopedown.core.tables import read_rows
from scopedown.guard.cloudformation import placeholders, readers
from scopedown.guard.cloudformation.changes import STACK_TAGS, Wanted, active, changes_of, note, scope_of, wanted
from scopedown.guard.cloudformation.driver import Place
from scopedown.guard.cloudformation.engine import Engine, InvalidError
from scopedown.guard.cloudformation.external_values import AroundStack
from scopedown.guard.cloudformation.failures import reason_of
from scopedown.guard.cloudformation.functions import Scope, resolved
from scopedown.guard.cloudformation.model import STACK, Change, Desired, Stack, ToImport
from scopedown.guard.cloudformation.order import needs, waves
from scopedown.guard.cloudformation.presupposed import last_of
from scopedown.guard.cloudformation.provision import ROWS, Provisioned
from scopedown.guard.cloudformation.provision_names import name_property
from scopedown.guard.cloudformation.service_client import AsCaller
from scopedown.guard.cloudformation.template import TemplateError, section

TAGGING: Final = "Apply stack-level tags to imported resource if applicable."
MODIFIED: Final = (
    "You have modified resources [{}] in your template that are not being imported. Update, create or delete "
    "operations cannot be executed during import operations."
)


@lru_cache(maxsize=1)
def identifiers() -> Mapping[str, tuple[str, ...]]:
    """What identifies a resource, by type, for the types that can be imported (``tools/import_identifiers.py``)."""
    table = Path(__file__).with_name("import_identifiers.tsv")
    return {row["type"]: tuple(row["identifiers"].split(",")) for row in read_rows(table)}


def read_list(given: Iterable[Mapping[str, Any]], desired: Desired, stack: Stack | None) -> tuple[ToImport, ...]:
    """The resources to import. Raises RefusedError for what AWS refuses before it looks for them."""
    found = tuple(
        ToImport(str(one.get("LogicalResourceId")), str(one.get("ResourceType")), one.get("ResourceIdentifier") or {})
        for one in given
    )
    if not found:
        raise InvalidError("Must Provide at least one resource to import")
    ids = [one.id for one in found]
    if len(set(ids)) < len(ids):
        raise InvalidError("Every resource to import must have unique LogicalResourceId")
    resources = section(desired.template, "Resources")
    _require_all(ids, resources)
    for one in found:
        _require_identifier(one, str(resources[one.id]["Type"]))
    made = stack.made if stack is not None else {}
    if not set(resources) - set(made):
        raise InvalidError("The template should contain at least one new resource to import.")
    if standing := [id for id in ids if id in made]:
        raise InvalidError(
            f"Resources [{', '.join(standing)}] passed in ResourceToImport are already in a stack and cannot be "
            "imported."
        )
    return found


def _require_all(ids: Iterable[str], resources: Mapping[str, Any]) -> None:
    if unknown := [id for id in ids if id not in resources]:
        raise InvalidError(
            f"The logical resource ids [{', '.join(unknown)}] provided in ResourceToImport do not exist in the "
            "template."
        )


def _require_identifier(one: ToImport, declared: str) -> None:
    expected = identifiers().get(one.type)
    if expected is None and one.type == declared:
        raise InvalidError(f"ResourceTypes [{one.type}] are not supported for Import")
    if expected is not None and set(expected) != set(one.identifier):
        raise InvalidError(
            f"Invalid resource identifier for resource type {one.type}. Expected [{', '.join(expected)}]"
        )
    if one.type != declared:
        raise InvalidError(
            f"Resource type of [{one.id}] passed in ResourceToImport does not match with resource type defined in the "
            f"template. Resource type in ResourceToImport: {one.type}; Resource type in Template: {declared}."
        )


def require_only_imports(
    engine: Engine, stack: Stack, desired: Desired, hands: AsCaller, listed: Sequence[ToImport]
) -> None:
    """Raise RefusedError where the change set would do something besides. Raises TemplateError."""
    changes = changes_of(engine, stack, desired, hands)
    ids = {one.id for one in listed}
    if missing := [one.id for one in changes if one.action == "Add" and one.id not in ids]:
        raise InvalidError(f"Resources [{', '.join(missing)}] is missing from ResourceToImport list")
    if changed := [one.id for one in changes if one.action != "Add"]:
        raise InvalidError(MODIFIED.format(", ".join(changed)))
    resources = section(desired.template, "Resources")
    if bare := [one.id for one in listed if "DeletionPolicy" not in resources[one.id]]:
        raise InvalidError(
            f"The following resources to import [{', '.join(bare)}] must have DeletionPolicy attribute specified in "
            "the template."
        )
    if section(stack.deployed.template, "Outputs") != section(desired.template, "Outputs"):
        raise InvalidError("As part of the import operation, you cannot modify or add [Outputs]")


def changes(
    engine: Engine, stack: Stack, desired: Desired, hands: AsCaller, listed: Sequence[ToImport]
) -> tuple[Change, ...]:
    """The changes of the change set. Raises TemplateError and DeniedError where a resource cannot be imported, and
    RefusedError where its condition is false (with what words AWS says that is unverified)."""
    scope = scope_of(stack, desired, AroundStack(engine, hands), planning=True)
    resources = active(desired, scope)
    _require_all((one.id for one in listed), resources)
    graph = needs(resources)
    found = []
    for one in listed:
        declared = wanted(one.id, resources[one.id], graph[one.id], scope).declared
        found.append(Change("Import", one.id, one.type, imported(engine, stack, hands, one, declared).physical))
    return tuple(found)


def bring_in(engine: Engine, stack: Stack, hands: AsCaller, desired: Desired, listed: Sequence[ToImport]) -> None:
    """Import resources that are there; where that fails, the stack is as it was before."""
    stack.tried, stack.updated = desired, datetime.now(UTC)
    stack.drifts.clear()
    stack.becomes("IMPORT_IN_PROGRESS", "User Initiated")
    done: list[ToImport] = []
    try:
        scope = scope_of(stack, desired, AroundStack(engine, hands))
        resources = active(desired, scope)
        graph, by_id = needs(resources), {one.id: one for one in listed}
        for one in (by_id[id] for wave in waves(graph) for id in wave if id in by_id):
            done.append(one)
            stack.event(one.id, one.type, "", "IMPORT_IN_PROGRESS", "Resource import started.")
            _bring_in(engine, stack, hands.of(one.id), one, wanted(one.id, resources[one.id], graph[one.id], scope),
                      desired, scope)  # fmt: skip
    except Exception as error:  # whatever a reader stumbles over ends the import, and not the service
        engine.strange(error, STACK)
        _undo(stack, done, error)
    else:
        stack.deployed = desired
        stack.becomes("IMPORT_COMPLETE")


def _bring_in(
    engine: Engine, stack: Stack, hands: AsCaller, one: ToImport, declared: Wanted, desired: Desired, scope: Scope
) -> None:
    """One resource: it is looked up, and gets the stack's tags as an update of it does."""
    properties = resolved(declared.declared, scope)
    made = imported(engine, stack, hands, one, properties)
    stack.made[one.id] = made
    stack.event(one.id, one.type, made.physical, "IMPORT_COMPLETE", "Resource import completed.")
    stack.event(one.id, one.type, made.physical, "UPDATE_IN_PROGRESS", TAGGING)
    driver = engine.driver(one.type)
    if desired.tags and driver is not None:
        place = replace(made.place, tags=desired.tags)
        driver.update(hands, place, made, deepcopy(properties), frozenset({STACK_TAGS}))
    note(made, declared, desired)
    stack.event(one.id, one.type, made.physical, "UPDATE_COMPLETE")


def _undo(stack: Stack, done: Sequence[ToImport], error: Exception) -> None:
    """The stack without what it began to import; the resources stay (the events' order is unverified)."""
    if done:
        last = stack.states[done[-1].id]
        verb = last.status.partition("_")[0]
        stack.event(done[-1].id, last.type, last.physical, f"{verb}_FAILED", reason_of(error, last.type))
    stack.becomes("IMPORT_ROLLBACK_IN_PROGRESS", f"The following resource(s) failed to import: [{done[-1].id}]. "
                  if done else str(error))  # fmt: skip
    for one in done:
        stack.made.pop(one.id, None)
        stack.states.pop(one.id, None)
    stack.tried = stack.deployed
    stack.becomes("IMPORT_ROLLBACK_COMPLETE")


def imported(
    engine: Engine, stack: Stack, hands: AsCaller, one: ToImport, properties: Mapping[str, Any]
) -> Provisioned:
    """A resource as the stack has it, looked up. ``properties`` are the template's.

    Raises TemplateError where it is not there, or belongs to a stack; DeniedError, and the service's own errors.
    """
    named = {**properties, **one.identifier}
    place = Place(stack.name, one.id, "", stack.deployed.tags, stack.account, stack.region, stack.id)
    name = str(named.get(name_property(one.type)) or last_of(one.text))
    known = catalog().cloudformation_type(one.type)
    physical = one.identifier.get((known.ref or "") if known else "") or placeholders.ref_of(
        one.type, place, named, name
    )
    subject = readers.identified(hands, one.type, physical, named)
    subject.name = name
    try:
        live = readers.read(hands.of(one.id), one.type, subject, everything=True)
    except readers.GoneError:
        message = f"Resource of type '{one.type}' with identifier '{one.text}' was not found."
        raise TemplateError(message) from None
    for other in engine.here(stack.account, stack.region):
        if not other.gone and any(made.physical == physical and made.type == one.type for made in other.made.values()):
            raise TemplateError(f"{one.text} already exists in stack {other.id}")
    attributes = placeholders.attributes_of(one.type, place, named, physical, _told(one.type, live))
    return Provisioned(physical, attributes, one.type, dict(properties), place=place, name=name, how=ROWS)


def _told(type: str, live: Mapping[str, Any]) -> dict[str, str]:
    """What the service tells of the type's attributes."""
    kind = type.rpartition("::")[2]
    known = catalog().cloudformation_type(type)
    texts = {name.lower(): value for name, value in live.items() if isinstance(value, str)}
    found = {}
    for name in known.attributes if known else ():
        for key in (name, f"{kind}{name}", f"Latest{name}"):
            if key.lower() in texts:
                found[name] = texts[key.lower()]
                break
    return found
