"""What functions need, in the words of another tool: one module, one form of ``write --format``.

Each has ``render(scan)``, which gives the whole text. :data:`FORMS` says which there are; :mod:`.document` is the
JSON of all projects. The options of the command are made of this module, which therefore imports nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from scopedown.scan import ProjectScan

FORMS: Final = ("terraform", "cdk", "cloudformation")


def render(form: str, scan: ProjectScan) -> str:
    """The text of a form."""
    text: str = import_module(f"{__name__}.{form}").render(scan)
    return text
