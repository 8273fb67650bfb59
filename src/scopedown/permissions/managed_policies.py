"""What AWS's own managed policies allow at least: actions on every resource, from the catalog."""

from __future__ import annotations

from scopedown.catalog.load import catalog
from scopedown.core.text import Text
from scopedown.iam.coverage import Grant


def allowed_by(arn: str) -> tuple[Grant, ...] | None:
    """The grants of a policy of AWS's; None for one that the catalog does not have, or that is not AWS's."""
    if ":iam::aws:policy/" not in arn:
        return None
    statements = catalog().managed_policy(arn.rsplit("/", 1)[-1])
    everywhere = (Text.of("*"),)
    return tuple(Grant("Allow", one.actions, everywhere) for one in statements if one.resources == ("*",)) or None
