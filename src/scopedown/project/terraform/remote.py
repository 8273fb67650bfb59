"""Modules that are no folder of the configuration: one that is modelled, the copy of ``terraform init``, or unknown.

``modelled/`` has modules of our own text that make what widely used modules make; all that they make stands where they
are called. What init copied is read rather than these, but for the lambda module. ``.terraform/modules/modules.json``
says where ``terraform init`` put the others (https://developer.hashicorp.com/terraform/language/modules/sources; the
file's form is unverified).
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
from scopedown.project.terraform.modules import MAX_NESTED, Module, Unread
from scopedown.project.terraform.syntax import Block

MODELLED: Final = Path(__file__).parent / "modelled"
_FILES: Final[Mapping[tuple[str, str], str]] = {
    ("lambda", ""): "lambda.tf",
    ("lambda", "alias"): "lambda-alias.tf",
    ("dynamodb-table", ""): "dynamodb-table.tf",
    ("sqs", ""): "sqs.tf",
    ("sns", ""): "sns.tf",
    ("s3-bucket", ""): "s3-bucket.tf",
    ("s3-bucket", "notification"): "s3-bucket-notification.tf",
    ("s3-bucket", "object"): "s3-bucket-object.tf",
    ("eventbridge", ""): "eventbridge.tf",
    ("step-functions", ""): "step-functions.tf",
    ("apigateway-v2", ""): "apigateway-v2.tf",
    ("iam", "iam-policy"): "iam-policy.tf",
    ("iam", "iam-role"): "iam-role.tf",
    ("iam", "iam-assumable-role"): "iam-assumable-role.tf",
}
"""Modules of terraform-aws-modules, and modules in them → the file that models them."""
_SOURCE: Final = re.compile(
    r"(?:(?:registry\.(?:terraform\.io|opentofu\.org)/)?terraform-aws-modules/(?P<registered>[\w-]+)/aws"
    r"|(?:git::)?(?:https://|ssh://git@|git@)?github\.com[/:]terraform-aws-modules/terraform-aws-(?P<cloned>[\w-]+?)(?:\.git)?)"
    r"(?://modules/(?P<inner>[\w-]+))?(?:\?.*)?"
)
_BUILDS: Final = "lambda.tf"
"""Its real text packs the code by a program, which cannot be followed; its model is read instead of a copy."""
_LISTED: Final = ".terraform/modules/modules.json"


def remote_module(module: Module, block: Block, source: str, address: str, evaluator: Evaluator) -> Any:
    """What a call of a module means whose source is no folder of the configuration."""
    if module.depth < MAX_NESTED:
        modelled = modelled_file(source)
        folder = None if modelled == _BUILDS else _installed(module, block, address)
        if folder is not None:
            return module.within(folder, block, address, evaluator)
        if modelled is not None:
            return module.within(MODELLED / modelled, block, address, evaluator)
    what = source[:100] or "its source is unknown"
    module.context.report("terraform-module unread", block.place, address=address, what=what)
    module.unread.append(Unread(address, block, evaluator))
    return Text.unknown(f"the module {address} was not read", block.place)


def modelled_file(source: str) -> str | None:
    """The file of ``modelled/`` that a module's source is modelled by.

    >>> modelled_file("terraform-aws-modules/s3-bucket/aws//modules/object")
    's3-bucket-object.tf'
    """
    match = _SOURCE.fullmatch(source)
    return None if match is None else _FILES.get((match["registered"] or match["cloned"], match["inner"] or ""))


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
