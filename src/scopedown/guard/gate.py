"""An AWS on 127.0.0.1 that says no: every request is authorised before moto sees it.

In: HTTP requests, of the principals of the local IAM (:mod:`.local_iam`), of temporary credentials
(:mod:`.credentials`), and of those that the gate is given. Out: the service's own answer, or its own error; and a
record of every check (:class:`Decided`). What cannot be mapped to an action is denied and told in
:attr:`Gate.unmapped`, never let through. A service that the gate was given answers for itself
(:mod:`.cloudformation`), what moto lacks :mod:`.native_operations`, moto all others.
"""

from __future__ import annotations

import io
import itertools
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Self

import boto3
from botocore import xform_name
from botocore.config import Config
from moto.core.request import Request
from moto.moto_api._internal.models import moto_api_backend
from werkzeug.wrappers import Response

from scopedown.guard import connections, credentials, local_iam, resource_policies, s3_objects, signature
from scopedown.guard import responses as answers
from scopedown.guard.authority import Answer, Service
from scopedown.guard.checks import UnmappedError, acting_account, checks
from scopedown.guard.deliveries import ENFORCED, check_deliveries, require_deliverable
from scopedown.guard.existence import Existence
from scopedown.guard.lacking import Lacking, Origin
from scopedown.guard.lambda_functions import RunFunction, invoked, withholding
from scopedown.guard.malformed import malformed, require_consistent, require_object, require_possible, require_readable
from scopedown.guard.model import ACCOUNT, REGION, Check, Decided, Principal
from scopedown.guard.moto_answers import AnotherOperationError, MotoAnswers
from scopedown.guard.moto_patches import aliases_kept, patch_moto
from scopedown.guard.native_operations import answered, create_user
from scopedown.guard.normalize_request import unpacked
from scopedown.guard.request import Asked, read
from scopedown.guard.response_urls import ResponseUrls
from scopedown.guard.responses import RefusedError
from scopedown.guard.server import LARGEST_REQUEST, Server
from scopedown.guard.signature import MalformedError
from scopedown.guard.state_machines import run_task
from scopedown.guard.trust import Authorise, Sts, Wish, assume
from scopedown.guard.unique_ids import bind_principals
from scopedown.iam import Caller, CallerKind, Policy, PolicySet, evaluate
from scopedown.iam import Request as IamRequest
from scopedown.iam.request import derived_context

_STRANGE = 1000
"""Refused requests that are remembered; the oldest go first."""


