"""Which actions a call on an unknown value may need, by how the AWS SDK for .NET is written: its operations end in
``Async`` (the others are not there on .NET, https://docs.aws.amazon.com/sdk-for-net/v3/developer-guide/sdk-net-async-api.html),
and the libraries above it have methods of their own.
"""

from __future__ import annotations

from pathlib import Path

from scopedown.calls.sdks.typed_names import TypedNames
from scopedown.catalog.model import Catalog, Operation
from scopedown.core.tables import read_rows

_TABLE = Path(__file__).with_name("library_methods.tsv")


class OpenNames(TypedNames):
    """The names of operations with their ending, and those of the libraries' methods."""

    def _operations(self, name: str) -> tuple[Operation, ...]:
        if not name.endswith("Async") and name not in self._others:
            return ()
        return super()._operations(name)


def names(catalog: Catalog) -> OpenNames:
    """Those of the SDK and of the libraries above it."""
    others: dict[str, list[tuple[str, str]]] = {}
    for row in read_rows(_TABLE, ("method", "service", "operations", "source")):
        for operation in row["operations"].split():
            others.setdefault(row["method"], []).append((row["service"], operation))
    return OpenNames(catalog, ("Async",), others)
