"""The rows of an SDK: ``languages/NAME/sdk.tsv`` says what the members of its objects do.

``sdk``        the SDK's name, as its calls carry it; several separated by spaces
``on``         the kind of object: ``client``, or one that another row makes; ``client:s3``: of that service alone
``member``     names of members separated by spaces; ``*`` in a name stands for any text
``does``       ``call``: calls operations when it is called
               ``make``: makes an object that has the operation
               ``new``: makes a client or its like, as its language configures one
               ``part``: the member itself is an object, which is not called
               ``bind``: gives an object whose calls have the argument as the parameter that ``operation`` names
               ``read``: gives that parameter
               ``send``: calls the object's own operation, or those of the commands that it is handed
               ``self``: gives the object itself; ``nothing``: calls nothing
``operation``  ``*``: the one that the text for ``*`` names; ``$0``: those that an argument names; ``@``: the object's
               own; or names. After ``waiter``: the ones that the waiters of these names ask; after ``parts``: an upload
               that may be sent in parts;
               ``SERVICE:NAME`` is one of another service, as what a token for a database allows
``request``    the position of the request among the arguments; ``?``: it is not known; empty: the object's parameters;
               or the parameters that the arguments are in their order, of which an operation takes those that it has.
               ``-``: none; ``Name?``: not known where the argument is missing; ``Name*``: names that begin with it;
               ``*Name``: the argument, which may have that name, has further parameters as its members
``gives``      how the SDK hands over what the operation gives, in words that its language knows; of ``make``, ``part``
               and ``bind`` the kind of the object; empty: as the object's own

Of several rows for a member, the first counts whose operation is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scopedown.core.tables import typed_rows

COLUMNS = ("sdk", "on", "member", "does", "operation", "request", "gives")
UNKNOWN = -1
"""The position of a request that no argument is."""
_KINDS = frozenset({"waiter", "parts"})
_VERBS = frozenset({"bind", "call", "make", "new", "nothing", "part", "read", "self", "send"})


@dataclass(frozen=True, slots=True)
class Row:
    """What members of some names do. ``request``: the argument's position, None where there is none; ``takes``: the
    parameters that the arguments are."""

    on: tuple[str, ...]
    names: tuple[str, ...]
    does: str
    operation: str
    waits: bool
    in_parts: bool
    request: int | None
    takes: tuple[str, ...]
    gives: str

    def text(self, name: str) -> str | None:
        """What ``*`` stands for in a member's name, the whole name where the row has that; None for other members."""
        for written in self.names:
            before, star, after = written.partition("*")
            if name == written:
                return name
            if star and len(name) > len(before + after) and name.startswith(before) and name.endswith(after):
                return name[len(before) : len(name) - len(after)]
        return None


class SdkTable:
    """The rows of one SDK by the kinds of its objects."""

    def __init__(self, path: Path, sdk: str) -> None:
        self._rows: dict[str, list[Row]] = {}
        for sdks, row in typed_rows(path, _row, COLUMNS):
            for kind in row.on if sdk in sdks else ():
                self._rows.setdefault(kind, []).append(row)
        self._found: dict[tuple[str, str, str], tuple[tuple[Row, str], ...]] = {}

    def found(self, kind: str, service: str, name: str) -> tuple[tuple[Row, str], ...]:
        """The rows for a member of an object, in order, each with the text that ``*`` stands for."""
        key = (kind, service, name)
        if key not in self._found:
            rows = [*self._rows.get(f"{kind}:{service}", ()), *self._rows.get(kind, ())]
            texts = [(row, row.text(name)) for row in rows]
            self._found[key] = tuple((row, text) for row, text in texts if text is not None)
        return self._found[key]

    def operations(self, kind: str) -> Mapping[str, str]:
        """The operations by the members of a kind of object that call one by name."""
        rows = [row for row in self._rows.get(kind, ()) if row.does == "call" and row.operation != "*"]
        return {name: row.operation for row in rows for name in row.names}


def _row(cells: Mapping[str, str]) -> tuple[tuple[str, ...], Row]:
    if cells["does"] not in _VERBS:
        raise ValueError(f"{cells['does']!r} is none of {', '.join(sorted(_VERBS))}")
    kind, _, operation = cells["operation"].rpartition(" ")
    kind = kind if kind in _KINDS else ""
    operation = operation if kind else cells["operation"]
    asked = cells["request"]
    request = UNKNOWN if asked == "?" else int(asked) if asked.isdigit() else None
    takes = tuple(asked.split()) if asked != "?" and not asked.isdigit() else ()
    for one in takes:
        if not one.removeprefix("*")[:1].isupper() and one != "-":
            raise ValueError(f"{one!r} is neither a position nor a parameter")
    row = Row(
        tuple(cells["on"].split()), tuple(cells["member"].split()), cells["does"], operation, kind == "waiter",
        kind == "parts", request, takes, cells["gives"],
    )  # fmt: skip
    return tuple(cells["sdk"].split()), row
