"""Laravel: caches, sessions, files and mail on AWS, by the drivers of the configuration

Sources: https://laravel.com/docs/cache, https://laravel.com/docs/session, https://laravel.com/docs/filesystem,
https://laravel.com/docs/mail; what the drivers call: laravel/framework src/Illuminate/Cache/DynamoDbStore.php,
Cache/Repository.php, Cache/RateLimiter.php, Session/CacheBasedSessionHandler.php, Mail/Transport/SesTransport.php, and
thephpleague/flysystem-aws-s3-v3 AwsS3V3Adapter.php.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from typing import Final

from scopedown.calls.builtins.python_native import Function
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, FunctionValue, Object, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.php import frameworks, laravel_settings
from scopedown.languages.php.native import argument, first_of
from scopedown.languages.php.sdk_client import SDK

LANGUAGE: Final = "php"
_FACADES: Final = "Illuminate\\Support\\Facades\\"
PACKAGES: Final = tuple(_FACADES + name for name in ("Cache", "Storage", "Mail"))

_GET, _PUT, _DELETE, _UPDATE = ("GetItem",), ("PutItem",), ("DeleteItem",), ("UpdateItem",)
_CACHE: Final = {
    "get": _GET, "has": _GET, "missing": _GET, "many": ("BatchGetItem",), "getMultiple": ("BatchGetItem",), "put": _PUT,
    "set": _PUT, "add": _PUT, "forever": _PUT, "putMany": ("BatchWriteItem",), "setMultiple": ("BatchWriteItem",),
    "increment": _UPDATE, "decrement": _UPDATE, "forget": _DELETE, "delete": _DELETE, "deleteMultiple": _DELETE,
    "pull": _GET + _DELETE, "remember": _GET + _PUT, "rememberForever": _GET + _PUT, "sear": _GET + _PUT,
    "flexible": _GET + _PUT, "lock": _GET + _PUT + _DELETE,
}  # fmt: skip
"""Methods of a cache by what the DynamoDB store calls for them."""
_SESSION: Final = _GET + _PUT + _DELETE
_LIMITER: Final = _GET + _PUT + _UPDATE + _DELETE
_READ, _WRITE, _HEAD, _LIST = ("GetObject",), ("PutObject",), ("HeadObject",), ("ListObjectsV2",)
_FILES: Final = {
    "get": _READ, "read": _READ, "readStream": _READ, "json": _READ, "download": _READ, "response": _READ,
    "temporaryUrl": _READ, "put": _WRITE, "write": _WRITE, "writeStream": _WRITE, "putFile": _WRITE,
    "putFileAs": _WRITE, "makeDirectory": _WRITE, "temporaryUploadUrl": _WRITE, "append": _HEAD + _READ + _WRITE,
    "prepend": _HEAD + _READ + _WRITE, "exists": _HEAD, "missing": _HEAD, "fileExists": _HEAD, "size": _HEAD,
    "lastModified": _HEAD, "mimeType": _HEAD, "checksum": _HEAD, "delete": ("DeleteObject",), "files": _LIST,
    "allFiles": _LIST, "directories": _LIST, "allDirectories": _LIST, "listContents": _LIST, "directoryExists": _LIST,
    "deleteDirectory": (*_LIST, "DeleteObjects"), "setVisibility": ("PutObjectAcl",),
    "getVisibility": ("GetObjectAcl",),
    "copy": ("GetObjectAcl", "CopyObject"), "move": ("GetObjectAcl", "CopyObject", "DeleteObject"),
}  # fmt: skip
"""Methods of a disk by what the adapter of S3 calls for them."""
_OF_FOLDERS: Final = frozenset({"putFile", "putFileAs", "makeDirectory", "deleteDirectory"})
_SENDS: Final = frozenset({"send", "sendNow", "raw", "plain", "html"})
_QUEUES: Final = frozenset({"queue", "later", "queueOn", "laterOn"})
_LIMITS: Final = re.compile(
    rb"^(?!\s*(?://|\*|#)).*(?:throttle:|ThrottleRequests::class\s*\.|throttleApi|RateLimiter::attempt)", re.M
)
"""Where requests are counted: the name of the middleware with its limit."""


def module(name: str) -> Value | None:
    """A facade."""
    return {"Cache": Cache(), "Storage": Disk(None), "Mail": Mail()}.get(name.removeprefix(_FACADES))


def of_requests(run: Machine, file: str, place: Place) -> None:
    """What every request may do: its session is read and written, and it is counted."""
    if "dynamodb" in laravel_settings.drivers(run, "session") and _has_sessions(run, file):
        _on_table(run, _SESSION, place)
    if "dynamodb" in laravel_settings.drivers(run, "cache") and _counts(run, file):
        _on_table(run, _LIMITER, place)


def _has_sessions(run: Machine, file: str) -> bool:
    unit = run.sources.unit(file)
    if unit is None:
        return False
    return bool(unit.mentioning("StartSession")) or not any(one.endswith("Http/Kernel.php") for one in unit.files)


def _counts(run: Machine, file: str) -> bool:
    unit = run.sources.unit(file)
    words = ("throttle", "ThrottleRequests", "throttleApi", "RateLimiter")
    named = dict.fromkeys(one for word in words for one in (unit.mentioning(word) if unit is not None else ()))
    return unit is not None and any(_LIMITS.search(unit.text(one)) for one in named)


def _on_table(run: Machine, names: Iterable[str], place: Place, store: str = "dynamodb") -> None:
    held = laravel_settings.member(laravel_settings.settings(run, "cache"), "stores", store, "table")
    table = held if held is not None else laravel_settings.variable("DYNAMODB_CACHE_TABLE")
    for name in names:
        given: dict[str, Value] = {"TableName": table}
        if name.startswith("Batch"):
            requests = Object()
            requests.put(table, Object())
            given = {"RequestItems": requests}
        run.emit("dynamodb", name, given, place, SDK)


class Cache(Native):
    """``Cache::get("key")``, ``cache()->get("key")``."""

    __slots__ = ("_store",)

    def __init__(self, store: Value | None = None) -> None:
        self._store = store

    def call(self, site: CallSite, run: Machine) -> Value:
        """``cache("key")``: names of classes have no case, so that an imported facade has this name as well."""
        return helper(site, run)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method of a store, or the store."""
        if name in ("store", "driver"):
            return Function(name, lambda site, run: Cache(argument(site, 0)), self)
        if name in ("tags", "memo"):
            return Function(name, lambda site, run: self, self)

        def body(site: CallSite, run: Machine) -> Value:
            held = laravel_settings.settings(run, "cache")
            chosen = laravel_settings.drivers(run, "cache")
            if self._store is not None and not (isinstance(self._store, Const) and self._store.value is None):
                chosen = set(laravel_settings.known(run, self._store))
            for store in sorted(chosen):
                kind = laravel_settings.member(held, "stores", store, "driver") or Const(store)
                if "dynamodb" in laravel_settings.known(run, kind):
                    _on_table(run, _CACHE.get(name, ()), site.place, store)
            return _called(run, site, f"Cache::{name}")

        return Function(f"Cache::{name}", body, self)

    def fingerprint(self, depth: int = 4) -> Hashable:
        """By its store."""
        return ("Laravel's cache", None if self._store is None else self._store.fingerprint(depth - 1))


