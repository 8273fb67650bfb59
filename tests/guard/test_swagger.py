"""Definitions of OpenAPI 2 change a REST API as those of OpenAPI 3 do."""

from __future__ import annotations

import json

import pytest

from scopedown.guard.gate import Gate

ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
PATHS = {"/pets": {"get": {"responses": {"200": {"description": "all"}}}}}


@pytest.mark.parametrize("version", [{"swagger": "2.0"}, {"openapi": "3.0.1"}])
def test_a_definition_is_merged_into_the_api(version: dict[str, str]) -> None:
    with Gate() as gate:
        client = gate.client("apigateway", gate.make_user("someone", [ALL]))
        api = client.create_rest_api(name="pets")["id"]
        head = {**version, "info": {"title": "pets", "version": "1"}}
        client.put_rest_api(restApiId=api, mode="merge", body=json.dumps({**head, "paths": PATHS}))
        types = {**head, "x-amazon-apigateway-binary-media-types": ["image/png"]}
        client.put_rest_api(restApiId=api, mode="merge", body=json.dumps(types))
        assert {one["path"] for one in client.get_resources(restApiId=api)["items"]} == {"/", "/pets"}
        assert client.get_rest_api(restApiId=api)["binaryMediaTypes"] == ["image/png"]
