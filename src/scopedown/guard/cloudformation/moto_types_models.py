"""Making a resource by moto's own CloudFormation models, for types of which ``moto_types.tsv`` has no rows.

In: a type and its resolved properties, the account and the region. Out: moto's resource, which knows its physical id
and some attributes. moto is in this process, so that its models are called, and not asked over HTTP.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from scopedown.guard.cloudformation.driver import Place

NOT_OURS = ("AWS::CloudFormation::", "AWS::SERVICE::", "?")
"""What the engine makes itself, and moto's placeholders."""


@lru_cache(maxsize=1)
def models() -> Mapping[str, Any]:
    """moto's classes by type."""
    from moto.cloudformation.parsing import get_model_map

    return {type: model for type, model in get_model_map().items() if not type.startswith(NOT_OURS)}


def create(type: str, place: Place, name: str, properties: Mapping[str, Any]) -> Any:
    """moto's resource. Raises what moto raises."""
    made = models()[type].create_from_cloudformation_json(
        name, _resource(type, properties), place.account, place.region,
        LogicalId=place.logical_id, StackId=place.stack_id, ResourceType=type,
    )  # fmt: skip
    made.cf_resource_type, made.logical_resource_id = type, place.logical_id
    return made


def update(type: str, place: Place, name: str, properties: Mapping[str, Any], made: Any) -> Any:
    """The resource as it is then. Raises NotImplementedError where moto cannot change it."""
    change = models()[type].update_from_cloudformation_json
    if hasattr(change, "__isabstractmethod__"):
        raise NotImplementedError(f"moto does not change {type}")
    changed = change(
        original_resource=made, new_resource_name=name, cloudformation_json=_resource(type, properties),
        account_id=place.account, region_name=place.region,
    )  # fmt: skip
    return changed if changed is not None else made


def delete(type: str, place: Place, physical: str, properties: Mapping[str, Any], made: Any) -> None:
    """Take it away. Raises what moto raises."""
    remove = models()[type].delete_from_cloudformation_json
    if not hasattr(remove, "__isabstractmethod__"):
        remove(physical, _resource(type, properties), place.account, place.region)
    elif hasattr(made, "delete"):
        made.delete(place.account, place.region)


def told(made: Any, attributes: tuple[str, ...]) -> dict[str, Any]:
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


def _resource(type: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"Type": type, "Properties": copy.deepcopy(dict(properties))}
