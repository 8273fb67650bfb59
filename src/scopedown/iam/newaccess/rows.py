"""From single findings to rows that a person reads: equal ones together, actions as their statement writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scopedown.iam.folding import fold
from scopedown.iam.newaccess.box import Box
from scopedown.iam.newaccess.model import Row, Witness
from scopedown.iam.newaccess.names import Vocabulary, bits
from scopedown.iam.rule import Place

NOT_BEFORE = "not allowed before"
UNDER_CONDITIONS = "allowed before only under conditions"
DENY_GONE = "a deny is gone"


@dataclass(frozen=True, slots=True)
class Cell:
    """Actions of one statement that are new on one of its resources, or on all that it has (``resource`` None).

    ``future`` is the name of an action that no list has.
    """

    box: Box
    mask: int
    resource: str | None
    why: str
    before: Place | None
    witness: Witness
    future: str = ""


def rows_of(cells: Sequence[Cell], vocabulary: Vocabulary) -> tuple[Row, ...]:
    """The rows of the cells, in the order of the first cell of each."""
    resources: dict[tuple[object, ...], list[str | None]] = {}
    masks: dict[tuple[object, ...], int] = {}
    first: dict[tuple[object, ...], Cell] = {}
    by_actions: dict[tuple[object, ...], dict[int, list[Cell]]] = {}
    for cell in cells:
        by_actions.setdefault(_kind(cell), {}).setdefault(cell.mask, []).append(cell)
    for kind, groups in by_actions.items():
        for mask, same in groups.items():
            on = list(dict.fromkeys(cell.resource for cell in same))
            key = (*kind, tuple(str(one) for one in on))
            first.setdefault(key, same[0])
            resources.setdefault(key, on)
            masks[key] = masks.get(key, 0) | mask
    return tuple(_row(first[key], masks[key], resources[key], vocabulary) for key in first)


def _kind(cell: Cell) -> tuple[object, ...]:
    return (cell.box, cell.why, cell.before, cell.future)


def _row(cell: Cell, mask: int, on: Sequence[str | None], vocabulary: Vocabulary) -> Row:
    box = cell.box
    actions = (cell.future,) if cell.future else tuple(actions_shown(box, mask, vocabulary))
    return Row(
        box.place,
        actions,
        tuple(one for one in on if one is not None) or resources_shown(box),
        cell.why,
        cell.witness,
        cell.before,
        bool(cell.future),
    )


def resources_shown(box: Box) -> tuple[str, ...]:
    """The resources of a statement as it writes them; those of NotResource are left out of all."""
    statement = box.place.statement
    if statement.not_resource is not None:
        return tuple(f"everything but {one}" for one in statement.not_resource)
    return statement.resource or ("*",)


def actions_shown(box: Box, mask: int, vocabulary: Vocabulary) -> list[str]:
    """The actions of a set: whole patterns of the statement's, whole services for NotAction, and names."""
    statement = box.place.statement
    out: list[str] = []
    rest = mask
    if statement.action is not None:
        for written in statement.action:
            inside = vocabulary.mask(fold(written)) & box.mask
            if inside and not inside & ~mask and inside & rest:
                out.append(written)
                rest &= ~inside
    elif mask == box.mask:
        return [f"everything but {one}" for one in statement.not_action or ()]
    if rest.bit_count() > 20:
        for service in dict.fromkeys(vocabulary.written(at).partition(":")[0] for at in bits(rest)):
            inside = vocabulary.mask(f"{fold(service)}:*")
            if not inside & ~rest & ~vocabulary.mask("sts:getcalleridentity"):
                out.append(f"{service}:*")
                rest &= ~inside
    return [*out, *vocabulary.names_in(rest)]
