"""What of moto is replaced for this process: its own checks of policies, a cache that threads spoil, what API Gateway
lacks.

moto's checks of policies stand back: the gate has decided before, with conditions and principals, which they do not
know. moto keeps a bucket's policy and a key's where it did, so that they are read and answered. What is taken away: a
Deny of a bucket's policy without a look at its conditions, the object ACL of a request without a signature, and a Deny
of a key's policy for DescribeKey.

moto looks an alias of KMS up when it acts, after the guard has looked it up to ask for its key. In between another
request may move the alias to a key that the caller may not use; so an alias stands for one key all through a request
(:func:`aliases_kept`).

Of API Gateway (:func:`prepare`): definitions of OpenAPI 2 (Swagger), which moto refuses
(https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html names both). What moto reads
of a definition is written alike in both; a definition without paths is one too (measured: serverless-apigw-binary 0.4.4
sends such), and its binary media types are the API's
(https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-binary-media-types.html).
Of a domain name that nothing is mapped to yet, AWS lists no items
(https://docs.aws.amazon.com/apigateway/latest/api/API_GetBasePathMappings.html), where moto 5.2.5 ends with a
KeyError: serverless-domain-manager asks so before it maps an API.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, wraps
from typing import Any, Final

import moto.kms.responses
import moto.s3.models
import moto.s3.responses
from botocore.model import ServiceModel as BotocoreServiceModel
from botocore.utils import instance_cache
from moto.core.model import OperationModel, ServiceModel
from moto.iam.access_control import PermissionResult
from moto.kms.models import KmsBackend

_PUT: Final[Callable[..., Any]] = moto.s3.responses.S3Response._bucket_response_put


def patch_moto() -> None:
    """For this process, whose moto is behind a gate."""
    patch_aliases()
    setattr(moto.s3.models.FakeBucket, "get_permission", _permitted)  # noqa: B010 - a method of moto's
    setattr(moto.kms.responses, "validate_policy", _not_asked)  # noqa: B010
    setattr(moto.s3.responses.S3Response, "_bucket_response_put", _put_in_bucket)  # noqa: B010
    setattr(ServiceModel, "operation_model", instance_cache(operation_model))  # noqa: B010


def operation_model(service: ServiceModel, operation_name: str) -> OperationModel:
    """moto's model of an operation, of which nothing is kept before it is whole. Raises OperationNotFoundError.

    moto's own cached method calls botocore's, which keeps botocore's plain model under the same key until moto's
    replaces it. A thread that asks in between gets a model without ``http_trait`` and cannot route its request, which
    then counts as unmapped (measured: 47 of 960 requests of 16 threads from a cold start, moto 5.2.5)."""
    plain = BotocoreServiceModel.operation_model.__wrapped__(service, operation_name)
    return OperationModel(plain._operation_model, service, operation_name)


def _put_in_bucket(*args: Any, **named: Any) -> Any:
    """moto answers PutBucketPolicy with the word True, where AWS answers with nothing and version 2 of the SDK for
    JavaScript expects XML (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html)."""
    found = _PUT(*args, **named)
    return "" if found == "True" else found


def _permitted(bucket: object, action: str, resource: str) -> PermissionResult:
    return PermissionResult.PERMITTED


def _not_asked(key: object, action: str) -> None:
    return None


_FIND: Final[Callable[..., str | None]] = KmsBackend.get_key_id_from_alias
_CHANGES = ("create_alias", "update_alias", "delete_alias")


class _Found(threading.local):
    """The keys that this thread's request has found, by account, region and alias; None where none is answered."""

    keys: dict[tuple[str, str, str], str] | None = None


_found = _Found()


def patch_aliases() -> None:
    """For this process."""
    if KmsBackend.get_key_id_from_alias is not _FIND:
        return
    setattr(KmsBackend, "get_key_id_from_alias", _key_of)  # noqa: B010 - a method of moto's
    for name in _CHANGES:
        setattr(KmsBackend, name, _forgetting(getattr(KmsBackend, name)))


@contextmanager
def aliases_kept() -> Iterator[None]:
    """What this thread finds in here, it finds again."""
    _found.keys = {}
    try:
        yield
    finally:
        _found.keys = None


def _key_of(backend: KmsBackend, alias_name: str) -> str | None:
    place = backend.account_id, backend.region_name, alias_name
    if _found.keys is not None and place in _found.keys:
        return _found.keys[place]
    found = _FIND(backend, alias_name)
    if found and _found.keys is not None:
        _found.keys[place] = found
    return found


def _forgetting(change: Callable[..., Any]) -> Callable[..., Any]:
    """A request that changes an alias itself (a stack) finds it as it is then."""

    @wraps(change)
    def changed(*args: Any, **named: Any) -> Any:
        if _found.keys is not None:
            _found.keys.clear()
        return change(*args, **named)

    return changed


MAPPINGS = frozenset({"GetBasePathMappings", "GetBasePathMapping"})


def prepare(operation: str) -> None:
    """Before moto answers an operation: its model is loaded only for these."""
    if operation in OPERATIONS:
        read_openapi_2()
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
