"""The operations that read: stacks, events, resources, exports; and what a template says.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from scopedown.core.digits import is_count
from scopedown.guard.cloudformation import parameters, transforms
from scopedown.guard.cloudformation.engine import Answer, Asking, Engine, InvalidError, Operations
from scopedown.guard.cloudformation.model import Desired, Stack
from scopedown.guard.cloudformation.sources import body_of, capabilities_of, granting
from scopedown.guard.cloudformation.template import (
    TemplateError,
    check_references,
    checked,
    needs,
    read,
    section,
    waves,
)

PAGE: Final = 100


def page(key: str, rows: Sequence[Any], asking: Asking) -> dict[str, Any]:
    """One page of a list, and where the next begins."""
    token = str(asking.given.get("NextToken") or 0)
    if not is_count(token) or int(token) > len(rows):
        raise InvalidError("Invalid NextToken")
    start = int(token)
    more = {"NextToken": str(start + PAGE)} if len(rows) > start + PAGE else {}
    return {key: list(rows[start : start + PAGE]), **more}


def describe_stacks(engine: Engine, asking: Asking) -> Answer:
    """One stack, or all that stand."""
    name = asking.given.get("StackName")
    standing = [stack for stack in engine.here(asking.account, asking.region) if not stack.gone]
    return page("Stacks", [_described(stack) for stack in ([engine.find(asking, name)] if name else standing)], asking)


def _described(one: Stack) -> dict[str, Any]:
    shown = one.shown
    declared = section(shown.template, "Parameters")
    description = shown.template.get("Description")
    return {
        "StackId": one.id, "StackName": one.name, "StackStatus": one.status, "CreationTime": one.created,
        **({"StackStatusReason": one.reason} if one.reason else {}),
        **({"Description": str(description)} if description else {}),
        **({"LastUpdatedTime": one.updated} if one.updated else {}),
        **({"DeletionTime": one.deleted} if one.deleted else {}),
        **({"RoleARN": shown.role} if shown.role else {}),
        **({"ParentId": one.parent, "RootId": one.root} if one.parent else {}),
        "Parameters": parameters.shown(declared, shown.given, shown.values),
        "Capabilities": list(shown.capabilities), "NotificationARNs": list(shown.notifications),
        "Outputs": [
            {
                "OutputKey": output.key, "OutputValue": output.value,
                **({"Description": output.description} if output.description else {}),
                **({"ExportName": output.export} if output.export else {}),
            }
            for output in one.outputs
        ],
        "Tags": [{"Key": key, "Value": value} for key, value in shown.tags.items()],
        "DisableRollback": one.disable_rollback, "EnableTerminationProtection": one.protected,
        "RollbackConfiguration": {}, "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"},
    }  # fmt: skip


def list_stacks(engine: Engine, asking: Asking) -> Answer:
    """All stacks, those that were deleted as well."""
    wanted = asking.given.get("StackStatusFilter") or ()
    rows = []
    for stack in engine.here(asking.account, asking.region):
        if wanted and stack.status not in wanted:
            continue
        told = _described(stack)
        row = {key: told[key] for key in ("StackId", "StackName", "StackStatus", "CreationTime")}
        for key in ("StackStatusReason", "LastUpdatedTime", "DeletionTime", "ParentId", "RootId", "DriftInformation"):
            row |= {key: told[key]} if key in told else {}
        row |= {"TemplateDescription": told["Description"]} if "Description" in told else {}
        rows.append(row)
    return page("StackSummaries", rows, asking)


def describe_stack_events(engine: Engine, asking: Asking) -> Answer:
    """What happened to a stack, the newest first."""
    stack = engine.find(asking, str(asking.given.get("StackName")), "Stack [{}] does not exist")
    return page("StackEvents", stack.events[::-1], asking)


def _resources(stack: Stack) -> list[dict[str, Any]]:
    return [
        {
            "LogicalResourceId": id, "PhysicalResourceId": one.physical, "ResourceType": one.type,
            "ResourceStatus": one.status, "LastUpdatedTimestamp": one.time,
            **({"ResourceStatusReason": one.reason} if one.reason else {}),
            "DriftInformation": {"StackResourceDriftStatus": "NOT_CHECKED"},
        }
        for id, one in sorted(stack.states.items())
    ]  # fmt: skip


def list_stack_resources(engine: Engine, asking: Asking) -> Answer:
    """The resources of a stack."""
    return page("StackResourceSummaries", _resources(engine.find(asking, str(asking.given.get("StackName")))), asking)


def describe_stack_resources(engine: Engine, asking: Asking) -> Answer:
    """The resources of a stack, or of the one that a physical id belongs to."""
    name, physical = asking.given.get("StackName"), asking.given.get("PhysicalResourceId")
    wanted = asking.given.get("LogicalResourceId")
    if not name and not physical:
        raise InvalidError("Either StackName or PhysicalResourceId must be specified")
    if name:
        stack = engine.find(asking, str(name))
    else:
        found = [one for one in engine.here(asking.account, asking.region)
                 if any(state.physical == physical for state in one.states.values())]  # fmt: skip
        if not found:
            raise InvalidError(f"Stack for {physical} does not exist")
        stack = found[0]
    rows = [
        {"StackId": stack.id, "StackName": stack.name,
         **{("Timestamp" if key == "LastUpdatedTimestamp" else key): value for key, value in resource.items()}}
        for resource in _resources(stack) if wanted in (None, resource["LogicalResourceId"])
    ]  # fmt: skip
    if wanted is not None and not rows:
        raise InvalidError(f"Resource {wanted} does not exist for stack {stack.name}")
    return {"StackResources": rows[:PAGE]}


def describe_stack_resource(engine: Engine, asking: Asking) -> Answer:
    """One resource of a stack."""
    stack = engine.find(asking, str(asking.given.get("StackName")), "Stack '{}' does not exist")
    wanted = asking.given.get("LogicalResourceId")
    for resource in _resources(stack):
        if resource["LogicalResourceId"] == wanted:
            return {"StackResourceDetail": {"StackId": stack.id, "StackName": stack.name, **resource}}
    raise InvalidError(f"Resource {wanted} does not exist for stack {stack.name}")


def list_exports(engine: Engine, asking: Asking) -> Answer:
    """What the stacks of a region export."""
    found = engine.exports(asking.account, asking.region)
    rows = [
        {"ExportingStackId": stack.id, "Name": name, "Value": output.value}
        for name, (output, stack) in sorted(found.items())
    ]
    return page("Exports", rows, asking)


def list_imports(engine: Engine, asking: Asking) -> Answer:
    """The stacks that import an export."""
    name = str(asking.given.get("ExportName"))
    names = sorted(importer.name for importer in engine.importers(asking.account, asking.region, name))
    if not names:
        raise InvalidError(f"Export '{name}' is not imported by any stack.")
    return page("Imports", names, asking)


def describe_account_limits(engine: Engine, asking: Asking) -> Answer:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"""
    return {"AccountLimits": [
        {"Name": "StackLimit", "Value": 2000}, {"Name": "StackOutputsLimit", "Value": 200},
        {"Name": "ConcurrentResourcesLimit", "Value": 2500},
    ]}  # fmt: skip


