"""Flysystem: files in S3 behind one interface

Sources: https://flysystem.thephpleague.com/docs/adapter/aws-s3-v3/, thephpleague/flysystem-aws-s3-v3
AwsS3V3Adapter.php, thephpleague/flysystem src/AsyncAwsS3/AsyncAwsS3Adapter.php,
https://github.com/thephpleague/flysystem-bundle (``storages``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scopedown.calls.interpreter import modules
from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.php import services, symfony_settings
from scopedown.languages.php.library_laravel_drivers import on_bucket
from scopedown.languages.php.native import Library, argument, first_of

LANGUAGE: Final = "php"
_ADAPTERS: Final = (
    "League\\Flysystem\\AwsS3V3\\AwsS3V3Adapter", "League\\Flysystem\\AwsS3v3\\AwsS3Adapter",
    "League\\Flysystem\\AsyncAwsS3\\AsyncAwsS3Adapter",
)  # fmt: skip
_FILESYSTEMS: Final = ("League\\Flysystem\\Filesystem",)
_STORAGES: Final = symfony_settings.names("filesystem")
PACKAGES: Final = (*_ADAPTERS, *_FILESYSTEMS, *_STORAGES, "League\\Flysystem\\MountManager")
_S3: Final = ("aws", "asyncaws")
_OTHERS: Final = ("local", "memory", "null", "ftp", "sftp", "gcloud", "azure", "webdav", "bunnycdn")
_ONEUP: Final = ("awss3v3", "asyncawss3", "async_aws_s3")
"""Adapters of oneup/flysystem-bundle (https://github.com/1up-lab/OneupFlysystemBundle)."""


def module(name: str) -> Value | None:
    """A class or an interface."""
    if name in _ADAPTERS:
        return AdapterClass()
    if name in _STORAGES:
        return Storages()
    return FilesystemClass() if name in PACKAGES else None


class AdapterClass(Native):
    """``new AwsS3V3Adapter($client, "bucket", "prefix")``."""

    __slots__ = ()

    def construct(self, site: CallSite, run: Machine) -> Value:
        """An adapter, on which the same methods may be called."""
        unknown = UnknownValue("a bucket", site.place)
        return Filesystem(argument(site, 1) or unknown, argument(site, 2))


class FilesystemClass(Native):
    """``new Filesystem($adapter)``, ``new MountManager(["s3" => $filesystem])``."""

    __slots__ = ()

    def construct(self, site: CallSite, run: Machine) -> Value:
        """The files of the adapter; those of any other are none of AWS, unless they are not known."""
        given = first_of(site)
        inner = join(*given.held()) if isinstance(given, Object) and given.held() else given
        found = [option for option in options(inner) if isinstance(option, Filesystem)]
        return join(*found) if found else _of_unknown(inner, site, run)


def _of_unknown(inner: Value, site: CallSite, run: Machine) -> Value:
    """Files of an adapter that is not known."""
    if any(isinstance(option, UnknownValue) for option in options(inner)):
        modules.leave_out(run, "league/flysystem-aws-s3-v3", site.place)
    return Library("a filesystem")


class Filesystem(Native):
    """The files of a bucket, below a prefix."""

    __slots__ = ("_bucket", "_prefix")

    def __init__(self, bucket: Value, prefix: Value | None) -> None:
        self._bucket = bucket
        self._prefix = prefix

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method."""

        def body(site: CallSite, run: Machine) -> Value:
            prefix = self._prefix
            if isinstance(prefix, Const) and not prefix.value:
                prefix = None
            on_bucket(name, self._bucket, prefix, site, run)
            return Library(f"Filesystem::{name}")

        return Function(f"Filesystem::{name}", body, self)


class Storages(Native):
    """``FilesystemOperator``, of which the container gives a storage of the configuration."""

    __slots__ = ()

    names_a_client = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """The storages in S3; which of several is not told by the type."""
        found = list(_configured(run, site.place))
        return join(*found) if found else Library("a filesystem")

    construct = call


def _configured(run: Machine, place: Place) -> Iterator[Value]:
    adapters = symfony_settings.setting(run, place, "oneup_flysystem", "adapters")
    for one in adapters.fields.values() if isinstance(adapters, Object) else ():
        for kind, given in one.fields.items() if isinstance(one, Object) else ():
            if kind in _ONEUP and isinstance(given, Object):
                yield _in_bucket(run, given, place)
    storages = symfony_settings.setting(run, place, "flysystem", "storages")
    for one in storages.fields.values() if isinstance(storages, Object) else ():
        fields = one.fields if isinstance(one, Object) else {}
        adapter = fields.get("adapter")
        if isinstance(adapter, Const) and adapter.value in _S3 and isinstance(held := fields.get("options"), Object):
            yield _in_bucket(run, held, place)
        elif not (isinstance(adapter, Const) and adapter.value in _OTHERS):
            symfony_settings.tell(run, "a storage of Flysystem has an adapter that is not known", place)


def _in_bucket(run: Machine, given: Object, place: Place) -> Filesystem:
    bucket, prefix = given.fields.get("bucket", Const(None)), given.fields.get("prefix")
    root = services.resolved(run, prefix, place) if prefix is not None else None
    return Filesystem(services.resolved(run, bucket, place), root)
