"""Laravel: routes and queued jobs

Sources: https://laravel.com/docs/routing, https://laravel.com/docs/queues; the queue of a connection is put together in
laravel/framework src/Illuminate/Queue/SqsQueue.php (getQueue).
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

from scopedown.calls.builtins.python_native import Function
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, ClassValue, Const, Instance, Object, UnknownValue, Value, as_text, options
from scopedown.core.place import Place
from scopedown.languages.php import frameworks, program
from scopedown.languages.php.native import Library
from scopedown.languages.php.sdk_client import SDK

LANGUAGE: Final = "php"
PACKAGES: Final = (
    "Illuminate\\Support\\Facades\\Route", "Illuminate\\Support\\Facades\\Queue", "Illuminate\\Support\\Facades\\Bus",
    "Illuminate\\Foundation\\Bus\\Dispatchable", "Illuminate\\Bus\\Dispatchable",
)  # fmt: skip
_EVERY: Final = ("resource", "apiResource", "resources", "apiResources", "controller", "singleton")
_NOW: Final = ("dispatchSync", "dispatchNow", "sync")


def module(name: str) -> Value | None:
    """A class of Laravel that a model knows."""
    if name.endswith("\\Route"):
        return Routes()
    if name.endswith("\\Dispatchable"):
        return Dispatchable()
    return Queues() if name in PACKAGES else None


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

    def fingerprint(self, depth: int = 4) -> Hashable:
        """There is one."""
        return "Laravel's routes"


class Dispatchable(Native):
    """The trait that gives jobs ``dispatch``."""

    __slots__ = ()

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """``Job::dispatch(…)``."""
        if not name.startswith("dispatch"):
            return None

        def body(site: CallSite, run: Machine) -> Value:
            cls = owner.cls if isinstance(owner, Instance) else owner
            if isinstance(cls, ClassValue):
                job = run.construct(cls, CallSite(site.positional, site.keywords, site.place, site.complete))
                dispatch(run, job, site.place, now=name in _NOW)
            return Library("a dispatched job")

        return Function(name, body, owner)


class Queues(Native):
    """``Queue::push(new Job)``, ``Bus::dispatch(new Job)``."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What takes jobs."""

        def body(site: CallSite, run: Machine) -> Value:
            for value in site.all():
                dispatch(run, value, site.place, now=name in _NOW)
            return self

        return Function(name, body, self)


def dispatch(run: Machine, job: Value, place: Place, now: bool = False) -> None:
    """A job goes to the queue of the application's configuration, or runs at once."""
    jobs = [option for option in options(job) if isinstance(option, Instance)]
    if not jobs:
        return
    settings = _settings(run)
    kinds = {"sync"} if now else _kinds(run, settings)
    if "sync" in kinds:
        for one in jobs:
            method = run.attribute(one, "handle", place)
            run.call_value(method, CallSite((), {}, place, complete=False))
    if "sqs" in kinds:
        connections = settings.fields.get("connections") if settings is not None else None
        sqs = connections.fields.get("sqs") if isinstance(connections, Object) else None
        queue = sqs.fields.get("queue") if isinstance(sqs, Object) else None
        run.emit("sqs", "SendMessage", {"QueueUrl": queue or UnknownValue("a queue", place)}, place, SDK)


def _settings(run: Machine) -> Object | None:
    """What ``config/queue.php`` returns."""
    for file in frameworks.files_of(run, run.position.file):
        if file == "config/queue.php" or file.endswith("/config/queue.php"):
            run.load(file)
            module = run.heap.modules.get(file)
            found = None if module is None else module.frame.variables.get(program.RETURNED)
            return found if isinstance(found, Object) else None
    return None


def _kinds(run: Machine, settings: Object | None) -> set[str]:
    """The drivers that the default connection may have."""
    if (named := run.environment.get("QUEUE_CONNECTION")) is not None:
        return {named}
    default = settings.fields.get("default") if settings is not None else None
    for option in options(default) if default is not None else ():
        text = as_text(option)
        if isinstance(option, Const) and isinstance(option.value, str):
            return {option.value}
        if text is not None and "QUEUE_CONNECTION" in str(text):
            return {"sync", "sqs"}  # it may be set where the function is deployed
    return {"sync", "sqs"} if settings is None else {"sync"}
