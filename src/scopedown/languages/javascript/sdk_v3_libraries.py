"""The libraries above version 3's clients: documents, uploads, presigned requests, credentials.

Sources: https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/ (packages ``lib-dynamodb``, ``lib-storage``,
``s3-request-presigner``, ``s3-presigned-post``, ``polly-request-presigner``, ``credential-providers``).
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import RoleCredentials, Target, emit
from scopedown.calls.sdks.shapes.credentials import credentials_of
from scopedown.calls.sdks.shapes.objects import CLIENT, ServiceObject
from scopedown.calls.values import CallSite, Object, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.javascript.natives import (
    NOTHING,
    Callback,
    JavaScriptNative,
    Quiet,
    function,
    given,
    method,
)
from scopedown.languages.javascript.sdk_calls import document_operations
from scopedown.languages.javascript.sdk_v2_requests import upload_of
from scopedown.languages.javascript.sdk_v3 import (
    SDK,
    V3,
    ClientClass,
    CommandClass,
    member_of_package,
    send,
    target_in,
)

LANGUAGE = "javascript"
_LIBRARIES = {
    "@aws-sdk/lib-dynamodb": "documents",
    "@aws-sdk/lib-storage": "storage",
    "@aws-sdk/s3-request-presigner": "presigner",
    "@aws-sdk/s3-presigned-post": "post",
    "@aws-sdk/polly-request-presigner": "polly",
}
PACKAGES = tuple(_LIBRARIES)
PREFIXES = ("@aws-sdk/credential-provider",)

_STATEMENTS = frozenset({"ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"})
"""Operations of documents beside those that are methods of version 2's client of documents.

Source: https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/Package/-aws-sdk-lib-dynamodb/"""


def module(name: str) -> Value | None:
    """The value of a library's package, or None."""
    root = "/".join(name.split("/")[:2])
    if root.startswith(PREFIXES):
        return Library(root, "credentials")
    kind = _LIBRARIES.get(root)
    return Library(root, kind) if kind is not None else None


@dataclass(frozen=True, slots=True, eq=False)
class Library(JavaScriptNative):
    """One of these packages."""

    label = "{self.package}"
    package: str
    kind: str

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """What it exports."""
        if self.kind == "documents":
            return _document_member(name, run)
        if self.kind == "storage" and name == "Upload":
            return function("Upload", _upload)
        if self.kind == "presigner" and name == "getSignedUrl":
            return Callback(name, _signed_url)
        if self.kind == "post" and name == "createPresignedPost":
            return Callback(name, _presigned_post)
        if self.kind == "polly" and name == "getSynthesizeSpeechUrl":
            return Callback(name, _speech_url)
        if self.kind == "credentials":
            if name == "fromTemporaryCredentials":
                return function(name, _temporary)
            if name in ("fromTokenFile", "fromWebToken"):
                return function(name, _web_identity)
            if name in ("fromCognitoIdentity", "fromCognitoIdentityPool"):
                return function(name, _cognito)
        return Quiet(name)


# lib-dynamodb


def _document_member(name: str, run: Machine) -> Value | None:
    if name in ("DynamoDBDocumentClient", "DynamoDBDocument"):
        return DocumentClass(V3, "dynamodb", "documents" if name == "DynamoDBDocument" else CLIENT)
    if name.endswith("Command"):
        written = name.removesuffix("Command")
        known = document_operations(V3).get(written[:1].lower() + written[1:])
        operation = run.catalog.operation("dynamodb", known or (written if written in _STATEMENTS else ""))
        return CommandClass(operation) if operation is not None else None
    if name.startswith("paginate"):
        return member_of_package("dynamodb", name, run, "DynamoDB")
    return Quiet(name)


class DocumentClass(ClientClass):
    """``DynamoDBDocumentClient``, and ``DynamoDBDocument`` that has methods: ``from(client)`` wraps a client."""

    __slots__ = ()

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``from``."""
        return method(self, name, self.construct) if name == "from" else None

    def construct(self, site: CallSite, run: Machine) -> Value:
        """The wrapped client, for each alternative of the client."""
        targets = [target_in(option, "dynamodb") for option in options(site.argument(0) or NOTHING)]
        return join(*(ServiceObject(V3, target, self.kind) for target in targets))


# lib-storage and presigned requests


def _upload(site: CallSite, run: Machine) -> Value:
    """``new Upload({client, params})``: ``done()`` sends it, in parts where it is large, under one permission."""
    configuration = site.argument(0)
    params: Value | None = UnknownValue("an upload's parameters", site.place)
    if isinstance(configuration, Object):
        params = configuration.fields.get("params", configuration.rest)
    return ServiceObject(V3, target_in(configuration, "s3"), "upload", params=params)


def _signed_url(site: CallSite, run: Machine) -> Value:
    """``getSignedUrl(client, command)``: whoever uses the URL acts as the function's role."""
    target = target_in(site.argument(0), "s3")
    for command in options(site.argument(1) or NOTHING):
        send(target, command, run, site.place)
    return UnknownValue("a signed URL", site.place)


def _presigned_post(site: CallSite, run: Machine) -> Value:
    operation = run.catalog.operation("s3", "PutObject")
    if operation is not None:
        params = upload_of(site.argument(1), site.place)
        emit(run, target_in(site.argument(0), "s3"), operation, params, site.place)
    return UnknownValue("an upload form", site.place)


def _speech_url(site: CallSite, run: Machine) -> Value:
    operation = run.catalog.operation("polly", "SynthesizeSpeech")
    configuration = site.argument(0)
    params = configuration.fields.get("params") if isinstance(configuration, Object) else None
    if operation is not None:
        emit(run, target_in(configuration, "polly"), operation, params, site.place)
    return UnknownValue("a signed URL", site.place)


# credentials


def _temporary(site: CallSite, run: Machine) -> Value:
    """``fromTemporaryCredentials({params: {RoleArn}, masterCredentials})``: calls AssumeRole by itself."""
    configuration = site.argument(0)
    fields = configuration.fields if isinstance(configuration, Object) else {}
    params = fields.get("params")
    operation = run.catalog.operation("sts", "AssumeRole")
    if operation is not None:
        master = fields.get("masterCredentials")
        owner = credentials_of(master, run, site.place) if master is not None else None
        emit(run, Target("sts", SDK, None, owner), operation, params, site.place)
    role = params.fields.get("RoleArn") if isinstance(params, Object) else None
    return RoleCredentials(role if role is not None else UnknownValue("a role", site.place))


def _web_identity(site: CallSite, run: Machine) -> Value:
    """``fromWebToken({roleArn})``: the token authorises it, not the function's role."""
    configuration = site.argument(0)
    role = configuration.fields.get("roleArn") if isinstance(configuration, Object) else None
    return RoleCredentials(role) if role is not None and given(role) else UnknownValue("credentials", site.place)


def _cognito(site: CallSite, run: Machine) -> Value:
    return RoleCredentials(UnknownValue("the role of a Cognito identity", site.place))
