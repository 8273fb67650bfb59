"""Errors that Ruby code raises (https://docs.ruby-lang.org/en/3.3/Kernel.html#method-i-raise)."""

from __future__ import annotations

from scopedown.calls.interpreter import dunder_methods
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, ClassValue, Value, options
from scopedown.languages.ruby.native import NOTHING, first_of


def raised(site: CallSite, run: Machine) -> Value:
    """``x or raise Class, message``: an object of the class is made, and may be rescued."""
    for option in options(first_of(site)):
        made = option
        if isinstance(option, ClassValue):
            made = run.call_value(option, CallSite(site.positional[1:2], {}, site.place))
        dunder_methods.throw(run, made)
    return NOTHING
