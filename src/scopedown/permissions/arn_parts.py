"""What one value fills of an ARN format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scopedown.core.text import Text

NOTHING = Text()
Conditions = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Filling:
    """What one value fills: variables of the ARN format, or ``whole``, an ARN that stands for the format up to and
    with ``variable``. ``head`` replaces the format's partition, region or account. ``append`` follows the ARN."""

    variables: Mapping[str, Text] = field(default_factory=dict)
    whole: Text | None = None
    variable: str = ""
    head: Mapping[str, Text] = field(default_factory=dict)
    append: Text = NOTHING
    type: str | None = None
    """The resource type that the value itself shows, where it shows one."""
    conditions: Conditions = field(default_factory=dict)


def known_head(head: Mapping[str, Text]) -> dict[str, Text]:
    """A region or an account that is worked out at run time (from the context, most often) is the function's own."""
    return {name: value for name, value in head.items() if not value.unknowns}


def together(conditions: Sequence[Conditions]) -> Conditions:
    """Conditions that hold for several values at once: with the same keys, any value of each; else none."""
    if not conditions:
        return {}
    merged: dict[str, dict[str, tuple[str, ...]]] = {}
    for condition in conditions:
        for operator, keys in condition.items():
            for key, values in keys.items():
                known = merged.setdefault(operator, {}).get(key, ())
                merged[operator][key] = (*known, *(value for value in values if value not in known))
    same = all(_keys(condition) == _keys(merged) for condition in conditions)
    return merged if same else {}


def _keys(conditions: Conditions) -> set[tuple[str, str]]:
    return {(operator, key) for operator, keys in conditions.items() for key in keys}
