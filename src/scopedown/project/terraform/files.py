"""The files of a module, by their names: which are read, and in which order.

In: the names in a folder. Out: the files of the configuration, and those that override them. Terraform reads ``.tf``
and ``.tf.json`` (https://developer.hashicorp.com/terraform/language/files); OpenTofu also ``.tofu`` and ``.tofu.json``,
which take the place of a file of the same name (https://opentofu.org/docs/language/files/). A folder with a ``.tofu``
file is taken for OpenTofu's. Override files: https://developer.hashicorp.com/terraform/language/files/override.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

SUFFIXES: Final = (".tf", ".tf.json", ".tofu", ".tofu.json")
_OF_TOFU: Final = {".tofu": ".tf", ".tofu.json": ".tf.json"}
"""A file with the first ending takes the place of the one with the second."""


def suffix_of(name: str) -> str:
    """The ending of a configuration's file; empty for another file, and for what editors leave behind.

    >>> suffix_of("main.tf.json"), suffix_of("main.json"), suffix_of(".main.tf")
    ('.tf.json', '', '')
    """
    if name.startswith((".", "#")) or name.endswith("~"):
        return ""
    return next((suffix for suffix in SUFFIXES if name.endswith(suffix) and name != suffix), "")


def module_files(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """The files of a module and its override files, each in the order in which they are read."""
    own = {name for name in names if suffix_of(name)}
    replaced = {
        name.removesuffix(suffix) + other
        for suffix, other in _OF_TOFU.items()
        for name in own
        if suffix_of(name) == suffix
    }
    kept = sorted(own - replaced)
    overriding = [name for name in kept if _overrides(name)]
    return [name for name in kept if name not in overriding], overriding


def _overrides(name: str) -> bool:
    stem = name.removesuffix(suffix_of(name))
    return stem == "override" or stem.endswith("_override")


def values_files(names: Iterable[str]) -> list[str]:
    """The files that give the root module's variables their values, in the order in which they are read: later ones win
    (https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence)."""
    own = set(names)
    automatic = sorted(name for name in own if name.endswith((".auto.tfvars", ".auto.tfvars.json")))
    return [*(name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in own), *automatic]
