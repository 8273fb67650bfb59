"""The settings of a Laravel application: what the files below ``config/`` return, with the drivers that they choose
(https://laravel.com/docs/configuration)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from scopedown.calls.machine import Machine
from scopedown.calls.values import ClassValue, Const, Instance, Object, TextValue, Value, from_text, options
from scopedown.core.place import Place
from scopedown.core.tables import read_rows
from scopedown.core.text import EnvVar, Literal, Text
from scopedown.languages.php import dotenv, frameworks, program
from scopedown.languages.php.sdk_client import SDK

VARIABLES: Final = {
    "cache": ("CACHE_STORE", "CACHE_DRIVER"), "session": ("SESSION_DRIVER",), "queue": ("QUEUE_CONNECTION",),
    "filesystems": ("FILESYSTEM_DISK", "FILESYSTEM_DRIVER"), "mail": ("MAIL_MAILER", "MAIL_DRIVER"),
}  # fmt: skip
"""The variables that choose a driver where the application has no file for it (laravel/framework config/*.php)."""
_QUEUED: Final = ("Illuminate\\Contracts\\Queue\\ShouldQueue", "Illuminate\\Contracts\\Queue\\ShouldQueueAfterCommit")
_METHODS: Final = Path(__file__).with_name("driver_methods.tsv")


@cache
def methods(driver: str) -> Mapping[str, tuple[str, ...]]:
    """What the methods of a driver call: ``{"put": ("PutItem",)}``."""
    rows = [row for row in read_rows(_METHODS) if row["driver"] == driver]
    return {name: tuple(row["operations"].split()) for row in rows for name in row["methods"].split()}


def settings(run: Machine, name: str) -> Object | None:
    """What ``config/NAME.php`` returns."""
    for file in frameworks.files_of(run, run.position.file):
        if file == f"config/{name}.php" or file.endswith(f"/config/{name}.php"):
            run.load(file)
            module = run.heap.modules.get(file)
            found = None if module is None else module.frame.variables.get(program.RETURNED)
            return found if isinstance(found, Object) else None
    return None


def member(given: Value | None, *names: str) -> Value | None:
    """A setting in others."""
    for name in names:
        given = given.fields.get(name) if isinstance(given, Object) else None
    return given


def drivers(run: Machine, name: str) -> set[str]:
    """What is chosen: the default store, connection, disk or mailer, or the session's driver."""
    held = settings(run, name)
    chosen = member(held, "driver" if name == "session" else "default")
    if chosen is None:
        chosen = member(held, "driver") if name == "mail" else None
    if held is None or chosen is None:
        return {value for variable in VARIABLES[name] if (value := dotenv.known(run, variable)) is not None}
    return set(known(run, chosen))


def known(run: Machine, value: Value) -> Iterator[str]:
    """The texts that a setting may be, by the function's variables: ``env("CACHE_DRIVER", "file")``."""
    for option in options(value):
        if isinstance(option, Const) and isinstance(option.value, str):
            yield option.value
        elif isinstance(option, TextValue) and len(option.text.parts) == 1:
            part = option.text.parts[0]
            if isinstance(part, EnvVar):
                given = dotenv.known(run, part.name)
                other = getattr(part, "default", None)
                if given is not None:
                    yield given
                elif isinstance(other, Text) and all(isinstance(one, Literal) for one in other.parts):
                    yield as_plain(other)


def is_queued(value: Value) -> bool:
    """Whether an object is for a queue (https://laravel.com/docs/queues#creating-jobs)."""
    return any(isinstance(option, Instance) and derives_queued(option.cls) for option in options(value))


def derives_queued(cls: ClassValue) -> bool:
    """Whether objects of a class are for a queue."""
    return any(derives(cls, name) for name in _QUEUED)


def derives(cls: ClassValue, name: str) -> bool:
    """Whether a class derives from one of the framework."""
    return any(getattr(one, "origin", None) == name for one in cls.ancestry())


def enqueue(run: Machine, place: Place, connection: Value | None = None) -> bool:
    """A message to the queue of a connection, else of the application's; False where it is none of SQS."""
    held = settings(run, "queue")
    sent = False
    for name in sorted(drivers(run, "queue") if connection is None else set(known(run, connection))):
        driver = member(held, "connections", name, "driver") or Const(name)
        if "sqs" in known(run, driver):
            queue = member(held, "connections", name, "queue") or variable("SQS_QUEUE")
            run.emit("sqs", "SendMessage", {"QueueUrl": queue}, place, SDK)
            sent = True
    return sent


def as_plain(text: Text) -> str:
    """A text of which all is known."""
    return "".join(one.value for one in text.parts if isinstance(one, Literal))


def variable(name: str) -> Value:
    """A variable of the function, which the framework's own settings read."""
    return from_text(Text.of(EnvVar(name)))
