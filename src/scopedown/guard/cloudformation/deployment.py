"""How a stack is brought to a template: created, updated, rolled back, deleted, with the events that tell it.

In: a stack, what it is to become, in whose name. Out: the stack as it stands then, with AWS's statuses and reasons. All
of it happens inside of the request; what CloudFormation does at the same time is done one after the other here, in the
order of the template. An export in use can be neither changed nor removed
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html).
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
Resources that need others are deleted first, each kept where its policy says so
(https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from scopedown.guard.cloudformation import presupposed
from scopedown.guard.cloudformation.changes import STACK_TAGS, Wanted, active, differing, note, scope_of, wanted
from scopedown.guard.cloudformation.driver import AsCaller, DeniedError, Driver, Place, reason_of
from scopedown.guard.cloudformation.engine import Engine, random_end
from scopedown.guard.cloudformation.external_values import AroundStack
from scopedown.guard.cloudformation.functions import Scope, evaluate, resolved, text
from scopedown.guard.cloudformation.model import STACK, Desired, Output, Stack
from scopedown.guard.cloudformation.provision_names import is_own_name, name_property
from scopedown.guard.cloudformation.template import (
    HalfMadeError,
    Made,
    NoExportError,
    TemplateError,
    needs,
    section,
    waves,
)

REPLACING: Final = "Requested update requires the creation of a new physical resource; hence creating one."
SLOW: Final = (STACK, "AWS::CloudFormation::WaitCondition")
"""Types that take long on AWS: where another of the same wave fails, they are cancelled."""


@dataclass
class Failed:
    """What failed of a change, by its logical id; or why all of it did."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    reason: str = ""

    def __bool__(self) -> bool:
        return bool(self.created or self.updated or self.reason)

    def __str__(self) -> str:
        told = "".join(
            f"The following resource(s) failed to {verb}: [{', '.join(ids)}]. "
            for verb, ids in (("create", self.created), ("update", self.updated)) if ids
        )  # fmt: skip
        return self.reason or told


@dataclass(frozen=True)
class Step:
    """What is to be done with one resource."""

    one: Wanted
    verb: str
    driver: Driver
    properties: dict[str, Any]
    changed: frozenset[str] = frozenset()
    replaces: bool = False


