"""Laravel: caches, sessions, files and mail on AWS, by the drivers of the configuration

Sources: https://laravel.com/docs/cache, https://laravel.com/docs/session, https://laravel.com/docs/filesystem,
https://laravel.com/docs/mail; what the drivers call: laravel/framework src/Illuminate/Cache/DynamoDbStore.php,
Cache/Repository.php, Cache/RateLimiter.php, Session/CacheBasedSessionHandler.php, Mail/Transport/SesTransport.php, and
thephpleague/flysystem-aws-s3-v3 AwsS3V3Adapter.php.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.values import CallSite, Const, FunctionValue, Object, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.php import frameworks, laravel_names, laravel_settings
from scopedown.languages.php.native import Library, argument, first_of
from scopedown.languages.php.sdk_client import SDK

LANGUAGE: Final = "php"
PACKAGES: Final = laravel_names.names("cache", "disk", "cloud", "mail", "request", "form", "upload")

_SESSION: Final = ("GetItem", "PutItem", "DeleteItem")
_LIMITER: Final = ("GetItem", "PutItem", "UpdateItem", "DeleteItem")
_OF_FOLDERS: Final = frozenset({"putFile", "putFileAs", "makeDirectory", "deleteDirectory"})
_SENDS: Final = frozenset({"send", "sendNow", "raw", "plain", "html"})
_QUEUES: Final = frozenset({"queue", "later", "queueOn", "laterOn"})
_LIMITS: Final = re.compile(
    rb"^(?!\s*(?://|\*|#)).*(?:throttle:|ThrottleRequests::class\s*\.|throttleApi|RateLimiter::attempt)", re.M
)
"""Where requests are counted: the name of the middleware with its limit."""


def module(name: str) -> Value | None:
    """A facade, a contract, a class."""
    made: dict[str, Value] = {
        "cache": Cache(), "disk": Disk(None), "cloud": Disk(Const("s3")), "mail": Mail(), "request": Request(),
        "form": Form(), "upload": Upload(),
    }  # fmt: skip
    return made.get(laravel_names.part(name) or "")


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

    names_a_client = True

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
                    _on_table(run, laravel_settings.methods("cache").get(name, ()), site.place, store)
            return _called(run, site, f"Cache::{name}")

        return Function(f"Cache::{name}", body, self)


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

    names_a_client = True

    def __init__(self, name: Value | None) -> None:
        self._name = name

    def call(self, site: CallSite, run: Machine) -> Value:
        """The disk of a declared type."""
        return self

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method of a disk, or the disk."""
        if name in ("disk", "drive"):
            return Function(name, lambda site, run: Disk(argument(site, 0)), self)
        if name == "build":
            return Function(name, lambda site, run: _built(site), self)
        if name == "cloud":
            return Function(name, lambda site, run: Disk(Const("s3")), self)
        return Function(f"Storage::{name}", lambda site, run: self.do(name, site, run), self)

    def do(self, name: str, site: CallSite, run: Machine) -> Value:
        """What a method of the disk calls."""
        held = laravel_settings.settings(run, "filesystems")
        chosen = laravel_settings.drivers(run, "filesystems")
        if self._name is not None and not (isinstance(self._name, Const) and self._name.value is None):
            chosen = set(laravel_settings.known(run, self._name))
        for disk in sorted(chosen):
            described = laravel_settings.member(held, "disks", disk)
            kind = laravel_settings.member(described, "driver") or Const(disk)
            if "s3" in laravel_settings.known(run, kind):
                bucket = laravel_settings.member(described, "bucket") or laravel_settings.variable("AWS_BUCKET")
                public = _is_public(laravel_settings.member(described, "visibility"))
                on_bucket(name, bucket, laravel_settings.member(described, "root"), site, run, public)
        return _called(run, site, f"Storage::{name}")


def _built(site: CallSite) -> Value:
    """``Storage::build(["driver" => "s3", "bucket" => "b"])``."""
    return BuiltDisk(first_of(site))


