"""Services and operations that the AWS data does not know: misspelt, or newer than the data.

Such a call needs some permission that nobody can name. What comes in: a client's service and the name that the code
calls; what goes out: an :class:`~scopedown.core.coverage.Unseen` among the run's, limited to the service where that one
is known, so that no right that may serve the call is taken away.
"""

from __future__ import annotations

from collections.abc import Callable

from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, UnknownValue, Value
from scopedown.catalog.action_patterns import of_service
from scopedown.catalog.tables import DATE
from scopedown.core.coverage import Cause, Unseen
from scopedown.core.place import Place

MAX_SUGGESTED = 20
"""Of more unknown names than this in one run, no suggestions are looked for."""


def unknown_operation(service: str, name: str) -> Callable[[CallSite, Machine], Value]:
    """What calling a member of a client does whose name is none of the service's operations."""

    def body(site: CallSite, run: Machine) -> Value:
        note_operation(run, service, name, site)
        return _unknown(f"{service}.{name}", site, run)

    return body


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
    may_call = of_service(run.catalog, service)
    _note(run, f"the operation {service}.{name}", name, lambda: run.catalog.method_names(service), site.place, may_call)


def note_service(run: Machine, name: str, place: Place) -> None:
    """The run makes a client of a service that the data does not know."""

    def services() -> tuple[str, ...]:
        return tuple(service.name for service in run.catalog.services())

    _note(run, f"the service {name}", name.rpartition("client-")[2], services, place, ("*",))


def _note(
    run: Machine, what: str, name: str, known: Callable[[], tuple[str, ...]], place: Place, may_call: tuple[str, ...]
) -> None:
    unseen = run.found.unseen
    key = (Cause.OPERATION, what)
    if key in unseen:
        return
    remedy = "correct its name, or keep the right that it needs and say so in a hint (# scopedown: needs …)"
    if len(unseen) < MAX_SUGGESTED and len(name) < 100:
        from difflib import get_close_matches

        by_letters = {one.lower().replace("_", ""): one for one in known()}
        wanted = name.lower().replace("_", "").removesuffix("command")
        near = [by_letters[match_] for match_ in get_close_matches(wanted, by_letters, 3, 0.7)]
        if near:
            remedy = f"did you mean {' or '.join(near)}? Else " + remedy
    sentence = f"{what} is not known: misspelt, or newer than the data of {DATE}"
    unseen[key] = Unseen(Cause.OPERATION, sentence, place, may_call, remedy)