def _checked_template(body: str) -> Mapping[str, Any]:
    """The template's tree, its references and its order looked at. Raises RefusedError."""
    try:
        tree = checked(read(body))
        if not transforms.declared(tree):
            check_references(tree)
            waves(needs(section(tree, "Resources")))
    except TemplateError as error:
        raise InvalidError(str(error)) from None
    except RecursionError:
        raise InvalidError("Template format error: the template is nested too deeply.") from None
    return tree


def _summed(tree: Mapping[str, Any]) -> dict[str, Any]:
    capabilities, types = list(capabilities_of(tree)), granting(tree)
    reason = f"The following resource(s) require capabilities: [{', '.join(types)}]"
    macros = transforms.declared(tree)
    if macros:
        capabilities.append("CAPABILITY_AUTO_EXPAND")
    return {
        **({"Description": str(tree["Description"])} if tree.get("Description") else {}),
        **({"Capabilities": capabilities} if capabilities else {}),
        **({"CapabilitiesReason": reason} if types else {}),
        **({"DeclaredTransforms": macros} if macros else {}),
    }  # fmt: skip


def validate_template(engine: Engine, asking: Asking) -> Answer:
    """A template's parameters and the capabilities that it needs, or what is wrong with it."""
    tree = _checked_template(body_of(engine, asking, None))
    return {"Parameters": parameters.described(section(tree, "Parameters")), **_summed(tree)}


def get_template_summary(engine: Engine, asking: Asking) -> Answer:
    """What a template, or a stack's template, declares."""
    name = asking.given.get("StackName")
    body = engine.find(asking, str(name)).shown.body if name else body_of(engine, asking, None)
    tree = _checked_template(body)
    told = []
    for key, one in section(tree, "Parameters").items():
        (row,) = parameters.described({key: one})
        row["ParameterType"] = one["Type"]
        allowed = one.get("AllowedValues")
        row["ParameterConstraints"] = {"AllowedValues": [str(value) for value in allowed]} if allowed else {}
        told.append({name: value for name, value in row.items() if name != "DefaultValue" or value is not None})
    types = sorted({str(one["Type"]) for one in section(tree, "Resources").values() if "Type" in one})
    version, metadata = tree.get("AWSTemplateFormatVersion"), tree.get("Metadata")
    return {
        "Parameters": told, "ResourceTypes": types, **_summed(tree),
        **({"Version": str(version)} if version else {}), **({"Metadata": json.dumps(metadata)} if metadata else {}),
    }  # fmt: skip


def get_template(engine: Engine, asking: Asking) -> Answer:
    """Of a stack, or of a change set; as it was given, or with its transforms done."""
    stack = engine.find(asking, str(asking.given.get("StackName")))
    desired: Desired = stack.shown
    if name := asking.given.get("ChangeSetName"):
        if name not in stack.change_sets:
            raise InvalidError(f"ChangeSet [{name}] does not exist")
        desired = stack.change_sets[name].desired
    processed = asking.given.get("TemplateStage") == "Processed"
    body = json.dumps(desired.template) if processed else desired.body
    return {"TemplateBody": body, "StagesAvailable": ["Original", "Processed"]}


def estimate_template_cost(engine: Engine, asking: Asking) -> Answer:
    """Where AWS's calculator is; nothing is estimated here."""
    _checked_template(body_of(engine, asking, None))
    return {"Url": "https://calculator.aws/#/estimate"}


OPERATIONS: Final[Operations] = {
    "DescribeAccountLimits": describe_account_limits,
    "DescribeStackEvents": describe_stack_events,
    "DescribeStackResource": describe_stack_resource,
    "DescribeStackResources": describe_stack_resources,
    "DescribeStacks": describe_stacks,
    "EstimateTemplateCost": estimate_template_cost,
    "GetTemplate": get_template,
    "GetTemplateSummary": get_template_summary,
    "ListExports": list_exports,
    "ListImports": list_imports,
    "ListStackResources": list_stack_resources,
    "ListStacks": list_stacks,
    "ValidateTemplate": validate_template,
}
