"""Every setting of the settings file, one row each: the reader, the JSON schema and the page are made of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

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


SETTINGS = (
    Setting(TOP, "stage", Kind.TEXT, "The stage to deploy to."),
    Setting(TOP, "region", Kind.TEXT, "The AWS region to deploy to.", pattern=REGION.pattern, example="eu-west-1"),
    Setting(TOP, "account", Kind.TEXT, "The AWS account id.", pattern=ACCOUNT.pattern, example="123456789012"),
    Setting(TOP, "framework", Kind.TEXT, "How to compile a Serverless project.", COMPILERS),
    Setting(TOP, "logs", Kind.TEXT, "Permissions on log groups.", ("needed", "framework")),
    Setting(TOP, "param-file", Kind.FILE, "A YAML file with values that are stored in AWS."),
    Setting(TOP, "used", Kind.FILE, "A table of uses that scopedown observe --save-used made."),
    Setting("scan", "fail-on", Kind.GATES, "The gates of scan."),
    Setting("check", "fail-on", Kind.GATES, "The gates of check."),
    Setting("check", "select", Kind.RULES, "Check only these rules, in check and report."),
    Setting("check", "ignore", Kind.RULES, "Skip these rules, in check and report."),
    Setting("check", "baseline", Kind.FILE, "A file of known problems to ignore, in check and report."),
    Setting("check", "never", Kind.GRANTS, "What no role and no policy may grant."),
    Setting("check", "may-not-grow", Kind.SWITCH, "Report what roles and policies allow and did not allow at base."),
    Setting("check", "base", Kind.TEXT, "The Git commit, branch or tag of may-not-grow."),
    Setting("validate", "fail-on", Kind.GATES, "The gates of validate."),
    Setting("validate", "select", Kind.RULES, "Report only these codes or types of findings."),
    Setting("validate", "ignore", Kind.RULES, "Skip these codes or types of findings."),
    Setting("validate", "baseline", Kind.FILE, "A file of known findings to ignore."),
    Setting("write", "dialect", Kind.TEXT, "The dialect of written roles.", ("auto", "inline", "plugin", "v4")),
    Setting("write", "as", Kind.TEXT, "Where statements are written.", ("inline", "managed")),
    Setting("write", "shared", Kind.SWITCH, "One role for all functions."),
    Setting("write", "boundary", Kind.TEXT, "The permissions boundary of the roles."),
    Setting("write", "fail-on", Kind.GATES, "The gates of write."),
    Setting("deploy-policy", "commands", Kind.NAMES, "The framework commands to allow."),
    Setting("deploy-policy", "stack-name", Kind.TEXT, "The stack's name, for templates."),
    Setting("deploy-policy", "boundary", Kind.TEXT, "The permissions boundary of the stack's roles."),
    Setting("deploy-policy", "strict", Kind.SWITCH, "Add conditions on aws:CalledVia and aws:RequestedRegion."),
    Setting("deploy-policy", "fail-on", Kind.GATES, "The gates of deploy-policy --audit."),
    Setting("prove", "fail-on", Kind.GATES, "The gates of prove."),
    Setting("prove", "events", Kind.FOLDER, "A folder with events for the functions."),
)


def sections() -> tuple[str, ...]:
    """The sections, but for the top, in order."""
    return (PARAMETERS, *dict.fromkeys(one.section for one in SETTINGS if one.section))


def settings_of(section: str) -> dict[str, Setting]:
    """The settings of a section, by name."""
    return {one.name: one for one in SETTINGS if one.section == section}
