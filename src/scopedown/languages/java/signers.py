"""Requests that Java's code signs by itself, with a signer of one of the SDKs.

Version 2: ``Aws4Signer.create().sign(request, params)``, ``AwsV4HttpSigner.create().sign(r -> r.request(…)
.putProperty(SERVICE_SIGNING_NAME, "es"))``. Version 1: ``new AWS4Signer()`` with ``setServiceName("es")``, and
``AmazonHttpClient``, which signs what it sends. An interceptor of Apache's HTTP client signs all that passes it.

Sources: https://sdk.amazonaws.com/java/api/latest/software/amazon/awssdk/auth/signer/Aws4Signer.html,
https://sdk.amazonaws.com/java/api/latest/software/amazon/awssdk/http/auth/aws/signer/AwsV4HttpSigner.html,
https://docs.aws.amazon.com/AWSJavaSDK/latest/javadoc/com/amazonaws/auth/AWS4Signer.html,
https://github.com/awslabs/aws-request-signing-apache-interceptor,
https://github.com/acm19/aws-request-signing-apache-interceptor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.signing import located, sign
from scopedown.calls.values import CallSite, Const, FunctionValue, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.java.credentials import owner_of
from scopedown.languages.java.holders import Future
from scopedown.languages.java.natives import Function, JavaClass, Library, bound, computed, first_of, given
from scopedown.languages.java.shapes import Shape, ShapeClass

_SIGNER_PACKAGES: Final = (
    "software.amazon.awssdk.auth.signer.", "software.amazon.awssdk.http.auth.aws.",
    "software.amazon.awssdk.authcrt.signer.", "com.amazonaws.auth.",
)  # fmt: skip
_REQUESTS: Final = frozenset(
    {
        "software.amazon.awssdk.http.SdkHttpFullRequest", "software.amazon.awssdk.http.SdkHttpRequest",
        "software.amazon.awssdk.http.SdkHttpMethod", "com.amazonaws.http.HttpMethodName",
    }
)  # fmt: skip
_SERVICE_NAMES: Final = ("SERVICE_SIGNING_NAME", "SERVICE_NAME")


def signing_class(name: str) -> Value | None:
    """A class of signers or of what they sign, by its full name; None for other classes."""
    kind = name.rpartition(".")[2]
    if name.startswith(_SIGNER_PACKAGES):
        if kind.endswith("Signer") or kind == "AwsSignerExecutionAttribute":
            return SignerClass(name)
        return ShapeClass(name) if kind.endswith("Params") else None
    if name in _REQUESTS:
        return ShapeClass(name)
    if name == "software.amazon.awssdk.core.interceptor.ExecutionAttributes":
        return SettingsClass(name)
    if name == "com.amazonaws.DefaultRequest":
        return JavaClass(name, {}, _request)
    if name == "com.amazonaws.http.AmazonHttpClient":
        return JavaClass(name, {}, lambda site, run: Sender())
    return InterceptorClass(name) if kind.startswith("AWSRequestSigning") else None


def _request(site: CallSite, run: Machine) -> Value:
    """Version 1's ``new DefaultRequest<>("es")``; the service is the last argument."""
    made = Shape("request", {}, run.position.conditional)
    if site.positional:
        made.fields["serviceName"] = site.positional[-1]
    return made


class Settings(Shape):
    """What a signer is told: attributes and properties by their keys."""

    __slots__ = ()

    def called(self, name: str, site: CallSite, run: Machine) -> Value:
        """``putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "es")``."""
        if name in ("putProperty", "putAttribute", "put", "putAttributeIfAbsent"):
            for key in options(first_of(site)):
                if isinstance(key, Const) and key.value in _SERVICE_NAMES:
                    self.write("signingName", given(site, 1), run)
            return self
        return Shape.called(self, name, site, run)


class SettingsClass(JavaClass):
    """``ExecutionAttributes``."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``builder()``."""
        return Function(name, lambda site, run: self.construct(site, run))

    def construct(self, site: CallSite, run: Machine) -> Value:
        """None yet."""
        return Settings("attributes", {}, run.position.conditional)


