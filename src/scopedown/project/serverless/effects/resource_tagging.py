"""serverless-plugin-resource-tagging 1.2.0 (MIT), ``index.js``: the tags of the stack on resources of eight types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from scopedown.documents.nodes import as_list, as_map
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_TYPES: Final = frozenset(
    {
        "AWS::ApiGateway::Stage", "AWS::CloudFront::Distribution", "AWS::DynamoDB::Table", "AWS::Kinesis::Stream",
        "AWS::Lambda::Function", "AWS::Logs::LogGroup", "AWS::S3::Bucket", "AWS::SQS::Queue",
    }
)  # fmt: skip


def _finish(template: Template) -> None:
    written = template.service.provider.get("stackTags")
    tags = [{"Key": name, "Value": value} for name, value in as_map(written).items()]
    for id, resource in template.all().items():
        # One without properties stays without tags.
        if not tags or resource.type not in _TYPES or not _has_properties(template, id):
            continue
        own = as_list(resource.properties.get("Tags"))
        named = [as_map(tag).get("Key") for tag in own]
        template.change(id, Tags=[*own, *(tag for tag in tags if tag["Key"] not in named)])


def _has_properties(template: Template, id: str) -> bool:
    if id in template.resources:
        return True
    declared = as_map(as_map(template.service.resources.get("Resources")).get(id))
    return isinstance(declared.get("Properties"), Mapping)


EFFECT: Final = Effect(finish=_finish)
