"""What stacks may name although the local AWS does not have it.

A stack that names something outside of itself (a role, a subnet, an export) fails where that is not there, as on AWS.
Excepted is what somebody says exists: the user (:attr:`Existence.declared`), or a proof, which presupposes what the
project's real account has and reports it (:attr:`Existence.taken`). What a resource of a stack stands for, and the
local AWS could not make, counts as there too. docs/decisions/019-outside-of-the-stack.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.catalog.load import catalog

_SEPARATORS: Final = re.compile(r"[:/.,|\s]+")
_ACCOUNT: Final = re.compile(r"arn:aws[\w-]*:[^:]*:[^:]*:([^:]+):")
AWS: Final = "aws"
"""The account in the ARNs of AWS's own policies."""
SHORTEST: Final = 3
LONG: Final = 10
"""Characters of an id, and of an attribute, that is known again: ``1`` and ``active`` name nothing."""


@dataclass
class Existence:
    """``assumes``: what is missing is taken as existing and noted, unless a stack that is being deployed makes it."""

    assumes: bool = False
    declared: set[str] = field(default_factory=set)
    """Ids, names and ARNs, as templates write them."""
    taken: dict[str, list[str]] = field(default_factory=dict)
    """``security group sg-0123`` → what names it: ``Function.VpcConfig.SecurityGroupIds``."""
    made: set[str] = field(default_factory=set)
    """Ids and attributes of resources that stacks made."""
    unmade: set[str] = field(default_factory=set)
    """The same of resources that stacks have, and the local AWS could not make."""
    open: set[str] = field(default_factory=set)
    """Ids of stand-ins whose attributes begin with them."""
    coming: set[str] = field(default_factory=set)
    """Names that resources of the stacks being deployed will have."""
    _taken: set[str] = field(default_factory=set)

    def clear(self) -> None:
        """Nothing is known any more."""
        self.assumes = False
        for one in (self.declared, self.taken, self.made, self.unmade, self.open, self.coming, self._taken):
            one.clear()

    def note(self, physical: str, attributes: Mapping[str, Any], whole: bool) -> None:
        """Note a resource of a stack. ``whole``: it is really there."""
        known = self.made if whole else self.unmade
        known.update(one for one in attributes.values() if isinstance(one, str) and len(one) >= LONG)
        known.update(one for one in (physical, _SEPARATORS.split(physical)[-1]) if len(one) >= SHORTEST)

    def note_open(self, physical: str) -> None:
        """Note a resource of a stack that is a stand-in, and answers any attribute (:attr:`.Made.open`)."""
        self.open.add(physical)

    def excuse(self, texts: Iterable[str], account: str) -> str:
        """Why one of these may be missing in the local AWS; empty where none may."""
        for text in texts:
            if text in self.declared or text in self._taken:
                return f"{text} is taken as existing"
            owner = _ACCOUNT.match(text)
            if owner is not None and owner[1] not in (account, AWS):
                return f"{text} is of another account"
            if owner is not None and owner[1] == AWS and _is_of_aws(text):
                return f"{text} is AWS's own"
            if any(part in self.unmade or part.startswith(tuple(self.open)) for part in (text, *parts(text))):
                return f"{text} was not made here"
        return ""

    def take(self, thing: str, name: str, by: str) -> bool:
        """Whether something that is missing may be taken as existing, which is noted then. ``by`` names it."""
        last = _SEPARATORS.split(name)[-1]
        if not self.assumes or (thing != "export" and (name in self.coming or last in self.coming)):
            return False
        self._taken.add(name)
        known = self.taken.setdefault(f"{thing} {name}".strip(), [])
        if by and by not in known:
            known.append(by)
        return True

    def stand_for(self, value: str) -> None:
        """Note a value that stands for one of the account's: what it names is not there."""
        self._taken.add(value)

    def told(self) -> tuple[str, ...]:
        """What was taken as existing, in sentences."""
        return tuple(
            f"taken as existing: {what}" + (f" (named by {', '.join(by[:3])}{_rest(by)})" if by else "")
            for what, by in self.taken.items()
        )


def _is_of_aws(arn: str) -> bool:
    """Whether AWS has what an ARN with its account names; of policies the catalog knows all, with their paths."""
    if ":policy/" not in arn:
        return True
    found = catalog().managed_policy(arn)
    return found is not None and arn.endswith(f":policy{found.path}{found.name}")


def _rest(by: list[str]) -> str:
    return f" and {len(by) - 3} more" if len(by) > 3 else ""


def parts(text: str) -> list[str]:
    """The parts of an ARN, a URL or a list that may be a name.

    >>> parts("arn:aws:iam::123456789012:role/shop")
    ['arn', 'aws', 'iam', '123456789012', 'role', 'shop']
    """
    return [part for part in _SEPARATORS.split(text) if len(part) >= SHORTEST]


def texts_in(tree: Any, depth: int = 6) -> list[str]:
    """Every text of a tree of parameters, at most ``depth`` levels down."""
    if isinstance(tree, str):
        return [tree]
    if depth and isinstance(tree, Mapping):
        return [text for value in tree.values() for text in texts_in(value, depth - 1)]
    return [text for one in tree for text in texts_in(one, depth - 1)] if depth and isinstance(tree, list) else []
