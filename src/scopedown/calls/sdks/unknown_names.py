"""Services and operations that the AWS data does not know: misspelt, or newer than the data.

Such a call needs some permission that nobody can name. What comes in: a client's service and the name that the code
calls; what goes out: an :class:`~scopedown.core.coverage.Unseen` among the run's, limited to the service where that one
is known, so that no right that may serve the call is taken away.
"""

from __future__ import annotations

from collections.abc import Callable

from scopedown.calls.interpreter.dispatch import on_service
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, UnknownValue, Value, options
from scopedown.catalog import AWS_DATA
from scopedown.catalog.action_patterns import of_service
from scopedown.catalog.model import Operation
from scopedown.core.coverage import Cause, Unseen
from scopedown.core.place import Place

MAX_SUGGESTED = 20
"""Of more unknown names than this in one run, no suggestions are looked for."""
MAX_NAME = 200
"""Longer names are no operation's."""


def unknown_operation(service: str, name: str) -> Callable[[CallSite, Machine], Value]:
    """What calling a member of a client does whose name is none of the service's operations."""

    def body(site: CallSite, run: Machine) -> Value:
        note_operation(run, service, name, site)
        return _unknown(f"{service}.{name}", site, run)

    return body


def named_operations(
    run: Machine,
    service: str,
    named: Value | None,
    find: Callable[[str], Operation | None],
    does: str,
    site: CallSite,
    elsewhere: bool = False,
) -> list[Operation]:
    """The operations that an argument names, such as that of a presigned request, a waiter or a paginator.

    Of an argument that is not known, or missing where further ones may follow, the run notes that a client of
    ``service`` ``does`` something whose operation is computed; of a text that names no operation, that it is not known.
    It notes nothing of a client of another vendor's service (``elsewhere``), which needs no right.
    """
    if named is None and not site.complete:
        named = UnknownValue("an argument", site.place)
    found: list[Operation] = []
    for option in options(named) if named is not None else ():
        operation = find(option.value) if isinstance(option, Const) and isinstance(option.value, str) else None
        if operation is not None:
            found.append(operation)
        elif elsewhere:
            continue
        elif not isinstance(option, Const):
            on_service(run, service, does, site.place)
        elif isinstance(option.value, str):
            note_operation(run, service, option.value, site)
    return found


def unknown_service(name: str) -> Callable[[CallSite, Machine], Value]:
    """What making a client or a command of a service does that is not known."""

    def body(site: CallSite, run: Machine) -> Value:
        note_service(run, name, site.place)
        return _unknown(name, site, run)

    return body


def _unknown(name: str, site: CallSite, run: Machine) -> Value:
    for value in site.all():
        run.escape(value, site.place)
    return UnknownValue(f"result of {name}", site.place)


def note_operation(run: Machine, service: str, name: str, site: CallSite) -> None:
    """The run calls ``name`` of a known service, which is no operation that the data knows."""

    def near() -> list[str]:
        if name[:1].isupper() and (commands := commands_alike(run, service, name)):
            return commands
        found = alike(name, {_letters(method): method for method in run.catalog.method_names(service)})
        return found if "_" in name else [_in_javascript(run, service, method) for method in found]

    _note(
        run,
        f"the operation {service}.{name}",
        name,
        near,
        site.place,
        of_service(run.catalog, service),
        (service, name),
    )


def note_service(run: Machine, name: str, place: Place) -> None:
    """The run makes a client of a service that the data does not know."""

    plain = name.rpartition("client-")[2].removeprefix("AWS.")

    def near() -> list[str]:
        services = {_letters(service.name): service.name for service in run.catalog.services()}
        return alike(plain, services)

    _note(run, f"the service {name}", name, near, place, ("*",), ("", plain))


def commands_alike(run: Machine, service: str, name: str) -> list[str]:
    """The classes of commands (version 3 of the SDK for JavaScript) that a name may be a misspelling of."""
    names = {f"{_letters(method)}command": method for method in run.catalog.method_names(service)}
    letters = _letters(name)
    found = [names[f"{letters}command"]] if f"{letters}command" in names else alike(name, names, 0.85)
    return [
        f"{operation.name}Command"
        for one in found
        if (operation := run.catalog.operation_of_method(service, one)) is not None
    ]


def alike(name: str, known: dict[str, str], least: float = 0.7) -> list[str]:
    """Up to three of the known names (by their letters) that a name resembles; for a short name one."""
    from difflib import get_close_matches

    letters = _letters(name)
    count, ratio = (1, 0.5) if len(letters) < 4 else (3, least)
    return [known[one] for one in get_close_matches(letters, known, count, ratio)]


def _letters(name: str) -> str:
    return name.lower().replace("_", "")


def _in_javascript(run: Machine, service: str, method: str) -> str:
    """``put_item`` as JavaScript's SDKs call it, ``putItem``; a method without an operation (a waiter) as it is."""
    operation = run.catalog.operation_of_method(service, method)
    return operation.name[:1].lower() + operation.name[1:] if operation is not None else method


def _note(
    run: Machine,
    what: str,
    name: str,
    near: Callable[[], list[str]],
    place: Place,
    may_call: tuple[str, ...],
    called: tuple[str, str],
) -> None:
    unseen = run.found.unseen
    key = (Cause.OPERATION, what)
    if key in unseen:
        return
    suggested = near() if len(unseen) < MAX_SUGGESTED and len(name) < 100 else []
    wrong = f"did you mean {' or '.join(suggested)}?" if suggested else "correct the name."
    remedy = f"{wrong} If the name is right, keep its permission and say so with # scopedown: needs ACTION on TARGET"
    sentence = f"{what} is not known: misspelt, or newer than the data of {AWS_DATA}"
    unseen[key] = Unseen(Cause.OPERATION, sentence, place, may_call, remedy, (called[0], called[1][:MAX_NAME]))
