"""What moto's API Gateway lacks, put right when an operation is first asked for that needs it.

Definitions of OpenAPI 2 are read by :mod:`.moto_openapi`. Of a domain name that nothing is mapped to yet, AWS lists no
items (https://docs.aws.amazon.com/apigateway/latest/api/API_GetBasePathMappings.html), where moto 5.2.5 ends with a
KeyError: serverless-domain-manager asks so before it maps an API.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from scopedown.guard import moto_openapi

MAPPINGS = frozenset({"GetBasePathMappings", "GetBasePathMapping"})


def prepare(operation: str) -> None:
    """Before moto answers an operation: its model is loaded only for these."""
    if operation in moto_openapi.OPERATIONS:
        moto_openapi.read_openapi_2()
    elif operation in MAPPINGS:
        _list_no_mappings()


@cache
def _list_no_mappings() -> None:
    """Once in a process."""
    from moto.apigateway.models import APIGatewayBackend

    for name in ("get_base_path_mappings", "get_base_path_mapping"):
        setattr(APIGatewayBackend, name, _with_an_empty_list(getattr(APIGatewayBackend, name)))


def _with_an_empty_list(answer: Any) -> Any:
    def answered(backend: Any, domain_name: str, *args: Any) -> Any:
        if domain_name in backend.domain_names:
            backend.base_path_mappings.setdefault(domain_name, {})
        return answer(backend, domain_name, *args)

    return answered
