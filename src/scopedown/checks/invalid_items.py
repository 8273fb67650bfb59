"""Actions that AWS does not have and resources that are no ARNs: such an item of a statement is told once, by the rule
that is about it, and no other rule says of it that it is unused or has no effect.

What is wrong with them is decided as for policies on their own (:mod:`scopedown.validate.names`)."""

from __future__ import annotations

from scopedown.catalog.model import Catalog
from scopedown.core.text import Literal, Text
from scopedown.validate.names import wrong_action, wrong_beginning


def wrong_action_of(catalog: Catalog, action: str) -> tuple[str, str]:
    """What is wrong with the name of an action, and IAM Access Analyzer's code for it; nothing where AWS has it."""
    known = {one.name.lower() for one in catalog.actions_of(action.partition(":")[0].lower())}
    return wrong_action(known, action)


def wrong_resource(text: Text) -> tuple[str, str]:
    """What is wrong with the fields before the resource's own, as far as they are known, and the code for it."""
    if not text.parts or not isinstance(first := text.parts[0], Literal):
        return "", ""  # a reference says it all
    return wrong_beginning(first.value, len(text.parts) == 1)
