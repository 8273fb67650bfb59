"""JSON in a heredoc of HCL: what is put into it, and where its edits are in the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scopedown.emit.splice.edits import Edit, SpliceError
from scopedown.emit.terraform import Template, json_string


def as_json(tree: Any) -> Any:
    """A value for JSON in a heredoc: expressions as templates."""
    if isinstance(tree, Mapping):
        return {key: as_json(item) for key, item in tree.items()}
    if isinstance(tree, list | tuple):
        return [as_json(item) for item in tree]
    if not isinstance(tree, str | Template):
        return tree
    try:
        return json_string(tree)
    except ValueError as error:
        raise SpliceError(str(error), None, "write the policy with jsonencode") from error


def moved(edit: Edit, by: int) -> Edit:
    """An edit of the JSON as one of the file that it begins in at ``by``."""
    return Edit(edit.start + by, edit.end + by, edit.text)
