"""A permission that something needs, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scopedown.calls.model import Hint, SdkCall
from scopedown.core.place import Place
from scopedown.core.text import Text


class Origin(StrEnum):
    """Where a permission comes from: the code's calls, the project's configuration, a person's hint."""

    CODE = "code"
    CONFIG = "config"
    HINT = "hint"


class Certainty(StrEnum):
    """How much of a resource is known.

    ``resolved``: one exact resource; ``pattern``: its name is known in part, or it is one of a known
    resource's parts (keys of a bucket); ``unknown``: nothing of its name is known.
    """

    RESOLVED = "resolved"
    PATTERN = "pattern"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ConfigSource:
    """A setting of the project file that needs a permission."""

    place: Place
    setting: str
    """What the setting is, in the project file's words: ``events[0].sqs``, ``vpc``, ``destinations.onFailure``."""


Reason = SdkCall | ConfigSource | Hint


@dataclass(frozen=True, slots=True)
class Resource:
    """One ARN (or ``*``) as symbolic text, in canonical form, with how much of it is known."""

    arn: Text
    certainty: Certainty
    reason: str = ""
    """Why it is not resolved; empty where it is."""


@dataclass(frozen=True, slots=True)
class RequiredPermission:
    """An IAM action on resources, under conditions, because of calls, settings or hints.

    ``conditions`` has IAM's shape: operator → condition key → values.
    """

    action: str
    resources: tuple[Resource, ...]
    because: tuple[Reason, ...]
    origin: Origin
    conditions: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
