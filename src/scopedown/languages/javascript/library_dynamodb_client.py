"""serverless-dynamodb-client: clients of aws-sdk v2 that speak to a local table offline, and to DynamoDB on Lambda.

Read from the source of serverless-dynamodb-client 0.0.2 (``src/index.js``).
"""

from __future__ import annotations

from scopedown.calls.sdks.emitting import Target
from scopedown.calls.sdks.shapes.objects import ServiceObject
from scopedown.calls.values import Value
from scopedown.languages.javascript.natives import Quiet
from scopedown.languages.javascript.sdk_v2 import V2

LANGUAGE = "javascript"
PACKAGES = ("serverless-dynamodb-client",)


def module(name: str) -> Value | None:
    """``doc`` works with plain values, ``raw`` with DynamoDB's."""
    target = Target("dynamodb", V2.name)
    return Quiet(name, {"doc": ServiceObject(V2, target, "documents"), "raw": V2.client(target)})
