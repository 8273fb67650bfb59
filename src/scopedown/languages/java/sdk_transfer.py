"""S3TransferManager of version 2 of the SDK for Java."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import Target, squeezed
from scopedown.calls.values import CallSite, Object, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.java.client_tools import SDK, HasTarget
from scopedown.languages.java.emission import TargetBuilder
from scopedown.languages.java.natives import Function, JavaClass, Library, bound, computed, given
from scopedown.languages.java.shapes import Shape, ShapeClass, filled, request
from scopedown.languages.java.transfers import send, upload

LANGUAGE = "java"
PACKAGES = ("software.amazon.awssdk.transfer",)

_REQUESTS: Final = {
    "upload": ("putObjectRequest", "PutObject"),
    "uploadFile": ("putObjectRequest", "PutObject"),
    "download": ("getObjectRequest", "GetObject"),
    "downloadFile": ("getObjectRequest", "GetObject"),
    "copy": ("copyObjectRequest", "CopyObject"),
}
"""The member of a method's argument that is the request, and its operation."""


def module(name: str) -> Value | None:
    """A class of the package."""
    kind = name.rpartition(".")[2]
    if kind == "S3TransferManager":
        return TransferManagerClass(name)
    return ShapeClass(name) if kind.endswith("Request") else Library(name)


class TransferManagerClass(JavaClass):
    """``S3TransferManager``."""

    __slots__ = ()

    names_a_client = True

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``create()``, ``builder()``."""
        if name == "create":
            return Function(name, lambda site, run: self.construct(site, run))
        return Function(name, lambda site, run: _Builder("s3", True, run.position.conditional))

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A manager with a client of its own."""
        return TransferManager(Target("s3", SDK))


class _Builder(TargetBuilder):
    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``s3Client(…)``, ``build()``."""
        if name == "build":
            return bound(self, name, self._built)
        return TargetBuilder.attribute(self, name, run, place)

    def _built(self, site: CallSite, run: Machine) -> Value:
        held = self.fields.get("s3Client")
        targets = [one.target for one in options(held) if isinstance(one, HasTarget)] if held is not None else []
        return TransferManager(targets[0] if targets else Target("s3", SDK))


@dataclass(frozen=True, slots=True, eq=False)
class TransferManager(Native):
    """A manager of transfers."""

    target: Target

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Uploads, downloads, copies, of objects and of directories."""
        if name in _REQUESTS:
            return bound(self, name, lambda site, run: self._transfer(name, site, run))
        if name in ("uploadDirectory", "downloadDirectory"):
            return bound(self, name, lambda site, run: self._directory(name, site, run))
        return computed(name)

    def _transfer(self, name: str, site: CallSite, run: Machine) -> Value:
        member, operation = _REQUESTS[name]
        for option in options(filled(given(site, 0), run, site.place)):
            held: Value = UnknownValue("a request", site.place)
            if isinstance(option, Shape):
                held = next((one for key, one in option.fields.items() if squeezed(key) == squeezed(member)), held)
            params = request(held, run, site.place)
            if operation == "PutObject":
                upload(run, self.target, params, site.place)
            else:
                send(run, self.target, operation, params, site.place)
        return Library("software.amazon.awssdk.transfer.s3.model.Transfer")

    def _directory(self, name: str, site: CallSite, run: Machine) -> Value:
        for option in options(filled(given(site, 0), run, site.place)):
            fields = option.fields if isinstance(option, Shape) else {}
            bucket = fields.get("bucket") or UnknownValue("a bucket", site.place)
            params = Object({"Bucket": bucket, "Key": UnknownValue("a key", site.place)})
            if name == "uploadDirectory":
                upload(run, self.target, params, site.place)
            else:
                send(run, self.target, "ListObjectsV2", Object({"Bucket": bucket}), site.place)
                send(run, self.target, "GetObject", params, site.place)
        return Library("software.amazon.awssdk.transfer.s3.model.Transfer")

    def service_of_client(self) -> str | None:
        """S3."""
        return "s3"

    def describe(self) -> str:
        """For messages."""
        return "a manager of transfers"
