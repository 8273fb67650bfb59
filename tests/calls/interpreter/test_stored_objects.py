"""What is kept on objects that are not seen, and when calls are run again for it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from scopedown.calls.interpreter import stored_objects as stored
from scopedown.calls.machine import Heap
from scopedown.calls.values import ClassValue, Const, Frame, Instance, Value, join
from scopedown.source import ir


def a_run() -> Any:
    return SimpleNamespace(heap=Heap())


def an_instance(cls: list[ClassValue]) -> Value:
    if not cls:
        definition = ir.Class("Store", (), (), frozenset(), (1, 1))
        cls.append(ClassValue(definition, Frame("a.py", frozenset(), None), ()))
    return Instance(cls[0])


def test_numbers_and_texts_are_not_kept() -> None:
    run = a_run()
    assert not stored.put(run, "index", Const(1))
    assert not stored.put(run, "index", join(Const(1), Const(2)))
    assert stored.get(run, "index") is None


def test_only_a_name_that_was_asked_for_makes_calls_run_again() -> None:
    run, cls = a_run(), list[ClassValue]()
    assert stored.put(run, "store", an_instance(cls))
    assert run.heap.stored.version == 0
    assert stored.get(run, "other") is None
    assert stored.put(run, "other", an_instance(cls))
    assert run.heap.stored.version == 1


def test_a_value_like_one_that_is_kept_does_not_make_calls_run_again() -> None:
    run, cls = a_run(), list[ClassValue]()
    stored.get(run, "store")
    assert stored.put(run, "store", an_instance(cls)) and stored.put(run, "store", an_instance(cls))
    assert run.heap.stored.version == 1
    assert len(run.heap.stored.values["store"]) == 2
