"""What the checks ask of AWS: actions, condition keys and their types, forms of ARNs, regions; each asked once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Protocol

from scopedown.catalog.model import Action, Catalog, ResourceType
from scopedown.core.tables import read_rows
from scopedown.iam.wildcard import matching

_FOLDER = Path(__file__).parent
_IN_ARN = re.compile(r"\$\{[^}]*\}")
_VARIABLE = re.compile(r"\$\{[^}]*\}|<[^>]*>|(?<=/)tag-key$|(?<=/)$")
"""What the service reference has for a name that is not fixed; a key that ends in a slash lacks the name."""


class Sources(Catalog, Protocol):
    """The catalog, with the two look-ups that only the checks of policies need."""

    def prefixes(self) -> tuple[str, ...]:
        """Every IAM service prefix."""

    def condition_keys_of(self, prefix: str) -> Mapping[str, str]:
        """The condition keys of a service, each with its type."""


@dataclass(frozen=True, slots=True)
class GlobalKey:
    """A condition key that AWS sets for any service."""

    key: str
    type: str
    deprecated: bool


@dataclass(frozen=True, slots=True)
class ResourceKind:
    """A resource that has a policy: what its policy may name, and how large it may be."""

    actions: tuple[str, ...]
    arns: tuple[str, ...]
    quota: int


@cache
def global_keys() -> dict[str, GlobalKey]:
    """The table of global keys, by the key in lower case."""
    rows = read_rows(_FOLDER / "global_keys.tsv", ("key", "type", "status", "source"))
    return {row["key"].lower(): GlobalKey(row["key"], row["type"], row["status"] == "deprecated") for row in rows}


@cache
def regions() -> dict[str, str]:
    """Every region, with its partition."""
    rows = read_rows(_FOLDER / "regions.tsv", ("region", "partition", "source"))
    return {row["region"]: row["partition"] for row in rows}


@cache
def resource_kinds() -> dict[str, ResourceKind]:
    """The table of resources that have policies, by AWS's name of the type."""
    rows = read_rows(_FOLDER / "resource_types.tsv", ("type", "actions", "arns", "quota", "source"))
    return {
        row["type"]: ResourceKind(tuple(row["actions"].split()), tuple(row["arns"].split()), int(row["quota"]))
        for row in rows
    }


@cache
def _more_keys() -> dict[str, frozenset[str]]:
    """The table of keys that the service reference lacks, by action in lower case."""
    rows = tuple(read_rows(_FOLDER / "action_keys.tsv", ("action", "key", "source")))
    named = {row["action"].lower() for row in rows}
    return {name: frozenset(row["key"].lower() for row in rows if row["action"].lower() == name) for name in named}


