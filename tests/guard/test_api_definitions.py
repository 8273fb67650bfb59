"""API definitions that API Gateway takes and moto's import does not."""

from __future__ import annotations

import pytest

pytest.importorskip("moto")

from scopedown.guard.moto_patches import read_openapi_2


def test_a_definition_without_a_description_is_imported() -> None:
    from moto.apigateway.models import APIGatewayBackend

    read_openapi_2()
    backend = APIGatewayBackend("us-east-1", "111122223333")
    api = backend.import_rest_api(
        {"openapi": "3.0.1", "info": {"title": "orders"}, "paths": {}}, fail_on_warnings=False
    )
    assert (api.name, api.description) == ("orders", "")
