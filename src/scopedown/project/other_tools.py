"""Project files of tools that are not read: named where a folder has nothing else, with what can be done instead."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_TOOLS: Final = (
    # https://developer.hashicorp.com/terraform/language/files
    ("Terraform without resources of AWS", ("*.tf", "*.tf.json", "*.tofu", "*.tofu.json")),
    # https://terragrunt.gruntwork.io/docs/
    ("Terragrunt", ("terragrunt.hcl", "terragrunt.stack.hcl")),
    # https://sst.dev/docs/reference/config/ and, for version 1, https://v1.sst.dev/
    ("SST", ("sst.config.*", "sst.json")),
    # https://www.pulumi.com/docs/iac/concepts/projects/project-file/
    ("Pulumi", ("Pulumi.yaml", "Pulumi.yml")),
    # https://aws.github.io/chalice/topics/configfile.html
    ("Chalice", (".chalice/config.json",)),
    # https://docs.amplify.aws/react/reference/project-structure/ and, for generation 1, the Amplify CLI's own
    ("Amplify", ("amplify/backend.ts", "amplify/backend/backend-config.json", "amplify/team-provider-info.json")),
    # https://arc.codes/docs/en/get-started/project-manifest
    ("Architect", ("app.arc", "arc.json", "arc.yaml", "arc.yml")),
    # https://github.com/zappa/Zappa
    ("Zappa", ("zappa_settings.*",)),
)
"""A tool → names of its files, as patterns below the project's folder."""

REMEDY: Final = "scan a function's code by itself with scopedown scan FILE:FUNCTION, for instance src/app.py:handler"

TERRAGRUNT_REMEDY: Final = (
    "run terragrunt plan -out=plan and terragrunt show -json plan > plan.json, and scan plan.json; or " + REMEDY
)
_UNIT: Final = re.compile(rb"^[ \t]*(?:terraform[ \t]*\{|include[ \t]*[\"{])", re.MULTILINE)
"""What a unit has, and a file that others only include has not
(https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/)."""


def is_terragrunt(path: Path) -> bool:
    """Whether a file is a unit or a stack of Terragrunt's: a configuration that it deploys."""
    if path.name not in ("terragrunt.hcl", "terragrunt.stack.hcl") or not path.is_file():
        return False
    try:
        with path.open("rb") as stream:
            return path.name == "terragrunt.stack.hcl" or _UNIT.search(stream.read(100_000)) is not None
    except OSError:
        return True


def other_tool(folder: Path) -> str:
    """The tool that a folder's project is written for, of those that are not read; empty where none is recognised."""
    for tool, patterns in _TOOLS:
        if any(next(folder.glob(pattern), None) is not None for pattern in patterns):
            return tool
    return ""
