"""Symfony Messenger: messages that go to a queue by the application's configuration

Sources: https://symfony.com/doc/current/messenger.html (routing, transports), https://bref.sh/docs/symfony/messenger
and bref/symfony-messenger-sqs (transports by queue URL), symfony/amazon-sqs-messenger (``sqs://`` and queue URLs).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Instance,
    Object,
    Sequence,
    Value,
    as_text,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.php import files, frameworks, services, symfony_settings
from scopedown.languages.php.native import Library
from scopedown.languages.php.sdk_client import SDK
from scopedown.source import ir

LANGUAGE: Final = "php"
PACKAGES: Final = (
    "Symfony\\Component\\Messenger\\MessageBusInterface", "Symfony\\Component\\Messenger\\MessageBus",
    "Symfony\\Bundle\\FrameworkBundle\\Controller\\AbstractController",
)  # fmt: skip

_BY_QUEUE: Final = ("bref/symfony-messenger", "bref/symfony-messenger-sqs", "symfony/amazon-sqs-messenger")
"""Packages with transports to SQS: a DSN of which nothing is known, the URL of a queue, is one of theirs."""


def module(name: str) -> Value | None:
    """A class that a model knows."""
    return Controller() if name.endswith("AbstractController") else BusType() if name in PACKAGES else None


class Controller(Native):
    """``AbstractController``, which can dispatch messages."""

    __slots__ = ()

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """``dispatchMessage``; the other members make responses."""
        if name == "dispatchMessage":
            return Function(name, _dispatched, owner)
        return None if name == "constructor" or name.startswith(("$", "__")) else Library(f"AbstractController::{name}")


class BusType(Native):
    """``MessageBusInterface``, of which a container gives the bus."""

    __slots__ = ()

    names_a_client = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """The bus."""
        return Bus()

    construct = call


class Bus(Native):
    """A message bus."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``dispatch``."""
        return Function(name, _dispatched, self) if name == "dispatch" else Library(f"bus::{name}")


def _dispatched(site: CallSite, run: Machine) -> Value:
    for value in site.all()[:1]:
        for option in options(value):
            if isinstance(option, Instance):
                _send(run, option.cls, site.place)
            else:
                _send_any(run, site.place)
    return Library("an envelope")


def _send_any(run: Machine, place: Place) -> None:
    """A message of which the class is not known may go to any transport that some class has."""
    settings = _settings(run, place)
    routing = settings.fields.get("routing") if settings is not None else None
    names = list(routing.fields) if isinstance(routing, Object) else []
    _to_transports(run, settings, list(dict.fromkeys(_routed(settings, names))), place)


def _send(run: Machine, cls: ClassValue, place: Place) -> None:
    """A message goes to the transports of its class, or to its handlers at once where it has none."""
    settings = _settings(run, place)
    names = [name for one in cls.ancestry() if isinstance(one, ClassValue) for name in _names(run, one)]
    wanted = list(_routed(settings, names)) or list(_by_attribute(cls))
    if not wanted:
        _handle(run, cls, place)
    _to_transports(run, settings, wanted, place)


def _names(run: Machine, cls: ClassValue) -> Iterator[str]:
    """The name of a class, alone and with its namespace."""
    yield cls.definition.name
    module = run.sources.load(cls.frame.file)
    if module is not None and module.package:
        yield f"{module.package}\\{cls.definition.name}"


def _by_attribute(cls: ClassValue) -> Iterator[str]:
    """``#[AsMessage("async")]`` (https://symfony.com/doc/current/messenger.html#routing-messages-to-a-transport)."""
    for one in cls.definition.annotations:
        if isinstance(one, ir.Call) and str(getattr(one.function, "id", "")).endswith("AsMessage"):
            for given in (*one.positional[:1], *(value for name, value in one.keywords if name == "transport")):
                for each in getattr(given, "items", (given,)):
                    if isinstance(each, ir.Const) and isinstance(each.value, str):
                        yield each.value


