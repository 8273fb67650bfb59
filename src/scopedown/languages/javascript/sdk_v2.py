"""aws-sdk for JavaScript, version 2: service objects, DocumentClient, callbacks and ``.promise()``.

``new AWS.S3(options)`` is a client, ``client.putObject(params, callback)`` emits the call and calls the callback;
without one it gives a request, whose ``promise()`` is the result. A request that is made is taken as sent.

Source of names: https://docs.aws.amazon.com/AWSJavaScriptSDK/latest/
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from scopedown.calls.interpreter.dispatch import on_service
from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import RoleCredentials, Target, emit, in_parts
from scopedown.calls.sdks.shapes.credentials import credentials_of
from scopedown.calls.sdks.shapes.objects import CLIENT, ServiceClass, ServiceObject
from scopedown.calls.sdks.shapes.rows import Row
from scopedown.calls.sdks.unknown_names import unknown_operation, unknown_service
from scopedown.calls.values import CallSite, Object, UnknownValue, Value
from scopedown.core.place import Place
from scopedown.languages.javascript.natives import (
    NOTHING,
    Callback,
    JavaScriptNative,
    Quiet,
    error,
    function,
    method,
)
from scopedown.languages.javascript.sdk_calls import Endpoint, JavaScriptSdk, call_back
from scopedown.languages.javascript.sdk_tokens import Signer
from scopedown.languages.javascript.sdk_v2_requests import PRESIGNED_UPLOAD, Request, callback_of, presigned_post
from scopedown.languages.javascript.sdk_v2_signers import http_request, signers

LANGUAGE = "javascript"
PACKAGES = ("aws-sdk",)
SDK = "js-v2"


def module(name: str) -> Value | None:
    """``aws-sdk`` itself, one of its clients, or another part of it."""
    if name in ("aws-sdk", "aws-sdk/global", "aws-sdk/clients/all", "aws-sdk/index"):
        return Namespace()
    if name.startswith("aws-sdk/clients/"):
        return ClientFile(name.rpartition("/")[2].removesuffix(".js").lower())
    return Quiet(name)


@dataclass(frozen=True, slots=True, eq=False)
class Namespace(JavaScriptNative):
    """``AWS``."""

    label = "AWS"
    ignores_assignments = True
    client_of = "*"

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """A service's class, a credentials' class, or another part."""
        service = run.catalog.service_of_v2_class(name)
        if service is not None:
            return ClientClass(V2, service.name)
        if name in _ASSUMING_CLASSES:
            return function(name, _assuming)
        if name in _CREDENTIAL_CLASSES:
            return function(name, _credentials)
        if name == "Service":
            return function(name, self._described)
        if name == "Signers":
            return signers()
        if name == "Endpoint":
            return function(name, lambda site, run: Endpoint(site.argument(0) or NOTHING))
        if name == "HttpRequest":
            return function(name, http_request)
        if name == "Config":
            return function(name, lambda site, run: site.argument(0) or NOTHING)
        if name[:1].isupper() and name not in _NO_SERVICES and not name.endswith(("Credentials", "Provider")):
            return function(f"AWS.{name}", unknown_service(f"AWS.{name}"))
        return Quiet(f"AWS.{name}") if name[:1].isupper() or name in ("config", "util") else None

    def _described(self, site: CallSite, run: Machine) -> Value:
        """``new AWS.Service({apiConfig: …})``: a client of whatever the configuration describes."""
        on_service(run, "*", "is made of a description of its service", site.place)
        return UnknownValue("a client of a described service", site.place)
        """``AWS.config = …`` changes no permission."""


_ASSUMING_CLASSES = frozenset({"TemporaryCredentials", "ChainableTemporaryCredentials"})
"""They call AssumeRole by themselves.

Source: https://docs.aws.amazon.com/AWSJavaScriptSDK/latest/AWS/ChainableTemporaryCredentials.html
"""
_CREDENTIAL_CLASSES = frozenset(
    {"Credentials", "WebIdentityCredentials", "SAMLCredentials", "CognitoIdentityCredentials"}
)


_NO_SERVICES = frozenset(
    {
        "AWSError", "CRT", "Config", "ConfigurationOptions", "CredentialProviderChain", "Credentials", "Endpoint",
        "EventListeners", "HttpClient", "HttpRequest", "HttpResponse", "IniLoader", "JSON", "MetadataService", "Model",
        "NodeHttpClient", "ParamValidator", "Protocol", "Request", "ResourceWaiter", "Response", "SequentialExecutor",
        "Service", "Signers", "Token", "TokenProviderChain", "VERSION", "XHRClient", "XML",
    }
)  # fmt: skip
"""Members of the namespace that are no services beside its providers of credentials.

