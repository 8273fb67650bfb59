"""A cloud assembly: the folder that ``cdk synth`` writes, as its stacks with their templates and assets.

In: ``cdk.out``. Out: one :class:`Artifact` a stack, those of stages (assemblies inside the assembly) included, in the
manifest's order. Reference: the schema of ``manifest.json`` and ``*.assets.json`` in
https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.documents.document import Files
from scopedown.documents.nodes import as_map, place_of
from scopedown.project.discovery import ASSEMBLY
from scopedown.project.findings import reported
from scopedown.project.model import Bootstrapped

_MAX_ASSEMBLIES: Final = 200
_ENVIRONMENT: Final = re.compile(r"aws://([^/]*)/(.*)")
_HASH: Final = re.compile(r"[0-9a-f]{64}")


LEGACY_BUCKET: Final = "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"
LEGACY_REPOSITORY: Final = "aws-cdk/assets"
"""Where assets of stacks under LegacyStackSynthesizer go: to the bucket of ``cdk bootstrap``, and images to a
repository that their construct names or to this one (aws-cdk-lib 2.276.0, core/lib/stack-synthesizers/legacy.ts)."""


@dataclass(frozen=True, slots=True)
class Asset:
    """What is packaged or built: a local folder or file, relative to the project's; of an image, its Dockerfile."""

    path: str
    dockerfile: str | None = None


@dataclass(frozen=True, slots=True)
class Artifact:
    """One stack of an assembly. ``template`` and ``folder`` (the assembly's) are relative to the project's folder."""

    name: str
    template: str
    folder: str
    assets: Mapping[str, Asset]
    """By the hash that stands in templates."""
    account: str | None = None
    region: str | None = None

    def asset(self, text: str) -> Asset | None:
        """The asset that a key, a URL or an image's address in a template names."""
        return next((self.assets[name] for name in _HASH.findall(text) if name in self.assets), None)


@dataclass(slots=True)
class Used:
    """What stacks and assets use of the bootstrapped account, by the fields of Bootstrapped, each value once."""

    values: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, name: str, value: Any) -> None:
        """Note a value, where there is one."""
        if isinstance(value, str) and value:
            self.values.setdefault(name, {})[value] = None

    def bootstrapped(self) -> Bootstrapped:
        """All that was noted."""
        return Bootstrapped(**{name: tuple(values) for name, values in self.values.items()})


@dataclass(slots=True)
class Assembly:
    """All stacks of an app, and what is to be told about its assembly."""

    artifacts: list[Artifact] = field(default_factory=list)
    used: Used = field(default_factory=Used)
    findings: list[Finding] = field(default_factory=list)


def read_assembly(folder: Path, files: Files) -> Assembly:
    """The stacks of the assembly in ``folder``; raises ScopedownError where it has no manifest that can be read."""
    found = Assembly()
    waiting: list[Path] = [folder]
    seen: set[Path] = set()
    while waiting:
        current = waiting.pop(0)
        if current in seen or len(seen) >= _MAX_ASSEMBLIES:
            continue
        seen.add(current)
        try:
            inside = list(_one(current, files, found))
        except ScopedownError as error:
            if current == folder:
                raise
            found.findings.append(error.finding("assembly-unread"))
            continue
        waiting[:0] = inside
    return found


def _one(folder: Path, files: Files, found: Assembly) -> Iterator[Path]:
    """Read one manifest; gives the folders of the assemblies inside."""
    path = folder / ASSEMBLY
    name = files.name(path)
    document = files.document(path)
    if document is None:
        raise ScopedownError(f"{name} does not exist", None, "run `cdk synth`")
    artifacts = document.tree.get("artifacts") if isinstance(document.tree, Mapping) else None
    if not isinstance(artifacts, Mapping):
        raise ScopedownError(f"{name} is not the manifest of a cloud assembly", Place(name), "run `cdk synth` again")
    for id, artifact in artifacts.items():
        properties = artifact.get("properties") if isinstance(artifact, Mapping) else None
        if not isinstance(properties, Mapping):
            continue
        kind = artifact.get("type")
        inside = properties.get("directoryName")
        file = properties.get("templateFile")
        if kind == "cdk:cloud-assembly" and isinstance(inside, str):
            if _is_inside(inside):
                yield folder / inside
            else:
                found.findings.append(
                    reported(
                        "assembly-unread assembly", place_of(artifacts, id) or Place(name), id=id, inside=inside[:200]
                    )
                )
        elif kind == "aws:cloudformation:stack":
            if not isinstance(file, str) or not _is_inside(file):
                outside = f"names a template outside of its assembly, {file[:200]}" if isinstance(file, str) else ""
                found.findings.append(
                    reported(
                        "assembly-unread stack",
                        place_of(artifacts, id) or Place(name),
                        id=id,
                        outside=outside or "has no template",
                    )
                )
                continue
            stack_name = properties.get("stackName")
            account, region = _environment(artifact.get("environment"))
            _note_roles(stack_name if isinstance(stack_name, str) and stack_name else id, properties, found.used)
            found.artifacts.append(
                Artifact(
                    stack_name if isinstance(stack_name, str) and stack_name else id,
                    files.name(folder / file),
                    files.name(folder),
                    {**_assets(folder, id, artifacts, files, found), **_legacy_assets(folder, artifact, files, found)},
                    account,
                    region,
                )
            )


