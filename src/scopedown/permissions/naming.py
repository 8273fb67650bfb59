"""Which parameter names which part of an ARN, where nobody wrote it down.

AWS names things alike on both sides: the ARN format's ``${TableName}`` is the parameter ``TableName``, its
``${StateMachineName}`` comes in ``stateMachineArn``, ``${WorkGroupName}`` is the ``Name`` of ``CreateWorkGroup``. The
rule is generic and so only speaks where the catalog's ``resource_parameters.tsv`` does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from scopedown.catalog.model import Operation, ResourceParameter, ResourceType
from scopedown.permissions.parameter_formats import PSEUDO

GENERIC = "generic rule"

_PUNCTUATION = re.compile(r"[^a-z0-9]")

_ENDINGS = ("withpath", "withoutleadingslash", "identifier", "arn", "name", "id")
_BARE = frozenset({"name", "id", "identifier", "arn", "resourcearn", "resourceid", "resource"})


@lru_cache(maxsize=4096)
def variables_of(arn_format: str) -> tuple[str, ...]:
    """The variables of an ARN format beside partition, region and account, in order, each once.

    >>> variables_of("arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}/index/${IndexName}")
    ('TableName', 'IndexName')
    """
    found = dict.fromkeys(re.findall(r"\$\{([^}]*)\}", arn_format))
    return tuple(name for name in found if name not in PSEUDO)


def generic_rows(operation: Operation, kind: ResourceType, variables: Iterable[str]) -> list[ResourceParameter]:
    """The parameters of ``operation`` that fill ``variables`` of a type's ARN, as catalog rows would say it."""
    names = variables_of(kind.arn)
    found = [(member, name) for name in names for member in operation.members if _same(member, name)]
    taken = {member for member, _ in found}
    if names and names[-1] not in {name for _, name in found}:
        rest = (member for member in operation.members if member not in taken)
        found += [(member, names[-1]) for member in rest if _is_the(kind.name, member, names[-1], operation.name)]
    wanted = set(variables)
    return [
        ResourceParameter("*", member, kind.name, name, _form(member, kind.name), GENERIC)
        for member, name in found
        if name in wanted and not _is_label(operation, member, name)
    ]


MAKING: Final = ("Allocate", "Copy", "Create", "Import", "Purchase", "Request", "Restore", "Run", "Start")
"""How operations begin that make what the rest of their name says."""


def _is_label(operation: Operation, member: str, variable: str) -> bool:
    """Whether a name is what somebody calls a resource whose ``ResourceId`` the service makes. Some services take the
    name as the id: their operations on a resource that there is ask for it."""
    if plain_name(variable) != "resourceid" or not plain_name(member).endswith("name"):
        return False
    return member not in operation.required or operation.name.startswith(("Create", "Import", "Restore", "List"))


def loose_rows(operation: Operation, kind: ResourceType) -> list[ResourceParameter]:
    """A required parameter that says the type's name with less or more words: ``PoolName`` of a dedicated IP pool.

    Good enough only where the action has this one resource type and nothing else names it.
    """
    names = variables_of(kind.arn)
    if not names:  # one resource for all (``phone/number/validate``): there is nothing to fill in
        return []
    wanted = {plain_name(kind.name), _base(plain_name(names[-1]))}
    return [
        ResourceParameter("*", member, kind.name, names[-1], _form(member, kind.name), GENERIC)
        for member in operation.required
        if not _is_name_for_id(plain_name(member), plain_name(names[-1]))
        and any(_ends_alike(_base(plain_name(member).removesuffix("s")), one) for one in wanted)
    ]


def _ends_alike(one: str, other: str) -> bool:
    return min(len(one), len(other)) > 3 and (one.endswith(other) or other.endswith(one))


def _form(member: str, kind: str) -> str:
    """Only IAM's own operations take a role by its name; all others pass its ARN."""
    name = plain_name(member).removesuffix("s")
    return "arn" if name.endswith("arn") or (kind == "role" and not name.endswith("name")) else "name"


def _same(member: str, variable: str) -> bool:
    name, part = plain_name(member), plain_name(variable)
    base = _base(name)
    if _is_name_for_id(name, part):
        return False
    return (name == part and name not in _BARE) or (base not in ("", "resource") and base == _base(part))


def _is_name_for_id(member: str, variable: str) -> bool:
    """A name that the caller gives is not the id that the service makes."""
    return member.endswith("name") and variable.endswith("id") and variable != "resourceid"


def _is_the(kind: str, member: str, variable: str, operation: str) -> bool:
    """Whether a parameter means the type itself: ``stateMachineArn``, or the ``Name`` of what an operation is about."""
    name, type_name = plain_name(member), plain_name(kind)
    base = _base(name)
    if _is_name_for_id(name, plain_name(variable)):
        return False
    if base and base.removesuffix("s") == type_name.removesuffix("s"):
        return True
    return name in _BARE and (
        name in ("resourcearn", "resource") or _mentions(operation, type_name, _base(plain_name(variable)))
    )


def _mentions(operation: str, type_name: str, part_base: str) -> bool:
    plain = plain_name(operation)
    return type_name in plain or (len(part_base) > 2 and part_base in plain)


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """A name without what spellings differ in: case and all but letters and digits."""
    return _PUNCTUATION.sub("", name.lower())


@lru_cache(maxsize=4096)
def _base(plain: str) -> str:
    """The name without what it is (``tablename`` → ``table``), plural or not."""
    for ending in _ENDINGS:
        for form in (ending, f"{ending}s"):
            if plain.endswith(form):
                return plain.removesuffix(form)
    return plain
