"""Every setting of the settings file, one row each: the reader, the JSON schema and the page are made of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from scopedown.core.tables import typed_rows

REGION = re.compile(r"[a-z0-9-]+")
ACCOUNT = re.compile(r"[0-9]{12}")
"""Both stand in ARNs, where a ``*`` would grant what nobody asked for."""

COMPILERS = ("osls", "v3", "v4")
"""The frameworks that compile a Serverless project."""


TOP = ""
"""The section of settings for every command: the top of the file."""
PARAMETERS = "parameters"
LIMITS = "limits"
"""Tables ``[[limits]]``: never and may-not-grow for some roles or paths."""


class Kind(Enum):
    """What a value is."""

    TEXT = "text"
    FILE = "a file, relative to the settings file"
    FOLDER = "a folder, relative to the settings file"
    SWITCH = "true or false"
    NAMES = "a list of names"
    RULES = "a list of rules"
    GATES = "a list of gates"
    GRANTS = "a list of ACTIONS or ACTIONS on ARNS"


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: the default of the option of its name, of one command (the section) or of all that have it."""

    section: str
    name: str
    kind: Kind
    about: str
    choices: Sequence[str] = ()
    pattern: str = ""
    example: str = ""

    @property
    def parameter(self) -> str:
        """The name of the option's value in the command."""
        return "as_" if self.name == "as" else self.name.replace("-", "_")


def _setting(row: dict[str, str]) -> Setting:
    kind, choices = Kind[row.pop("kind").upper()], tuple(row.pop("choices").split())
    return Setting(kind=kind, choices=choices, **row)


SETTINGS = tuple(typed_rows(Path(__file__).with_name("settings.tsv"), _setting))


def sections() -> tuple[str, ...]:
    """The sections, but for the top, in order."""
    return (PARAMETERS, *dict.fromkeys(one.section for one in SETTINGS if one.section))


def settings_of(section: str) -> dict[str, Setting]:
    """The settings of a section, by name."""
    return {one.name: one for one in SETTINGS if one.section == section}
