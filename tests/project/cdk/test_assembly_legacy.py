"""Assets of a stack under LegacyStackSynthesizer are in its metadata, not in a manifest of assets."""

from __future__ import annotations

import json
from pathlib import Path

from scopedown.documents.document import Files
from scopedown.project.cdk.assembly import LEGACY_BUCKET, LEGACY_REPOSITORY, read_assembly

CODE, IMAGE = "a" * 64, "b" * 64


def test_the_assets_of_a_legacy_stack_are_read_with_the_bucket_of_the_toolkit(tmp_path: Path) -> None:
    metadata = {"/shop": [
        {"type": "aws:cdk:asset", "data": {"path": f"asset.{CODE}", "sourceHash": CODE, "packaging": "zip"}},
        {"type": "aws:cdk:asset", "data": {"path": f"asset.{IMAGE}", "sourceHash": IMAGE,
                                           "packaging": "container-image"}},
        {"type": "aws:cdk:asset", "data": {"path": 3}}, {"type": "aws:cdk:logicalId", "data": "Keep"}, None,
    ]}  # fmt: skip
    (tmp_path / "shop.metadata.json").write_text(json.dumps(metadata))
    stack = {
        "type": "aws:cloudformation:stack", "properties": {"templateFile": "shop.template.json"},
        "additionalMetadataFile": "shop.metadata.json",
    }  # fmt: skip
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": {"shop": stack}}))
    found = read_assembly(tmp_path, Files(tmp_path))
    (artifact,) = found.artifacts
    assert {hash: (one.path, one.dockerfile) for hash, one in artifact.assets.items()} == {
        CODE: (f"asset.{CODE}", None), IMAGE: (f"asset.{IMAGE}", "Dockerfile"),
    }  # fmt: skip
    assert artifact.asset(f"AssetParameters{CODE}S3BucketE970938F") == artifact.assets[CODE]
    used = found.used.bootstrapped()
    assert (used.buckets, used.repositories, used.own_stacks) == ((LEGACY_BUCKET,), (LEGACY_REPOSITORY,), ("shop",))
