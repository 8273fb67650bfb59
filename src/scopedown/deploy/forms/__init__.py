"""What is to be made in the account, for the tools that make it: one module, one form of ``deploy-policy --format``.

Each has ``render(bundle)``, which gives the whole text. :data:`FORMS` says which there are; of ``json`` each document
is a file of its own. What is told of a plan (its reasons, an audit, what access remains) is here too. The
options of the command are made of this module, which therefore imports nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from scopedown.deploy.account_resources import Bundle

FORMS: Final = {"json": ".json", "cloudformation": ".yaml", "terraform": ".tf", "cdk": ".ts"}
"""A form's name, and what its files end in."""


def render(form: str, bundle: Bundle) -> str:
    """The text of a form."""
    text: str = import_module(f"{__name__}.{form}").render(bundle)
    return text