def _called(run: Machine, site: CallSite, name: str) -> Value:
    """Closures that are handed over run; what they give may be what the call gives."""
    found: list[Value] = [UnknownValue(f"result of {name}()", site.place, inert=True)]
    for value in site.all():
        functions = [option for option in options(value) if isinstance(option, FunctionValue)]
        found += [run.call_value(one, CallSite((), {}, site.place, complete=False)) for one in functions]
    return join(*found)


class Disk(Native):
    """``Storage::get("key")``, ``Storage::disk("s3")->get("key")``."""

    __slots__ = ("_name",)

    def __init__(self, name: Value | None) -> None:
        self._name = name

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method of a disk, or the disk."""
        if name in ("disk", "drive"):
            return Function(name, lambda site, run: Disk(argument(site, 0)), self)
        if name == "cloud":
            return Function(name, lambda site, run: Disk(Const("s3")), self)
        return Function(f"Storage::{name}", lambda site, run: self._do(name, site, run), self)

    def _do(self, name: str, site: CallSite, run: Machine) -> Value:
        held = laravel_settings.settings(run, "filesystems")
        chosen = laravel_settings.drivers(run, "filesystems")
        if self._name is not None and not (isinstance(self._name, Const) and self._name.value is None):
            chosen = set(laravel_settings.known(run, self._name))
        for disk in sorted(chosen):
            described = laravel_settings.member(held, "disks", disk)
            kind = laravel_settings.member(described, "driver") or Const(disk)
            if "s3" in laravel_settings.known(run, kind):
                bucket = laravel_settings.member(described, "bucket") or laravel_settings.variable("AWS_BUCKET")
                self._on_bucket(name, bucket, laravel_settings.member(described, "root"), site, run)
        return _called(run, site, f"Storage::{name}")

    @staticmethod
    def _on_bucket(name: str, bucket: Value, root: Value | None, site: CallSite, run: Machine) -> None:
        key = first_of(site)
        if root is not None or name in _OF_FOLDERS or not site.all():
            key = UnknownValue("a key", site.place, inert=True)
        given: dict[str, Value] = {"Bucket": bucket}
        for operation in _FILES.get(name, ()):
            own = dict(given)
            if operation not in ("ListObjectsV2", "DeleteObjects"):
                own["Key"] = key
            if operation == "CopyObject":
                own["Key"] = argument(site, 1) or UnknownValue("a key", site.place)
                own["CopySource"] = UnknownValue("a key", site.place)
                run.emit("s3", "GetObject", {"Bucket": bucket, "Key": key}, site.place, SDK)
            visible = argument(site, 2)
            if operation == "PutObject" and isinstance(visible, Const) and visible.value == "public":
                own["ACL"] = Const("public-read")
            run.emit("s3", operation, own, site.place, SDK)

    def fingerprint(self, depth: int = 4) -> Hashable:
        """By its name."""
        return ("Laravel's disk", None if self._name is None else self._name.fingerprint(depth - 1))


class Mail(Native):
    """``Mail::to($user)->send(new Welcome())``."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What sends, or says to whom."""

        def body(site: CallSite, run: Machine) -> Value:
            if name in _SENDS:
                _send(run, site.place)
            if name in _QUEUES and "sqs" in laravel_settings.drivers(run, "queue"):
                held = laravel_settings.settings(run, "queue")
                queue = laravel_settings.member(held, "connections", "sqs", "queue")
                unknown = UnknownValue("a queue", site.place)
                run.emit("sqs", "SendMessage", {"QueueUrl": queue or unknown}, site.place, SDK)
            elif name in _QUEUES:
                _send(run, site.place)
            _called(run, site, f"Mail::{name}")
            return self

        return Function(f"Mail::{name}", body, self)

    def fingerprint(self, depth: int = 4) -> Hashable:
        """There is one."""
        return "Laravel's mail"


def _send(run: Machine, place: Place) -> None:
    held = laravel_settings.settings(run, "mail")
    sender = laravel_settings.member(held, "from", "address")
    for mailer in sorted(laravel_settings.drivers(run, "mail")):
        kind = laravel_settings.member(held, "mailers", mailer, "transport") or Const(mailer)
        for one in laravel_settings.known(run, kind):
            given: dict[str, Value] = {} if sender is None else {"Source": sender}
            if one == "ses":
                run.emit("ses", "SendRawEmail", given, place, SDK)
            elif one == "ses-v2":
                run.emit("sesv2", "SendEmail", {} if sender is None else {"FromEmailAddress": sender}, place, SDK)


def helper(site: CallSite, run: Machine) -> Value:
    """``cache()``, ``cache("key")``, ``cache(["key" => 1], 60)``."""
    if not site.all():
        return Cache()
    name = "put" if isinstance(first_of(site), Object) else "get"
    return run.call_value(Cache().attribute(name, run, site.place), site)


def prepare(run: Machine, file: str, place: Place) -> None:
    """A web application of Laravel answers requests."""
    if frameworks.uses(run, file, frameworks.LARAVEL):
        of_requests(run, file, place)
