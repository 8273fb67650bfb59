"""What a call that was not seen may need: patterns of IAM actions by the service that it is of.

In: the catalog and a service, or the operations that a name may mean. Out: the service's own actions, those of other
services that its operations need of their caller (a job that reads S3), the keys of what it encrypts and the roles that
it is given. A service that acts with all of its caller's rights may need anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from scopedown.catalog.model import Catalog, Operation

ANYTHING: Final = ("*",)
_BESIDE: Final = ("iam:PassRole", "kms:*")
"""Roles that a service is given, and keys of what it encrypts."""
_FOR_THE_CALLER: Final = frozenset({"cloudcontrol", "cloudformation", "servicecatalog"})
"""They make whatever a template or a product names, with their caller's rights
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html)."""
_MOST_SERVICES: Final = 4
"""A name that more services have says nothing about which is called."""


def of_service(catalog: Catalog, name: str) -> tuple[str, ...]:
    """What calls of a service (by botocore's name) may need; anything, where it is not known.

    >>> from scopedown.catalog.load import catalog
    >>> of_service(catalog(), "transcribe")
    ('s3:*', 'transcribe:*', 'iam:PassRole', 'kms:*')
    """
    service = catalog.service(name)
    if service is None or name in _FOR_THE_CALLER:
        return ANYTHING
    return _patterns({service.prefix} | _prefixes(catalog.operations_of(name)))


def of_operations(operations: Iterable[Operation]) -> tuple[str, ...]:
    """What a call may need that may be any of these operations."""
    listed = list(operations)
    services = {operation.service for operation in listed}
    if not listed or len(services) > _MOST_SERVICES or services & _FOR_THE_CALLER:
        return ANYTHING
    return _patterns(_prefixes(listed) or services)


def _prefixes(operations: Iterable[Operation]) -> set[str]:
    found = {mapping.action.partition(":")[0] for operation in operations for mapping in operation.actions}
    return found - {"iam"} or found


def _patterns(prefixes: set[str]) -> tuple[str, ...]:
    own = sorted(f"{prefix.lower()}:*" for prefix in prefixes)
    return tuple(dict.fromkeys((*own, *_BESIDE)))
