"""Symfony: mail, caches and sessions on AWS, by the application's configuration

Sources: https://symfony.com/doc/current/mailer.html (``ses+https://`` and its kin),
https://symfony.com/doc/current/cache.html, https://symfony.com/doc/current/session.html (``handler_id``),
https://symfony.com/doc/current/notifier.html; what the transports call: symfony/amazon-mailer
Transport/SesApiAsyncAwsTransport.php and SesHttpAsyncAwsTransport.php,
symfony/amazon-sns-notifier AmazonSnsTransport.php.
"""

from __future__ import annotations

from typing import Final

from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.values import (
    CallSite,
    Const,
    FunctionValue,
    Instance,
    Object,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.php import frameworks, laravel_settings, library_messenger, services, symfony_settings
from scopedown.languages.php.native import Library, callable_of
from scopedown.languages.php.sdk_client import SDK

LANGUAGE: Final = "php"
PACKAGES: Final = symfony_settings.names("mailer", "cache", "texter", "dynamo-pool")
_MAILS: Final = "Symfony\\Component\\Mailer\\Messenger\\SendEmailMessage"
_SESSIONS: Final = ("getSession", "SessionInterface", "addFlash", "isCsrfTokenValid", "createForm", "form_login")
"""Words of code by which a session begins: it begins when somebody reads or writes it."""
_DATABASE: Final = ("ManagerRegistry", "EntityManagerInterface", "ServiceEntityRepository", "Connection")


def module(name: str) -> Value | None:
    """A type for which the container gives a part of Symfony."""
    part = symfony_settings.part(name)
    return Part(part) if part is not None else None


class Part(Native):
    """A mailer, a cache, what sends short messages."""

    __slots__ = ("kind", "table")
    label = "{self.kind}"

    names_a_client = True

    def __init__(self, kind: str, table: Value | None = None) -> None:
        self.kind = kind
        self.table = table

    def call(self, site: CallSite, run: Machine) -> Value:
        """What the container has for the type; outside of Symfony it may be anything."""
        is_known = self.kind == "dynamo-pool" or frameworks.uses(run, run.position.file, frameworks.SYMFONY)
        return self if is_known else UnknownValue(f"what stands for a {self.kind}", site.place)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``new DynamoDbCache("table", $client)``."""
        return Part(self.kind, next(iter(site.all()), None))

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method."""

        def body(site: CallSite, run: Machine) -> Value:
            if self.kind == "mailer" and name == "send":
                mail(run, site.place)
            elif self.kind == "texter" and name == "send":
                _text(run, site.place)
            elif self.kind in ("cache", "dynamo-pool"):
                return self._cached(name, site, run)
            return Library(f"{self.kind}::{name}")

        return Function(f"{self.kind}::{name}", body, self)

    def _cached(self, name: str, site: CallSite, run: Machine) -> Value:
        if self.kind == "cache" and (own := _own_pool(run, site.place)) is not None:
            return run.call_value(run.attribute(own, name, site.place), site)
        if self.kind == "dynamo-pool" or _pool_is_dynamo(run, site.place):
            table = self.table or symfony_settings.setting(run, site.place, "rikudou_dynamo_db_cache", "table")
            known = services.resolved(run, table, site.place) if table is not None else UnknownValue("a table")
            operations = laravel_settings.methods("pool").get(name, ())
            for one in (*operations, *(("PutItem",) if name == "get" and site.all()[1:] else ())):
                run.emit("dynamodb", one, {"TableName": known}, site.place, SDK)
        found: list[Value] = [Library(f"cache::{name}")]
        for value in site.all():
            called = callable_of(run, value, site.place)
            found += [] if called is None else [run.call_value(called, CallSite((), {}, site.place, complete=False))]
        return join(*found)


def _pool_is_dynamo(run: Machine, place: Place) -> bool:
    """Whether the application's cache is a table: by the setting of the pool, or by the bundle of the pool."""
    app = symfony_settings.setting(run, place, "framework", "cache", "app")
    replaced = symfony_settings.setting(run, place, "rikudou_dynamo_db_cache", "replace_default_adapter")
    is_replaced = isinstance(replaced, Const) and replaced.value is True
    return is_replaced or (isinstance(app, Const) and "dynamo" in str(app.value).lower())


def _own_pool(run: Machine, place: Place) -> Value | None:
    """The pool of the application's cache, where that is a service of the application or of a package."""
    app = symfony_settings.setting(run, place, "framework", "cache", "app")
    if not isinstance(app, Const) or not isinstance(app.value, str) or app.value.startswith("cache."):
        return None
    found = services.resolved(run, Const("@" + app.value.lstrip("@")), place)
    return None if isinstance(found, Part) else found


def mail(run: Machine, place: Place) -> None:
    """A mail goes to a queue where the messages of the mailer are routed, else to the transports of the mailer."""
    if library_messenger.routed(run, _MAILS, place):
        return
    deliver(run, place)


def deliver(run: Machine, place: Place) -> None:
    """What the transports of the mailer call."""
    held = symfony_settings.setting(run, place, "framework", "mailer", "dsn")
    more = symfony_settings.setting(run, place, "framework", "mailer", "transports")
    given = [*([held] if held is not None else []), *(more.fields.values() if isinstance(more, Object) else ())]
    for one in given:
        text = symfony_settings.text_of(run, services.resolved(run, one, place))
        if text is None:
            symfony_settings.tell(run, "the mailer has a DSN that is not known", place, ("ses:*",))
        elif text.startswith(("ses://", "ses+https:", "ses+api:", "ses:")):
            run.emit("sesv2", "SendEmail", {}, place, SDK)


def _text(run: Machine, place: Place) -> None:
    transports = symfony_settings.setting(run, place, "framework", "notifier", "texter_transports")
    for one in transports.fields.values() if isinstance(transports, Object) else ():
        text = symfony_settings.text_of(run, services.resolved(run, one, place))
        if text is not None and text.startswith("sns:"):
            run.emit("sns", "Publish", {"PhoneNumber": UnknownValue("a number", place)}, place, SDK)


def of_requests(run: Machine, file: str, place: Place) -> None:
    """What a web application of Symfony does around its controllers: sessions."""
    unit = run.sources.unit(file)
    if unit is None or not any(unit.mentioning(word) for word in _SESSIONS):
        return
    handler = symfony_settings.setting(run, place, "framework", "session", "handler_id")
    if not (isinstance(handler, Const) and isinstance(handler.value, str)) or "://" in handler.value:
        return
    made = services.resolved(run, Const("@" + handler.value.lstrip("@")), place)
    session(run, made, place)
    is_of_symfony = handler.value.startswith(("Symfony\\", "session.", "%"))
    if not is_of_symfony and not any(isinstance(one, Instance | Native) for one in options(made)):
        symfony_settings.tell(run, f"sessions have the handler {handler.value}, which was not read", place)


def session(run: Machine, handler: Value, place: Place) -> None:
    """PHP calls the handler of its sessions (https://www.php.net/manual/en/class.sessionhandlerinterface.php)."""
    for one in options(handler):
        for name in ("open", "read", "write", "close", "destroy", "updateTimestamp", "validateId"):
            if isinstance(one, Instance):
                method = run.attribute(one, name, place)
                if isinstance(method, FunctionValue):
                    run.enter(method, CallSite((), {}, place, complete=False, outside=True))
            elif isinstance(one, Native):
                run.call_value(run.attribute(one, name, place), CallSite((), {}, place, complete=False))


def of_logs(run: Machine, place: Place) -> None:
    """Handlers of Monolog that are services write what is logged
    (https://symfony.com/doc/current/logging.html#handlers-writing-logs-to-different-locations)."""
    handlers = symfony_settings.setting(run, place, "monolog", "handlers")
    for one in handlers.fields.values() if isinstance(handlers, Object) else ():
        kind, named = (one.fields.get("type"), one.fields.get("id")) if isinstance(one, Object) else (None, None)
        if isinstance(kind, Const) and kind.value == "service" and isinstance(named, Const):
            made = services.resolved(run, Const("@" + str(named.value).lstrip("@")), place)
            for option in options(made):
                for name in ("handle", "write", "handleBatch", "close") if isinstance(option, Instance) else ():
                    method = run.attribute(option, name, place)
                    if isinstance(method, FunctionValue):
                        run.enter(method, CallSite((), {}, place, complete=False, outside=True))


def of_database(run: Machine, place: Place) -> None:
    """Doctrine over the Data API of Aurora, where the configuration names such a driver
    (https://github.com/Nemo64/dbal-rds-data)."""
    held = symfony_settings.setting(run, place, "doctrine", "dbal", "driver_class")
    if not (isinstance(held, Const) and "RdsData" in str(held.value)):
        return
    given: dict[str, Value] = {
        "resourceArn": UnknownValue("a cluster of the configuration", place),
        "secretArn": UnknownValue("a secret of the configuration", place),
    }
    for name in laravel_settings.methods("rds-data")["query"]:
        run.emit("rds-data", name, given, place, SDK)


def prepare(run: Machine, file: str, place: Place, is_web: bool = False) -> None:
    """What a Symfony application does around its controllers, handlers and commands."""
    if not frameworks.uses(run, file, frameworks.SYMFONY):
        return
    unit = run.sources.unit(file)
    of_logs(run, place)
    if is_web:
        of_requests(run, file, place)
    if unit is not None and (not is_web or any(unit.mentioning(word) for word in _DATABASE)):
        of_database(run, place)


def work(run: Machine, file: str, place: Place) -> None:
    """A worker sends the mails that wait in a queue."""
    if frameworks.uses(run, file, frameworks.SYMFONY) and library_messenger.is_routed(run, _MAILS, place):
        deliver(run, place)
