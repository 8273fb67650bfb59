"""How the calls of the SDKs for Java are written, and what their packages are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SUFFIXES: Final = ("Async", "Paginator")
"""What the names of methods end in beside the operation's: asynchronous clients of version 1, pages of version 2
(https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/)."""

OTHERS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {}

PACKAGES: Final = ("software.amazon.awssdk", "com.amazonaws")


def is_of_sdk(package: str) -> bool:
    """Whether a package is one of the SDKs'."""
    return any(package == one or package.startswith(one + ".") for one in PACKAGES)
