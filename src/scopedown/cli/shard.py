"""The option ``--shard``: the part of many projects that one of several machines reads."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from scopedown.core.finding import ScopedownError

Command = TypeVar("Command", bound=Callable[..., Any])

MAX_SHARDS = 100_000
"""More shards than anybody has machines: AWS Batch starts at most 10,000 for one array job
(https://docs.aws.amazon.com/batch/latest/userguide/array_jobs.html)."""

_SHARD = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class Shard:
    """The ``number``-th of ``count`` shards, counted from 1."""

    number: int
    count: int

    def has(self, path: Path, root: Path) -> bool:
        """Whether a project belongs to this shard.

        A hash of its path below ``root`` decides, so that a new project moves no other one, and every machine decides
        alike wherever its checkout is.

        >>> [number for number in (1, 2, 3) if Shard(number, 3).has(Path("a/shop/serverless.yml"), Path("a"))]
        [1]
        """
        below = path.relative_to(root) if path != root and path.is_relative_to(root) else Path(path.name)
        digest = hashlib.blake2b(below.as_posix().encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return int.from_bytes(digest, "big") % self.count == self.number - 1


def shard_option(command: Command) -> Command:
    """Give a command that reads many projects the option."""
    return click.option(
        "--shard", metavar="I/N", callback=_read,
        help="With --recursive: read only the I-th of N parts of the projects, counted from 1 (docs/fleet.md).",
    )(command)  # fmt: skip


def _read(context: click.Context, parameter: click.Parameter, value: str | None) -> Shard | None:
    if value is None:
        return None
    found = _SHARD.fullmatch(value)
    remedy = "write --shard I/N, for example --shard 1/8 to --shard 8/8"
    if found is None:
        raise ScopedownError(f"--shard {value!r} is not a part of projects", remedy=remedy)
    number, count = int(found[1]), int(found[2])
    if not 1 <= number <= count <= MAX_SHARDS:
        raise ScopedownError(f"--shard {value} is not one of the shards 1/{count} to {count}/{count}", remedy=remedy)
    return Shard(number, count)
