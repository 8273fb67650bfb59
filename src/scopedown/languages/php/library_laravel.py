"""Laravel: routes, queued jobs, events and notifications

Sources: https://laravel.com/docs/routing, https://laravel.com/docs/queues; the queue of a connection is put together in
laravel/framework src/Illuminate/Queue/SqsQueue.php (getQueue).
"""

from __future__ import annotations

from typing import Final

from scopedown.calls.interpreter import members
from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.values import CallSite, ClassValue, FunctionValue, Instance, Sequence, Value, options
from scopedown.core.place import Place
from scopedown.languages.php import frameworks, laravel_names, laravel_settings, library_laravel_drivers
from scopedown.languages.php.native import Library, first_of

LANGUAGE: Final = "php"
PACKAGES: Final = laravel_names.names(
    "schedule", "routes", "queue", "dispatchable", "events", "event", "notification", "notifiable"
)
_EVERY: Final = ("resource", "apiResource", "resources", "apiResources", "controller", "singleton")
_NOW: Final = ("dispatchSync", "dispatchNow", "sync")


def module(name: str) -> Value | None:
    """A class of Laravel that a model knows."""
    made: dict[str, Value] = {
        "schedule": Schedule(), "routes": Routes(), "queue": Queues(), "dispatchable": Dispatchable(),
        "events": Events(), "event": EventTrait(), "notification": Notifications(), "notifiable": Notifiable(),
    }  # fmt: skip
    return made.get(laravel_names.part(name) or "")


class Routes(Native):
    """``Route::get("/", …)``: any of them may be asked for."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A route, or a group of them."""

        def body(site: CallSite, run: Machine) -> Value:
            for value in site.all():
                frameworks.run_action(run, value, site.place, name in _EVERY)
            return self

        return Function(name, body, self)


class Schedule(Native):
    """``$schedule->job(new Heartbeat)->daily()`` (https://laravel.com/docs/scheduling)."""

    __slots__ = ()

    names_a_client = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """The schedule of a declared type."""
        return self

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``job``, ``call``, ``command``, and what is said of them."""

        def body(site: CallSite, run: Machine) -> Value:
            if name == "job":
                dispatch(run, first_of(site), site.place)
            for value in site.all() if name != "job" else ():
                frameworks.run_action(run, value, site.place)
            return self

        return Function(f"Schedule::{name}", body, self)


class Dispatchable(Native):
    """The trait that gives jobs ``dispatch``."""

    __slots__ = ()

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """``Job::dispatch(…)``."""
        if not name.startswith("dispatch"):
            return None

        def body(site: CallSite, run: Machine) -> Value:
            cls = owner.cls if isinstance(owner, Instance) else owner
            if isinstance(owner, Instance) and any(isinstance(one, Instance) for one in options(first_of(site))):
                return dispatch(run, first_of(site), site.place, now=name in _NOW)  # a controller's DispatchesJobs
            if isinstance(cls, ClassValue):
                job = run.construct(cls, CallSite(site.positional, site.keywords, site.place, site.complete))
                return dispatch(run, job, site.place, now=name in _NOW)
            return Library("a dispatched job")

        return Function(name, body, owner)


class Queues(Native):
    """``Queue::push(new Job)``, ``Bus::dispatch(new Job)``, ``Bus::chain([…])->dispatch()``."""

    __slots__ = ("_connection",)

    names_a_client = True

    def __init__(self, connection: Value | None = None) -> None:
        self._connection = connection

    def call(self, site: CallSite, run: Machine) -> Value:
        """The queue of a declared type."""
        return self

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What takes jobs, or the queue of a connection."""

        def body(site: CallSite, run: Machine) -> Value:
            if name in ("connection", "onConnection") and site.all():
                return Queues(first_of(site))
            for value in site.all():
                dispatch(run, value, site.place, name in _NOW, self._connection)
            if name == "pushRaw":
                laravel_settings.enqueue(run, site.place, self._connection)
            return self

        return Function(name, body, self)