Source: https://docs.aws.amazon.com/AWSJavaScriptSDK/latest/AWS.html
"""
_HARMLESS = frozenset({"Converter", "Signer", "Types"})
"""Static classes of clients that send nothing: CloudFront's signer works with a key pair of its own
(https://docs.aws.amazon.com/AWSJavaScriptSDK/latest/AWS/CloudFront/Signer.html)."""
_NO_OPERATIONS = frozenset(
    {
        "addNamedListener", "addNamedListeners", "api", "apiCallAttemptEvent", "apiCallEvent", "apiVersions",
        "attachMonitoringEmitter", "config", "constructor", "customizeRequests", "defineService", "emit", "endpoint",
        "getSignatureVersion", "getSignerClass", "getSkewCorrectedDate", "initialize", "isClockSkewed", "on",
        "numRetries", "onAsync", "setEndpoint", "setupRequestListeners", "successfulResponse", "then", "catch",
        "toString", "validateService", "finally", "bind", "call", "apply", "default", "addListener", "removeListener",
        "loadServiceClass", "getLatestServiceClass", "retryDelays", "retryableError", "serviceIdentifier",
    }
)  # fmt: skip
"""Other members of every client (https://docs.aws.amazon.com/AWSJavaScriptSDK/latest/AWS/Service.html)."""


def _assuming(site: CallSite, run: Machine) -> Value:
    given_options = site.argument(0)
    fields = given_options.fields if isinstance(given_options, Object) else {}
    params = fields.get("params", given_options)
    role: Value = UnknownValue("a role", site.place)
    if isinstance(params, Object) and "RoleArn" in params.fields:
        role = params.fields["RoleArn"]
        operation = run.catalog.operation("sts", "AssumeRole")
        if operation is not None:
            emit(run, Target("sts", SDK), operation, params, site.place)
    return RoleCredentials(role)


def _credentials(site: CallSite, run: Machine) -> Value:
    first = site.argument(0)
    if isinstance(first, RoleCredentials):
        return first
    fields = first if isinstance(first, Object) else Object({"accessKeyId": first or NOTHING})
    role = credentials_of(fields, run, site.place)
    return RoleCredentials(role) if role is not None else UnknownValue("credentials", site.place)


@dataclass(frozen=True, slots=True, eq=False)
class ClientFile(JavaScriptNative):
    """``aws-sdk/clients/x``: the service's class, known by the file's name, its class name in small letters."""

    label = "aws-sdk/clients/{self.file}"
    file: str

    def _class(self, run: Machine) -> ClientClass | None:
        for service in run.catalog.services():
            if service.v2_class is not None and service.v2_class.lower() == self.file:
                return ClientClass(V2, service.name)
        return None

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """A static member of the class; ``import { S3 } from`` its file is taken as the class too."""
        found = self._class(run)
        if found is None:
            return None
        return found if name[:1].isupper() and name.lower() == self.file else found.own(name, run, place)

    def call(self, site: CallSite, run: Machine) -> Value:
        """A client."""
        found = self._class(run)
        return found.call(site, run) if found is not None else unknown_service(self.describe())(site, run)

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A method that a class inherits from the client."""
        found = self._class(run)
        return found.member(owner, name, run, place) if found is not None else None


class ClientClass(JavaScriptNative, ServiceClass):
    """``AWS.S3`` and its like; called or constructed it is a client."""

    __slots__ = ()
    label = "AWS.{self.service}"

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """Static members: ``DocumentClient``, ``ManagedUpload``, ``Presigner``, ``Converter`` …"""
        match self.service, name:
            case "dynamodb", "DocumentClient":
                return ClientClass(V2, "dynamodb", "documents")
            case "s3", "ManagedUpload":
                return function("ManagedUpload", _managed_upload)
            case "polly", "Presigner":
                presigner = ServiceObject(V2, Target("polly", SDK), "presigner")
                return function("Presigner", lambda site, run: presigner)
            case "rds", "Signer":
                return function("Signer", Signer.new)
        if not name[:1].isupper() or self.kind != CLIENT:
            return None
        if name in _HARMLESS:
            return Quiet(f"AWS.{self.service}.{name}")
        return function(name, unknown_operation(self.service, name))


class Version2(JavaScriptSdk):
    """Version 2."""

    def target_of(self, cls: ServiceClass, given_options: Value, run: Machine, place: Place) -> Target:
        """Credentials of a document client may come with the service object that it is given."""
        target = JavaScriptSdk.target_of(self, cls, given_options, run, place)
        service = given_options.fields.get("service") if isinstance(given_options, Object) else None
        if cls.kind == CLIENT or not isinstance(service, ServiceObject):
            return target
        bound = target.bound if target.bound is not None else service.target.bound
        return replace(service.target, service=cls.service, bound=bound)

    def gives(self, owner: ServiceObject, row: Row, found: Value, site: CallSite, run: Machine) -> Value:
        """A request that holds the result, which a callback gets too."""
        if row.gives == "result":
            return found
        given_back = UnknownValue("a signed URL", site.place) if row.gives == "url" else found
        call_back(callback_of(site), given_back, run, site.place)
        return given_back if row.gives == "url" else Request(found)

    def special(self, owner: ServiceObject, name: str, run: Machine) -> Value | None:
        """Forms for uploads, sets of documents."""
        if name == "createPresignedPost" and (owner.target.service, owner.kind) == ("s3", CLIENT):
            return Callback(name, lambda site, run: presigned_post(owner.target, site, run), owner)
        if name == "createSet" and owner.kind == "documents":
            return method(owner, name, lambda site, run: site.argument(0) or NOTHING)
        return None

    def is_operation(self, owner: ServiceObject, name: str) -> bool:
        """Whatever a client has that is named like a method and is none of every client."""
        return owner.kind in self.clients and name[:1].islower() and name not in _NO_OPERATIONS


V2: Final = Version2(SDK, Path(__file__).parent, "")


def _managed_upload(site: CallSite, run: Machine) -> Value:
    """``new AWS.S3.ManagedUpload({params, service})``."""
    given_options = site.argument(0)
    fields = given_options.fields if isinstance(given_options, Object) else {}
    service = fields.get("service")
    target = service.target if isinstance(service, ServiceObject) else Target("s3", SDK)
    operation = run.catalog.operation("s3", PRESIGNED_UPLOAD)
    if operation is None:
        return error(site.place)
    return Request(emit(run, in_parts(target), operation, fields.get("params"), site.place))
