"""What the user says about a deployment beside the project file: the contract between a command and the readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scopedown.core.finding import ScopedownError


class NotAwsError(ScopedownError):
    """The project deploys to another provider: nothing of it is ours to read."""


@dataclass(frozen=True, slots=True)
class Options:
    """Options of one reading.

    ``params`` are ``--param NAME=VALUE``; ``values`` are those of ``--param-file``: values that only AWS (or a
    plugin) knows, by the variable that asks for them (``{"ssm:/path": …, "cf:stack.Output": …,
    "s3:bucket/key": …}``); ``opts`` are further command-line options that ``${opt:NAME}`` may read;
    ``environment`` is what ``${env:NAME}`` reads, by default nothing; ``framework`` says which framework compiles a
    Serverless project, ``osls``, ``v3`` or ``v4`` (None: what the project itself tells);
    ``habitual_logs`` says that functions need all that their framework grants on their log groups; ``symbolic`` are
    variables of a Terraform configuration, or parameters of a template, that are read as themselves, as if their values
    were not known; ``every_deployment`` says that what one deployment decides and another may decide otherwise is left
    open: conditions, keys of mappings by region, what a stage alone has; ``fixed`` are variables of a Serverless
    project, as they are written, that keep their value even then.
    """

    stage: str | None = None
    region: str | None = None
    account: str | None = None
    partition: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    opts: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    framework: str | None = None
    habitual_logs: bool = False
    symbolic: frozenset[str] = frozenset()
    every_deployment: bool = False
    fixed: frozenset[str] = frozenset()

    def command_line(self) -> dict[str, str]:
        """The options as ``${opt:…}`` sees them: only what was given."""
        given = dict(self.opts)
        if self.stage is not None:
            given["stage"] = self.stage
        if self.region is not None:
            given["region"] = self.region
        return given
