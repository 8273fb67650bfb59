"""Read a CDK app from the cloud assembly that ``cdk synth`` wrote; the app itself is a program and is never run.

In: the app's folder, with its ``cdk.out``. Out: a :class:`~scopedown.project.model.Project` of all its stacks, those of
stages and nested stacks included. Where the app has more than one stack, logical ids begin with their stack's name
(``Storage/Table``), and what one stack imports of another is its value. What CDK adds for its own work is under
``Project.generated``, and its functions are none of the project's.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.core.project_names import CDK_NAME
from scopedown.documents.document import Files
from scopedown.documents.nodes import MapNode, place_of
from scopedown.project.cdk.assembly import Artifact, Asset, read_assembly
from scopedown.project.cdk.constructs import by_construct, construct_path, is_own, with_constructs
from scopedown.project.cdk.sources import Originals, Source
from scopedown.project.cloudformation.choose import Budget
from scopedown.project.cloudformation.nested import joined
from scopedown.project.cloudformation.read import project_of_flat
from scopedown.project.cloudformation.stack import FUNCTION, Template
from scopedown.project.code.handlers import Sources
from scopedown.project.code.locate import ARCHIVES
from scopedown.project.discovery import ASSEMBLY
from scopedown.project.findings import reported
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import Project
from scopedown.project.options import Options
from scopedown.source.repository_tree import CDK_OUTPUT

_LEVELS: Final = 4
"""How far above its output an app is looked for."""
LAYER: Final = "AWS::Lambda::LayerVersion"
_PACKAGED: Final = {FUNCTION: "Code", LAYER: "Content"}


def read_cdk(folder: Path, files: Files, options: Options, assembly: Path | None = None) -> Project:
    """The project of the CDK app in ``folder`` (or of the assembly that it is itself).

    ``files.root`` is what places are relative to; where ``folder`` is the assembly of an app around it, the app's
    folder takes its place, since the sources are there. ``assembly`` is the app's, where it was synthesized somewhere
    else. Raises ScopedownError where nothing was synthesized yet, or where what was is not readable.
    """
    app = app_of(folder)
    if app is not None:
        folder = app
        files = files if files.root in app.parents or files.root == app else Files(app)
    output = assembly or output_of(folder, files)
    config = files.name(folder / CDK_NAME)
    if not (output / ASSEMBLY).is_file():
        raise ScopedownError(
            f"the CDK app of {config} is not synthesized: {files.name(output)} has no {ASSEMBLY}", Place(config),
            "run `cdk synth`, then run this command again; or add --run-framework, which runs it",
        )  # fmt: skip
    stacks_of = read_assembly(output, files)
    if not stacks_of.artifacts:
        manifest = files.name(output / ASSEMBLY)
        why = stacks_of.findings[0] if stacks_of.findings else None
        raise ScopedownError(
            f"{manifest} lists no stack{f' that scopedown can read: {why.message}' if why else ''}",
            (why.place if why else None) or Place(manifest), "run `cdk synth`",
        )  # fmt: skip
    reader = _Reader(files, Originals(files.root, files.name(output), Sources(files.root)))
    names = Counter(artifact.name for artifact in stacks_of.artifacts)
    several = len(stacks_of.artifacts) > 1
    stacks: list[tuple[str, Template, Mapping[str, Any]]] = []
    region_of: dict[str, str] = {}
    findings = list(stacks_of.findings)
    environments = {(artifact.account, artifact.region) for artifact in stacks_of.artifacts}
    for artifact in stacks_of.artifacts:
        try:
            template = reader.template(artifact, artifact.template)
        except ScopedownError as error:
            findings.append(error.finding("assembly-unread"))
            continue
        name = artifact.name
        if names[name] > 1:
            name = posixpath.basename(artifact.template).removesuffix(".template.json")
        if artifact.region:
            region_of[name] = artifact.region
        stacks.append((f"{name}/" if several else "", template, _pseudo(artifact, several, len(environments) > 1)))
    if not stacks:
        raise ScopedownError(
            f"scopedown cannot read any template of the CDK app of {config}: {findings[-1].message}",
            Place(config),
            "run `cdk synth`",
        )
    accounts, regions = ({environment[index] for environment in environments} for index in (0, 1))
    budget = Budget(Place(files.name(output / ASSEMBLY)))
    template = joined(stacks, reader.load, budget)
    service = stacks_of.artifacts[0].name if not several else (folder.resolve().name or "cdk")
    named = Template(
        tree=template.tree,
        file=files.name(output / ASSEMBLY),
        framework="cdk",
        service=service,
        written=template.written,
        code=template.code,
        entries=template.entries,
        findings=(*findings, *template.findings),
        tooling=template.tooling,
        elsewhere=template.elsewhere,
        region=next(iter(regions)) if len(regions) == 1 else None,
        account=next(iter(accounts)) if len(accounts) == 1 else None,
    )
    project = project_of_flat(named, files, options, budget)
    found = with_constructs(project.findings, project.deployed)
    used = stacks_of.used.bootstrapped()
    project = replace(project, findings=found, functions=by_construct(project), bootstrapped=used)
    if len(regions) > 1:
        elsewhere = options.region is None and None not in regions
        region = next(iter(region_of.values())) if elsewhere else project.region
        project = replace(project, region=region, stack_regions=region_of)
    return project


def app_of(assembly: Path) -> Path | None:
    """The app's folder around an assembly: a folder above whose cdk.json writes there."""
    if (assembly / CDK_NAME).is_file() or not (assembly / ASSEMBLY).is_file():
        return None
    for folder in [*assembly.resolve().parents][:_LEVELS]:
        if (folder / CDK_NAME).is_file():
            try:
                written = output_of(folder, Files(folder))
            except ScopedownError:
                return None
            return folder if written.resolve() == assembly.resolve() else None
    return None


