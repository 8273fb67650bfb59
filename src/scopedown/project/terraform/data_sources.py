"""What expressions get of resources and data sources: by the tables, and by rules for those with a shape of their own.

Reference: https://registry.terraform.io/providers/hashicorp/aws/latest/docs (data sources) and
https://registry.terraform.io/providers/hashicorp/archive/latest/docs/data-sources/file
"""

from __future__ import annotations

from typing import Any, Final

from scopedown.catalog.load import catalog
from scopedown.core.text import Pseudo, Text
from scopedown.project.terraform.context import Resource
from scopedown.project.terraform.policies import document_of
from scopedown.project.terraform.rows import data_rows, filled, resource_rows
from scopedown.project.terraform.values import Encoded, FileText, as_text, simple

_PSEUDO: Final = {
    ("aws_caller_identity", "account_id"): "AWS::AccountId",
    ("aws_caller_identity", "id"): "AWS::AccountId",
    ("aws_region", "name"): "AWS::Region",
    ("aws_region", "region"): "AWS::Region",
    ("aws_region", "id"): "AWS::Region",
    ("aws_partition", "partition"): "AWS::Partition",
    ("aws_partition", "id"): "AWS::Partition",
    ("aws_partition", "dns_suffix"): "AWS::URLSuffix",
}


_LOCAL_FILES: Final = ("local_file", "local_sensitive_file")
"""Data sources of hashicorp/local (https://registry.terraform.io/providers/hashicorp/local/latest/docs)."""


def known_attribute(instance: Resource, name: str) -> Any:
    """An attribute that a type's rule gives; ``NotImplemented`` where there is none."""
    return _of_data(instance, name) if instance.is_data else _of_resource(instance, name)


def _of_resource(instance: Resource, name: str) -> Any:
    if instance.type == "aws_ssm_parameter" and name == "arn":
        # The ARN has one slash before the name, whether or not the name begins with one
        # (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html).
        written = as_text(instance.argument("name"))
        slash = "" if str(written).startswith("/") else "/"
        at = f"arn:{{AWS::Partition}}:ssm:{{AWS::Region}}:{{AWS::AccountId}}:parameter{slash}"
        return Text.of(filled(at, lambda one: Text.of(Pseudo(one))), instance.attribute("name"))
    row = resource_rows().get(instance.type)
    found = row.attribute(name, instance.id, lambda one: _filling(instance, one)) if row is not None else None
    return NotImplemented if found is None else found


def _of_data(instance: Resource, name: str) -> Any:
    pseudo = _PSEUDO.get((instance.type, name))
    if pseudo is not None and (pseudo != "AWS::Region" or instance.argument("region") is None):
        return Text.of(Pseudo(pseudo))
    if instance.type == "aws_iam_policy_document" and name in ("json", "minified_json"):
        return Encoded(document_of(instance.arguments(), instance.place))
    if instance.type in _LOCAL_FILES and name == "content":
        return _text_of_file(instance)
    if instance.type == "aws_iam_policy" and name in ("arn", "id"):
        return _managed(instance)
    written = data_rows().get(instance.type, {}).get(name)
    if written is None:
        return NotImplemented
    return simple(filled(written, lambda one: _filling(instance, one)))


def _text_of_file(instance: Resource) -> Any:
    path = instance.argument("filename")
    held = instance.context.text(path, instance.place_of("filename")) if isinstance(path, str) else None
    return NotImplemented if held is None else FileText.of(held)


def _managed(instance: Resource) -> Any:
    """The ARN of a managed policy: the one that is given, or that of AWS's own policy of a name."""
    given, name = instance.argument("arn"), instance.argument("name")
    if given is not None:
        return given
    own = catalog().managed_policy(name) if isinstance(name, str) else None
    if own is None:
        return Text.unknown(f"{instance.address} is a policy outside of the configuration", instance.place)
    return Text.of("arn:", Pseudo("AWS::Partition"), f":iam::aws:policy{own.path}{own.name}")


def _filling(instance: Resource, name: str) -> Text:
    if name.startswith("AWS::"):
        return Text.of(Pseudo(name))
    value = instance.argument(name)
    if value is None:
        return Text.unknown(f"{instance.address} does not say its {name}", instance.place)
    return as_text(value)
