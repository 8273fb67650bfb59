"""A stack's outputs, and what other stacks import of them.

An export in use can be neither changed nor removed
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html).
"""

from __future__ import annotations

from scopedown.guard.cloudformation.engine import Engine
from scopedown.guard.cloudformation.functions import Scope, evaluate, resolved, text
from scopedown.guard.cloudformation.model import Desired, Output, Stack
from scopedown.guard.cloudformation.template import TemplateError, section


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
    _check(engine, stack, outputs)
    return outputs


def _check(engine: Engine, stack: Stack, outputs: tuple[Output, ...]) -> None:
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
