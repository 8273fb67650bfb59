"""Statements, policies and trust as the framework and its plugins write them."""

from __future__ import annotations

from typing import Any


def allowed(actions: Any, resource: Any, **more: Any) -> dict[str, Any]:
    """A statement that allows actions; ``more`` are further elements."""
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **more}


def document(*statements: Any) -> dict[str, Any]:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def policy(name: Any, *statements: Any) -> dict[str, Any]:
    """A policy of a role."""
    return {"PolicyName": name, "PolicyDocument": document(*statements)}


def trust(service: Any, action: Any = "sts:AssumeRole") -> dict[str, Any]:
    """The trust policy of a role that a service, or each of a list of services, may assume."""
    return document({"Effect": "Allow", "Principal": {"Service": service}, "Action": action})
