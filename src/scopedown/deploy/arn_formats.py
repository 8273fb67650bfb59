"""The ARN formats that an action acts on, by the catalog, with the parts of the target that are known put in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from scopedown.catalog.model import Action, Catalog
from scopedown.deploy.target import Target

EVERYTHING = "*"
PASS_ROLE = "iam:PassRole"
_VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(slots=True)
class Formats:
    """Look-ups in the catalog, each done once."""

    catalog: Catalog
    _actions: dict[str, Action | None] = field(default_factory=dict)
    _by_prefix: dict[str, dict[str, str]] = field(default_factory=dict)

    def action(self, name: str) -> Action | None:
        """The action of a name; None for a pattern, or a name that AWS does not have."""
        if name not in self._actions:
            self._actions[name] = None if "*" in name else self.catalog.action(name)
        return self._actions[name]

    def of(self, action: str) -> tuple[str, ...]:
        """The ARN formats of an action's resource types; none where no resource limits it."""
        known = self.action(action)
        prefix = action.partition(":")[0]
        found: list[str] = []
        for name in known.resource_types if known is not None else ():
            key = f"{prefix}:{name}"
            if key not in self._by_prefix.setdefault(prefix, {}):
                kind = self.catalog.resource_type(prefix, name)
                self._by_prefix[prefix][key] = kind.arn if kind is not None else ""
            # A type of API Gateway's may have several formats, separated by commas.
            found += filter(None, self._by_prefix[prefix][key].split(", "))
        return tuple(dict.fromkeys(found))

    def patterns(self, action: str, target: Target, account: str, name: str = EVERYTHING) -> tuple[str, ...]:
        """Every ARN that an action can act on there; ``*`` alone where no resource limits it.

        ``account`` stands in them: the target's, or ``*`` where the resource may be another account's. ``name`` stands
        in the place of the last part of each format, of an IAM entity with a path and without.
        """
        head = {"Partition": target.partition, "Region": target.region, "Account": account}
        found: list[str] = []
        for one in self.of(action):
            start, _, _ = one.rpartition("${")
            tail = one[len(start) :].partition("}")[2]
            known = _VARIABLE.sub(lambda match: head.get(match[1], "*"), start)
            found.append(f"{known}{name}{tail}")
            if name != EVERYTHING and ":iam:" in known:
                found.append(f"{known}*/{name}{tail}")
        return tuple(dict.fromkeys(found)) or (EVERYTHING,)
