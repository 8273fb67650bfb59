"""``samconfig.toml``: what ``sam deploy`` would be told of a stage (its stack's name, region and parameters).

A table per environment (the stage's name, or ``default``), a table per command in it, and in that ``parameters``;
``global`` holds for every command. A samconfig.yaml holds the same. Reference:
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.documents.document import Files
from scopedown.project.findings import reported

_NAMES: Final = ("samconfig.toml", "samconfig.yaml", "samconfig.yml")
_PAIR: Final = re.compile(r"""([A-Za-z0-9]+)=("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\s"']*)""")
_OLD_PAIR: Final = re.compile(
    r"""ParameterKey=([A-Za-z0-9]+),\s*ParameterValue=("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\s"',]*)"""
)


@dataclass(frozen=True, slots=True)
class SamConfig:
    """What one environment says. ``file`` is the file's name, empty where there is none."""

    file: str = ""
    stack: str | None = None
    region: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    bucket: str | None = None
    """The bucket of ``--s3-bucket``; None: the one of ``--resolve-s3``."""
    role: str | None = None
    """The role that CloudFormation acts with (``--role-arn``)."""
    repositories: tuple[str, ...] = ()
    """The repositories of ``--image-repository`` and ``--image-repositories``, as URIs."""

    def provider(self) -> dict[str, Any]:
        """The same as the deployment part of a Serverless project says it."""
        found: dict[str, Any] = {}
        if self.bucket:
            found["deploymentBucket"] = {"name": self.bucket}
        if self.role:
            found["iam"] = {"deploymentRole": self.role}
        if self.repositories:
            found["imageRepositories"] = list(self.repositories)
        return found


def sam_config(files: Files, folder: Path, stage: str | None) -> SamConfig:
    """Read the configuration file of a template's folder; what cannot be read is a finding."""
    for name in _NAMES:
        path = folder / name
        try:
            text = files.text(path)
            if text is None:
                continue
            if path.suffix == ".toml":
                tree: Any = tomllib.loads(text)
            else:
                document = files.document(path)
                tree = document.tree if document is not None else None
        except ScopedownError as error:
            return SamConfig(files.name(path), findings=(error.finding("sam-config-broken"),))
        except (ValueError, RecursionError) as error:
            finding = reported("sam-config-broken", Place(files.name(path)), name=name, error=error)
            return SamConfig(files.name(path), findings=(finding,))
        return _of(files.name(path), tree, stage)
    return SamConfig()


def _of(file: str, tree: Any, stage: str | None) -> SamConfig:
    environment = _table(tree, stage or "default")
    told: dict[str, Any] = {}
    for command in ("global", "build", "deploy"):
        told.update(_table(_table(environment, command), "parameters"))
    return SamConfig(
        file,
        _text(told.get("stack_name")),
        _text(told.get("region")),
        _overrides(told.get("parameter_overrides")),
        (),
        _text(told.get("s3_bucket")),
        _text(told.get("role_arn")),
        tuple(_repositories(told.get("image_repository"), told.get("image_repositories"))),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _repositories(one: Any, several: Any) -> Iterator[str]:
    """The URIs of ``image_repository`` and of ``image_repositories`` (``Function=URI``, in a list or a text)."""
    if uri := _text(one):
        yield uri
    for item in several if isinstance(several, list) else str(several or "").split():
        _, _, uri = str(item).partition("=")
        if uri:
            yield uri


def _table(tree: Any, key: str) -> Mapping[str, Any]:
    value = tree.get(key) if isinstance(tree, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _overrides(written: Any) -> dict[str, str]:
    """``parameter_overrides``: a text of pairs, a list of pairs, or a table."""
    if isinstance(written, Mapping):
        return {str(key): _word(value) for key, value in written.items() if isinstance(value, str | int | float)}
    if isinstance(written, list):
        return {key: value for item in written for key, value in _overrides(item).items()}
    if not isinstance(written, str):
        return {}
    pairs = _OLD_PAIR.findall(written) or _PAIR.findall(written)
    return {
        key: re.sub(r"\\(.)", r"\1", value[1:-1]) if value[:1] in "\"'" and value else value for key, value in pairs
    }


def _word(value: str | int | float) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
