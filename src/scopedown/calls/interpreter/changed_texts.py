"""Texts that code changes in place (Ruby's ``text << "more"``).

Texts are constants here, and others may hold the same text: whoever has a text of which one like it was changed has
either that or what came of it. A variable on which the method is called has the new text alone.
"""

from __future__ import annotations

from scopedown.calls.machine import Machine
from scopedown.calls.values import Const, TextValue, UnknownValue, Value, join, options

MAX_LATER = 8
"""Texts that one may have become, before it is unknown."""


def is_text(value: Value) -> bool:
    """Whether it is a text that is known, in part at least."""
    return isinstance(value, TextValue) or (isinstance(value, Const) and isinstance(value.value, str))


def change(run: Machine, value: Value, new: Value) -> None:
    """A text becomes another one."""
    if not is_text(value) or value.fingerprint() == new.fingerprint():
        return
    known = run.heap.changed_texts
    key = value.fingerprint()
    known[key] = join(known[key], new) if key in known else new


def current(run: Machine, value: Value) -> Value:
    """What a value may be by now."""
    known = run.heap.changed_texts
    if not known or not any(is_text(option) and option.fingerprint() in known for option in options(value)):
        return value
    seen: dict[object, Value] = {}
    waiting = list(options(value))
    while waiting:
        one = waiting.pop()
        key = one.fingerprint(2)
        if key not in seen:
            seen[key] = one
            if is_text(one) and one.fingerprint() in known:
                waiting += options(known[one.fingerprint()])
        if len(seen) > MAX_LATER:
            return join(value, UnknownValue("a text that is changed in place"))
    return join(*seen.values())
