"""The code that a stack's functions were deployed with: what the framework put into the local AWS's bucket.

In: a deployed stack, a client of S3. Out: for each function its package and those of its layers, as files. So a
function of a project of SAM or CDK runs as it was built, whatever built it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scopedown.documents.nodes import as_map
from scopedown.guard.cloudformation.template import Made
from scopedown.project.model import Function
from scopedown.prove.deployed import Deployed
from scopedown.prove.functions.code import Package

FUNCTION, LAYER = "AWS::Lambda::Function", "AWS::Lambda::LayerVersion"


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The packages of one deployed stack. ``s3`` is an administrator's client."""

    deployed: Deployed
    s3: Any

    def of(self, function: Function, into: Path) -> Package | str:
        """A function's package; a sentence where there is none."""
        made = self.deployed.made.get(function.logical_id)
        if made is None or made.type != FUNCTION:
            return "it is not in the deployed stack"
        code = as_map(made.properties.get("Code"))
        archive: Path | str | None
        if isinstance(inline := code.get("ZipFile"), str):
            archive = inline
        elif (archive := self._fetched(code, into)) is None:
            return (
                "its code is a container image, which prove does not build"
                if "ImageUri" in code
                else "its code is not in the local AWS"
            )
        layers = tuple(path for layer in self._layers(made) if (path := self._fetched(layer, into)) is not None)
        return Package(archive, str(made.properties.get("Handler", "")), layers)

    def _layers(self, function: Made) -> Iterator[Mapping[str, Any]]:
        """Where the contents of a function's layers are, of those that the stack makes."""
        used = function.properties.get("Layers")
        for arn in used if isinstance(used, list) else []:
            for made in self.deployed.made.values():
                if made.type == LAYER and made.physical == arn:
                    yield as_map(made.properties.get("Content"))

    def _fetched(self, place: Mapping[str, Any], into: Path) -> Path | None:
        """An object of the bucket as a file; None where it is not there."""
        bucket, key = place.get("S3Bucket"), place.get("S3Key")
        if not isinstance(bucket, str) or not isinstance(key, str):
            return None
        file = into / f"{abs(hash((bucket, key))):x}.zip"
        if not file.exists():
            try:
                body = self.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
            except self.s3.exceptions.ClientError:
                return None
            file.write_bytes(body)
        return file