def _to_transports(run: Machine, settings: Object | None, wanted: list[str], place: Place) -> None:
    transports = settings.fields.get("transports") if settings is not None else None
    for name in wanted:
        held = transports.fields.get(name) if isinstance(transports, Object) else None
        dsn = held.fields.get("dsn") if isinstance(held, Object) else held
        if dsn is not None:
            _to_transport(run, services.resolved(run, dsn, place), place)


def routed(run: Machine, name: str, place: Place) -> bool:
    """Whether messages of a class, of a package, go to a transport; they are sent then."""
    settings = _settings(run, place)
    wanted = list(_routed(settings, [name]))
    _to_transports(run, settings, wanted, place)
    return bool(wanted)


def is_routed(run: Machine, name: str, place: Place) -> bool:
    """Whether messages of a class go to a transport."""
    return any(True for _ in _routed(_settings(run, place), [name]))


def _settings(run: Machine, place: Place) -> Object | None:
    """``framework.messenger`` of the configuration."""
    found = symfony_settings.setting(run, place, "framework", "messenger")
    return found if isinstance(found, Object) else None


def _routed(settings: Object | None, names: list[str]) -> Iterator[str]:
    """The transports of a message by the names of its class and of those that it derives from."""
    routing = settings.fields.get("routing") if settings is not None else None
    for written, given in routing.fields.items() if isinstance(routing, Object) else ():
        any_of = written.endswith("*") and any(one.startswith(written[:-1]) for one in names)
        if any_of or written in names or written.rpartition("\\")[2] in names:
            inner = given.fields.get("senders", given) if isinstance(given, Object) else given
            for one in inner.items if isinstance(inner, Sequence) else [inner]:
                if isinstance(one, Const) and isinstance(one.value, str):
                    yield one.value


def _to_transport(run: Machine, dsn: Value, place: Place) -> None:
    """What sending to a transport calls, by how its DSN begins."""
    text = symfony_settings.text_of(run, dsn)
    if text is None and not any(files.requires(run.sources.ground, run.position.file, one) for one in _BY_QUEUE):
        may_call = ("sqs:*", "sns:*", "events:*", "kms:*")
        symfony_settings.tell(run, "the transport of a message has a DSN that is not known", place, may_call)
        return
    if text is None or text.startswith(("https://sqs.", "sqs:")):
        run.emit("sqs", "SendMessage", {"QueueUrl": dsn}, place, SDK)
        if _sets_up(run, dsn, text):
            run.emit("sqs", "GetQueueUrl", {"QueueName": dsn}, place, SDK)
    elif text.startswith("sns:"):
        topic = Const(text.removeprefix("sns://").partition("?")[0]) if isinstance(dsn, Const) else dsn
        run.emit("sns", "Publish", {"TopicArn": topic}, place, SDK)
    elif text.startswith("eventbridge:"):
        bus = Const(text.removeprefix("eventbridge://").partition("?")[0])
        entry = Object({"EventBusName": bus})
        run.emit("events", "PutEvents", {"Entries": Sequence([entry])}, place, SDK)


def _sets_up(run: Machine, dsn: Value, text: str | None) -> bool:
    """Whether Symfony's own transport looks for the queue before it sends: it does so unless ``auto_setup`` is off
    (symfony/amazon-sqs-messenger, Transport/Connection.php). Bref's transport never does."""
    written = text if text is not None else str(as_text(dsn) or "")
    if "auto_setup=false" in written or "auto_setup=0" in written:
        return False
    return text is not None and files.requires(run.sources.ground, run.position.file, "symfony/amazon-sqs-messenger")


def _handle(run: Machine, cls: ClassValue, place: Place) -> None:
    """The handlers of a message that no transport takes: those whose parameter is of its class."""
    for handler in frameworks.takers(run, cls, ("__call__",)):
        frameworks.run_methods(run, handler, ("__call__",), place)
