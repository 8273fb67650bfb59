"""A cloud assembly as the tests write it: stacks with their templates and assets, in the layout of ``cdk synth``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from scopedown.documents.document import Files
from scopedown.project.cdk.read import read_cdk
from scopedown.project.model import Project
from scopedown.project.options import Options


class App:
    """An app under ``root``; every call of ``stack`` adds to the manifest of an assembly's folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("cdk.json", {"app": "npx ts-node app.ts"})

    def write(self, name: str, content: Any) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1))

    def add(self, artifacts: Mapping[str, Any], folder: str = "cdk.out") -> None:
        path = self.root / folder / "manifest.json"
        manifest = json.loads(path.read_text()) if path.exists() else {"version": "48.0.0", "artifacts": {}}
        manifest["artifacts"].update(artifacts)
        self.write(f"{folder}/manifest.json", manifest)

    def stack(
        self,
        id: str,
        resources: Mapping[str, Any],
        files: Mapping[str, str] | None = None,
        images: Mapping[str, Any] | None = None,
        environment: str = "aws://unknown-account/unknown-region",
        folder: str = "cdk.out",
        name: str | None = None,
        **sections: Any,
    ) -> None:
        """Add a stack; ``files`` are the paths of file assets by their hash, as its asset manifest says them."""
        self.write(f"{folder}/{id}.template.json", {"Resources": resources, **sections})
        assets = {
            "version": "48.0.0",
            "files": {hash: {"source": {"path": path, "packaging": "zip"}} for hash, path in (files or {}).items()},
            "dockerImages": {hash: {"source": source} for hash, source in (images or {}).items()},
        }
        self.write(f"{folder}/{id}.assets.json", assets)
        properties = {"templateFile": f"{id}.template.json", **({"stackName": name} if name else {})}
        self.add(
            {
                f"{id}.assets": {"type": "cdk:asset-manifest", "properties": {"file": f"{id}.assets.json"}},
                id: {
                    "type": "aws:cloudformation:stack", "environment": environment, "properties": properties,
                    "dependencies": [f"{id}.assets"],
                },
            },
            folder,
        )  # fmt: skip

    def read(self, **options: Any) -> Project:
        return read_cdk(self.root, Files(self.root), Options(**options))


@pytest.fixture
def app(tmp_path: Path) -> App:
    return App(tmp_path)
