"""A client of boto3 of which the service is not known: ``boto3.client(event["service"])``.

No call of it is recorded. A call that may be an operation is a call of an unknown value, as of any receiver; a method
by a computed name, or a client in unseen hands, may be any action.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.interpreter.escape import note_possible
from scopedown.calls.machine import Machine, Native
from scopedown.calls.machine.state import OpenCall
from scopedown.calls.values import CallSite, UnknownValue, Value
from scopedown.core.place import Place
from scopedown.languages.python.natives import Function, Library, silent

_OF_ALL = {"close", "can_paginate", "__exit__", "__aexit__"}
"""Methods of every client that call nothing
(https://boto3.amazonaws.com/v1/documentation/api/latest/guide/clients.html)."""


@dataclass(frozen=True, slots=True, eq=False)
class OpenClient(Native):
    """The client; ``what`` says it in messages."""

    label = "{self.what}"
    ignores_assignments = True
    client_of = "*"
    what: str
    at: Place

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method, which may be an operation of any service that has one of this name."""
        if name in _OF_ALL:
            return silent(name)
        if name in ("__enter__", "__aenter__"):
            return Function(name, lambda site, run: self)
        if name in ("exceptions", "meta"):
            return Library(f"{self.what}.{name}")

        def call(site: CallSite, run: Machine) -> Value:
            unknown = UnknownValue(self.what, self.at)
            note_possible(run, unknown, name, site, site.place)
            run.trail.open.setdefault((name, site.place), OpenCall(name, site, self.what, True))
            return UnknownValue(self.what, site.place)

        return Function(name, call)
        """Clients are not changed."""
