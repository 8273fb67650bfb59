"""The names for which ``--param`` changes something: those that ``${param:NAME}`` asks for, and those with a value.

In: the files of a configuration, resolved. Out: the names, or None where more of them may be asked for than is seen.
Reference: https://www.serverless.com/framework/docs/guides/parameters
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.documents.document import Files
from scopedown.documents.nodes import as_map
from scopedown.project.serverless.problems import Resolution

_ASKED: Final = re.compile(r"\bparam:(?:\s*([\w.-]+)\s*[,}])?")
_DATA: Final = (".yml", ".yaml", ".json", ".env")
"""Endings of files that are no programs."""


def param_names(tree: Mapping[str, Any], resolution: Resolution, files: Files) -> frozenset[str] | None:
    """The names of a resolved configuration.

    They are not known where a variable was not resolved (its value may ask for others), where a program was read, and
    where a name is made of variables.
    """
    texts = {path: text for path, text in files.texts.items() if text is not None and "param:" in text}
    if resolution.refused or resolution.told or any(path.suffix not in _DATA for path in files.texts):
        return None
    asked = [match[1] for text in texts.values() for match in _ASKED.finditer(text)]
    if None in asked:
        return None
    return frozenset((*asked, *_declared(tree)))


def _declared(tree: Mapping[str, Any]) -> Iterator[str]:
    """``params.STAGE.NAME``, and ``stages.STAGE.params.NAME`` of serverless 4."""
    for of_stage in as_map(tree.get("params")).values():
        yield from as_map(of_stage)
    for of_stage in as_map(tree.get("stages")).values():
        yield from as_map(as_map(of_stage).get("params"))