def output_of(folder: Path, files: Files) -> Path:
    """The assembly's folder: the folder itself, what cdk.json says, or ``cdk.out``."""
    if (folder / ASSEMBLY).is_file() and not (folder / CDK_NAME).is_file():
        return folder
    document = files.document(folder / CDK_NAME)
    written = document.tree.get("output") if document is not None and isinstance(document.tree, Mapping) else None
    return folder / written if isinstance(written, str) and written and "\0" not in written else folder / CDK_OUTPUT


def _pseudo(artifact: Artifact, several: bool, differing: bool) -> dict[str, Any]:
    """What pseudo parameters are in a stack, where stacks differ in them."""
    values: dict[str, Any] = {"AWS::StackName": artifact.name} if several else {}
    if differing:
        known = {"AWS::AccountId": artifact.account, "AWS::Region": artifact.region}
        values |= {name: value for name, value in known.items() if value}
    return values


def _is_image(resource: Mapping[str, Any]) -> bool:
    properties = resource.get("Properties")
    code = properties.get("Code") if isinstance(properties, Mapping) else None
    return isinstance(code, Mapping) and "ImageUri" in code


def _staged(id: str, asset: Asset, place: Place) -> Finding:
    return reported("source-not-found", place, id=id, path=asset.path)


class _Reader:
    """Reads the templates of an assembly, and finds what each function's code was staged from."""

    def __init__(self, files: Files, originals: Originals) -> None:
        self.files = files
        self.originals = originals
        self._artifacts: dict[str, Artifact] = {}

    def template(self, artifact: Artifact, file: str) -> Template:
        """One template of a stack, its own or that of a stack that it nests."""
        document = self.files.document(self.files.root / file)
        if document is None:
            raise ScopedownError(f"{file} does not exist", None, "run `cdk synth` again")
        tree = document.tree
        if not isinstance(tree, MapNode):
            raise ScopedownError(f"{file} is not a template", Place(file), "run `cdk synth` again")
        self._artifacts[file] = artifact
        code: dict[str, str] = {}
        entries: dict[str, str] = {}
        own: set[str] = set()
        missing: set[str] = set()
        findings: list[Finding] = []
        resources = tree.get("Resources")
        if not isinstance(resources, MapNode):
            if resources is None:  # a stack of outputs only, or an empty one
                tree["Resources"] = resources = MapNode(None, Place(file))
            else:
                raise ScopedownError(f"the Resources of {file} are not a mapping", Place(file), "run `cdk synth` again")
        for id, resource in resources.items():
            if not isinstance(resource, Mapping):
                continue
            if is_own(id, resource):
                own.add(id)
            asset = self._asset(artifact, resource)
            if asset is None:
                continue
            code[id] = asset.path
            if not asset.path.endswith(ARCHIVES) and not (self.files.root / asset.path).exists():
                missing.add(id)
                findings.append(
                    reported("asset-missing", place_of(resources, id) or Place(file), id=id, path=asset.path)
                )
                continue
            if resource.get("Type") == LAYER or _is_image(resource):
                code[id] = self.originals.folder_of(asset.path)
            elif id not in own:
                source = self._source(resource, asset)
                code[id] = source.folder
                if source.entry is not None:
                    entries[id] = source.entry
                if source.is_staged:
                    findings.append(_staged(id, asset, place_of(resources, id) or Place(file)))
        return Template(
            tree, file, "cdk", artifact.name, written=frozenset(resources) - own, code=code, entries=entries,
            tooling=frozenset(own), elsewhere=frozenset(missing), findings=tuple(findings),
        )  # fmt: skip

    def _source(self, resource: Mapping[str, Any], asset: Asset) -> Source:
        """What a function's asset was staged from."""
        properties = resource.get("Properties")
        handler = properties.get("Handler") if isinstance(properties, Mapping) else None
        runtime = properties.get("Runtime") if isinstance(properties, Mapping) else None
        if not isinstance(handler, str):
            return Source(asset.path)
        runtime = runtime if isinstance(runtime, str) else None
        return self.originals.source_of(asset.path, handler, runtime, construct_path(resource))

    def _asset(self, artifact: Artifact, resource: Mapping[str, Any]) -> Asset | None:
        """The asset of a function or a layer: by the hash in its key, else by its metadata."""
        key = _PACKAGED.get(resource.get("Type") or "") if isinstance(resource.get("Type"), str) else None
        properties = resource.get("Properties")
        if key is None or not isinstance(properties, Mapping):
            return None
        code = properties.get(key)
        if not isinstance(code, Mapping) or "ZipFile" in code:
            return None
        for name in ("S3Key", "ImageUri"):
            if code.get(name) is not None and (found := artifact.asset(str(to_text(code[name], Scope())))) is not None:
                return found
        metadata = resource.get("Metadata")
        path = metadata.get("aws:asset:path") if isinstance(metadata, Mapping) else None
        if not isinstance(path, str) or "\0" in path:
            return None
        dockerfile = metadata.get("aws:asset:dockerfile-path") if isinstance(metadata, Mapping) else None
        local = posixpath.normpath(posixpath.join(artifact.folder, path))
        return Asset(local, dockerfile if isinstance(dockerfile, str) else None)

    def load(self, stack: Mapping[str, Any], parent: str) -> Template | None:
        """The template of a nested stack, which is an asset too."""
        artifact = self._artifacts.get(parent)
        properties, metadata = stack.get("Properties"), stack.get("Metadata")
        if artifact is None or not isinstance(properties, Mapping):
            return None
        path = metadata.get("aws:asset:path") if isinstance(metadata, Mapping) else None
        if isinstance(path, str):
            return self.template(artifact, posixpath.normpath(posixpath.join(artifact.folder, path)))
        url = properties.get("TemplateURL")
        asset = artifact.asset(str(to_text(url, Scope()))) if url is not None else None
        return None if asset is None else self.template(artifact, asset.path)
