"""Modules that are not in the repository: the copy that ``terraform init`` left, or unknown.

Reference: https://developer.hashicorp.com/terraform/language/modules/sources
"""

from __future__ import annotations

from typing import Any

from scopedown.core.text import Text
from scopedown.project.terraform.evaluate import Evaluator
from scopedown.project.terraform.modules import Module
from scopedown.project.terraform.syntax import Block


def remote_module(module: Module, block: Block, source: str, address: str, evaluator: Evaluator) -> Any:
    """What a call of a module means whose source is no folder of the project."""
    module.context.tell(
        "terraform-module", f"scopedown did not read the module {address} ({source[:100] or 'its source is unknown'})",
        block.place, "scan a plan in JSON (terraform show -json), which holds what the module makes",
    )  # fmt: skip
    return Text.unknown(f"the module {address} was not read", block.place)
