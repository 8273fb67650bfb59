"""The names that the framework gives: logical ids of the template, and real names.

Source: osls 4.3.1 ``lib/plugins/aws/lib/naming.js`` (the same in serverless 3).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.text import Text, Unknown
from scopedown.documents.scalars import js_text

SHARED_ROLE: Final = "IamRoleLambdaExecution"
CUSTOM_RESOURCES_ROLE: Final = "IamRoleCustomResourcesLambdaExecution"

Name = str | Text
"""A name: text that is known, or known in part."""


def normalized(name: str) -> str:
    """A name as the start of a logical id.

    >>> normalized("hello-world_2")
    'HelloDashworldUnderscore2'
    """
    name = name.replace("-", "Dash").replace("_", "Underscore")
    return name[:1].upper() + name[1:]


def alphanumeric(name: Any) -> str:
    """A name in a logical id, reduced to letters and digits.

    What is not known stands there by a hash of its reason, so that two such names are two ids.

    >>> alphanumeric("my-photos.example")
    'Myphotosexample'
    """
    plain = re.sub(r"[^0-9A-Za-z]", "", spelled(name) if isinstance(name, Text) else js_text(name))
    return plain[:1].upper() + plain[1:]


def spelled(name: Name) -> str:
    """A name in which a word with a hash stands for each part that is not known."""
    if isinstance(name, str):
        return name
    return str(name.replace(lambda part: _hashed(part) if isinstance(part, Unknown) else part))


def _hashed(part: Unknown) -> str:
    return f"Unknown{hashlib.md5(part.reason.encode(), usedforsecurity=False).hexdigest()[:8]}"


def function_id(key: str) -> str:
    """The logical id of a function.

    >>> function_id("hello-world")
    'HelloDashworldLambdaFunction'
    """
    return f"{normalized(key)}LambdaFunction"


def function_role_id(key: str) -> str:
    """The logical id of a function's own role, in v4 and with serverless-iam-roles-per-function."""
    return f"{normalized(key)}{SHARED_ROLE}"


def concat(*items: Name) -> Name:
    """Names joined: plain text as long as all of them are known."""
    if all(isinstance(item, str) for item in items):
        return "".join(item for item in items if isinstance(item, str))
    text = Text.of(*items)
    return text if text.literal is None else text.literal


def starts_with(name: Name, prefix: Name) -> bool:
    """Whether a name certainly begins with a prefix (unknown parts compare by what they are)."""
    if isinstance(name, str) and isinstance(prefix, str):
        return name.startswith(prefix)
    name_parts, prefix_parts = Text.of(name).parts, Text.of(prefix).parts
    *body, last = prefix_parts or (None,)
    if last is None:
        return True
    if name_parts[: len(body)] != tuple(body) or len(name_parts) <= len(body):
        return False
    at = name_parts[len(body)]
    if at == last:
        return True
    return hasattr(at, "value") and hasattr(last, "value") and str(at.value).startswith(str(last.value))


def log_group_arn(name: Name, suffix: str) -> Mapping[str, Name]:
    """The ARN of a function's log group as the framework writes it."""
    return {
        "Fn::Sub": concat(
            "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/", name, suffix
        )
    }


def function_arn(name: Name, suffix: str = "") -> Mapping[str, Name]:
    """The ARN of a function as the framework writes it, by its name (a reference would be circular)."""
    return {"Fn::Sub": concat("arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:", name, suffix)}


def shortened(name: str) -> str:
    """The name of one of the framework's own functions, cut to Lambda's 64 characters as the framework cuts it."""
    if len(name) <= 64:
        return name
    return name[:32] + hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
