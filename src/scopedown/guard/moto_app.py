"""moto's services as a WSGI application that does what it was handed, and no more (:mod:`.handover`).

In: a request that was authorised, in its environment the service, the operation and the region. Out: the service's
answer; NotImplementedError where moto does not have the service, its path or its operation, AnotherOperationError where
it would do another operation. What moto works out anew for each request is worked out once: which backend a host
means (it lists its folder and tries the patterns of all services), which methods a class has. Measured: a quarter of
a request's time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import moto.core.responses
from flask import Flask
from flask import request as current_request
from moto.backends import list_of_moto_modules
from moto.core.responses import BaseResponse
from moto.core.utils import method_names_from_class
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from scopedown.guard.normalize_request import OPERATION, REGION_ASKED, SERVICE

BACKENDS = {"apigatewaymanagementapi": "apigatewaymanagementapi"}
"""Services that moto does not find by the name that they are signed with (it takes ``execute-api`` for IoT's)."""
PARTS_OF_S3 = frozenset(
    {
        "abac", "analytics", "annotation", "intelligent-tiering", "metadataAnnotationTable", "metadataConfiguration",
        "metadataInventoryTable", "metadataJournalTable", "metadataTable", "metrics", "renameObject", "requestPayment",
        "select-type", "session", "torrent",
    }
)  # fmt: skip
"""Parameters of the query by which S3 tells operations apart and which moto does not look at (measured, moto 5.2.5):
it would answer with the bucket's listing or the object instead."""


class AnotherOperationError(Exception):
    """moto would do something else than what was authorised."""


class _Dispatcher(DomainDispatcherApplication):
    """moto's services alone: neither its dashboard nor an instance's metadata, and none that a path names."""

    def get_application(self, environ: dict[str, Any]) -> Flask:
        service = environ[SERVICE]
        with self.lock:
            backend: Any = BACKENDS.get(service) or self.get_backend_for_host(
                self.infer_service_region_host(environ, environ.get("PATH_INFO", ""))
            )
            if backend is None:
                raise NotImplementedError(service)
            if backend not in self.app_instances:
                self.app_instances[backend] = made = self.create_app(backend)
                made.before_request(_is_there)
            return self.app_instances[backend]

    def get_backend_for_host(self, host: str | None) -> Any:
        """The backend of a name or host; None where moto has none, for which moto's own prints to standard output."""
        if host is None or host in list_of_moto_modules():
            return host
        return next((name for name, base in self.backend_url_patterns if base.match(f"http://{host}")), None)


def _is_there() -> None:
    if current_request.routing_exception is not None:
        raise NotImplementedError(current_request.path)


def _action_of(original: Callable[[BaseResponse], str]) -> Callable[[BaseResponse], str]:
    def authorised(response: BaseResponse) -> str:
        request = response.normalized_request
        name = request.environ.get(OPERATION)
        if not name:
            return original(response)
        by_path = response._get_action_from_method_and_request_uri(request)  # also reads the path's parameters
        if by_path and by_path != name and not request.environ.get("HTTP_X_AMZ_TARGET"):
            raise AnotherOperationError(f"{name} would be {by_path}")
        return str(name)

    return authorised


def _region_of(original: Callable[[BaseResponse, Any, str], str]) -> Callable[[BaseResponse, Any, str], str]:
    def asked(response: BaseResponse, request: Any, full_url: str) -> str:
        return str(request.environ.get(REGION_ASKED) or original(response, request, full_url))

    return asked


def accept_policies_without_version() -> None:
    """A policy without a Version is one of 2008-10-17
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html); moto refuses it."""
    from moto.iam.policy_validation import BaseIAMPolicyValidator

    setattr(BaseIAMPolicyValidator, "_validate_version", lambda validator: None)  # noqa: B010 - a method of moto's


def moto_application() -> DomainDispatcherApplication:
    """moto's services as a WSGI application."""
    accept_policies_without_version()
    made = _Dispatcher(create_backend_app)
    setattr(made, "get_backend_for_host", lru_cache(1024)(made.get_backend_for_host))  # noqa: B010 - a method of moto's
    once = moto.core.responses
    if once.method_names_from_class is method_names_from_class:  # type: ignore[attr-defined]
        setattr(once, "method_names_from_class", lru_cache(1024)(method_names_from_class))  # noqa: B010
        setattr(BaseResponse, "_get_action", _action_of(BaseResponse._get_action))  # noqa: B010
        setattr(BaseResponse, "get_region_from_url", _region_of(BaseResponse.get_region_from_url))  # noqa: B010
    return made
