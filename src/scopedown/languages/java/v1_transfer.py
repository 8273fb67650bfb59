"""TransferManager of version 1 of the SDK for Java."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import Target
from scopedown.calls.values import CallSite, Object, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.java.client_tools import HasTarget
from scopedown.languages.java.emission import TargetBuilder
from scopedown.languages.java.natives import Function, JavaClass, Library, bound, computed
from scopedown.languages.java.shapes import Shape, request
from scopedown.languages.java.transfers import send, upload
from scopedown.languages.java.v1_clients import renamed

SDK: Final = "java-v1"


def transfer_class(name: str, kind: str) -> Value:
    """A class of the package."""
    return TransferManagerClass(name) if kind in ("TransferManager", "TransferManagerBuilder") else Library(name)


def _target(values: tuple[Value, ...]) -> Target:
    for one in values:
        for option in options(one):
            if isinstance(option, HasTarget):
                return option.target
    return Target("s3", SDK)


class TransferManagerClass(JavaClass):
    """``TransferManagerBuilder.standard()``, ``new TransferManager(client)``."""

    __slots__ = ()

    names_a_client = True

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What makes a manager, or its builder."""
        if name == "defaultTransferManager":
            return Function(name, lambda site, run: TransferManager(Target("s3", SDK)))
        return Function(name, lambda site, run: _Builder("s3", False, run.position.conditional))

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A manager on a client, or on one of its own."""
        return TransferManager(_target(site.positional))


class _Builder(TargetBuilder):
    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``withS3Client(…)``, ``build()``."""
        if name == "build":
            held = self.fields.get("s3Client")
            return bound(self, name, lambda site, run: TransferManager(_target((held,) if held is not None else ())))
        return TargetBuilder.attribute(self, name, run, place)


@dataclass(frozen=True, slots=True, eq=False)
class TransferManager(Native):
    """A manager of transfers."""

    target: Target

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Uploads, downloads, copies, of objects and of directories."""
        if name in ("upload", "uploadDirectory", "uploadFileList"):
            return bound(self, name, lambda site, run: self._upload(name, site, run))
        if name in ("download", "downloadDirectory"):
            return bound(self, name, lambda site, run: self._download(name, site, run))
        if name == "copy":
            return bound(self, name, self._copy)
        if name == "abortMultipartUploads":
            return bound(self, name, self._abort)
        return computed(name)

    def _named(self, site: CallSite, run: Machine, whole: bool) -> Value:
        first = site.positional[0] if site.positional else None
        if first is not None and any(isinstance(option, Shape) for option in options(first)):
            return renamed("s3", request(first, run, site.place)) or Object()
        key = site.positional[1] if whole and len(site.positional) > 1 else UnknownValue("a key", site.place)
        return Object({"Bucket": first or UnknownValue("a bucket", site.place), "Key": key})

    def _upload(self, name: str, site: CallSite, run: Machine) -> Value:
        upload(run, self.target, self._named(site, run, name == "upload"), site.place)
        return Library("com.amazonaws.services.s3.transfer.Upload")

    def _download(self, name: str, site: CallSite, run: Machine) -> Value:
        params = self._named(site, run, name == "download")
        if name == "downloadDirectory":
            bucket = params.fields.get("Bucket") if isinstance(params, Object) else None
            send(run, self.target, "ListObjects", Object({"Bucket": bucket or UnknownValue("a bucket")}), site.place)
        send(run, self.target, "GetObject", params, site.place)
        return Library("com.amazonaws.services.s3.transfer.Download")

    def _copy(self, site: CallSite, run: Machine) -> Value:
        params: Value | None
        if len(site.positional) >= 4:
            names = ("sourceBucketName", "sourceKey", "Bucket", "Key")
            params = Object(dict(zip(names, site.positional, strict=False)))
        else:
            params = request(site.positional[0] if site.positional else None, run, site.place)
        send(run, self.target, "CopyObject", renamed("s3", params), site.place)
        return Library("com.amazonaws.services.s3.transfer.Copy")

    def _abort(self, site: CallSite, run: Machine) -> Value:
        bucket = site.positional[0] if site.positional else UnknownValue("a bucket", site.place)
        for name in ("ListMultipartUploads", "AbortMultipartUpload"):
            params = Object({"Bucket": bucket, "Key": UnknownValue("a key"), "UploadId": UnknownValue("an upload")})
            send(run, self.target, name, params, site.place)
        return UnknownValue("result of abortMultipartUploads()", site.place, inert=True)

    def service_of_client(self) -> str | None:
        """S3."""
        return "s3"

    def describe(self) -> str:
        """For messages."""
        return "a manager of transfers"
