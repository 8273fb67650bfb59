"""aws-sdk for JavaScript, version 2: service objects, DocumentClient, callbacks and ``.promise()``.

``new AWS.S3(options)`` is a client, ``client.putObject(params, callback)`` emits the call and calls the callback;
without one it gives a request, whose ``promise()`` is the result. A request that is made is taken as sent.

Source of names: https://docs.aws.amazon.com/AWSJavaScriptSDK/latest/
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from scopedown.calls.builtins.javascript_native import (
    NOTHING,
    Callback,
    JavaScriptNative,
    Quiet,
    error,
    function,
    method,
    silent,
)
from scopedown.calls.interpreter.dispatch import on_service
from scopedown.calls.machine import Machine
from scopedown.calls.sdks.database_tokens import Signer
from scopedown.calls.sdks.emitting import RoleCredentials, Target, emit, in_parts
from scopedown.calls.sdks.js_calls import Endpoint, credentials_of, find_operation, target_of
from scopedown.calls.sdks.js_v2_requests import (
    PRESIGNED_UPLOAD,
    Request,
    make_request,
    params_of,
    presigned_post,
    request,
    signed_url,
    upload,
    wait_for,
)
from scopedown.calls.sdks.js_v2_signers import http_request, signers
from scopedown.calls.sdks.unknown_names import unknown_operation, unknown_service
from scopedown.calls.values import CallSite, Object, UnknownValue, Value, join, options
from scopedown.catalog.model import Service
from scopedown.core.place import Place

LANGUAGE = "javascript"
PACKAGES = ("aws-sdk",)
SDK = "js-v2"

DOCUMENT_METHODS = {
    "get": "GetItem",
    "put": "PutItem",
    "update": "UpdateItem",
    "delete": "DeleteItem",
    "query": "Query",
    "scan": "Scan",
    "batchGet": "BatchGetItem",
    "batchWrite": "BatchWriteItem",
    "transactGet": "TransactGetItems",
    "transactWrite": "TransactWriteItems",
}
"""Source: https://docs.aws.amazon.com/AWSJavaScriptSDK/latest/AWS/DynamoDB/DocumentClient.html"""


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
            return ServiceClass(service)
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

    def _class(self, run: Machine) -> ServiceClass | None:
        for service in run.catalog.services():
            if service.v2_class is not None and service.v2_class.lower() == self.file:
                return ServiceClass(service)
        return None

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """A static member of the class; ``import { S3 } from`` its file is taken as the class too."""
        found = self._class(run)
        if found is None:
            return None
        return found if name == found.service.v2_class else found.own(name, run, place)

    def call(self, site: CallSite, run: Machine) -> Value:
        """A client."""
        found = self._class(run)
        return found.call(site, run) if found is not None else unknown_service(self.describe())(site, run)

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A method that a class inherits from the client."""
        found = self._class(run)
        return found.member(owner, name, run, place) if found is not None else None


@dataclass(frozen=True, slots=True, eq=False)
class ServiceClass(JavaScriptNative):
    """``AWS.S3`` and its like; called or constructed it is a client."""

    label = "AWS.{self.service.v2_class}"
    service: Service

    names_a_client = True

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """Static members: ``DocumentClient``, ``ManagedUpload``, ``Presigner``, ``Converter`` …"""
        if name == "DocumentClient" and self.service.name == "dynamodb":
            return DocumentClientClass()
        if name == "ManagedUpload" and self.service.name == "s3":
            return function("ManagedUpload", _managed_upload)
        if name == "Presigner" and self.service.name == "polly":
            return function("Presigner", lambda site, run: Presigner())
        if name == "Signer" and self.service.name == "rds":
            return function("Signer", Signer.new)
        if not name[:1].isupper():
            return None
        if name in _HARMLESS:
            return Quiet(f"AWS.{self.service.v2_class}.{name}")
        return function(name, unknown_operation(self.service.name, name))

    def call(self, site: CallSite, run: Machine) -> Value:
        """A client for each alternative of the options."""
        given_options = site.argument(0)
        alternatives = options(given_options) if given_options is not None else (NOTHING,)
        made = [target_of(self.service.name, SDK, alternative, run, site.place) for alternative in alternatives]
        return join(*(Client(target) for target in made))


@dataclass(frozen=True, slots=True, eq=False)
class Client(JavaScriptNative):
    """A service object."""

    label = "{self.target.service}"
    ignores_assignments = True
    client_of = "{self.target.service}"
    target: Target

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """An operation's method, or one of the methods that the SDK adds."""
        service = self.target.service
        if service == "s3" and name in _S3_METHODS:
            return _method(self, name, _S3_METHODS[name])
        if name == "waitFor":
            return _method(self, name, wait_for)
        if name == "makeRequest":
            return _method(self, name, make_request)
        if name == "makeUnauthenticatedRequest":
            return silent(name)  # not signed, hence not authorised by any role
        operation = find_operation(run, service, name)
        if operation is not None:
            return Callback(f"{service}.{name}", lambda site, run: request(self.target, operation, site, run), self)
        if name in ("config", "endpoint", "api"):
            return Quiet(f"{service}.{name}")
        if name in _NO_OPERATIONS or not name[:1].islower():
            return None
        return function(f"{service}.{name}", unknown_operation(service, name))
        """Settings are not followed."""


