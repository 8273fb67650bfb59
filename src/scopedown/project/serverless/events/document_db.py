"""The event ``documentDb``: the framework has no word for it, templates of CloudFormation, SAM and CDK do.

https://docs.aws.amazon.com/lambda/latest/dg/with-documentdb.html, the permissions of the execution role.
"""

from __future__ import annotations

from typing import Final

from scopedown.documents.nodes import as_map
from scopedown.project.model import Event
from scopedown.project.serverless.event_kinds import EVERYTHING, EventKind, Needs, RoleReader
from scopedown.project.serverless.events.parts.source_mapping import NETWORK


def _needs(event: Event, read: RoleReader) -> Needs:
    settings = as_map(event.settings)
    yield ("rds:DescribeDBClusters",), read.text(settings.get("arn"))
    yield ("rds:DescribeDBClusterParameters", "rds:DescribeDBSubnetGroups"), EVERYTHING
    if secret := settings.get("auth"):
        yield ("secretsmanager:GetSecretValue",), read.text(secret)
    yield NETWORK, EVERYTHING


KIND: Final = EventKind("documentDb", 230, needs=_needs)
