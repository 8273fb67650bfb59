"""A shape of an event, filled with values.

In: the name of a shape (``sqs`` for ``sqs.json``) and values by name. Out: the event. A string that is one ``${name}``
becomes the value as it is, of any type; in a longer string its text is put in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
_NAME: Final = re.compile(r"\$\{(\w+)\}")


@cache
def _shape(name: str) -> Any:
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))["event"]


def fill(name: str, values: Mapping[str, Any]) -> Any:
    """The event; a new one each time. Raises KeyError for a value that the shape needs and nobody gave."""
    return _filled(_shape(name), values)


def _filled(tree: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(tree, str):
        if whole := _NAME.fullmatch(tree):
            return values[whole[1]]
        return _NAME.sub(lambda found: str(values[found[1]]), tree)
    if isinstance(tree, dict):
        return {_filled(key, values): _filled(value, values) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_filled(one, values) for one in tree]
    return tree
