"""Words that stand for what only a deployment decides, while a Serverless project is read for all of them.

The framework's variables become text before anything else happens: names are put together of them. So each is read as a
word that no project has, and that names may hold; what is written has the variable again. Nothing is decided by such a
word: a condition on it, or a key of a mapping, is not known.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Final

from scopedown.core.text import Literal, Param, Part, Text

STAGE: Final = "zqstagezq"
"""Stands for the stage."""
VARIABLE: Final = "${sls:stage}"
"""The framework's own variable for it (serverless 2.39 and later, osls)."""
_WORD: Final = re.compile(r"zq(?:stage|[0-9a-f]{10})zq")
_NAME: Final = re.compile(r"[A-Za-z_.-][A-Za-z0-9_.-]*")
_REGION: Final = re.compile(r"[a-z]{2}(?:-[a-z]+)+-[0-9]")
_variables: dict[str, str] = {STAGE: VARIABLE}


def stand_in(variable: str) -> str:
    """The word for a variable as it is written (``${env:TABLE, 'orders'}``)."""
    word = f"zq{blake2b(variable.encode(), digest_size=5).hexdigest()}zq"
    _variables[word] = variable
    return word


def variables() -> list[str]:
    """The variables that words stand for, but the stage's."""
    return [variable for word, variable in _variables.items() if word != STAGE]


def is_among(stage: str, stages: object) -> bool:
    """Whether a stage is the named one, or among those that are listed; what stands for every stage is among any."""
    listed = stages if isinstance(stages, list | tuple) else [stages]
    named = [one for one in listed if isinstance(one, str) and one]
    return stage in named or (stage == STAGE and bool(named))


def is_name(value: object) -> bool:
    """Whether a word may stand for a value: a part of a name, and neither a region nor an account."""
    return isinstance(value, str) and bool(_NAME.fullmatch(value)) and not _REGION.fullmatch(value)


def has_stand_in(text: str) -> bool:
    """Whether a text holds a word that stands for something."""
    return "zq" in text and _WORD.search(text) is not None


def as_symbols(text: Text) -> Text:
    """A text with a symbol for each word: it is the same wherever it is, and may turn out to be anything."""

    def change(part: Part) -> Part | Text:
        if not isinstance(part, Literal) or "zq" not in part.value:
            return part
        pieces: list[str | Part] = []
        last = 0
        for match in _WORD.finditer(part.value):
            pieces += [part.value[last : match.start()], Param(match[0])]
            last = match.end()
        return Text.of(*pieces, part.value[last:])

    return text.replace(change)


def as_pattern(text: str) -> str:
    """A text with ``*`` for each word: the pattern of what it is in all deployments."""
    return _WORD.sub("*", text) if "zq" in text else text


def spelled_out(text: str) -> str:
    """A text with the variables that its words stand for."""
    return _WORD.sub(lambda match: _variables.get(match[0], match[0]), text) if "zq" in text else text