def dispatch(run: Machine, job: Value, place: Place, now: bool = False, connection: Value | None = None) -> Value:
    """A job that is for a queue goes to that of its connection, else of the configuration; any other runs at once."""
    for one in options(job):
        if isinstance(one, Instance):
            own = one.fields.get("$connection") or connection
            queued = laravel_settings.is_queued(one) and not now
            if queued and (laravel_settings.enqueue(run, place, own) or own is not None or not _runs_at_once(run)):
                continue
            method = run.attribute(one, "handle", place)
            run.call_value(method, CallSite((), {}, place, complete=False))
        elif isinstance(one, Sequence):  # a chain, a batch
            for held in one.held():
                dispatch(run, held, place, now, connection)
    return Pending()


class Pending(Native):
    """A job on its way: ``->onConnection("sqs")`` sends it elsewhere."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What more is said of the job."""

        def body(site: CallSite, run: Machine) -> Value:
            if name in ("onConnection", "allOnConnection"):
                laravel_settings.enqueue(run, site.place, first_of(site))
            return self

        return Function(name, body, self)


def _runs_at_once(run: Machine) -> bool:
    """Whether jobs run where they are dispatched: the driver ``sync``, or none that is known."""
    chosen = laravel_settings.drivers(run, "queue")
    return not chosen or bool(chosen & {"sync", "deferred", "background"})


class Events(Native):
    """``Event::dispatch(new Shipped)``; ``Event::listen(…)`` takes closures and classes."""

    __slots__ = ()

    names_a_client = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """The dispatcher of a declared type."""
        return self

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What dispatches, and what takes listeners."""

        def body(site: CallSite, run: Machine) -> Value:
            if name in ("dispatch", "until", "fire"):
                happened(run, first_of(site), site.place)
            elif name in ("listen", "subscribe", "push"):
                for value in site.all():
                    frameworks.run_action(run, value, site.place)
            return Library("a result")

        return Function(name, body, self)


class EventTrait(Native):
    """The trait that gives events ``dispatch``."""

    __slots__ = ()

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """``Shipped::dispatch($order)``."""
        if not name.startswith(("dispatch", "broadcast")):
            return None

        def body(site: CallSite, run: Machine) -> Value:
            cls = owner.cls if isinstance(owner, Instance) else owner
            if isinstance(cls, ClassValue):
                made = run.construct(cls, CallSite(site.positional, site.keywords, site.place, site.complete))
                happened(run, made, site.place)
            return Library("a result")

        return Function(name, body, owner)


def happened(run: Machine, event: Value, place: Place) -> None:
    """An event goes to the listeners whose ``handle`` takes its class; those for a queue wait there
    (https://laravel.com/docs/events#event-discovery)."""
    for one in options(event):
        if not isinstance(one, Instance):
            continue
        for listener in frameworks.takers(run, one.cls, ("handle", "__call__")):
            if laravel_settings.derives_queued(listener) and laravel_settings.enqueue(run, place):
                continue
            frameworks.run_methods(run, listener, ("handle", "__call__"), place)


class Notifications(Native):
    """``Notification::send($users, new Paid)``, ``Notification::route("mail", …)->notify(new Paid)``."""

    __slots__ = ()

    names_a_client = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """The sender of a declared type."""
        return self

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What sends, or says to whom."""

        def body(site: CallSite, run: Machine) -> Value:
            if name.startswith(("send", "notify")):
                for value in site.all():
                    notify(run, value, site.place, now=name.endswith("Now"))
            return self

        return Function(name, body, self)


class Notifiable(Native):
    """The trait that gives users ``notify``."""

    __slots__ = ()

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """``$user->notify(new Paid)``."""
        return Notifications().attribute(name, run, place) if name in ("notify", "notifyNow") else None


def notify(run: Machine, notification: Value, place: Place, now: bool = False) -> None:
    """A notification is sent by mail where it has ``toMail``, from a queue where it is for one
    (https://laravel.com/docs/notifications)."""
    for one in options(notification):
        if not isinstance(one, Instance):
            continue
        if not now and laravel_settings.is_queued(one) and laravel_settings.enqueue(run, place):
            continue
        for name in ("via", "toMail", "toArray", "toDatabase", "toBroadcast", "toVonage", "toSlack"):
            method = members.member_of_class(run, one.cls, name, one, place)
            if isinstance(method, FunctionValue):
                run.enter(method, CallSite((), {}, place, complete=False, outside=True))
                if name == "toMail":
                    library_laravel_drivers.send(run, place)