class Facts:
    """The look-ups of one run over a catalog."""

    def __init__(self, catalog: Sources) -> None:
        self.catalog = catalog
        self.actions_like = lru_cache(maxsize=None)(self._actions_like)
        self.actions_of = lru_cache(maxsize=None)(self._actions_of)
        self.keys_of_action = lru_cache(maxsize=None)(self._keys_of_action)
        self.key_type = lru_cache(maxsize=None)(self._key_type)
        self.names_of = lru_cache(maxsize=None)(self._names_of)

    def _actions_of(self, prefix: str) -> tuple[Action, ...]:
        return tuple(self.catalog.actions_of(prefix.lower()))

    def _names_of(self, prefix: str) -> dict[str, str]:
        """A service's actions by their names in lower case."""
        return {action.name.lower(): action.name for action in self.actions_of(prefix.lower())}

    def _actions_like(self, pattern: str) -> tuple[Action, ...]:
        """The actions that an entry of Action means; of ``*`` none, as it says nothing of a service.

        A pattern in the service's name is looked for in all services.
        """
        prefix, colon, _ = pattern.partition(":")
        if not colon:
            return ()
        fits = matching(pattern.lower())
        prefixes = (
            [one for one in self.prefixes if matching(prefix.lower())(one)] if set(prefix) & set("*?") else [prefix]
        )
        return tuple(action for one in prefixes for action in self.actions_of(one) if fits(action.name.lower()))

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """Every service prefix of actions, in lower case."""
        return frozenset(self.catalog.prefixes())

    @cached_property
    def key_prefixes(self) -> frozenset[str]:
        """Every prefix of a condition key, in lower case."""
        listed = {
            key.partition(":")[0].lower() for prefix in self.prefixes for key in self.catalog.condition_keys_of(prefix)
        }
        return frozenset(listed | self.prefixes | {key.partition(":")[0] for key in global_keys()} | {"saml"})

    @cached_property
    def _keys(self) -> dict[str, dict[str, str]]:
        """Prefix of a key → its keys in lower case, variables of their names as ``${}`` → their type."""
        found: dict[str, dict[str, str]] = {}
        for prefix in self.prefixes:
            for key, type in self.catalog.condition_keys_of(prefix).items():
                lower = _VARIABLE.sub("${}", key).lower()
                found.setdefault(lower.partition(":")[0], {})[lower] = type
        return found

    def _key_type(self, key: str) -> str | None:
        """The type of a condition key (``ArrayOfString``), None where AWS lists no such key.

        A key that takes a name, such as ``aws:PrincipalTag/team``, is found by what is before the name.
        """
        lower = key.lower()
        known = global_keys().get(lower) or global_keys().get(lower.partition("/")[0] + "/")
        if known is not None:
            return known.type
        listed = self._keys.get(lower.partition(":")[0], {})
        if lower in listed:
            return listed[lower]
        return next((type for name, type in listed.items() if "${}" in name and _fits(name, lower)), None)

    def _keys_of_action(self, name: str) -> frozenset[str]:
        """The keys of an action and of its resource types in lower case, variables of their names as ``${}``."""
        action = self.catalog.action(name)
        if action is None:
            return frozenset()
        prefix = action.name.partition(":")[0]
        types = (self.catalog.resource_type(prefix, type) for type in action.resource_types)
        keys = (*action.condition_keys, *(key for type in types if type for key in type.condition_keys))
        return frozenset(_VARIABLE.sub("${}", key).lower() for key in keys) | _more_keys().get(
            name.lower(), frozenset()
        )

    def sets(self, action: str, key: str) -> bool:
        """Whether the service reference lists a key for an action."""
        lower = key.lower()
        return any(known == lower or ("${}" in known and _fits(known, lower)) for known in self.keys_of_action(action))

    @cached_property
    def formats(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        """The service in an ARN → the forms of its resources: the six fields of each, ``*`` for a variable."""
        found: dict[str, set[tuple[str, ...]]] = {}
        for one in self._resource_types():
            fields = _fields(one.arn)
            own = fields[2] if fields[2] != "*" else one.service
            found.setdefault(own, set()).add(fields)
        for row in read_rows(_FOLDER / "arn_formats.tsv", ("arn", "source")):
            fields = _fields(row["arn"])
            found.setdefault(fields[2], set()).add(fields)
        return {service: tuple(sorted(forms)) for service, forms in found.items()}

    def _resource_types(self) -> Iterator[ResourceType]:
        for prefix in sorted(self.prefixes):
            yield from self.catalog.resource_types_of(prefix)

    @cached_property
    def arn_services(self) -> frozenset[str]:
        """Every service that an ARN may name."""
        return frozenset(self.formats) | self.prefixes


def _fields(arn: str) -> tuple[str, ...]:
    """The six fields of a form of ARNs, ``*`` for a variable."""
    return tuple(_IN_ARN.sub("*", arn).split(":", 5))


def _fits(template: str, key: str) -> bool:
    """Whether a key is one of a template's, ``${}`` in which stands for one character and more."""
    pieces = template.split("${}")
    return re.fullmatch(".+".join(map(re.escape, pieces)), key) is not None