@dataclass
class Deployment:
    """One operation on a stack."""

    engine: Engine
    stack: Stack
    hands: AsCaller
    touched: dict[str, frozenset[str]] = field(default_factory=dict)
    """Resources whose update failed half way, with the properties that it was about."""

    # Operations

    def create(self, desired: Desired, on_failure: str = "ROLLBACK") -> None:
        """Make all of it; where that fails, undo it, leave it, or delete the stack (``on_failure``)."""
        stack = self.stack
        stack.tried = desired
        stack.becomes("CREATE_IN_PROGRESS", "User Initiated")
        failed = self._change(desired, going_on=on_failure == "DO_NOTHING")
        if not failed:
            stack.deployed = desired
            stack.becomes("CREATE_COMPLETE")
        elif on_failure == "DO_NOTHING":
            stack.becomes("CREATE_FAILED", str(failed))
        elif on_failure == "DELETE":
            stack.becomes("CREATE_FAILED", f"{failed}Delete requested by user.")
            self.delete(creating=True)
        else:
            self.undo_creation(f"{failed}Rollback requested by user.")

    def undo_creation(self, reason: str) -> None:
        """Roll a creation back."""
        self.stack.becomes("ROLLBACK_IN_PROGRESS", reason)
        for id, state in list(self.stack.states.items()):
            if state.status == "CREATE_FAILED" and id not in {**self.stack.made, **dict(self.stack.half_made)}:
                self.stack.event(id, state.type, state.physical, "DELETE_COMPLETE")
        doomed = [*of_stack(self.stack, creating=True), *_half_made(self.stack)]
        again = remove(self.engine, self.stack, self.hands, doomed)
        self.stack.outputs, self.stack.imports = (), frozenset()
        self.stack.becomes("ROLLBACK_FAILED" if again else "ROLLBACK_COMPLETE", _not_deleted(again))

    def update(self, desired: Desired, disable_rollback: bool = False) -> None:
        """Bring a stack that stands to another template."""
        stack = self.stack
        stack.tried, stack.updated = desired, datetime.now(UTC)
        stack.becomes("UPDATE_IN_PROGRESS", "User Initiated")
        failed = self._change(desired, going_on=disable_rollback)
        if failed and disable_rollback:
            stack.becomes("UPDATE_FAILED", str(failed))
        elif failed:
            self.undo_update(str(failed))
        else:
            stack.becomes("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
            gone = [id for id in stack.made if id not in self._ids(desired)]
            self._clean_up([*_replaced(stack), *of_stack(stack, gone), *_half_made(stack)])
            stack.deployed = desired
            stack.becomes("UPDATE_COMPLETE")

    def undo_update(self, reason: str, skip: Sequence[str] = ()) -> None:
        """Roll an update back to what was deployed before; the resources to be skipped are taken as rolled back."""
        stack = self.stack
        stack.becomes("UPDATE_ROLLBACK_IN_PROGRESS", reason)
        before = self._ids(stack.deployed)
        undone = of_stack(stack, [id for id in stack.made if id not in before], creating=True)
        news = []
        for id, old in reversed(stack.leftovers):
            news.append(Doomed(id, stack.made[id], stack.made[id].update_replace_policy, live=False))
            stack.made[id] = old
            stack.event(id, old.type, old.physical, "UPDATE_COMPLETE")
        stack.leftovers.clear()
        again = self._change(stack.deployed, undoing=True, skip=skip)
        if again:
            stack.becomes("UPDATE_ROLLBACK_FAILED", str(again))
            return
        stack.becomes("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
        self._clean_up([*undone, *news, *_half_made(stack)])
        stack.tried = stack.deployed
        stack.becomes("UPDATE_ROLLBACK_COMPLETE")

    def delete(self, retain: Sequence[str] = (), creating: bool = False) -> None:
        """Delete all of it, and the stack."""
        stack = self.stack
        stack.becomes("DELETE_IN_PROGRESS", "" if creating else "User Initiated")
        for output in stack.outputs:
            users = self.engine.importers(stack.account, stack.region, output.export) if output.export else []
            if users := [user for user in users if user is not stack]:
                named = " and ".join(sorted(user.name for user in users))
                stack.becomes("DELETE_FAILED", f"Cannot delete export {output.export} as it is in use by {named}.")
                return
        doomed = [*_replaced(stack), *of_stack(stack, creating=creating), *_half_made(stack)]
        failed = remove(self.engine, stack, self.hands, doomed, retain)
        if not failed:
            stack.deleted, stack.imports = datetime.now(UTC), frozenset()
        stack.becomes("DELETE_FAILED" if failed else "DELETE_COMPLETE", _not_deleted(failed))

    # How resources are changed

    def _ids(self, desired: Desired) -> set[str]:
        """The logical ids that a template deploys, its conditions decided."""
        if not desired.template:
            return set()
        return set(active(desired, scope_of(self.stack, desired, AroundStack(self.engine, self.hands))))

    def _clean_up(self, doomed: Sequence[Doomed]) -> None:
        """What cannot be cleaned up is left alone, and the stack knows it no longer."""
        remove(self.engine, self.stack, self.hands, doomed)
        for one in doomed:
            if one.live:
                self.stack.made.pop(one.id, None)
                self.stack.states.pop(one.id, None)
        self.stack.leftovers.clear()

    def _change(
        self, desired: Desired, going_on: bool = False, undoing: bool = False, skip: Sequence[str] = ()
    ) -> Failed:
        """Make and change resources in order. ``going_on``: what does not need a failed one is still done."""
        around = AroundStack(self.engine, self.hands)
        scope = scope_of(self.stack, desired, around)
        failed = Failed()
        try:
            resources = active(desired, scope)
            graph = needs(resources)
            order = waves(graph)
            if not undoing:
                self._presuppose(desired, resources)
        except TemplateError as error:
            return Failed(reason=f"{error} ")
        lost: set[str] = set()
        for wave in order:
            steps = []
            for id in wave:
                if id in skip or graph[id] & lost:
                    lost |= {id} if graph[id] & lost else set()
                    continue
                around.hands = self.hands.of(id)
                try:
                    one = wanted(id, resources[id], graph[id], scope)
                    step = self._step(one, desired, scope, undoing)
                except NoExportError as error:
                    return Failed(reason=f"{error} ")
                except Exception as error:  # a value that cannot be had ends the resource, and not the service
                    self._fails(id, str(resources[id]["Type"]), failed, error)
                    continue
                if step is not None:
                    steps.append(step)
            self._carry_out(steps, desired, failed)
            lost |= {*failed.created, *failed.updated}
            if failed and not going_on:
                return failed
        if failed:
            return failed
        around.hands = self.hands
        try:
            outputs = outputs_of(self.engine, self.stack, desired, scope)
        except Exception as error:
            self.engine.strange(error, STACK)
            return Failed(reason=f"{error} ")
        self.stack.outputs, self.stack.imports = outputs, frozenset(around.imports)
        return failed

    def _presuppose(self, desired: Desired, resources: Mapping[str, Mapping[str, Any]]) -> None:
        """What parameters name must exist, and what the stack itself makes is not presupposed. Raises TemplateError."""
        stack, existence = self.stack, self.engine.gate.existence
        asking = presupposed.Asking(self.engine.gate, stack.account, stack.region, stack.name)
        presupposed.require_parameters(asking, section(desired.template, "Parameters"), desired.values)
        scope = scope_of(stack, desired, AroundStack(self.engine, self.hands), planning=True)
        for one in resources.values():
            property = name_property(str(one["Type"]))
            if not is_own_name(str(one["Type"]), property):
                continue
            try:
                written = evaluate((one.get("Properties") or {}).get(property), scope)
            except TemplateError:  # told when the resource is made
                continue
            if isinstance(written, str):
                existence.coming.add(written)

    def _step(self, one: Wanted, desired: Desired, scope: Scope, undoing: bool) -> Step | None:
        """What is to be done with a resource; None where nothing is."""
        made, driver = self.stack.made.get(one.id), self.engine.driver(one.type)
        if driver is None:
            self.engine.gate.unmapped.append(f"{self.engine.gate.during}: no driver for {one.type}")
            raise TemplateError(f"{one.type} has no driver")
        if made is None:
            return Step(one, "CREATE", driver, resolved(one.declared, scope))
        changed = differing(made.declared, one.declared) | (self.touched.pop(one.id, frozenset()) if undoing else
                                                                frozenset())  # fmt: skip
        if dict(desired.tags) != made.stack_tags:
            changed |= {STACK_TAGS}
        replaces = bool(changed & driver.replaced_by)
        if not changed and one.type != STACK:
            self._note(one, desired)
            return None
        return Step(one, "UPDATE", driver, resolved(one.declared, scope), changed, replaces)

    def _carry_out(self, steps: Sequence[Step], desired: Desired, failed: Failed) -> None:
        """One wave: all begin, and each ends."""
        for step in steps:
            old = self.stack.made.get(step.one.id)
            self.stack.event(
                step.one.id, step.one.type, old.physical if old else "", f"{step.verb}_IN_PROGRESS",
                REPLACING if step.replaces else "",
            )  # fmt: skip
        for step in sorted(steps, key=lambda step: step.one.type in SLOW):
            if failed and step.one.type in SLOW:
                word = "creation" if step.verb == "CREATE" else "update"
                self._fails(step.one.id, step.one.type, failed, TemplateError(f"Resource {word} cancelled"))
                continue
            try:
                self._do(step, desired)
            except Exception as error:  # whatever a driver stumbles over ends its resource, and not the service
                self._fails(step.one.id, step.one.type, failed, error)

    def _do(self, step: Step, desired: Desired) -> None:
        stack, one, hands = self.stack, step.one, self.hands.of(step.one.id)
        properties = deepcopy(step.properties)  # what a driver does to them is not what the template says
        place = Place(stack.name, one.id, random_end(), desired.tags, stack.account, stack.region, stack.id, one.type)
        old = stack.made.get(one.id)
        if old is None or step.replaces:
            try:
                made = step.driver.create(hands, place, properties)
            except HalfMadeError as error:
                error.made.properties, error.made.needs = step.properties, one.needs
                stack.half_made.append((one.id, error.made))
                raise
            made.type = one.type
            if made.open:
                self.engine.gate.existence.note_open(made.physical)
            if old is not None:
                stack.leftovers.append((one.id, old))
            stack.made[one.id] = made
            stack.event(one.id, one.type, made.physical, f"{step.verb}_IN_PROGRESS", "Resource creation Initiated")
        else:
            before = replace(old)
            try:
                step.driver.update(hands, place, old, properties, step.changed)
            except DeniedError:
                raise  # a driver asks for all that it needs before it changes anything
            except Exception:
                self.touched[one.id] = step.changed
                raise
            if old.physical != before.physical:
                stack.leftovers.append((one.id, before))
        stack.made[one.id].properties = step.properties
        self._note(one, desired)
        stack.event(one.id, one.type, stack.made[one.id].physical, f"{step.verb}_COMPLETE")

    def _note(self, one: Wanted, desired: Desired) -> None:
        note(self.stack.made[one.id], one, desired)

    def _fails(self, id: str, type: str, failed: Failed, error: Exception) -> None:
        self.engine.strange(error, type)
        old = self.stack.made.get(id)
        (failed.updated if old else failed.created).append(id)
        verb = "UPDATE" if old else "CREATE"
        self.stack.event(id, type, old.physical if old else "", f"{verb}_FAILED", reason_of(error, type))


def _replaced(stack: Stack) -> list[Doomed]:
    return [Doomed(id, made, made.update_replace_policy, live=False) for id, made in stack.leftovers]


def _half_made(stack: Stack) -> list[Doomed]:
    """What failed while it was created and is there all the same; a stack has it no longer after that."""
    found = [Doomed(id, made, "Delete", live=False) for id, made in stack.half_made]
    stack.half_made.clear()
    return found


def _not_deleted(failed: Sequence[str]) -> str:
    return f"The following resource(s) failed to delete: [{', '.join(failed)}]. " if failed else ""


def outputs_of(engine: Engine, stack: Stack, desired: Desired, scope: Scope) -> tuple[Output, ...]:
    """The outputs with their values. Raises TemplateError where one cannot be had, or an export is in the way."""
    found = []
    for key, one in section(desired.template, "Outputs").items():
        if "Condition" in one and not scope.truth(one["Condition"]):
            continue
        value = resolved(evaluate(one["Value"], scope), scope)
        if value is None:
            continue
        export = one.get("Export") or {}
        name = text(evaluate(export["Name"], scope)) if "Name" in export else ""
        description = evaluate(one.get("Description"), scope)
        found.append(Output(key, text(value), text(description) if description else "", name))
    outputs = tuple(found)
    _check_exports(engine, stack, outputs)
    return outputs


def _check_exports(engine: Engine, stack: Stack, outputs: tuple[Output, ...]) -> None:
    standing = engine.exports(stack.account, stack.region)
    names = [output.export for output in outputs if output.export]
    for name in names:
        if names.count(name) > 1:
            raise TemplateError(f"Duplicate Export names found in the template: [{name}].")
        if name in standing and standing[name][1] is not stack:
            raise TemplateError(f"Export with name {name} is already exported by stack {standing[name][1].name}.")
    new = {output.export: output.value for output in outputs if output.export}
    for old in stack.outputs:
        if not old.export or new.get(old.export) == old.value:
            continue
        users = [
            importer.name
            for importer in engine.importers(stack.account, stack.region, old.export)
            if importer is not stack
        ]
        if users:
            verb = "update" if old.export in new else "delete"
            raise TemplateError(f"Cannot {verb} export {old.export} as it is in use by {' and '.join(sorted(users))}.")


@dataclass(frozen=True)
class Doomed:
    """A resource to be deleted. ``policy`` is the one that holds for the occasion; ``live``: the stack has it now."""

    id: str
    made: Made
    policy: str
    live: bool = True


def of_stack(stack: Stack, ids: Sequence[str] | None = None, creating: bool = False) -> list[Doomed]:
    """Resources that a stack has. ``creating``: they were made by the deployment that is undone."""
    return [
        Doomed(id, made, "Delete" if creating and made.deletion_policy == "RetainExceptOnCreate" else
               made.deletion_policy)
        for id, made in stack.made.items() if ids is None or id in ids
    ]  # fmt: skip


def remove(
    engine: Engine, stack: Stack, hands: AsCaller, doomed: Sequence[Doomed], retain: Sequence[str] = ()
) -> list[str]:
    """Delete, and tell which could not be; what needs one of these stays as well."""
    named = {f"{index}": one for index, one in enumerate(doomed)}
    graph = {
        index: frozenset(other for other, two in named.items() if two.id in one.made.needs and other != index)
        for index, one in named.items()
    }
    try:
        order = waves(graph)
    except TemplateError:  # what was replaced may need what it is needed by: then any order
        order = [list(named)]
    failed: list[str] = []
    kept: set[str] = set()
    for wave in reversed(order):
        ready = [index for index in wave if not any(index in graph[other] for other in kept)]
        for index in reversed(ready):
            one = named[index]
            if not _is_retained(one, retain):
                stack.event(one.id, one.made.type, one.made.physical, "DELETE_IN_PROGRESS", live=one.live)
        for index in reversed(ready):
            if not _removed(engine, stack, hands, named[index], retain):
                kept.add(index)
                failed.append(named[index].id)
        kept |= set(wave) - set(ready)
    return failed


def _is_retained(one: Doomed, retain: Sequence[str]) -> bool:
    return one.policy in ("Retain", "RetainExceptOnCreate") or one.id in retain


def _removed(engine: Engine, stack: Stack, hands: AsCaller, one: Doomed, retain: Sequence[str]) -> bool:
    made = one.made
    if _is_retained(one, retain):
        stack.event(one.id, made.type, made.physical, "DELETE_SKIPPED", live=one.live)
    else:
        try:
            driver = engine.driver(made.type)
            if driver is None:
                raise TemplateError(f"{made.type} has no driver")
            driver.delete(hands.of(one.id), made)
        except Exception as error:  # whatever a driver stumbles over ends its resource, and not the service
            engine.strange(error, made.type)
            stack.event(one.id, made.type, made.physical, "DELETE_FAILED", reason_of(error, made.type), live=one.live)
            return False
        stack.event(one.id, made.type, made.physical, "DELETE_COMPLETE", live=one.live)
    if one.live:
        stack.made.pop(one.id, None)
    else:
        stack.leftovers = [pair for pair in stack.leftovers if pair[1] is not made]
    return True