def _note_roles(name: str, properties: Mapping[str, Any], used: Used) -> None:
    """The roles of a stack: without a role that deploys it, the caller's own credentials do."""
    used.add(
        "deploy_roles" if properties.get("assumeRoleArn") else "own_stacks", properties.get("assumeRoleArn") or name
    )
    used.add("execution_roles", properties.get("cloudFormationExecutionRoleArn"))
    used.add("lookup_roles", lookup := as_map(properties.get("lookupRole")).get("arn"))
    if properties.get("assumeRoleArn") and not lookup:
        used.add("own_reads", name)


def _note_destinations(entry: Mapping[str, Any], roles: str, used: Used) -> None:
    """Where an asset is published to, and the role that does it."""
    for destination in as_map(entry.get("destinations")).values():
        known = as_map(destination)
        used.add(roles, known.get("assumeRoleArn"))
        used.add("buckets", known.get("bucketName"))
        used.add("repositories", known.get("repositoryName"))


def _legacy_assets(folder: Path, artifact: Mapping[str, Any], files: Files, found: Assembly) -> dict[str, Asset]:
    """The assets of a stack under LegacyStackSynthesizer, whose template has parameters for them. They stand in the
    stack's metadata, and cdk publishes them to the toolkit's bucket as the caller (aws-cdk 2.1148.1)."""
    own = artifact.get("metadata")
    file = artifact.get("additionalMetadataFile")
    if isinstance(file, str) and _is_inside(file):
        try:
            document = files.document(folder / file)
        except ScopedownError as error:
            found.findings.append(error.finding("assembly-unread"))
            document = None
        own = document.tree if document is not None else own
    assets: dict[str, Asset] = {}
    for entries in as_map(own).values():
        for entry in entries if isinstance(entries, list) else ():
            data = as_map(as_map(entry).get("data"))
            path, hash = data.get("path"), data.get("sourceHash")
            if as_map(entry).get("type") != "aws:cdk:asset" or not isinstance(path, str) or "\0" in path:
                continue
            is_image = data.get("packaging") == "container-image"
            found.used.add(*(("repositories", LEGACY_REPOSITORY) if is_image else ("buckets", LEGACY_BUCKET)))
            dockerfile = data.get("file")
            shown = dockerfile if isinstance(dockerfile, str) else "Dockerfile" if is_image else None
            if isinstance(hash, str):
                assets[hash] = Asset(files.name(folder / path), shown)
    return assets


def _is_inside(path: str) -> bool:
    return not posixpath.isabs(path) and ".." not in path.split("/") and "\0" not in path


def _environment(written: Any) -> tuple[str | None, str | None]:
    """The account and the region of ``aws://ACCOUNT/REGION``, where they are known."""
    match = _ENVIRONMENT.fullmatch(written) if isinstance(written, str) else None
    account, region = match.groups() if match else ("", "")
    return (
        account if account and account != "unknown-account" else None,
        region if region and region != "unknown-region" else None,
    )


def _assets(folder: Path, id: str, artifacts: Mapping[str, Any], files: Files, found: Assembly) -> dict[str, Asset]:
    """The assets of a stack, from the asset manifests that it depends on."""
    artifact = artifacts[id]
    needed = artifact.get("dependencies")
    assets: dict[str, Asset] = {}
    for name in needed if isinstance(needed, list) else []:
        other = artifacts.get(name) if isinstance(name, str) else None
        if not isinstance(other, Mapping) or other.get("type") != "cdk:asset-manifest":
            continue
        properties = other.get("properties")
        file = properties.get("file") if isinstance(properties, Mapping) else None
        if not isinstance(file, str) or not _is_inside(file):
            continue
        try:
            document = files.document(folder / file)
        except ScopedownError as error:
            found.findings.append(error.finding("assembly-unread"))
            continue
        tree = document.tree if document is not None and isinstance(document.tree, Mapping) else {}
        for kind, key, roles in (("files", "path", "file_roles"), ("dockerImages", "directory", "image_roles")):
            entries = tree.get(kind)
            for hash, entry in entries.items() if isinstance(entries, Mapping) else ():
                _note_destinations(as_map(entry), roles, found.used)
                source = entry.get("source") if isinstance(entry, Mapping) else None
                local = source.get(key) if isinstance(source, Mapping) else None
                if isinstance(source, Mapping) and isinstance(local, str) and "\0" not in local:
                    dockerfile = source.get("dockerFile")
                    assets[hash] = Asset(
                        files.name(folder / local), dockerfile if isinstance(dockerfile, str) else None
                    )
    return assets
