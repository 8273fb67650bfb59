"""API definitions of OpenAPI 2 (Swagger), which API Gateway takes and moto refuses.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html names both. What moto reads of
a definition (paths, methods, responses, integrations) is written alike in both; beside it, a definition without paths
is one too (measured: serverless-apigw-binary 0.4.4 sends such), and the binary media types of
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-binary-media-types.html are
the API's.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

OPERATIONS = frozenset({"PutRestApi", "ImportRestApi"})
_BINARY = "x-amazon-apigateway-binary-media-types"


@cache
def read_openapi_2() -> None:
    """Once in a process, when the first definition comes: moto's model is loaded for it."""
    from moto.apigateway.models import APIGatewayBackend

    put = APIGatewayBackend.put_rest_api

    def put_rest_api(
        backend: APIGatewayBackend, function_id: str, api_doc: Mapping[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        document = {"paths": {}, **api_doc}
        if str(document.pop("swagger", "")).startswith("2"):
            document["openapi"] = "3.0.0"
        api = put(backend, function_id, document, *args, **kwargs)
        if _BINARY in document:
            api.binaryMediaTypes = list(document[_BINARY])
        return api

    setattr(APIGatewayBackend, "put_rest_api", put_rest_api)  # noqa: B010 - a method of moto's
    imported = APIGatewayBackend.import_rest_api

    def import_rest_api(backend: APIGatewayBackend, api_doc: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:
        # The description is not required: https://spec.openapis.org/oas/v3.0.3#info-object
        info = api_doc.get("info")
        document = {**api_doc, "info": {"title": "", "description": "", **(info if isinstance(info, Mapping) else {})}}
        return imported(backend, document, *args, **kwargs)

    setattr(APIGatewayBackend, "import_rest_api", import_rest_api)  # noqa: B010 - a method of moto's
