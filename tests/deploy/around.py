"""Small projects and their plans, for tests of what stands around a policy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scopedown.catalog.load import catalog
from scopedown.deploy.commands import asked_commands
from scopedown.deploy.documents import documents
from scopedown.deploy.model import Plan
from scopedown.deploy.plan import plan
from scopedown.deploy.target import Target, target_of
from scopedown.documents.document import Files, parse_json
from scopedown.project.model import Project
from scopedown.project.options import Options
from scopedown.project.serverless.read import read_serverless

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/shop-dev-eu-west-1-lambdaRole"


def project(account: str | None = ACCOUNT, stage: str = "dev", **changes: Any) -> Project:
    """A service ``shop`` with one function; ``changes`` are further top-level settings."""
    tree: dict[str, Any] = {
        "service": "shop",
        "provider": {"name": "aws", "runtime": "nodejs22.x", "region": "eu-west-1", **changes.pop("provider", {})},
        "functions": {"sell": {"handler": "sell.handler", **changes.pop("function", {})}},
        **changes,
    }
    document = parse_json(json.dumps(tree), "serverless.json", Path("/nowhere/serverless.json"))
    options = Options(stage=stage, account=account, framework="osls")
    return read_serverless(document, Files(Path("/nowhere")), options)


def planned(found: Project, commands: str = "all") -> Plan:
    """Its plan."""
    return plan(found, catalog(), "osls", asked_commands(commands, "osls"))


def target(found: Project) -> Target:
    """Where it goes."""
    return target_of(found)


def policies(found: Plan) -> list[dict[str, Any]]:
    """Its documents."""
    return documents(found.permissions)


def table(name: str) -> dict[str, Any]:
    """A table under ``resources``."""
    properties = {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    }
    return {"Resources": {"Table": {"Type": "AWS::DynamoDB::Table", "Properties": properties}}}
