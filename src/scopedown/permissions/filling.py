"""What one value fills of an ARN format."""

from __future__ import annotations

from collections.abc import Mapping
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
