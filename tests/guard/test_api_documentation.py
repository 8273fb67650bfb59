"""The documentation of REST APIs, which moto does not have."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from scopedown.guard.gate import Gate


def test_parts_and_versions_of_an_api_s_documentation_are_kept(gate: Gate) -> None:
    api = gate.client("apigateway", region="us-east-1")
    id = api.create_rest_api(name="shop")["id"]
    part = api.create_documentation_part(restApiId=id, location={"type": "API"}, properties='{"info": {}}')
    (listed,) = api.get_documentation_parts(restApiId=id)["items"]
    assert listed["id"] == part["id"]
    api.delete_documentation_part(restApiId=id, documentationPartId=part["id"])
    assert api.get_documentation_parts(restApiId=id)["items"] == []
    api.create_documentation_version(restApiId=id, documentationVersion="1", description="first")
    assert api.get_documentation_version(restApiId=id, documentationVersion="1")["description"] == "first"


@pytest.mark.parametrize("operation", ["get_documentation_version", "create_documentation_version"])
def test_a_version_that_is_not_there_or_twice_there_is_an_error(gate: Gate, operation: str) -> None:
    api = gate.client("apigateway", region="us-east-1")
    id = api.create_rest_api(name="shop")["id"]
    if operation.startswith("create"):
        api.create_documentation_version(restApiId=id, documentationVersion="1")
    with pytest.raises(ClientError) as raised:
        getattr(api, operation)(restApiId=id, documentationVersion="1")
    assert raised.value.response["Error"]["Code"] in ("NotFoundException", "ConflictException")


def test_a_part_that_is_not_there_cannot_be_deleted(gate: Gate) -> None:
    api = gate.client("apigateway", region="us-east-1")
    with pytest.raises(ClientError, match="NotFoundException"):
        api.delete_documentation_part(restApiId="abc", documentationPartId="none")


def test_who_may_not_read_the_documentation_is_denied(gate: Gate) -> None:
    who = gate.make_user("reader", [])
    api = gate.client("apigateway", who, region="us-east-1")
    with pytest.raises(ClientError, match="AccessDenied"):
        api.get_documentation_parts(restApiId="abc")
