"""The operations about a template alone: to check it, to sum it up, to give it back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from scopedown.guard.cloudformation import parameters, transforms
from scopedown.guard.cloudformation.engine import Asking, Engine, InvalidError
from scopedown.guard.cloudformation.model import Desired
from scopedown.guard.cloudformation.order import check_references, needs, waves
from scopedown.guard.cloudformation.sources import body_of, capabilities_of, granting
from scopedown.guard.cloudformation.template import TemplateError, checked, read, section

Answer = Mapping[str, Any]


def _checked(body: str) -> Mapping[str, Any]:
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
    tree = _checked(body_of(engine, asking, None))
    return {"Parameters": parameters.described(section(tree, "Parameters")), **_summed(tree)}


def get_template_summary(engine: Engine, asking: Asking) -> Answer:
    """What a template, or a stack's template, declares."""
    name = asking.given.get("StackName")
    body = engine.find(asking, str(name)).shown.body if name else body_of(engine, asking, None)
    tree = _checked(body)
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
    _checked(body_of(engine, asking, None))
    return {"Url": "https://calculator.aws/#/estimate"}


OPERATIONS: Final[Mapping[str, Callable[[Engine, Asking], Answer]]] = {
    "EstimateTemplateCost": estimate_template_cost,
    "GetTemplate": get_template,
    "GetTemplateSummary": get_template_summary,
    "ValidateTemplate": validate_template,
}
