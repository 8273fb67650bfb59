"""How much of a function's code was seen: what its report says, and what its settings bring along.

In: a function and its call report. Out: its :class:`~scopedown.core.coverage.Coverage`.
"""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.calls.model import CallReport
from scopedown.core.coverage import Cause, Coverage, Unseen
from scopedown.core.text import Literal
from scopedown.permissions.layers import known_layer
from scopedown.project.model import ForeignLayer, Function


def coverage_of(function: Function, report: CallReport, why: str) -> Coverage:
    """The coverage of a function; ``why`` its code was not searched at all, empty where it was."""
    parts = [*function.unread, *_layers(function)]
    if report.fault:
        return Coverage((Unseen(Cause.FAULT, report.fault, function.place), *parts), nothing=True)
    if why:
        told = [part for part in parts if part.cause in (Cause.SOURCE, Cause.WRAPPER, Cause.PLACEHOLDER)]
        whole = [] if told else [Unseen(Cause.SOURCE, why, function.place)]
        return Coverage((*whole, *parts), nothing=True)
    return Coverage(tuple(dict.fromkeys((*report.unseen, *parts))))


def _layers(function: Function) -> Iterator[Unseen]:
    """The layers of others that may call AWS by themselves."""
    for layer in function.foreign_layers:
        row = known_layer(layer)
        name = _name(layer)
        if row is None:
            yield Unseen(
                Cause.LAYER, f"the code of the layer {name} is not in the repository", layer.place,
                remedy="declare the layer with the folder of its source, or add the comment # scopedown: needs "
                "ACTION on TARGET",
            )  # fmt: skip
        elif row.may_call and (not row.settings or any(setting in function.environment for setting in row.settings)):
            yield Unseen(
                Cause.LAYER,
                f"the extension of the layer {name} may be configured to call AWS",
                layer.place,
                row.may_call,
            )


def _name(layer: ForeignLayer) -> str:
    """A layer as messages call it: its name and version, or its whole ARN where that is not literal."""
    last = layer.arn.parts[-1] if layer.arn.parts else None
    if isinstance(last, Literal) and ":layer:" in last.value:
        return last.value.partition(":layer:")[2]
    return str(layer.arn)
