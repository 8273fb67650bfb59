"""What is common to the ways in which SDKs write their calls: operations by name, and whether arguments fit them."""

from __future__ import annotations

from collections.abc import Iterable

from scopedown.catalog.action_patterns import of_operations
from scopedown.catalog.model import Catalog, Operation

TRANSFERRED = "s3"
"""The service to and from which SDKs transfer files."""


class OperationNames:
    """The operations of a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._known: dict[str, tuple[Operation, ...]] = {}

    def named(self, name: str) -> tuple[Operation, ...]:
        """Those of a name, of any service."""
        if name not in self._known:
            self._known[name] = self.catalog.operations_named(name)
        return self._known[name]


def fitting(operations: Iterable[Operation], given: set[str], complete: bool) -> tuple[str, ...]:
    """The actions of those operations that take all the given parameters and, where these are ``complete``, need no
    others."""
    fit = [
        operation
        for operation in operations
        if given <= set(operation.members) and (not complete or set(operation.required) <= given)
    ]
    return of_operations(fit) if fit else ()
