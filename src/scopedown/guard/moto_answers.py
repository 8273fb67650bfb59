"""What moto answers to an authorised request, in the protocol that the request came in.

In: the request and what it asks. Out: the answer as a WSGI application. It, or the application, raises
NotImplementedError where moto has none, :class:`AnotherOperationError` where moto would do something else.

moto's application does what it was handed (:mod:`.normalize_request`), and no more. What moto works out anew for each
request is worked out once: which backend a host means (it lists its folder and tries the patterns of all services),
which methods a class has. Measured: a quarter of a request's time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import moto.core.responses
from flask import Flask
from flask import request as current_request
from moto.backends import list_of_moto_modules
from moto.core.request import Request
from moto.core.responses import BaseResponse
from moto.core.utils import method_names_from_class
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Response

from scopedown.guard import cbor, responses
from scopedown.guard.moto_patches import prepare
from scopedown.guard.normalize_request import OPERATION, REGION_ASKED, SERVICE, handed_over
from scopedown.guard.request import Asked
from scopedown.guard.responses import RefusedError
from scopedown.guard.server import Application


class MotoAnswers:
    """moto, which answers one request after the other of S3, and all others at once."""

    def __init__(self) -> None:
        self._s3 = threading.Lock()
        """moto closes an object's buffer when it is overwritten, also while another request reads it."""
        self._moto = moto_application()

    def answer(
        self, asked: Asked, environ: dict[str, Any], request: Request, body: bytes, account: str,
        noticed: Callable[[Response], None] | None = None,
    ) -> Application:  # fmt: skip
        """The answer, which ``noticed`` is shown first. Raises RefusedError for an error in answer to a request in
        CBOR."""
        if asked.protocol in cbor.PROTOCOLS:
            return self._translated(asked, environ, request, account, noticed)
        given = handed_over(environ, request, asked, body, account)
        if noticed is None:
            return lambda _, start_response: self._run(asked, given, start_response)
        made = Response.from_app(partial(self._run, asked), given)
        noticed(made)
        return made

    def _translated(
        self, asked: Asked, environ: dict[str, Any], request: Request, account: str,
        noticed: Callable[[Response], None] | None,
    ) -> Response:  # fmt: skip
        handed = None if asked.model is None else cbor.handed_on(asked.model, asked.parameters)
        if asked.model is None or handed is None:
            raise NotImplementedError(asked.operation)
        protocol, more, body = handed
        given = {name: value for name, value in environ.items() if name != "HTTP_SMITHY_PROTOCOL"} | more
        other = replace(asked, protocol=protocol)
        given = handed_over(given, request, other, body, account)
        made = Response.from_app(partial(self._run, other), given, buffered=True)
        if noticed is not None:
            noticed(made)
        found = cbor.result_of(asked.model, protocol, made.status_code, made.get_data())
        if made.status_code >= 300:
            error = found.get("Error", {})
            code, message = str(error.get("Code") or "InternalFailure"), str(error.get("Message") or "")
            raise RefusedError(code, message, made.status_code)
        return responses.success(asked, found)

    def _run(self, asked: Asked, environ: dict[str, Any], start_response: Any) -> Any:
        if (asked.model is None and asked.service != "apigatewaymanagementapi") or (
            asked.service == "s3"
            and not PARTS_OF_S3.isdisjoint(asked.model.http_trait.query_args if asked.model else ())
        ):
            raise NotImplementedError(asked.operation)
        if asked.service == "apigateway":
            prepare(asked.operation)
        with self._s3 if asked.service == "s3" else nullcontext():
            return self._moto(environ, start_response)


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