class SignerClass(JavaClass):
    """A class of signers, and the keys of what they are told."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``create()``, ``builder()``, or a key."""
        return Const(name) if name.isupper() else Function(name, lambda site, run: self.construct(site, run))

    def construct(self, site: CallSite, run: Machine) -> Value:
        """Version 1's ``new AWS4Signer()``."""
        return Signer("signer", {}, run.position.conditional)


class Signer(Shape):
    """A signer; version 1's knows its service."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What signs."""
        if name in ("sign", "presign", "signAsync", "presignRequest"):
            return bound(self, name, lambda site, run: self._sign(name, site, run))
        return Shape.attribute(self, name, run, place)

    def _sign(self, name: str, site: CallSite, run: Machine) -> Value:
        first = first_of(site)
        told: list[Shape] = []
        for option in options(first):
            if isinstance(option, Shape):
                told.append(option)
            else:  # r -> r.request(…), or a request that is not known
                made = Settings("request", {}, run.position.conditional)
                if isinstance(option, FunctionValue | Function):
                    run.call(option, (made,), site.place)
                told.append(made)
        for settings in told:
            request = settings.fields.get("request")
            params = [one for one in (given(site, 1), settings, self) if isinstance(one, Shape)]
            service, credentials = _said(params, run, site.place)
            if len(site.positional) > 1 and credentials is None:
                credentials = owner_of(site.positional[1])
            _sign(run, service, request or settings, site.place, credentials)
        return Future(first) if name == "signAsync" else first


def _said(params: list[Shape], run: Machine, place: Place) -> tuple[Value | None, Value | None]:
    """The service that a signer is told, and whose credentials."""
    service: Value | None = None
    credentials: Value | None = None
    for shape in params:
        service = service or next(
            (shape.fields[key] for key in ("signingName", "serviceSigningName", "serviceName") if key in shape.fields),
            None,
        )
        for key in ("awsCredentials", "identity"):
            credentials = credentials or owner_of(shape.fields.get(key))
    return service, credentials


def _sign(run: Machine, service: Value | None, request: Value, place: Place, credentials: Value | None) -> None:
    """Record requests; one that is not known may go anywhere."""
    for option in options(request):
        fields = option.fields if isinstance(option, Shape) else {}
        uri = fields.get("uri") or fields.get("endpoint")
        path = fields.get("encodedPath") or fields.get("resourcePath")
        host = uri or fields.get("host")
        url = host if path is None and host is not None else located(host, path)
        method = fields.get("method") or fields.get("httpMethod") or UnknownValue("a method", place)
        sign(run, service or fields.get("serviceName"), method, url, place, credentials, "java")


@dataclass(frozen=True, slots=True, eq=False)
class Sender(Native):
    """Version 1's ``AmazonHttpClient``, which signs requests."""

    label = "an HTTP client that signs"

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``execute(request, …)``, ``requestExecutionBuilder().request(request)…execute()``."""
        if name in ("request", "execute"):
            return bound(self, name, self._send)
        if name in ("requestExecutionBuilder", "executionContext", "errorResponseHandler", "originalRequest"):
            return bound(self, name, lambda site, run: self)
        return computed(name)

    def _send(self, site: CallSite, run: Machine) -> Value:
        request = first_of(site)
        if site.positional:
            _sign(run, None, request, site.place, None)
        for one in site.positional[1:]:
            run.escape(one, site.place)
        return self


class InterceptorClass(JavaClass):
    """What signs the requests of Apache's HTTP client: ``(service, signer, credentials, region)``, or the service after
    the credentials and the region."""

    __slots__ = ()

    names_a_client = True

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A static member."""
        return computed(name)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """What it signs is not seen, apart from the service."""
        credentials = next((found for one in site.positional if (found := owner_of(one)) is not None), None)
        texts = [one for one in site.positional if isinstance(one, Const) and isinstance(one.value, str)]
        first = first_of(site)
        service = first if first in texts else texts[-1] if texts else None
        url, method = (UnknownValue(f"the {what} of a request", site.place) for what in ("address", "method"))
        sign(run, service, method, url, site.place, credentials, "java")
        return Library(self.name)
