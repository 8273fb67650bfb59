"""What serverless-step-functions takes for an ARN in ``alarms`` and ``notifications``.

Source: serverless-step-functions 3.21.1 (MIT), ``lib/deploy/stepFunctions/compile{Alarms,Notifications}.schema.js``.
``Fn::Sub`` is not among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scopedown.core.text import Text


def is_word(value: Any) -> bool:
    """Text that is not empty (one that is not known counts as such)."""
    return isinstance(value, Text) or (isinstance(value, str) and value != "")


def names_only(value: Any, names: Iterable[str]) -> bool:
    """Whether a value is a mapping with no other keys."""
    return isinstance(value, Mapping) and set(value) <= set(names)


def is_arn(value: Any, imports: bool = False) -> bool:
    """Text, or one of the intrinsic functions that the plugin lets stand for it; ``imports``: Fn::ImportValue too."""
    if is_word(value):
        return True
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    ((name, argument),) = value.items()
    if name == "Ref":
        return is_word(argument)
    if name == "Fn::GetAtt":
        return isinstance(argument, list) and all(map(is_word, argument))
    if name == "Fn::ImportValue":
        return imports and (is_word(argument) or isinstance(argument, Mapping))
    if name == "Fn::Join":
        return isinstance(argument, list) and all(map(_is_joined, argument))
    return False


def _is_joined(item: Any) -> bool:
    if isinstance(item, list):
        return all(is_word(one) or (names_only(one, ("Ref",)) and all(map(is_word, one.values()))) for one in item)
    return is_word(item)
