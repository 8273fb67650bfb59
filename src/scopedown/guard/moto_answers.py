"""What moto answers to an authorised request, in the protocol that the request came in.

In: the request and what it asks. Out: the answer as a WSGI application. It, or the application, raises
NotImplementedError where moto has none, :class:`~.moto_app.AnotherOperationError` where moto would do something else.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import Any

from moto.core.request import Request
from werkzeug.wrappers import Response

from scopedown.guard import cbor, moto_apigateway, responses
from scopedown.guard.moto_app import PARTS_OF_S3, moto_application
from scopedown.guard.normalize_request import handed_over
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
            moto_apigateway.prepare(asked.operation)
        with self._s3 if asked.service == "s3" else nullcontext():
            return self._moto(environ, start_response)
