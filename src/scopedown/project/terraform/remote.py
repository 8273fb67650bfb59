"""Modules that are no folder of the configuration: one that is modelled, the copy of ``terraform init``, or unknown.

``modelled/`` has modules of our own text that make what a widely used module makes; all that they make stands where
they are called. ``.terraform/modules/modules.json`` says where ``terraform init`` put the others
(https://developer.hashicorp.com/terraform/language/modules/sources; the file's form is unverified).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.core.text import Text
from scopedown.documents.nodes import as_list
from scopedown.project.terraform.evaluate import Evaluator
from scopedown.project.terraform.modules import MAX_NESTED, Module
from scopedown.project.terraform.syntax import Block

_MODELLED: Final = Path(__file__).parent / "modelled"
_LAMBDA: Final = re.compile(
    r"(?:registry\.(?:terraform\.io|opentofu\.org)/)?terraform-aws-modules/lambda/aws"
    r"|(?:git::)?(?:https://|ssh://git@|git@)?github\.com[/:]terraform-aws-modules/terraform-aws-lambda(?:\.git)?(?:\?.*)?"
)
_LISTED: Final = ".terraform/modules/modules.json"


def remote_module(module: Module, block: Block, source: str, address: str, evaluator: Evaluator) -> Any:
    """What a call of a module means whose source is no folder of the configuration."""
    if module.depth < MAX_NESTED:
        if _LAMBDA.fullmatch(source):
            return module.within(_MODELLED / "lambda.tf", block, address, evaluator)
        folder = _installed(module, block, address)
        if folder is not None:
            return module.within(folder, block, address, evaluator)
    what = source[:100] or "its source is unknown"
    module.context.tell(
        "terraform-module",
        f"scopedown did not read the module {address} ({what}); functions and policies that it makes are not analysed",
        block.place,
        "run terraform init, so that .terraform/modules holds the module, or scan a plan "
        "(terraform plan -out=plan, terraform show -json plan > plan.json)",
    )
    return Text.unknown(f"the module {address} was not read", block.place)


def _installed(module: Module, block: Block, address: str) -> Path | None:
    """The folder that ``terraform init`` copied a module to; its keys are addresses without ``module.``."""
    path = module.context.folder / _LISTED
    try:
        document = module.context.files.document(path) if module.context.holds(path) else None
    except ScopedownError:
        return None
    key = re.sub(r"\[[^\]]*\]", "", address).removeprefix("module.").replace(".module.", ".")
    tree = document.tree if document is not None else None
    for one in as_list(tree.get("Modules")) if isinstance(tree, Mapping) else ():
        if isinstance(one, Mapping) and one.get("Key") == key and isinstance(one.get("Dir"), str):
            folder = module.context.inside(one["Dir"], block.place)
            return folder if folder is not None and folder.is_dir() else None
    return None
