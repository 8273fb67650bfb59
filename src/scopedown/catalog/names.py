"""botocore's rule from an operation's API name to its Python name, as far as it is regular (``xform_name``).

The tables hold botocore's own names; the compiled catalog leaves out those that this rule gives.

>>> method_name("ListObjectsV2"), method_name("GetUserARNs"), method_name("CreateDBInstance")
('list_objects_v2', 'get_user_arns', 'create_db_instance')
"""

from __future__ import annotations

import re

_PLURAL = re.compile(r"[A-Z]{2,}s$")
_WORD = re.compile(r"(.)([A-Z][a-z]+)")
_END = re.compile(r"([a-z0-9])([A-Z])")


def method_name(operation: str) -> str:
    """``PutItem`` → ``put_item``."""
    if (plural := _PLURAL.search(operation)) is not None:
        operation = operation[: plural.start()] + "_" + plural.group().lower()
    return _END.sub(r"\1_\2", _WORD.sub(r"\1_\2", operation)).lower()
