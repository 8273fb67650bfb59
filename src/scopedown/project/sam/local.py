"""What a SAM template names that is local: code, layers, state machines, API definitions, nested applications.

``sam package`` uploads these and writes S3 locations in their place, which is the form that the translator accepts.
Here a placeholder goes in instead, before the translation (:meth:`LocalFiles.prepare`), and comes out again after it
(:meth:`LocalFiles.restore`): code becomes an entry of ``code`` (logical id → folder or file), a definition the
document that the file holds, and a place in S3 that nobody knows yet an unknown text.

Which properties may be local: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/
sam-cli-command-reference-sam-package.html, and what an absent CodeUri means: sam-resource-function.html there.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Param, Part, Text, Unknown
from scopedown.documents.document import Files
from scopedown.documents.nodes import MapNode, value_place
from scopedown.project.code.handlers import Sources, find
from scopedown.project.code.locate import ARCHIVES
from scopedown.project.findings import reported
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.sam.placed import start_of

BUCKET: Final = "scopedown-packaged"
"""The placeholder's bucket: a name that S3 would accept, for the translator checks the form."""
_DEFINITIONS: Final = {
    "AWS::Serverless::StateMachine": "DefinitionUri",
    "AWS::Serverless::Api": "DefinitionUri",
    "AWS::Serverless::HttpApi": "DefinitionUri",
}
_PACKAGED_TYPES: Final = ("AWS::Serverless::WebFunction", "AWS::Serverless::MicrovmImage")
_PACKAGED: Final = "its value is known when the application is packaged"