class Gate:
    """The server; used as a context manager. ``without`` are actions that are denied whatever the policies say.

    ``services`` answer in front of moto (:mod:`.services`); they are made anew with each :meth:`reset`.
    """

    def __init__(
        self,
        principals: Iterable[Principal] = (),
        host: str = "127.0.0.1",
        port: int = 0,
        admin: Principal | None = None,
        services: Sequence[Service] = (),
    ) -> None:
        self.principals = {principal.key_id: principal for principal in principals if principal.key_id}
        self.roles = {
            principal.caller.role_arn or principal.caller.arn: principal
            for principal in principals
            if not principal.key_id
        }
        self._services = services
        self.without: set[str] = set()
        self.during = ""
        self.decided: list[Decided] = []
        self.unmapped: list[str] = []
        self.stand_ins: list[tuple[str, str]] = []
        """Resources of stacks that are not made for real: the logical id, and the reason."""
        self.existence = Existence()
        """What stacks may name although the local AWS does not have it."""
        self.strange: list[str] = []
        """Requests whose key is not known or whose signature is wrong."""
        self.lacking = Lacking()
        self.answers: dict[str, Answer] = {}
        """What answers a service's operation instead of moto, by the service's name."""
        self.stack_denials_at_once = False
        """Whether CreateStack and UpdateStack answer with the denial that the stack ended in, for who does not wait."""
        self.on_decided: Callable[[Decided], None] | None = None
        """Called with every decision before its request is answered, from the thread that answers."""
        self.learn = False
        """Whether what is denied goes on all the same; the record tells that it was denied."""
        self.enforce_only: set[str] = set()
        """Names of users and roles; unless empty, what others are denied goes on."""
        self.run_function: RunFunction | None = None
        """What runs functions that are invoked, and those of custom resources; without it moto answers."""
        self.response_urls = ResponseUrls()
        self.keeps = True
        """Whether :attr:`decided` has them all; a guard that runs for long hands them on instead."""
        self.context: dict[str, dict[str, object]] = {}
        """Condition keys that a request cannot carry here (``aws:SourceVpce``, another ``aws:SourceIp``, a time), by
        the ARN of the user or role, or ``*`` for everyone; they win over what the request says. None takes one out."""
        self._sts = Sts(self._asks)
        self._answered = answered(self._sts)
        self._numbers = itertools.count(1)
        self._current = threading.local()
        self._joined = local_iam.Joined()
        patch_moto()
        check_deliveries()
        bind_principals()
        self._lock = threading.Lock()
        self._moto = MotoAnswers()
        self._admin = admin or Principal.user("admin", PolicySet())
        self._clients: dict[tuple[str, str], Any] = {}
        self._server = Server(self.app, host, port)

    def __enter__(self) -> Self:
        connections.listens(self.address)
        self._server.start()
        self.reset()
        return self

    def __exit__(self, *raised: object) -> None:
        self._server.stop()
        connections.ends(self.address)

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
        moto_api_backend.reset()
        moto_api_backend.set_config({"lambda": {"use_docker": False}})
        self.decided.clear()
        self.unmapped.clear()
        self.strange.clear()
        self.stand_ins.clear()
        self.existence.clear()
        self.lacking.clear()
        self._answered = answered(self._sts)
        local_iam.backend(ACCOUNT)
        self.answers.clear()
        for service in self._services:
            self.answers |= service(self)

    def make_user(
        self, name: str, policies: Iterable[Policy | Mapping[str, Any] | str] = (), account: str = ACCOUNT
    ) -> Principal:
        """A user of the local IAM with these inline policies and an access key."""
        return local_iam.make_user(name, policies, account)

    def role(self, arn: str) -> Principal | None:
        """A role as who acts for a service that was handed it; None where there is none."""
        if given := self.roles.get(arn):
            return given
        found = local_iam.role(arn)
        if found is None:
            return None
        caller = Caller.role_session(found[0].account_id, arn.split(":role/", 1)[1], "AWSCloudFormation",
                                     tags=local_iam.tags_of_role(found[0]))  # fmt: skip
        return Principal(caller, found[1])

    def assume(
        self, role_arn: str, session_name: str, service: str = "lambda.amazonaws.com", seconds: int = 3600,
        context: Mapping[str, object] | None = None,
    ) -> Principal:  # fmt: skip
        """A session of a role, as an AWS service takes it: the role's trust policy decides, with ``context`` beside
        (``aws:SourceArn``). Raises RefusedError."""
        who = Principal(Caller.service(service), PolicySet(), secret="")
        wish = Wish(role_arn, session_name, seconds, context=context or {})
        made = assume(who, wish, "sts:AssumeRole", self.check).principal()
        assert made is not None
        return made

    def client(self, service: str, principal: Principal | None = None, region: str = REGION) -> Any:
        """A client of boto3; without a principal it asks as an administrator whom nothing is denied."""
        who = principal or self._admin
        if principal is None and (service, region) in self._clients:
            return self._clients[service, region]
        made = boto3.client(
            service, endpoint_url=self.address, region_name=region, aws_access_key_id=who.key_id,
            aws_secret_access_key=who.secret, aws_session_token=who.token or None,
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
        logical_id: str = "", modelled: bool = False, region: str = REGION,
    ) -> list[tuple[Check, str]]:  # fmt: skip
        """The checks of a request that do not pass, with AWS's sentence for each; empty where it may go on."""
        name = f"{service}.{operation}"
        if who.key_id == self._admin.key_id:
            return []
        try:
            asked = None if via else getattr(self._current, "request", None)
            needed = checks(service, operation, parameters, who.account, region, asked, modelled)
            if asked is not None:
                self._current.needed, self._current.account = needed, acting_account(needed, who.account)
        except UnmappedError:
            one, why = self._unmapped(who, name, "", via, logical_id, modelled)
            return [(one, why)] if self._enforces(who) else []
        return [
            (check, why) for check in needed
            if (why := self.check(who, name, check, via, logical_id=logical_id, modelled=modelled))
        ]  # fmt: skip

    def _unmapped(
        self, who: Principal, name: str, what: str = "", via: str = "", logical_id: str = "", modelled: bool = False
    ) -> tuple[Check, str]:
        """Note what cannot be mapped to an action: the check that stands for it in the record, and the sentence."""
        with self._lock:
            self.unmapped.append(f"{self.during}: {what or name}")
            del self.unmapped[:-_STRANGE]
        one, why = Check(name, "*"), f"scopedown does not know which action {what or name} needs"
        if self.on_decided is not None:
            self.on_decided(Decided(
                self.during, name, one, False, via, who.caller.arn, getattr(self._current, "number", 0),
                time.time(), logical_id, modelled, "", why,
            ))  # fmt: skip
        return one, why

    def check(
        self, who: Principal, operation: str, one: Check, via: str = "", *, logical_id: str = "",
        modelled: bool = False, optional: bool = False,
    ) -> str:  # fmt: skip
        """One check; why it does not pass, or nothing. ``logical_id`` and ``modelled`` are noted (:class:`Decided`);
        a denial is not where the check is ``optional``: the request goes on, and its answer has less."""
        if who.key_id == self._admin.key_id:
            return ""
        owned = resource_policies.of(one.action, one.resource)
        owner = owned.account or None
        if modelled and owner is None and owned.policy is None and not one.action.startswith("iam:"):
            owner = who.caller.account  # what another account's policy says of a layer, a topic, is taken to allow it
        context: dict[str, object] = {**who.context, **one.context}
        if via:
            context |= {"aws:CalledVia": [via], "aws:ViaAWSService": "true"}
        context = derived_context(who.caller, one.resource, context, owner)
        if self.context:
            context = self._told(who, context)
        request = IamRequest(who.caller, one.action, one.resource, owner, context=context)
        decision = evaluate(request, self._joined.with_resource(who.policies, owned.policy))
        allowed = decision.value == "allowed" and one.action not in self.without
        decided = Decided(
            self.during, operation, one, allowed, via, principal=who.caller.arn, time=time.time(),
            number=getattr(self._current, "number", 0),
            logical_id=logical_id, modelled=modelled, message="" if allowed else decision.message,
            statement=decision.decided_by.label if decision.decided_by else "",
        )  # fmt: skip
        enforced = self._enforces(who)
        if self.keeps and (allowed or not (optional and enforced)):
            with self._lock:
                self.decided.append(decided)
        if self.on_decided is not None and (allowed or not (optional and enforced)):
            self.on_decided(decided)
        if allowed or not enforced:
            return ""
        if decision.value != "allowed":
            return decision.message
        asks = f"User: {who.caller.arn} is not authorized to perform: {one.action} on resource: {one.resource}"
        return f"{asks} because no identity-based policy allows the {one.action} action"

    def _told(self, who: Principal, context: Mapping[str, object]) -> dict[str, object]:
        """The context with the keys of :attr:`context` in the place of its own."""
        more = {**self.context.get("*", {}), **self.context.get(who.caller.role_arn or who.caller.arn, {})}
        named = {key.lower() for key in more}
        return {key: value for key, value in context.items() if key.lower() not in named} | more

    def _asks(self, who: Principal) -> Authorise | None:
        """How STS has its trust checked: not at all for the administrator."""
        return None if who.key_id == self._admin.key_id else self.check

    def app(self, environ: dict[str, Any], start_response: Any) -> Any:
        """The WSGI application."""
        by = Origin()
        self._current.by = by
        with connections.answering(partial(self.lacking.note_connection, by)), aliases_kept():
            return self._answer(environ, start_response)

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Any:
        length = environ.get("CONTENT_LENGTH")
        chunked = environ.get("wsgi.input_terminated") and not length
        body = environ["wsgi.input"].read() if chunked else environ["wsgi.input"].read(int(length or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        self._current.number = next(self._numbers)
        request = Request(dict(environ, **{"wsgi.input": io.BytesIO(body)}))
        if (taken := self.response_urls.answer(request)) is not None:
            return taken(environ, start_response)
        environ, plain = unpacked(environ, body, LARGEST_REQUEST)
        if plain is not body:
            self._current.request = Request(dict(environ))
        else:
            self._current.request = request
        asked = read(self._current.request)
        try:
            who = self._who(request, asked, body)
            assert asked is not None
            self._current.by.arn, self._current.by.operation = who.caller.arn, f"{asked.service}.{asked.operation}"
            self._current.needed, self._current.account = [], who.account
            require_readable(asked, self._current.request, plain)
            if (answer := self._gated(self._current.request, asked, who)) is not None:
                return answer(environ, start_response)
            return self._by_moto(environ, plain, who, asked, start_response)
        except RefusedError as error:
            return answers.response(error, *answers.protocol_of(request, asked), request)(environ, start_response)
        except Exception as error:
            if asked is None or (why := malformed(asked, plain, error)) is None:
                raise
            return answers.response(why, *answers.protocol_of(request, asked), request)(environ, start_response)
        finally:
            self._current.request = None  # a thread that waits for its next request keeps no body

    def _by_moto(
        self, environ: dict[str, Any], body: bytes, who: Principal, asked: Asked, start_response: Any
    ) -> Iterable[bytes]:
        """moto's answer. Raises RefusedError where it has none."""
        ENFORCED.set(self._enforces(who))
        name, current = f"{asked.service}.{asked.operation}", self._current
        arns = [check.resource for check in current.needed]
        missing = None if self.run_function is None else partial(self.lacking.note_missing, who, arns)
        noticed = withholding(asked, who.account, partial(self.check, who, name, optional=True), missing)
        try:
            made = self._moto.answer(asked, environ, current.request, body, current.account, noticed)
            return made(environ, start_response)
        except NotImplementedError:
            self.lacking.note_operation(who, name)
            raise answers.not_implemented(name) from None
        except AnotherOperationError as error:
            _, why = self._unmapped(who, name, f"{asked.service}: {error}")
            raise answers.denial(asked.protocol, why) from None

    def _who(self, request: Request, asked: Asked | None, body: bytes) -> Principal:
        """Who asks. Raises RefusedError."""
        protocol, service = answers.protocol_of(request, asked)
        try:
            try:
                signed = signature.read(request)
            except MalformedError as error:
                raise answers.refusal("malformed", protocol, service, str(error)) from None
            if asked is None or (signed is None and asked.service not in ("s3", "lambda", "execute-api")
                                 and getattr(asked.model, "auth_type", None) != "none"):  # fmt: skip
                raise answers.refusal("unsigned", protocol, service)
            if signed is None:
                return Principal(Caller.anonymous(), PolicySet(), secret="")
            given = {**self.principals, self._admin.key_id: self._admin}
            return credentials.authenticate(request, body, signed, given, protocol, service)
        except RefusedError as error:
            told = (
                f"{asked.service}.{asked.operation} with {asked.key_id}"
                if asked
                else f"{request.method} {request.path}"
            )
            with self._lock:
                self.strange.append(f"{told}: {error.code}")
                del self.strange[:-_STRANGE]
            raise

    def _gated(self, request: Request, asked: Asked, who: Principal) -> Response | None:
        """The answer to an allowed request where moto is not to give it. Raises RefusedError."""
        if not asked.operation:
            protocol, _ = answers.protocol_of(request, asked)
            require_object(protocol, request.data)
            what = f"{asked.service} {request.method} {request.path}"
            _, why = self._unmapped(who, f"{asked.service}.{request.method}", what)
            raise answers.denial(protocol, why)
        credentials.require_allowed_of_session(who, asked.service, asked.operation)
        if asked.service in self.answers:
            result = self.answers[asked.service](who, asked)
            if result is not None:
                return answers.success(asked, result)
        anonymous = who.caller.kind is CallerKind.ANONYMOUS
        if asked.service == "sts" and asked.operation in self._sts.operations_that_authorise:
            return answers.success(asked, self._answered["sts", asked.operation](who, asked.parameters))
        if (asked.service, asked.operation) == ("sts", "AssumeRoleWithSAML"):
            raise answers.denial(asked.protocol, "SAML assertions cannot be verified here: no role is given for one")
        if anonymous and getattr(asked.model, "auth_type", None) == "none" and asked.service != "s3":
            return None  # an operation that is open to all: Cognito's sign-up, SSO's device flow
        if anonymous and asked.service == "execute-api":
            needed = checks(asked.service, asked.operation, asked.parameters, who.account, asked.region or REGION)
            if not any(resource_policies.iam_decides_on_api(check.resource) for check in needed):
                raise answers.not_implemented("an unsigned call of an API")
        if who.key_id != self._admin.key_id:
            failed = self.authorise(
                who, asked.service, asked.operation, asked.parameters, region=asked.region or REGION
            )
            if failed and asked.operation == "DeleteObjects" and asked.service == "s3":
                refused = {check.resource: why for check, why in failed}
                return answers.success(asked, s3_objects.delete_allowed(self.client("s3"), asked, refused))
            if failed:
                # S3 says no more to who did not sign
                why = "Access Denied" if anonymous and asked.service == "s3" else failed[0][1]
                raise answers.denial(asked.protocol, why, service=asked.service)
            s3_objects.require_seen(who, asked, self.check)
            require_consistent(asked)
            require_possible(self._current.needed)
            if self._enforces(who):
                require_deliverable(asked, who.account)
        return self._instead_of_moto(asked, who)

    def _instead_of_moto(self, asked: Asked, who: Principal) -> Response | None:
        if asked.service == "iam":
            local_iam.backend(who.account)
            if asked.operation == "CreateUser" and (made := create_user(who, asked.parameters)):
                return answers.success(asked, made)
        if (asked.service, asked.operation) == ("lambda", "Invoke") and self.run_function is not None:
            result = invoked(self.run_function, who, asked)
            return answers.success(asked, result) if result is not None else None
        if (asked.service, asked.operation) == ("stepfunctions", "StartExecution") and self.run_function is not None:
            run_task(self, asked)
        if answer := self._answered.get((asked.service, asked.operation)):
            return answers.success(asked, answer(who, asked.parameters))
        return None

    def _enforces(self, who: Principal) -> bool:
        return not self.learn and (not self.enforce_only or who.name in self.enforce_only)