@dataclass(frozen=True, slots=True, eq=False)
class DocumentClientClass(JavaScriptNative):
    """``AWS.DynamoDB.DocumentClient``."""

    label = "DocumentClient"
    names_a_client = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """A document client; credentials may come with the service object it is given."""
        given_options = site.argument(0)
        alternatives = options(given_options) if given_options is not None else (NOTHING,)
        made: list[Value] = []
        for alternative in alternatives:
            target = target_of("dynamodb", SDK, alternative, run, site.place)
            service = alternative.fields.get("service") if isinstance(alternative, Object) else None
            if isinstance(service, Client):
                bound = target.bound if target.bound is not None else service.target.bound
                target = replace(service.target, service="dynamodb", bound=bound)
            made.append(DocumentClient(target))
        return join(*made)


@dataclass(frozen=True, slots=True, eq=False)
class DocumentClient(JavaScriptNative):
    """DynamoDB with plain JavaScript values."""

    label = "DocumentClient"
    ignores_assignments = True
    client_of = "{self.target.service}"
    target: Target

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``get``, ``put``, ``query`` …"""
        operation = run.catalog.operation("dynamodb", DOCUMENT_METHODS.get(name, ""))
        if operation is not None:
            return Callback(
                f"DocumentClient.{name}", lambda site, run: request(self.target, operation, site, run), self
            )
        if name == "createSet":
            return method(self, name, lambda site, run: site.argument(0) or NOTHING)
        if name == "service":
            return Client(self.target)
        if name in _NO_OPERATIONS or not name[:1].islower():
            return None
        name = f"DocumentClient.{name}"
        return function(name, unknown_operation("dynamodb", name))
        """``client.service = …`` (X-Ray) changes nothing."""


def _method(client: Client, name: str, body: object) -> Callback:
    assert callable(body)
    return Callback(f"{client.target.service}.{name}", lambda site, run: body(client.target, site, run), client)


_S3_METHODS = {
    "upload": upload,
    "getSignedUrl": signed_url,
    "getSignedUrlPromise": signed_url,
    "createPresignedPost": presigned_post,
}


def _managed_upload(site: CallSite, run: Machine) -> Value:
    """``new AWS.S3.ManagedUpload({params, service})``."""
    given_options = site.argument(0)
    fields = given_options.fields if isinstance(given_options, Object) else {}
    service = fields.get("service")
    target = service.target if isinstance(service, Client) else Target("s3", SDK)
    operation = run.catalog.operation("s3", PRESIGNED_UPLOAD)
    if operation is None:
        return error(site.place)
    return Request(emit(run, in_parts(target), operation, fields.get("params"), site.place))


@dataclass(frozen=True, slots=True, eq=False)
class Presigner(JavaScriptNative):
    """``AWS.Polly.Presigner``."""

    label = "a Polly presigner"

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``getSynthesizeSpeechUrl(params)``."""
        operation = run.catalog.operation("polly", "SynthesizeSpeech")
        if name != "getSynthesizeSpeechUrl" or operation is None:
            return None
        target = Target("polly", SDK)
        return method(self, name, lambda site, run: emit(run, target, operation, params_of(site), site.place))
