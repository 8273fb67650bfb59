"""The name of a resource: the template's, or one that CloudFormation generates.

The rule is :mod:`scopedown.deploy.names`'s, so that the pattern in a deployment policy matches the name made here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scopedown.catalog.load import catalog
from scopedown.deploy.names import generated_name
from scopedown.deploy.rows import name_rows
from scopedown.guard.cloudformation.driver import Place


def name_property(type: str) -> str:
    """The property that names a type's resources; empty where a service makes the id."""
    row = name_rows().get(type)
    if row is not None:
        return row.name
    known = catalog().cloudformation_type(type)
    return (known.name_property if known else "") or ""


def is_own_name(type: str, property: str) -> bool:
    """Whether a property names the resource itself, and not the one that it belongs to.

    >>> is_own_name("AWS::S3::Bucket", "BucketName"), is_own_name("AWS::S3::BucketPolicy", "Bucket")
    (True, False)
    """
    kind = type.rpartition("::")[2]
    return property in ("Name", kind) or kind.endswith(property.removesuffix("Name").removesuffix("Identifier") or "?")


def name_of(type: str, place: Place, properties: Mapping[str, Any]) -> str:
    """The name; empty where a resource has none."""
    property = name_property(type)
    if not property:
        return ""
    written = properties.get(property)
    if isinstance(written, str | int) and written != "":
        return str(written)
    row = name_rows().get(type)
    limit, form = (row.limit, row.form) if row else (0, "")
    return concrete(generated_name(place.stack, place.logical_id, limit, form), form, place.random)


def concrete(pattern: str, form: str, random: str) -> str:
    """A generated name by its pattern: what a cut leaves open is nothing, and the end is random.

    >>> concrete("app-api*-serverlessdeploymentbuck*", "lower", "1P6F52DNZSQ7")
    'app-api-serverlessdeploymentbuck-1p6f52dnzsq7'
    """
    joint = "_" if form == "word" else ""
    name = pattern.removesuffix("*").rstrip("-").replace("*", joint) + ("_" if form == "word" else "-") + random
    return name.lower() if form == "lower" else name.lstrip("-_")