class BuiltDisk(Native):
    """A disk of settings that stand in the code."""

    __slots__ = ("_settings",)

    def __init__(self, given: Value) -> None:
        self._settings = given

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method."""

        def body(site: CallSite, run: Machine) -> Value:
            kind = laravel_settings.member(self._settings, "driver")
            bucket = laravel_settings.member(self._settings, "bucket")
            if kind is not None and bucket is not None and "s3" in laravel_settings.known(run, kind):
                on_bucket(name, bucket, laravel_settings.member(self._settings, "root"), site, run)
            return _called(run, site, f"Storage::{name}")

        return Function(f"Storage::{name}", body, self)


def on_bucket(name: str, bucket: Value, root: Value | None, site: CallSite, run: Machine, public: bool = False) -> None:
    """What a method of a disk calls on a bucket; ``root``: a folder before all keys, ``public``: what is written is
    for all to read."""
    key = first_of(site)
    if root is not None or name in _OF_FOLDERS or not site.all():
        key = UnknownValue("a key", site.place, inert=True)
    given: dict[str, Value] = {"Bucket": bucket}
    for operation in laravel_settings.methods("disk").get(name, ()):
        own = dict(given)
        if operation not in ("ListObjectsV2", "DeleteObjects"):
            own["Key"] = key
        if operation == "CopyObject":
            own["Key"] = argument(site, 1) or UnknownValue("a key", site.place)
            own["CopySource"] = UnknownValue("a key", site.place)
            run.emit("s3", "GetObject", {"Bucket": bucket, "Key": key}, site.place, SDK)
        visible = argument(site, 2)
        if operation == "PutObject" and (public or _is_public(visible)):
            own["ACL"] = Const("public-read")
        run.emit("s3", operation, own, site.place, SDK)


def _is_public(visible: Value | None) -> bool:
    """``"public"``, ``["visibility" => "public"]``."""
    held = visible.fields.get("visibility") if isinstance(visible, Object) else visible
    return isinstance(held, Const) and held.value == "public"


class Mail(Native):
    """``Mail::to($user)->send(new Welcome())``; a mail that implements ShouldQueue is queued."""

    __slots__ = ()

    names_a_client = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """The mailer of a declared type."""
        return self

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What sends, or says to whom."""

        def body(site: CallSite, run: Machine) -> Value:
            queued = name in _QUEUES or (name == "send" and any(laravel_settings.is_queued(one) for one in site.all()))
            if (name in _SENDS or name in _QUEUES) and not (queued and laravel_settings.enqueue(run, site.place)):
                send(run, site.place)
            _called(run, site, f"Mail::{name}")
            return self

        return Function(f"Mail::{name}", body, self)


class Upload(Native):
    """A file of a request: ``$request->file("photo")->store("photos", "s3")``
    (laravel/framework Http/UploadedFile.php: ``putFileAs`` on the disk)."""

    __slots__ = ()

    names_a_client = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """A file of a declared type."""
        return self

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``store($folder, $disk)``, ``storeAs($folder, $name, $disk)``; the others tell of the file."""
        if not name.startswith("store"):
            return Library(f"UploadedFile::{name}")

        def body(site: CallSite, run: Machine) -> Value:
            chosen = argument(site, 2 if name.endswith("As") else 1)
            disk, public = chosen, "Public" in name
            if isinstance(chosen, Object):
                disk = chosen.fields.get("disk")
                public = public or "visibility" in chosen.fields
            given: tuple[Value, ...] = (UnknownValue("a key", site.place, inert=True), Library("a file"))
            if public:
                given = (*given, Const("public"))
            Disk(disk).do("putFile", CallSite(given, {}, site.place), run)
            return UnknownValue("a path", site.place, inert=True)

        return Function(name, body, self)

    def iterate(self, run: Machine, place: Place) -> Value:
        """One of several files."""
        return self

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """One of several files."""
        return self


class Request(Native):
    """``Illuminate\\Http\\Request``: data, and files."""

    __slots__ = ()

    names_a_client = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """The request of a declared type."""
        return self

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``file("photo")`` and ``photo`` may be files, all else is data."""
        if name in ("file", "allFiles"):
            return Function(name, lambda site, run: Upload(), self)
        if name.startswith("$"):
            return UnknownValue(f"{name[1:]} of the request", place, inert=True)
        return Library(f"Request::{name}")


class Form(Native):
    """The base of requests that check what they hold."""

    __slots__ = ()

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """What a request has."""
        if name == "constructor" or name.startswith("__"):
            return None
        return Request().attribute(name, run, place)


def send(run: Machine, place: Place) -> None:
    """What sending a mail calls, by the mailer of the configuration."""
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
