"""What a parameter's type annotation tells where its value is not known.

Containers, frameworks and tests inject what a constructor or a handler declares: an unknown value whose declared type
is an SDK's client is such a client; what is injected into a constructor under a class of the analysed code is an object
of that class, made by code that is not seen. An annotation that names anything else tells nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.calls import expressions, ir
from scopedown.calls.values import CallSite, ClassValue, External, Native, UnknownValue, Value, join, options
from scopedown.core.place import Place

if TYPE_CHECKING:
    from scopedown.calls.activation import Activation
    from scopedown.calls.interpret import Interpreter

CONSTRUCTORS = ("constructor", "__init__")


def refine(run: Interpreter, activation: Activation, parameter: ir.Parameter, value: Value, constructor: bool) -> Value:
    """The value of a parameter, as its annotation has it where nothing else is known."""
    of = parameter.annotation
    if not isinstance(of, ir.Name | ir.Attr) or not any(_unseen(one) for one in options(value)):
        return value
    declared = expressions.evaluate(run, activation, of)
    place = run.place(of.at)
    if isinstance(declared, Native) and declared.names_a_client:
        known = [one for one in options(value) if not _unseen(one)]
        return join(*known, declared.call(CallSite((), {}, place), run))
    injected = constructor or any(isinstance(one, External) for one in options(value))
    if isinstance(declared, ClassValue) and injected:
        kept = [one for one in options(value) if not isinstance(one, UnknownValue)]
        return join(*kept, _made(run, declared, place))
    return value


def _unseen(value: Value) -> bool:
    return isinstance(value, UnknownValue | External)


def _made(run: Interpreter, cls: ClassValue, place: Place) -> Value:
    """An object that unseen code makes: one for each class, as containers have it."""
    known = run.injected.get(id(cls))
    if known is None:
        run.injected[id(cls)] = UnknownValue("an object that is being made", place)
        known = run.injected[id(cls)] = run.construct(cls, CallSite((), {}, place, complete=False))
    return known