@dataclass(slots=True)
class LocalFiles:
    """The local files of one template. ``folder`` is the template's, relative to the project's folder ("" for it)."""

    files: Files
    folder: str
    scope: Scope
    parameters: Mapping[str, Any]
    built: Mapping[str, str] = field(default_factory=dict)
    """Source folders by logical id, where the template is one that ``sam build`` made."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """``Metadata`` of each resource, by its logical id."""
    places: Mapping[str, Place] = field(default_factory=dict)
    """Where each resource stands: the place of what has none of its own."""
    code: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)
    """SAM resources whose code is told to be somewhere else, or missing."""
    _placed: set[str] = field(default_factory=set)
    _definitions: dict[str, MapNode] = field(default_factory=dict)

    def prepare(self, id: str, kind: str, properties: dict[str, Any]) -> None:
        """Put placeholders into a SAM resource's properties."""
        self._placed.add(id)
        if kind == "AWS::Serverless::Function":
            self._function(id, properties)
        elif kind in _PACKAGED_TYPES and "CodeUri" in properties:
            self._packaged(id, properties, "CodeUri")
        elif kind == "AWS::Serverless::LayerVersion":
            self._packaged(id, properties, "ContentUri")
        elif kind == "AWS::Serverless::Application":
            self._application(id, properties)
        elif kind in _DEFINITIONS and _DEFINITIONS[kind] in properties:
            self._definition(id, properties, _DEFINITIONS[kind])

    def report(self, name: str, at: Place | None, /, id: str, **values: object) -> None:
        """Note a finding of ``findings.tsv`` about a resource, once."""
        finding = reported(name, at or self.places.get(id), id=id, **values)
        if finding not in self.findings:
            self.findings.append(finding)

    def _function(self, id: str, properties: dict[str, Any]) -> None:
        if properties.get("PackageType") == "Image":
            self._image(id, properties)
        elif properties.get("InlineCode") is not None:
            if "CodeUri" in properties:
                self.report("sam-code-twice", start_of(properties["CodeUri"]), id=id)
                del properties["CodeUri"]
        else:
            self._packaged(id, properties, "CodeUri")

    def _image(self, id: str, properties: dict[str, Any]) -> None:
        metadata = self.metadata.get(id)
        uri = properties.get("ImageUri")
        named = self.literal(uri) if uri is not None else None
        if isinstance(metadata, Mapping) and (context := self.literal(metadata.get("DockerContext"))) is not None:
            self.code[id] = self.built.get(id) or self._inside(context)
        elif named in ("", ".") or (named or "").startswith(("./", "../")):
            # The tools of .NET build the image of this folder (https://github.com/aws/aws-extensions-for-dotnet-cli).
            folder = self._inside(named or ".")
            if (self.files.root / folder / "Dockerfile").is_file():
                self.code[id] = folder
        if uri is None or named is None or ":" not in named:
            properties["ImageUri"] = f"{BUCKET}:{id}"

    def _packaged(self, id: str, properties: dict[str, Any], key: str) -> None:
        """Code or a layer: a local folder or file, an archive, or a place in S3."""
        written = properties.get(key)
        if written is None:
            written = "."  # as sam build takes it
        if isinstance(written, dict) and not _is_intrinsic(written):
            return  # {Bucket, Key}: as CloudFormation takes it
        at = start_of(properties.get(key))
        text = self.literal(written)
        if text is None:
            self._elsewhere(id, f"at {to_text(written, self.scope)}, a location set by parameters", at)
        elif "://" in text:
            if text.startswith("s3://"):
                return
            self._elsewhere(id, f"at {text}", at)
        else:
            self._local(id, text, properties, at)
        properties[key] = f"s3://{BUCKET}/{id}"

    def _local(self, id: str, text: str, properties: Mapping[str, Any], at: Place | None) -> None:
        folder = self.built.get(id) or self._inside(text)
        path = self.files.root / folder
        try:
            exists, is_file = path.exists(), path.is_file()
        except (OSError, ValueError):
            exists = is_file = False
        if text.lower().endswith(ARCHIVES) and (is_file or not exists):
            self._archive(id, text, posixpath.dirname(folder), properties, at)
            return
        if not exists:
            self.elsewhere.add(id)
            self.report("sam-code-missing", at, id=id, path=text)
        self.code[id] = _entry_folder(folder, self.metadata.get(id))

    def _archive(self, id: str, text: str, folder: str, properties: Mapping[str, Any], at: Place | None) -> None:
        """What is in an archive is found when the function is read; the source of its handler may stand beside it."""
        handler, runtime = (self.literal(properties.get(name)) for name in ("Handler", "Runtime"))
        found = find(Sources(self.files.root), handler, runtime, folder, anywhere=False) if handler else None
        if found is None or found.file is None:
            self.code[id] = self._inside(text)
            return
        self.code[id] = folder or "."
        self.report("sam-code-archive", at, id=id, archive=text, file=found.file)

    def _elsewhere(self, id: str, what: str, at: Place | None) -> None:
        self.elsewhere.add(id)
        self.report("sam-code-elsewhere", at, id=id, what=what)

    def _application(self, id: str, properties: dict[str, Any]) -> None:
        location = properties.get("Location")
        if isinstance(location, dict) and "ApplicationId" in location:
            properties["TemplateUrl"] = f"s3://{BUCKET}/{id}"
            application = to_text(location["ApplicationId"], self.scope)
            self.report("sam-application-repository", start_of(location), id=id, application=application)
        elif location is not None:
            # What the translator's own plugin does with a local template: it becomes the nested stack's.
            properties["TemplateUrl"] = location

    def _definition(self, id: str, properties: dict[str, Any], key: str) -> None:
        text = self.literal(properties[key]) if not _is_s3(properties[key]) else None
        at = start_of(properties[key])
        if text is None or "://" in text:
            if not _is_s3(properties[key]) and not (text or "").startswith("s3://"):
                properties[key] = f"s3://{BUCKET}/{id}"
            self.report("sam-definition-elsewhere", at, id=id)
            return
        properties[key] = f"s3://{BUCKET}/{id}"
        name = self._inside(text)
        try:
            document = self.files.document(self.files.root / name, template=True)
        except ScopedownError as error:
            self.findings.append(replace(error.finding("sam-definition-broken"), place=error.place or at))
            return
        if document is None:
            self.report("sam-definition-missing", at, id=id, path=text)
        elif isinstance(document.tree, MapNode):
            self._definitions[id] = document.tree

    def literal(self, value: Any) -> str | None:
        """A value as text, parameters replaced by their values; None where that is not known."""
        if value is None:
            return None
        text = to_text(value, self.scope)

        def fill(part: Part) -> str | Part:
            if isinstance(part, Param) and isinstance(given := self.parameters.get(part.name), str | int | float):
                return str(given)
            return part

        return text.replace(fill).literal

    def _inside(self, path: str) -> str:
        """A path of the template, relative to the project's folder."""
        if Path(path).is_absolute():
            return self.files.name(Path(path))
        return posixpath.normpath(posixpath.join(self.folder, path.replace("\\", "/")))

    # After the translation

    def restore(self, resources: MapNode, origins: Mapping[str, str]) -> dict[str, str]:
        """Take the placeholders out of the translated resources; answers ``code`` by their logical ids."""
        code: dict[str, str] = {}
        for id, resource in resources.items():
            properties = resource.get("Properties") if isinstance(resource, MapNode) else None
            if not isinstance(properties, MapNode):
                continue
            origin = origins.get(id, id)
            kind = resource.get("Type")
            if kind in ("AWS::Lambda::Function", "AWS::Lambda::LayerVersion") and origin in self.code:
                code[id] = self.code[origin]
            for key, instead in (("DefinitionS3Location", "Definition"), ("BodyS3Location", "Body")):
                location = properties.get(key)
                if isinstance(location, MapNode) and location.get("Bucket") == BUCKET:
                    self._put(properties, key, instead, self._definitions.get(origin))
            if origin in self._placed:
                _forget(properties)
        return code

    def _put(self, properties: MapNode, key: str, instead: str, tree: MapNode | None) -> None:
        at = properties.keys_at.get(key, properties.place)
        del properties[key]
        properties[instead] = tree if tree is not None else Text.unknown("scopedown did not read its definition", at)
        properties.keys_at[instead] = at
        properties.values_at[instead] = tree.place if tree is not None else at


