"""Which actions a call may need, by how it is written with SDKs whose methods are the operations
(:class:`~scopedown.calls.machine.SdkNames`): those of Java, Kotlin, Go, C#, Ruby, Rust and PHP.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scopedown.calls.interpreter.trail import called_name
from scopedown.calls.machine.state import OpenCall
from scopedown.calls.sdks.emitting import api_name
from scopedown.calls.sdks.operation_names import OperationNames
from scopedown.calls.values import Const, TextValue, options
from scopedown.catalog.action_patterns import of_operations
from scopedown.catalog.model import Catalog, Operation
from scopedown.source import ir


class TypedNames(OperationNames):
    """``suffixes`` are what a method's name may end in beside the operation's (``Async``, ``WithContext``); ``others``
    are methods of libraries above the SDK, with the (service, operation) pairs that they may call."""

    def __init__(
        self,
        catalog: Catalog,
        suffixes: Sequence[str] = (),
        others: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    ) -> None:
        super().__init__(catalog)
        self._suffixes = tuple(suffixes)
        self._others = others or {}

    def of_open(self, call: OpenCall) -> tuple[str, ...]:
        """A method of a value that is not known. One word may be a method of anything: it takes no plain text then."""
        name = call.name or ""
        if not call.is_member:
            return ()
        first = call.site.positional[0] if call.site.positional else None
        is_text = first is not None and all(isinstance(one, Const | TextValue) for one in options(first))
        return self._actions(name, is_text)

    def of_written(self, call: ir.Call, data: frozenset[str]) -> tuple[str, ...]:
        """The same by the call's text."""
        name = called_name(call)
        if name is None or call.new or not isinstance(call.function, ir.Attr):
            return ()
        if isinstance(owner := call.function.object, ir.Name) and owner.id in data:
            return ()
        first = call.positional[0] if call.positional else None
        return self._actions(name, isinstance(first, ir.Const | ir.Template | ir.Lambda | ir.ListExpr))

    def _actions(self, name: str, is_text: bool) -> tuple[str, ...]:
        operations = self._operations(name)
        if is_text and all(_is_one_word(operation.name) for operation in operations):
            return ()
        return of_operations(operations) if operations else ()

    def _operations(self, name: str) -> tuple[Operation, ...]:
        if name in self._others:
            found = (self.catalog.operation(*one) for one in self._others[name])
            return tuple(operation for operation in found if operation is not None)
        for suffix in ("", *self._suffixes):
            if name.endswith(suffix) and (operations := self.named(api_name(name[: len(name) - len(suffix)]))):
                return operations
        return ()


def _is_one_word(name: str) -> bool:
    return sum(character.isupper() for character in name) < 2
