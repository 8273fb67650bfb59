"""An AWS on 127.0.0.1 that says no: every request of a known key is authorised before moto sees it.

In: HTTP requests, and who they may come from (:class:`Principal`). Out: the service's own answer, or its own error;
and a record of every check (:class:`Decided`). What cannot be mapped to an action is denied and told in
:attr:`Gate.unmapped`, never let through. CloudFormation's operations are answered by :mod:`.stacks`.
"""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Self

import boto3
from botocore import xform_name
from botocore.config import Config
from moto.core.request import Request
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Response

from scopedown.guard import answers, signature
from scopedown.guard.answers import RefusedError
from scopedown.guard.asked import Asked, read
from scopedown.guard.checks import UnmappedError, checks
from scopedown.guard.model import ACCOUNT, REGION, Check, Decided, Principal
from scopedown.guard.server import Server
from scopedown.iam import PolicySet, evaluate
from scopedown.iam import Request as IamRequest
from scopedown.iam.context import derived_context

WRONG_SIGNATURE = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method."
)


class Gate:
    """The server; used as a context manager. ``without`` are actions that are denied whatever the policies say."""

    def __init__(
        self,
        principals: Iterable[Principal] = (),
        host: str = "127.0.0.1",
        port: int = 0,
        admin: Principal | None = None,
    ) -> None:
        self.principals = {one.key_id: one for one in principals if one.key_id}
        self.roles = {one.caller.role_arn or one.caller.arn: one for one in principals if not one.key_id}
        self.without: set[str] = set()
        self.during = ""
        self.decided: list[Decided] = []
        self.unmapped: list[str] = []
        self.stand_ins: list[tuple[str, str]] = []
        """Resources of stacks that are not made for real: the logical id, and the reason."""
        self.strange: list[str] = []
        """Requests whose key is not known or whose signature is wrong."""
        self.answers: dict[str, Callable[[Principal, Asked], Mapping[str, Any] | None]] = {}
        """What answers a service's operation instead of moto, by the service's name."""
        self.on_decided: Callable[[Decided], None] | None = None
        """Called with every decision before its request is answered, from the thread that answers."""
        self.learn = False
        """Whether what is denied goes on all the same; the record tells that it was denied."""
        self.enforce_only: set[str] = set()
        """Names of users and roles; unless empty, what others are denied goes on."""
        self.keeps = True
        """Whether :attr:`decided` has them all; a guard that runs for long hands them on instead."""
        self._lock = threading.Lock()
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._admin = admin or Principal.user("admin", PolicySet())
        self._clients: dict[tuple[str, str], Any] = {}
        self._server = Server(self._answer, host, port)

    def __enter__(self) -> Self:
        self._server.start()
        self.reset()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()

    @property
    def address(self) -> str:
        return self._server.address

    @property
    def admin(self) -> Principal:
        """The administrator, to whom nothing is denied."""
        return self._admin

    @property
    def denied(self) -> list[Decided]:
        return [one for one in self.decided if not one.allowed]

    def reset(self) -> None:
        """Empty the local AWS and the record; functions run without Docker."""
        from requests import post

        post(f"{self.address}/moto-api/reset", timeout=30).raise_for_status()
        post(f"{self.address}/moto-api/config", json={"lambda": {"use_docker": False}}, timeout=30).raise_for_status()
        self.decided.clear()
        self.unmapped.clear()
        self.strange.clear()
        self.stand_ins.clear()

    def client(self, service: str, principal: Principal | None = None, region: str = REGION) -> Any:
        """A client of boto3; without a principal it asks as an administrator whom nothing is denied."""
        who = principal or self._admin
        if principal is None and (service, region) in self._clients:
            return self._clients[service, region]
        made = boto3.client(
            service, endpoint_url=self.address, region_name=region, aws_access_key_id=who.key_id,
            aws_secret_access_key=who.secret,
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )  # fmt: skip
        if principal is None:
            self._clients[service, region] = made
        return made

    def perform(self, service: str, operation: str, parameters: Mapping[str, Any]) -> Any:
        """Do it in moto, whoever asked."""
        return getattr(self.client(service), xform_name(operation))(**parameters)

    def authorise(
        self, who: Principal, service: str, operation: str, parameters: Mapping[str, Any], via: str = "", *,
        logical_id: str = "", modelled: bool = False,
    ) -> list[tuple[Check, str]]:  # fmt: skip
        """The checks of a request that do not pass, with AWS's sentence for each; empty where it may go on."""
        name = f"{service}.{operation}"
        try:
            needed = checks(service, operation, parameters, ACCOUNT, REGION)
        except UnmappedError:
            with self._lock:
                self.unmapped.append(f"{self.during}: {name}")
            return [(Check(name, "*"), f"nothing says which action guards {name}")]
        return [
            (one, why) for one in needed
            if (why := self.check(who, name, one, via, logical_id=logical_id, modelled=modelled))
        ]  # fmt: skip

    def check(
        self, who: Principal, operation: str, one: Check, via: str = "", *, logical_id: str = "", modelled: bool = False
    ) -> str:
        """One check; why it does not pass, or nothing. ``logical_id`` and ``modelled`` are noted (:class:`Decided`)."""
        context = {**one.context, **({"aws:CalledVia": [via], "aws:ViaAWSService": "true"} if via else {})}
        request = IamRequest(
            who.caller, one.action, one.resource, context=derived_context(who.caller, one.resource, context)
        )
        decision = evaluate(request, who.policies)
        allowed = decision.value == "allowed" and one.action not in self.without
        decided = Decided(
            self.during, operation, one, allowed, via, principal=who.caller.arn, time=time.time(),
            logical_id=logical_id, modelled=modelled, message="" if allowed else decision.message,
            statement=decision.decided_by.label if decision.decided_by else "",
        )  # fmt: skip
        if self.keeps:
            with self._lock:
                self.decided.append(decided)
        if self.on_decided is not None:
            self.on_decided(decided)
        if allowed:
            return ""
        if decision.value != "allowed":
            return decision.message
        asks = f"User: {who.caller.arn} is not authorized to perform: {one.action} on resource: {one.resource}"
        return f"{asks} because no identity-based policy allows the {one.action} action"

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Any:
        length = environ.get("CONTENT_LENGTH")
        chunked = environ.get("wsgi.input_terminated") and not length
        body = environ["wsgi.input"].read() if chunked else environ["wsgi.input"].read(int(length or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        if environ["PATH_INFO"].startswith("/moto-api"):
            return self._moto(environ, start_response)
        request = Request(dict(environ, **{"wsgi.input": io.BytesIO(body)}))
        asked = read(request)
        try:
            answer = self._gated(request, asked, body)
        except RefusedError as error:
            kind = (asked.protocol, asked.service) if asked else ("rest-xml", "s3")
            return answers.response(error, *kind, request)(environ, start_response)
        return (answer or self._moto)(environ, start_response)

    def _gated(self, request: Request, asked: Asked | None, body: bytes) -> Response | None:
        """The answer to an allowed request where moto is not to give it. Raises RefusedError."""
        if asked is None:
            self.strange.append(f"{request.method} {request.path}")
            raise RefusedError("MissingAuthenticationToken", "Request is missing Authentication Token", 403)
        who = self._admin if asked.key_id == self._admin.key_id else self.principals.get(asked.key_id)
        if who is None:
            self.strange.append(f"{asked.service}.{asked.operation} with {asked.key_id}")
            raise RefusedError("InvalidClientTokenId", "The security token included in the request is invalid.", 403)
        if not signature.is_signed_with(who.secret, request, body):
            self.strange.append(f"{asked.service}.{asked.operation} signed wrongly")
            raise RefusedError("SignatureDoesNotMatch", WRONG_SIGNATURE, 403)
        if not asked.operation:
            self.unmapped.append(f"{self.during}: {asked.service} {request.method} {request.path}")
            raise RefusedError("AccessDenied", f"{request.method} {request.path} is no operation that is known", 403)
        if asked.service in self.answers:
            result = self.answers[asked.service](who, asked)
            if result is not None:
                return answers.success(asked, result)
        if who is self._admin:
            return None
        failed = self.authorise(who, asked.service, asked.operation, asked.parameters)
        if not self._enforces(who):
            return None
        if failed and asked.operation == "DeleteObjects" and asked.service == "s3":
            return self._deleted(asked, {check.resource: why for check, why in failed})
        if failed:
            raise answers.denial(asked.protocol, failed[0][1])
        self._found(who, asked)
        return None

    def _enforces(self, who: Principal) -> bool:
        name = (who.caller.role_arn or who.caller.arn).rsplit("/", 1)[-1]
        return not self.learn and (not self.enforce_only or name in self.enforce_only)

    def _found(self, who: Principal, asked: Asked) -> None:
        """An object that is not there is told only to those who may list its bucket
        (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html)."""
        if asked.service != "s3" or asked.operation not in ("HeadObject", "GetObject"):
            return
        bucket, key = asked.parameters["Bucket"], asked.parameters["Key"]
        try:
            self.client("s3").head_object(Bucket=bucket, Key=key)
        except self.client("s3").exceptions.ClientError:
            listing = Check("s3:ListBucket", f"arn:aws:s3:::{bucket}", {"aws:RequestedRegion": REGION})
            if why := self.check(who, f"s3.{asked.operation} of no object", listing):
                raise answers.denial(asked.protocol, why) from None

    def _deleted(self, asked: Asked, refused: Mapping[str, str]) -> Response:
        """The others are deleted, and each that is refused is told in the answer."""
        bucket, told = asked.parameters["Bucket"], []
        for one in asked.parameters["Delete"]["Objects"]:
            if why := refused.get(f"arn:aws:s3:::{bucket}/{one['Key']}"):
                told.append({"Key": one["Key"], "Code": "AccessDenied", "Message": why})
            else:
                self.client("s3").delete_object(Bucket=bucket, **one)
        return answers.success(asked, {"Errors": told})
