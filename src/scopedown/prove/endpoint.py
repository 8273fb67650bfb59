"""The local AWS as running functions see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scopedown.core.text import Text


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a function signs its requests with: those of its role's session."""

    key_id: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)


def _nothing(service: str, operation: str, parameters: Mapping[str, Any]) -> None:
    """No seeding."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The local AWS as functions see it.

    ``resolve`` gives a value of the project its text in the deployed stack (``Ref`` and ``Fn::GetAtt`` are physical
    ids, ``EnvVar`` and unknown parts an empty text). ``seed`` does an operation (botocore's names) as an
    administrator, for what must be there before an event arrives: the object that an S3 event names.
    """

    address: str
    """``http://127.0.0.1:PORT``."""
    account: str
    region: str
    resolve: Callable[[Text], str]
    seed: Callable[[str, str, Mapping[str, Any]], Any] = _nothing
    runtime_modules: tuple[Path, ...] = ()
    """Folders called ``node_modules`` that hold the AWS SDKs which Lambda's Node runtimes bring along, used where a
    function's own code has none (the framework's own are such), after those of NODE_PATH."""