def _forget(node: Any) -> None:
    """Make unknown what came of a placeholder, wherever it went: a bucket and the key beside it, a whole location, an
    ARN in a statement."""
    for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
        if isinstance(value, dict | list):
            _forget(value)
        elif isinstance(value, str) and BUCKET in value:
            at = value_place(node, key)
            node[key] = _without_placeholder(value, at)
            beside = str(key).replace("Bucket", "Key")
            if isinstance(node, MapNode) and beside != key and beside in node:
                node[beside] = Text.unknown(_PACKAGED, value_place(node, beside))


def _without_placeholder(value: str, at: Place | None) -> Text:
    if value.startswith((BUCKET, f"s3://{BUCKET}")):
        return Text.unknown(_PACKAGED, at)
    first, *rest = value.split(BUCKET)
    parts: list[str | Part] = [first]
    for piece in rest:
        parts += [Unknown(_PACKAGED, at), piece]
    return Text.of(*parts)


def _entry_folder(folder: str, metadata: Any) -> str:
    """Where the source of a built handler stands: esbuild writes its output relative to its entry points' folder."""
    if not isinstance(metadata, Mapping) or metadata.get("BuildMethod") != "esbuild":
        return folder
    options = metadata.get("BuildProperties")
    points = options.get("EntryPoints") if isinstance(options, Mapping) else None
    if not isinstance(points, list) or not points or not all(isinstance(point, str) for point in points):
        return folder
    folders = [posixpath.dirname(posixpath.normpath(point.lstrip("/"))) or "." for point in points]
    return posixpath.normpath(posixpath.join(folder, posixpath.commonpath(folders)))


def _is_intrinsic(value: dict[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::"))


def _is_s3(value: Any) -> bool:
    return isinstance(value, dict) and not _is_intrinsic(value)
